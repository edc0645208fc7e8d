"""Every function that a chapter can call is called with a misspelt name, a wrong type and no
argument: each time one line says what to write.
"""

import re
from functools import cache

import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell

import barometer.door.answer
import barometer.door.passages
from barometer.arguments import KINDS
from barometer.data.registry import RegistryError
from barometer.door.calls import CallError
from barometer.door.views import Handed, _list_kinds, list_names_of
from barometer.errors import BarometerError
from barometer.exploring.bench import Bench
from barometer.rounds.published import Published
from barometer.survey import Survey
from tests.make.shipped import open_shipped

SETUP = """
import barometer
from barometer import explore, open_survey, open_surveys
survey = open_survey()
values = survey.compare("value", by="initiation")
novelty = survey.compare("novelty", by="initiation")
roles = survey.shares(["innovative", "reused"])
influence = survey.shares("influence.legislation", by="innovative")
check = survey.check_published()
rounds = open_surveys()
coverage = survey.published_over(["innovative"], over="country")
told = values.tell("X01", "value.quality", text="{a}")
bench = explore()
look = bench.look("innovative")
"""
# {call: what its line must say}
MISUSED = {
    # no argument
    "survey.shares()": "shares: items mangler",
    "survey.compare()": "items og by mangler. Skriv fx survey.compare",
    'survey.compare("value")': "by mangler",
    "survey.contrast()": "one og other mangler",
    "survey.parts()": "items mangler",
    "survey.mean()": "items mangler",
    'survey.boxes("value")': "value' er ikke en skala",
    'survey.median("value")': "value' er ikke en skala eller et tal",
    "survey.quantiles()": "items mangler",
    "survey.show_weighting()": "id og title mangler",
    'survey.total("innovative")': "innovative' er ikke en skala eller et tal",
    'survey.ratio("value")': "other mangler",
    "survey.cross()": "one og other mangler",
    "survey.groups()": "name mangler",
    "survey.tell()": "id mangler",
    'survey.tell("R1")': "mangler sin tekst",
    'survey.tell("R1", sampled="x")': "mangler census=",
    "survey.show_sample()": "id og title mangler",
    "survey.show_response()": "id og title mangler",
    "survey.show_sentences()": "id og title mangler",
    "survey.compares()": "answer mangler",
    "survey.published_over()": "items mangler",
    "survey.check_published(1)": "for mange argumenter",
    "values.tell()": "id mangler",
    'values.tell("D15")': "mangler",
    'values.tell("D15", "value.quality", more="x", same="y")': "mangler less=",
    'values.tell("D15", "value.quality", differs="{oftere}")': "mangler same=",
    "values.show()": "id og title mangler",
    "values.draw_pairs()": "id og title mangler",
    "values.draw_groups()": "draw_groups: id og title mangler",
    "values.draw_distribution()": "id og title mangler",
    "values.draw_balance()": "id og title og rows mangler",
    "values.draw_scale()": "id og title mangler",
    "values.draw_heat()": "id og title mangler",
    'values.draw_scale("f", "T")': "er ikke en skala",
    'values.draw_heat("f", "T", items=["reussed"])': "reussed",
    "values.draw_parts()": "id og title og whole og parts mangler",
    "values.most_frequent()": "group mangler",
    "values.hold_against_next()": "item mangler",
    "check.tell()": "id og what mangler",
    'check.tell("E1", "numbers")': "mangler every=",
    "check.show()": "id og title og what og chapter mangler",
    # a misspelt name
    'survey.shares("valeu")': "Mente du »value«?",
    'survey.shares("value.efficency")': "Mente du »efficiency«?",
    'survey.shares("inovative")': "Mente du »innovative«?",
    'survey.shares("value", by="sectr")': "Mente du »sector«?",
    'survey.compare("value", by=["politicaly_initiated", "all"])': "politically_initiated«?",
    'survey.contrast("reused", "novelty=frist")': "Mente du »first«?",
    'survey.parts("inovative")': "Mente du »innovative«?",
    'survey.cross("novelty", "siz")': "Mente du »size«?",
    'survey.groups("siz")': "Mente du »size«?",
    'survey.groups("initation")': "Mente du »initiation«?",
    'survey.compare("value", by="initation")': "Mente du »initiation«?",
    'survey.compare("initiation", by="sector")': "initiation er grupper: Skriv by='initiation'",
    'survey.tell("R1", syntetic="x")': "Mente du »synthetic«?",
    'survey.questions("valeu")': "questions: 'valeu' er ikke et spørgsmål. Mente du »value«?",
    'values.tell("X", "value.quality", text="{q}")': "{q} i text= kendes ikke. Her kan bruges",
    'survey.compare("value", by={"initiation": "x"})': "Skriv by='initiation'.",
    "survey.comparre": "Mente du »compare«?",
    "survey.question_s()": "Mente du »questions«?",
    "values.draw_pair": "Mente du »draw_pairs«?",
    'values.tell("D15", "value.efficency", differs="{oftere}", same="x")': "»value.efficiency«?",
    'values.tell("D15", "value.efficiency", difers="{oftere}", same="x")': "Mente du »differs«?",
    'values.tell("D15", "value.efficiency", publised="D15")': "Mente du »published«?",
    'values.most_frequent("politicaly_initiated")': "Mente du »politically_initiated«?",
    'values.hold_against_next("value.qualty")': "Mente du »value.quality«?",
    'roles.draw_groups("f", "T", items="reussed")': "Mente du »reused«?",
    'roles.draw_parts("f", "T", whole="inovative", parts={"H": ["reused"]})': "»innovative«?",
    'influence.draw_balance("f", "T", rows=["influence.legislaton"])': "»influence.legislation«?",
    'influence.draw_balance("f", "T", rows=["influence.citizens"])': "er ikke i svaret. Spørg med",
    'influence.draw_balance("f", "T", rows={"T": "culture.time"})': "culture har ingen sider.",
    'influence.draw_balance("f", "T", rows={"T": "value.quality"})': "er ikke en række",
    'check.tell("E1", "numbers", evry="x")': "Mente du »every«?",
    "check.shwo": "Mente du »show«?",
    # a wrong type
    "survey.shares(3)": "shares: items = 3 kan ikke bruges. Skriv et navn",
    "survey.shares([])": "items = [] kan ikke bruges",
    'survey.compare("value", by=3)': "by = 3 kan ikke bruges",
    "survey.contrast(1, 2)": "one = 1 kan ikke bruges",
    "survey.parts(None)": "items = None kan ikke bruges",
    'survey.cross("novelty", 2)': "other = 2 kan ikke bruges",
    "survey.questions(3)": "questions: 3 er ikke et spørgsmål.",
    "survey.groups(2)": "groups: name = 2 kan ikke bruges",
    "survey.tell(2)": "tell: id = 2 kan ikke bruges",
    'survey.tell("R1", synthetic=2)': "synthetic = 2 er ikke en tekst",
    'survey.tell("R1", synthetic="x", published="S005")': "published=",
    'survey.show_sample(1, "T")': "id = 1 kan ikke bruges",
    'survey.show_response(1, "T")': "id = 1 kan ikke bruges",
    'survey.show_sentences("t", "")': "title = '' kan ikke bruges",
    'values.tell("D15", 7, text="x")': "items = 7 kan ikke bruges",
    'values.tell("D15", "value.quality", text=7)': "text = 7 er ikke en tekst",
    'values.tell("D15", "value.quality", text="{a}", when="ja")': "when = 'ja' kan ikke bruges",
    'values.tell("D15", "value.quality", text="{a}", numbers=[1])': "numbers = [1] kan ikke",
    'values.show("t", "")': "title = '' kan ikke bruges",
    'values.draw_pairs(4, "T")': "id = 4 kan ikke bruges",
    'roles.draw_pairs("f", "T")': "sammenligner to grupper",
    'values.draw_groups("f", "T", items=4)': "items = 4 kan ikke bruges",
    'roles.draw_shares("f", "T", group="al")': "Mente du »all«?",
    'novelty.draw_distribution("f", "T", left_out=4)': "left_out = 4 kan ikke bruges",
    'values.draw_distribution("f", "T")': "ingen samlet test",
    'influence.draw_balance("f", "T", rows=4)': "rows = 4 kan ikke bruges",
    'roles.draw_parts("f", "T", whole="innovative", parts=["reused"])': "parts = ['reused'] kan",
    "values.most_frequent(4)": "group = 4 kan ikke bruges",
    "values.hold_against_next(4)": "item = 4 kan ikke bruges",
    'check.tell("E1", "tal")': "what = 'tal' kan ikke bruges",
    'check.show("t", "T", what="numbers", chapter=2)': "chapter = 2 kan ikke bruges",
    # the first line and the first call of all
    "from barometer import open_surveyss": "har ikke open_surveyss. Mente du »open_surveys«?",
    "from barometer import INITIATION": "Her kan importeres explore, open_survey, open_surveys.",
    "barometer.open_survy()": "Mente du »open_survey«?",
    'open_survey("barometer-2002")': "Mente du »barometer-2020«?",
    'open_survey(sector="regio")': "Mente du »region«?",
    "open_survey(alpha='5')": "alpha = '5'",
    "open_survey(sectr='all')": "Mente du »sector«?",
    # what a question does not answer
    'survey.shares("value").tell("X", "value.quality", differs="{oftere}", same="")': "mangler",
    'roles.tell("X", "reused", differs="{oftere}", same="x")': "er ikke prøvet her",
    'roles.tell("X", difference="x", same="y")': "ingen samlet test",
    # what a thing does not have, and what is no list
    "rounds.folow": "Mente du »follow«?",
    'rounds["x"]': "Runderne står i .surveys.",
    "len(rounds)": "Runderne står i .surveys.",
    "told.is_witheld": "Mente du »is_withheld«?",
    "told.show()": "Det har survey.compare(…).",
    "look.line": "Mente du »lines«?",
    "look.figur": "Mente du »figure«?",
    "look[0]": "Svarets tal står i .answer.table.",
    "bench.choose()": "bench.choose findes ikke.",
    "len(bench)": "Spørgsmålene står i .questions.",
    "survey.questions.value": "Skriv survey.questions('value').",
    'survey.questions["value"]': "Skriv survey.questions('value').",
    'survey.questions["kindd"]': "Mente du »kind«?",
    'values["value"]': "Dens tal står i .table.",
    "len(values)": "Dens tal står i .table.",
    "[one for one in values]": "Dens tal står i .table.",
    "check[0]": "Dens rækker står i .table.",
    'survey["value"]': "Spørg fx med survey.shares(…).",
    "values.draw_means": "Det har survey.mean(…).",
    "values.draw_line": "Det har open_surveys(…).follow(…).",
    # an id, a title or a choice that is none
    'values.tell("X 02", "value.quality", text="{a}")': "id = 'X 02' kan ikke bruges",
    'values.show("x y", "T")': "id = 'x y' kan ikke bruges. Skriv hvad der vises",
    'values.show("x", None)': "title = None kan ikke bruges",
    'survey.show_response("resp", 3)': "title = 3 kan ikke bruges",
    'roles.draw_shares("f", "T", ordered="x")': "ordered = 'x' kan ikke bruges. Skriv True eller",
    'coverage.show_coverage("f", "T", shares="no")': "shares = 'no' kan ikke bruges",
    'survey.published_over(["innovative"], since=99)': "since = 99 er ingen tidligere runde. Der",
    'survey.published_over(["innovative"], since="x")': "since = 'x' kan ikke bruges",
    'survey.published_over(["innovative"], over="country", since=2)': "er ingen tidligere runde",
    'rounds.follow("innovative", since="x")': "since = 'x' kan ikke bruges",
    'check.show("x", "T", "numbers", "99")': "intet er publiceret i kapitel '99'. Der er",
    'survey.show_weighting("w", "T", items=["nope"])': "'nope'",
    # numbers and published verdicts of a sentence
    'values.tell("X", "value.quality", differs="{oftere}", same="x", numbers={"c": '
    '("value.othr", "all")})': "Mente du »value.other«?",
    'values.tell("X", "value.quality", differs="{oftere}", same="x", numbers={"b": "x"})': "{b} er",
    'values.tell("X", "value.quality", text="{c}", numbers={"c": ("value.quality", "al")})': "'al'",
    'values.tell("X", "value.quality", text="{c}", numbers={"c": 3})': "numbers = {'c': 3} kan ikke",
    'novelty.tell("X", difference="{c}", same="x", numbers={"c": "nope"})': "'nope' er ikke i svaret",
    'values.tell("X", "value.quality", differs="{oftere}", same="x", published="Z9")': "'Z9' er ingen",
    'values.tell("X", "value.quality", differs="{oftere}", same="x", published=3)': "published = 3 er ingen publiceret afgørelse",
    # what cannot be drawn or compared
    'roles.draw_groups("x", "T")': "ingen grupper at tegne",
    'values.draw_shares("x", "T")': "Skriv en af dem som group=: politically_initiated",
    'values.draw_parts("x", "T", "value.quality", {"H": ["value.other"]})': "en af dem som group=",
    'roles.draw_balance("x", "T", [])': "rows = [] kan ikke bruges",
    'influence.draw_balance("x", "T", ["influence.legislation"], totals={"x": ["y"]}, '
    'group="innovative")': "totals skal have to variable for influence.legislation",
    'survey.compare("value", by="all")': "by = 'all' er alle",
    'survey.compare("value", by="innovative&reused")': "de øvrige har ikke ét navn",
    'survey.contrast("reused", "reused")': "one og other er begge 'reused'",
    'survey.shares("!!innovative")': "Et ! står foran et navn og kun én gang",
    'survey.shares("!")': "Et ! står foran et navn",
    'survey.shares("innovative", by="reused&")': "et & mellem to navne",
    # what is said is of what was asked
    'survey.quantiles("value")': "quantiles: 'value' er ikke en skala eller et tal",
    'survey.total("value")': "total: 'value'",
    'survey.ratio("value", "value")': "ratio: 'value'",
    'survey.boxes("valu")': "boxes: 'valu'",
    'survey.groups("value")': "'value' deler ikke svarene i grupper. Det gør sector (Sektor)",
    'survey.compare("value", by="region")': "dele er sector (Sektor), field (Fagområde)",
    'values.draw_distribution("g", "T")': "survey.compare('value.",
    # the bench
    'bench.look(["value"])': "item = ['value'] kan ikke bruges. Skriv et navn",
    'bench.look("value", part=3)': "part = 3 kan ikke bruges",
    'bench.look("value", measure="nope")': "Der er shares.",
    "bench.search(3)": "words = 3 kan ikke bruges",
    # a table where a name belongs, a name that is in no answer, and what has nothing beside it
    'values.draw_pairs("f", "T", first=values.table)': "first = AnswerTable kan ikke bruges",
    'check.show("x", "T", what=values.table, chapter="2")': "what = AnswerTable kan ikke bruges",
    "survey.shares(values)": "items = Answer kan ikke bruges",
    "survey.compares(3)": "answer = 3 kan ikke bruges",
    'survey.boxes("value", top=None)': "top = None kan ikke bruges. Skriv et helt antal point",
    'survey.quantiles("value", at=None)': "at = None kan ikke bruges. Skriv tal mellem 0 og 1",
    'survey.questions(kind="x")': "kind= kendes ikke. Skriv fx survey.questions(",
    'values.most_frequent("politically_initiated", besides=5)': "besides = 5 kan ikke bruges",
    'values.most_frequent("politically_initiated", besides="value.qualty")': "»value.quality«?",
    'novelty.draw_distribution("f", "T", left_out="novelty=frist")': "Mente du »novelty=first«?",
    'coverage.hold_against_next("innovative")': "Svaret har intet andet, der kan være",
    "values.table.draw_shares(5)": "table.draw_shares findes ikke. Det har survey.compare(…).",
    "values.table.shaer": "Mente du »share«?",
    'values.table["shaer"]': "table['shaer'] findes ikke. Mente du »share«?",
    'values.table["value.quality"]': """.table.query("item == 'value.quality'").""",
    'values.comparisons["nope"]': "table['nope'] findes ikke. Her er item, ",
    'check.table["verdct"]': "Mente du »verdict«?",
    "look.lines(values.table)": "lines: AnswerTable kendes ikke. Skriv sentence",
}


