"""What JupyterLab shows of a survey, an answer and a sentence: for whoever writes the chapter, and
in no report. No digit more than a page has.
"""

from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape

from markupsafe import Markup

from barometer.disclosure.labels import translate_released
from barometer.display import SurveyNotice
from barometer.door.calls import CallError, miss_name
from barometer.exhibits import draw_table
from barometer.figures.cells import KNOWN, MEAN_WORDS, WORDS, write_estimate
from barometer.forms import STATISTICS
from barometer.languages.messages import express_shown
from barometer.languages.speaking import _, further, speak_again, translate
from barometer.marks import SCREEN_ONLY, explain_marks
from barometer.sentences.wordings import Sentence
from barometer.statistics.comparisons import read_verdict
from barometer.text import name_measure

SIDES = {name: word for name, word in MEAN_WORDS.items() if word != WORDS[name]}  # of means
GREY = 'style="opacity:0.75;font-size:0.9em;margin:0.3em 0"'  # on a light and a dark theme
SCREEN = "Kun til skærmen: Vis det i rapporten med .tell(…), .show(…) eller .draw_…(…)."
TABLES = {
    "difference": "forskel",
    "no_difference": "ingen sikker forskel",
    "tendency": "tendens til forskel",
    "": "ikke testet",
}
VERDICTS = {
    **WORDS,
    **TABLES,
    "description": "andel",
    "closed": "vises ikke",
    "uncertain": "for usikkert",
    "untested": "ikke testet",
}  # of a row of evidence


class Handed:
    """What a chapter is given: a name that it does not have, a subscript, a length or a loop is
    answered in one line. `_called`: what messages call it; `_given_by`: the call that gives it;
    `_rows`: where its numbers are.
    """

    _called, _given_by, _rows = "", "", ""

    def __getattr__(self, name):
        known = list_names(self)
        if name in known:  # what went wrong in it, which Python has forgotten by now
            return object.__getattribute__(self, name)
        raise miss_name(self._called or type(self).__name__.lower(), name, known, lead_to(name))

    def _refuse_rows(self, *_key):
        called = self._called or type(self).__name__.lower()
        named = ", ".join(list_names(self))
        raise CallError(
            f"{called} er ingen tabel og ingen liste, der kan slås op i, tælles eller gennemløbes."
            f"{self._rows} Her er {named}."
        )

    __getitem__ = __len__ = _refuse_rows  # a loop takes item after item

    def __bool__(self):
        return True

    def __dir__(self):
        """The names that tab completion shows: those that a chapter calls."""
        return list_names(self)


def lead_to(name):
    """What has a name that something else does not have; "" for nothing."""
    if name.startswith("_"):  # IPython looks for a dozen of them on all that it shows
        return ""
    others = [one for one in _list_kinds(Handed) if one._given_by and name in list_names_of(one)]
    return f" Det har {others[0]._given_by}." if others else ""


def _list_kinds(kind):
    return [one for below in kind.__subclasses__() for one in (below, *_list_kinds(below))]


def list_names_of(kind):
    """The names that a chapter calls on what is of a class of `Handed`."""
    own = [one for one in kind.__mro__ if issubclass(one, Handed) and one is not Handed]
    return [
        name
        for name, member in {name: one for part in own for name, one in vars(part).items()}.items()
        if not name.startswith("_")
        and (callable(member) or isinstance(member, property | cached_property))
    ]


def list_names(self):
    """The names that a chapter calls on a thing."""
    return list_names_of(type(self))


@dataclass(frozen=True)
class Told(Handed, Sentence):
    """A sentence as a notebook shows it, with the wordings that were not chosen."""

    _given_by = ".tell(…)"
    is_withheld = Sentence.is_withheld

    wordings: dict = field(default_factory=dict, repr=False, compare=False)
    # {id: verdict} of what was published on its tests
    verdicts: dict = field(default_factory=dict, repr=False, compare=False)

    def _repr_mimebundle_(self, include=None, exclude=None):
        return super()._repr_mimebundle_(include, exclude) | {"text/html": view_sentence(self)}


