"""Surveys that are not the shipped one go from their file to reports by the commands alone, and
their numbers are R's.
"""

import csv
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import pyreadstat
import pytest

from barometer import paths
from barometer.codebook.reading import read_codebook
from barometer.data.variables import list_scales
from barometer.drafting.grouping import make_code
from barometer.exploring import choosing
from barometer.exploring.bench import Bench
from barometer.files.texts import make_name
from barometer.forms import QUANTILES
from barometer.numbers.means import estimate_means
from barometer.numbers.quantities import estimate_numbers
from barometer.statistics.estimates import estimate_shares
from barometer.survey import open_planned
from tests.codebook.test_schema import list_faults
from tests.make.attacker import read_words
from tests.make.projects import call, tell_contact
from tests.surveys import DATA

pytestmark = pytest.mark.slow

PARTS = {"0": "all", "1": "central_government", "2": "health_boards", "3": "local_councils"}


@pytest.fixture(scope="module")
def make(tmp_path_factory):
    """A function that makes a project of a file of `DATA`, and its reports by a strict run."""

    def make_project(name, *options, strict=True):
        folder = tmp_path_factory.mktemp("survey")
        target = folder / "project"
        code, told = call("new", target, "--from", DATA / name, *options, cwd=folder)
        assert code == 0, told
        tell_contact(target)
        code, told = call("run", *(["--strict"] if strict else []), cwd=target)
        assert code == 0 and re.search(r"gjort rede for alle [\d.]+ tal", told), told
        return target

    return make_project


@pytest.fixture(scope="module")
def barometer(make):
    return make("barometer.sav", "--accept", "--title", "Innovation in public services")


@pytest.fixture(scope="module")
def customers(make):
    return make("customers.csv", "--id", "Kundenr", "--weight", "Vægt", "--title", "Kunderne")


@pytest.fixture(scope="module")
def yrbs(make):
    return make("yrbs.csv", "--accept")


def open_project(target):
    folder = next((target / "data").iterdir())
    served = paths.ROOT
    paths.serve_project(target)
    try:
        return open_planned(str(folder))
    finally:
        paths.serve_project(served)