@cache
def open_shell():
    shell = InteractiveShell()
    assert shell.run_cell(SETUP, store_history=False).success
    return shell


def run_cell(source, capsys):
    """(the error of a cell, the lines that a notebook shows of it)."""
    shell = open_shell()
    capsys.readouterr()
    result = shell.run_cell(source, store_history=False)
    told = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    return result.error_in_exec, [line for line in told.splitlines() if line.strip()]


@pytest.mark.parametrize("call", MISUSED)
def test_a_call_that_cannot_be_answered_is_told_in_one_line_that_helps(call, capsys):
    error, lines = run_cell(call, capsys)
    assert isinstance(error, BarometerError), error
    assert len(lines) == 1 and MISUSED[call] in lines[0], lines


def test_every_function_that_a_chapter_can_call_is_misused_above():
    owners = {
        "survey": Survey,
        "values|novelty|roles|influence": barometer.door.answer.Answer,
        "check": barometer.door.passages.PublishedCheck,
    }
    lacking = [
        name
        for owner, one in owners.items()
        for name, member in vars(one).items()
        if callable(member) and not name.startswith("_")
        if not any(re.match(rf"({owner})\.{name}\(", call) for call in MISUSED)
    ]
    assert lacking == []


def test_every_thing_that_a_chapter_is_given_answers_for_what_it_lacks():
    open_shell()
    kinds = [one for one in _list_kinds(Handed) if one.__module__.startswith("barometer.")]
    assert {one.__name__ for one in kinds} >= {"Survey", "Rounds", "Told", "Seen", "Published"}
    for kind in kinds:
        thing = object.__new__(kind)
        assert thing and {*dir(thing)} == {*list_names_of(kind)} != set()
        for ask in (lambda one: one.nope, lambda one: one["x"], len, list):
            with pytest.raises(CallError, match=next(iter(list_names_of(kind)))):
                ask(thing)
    assert {"is_whole", "has_rest", "shares"} <= {*dir(object.__new__(Survey))}
    assert {"tell", "draw_line", "show_coverage"} <= {*dir(object.__new__(Published))}


