"""One choice looked at: its answer, figure, table, sentence and tests, and the lines that put it
into a chapter.
"""

import re
from dataclasses import dataclass, field
from functools import cached_property
from keyword import iskeyword
from math import isfinite

import numpy as np

# what draws is loaded with the bench, so that no look waits for it
import barometer.shades.drawing  # noqa: F401
from barometer.data.domains import strip_not
from barometer.door.calls import CallError
from barometer.errors import BarometerError
from barometer.exploring import asking, wording
from barometer.exploring.choosing import MEAN, SHARES, find_question, find_row, name_subject
from barometer.exploring.suiting import suit_figure
from barometer.files.texts import make_name
from barometer.forms import FORMS, MEASURES
from barometer.languages.speaking import _, own_language, speak
from barometer.parameters import quote
from barometer.payloads import draw_for_screen
from barometer.sentences.evidence import describe_table, describe_test
from barometer.text import name_measure

KINDS = ("sentence", "figure", "table")  # in a chapter
WORDS = 4  # of a text in an id
ID = "X01"  # of the sentence, until a free one is chosen
PART = re.compile(r"[^a-zA-Z0-9_]")
DIGIT = re.compile(r"\d")


@dataclass(frozen=True, repr=False)
class Look:
    """A `Choice` of a survey, asked. Raises as the survey does for what cannot be asked.

    `figure`, `table`, `sentence`: what the lines of `lines(kind)` show in a chapter; None where
    there is none. `tests`: a row for each test, as it is written on a page.
    """

    survey: object = field(repr=False)
    choice: object

    @cached_property
    def _asked(self):
        return asking.ask(self.survey, asking.make_call(self.survey, self.choice))

    @property
    def answer(self):
        """The survey's answer to the call."""
        return self._asked[0]

    @property
    def call(self):
        """The `Call` that it answers."""
        return self._asked[1]

    @property
    def heading(self):
        """What was asked."""
        return name_subject(self.survey.registry, self.call.items)

    @cached_property
    def is_planned(self):
        """Whether the plan of closed cells was made for all of it, so that a report may show it."""
        return not any(one.about.beside for one in self.answer.tables)

    @cached_property
    def cells(self):
        """The rows of all its tables that have a number of answers or a mark."""
        return [row for one in self.answer.tables for row in one.table.itertuples()]

    @cached_property
    def counts(self):
        """The least and the largest number of answers behind a number, () where none is open."""
        known = [int(cell.n) for cell in self.cells if isfinite(cell.n)]
        return (min(known), max(known)) if known else ()

    @cached_property
    def widest(self):
        """(half of the widest interval as it is written, its number form), or None."""
        found = {}
        for cell in self.cells:
            if isfinite(cell.low) and isfinite(cell.high):
                measure = name_measure(cell)
                form = "bare_limit" if measure == "share" else MEASURES[measure][2]
                factor, decimals, _unit = FORMS[form]
                low, high = (np.round(factor * end, decimals) for end in (cell.low, cell.high))
                step = 10.0**-decimals
                half = float(np.ceil(round((high - low) / 2 / step, 6)) * step) / factor
                found[form] = max(found.get(form, 0.0), half)
        return (found[form := next(iter(found))], form) if found else None

    @cached_property
    def closed(self):
        """How many of its numbers may not be shown."""
        status = {(cell.item, cell.group): cell.status for cell in self.cells}
        return sum(one.startswith("[") for one in status.values())

    @cached_property
    def tests(self):
        """What its tests say, each test once (`sentences/evidence.py`)."""
        found = {}
        for one in self.answer.tables:
            if getattr(one.distribution, "items", ()):
                row = describe_table(one, None)
                found.setdefault((row["item"], row["group"]), row)
            for _name, row in one.comparisons.iterrows() if len(one.comparisons) else ():
                text = describe_test(row, None, one)
                found.setdefault((text["item"], text["group"], text["versus"]), text)
        return [*found.values()]

    @cached_property
    def figure(self):
        """The figure, or None where a table says it better or it cannot be drawn."""
        return self._make_figure()

    @cached_property
    def seen_figure(self):
        """The figure with the picture of a screen alone, which is painted in a third of the time;
        or None.
        """
        with draw_for_screen():
            return self._make_figure()

    def _make_figure(self):
        if (drawn := self._draw()) is None:
            return None
        method, further = drawn
        try:
            return getattr(self.answer, method)(self._id, self.heading, **further)
        except BarometerError:  # what has no picture, such as scales of different points
            return None

    @cached_property
    def table(self):
        """The table with its note."""
        return self.answer.show(self._id, self.heading)

    @cached_property
    def sentence(self):
        """The sentence that the skeleton makes, or None."""
        if (worded := self._word()) is None:
            return None
        item, wordings = worded
        try:
            return self.answer.tell(ID, *([item] if item else []), **wordings)
        except (CallError, KeyError):
            return None

    @property
    def kinds(self):
        """What it can be in a chapter."""
        shown = {"sentence": self.sentence, "figure": self.seen_figure}
        return tuple(kind for kind in KINDS if kind == "table" or shown[kind] is not None)

    def lines(self, kind="table"):
        """The lines of code that put it into a chapter, as `kind`: "sentence", "figure", "table".

        Raises `CallError` for a kind that it has not.
        """
        if not isinstance(kind, str) or kind not in KINDS:
            raise CallError(f"lines: {quote(kind)} kendes ikke. Skriv {', '.join(KINDS)}.")
        if kind not in self.kinds:
            raise CallError(f"lines: her er ingen {kind}. Der er {', '.join(self.kinds)}.")
        name = self._name
        asked = self.call.write(name)
        if kind == "sentence":
            item, wordings = self._word()
            start = ", ".join(map(asking.quote, filter(None, (ID, item))))
            words = [f"    {key}={asking.quote(text)}," for key, text in wordings.items()]
            return "\n".join([asked, f"{name}.tell({start},", *words, ")"])
        method, further = self._draw() if kind == "figure" else ("show", {})
        given = [asking.quote(self._id), f"title={asking.quote(self._own_heading)}"]
        given += [f"{key}={asking.write_value(value)}" for key, value in further.items()]
        return f"{asked}\n{name}.{method}({', '.join(given)})"

    @cached_property
    def _groups(self):
        return self.call.groups

    @property
    def _own_heading(self):
        """The heading in the language of the project's chapters."""
        own = self.survey.original or self.survey
        return name_subject(own.registry, self.call.items)

    def _draw(self):
        groups, measure = self._groups, self.choice.measure
        return suit_figure(self.survey.registry, self.call.items, groups, measure)

    def _word(self):
        """(variable or None, wordings) of the sentence, with its numbers as they are, or None."""
        if (drafted := self._draft()) is None:
            return None
        item, wordings = drafted
        return item, {key: text for key, text in wordings.items() if key != "words"}

    def _draft(self):
        with speak(own_language()):  # as it would stand in a chapter
            return self._draft_spoken()

    def _draft_spoken(self):
        registry = (self.survey.original or self.survey).registry
        items, groups, measure = self.call.items, self._groups, self.choice.measure
        if self.call.remark == "overlap":
            return None
        if measure in (MEAN, "median", "total"):
            question = find_question(registry, items)
            several = items == question.id and len(question.items) > 1
            plain = measure == MEAN and not several
            draft = wording.draft_sentence if question.allowed else wording.draft_mean
            return draft(registry, items, groups) if plain else None
        return wording.draft_sentence(registry, items, groups) if measure == SHARES else None

    @cached_property
    def _name(self):
        """What the answer is called in the lines."""
        name = PART.sub("_", strip_not(self.call.items).partition("=")[0]).strip("_")
        fits = name.isidentifier() and not iskeyword(name) and name not in ("survey", "explore")
        return name if fits else f"q_{name}"

    @cached_property
    def _id(self):
        """The id of its figure or table: words of what is asked and by what, without digits."""
        own = (self.survey.original or self.survey).registry
        texts = [find_row(own, self.call.items) or name_subject(own, self.call.items)]
        texts += [self.choice.by] * isinstance(self.choice.by, str)
        texts += [own.label(one) for one in self.choice.part]
        parts = [[word for word in DIGIT.sub("", make_name(text)).split("_") if word]
                 for text in texts]  # fmt: skip
        return "-".join("-".join(words[:WORDS]) for words in parts if words) or _("svar")