def list_expected(survey):
    with (DATA / "expected.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["survey"] == survey]


def compare(survey, rows, name_item, name_group):
    """Each row of R's beside ours: share, error, and the limits of the interval."""
    for row in rows:
        table = estimate_shares(survey, [name_item(row)], [name_group(row)]).table
        found = table.iloc[0]
        numbers = [float(row[name]) for name in ("share", "se", "low", "high")]
        assert found["n"] == int(row["n"]), row
        assert [found[name] for name in ("share", "se", "low", "high")] == pytest.approx(
            numbers, rel=1e-9
        ), row


def test_another_country_s_barometer_in_clusters_has_r_s_numbers_in_each_of_its_sectors(barometer):
    survey = open_project(barometer)
    assert survey.cards["clusters"]

    def name_item(row):
        question, code = row["question"].lower(), row["code"]
        if question.startswith("q2"):
            return f"q2.{question[2:]}" if code == "1" else f"!q2.{question[2:]}"
        if question.startswith("q3"):
            return f"q3.{question[3:]}={code}"
        return f"{question}={code}"

    def name_group(row):
        return "all" if row["part"] == "0" else f"sector={PARTS[row['part']]}"

    rows = [row for row in list_expected("barometer") if "!" not in name_item(row)]
    assert len(rows) > 150
    compare(survey, rows, name_item, name_group)


def test_another_country_s_barometer_has_a_report_for_each_sector_with_its_own_words(barometer):
    made = {path.parent.name for path in (barometer / "outputs").glob("*/report.html")}
    assert made == {*PARTS.values()}
    page = (barometer / "outputs" / "health_boards" / "report.html").read_text(encoding="utf-8")
    assert "Health boards" in page and "Who took part?" in page
    assert "arbejdsplads" not in page and "Staten" not in page


@pytest.mark.parametrize("survey", ["barometer", "customers"])
def test_what_people_wrote_is_in_no_file_of_the_project(survey, request):
    target = request.getfixturevalue(survey)
    written = ("see me", "Fin betjening", "Ventede længe")
    files = [path for path in target.rglob("*") if path.is_file()]
    assert {".pdf", ".xlsx", ".csv", ".html"} <= {path.suffix for path in files}
    for path in files:
        found = [text for text in written if text in read_all(path)]
        assert not found, path


@pytest.mark.parametrize("survey", ["barometer", "customers"])
def test_codebooks_of_other_surveys_are_valid_and_ours_reads_them(survey, request):
    target = request.getfixturevalue(survey)
    code, told = call("codebook", "--output", target / "book.xml", cwd=target)
    assert code == 0, told
    books = [target / "book.xml", *target.glob("outputs/*/data/codebook.xml")]
    assert len(books) > 1
    for book in books:
        assert list_faults(book.read_bytes()) == [] and read_codebook(book).titles, book


def read_all(path):
    """The words of a file of any kind, those of a workbook's parts too."""
    if path.suffix == ".pdf":
        return read_words(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return "".join(packed.read(name).decode(errors="ignore") for name in packed.namelist())
    return path.read_bytes().decode(errors="ignore")


def test_a_spreadsheet_of_customers_with_normalised_weights_has_r_s_numbers(customers):
    survey = open_project(customers)
    names = {question.text: question.id for question in survey.registry.questions.values()}

    def name_item(row):
        code = "no_answer" if row["code"] == "Intet svar" else make_code(row["code"])
        return f"{names[row['question']]}={code}"

    rows = [row for row in list_expected("customers") if row["question"] in names]
    assert len(rows) > 20
    compare(survey, rows, name_item, lambda row: "all")


def test_a_spreadsheet_s_scales_are_in_their_order_in_the_report(customers):
    question = make_name("Hvor tilfreds er du alt i alt?")
    rows = (customers / "outputs" / "all" / "numbers.csv").read_text(encoding="utf-8-sig")
    shown = [
        row["label"]
        for row in csv.DictReader(rows.splitlines())
        if row["item"].startswith(f"{question}=") and row["part"] == "picture"
    ]
    order = ["Meget tilfreds", "Tilfreds", "Hverken eller", "Utilfreds", "Meget utilfreds"]
    assert list(dict.fromkeys(shown)) == order
    text = (customers / "outputs" / "all" / "report.html").read_text(encoding="utf-8")
    text = text[text.index("alt i alt?") :]
    places = [text.index(f">{label}<") for label in order]
    assert all(one < other for one, other in pairwise(places))


def test_a_public_survey_in_clusters_has_its_published_share(yrbs):
    """81.4 per cent (77.0-85.1) of those who had cycled rarely or never wore a helmet: CDC."""
    survey = open_project(yrbs)
    (row,) = list_expected("yrbs")
    answered = estimate_shares(survey, ["qn8=1"]).table.iloc[0]
    published = [81.4, 77.0, 85.1]
    assert [round(100 * answered[name], 1) for name in ("share", "low", "high")] == published
    for name in ("share", "se", "low", "high"):
        assert answered[name] == pytest.approx(float(row[name]), rel=1e-9)


LIMITS = """limits:
  smallest_count: {value: 5, reason: Personer, source: Arbejdspladsens regler}
"""


@pytest.fixture(scope="module")
def employees(tmp_path_factory):
    """A project of persons, of whom no fewer than five may be told of, with a chapter by department
    and reports on each division and department.
    """
    folder = tmp_path_factory.mktemp("survey")
    target = folder / "project"
    options = ("--weight", "wt", "--strata", "department", "--id", "id")
    source = ("new", target, "--from", DATA / "employees.sav")
    code, told = call(*source, *options, "--replicates", "rep01-rep20", cwd=folder)
    assert code == 0, told
    cards = target / "data" / "employees" / "cards.yaml"
    cards.write_text(cards.read_text(encoding="utf-8") + LIMITS, encoding="utf-8")
    tell_contact(target)
    draft = ("draft", "02_departments", "--questions", "hours,seniority", "--by", "department")
    for words in (draft, ("seal", "data/employees"), ("run", "--strict")):
        code, told = call(*words, cwd=target)
        assert code == 0, told
    assert re.search(r"gjort rede for alle [\d.]+ tal", told), told
    return target


def test_an_employee_survey_has_r_s_means_totals_ratios_and_quantiles(employees):
    survey = open_project(employees)
    assert survey.cards["replicates"]["method"] == "JK1" and survey.limits.smallest_count == 5
    kinds = {name: one.kind for name, one in survey.registry.questions.items()}
    assert kinds == {"q1": "scale", "q2": "scale", "hours": "number", "seniority": "number"}
    divisions = dict(zip("0123", ("all", *DIVISIONS), strict=True))
    names = {"q1a": "q1.a", "q1b": "q1.b", "q1c": "q1.c"}
    rows = list_expected("employees")
    assert len(rows) == 44
    for row in rows:
        group = divisions[row["part"]]
        group = group if group == "all" else f"division={group}"
        found = find_number(survey, names.get(row["question"], row["question"]), row["code"], group)
        assert found["n"] == int(row["n"]), row
        for name in ("share", "se", "low", "high"):
            assert found[name] == pytest.approx(float(row[name]), rel=1e-9), (row, name)


DIVISIONS = ("children", "roads", "care")


def find_number(survey, name, code, group):
    one = survey.registry.questions[name.partition(".")[0]]
    (variable,) = [rest[0] for item, rest in list_scales(one).items() if item == name]
    scale = survey.scale(variable)
    if one.kind == "scale":
        return estimate_means(survey, {variable: scale}, [group]).table.iloc[0]
    statistic = QUANTILES[float(code)] if code[:1] == "0" else code
    below = survey.scale("seniority=given").values if code == "ratio" else None
    quantity = replace(scale, statistic=statistic, below=below)
    return estimate_numbers(survey, variable, quantity, [group]).table.iloc[0]


def test_departments_lie_in_divisions_and_have_reports_of_their_own(employees):
    made = {path.parent.name for path in (employees / "outputs").glob("*/report.html")}
    assert {"all", *DIVISIONS} <= made
    code, told = call("run", "--department", "parks", cwd=employees)
    assert code == 0, told
    rows = read_numbers(employees / "outputs" / "all-department-parks" / "numbers.csv")
    labels = {row["group_label"] for row in rows if row["group"].startswith("department=")}
    assert labels <= {"Parks"}
    rows = read_numbers(employees / "outputs" / "roads" / "numbers.csv")
    labels = {row["group_label"] for row in rows if row["group"].startswith("department=")}
    assert {"Paving", "Parks"} <= labels <= {"Paving", "Parks", "Paving / Parks"}


def test_who_gave_no_answer_is_not_in_the_base_and_is_said(employees):
    survey = open_project(employees)
    row = estimate_shares(survey, ["q2=10"]).table.iloc[0]
    answers = survey.variables.answers
    assert row["n"] == (answers["q2"] != "no_answer").sum() < len(answers)
    refused = (answers["hours"] == "-9").sum()
    page = (employees / "outputs" / "all" / "report.html").read_text(encoding="utf-8")
    assert refused and f"{refused} har ikke svaret med et tal og er ikke medregnet" in page


SECTORS = re.compile(r"(?<![a-z])se[ck]tor(?:s|er|erne)?(?![a-z])", re.I)


def test_a_survey_without_sectors_meets_the_word_in_no_file_and_in_no_message(employees):
    """The words of every file, and what commands say of what can be written and what cannot."""
    files = [path for path in employees.rglob("*") if path.is_file()]
    kinds = {".pdf", ".xlsx", ".csv", ".html", ".ipynb", ".yaml", ".json", ".xml", ".px"}
    assert kinds <= {path.suffix for path in files}
    texts = {str(path): f"{path.name} {read_all(path)}" for path in files}
    for words in (
        ("run", "--help"),
        ("run", "--sectors", "x"),
        ("run", "--division", "x", "--each", "y"),
        ("draft", "09_x", "--questions", "q2", "--by", "x"),
        ("check",),
    ):
        texts[" ".join(words)] = call(*words, cwd=employees)[1].replace("--sectors", "")
    assert [name for name, text in texts.items() if SECTORS.search(text)] == []


def read_numbers(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_the_bench_shows_all_that_can_be_asked_of_a_survey_nobody_prepared(employees, yrbs):
    """Each question, row and variable by everything and in a part, in each measure."""
    assert (employees / "notebooks" / "explore.ipynb").is_file()
    asked = 0
    for project in (employees, yrbs):
        survey = open_project(project)
        bench, registry = Bench(survey), survey.registry
        part = {registry.first: next(iter(registry.background[registry.first]["answers"]))}
        for name in [*bench.search()][:20]:
            crossings = choosing.list_crossings(registry, choosing.Choice(name))
            for measure in choosing.list_measures(registry, name):
                for by in (None, *[*crossings][:2]):
                    seen = bench.look(name, by=by, measure=measure, part=part if not by else None)
                    assert "<table" in seen._repr_html_() and seen.lines("table")
                    asked += 1
    assert asked > 40
    seen = Bench(open_project(employees)).look("hours", by="division")
    assert "draw_means" in seen.lines("figure") and "gennemsnit" in seen.lines("sentence").lower()


FAULTS = (
    "RespID: løbenummeret mangler i 1 række;",
    "RespID: løbenummeret står flere gange i 2 rækker;",
    "stratum: stratum mangler i 3 rækker;",
    "wt_final: vægten mangler, er ikke et tal eller er ikke over nul i 3 rækker;",
    "psu_id: klyngen mangler i 1 række;",
    "SECTOR: koden 7 har ingen tekst i 1 række;",
    "SECTOR: svaret mangler eller er et andet end resten af stratummets i 2 rækker;",
    "Q2a, Q2b, Q2c, Q2d: der er svaret af nogen, som ikke blev spurgt (ikke Q1 = 1) i 4 rækker;",
    "Q2a, Q2b, Q2c, Q2d: »None of these« er svaret sammen med andet i 2 rækker;",
    "Q3_1: koden 9 har ingen tekst i 2 rækker;",
    "Q4: tallet er under nul i 1 række;",
)


def spoil(table):
    """A supplier's faults, each in its own rows."""
    wrong = table.copy()
    wrong.loc[5, "RespID"], wrong.loc[6, "RespID"] = wrong.loc[4, "RespID"], None
    wrong.loc[[7, 8], "wt_final"], wrong.loc[9, "wt_final"] = None, -1
    wrong.loc[[10, 11, 12], "stratum"], wrong.loc[13, "psu_id"] = None, None
    wrong.loc[14, "SECTOR"], wrong.loc[15, "SECTOR"] = 7, None
    wrong.loc[[16, 17], "Q3_1"], wrong.loc[19, "Q4"] = 9, -5
    wrong.loc[wrong.index[wrong.Q1 == 2][:3], "Q2a"] = 1
    wrong.loc[wrong.index[wrong.Q1 == 1][:2], ["Q2a", "Q2d"]] = 1
    wrong.loc[wrong.index[wrong.Q1 == 1][5], "Q1"] = None
    return wrong


def test_a_file_with_a_supplier_s_faults_is_refused_with_all_of_them_and_accepted_when_mended(
    tmp_path, make
):
    table, meta = pyreadstat.read_sav(DATA / "barometer.sav", user_missing=True)
    table.loc[table.Q2d == 1, ["Q2a", "Q2b", "Q2c"]] = 0
    words = {
        "column_labels": meta.column_names_to_labels,
        "variable_value_labels": meta.variable_value_labels,
    }
    pyreadstat.write_sav(spoil(table), str(tmp_path / "a.sav"), **words)
    target = tmp_path / "project"
    code, told = call("new", target, "--from", tmp_path / "a.sav", "--accept", cwd=tmp_path)
    assert code == 2 and not target.exists()
    for fault in FAULTS:
        assert re.search(rf"a\.sav, kolonne {re.escape(fault)} \w+", told), (fault, told)
    assert f"{len(FAULTS)} fejl" in told
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"), **words)
    code, told = call("new", target, "--from", tmp_path / "a.sav", "--accept", cwd=tmp_path)
    assert code == 0, told


def test_what_can_hardly_be_meant_is_taken_as_it_is_where_a_person_says_so(tmp_path):
    table, meta = pyreadstat.read_sav(DATA / "barometer.sav", user_missing=True)
    table.loc[[16, 17], "Q3_1"] = 9
    words = {
        "column_labels": meta.column_names_to_labels,
        "variable_value_labels": meta.variable_value_labels,
    }
    pyreadstat.write_sav(table, str(tmp_path / "a.sav"), **words)
    named = ("new", tmp_path / "project", "--from", tmp_path / "a.sav", "--accept")
    assert call(*named, cwd=tmp_path)[0] == 2
    code, told = call(*named, "--as-is", cwd=tmp_path)
    assert code == 0, told
