"""The bench in JupyterLab: what can be chosen, as widgets, and what is chosen, at once."""

import ipywidgets as widgets

from barometer.errors import BarometerError
from barometer.exploring import choosing, showing
from barometer.exploring.choosing import MEASURES, Choice
from barometer.languages.speaking import _

LONG, SHOWN = 90, 8  # characters of a choice; questions that are seen at once
WIDE = {"description_width": "11rem"}


class Controls:
    """The widgets of a `Bench`: `box` holds them all. What is chosen is seen below them."""

    def __init__(self, bench):
        self._bench, self._settling = bench, True
        registry, choice = bench.survey.registry, bench._choice
        layout = widgets.Layout(width="46rem", max_width="100%")
        look = {"style": WIDE, "layout": layout}
        self.words = widgets.Text(description=_("Søg"), placeholder=_("ord i spørgsmålet"), **look)
        self.found = widgets.Label()
        self.items = widgets.Select(description=_("Spørgsmål"), rows=SHOWN, **look)
        self.by = widgets.Dropdown(description=_("Opdelt efter"), **look)
        self.measure = widgets.Dropdown(description=_("Mål"), **look)
        self.parts = {
            name: widgets.Dropdown(
                description=registry.background[name]["heading"],
                options=[(_("Alle"), ""), *((label, code) for code, label in answers.items())],
                value="",
                **look,
            )
            for name, answers in choosing.list_parts(registry).items()
        }
        self.kind = widgets.ToggleButtons(description=_("Linjer til"), style=WIDE)
        self.lines, self.shown = widgets.HTML(), widgets.HTML()
        self._offer_items("", choice.items)
        self._offer_rest(choice)
        self.words.observe(self._search, "value")
        for one in (self.items, self.by, self.measure, *self.parts.values()):
            one.observe(self._choose, "value")
        self.kind.observe(self._show_lines, "value")
        choosers = [self.words, self.found, self.items, self.by, self.measure]
        self.box = widgets.VBox(
            [*choosers, *self.parts.values(), self.shown, self.kind, self.lines]
        )
        self.box.add_class("barometer-bench")
        self._settling = False
        self._look(choice)

    def _offer_items(self, words, chosen):
        """Offer the questions that have some words, and choose one of them; none where none has."""
        every = choosing.list_subjects(self._bench.survey.registry, words)
        options = [(text if len(text) <= LONG else f"{text[:LONG]}…", one)
                   for one, text in every.items()]  # fmt: skip
        self.items.options = options
        self.items.value = chosen if chosen in every else next(iter(every), None)
        many, none = _("{n} spørgsmål, rækker og variable"), _("Intet spørgsmål har de ord.")
        self.found.value = many.format(n=len(every)) if every else none

    def _offer_rest(self, choice):
        """Offer the crossings and measures that go with a choice; returns it as far as it does."""
        registry = self._bench.survey.registry
        crossings = choosing.list_crossings(registry, choice)
        measures = choosing.list_measures(registry, choice.items)
        by = choice.by if choice.by in crossings else ""
        measure = choice.measure if choice.measure in measures else measures[0]
        self.by.options = [(_("Ingenting"), ""),
                           *((text[:LONG], one) for one, text in crossings.items())]  # fmt: skip
        self.by.value = by
        self.measure.options = [(_(MEASURES[one]), one) for one in measures]
        self.measure.value = measure
        return Choice(choice.items, by or None, choice.part, measure)

    def _search(self, change):
        self._settling = True
        try:
            self._offer_items(change["new"], self.items.value)
        finally:
            self._settling = False
        self._choose(None)

    def _choose(self, _change):
        """What has been chosen, looked at. Changes that the widgets make of each other are one."""
        if self._settling or self.items.value is None:
            return
        self._settling = True
        try:
            registry = self._bench.survey.registry
            part = choosing.read_part(
                registry, {name: one.value for name, one in self.parts.items()}
            )
            given = self.items.value, self.by.value or None, part, self.measure.value
            choice = self._offer_rest(Choice(*given))
        finally:
            self._settling = False
        self._look(choice)

    def _look(self, choice):
        self._looked = None
        try:
            self._looked = looked = self._bench._choose(choice)
            self.shown.value = showing.show_look(looked)
        except Exception as problem:
            self.shown.value, self.lines.value = showing.show_problem(problem), ""
            self.kind.layout.display = "none"
            if not isinstance(problem, BarometerError):
                raise  # into JupyterLab's log, as it is a fault of the program
            return
        self.kind.layout.display = ""
        kept = self.kind.value
        self.kind.options = [(_(showing.NAMES[kind]), kind) for kind in looked.kinds]
        self.kind.value = kept if kept in looked.kinds else looked.kinds[0]
        self._show_lines(None)

    def _show_lines(self, _change):
        if self._looked and self.kind.value:
            self.lines.value = showing.show_lines(self._looked, self.kind.value, button=True)
