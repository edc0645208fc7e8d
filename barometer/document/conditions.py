"""Which cells of a chapter a report shows: what they ask for by their tags.

* `when=D09b:less|same`: where sentence D09b of the chapter had one of these outcomes. Several
  sentences (`when=D08|D09b:withheld`): where one of them had. An outcome is named as the wording it
  chooses; `told` is any with numbers, `withheld` any without.
* `sector=state|region`, `field=!health`: where the report is on one of these parts, or with `!` on
  none of them. The names are the registry's dimensions and codes, and "all".

All of a cell's conditions must hold. The place of the sentence does not matter.
"""

import ast
from contextlib import suppress
from dataclasses import dataclass

from barometer.data.domains import WHOLE, split_domain
from barometer.errors import ContentError
from barometer.files.faults import suggest
from barometer.payloads import UNMET, is_hidden, list_payloads

WHEN = "when"
# outcomes of a sentence without a number
WITHHELD = ("closed", "uncertain", "untested", "empty")
# {what a condition may say: the outcomes that it stands for}, beside the outcomes' own names
STANDS_FOR = {
    "differs": ("more", "less"),
    "tendency": ("tendency", "tendency_more", "tendency_less"),
    "some": ("difference",),
    "none": ("same",),
    "only_first": ("first",),
    "only_second": ("second",),
    "withheld": WITHHELD,
}
TOLD = "told"
# what any sentence may come to
ALWAYS = (TOLD, "withheld", "closed", "uncertain", "tendency")


@dataclass(frozen=True)
class Condition:
    """One tag: of these sentences one had one of these outcomes, or the report is on such a part.

    `name`: "when" or a dimension. `sentences` is empty for a dimension.
    """

    name: str
    sentences: tuple
    values: tuple
    negated: bool = False

    def is_met(self, outcomes, parts):
        """Whether it holds. `outcomes`: {sentence: outcome}; `parts`: {dimension: answer}."""
        if self.name != WHEN:
            return (parts.get(self.name, WHOLE) in self.values) != self.negated
        found = [outcomes[one] for one in self.sentences if outcomes.get(one)]
        return any(_is_one_of(outcome, self.values) for outcome in found)


def _is_one_of(outcome, values):
    named = {name for value in values for name in (value, *STANDS_FOR.get(value, ()))}
    return outcome in named or (TOLD in named and outcome not in WITHHELD)


def read_conditions(cell):
    """The conditions of a cell. Raises `ContentError` for a tag that is none."""
    tags = cell["metadata"].get("tags", ())
    return [_read_tag(tag) for tag in tags if isinstance(tag, str) and "=" in tag]


def _read_tag(tag):
    name, _, rest = tag.partition("=")
    sentences, _, values = rest.rpartition(":") if name == WHEN else ("", "", rest)
    negated = name != WHEN and values.startswith("!")
    read = [part.removeprefix("!").split("|") for part in (sentences, values)]
    if not all(values and value for value in read[1]) or (name == WHEN and not all(read[0])):
        form = "when=D15:more|less" if name == WHEN else f"{name}=navn|navn"
        raise ContentError(f"mærket »{tag}« skal have formen {form}.")
    return Condition(name, tuple(read[0]) if name == WHEN else (), tuple(read[1]), negated)


def hide_unmet(notebook):
    """An executed chapter in which cells whose conditions do not hold are marked and empty.

    A cell hidden so has said nothing, whatever others ask of it.
    """
    asked = [read_conditions(cell) for cell in notebook["cells"]]
    if not any(asked):
        return notebook
    cells, parts = list(notebook["cells"]), _find_parts(notebook)
    while True:
        outcomes = _find_outcomes(cells)
        unmet = [
            place
            for place, conditions in enumerate(asked)
            if not is_hidden(cells[place])
            and not all(one.is_met(outcomes, parts) for one in conditions)
        ]
        if not unmet:
            return type(notebook)({**notebook, "cells": cells})
        for place in unmet:
            cells[place] = _hide(cells[place])


