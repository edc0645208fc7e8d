"""Every function that a chapter can call is called with a misspelt name, a wrong type and no
argument: each time one line says what to write.
"""

import re
from functools import cache

import pytest
from IPython.core.interactiveshell import InteractiveShell

import barometer.door.answer
import barometer.door.passages
from barometer.errors import BarometerError
from barometer.survey import Survey

SETUP = """
import barometer
from barometer import open_survey
survey = open_survey()
values = survey.compare("value", by="initiation")
novelty = survey.compare("novelty", by="initiation")
roles = survey.shares(["innovative", "reused"])
influence = survey.shares("influence.legislation", by="innovative")
check = survey.check_published()
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
