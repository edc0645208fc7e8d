"""A look as JupyterLab shows it: for whoever is at the bench, and in no report."""

from html import escape

from barometer.exhibits import draw_table
from barometer.exploring.choosing import MEASURES
from barometer.languages.speaking import N_, _
from barometer.marks import MARKS
from barometer.sentences.evidence import MEAN_VERDICTS, VERDICTS
from barometer.statistics.estimates import CONFIDENCE
from barometer.text import Number, name_measure, say, write_number

GREY = 'style="opacity:0.75;font-size:0.9em;margin:0.3em 0"'  # on a light and a dark theme
NAMES = N_({"sentence": "Sætning", "figure": "Figur", "table": "Tabel"})
CLOSED = N_({"closed": "vises ikke", "uncertain": "for usikkert", "untested": "ikke testet"})
REMARKS = N_(
    {
        "many": "Vælg en række for at få prøvet, om grupperne er forskellige.",
        "overlap": "Grupperne overlapper, så de er ikke prøvet mod hinanden.",
    }
)
PLANNED = N_("Tallene er i planen: Linjerne kan stå i et kapitel, som de er.")
BESIDE = N_(
    "Kun til skærmen: Sæt linjerne i et kapitel, og forsegl (python -m barometer seal), "
    "før en rapport viser tallene."
)
NEVER = N_("Det, der ses her, kommer ikke i nogen rapport.")
KEPT = "user-select:all;-webkit-user-select:all"  # one click takes all lines


def show_look(look):
    """All of a look as HTML: what was asked of whom, how sure it is, sentence, figure, table,
    tests.
    """
    parts = [_head(look)]
    if look.sentence is not None:
        parts.append(f"<p>{escape(str(look.sentence))}</p>")
    for shown in (look.seen_figure, look.table):
        if shown is not None:
            parts.append(shown._repr_mimebundle_()["text/html"])
    return "\n".join([*parts, _show_tests(look)])


def _head(look):
    about = look.answer.tables[0].about
    groups = look.call.groups
    where = next(iter(groups.values())) if len(groups) == 1 else about.part_label
    facts = [about.base_text, where, _(MEASURES[look.choice.measure]), *describe_sureness(look)]
    if look.choice.part:
        first, *others = map(look.survey.label, look.choice.part)
        facts[1] = ", ".join([first, *map(about.inside, others)])
    remarks = [_(REMARKS[look.call.remark])] if look.call.remark else []
    remarks += [_(PLANNED if look.is_planned else BESIDE), _(NEVER)]
    lines = [" · ".join(map(str, filter(None, facts))), " ".join(remarks)]
    head = f"<h3 style='margin:0.3em 0'>{escape(look.heading)}</h3>"
    return head + "".join(f"<p {GREY}>{escape(line)}</p>" for line in lines)


def describe_sureness(look):
    """How many answers it rests on, how far from it the truth may be, what is not shown."""
    found = []
    if look.counts:
        ends = dict.fromkeys(write_number(n, "count") for n in look.counts)
        found.append(f"n = {'–'.join(ends)}")
    if look.widest:
        half, form = look.widest
        share = name_measure(look.cells[0]) == "share"
        width = Number(half, "points") if share else Number(half, form)
        level = Number(CONFIDENCE, "share", kind="confidence")
        found.append(say("usikkerhed højst {width} ({level} sikkerhed)", level=level, width=width))
    if look.closed:
        found.append(say("{n} tal vises ikke", n=Number(look.closed, "count")))
    return found


def _show_tests(look):
    if not look.tests:
        return ""
    means = name_measure(look.cells[0]) != "share"
    words = (MEAN_VERDICTS if means else VERDICTS) | CLOSED
    rows = []
    for test in look.tests:
        mark = next((test[one] for one in ("first", "p") if test[one] in MARKS), "")
        ends = f" ({test['low']} – {test['high']})" if test["low"] and test["high"] else ""
        difference = "" if mark else f"{test['difference']}{ends}"
        verdict = mark or _(words.get(test["verdict"], test["verdict"]))
        rows.append([test["about"], difference, "" if mark else test["p"], verdict])
    table = {
        "columns": [_("Test"), _("Forskel"), "p", _("Dom")],
        "rows": rows,
        "numeric": [False, True, True, False],
    }
    name = say("Test: {n}", n=Number(len(rows), "count"))
    opened = " open" if len(rows) <= len(look.call.groups) + 8 else ""
    inside = draw_table(table, _("Hvad testene siger"))
    return f"<details{opened}><summary>{escape(str(name))}</summary>{inside}</details>"


def show_lines(look, kind, button=False):
    """The lines that put a look into a chapter, as HTML, with a button that copies them."""
    text = escape(look.lines(kind))
    copy = "navigator.clipboard.writeText(this.parentNode.querySelector('pre').textContent)"
    done = escape(_("Kopieret"))
    press = f"{copy}.then(() => {{ this.textContent = '{done}' }})"
    made = f'<button type="button" onclick="{press}">{escape(_("Kopiér"))}</button>' * button
    return (
        f'<div><pre style="white-space:pre-wrap;padding:0.5em;border:1px solid #767676;{KEPT}">'
        f"{text}</pre>{made}</div>"
    )


def show_all_lines(look):
    """The lines of each kind, folded."""
    return "".join(
        f"<details><summary>{escape(_(NAMES[kind]))}</summary>{show_lines(look, kind)}</details>"
        for kind in look.kinds
    )


def show_problem(message):
    """Why something cannot be asked."""
    return f'<p role="alert"><strong>{escape(str(message))}</strong></p>'