def drop_unmet(notebook):
    """The same chapter without the cells that `hide_unmet` marked."""
    kept = [cell for cell in notebook["cells"] if UNMET not in cell["metadata"].get("tags", ())]
    return type(notebook)({**notebook, "cells": kept})


def _hide(cell):
    metadata = {**cell["metadata"], "tags": [*cell["metadata"]["tags"], UNMET]}
    empty = {"outputs": []} if "outputs" in cell else {}
    return type(cell)({**cell, "metadata": metadata, **empty})


def _find_outcomes(cells):
    shown = [cell for cell in cells if not is_hidden(cell)]
    told = [one for one in list_payloads({"cells": shown}) if one.get("outcome")]
    return {one.get("claim") or one["id"]: one["outcome"] for one in told}


def _find_parts(notebook):
    about = [one for one in list_payloads(notebook) if one.get("kind") == "survey"]
    return split_domain(about[0]["part"]) if about else {}


def check_conditions(cells, dimensions):
    """What is wrong with the conditions of a chapter that is not executed yet, as sentences.

    `cells`: as in the notebook, with `source` as one text; `dimensions`: {name: {code: label}},
    empty where the registry cannot be read, which is reported elsewhere.
    """
    told = {}
    for id, given in _list_told(cells):
        known = told.get(id, set())
        told[id] = None if None in (known, given) else known | given
    problems = []
    for number, cell in enumerate(cells, 1):
        try:
            found = [_check(one, told, dimensions) for one in read_conditions(cell)]
        except ContentError as error:
            found = [str(error)]
        problems += [f"celle {number}: {problem}" for problem in filter(None, found)]
    return problems


def _list_told(cells):
    """(id, the wordings it is given, None where that cannot be seen) of calls of `tell`."""
    for cell in cells:
        if cell["cell_type"] == "code":
            for call in list_calls(cell["source"]):
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                id = call.args[0] if call.args else given.get("id")
                if getattr(call.func, "attr", "") == "tell" and isinstance(id, ast.Constant):
                    yield id.value, None if None in given else {*given}


def list_calls(source):
    """The calls in a cell's code; none where it has a line that is IPython's."""
    with suppress(SyntaxError):
        return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return []


def _check(condition, told, dimensions):
    """What is wrong with a condition; "" where nothing."""
    if condition.name != WHEN:
        known = {WHOLE, *dimensions.get(condition.name, ())}
        if dimensions and condition.name not in dimensions:
            every = [WHEN, *dimensions]
            hint = suggest(condition.name, every)
            return f"mærket »{condition.name}=« kendes ikke.{hint} Her er {', '.join(every)}."
        odd = [value for value in condition.values if dimensions and value not in known]
        return odd and (
            f"{condition.name}={odd[0]} findes ikke.{suggest(odd[0], known)} "
            f"Her er {', '.join(sorted(known))}."
        )
    if odd := [one for one in condition.sentences if one not in told]:
        where = "fortælles ikke i kapitlet"
        return f"sætningen {odd[0]} i mærket »{WHEN}=« {where}.{suggest(odd[0], told)}"
    for one in condition.sentences:
        known = _list_outcomes(told[one])
        for value in condition.values:
            if known and value not in known:
                return (
                    f"{one} kan ikke få udfaldet {value}.{suggest(value, known)} "
                    f"Det kan få {', '.join(known)}."
                )
    return ""


def _list_outcomes(wordings):
    """What a sentence with these wordings may come to; nothing where they cannot be seen."""
    if wordings is None:
        return []
    every = {*STANDS_FOR, *(one for many in STANDS_FOR.values() for one in many)}
    own = every | {"same", "equal", "mixed", "both", "neither", "text", "words", "difference"}
    given = [name for name in sorted(wordings & own) if name not in ALWAYS]
    given += ["more", "less"] if "differs" in wordings else []
    return list(dict.fromkeys([*given, *ALWAYS, *WITHHELD]))
