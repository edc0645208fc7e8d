"""The bench of an analyst: `explore()`."""

from functools import cached_property

from barometer.door.calls import public
from barometer.door.passages import list_questions
from barometer.door.views import Handed
from barometer.exploring import choosing, showing
from barometer.exploring.choosing import Choice
from barometer.exploring.looking import Look
from barometer.languages.messages import express_shown
from barometer.languages.speaking import SOURCE, own_language, spoken
from barometer.survey import open_survey


class Seen(Handed, Look):
    """A `Look` at a cell's end, with its lines folded below."""

    _called, _given_by = "look", "bench.look(…)"
    _rows = " Svarets tal står i .answer.table."
    answer = Look.answer
    figure = Look.figure
    table = Look.table
    sentence = Look.sentence
    tests = Look.tests
    kinds = Look.kinds
    lines = public(Look.lines)

    def _repr_html_(self):
        return showing.show_look(self) + showing.show_all_lines(self)

    def __repr__(self):
        return self.heading


class Bench(Handed):
    """A survey to look around in. At a cell's end, in JupyterLab, it is questions, crossings, parts
    and measures to choose from; the same is done by its calls.

    >>> bench = explore()
    >>> bench.search("samarbejde")
    >>> bench.look("value", by="size", part="sundhed")
    """

    _given_by = "explore()"
    _rows = " Spørgsmålene står i .questions."

    def __init__(self, survey):
        self.survey = survey
        first = next(iter(choosing.list_subjects(survey.registry)))
        self._choice = Choice(first, measure=choosing.list_measures(survey.registry, first)[0])

    @property
    def questions(self):
        """The survey's questions, who was asked, and how many."""
        return list_questions(self.survey)

    @public
    def search(self, words=""):
        """{name: heading} of the questions, rows and variables that have all of some words.

        >>> bench.search("samarbejde borgere")
        """
        return choosing.list_subjects(self.survey.registry, words)

    @public
    def look(self, item=None, by=None, part=None, measure=None):
        """Figure, table, sentence and tests of a question, a row or a variable, or of the one
        that is chosen already; without arguments all is as it is chosen.

        >>> bench.look("value", by="size", part="sundhed")

        `by`: as `survey.compare`. `part`: {dimension: answer}, conditions, or words of their
        labels, with commas between them. `measure`: "shares", "mean", "boxes", "median",
        "quantiles", "total". Raises `CallError` and `RegistryError` for what cannot be asked.
        """
        if item is by is part is measure is None:
            return self._choose(self._choice)
        registry, item = self.survey.registry, item or self._choice.items
        registry.check_item(item)
        usual = choosing.list_measures(registry, item)[0]
        chosen = choosing.read_part(registry, part)
        return self._choose(Choice(item, by, chosen, measure or usual))

    def _choose(self, choice):
        """A look at a `Choice`, which is the one that is chosen from now on; not where it cannot be
        asked.
        """
        looked = Seen(self.survey, choice)
        looked.answer  # noqa: B018
        self._choice = choice
        return looked

    @cached_property
    def _controls(self):
        """The widgets, None where ipywidgets is not installed."""
        try:
            from barometer.exploring.widgets import Controls
        except ImportError:
            return None
        return Controls(self)

    def _repr_mimebundle_(self, include=None, exclude=None):
        looked = self.look()
        plain = {"text/plain": repr(self), "text/html": looked._repr_html_()}
        if self._controls is None:
            return plain
        return self._controls.box._repr_mimebundle_() | plain

    def __repr__(self):
        return express_shown(f"Undersøg frit: {self.survey.cards['title']}")


@public
def explore(data=None, language=None):
    """Open the survey in folder `data` (the project's own where it is left out) to look around in:
    a `Bench`. All is for the screen alone.

    >>> bench = explore()

    Raises as `open_survey`.
    """
    survey = open_survey(data, language=language)
    if (own_language() or SOURCE) != spoken():
        survey = survey._in_language(spoken())
    return Bench(survey)