def keep_wordings(sentence, wordings, survey=None):
    """The same sentence with the wordings it was chosen among; None for none."""
    if sentence is None:
        return None
    ids = {row["published"] for row in sentence.evidence} - {""}
    rows = survey.published if ids else ()
    verdicts = {
        id: verdict
        for id, verdict in (zip(rows["id"], rows["verdict"], strict=True) if ids else ())
        if id in ids
    }
    kept = object.__new__(Told)  # copied: who made it is not found out again
    kept.__dict__.update(sentence.__dict__, wordings=dict(wordings), verdicts=verdicts)
    return kept


def view_sentence(sentence):
    """The sentence, and in grey what it rests on; the other wordings are folded."""
    basis = "".join(
        f"<p {GREY}>{escape(express_shown(_name_basis(sentence, row)))}</p>"
        for row in sentence.evidence
    )
    others = "".join(
        f"<li>{escape(name)}: {escape(text)}</li>" for name, text in sentence.wordings.items()
    )
    heading = express_shown("Alle formuleringer")
    fold = f"<details><summary {GREY}>{heading}</summary><ul>{others}</ul></details>"
    beside = any(row.get("beside") for one in sentence.evidence for row in one.get("trace", ()))
    note = f"<p {GREY}>{express_shown(SCREEN_ONLY)}</p>" * beside
    return f"<p>{escape(str(sentence))}</p>{basis}{fold * bool(others)}{note}"


def _name_basis(sentence, row):
    """ "D15 · sjældnere · 37 pct. mod 45 pct. · −8,3 (−13,5 til −3,1) point · p = 0,002"."""
    means = any(one["kind"] in STATISTICS for one in row.get("trace", ()))
    verdicts = VERDICTS | (SIDES if means else {})
    facts = [sentence.id, row["about"], verdicts.get(row["verdict"], row["verdict"])]
    mark = next((row[name] for name in ("first", "p") if row[name].startswith("[")), "")
    if mark:
        facts.append(mark)
    else:
        ends = f" ({row['low']} til {row['high']})" if row["low"] and row["high"] else ""
        shares = " mod ".join(filter(None, (row["first"], row["second"])))
        facts += [shares + ends] if not row["difference"] else [shares]
        facts += [f"{row['difference']}{ends} point"] if row["difference"] else []
        facts += [f"p {'' if row['p'].startswith('<') else '= '}{row['p']}"] if row["p"] else []
    if row["published"]:
        verdict = sentence.verdicts.get(row["published"], "")
        sign = "✓" if verdict == row["verdict"] else "≠"
        facts.append(f"publiceret: {VERDICTS.get(verdict, verdict)} {sign}")
    return " · ".join(filter(None, facts))


def view_answer(self):
    """A small table: a share per item and group with its interval, and the verdict in a word."""
    rows, marks, tested = [], [], _list_verdicts(self)
    cells = {
        (cell.item, cell.group): (cell, str(write_estimate(cell)))
        for one in self.tables
        for cell in one.table.itertuples()
    }
    items = {item: cell.label for (item, _), (cell, _) in cells.items()}
    groups = {
        group: self.groups.get(group) or cell.group_label for (_, group), (cell, _) in cells.items()
    }
    for item, label in items.items():
        shares = [cells[item, group][1] if (item, group) in cells else "" for group in groups]
        marks += shares
        named = Markup("{}<br><code>{}</code>").format(label, item)
        rows.append([named, *shares, *[tested.get(item, "")] * bool(tested)])
    columns = ["", *groups.values(), *[express_shown("Dom")] * bool(tested)]
    numeric = [False, *[True] * len(groups), *[False] * bool(tested)]
    about = self.tables[0].about
    caption = " · ".join(filter(None, (about.question, about.part_label, about.base_text)))
    table = {"columns": columns, "rows": rows, "numeric": numeric}
    key = explain_marks([*marks, *tested.values()])
    return draw_table(table, caption, key) + f"<p {GREY}>{_name_screen(self)}</p>"


