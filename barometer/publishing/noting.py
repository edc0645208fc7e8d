"""What has changed since the release before, as a note for readers: by labels, in the language of
the reports.
"""

import re

from barometer.data.domains import name_part
from barometer.data.registry import RegistryError
from barometer.exports.cells import read_shown
from barometer.languages.numerals import count_decimals
from barometer.languages.speaking import N_, SOURCE, _, speak
from barometer.marks import CONFIDENTIAL, UNRELIABLE, explain_marks
from barometer.report.numbers import describe_writing
from barometer.text import NBSP

SLIGHT = 1e-9  # what two sums of one number may differ by
SHOWN, STATES = "shown", {"uncertain": UNRELIABLE, "suppressed": CONFIDENTIAL}
NUMBER_SHOWN = N_("vist")  # of a cell of which the number itself was not kept
COUNTED = N_("Antal svar")
SUM = " + "  # between the answers that a sum is of


def describe_changes(earlier, cells, registry):
    """What has changed of the cells since a release, as Markdown. `earlier`: the `Release` before,
    or None; `cells`: {(item, group, domain): `Seen`} of now, written as in Danish; `registry`: in
    the language that is spoken.
    """
    if earlier is None:
        return f"# {_('Ændringer')}\n\n{_('Det er den første udgivelse.')}\n"
    old = earlier.cells
    name = {cell: _name(cell, registry) for cell in {*cells, *old}}
    changed = [one for one in {*cells} & {*old} if _is_other(old[one], cells[one])]
    added, removed = {*cells} - {*old}, {*old} - {*cells}
    parts = {
        _("Nye tal"): [f"{name[one]}: {_show(cells[one])}" for one in added],
        _("Ændrede tal"): [
            _("{cell}: {old} er nu {new}").format(
                cell=name[one], old=_show(old[one]), new=_show(cells[one])
            )
            for one in changed
        ],
        _("Tal, der ikke er med mere"): [name[one] for one in removed],
    }
    since = _("Ændringer siden {name} ({day})").format(name=earlier.name, day=earlier.published)
    lines = [f"# {since}", ""]
    for title, found in parts.items():
        lines += [f"## {title}: {len(found)}", "", *(f"* {one}" for one in sorted(found)), ""]
    marks = explain_marks(lines)
    return "\n".join([*lines, *([marks, ""] if marks else [])])


def _is_other(old, new):
    """Whether a cell shows something else: "67 pct." and "66,9 %" are one number in two forms."""
    if old.status != new.status:
        return True
    pairs = [(getattr(old, name), getattr(new, name)) for name in ("n", "shown", "low", "high")]
    # what one of the two lacks has not changed
    with speak(SOURCE):
        return any(a and b and not _is_alike(a, b) for a, b in pairs)


def _is_alike(first, second):
    """Whether two texts show one number, as far as both have decimals."""
    numbers = [read_shown(text.replace(" ", NBSP)) for text in (first, second)]
    if None in numbers:
        return first == second
    few, many = sorted(map(count_decimals, (first, second)))
    apart = abs(numbers[0] - numbers[1])
    return apart == 0 if few == many else apart <= 0.5 * 10**-few + SLIGHT


def _name(cell, registry):
    """What a cell is on: the question and the answer, the group unless it is all, the part."""
    item, group, domain = cell
    named = [_(COUNTED) if item == "all" else _label_item(item, registry)]
    named += [_label(group, registry)] if group != "all" else []
    try:
        return " / ".join([*named, name_part(registry, domain)])
    except KeyError:  # a part that the registry has no longer
        return " / ".join([*named, domain])


def _label_item(item, registry):
    """The labels of an item, after the text of its question."""
    labels = SUM.join(_label(one, registry) for one in item.split(SUM))
    try:
        question = registry.questions.get(registry.find_question(item.partition(SUM)[0]))
    except (RegistryError, KeyError):
        question = None
    return f"{question.text} {labels}" if question else labels


def _label(name, registry):
    """A variable's label; its name where the registry has it no longer."""
    try:
        return registry.label(name)
    except (RegistryError, KeyError):
        return name


def _show(seen):
    shown = _write(seen.shown) or _(NUMBER_SHOWN)
    n = f", n{NBSP}={NBSP}{_write(seen.n)}" if seen.n else ""
    return f"{shown if seen.status == SHOWN else STATES[seen.status]}{n}"


def _write(text):
    """A number as Danish reports write it, in the language that is spoken."""
    writing = describe_writing()
    for word, danish in sorted(writing["words"].items(), key=lambda pair: -len(pair[1])):
        text = text.replace(danish.replace(NBSP, " "), word)
    signs = {",": writing["decimal"], ".": writing["thousands"]}
    return re.sub(r"(?<=\d)[.,](?=\d)", lambda found: signs[found[0]], text)