def test_every_kind_of_argument_takes_or_refuses_whatever_it_is_given():
    table = pd.DataFrame({"a": [1, 2]})
    odd = [None, 3, 2.5, b"x", "", (), [], {}, {1: 2}, object(), len, table, table["a"].to_numpy()]
    for name, (form, fits) in KINDS.items():
        assert form and {bool(fits(one)) for one in odd} <= {True, False}, name
        assert not any(fits(one) for one in (object(), table)) or name == "title"


def test_a_refused_look_is_not_remembered():
    bench = Bench(open_shipped())
    with pytest.raises(RegistryError, match="nope"):
        bench.look("value", by="nope")
    assert bench.look().choice.by is None
    bench.look("innovative")
    looked = bench.look(by="sector")
    assert (looked.choice.items, looked.choice.by) == ("innovative", "sector")


def test_an_error_of_the_program_itself_keeps_its_traceback(capsys):
    error, lines = run_cell("1 / 0", capsys)
    assert isinstance(error, ZeroDivisionError) and len(lines) > 3


def list_errors(error):
    return [error, *(one for below in error.__subclasses__() for one in list_errors(below))]


def test_every_error_of_the_program_stands_in_the_tree_that_is_drawn():
    import barometer.document.markdown
    import barometer.drafting.deciding
    import barometer.publishing.publish
    import barometer.releases.standing
    import barometer.run.reports
    import barometer.synthesis.sampling
    import barometer.tools.collecting
    import barometer.verify.changes
    import barometer.verify.unreleased  # noqa: F401

    drawn = set(re.findall(r"[├└]── (\w+)", BarometerError.__doc__))
    ours = {
        one.__name__
        for one in list_errors(BarometerError)
        if one.__module__.startswith("barometer.")
    }
    assert drawn == ours - {"BarometerError"}