def _list_verdicts(self):
    """{item: the verdict of its tests in words}."""
    found = {}
    for one in self.tables:
        for _number, row in one.comparisons.iterrows() if len(one.comparisons) else ():
            words = KNOWN if row["status"] == "complete" else WORDS
            words = words | (SIDES if name_measure(row) != "share" else {})
            mark = row["status"] if row["status"].startswith("[") else ""
            word = mark or words[read_verdict(row, one.about.alpha)]
            if "group" in row:
                word = f"{word} end {one.about.inside(row['second_label'])}"
            found.setdefault(row["item"], []).append(word)
        test = one.distribution
        for item in getattr(test, "items", ()):
            mark = test.status if test.status.startswith("[") else ""
            found.setdefault(item, []).append(
                f"samlet: {mark or TABLES[read_verdict(test, one.about.alpha)]}"
            )
    return {item: express_shown("; ".join(dict.fromkeys(words))) for item, words in found.items()}


def name_answer(self):
    """What an answer is in one line, where no table can be shown."""
    items = dict.fromkeys(item for one in self.tables for item in one.table["item"])
    named = f"Svar: {', '.join(items)} efter {', '.join(self.groups)}."
    return f"{express_shown(named)} {_name_screen(self)}"


def translate_answer(self, language):
    """The same answer with its labels in the language that is spoken, which is `language`."""
    known = self.__dict__.setdefault("_others", {})
    if language not in known:
        survey = self.survey._in_language(language)
        tables = tuple(translate_released(one, survey) for one in self.tables)
        labels = {}  # by what they are labels of, and by what they were
        for before, after in zip(self.tables, tables, strict=True):
            for group, was, now in zip(
                before.table["group"], before.table["group_label"], after.table["group_label"],
                strict=True,
            ):  # fmt: skip
                labels[group, was] = now
        before, after = self.survey.registry.groupings, survey.registry.groupings
        for name, groups in before.items():
            labels |= {(one, was): after[name][one] for one, was in groups.items()}
        groups = {
            name: labels.get((name, label)) or translate(label, "label")
            for name, label in self.groups.items()
        }
        known[language] = replace(self, survey=survey, tables=tables, groups=groups)
    return known[language]


def _name_screen(self):
    """Where an answer is seen: on the screen, until it is shown or the survey is sealed again."""
    beside = any(one.about.beside for one in self.tables)
    return express_shown(SCREEN_ONLY if beside else SCREEN)


def view_survey(self, include=None, exclude=None):
    """Title, part, respondents, period, questions, synthetic or real, sealed or not."""
    about = self.describe()
    facts = {
        "Del": about["part_label"],
        "Svar": about["respondents"],
        "Periode": about["period"],
        "Spørgsmål": f"{len(self.registry.questions)} (survey.questions)",
        "Data": "syntetiske" if self.synthetic else "virkelige",
        "Plan for fortrolighed": self.unplanned or "forseglet",
    }
    lines = "".join(
        f"<tr><td>{express_shown(name)}</td><td>{escape(express_shown(str(value)))}</td></tr>"
        for name, value in facts.items()
        if value
    )
    html = (
        f'<table><caption style="text-align:left;font-weight:bold">{escape(about["title"])}'
        f"</caption><tbody>{lines}</tbody></table><p>{escape(about['notice'])}</p>"
        f"<p {GREY}>{_('Kilde')}: {escape(about['citation'])}</p>"
    )
    notice = SurveyNotice(about)
    variants = {}
    for language in further():
        with speak_again(language):
            variants[language] = SurveyNotice(self._in_language(language).describe())
    object.__setattr__(notice, "variants", variants)
    return notice._repr_mimebundle_(include, exclude) | {"text/html": html}


def name_survey(self):
    """What a survey is in one line."""
    return express_shown(f"Undersøgelse: {self.cards['title']}, {self.label('all')}")
