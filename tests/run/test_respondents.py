"""How many answered passes the gate like any other count, wherever it stands."""

import re
import zipfile
from dataclasses import replace

import numpy as np
import pikepdf
import pytest
from scipy.optimize import linprog

from barometer.disclosure.plan import Plan, make_plan
from barometer.document.imprint import describe_report, read_front
from barometer.sentences.facts import tell_facts
from barometer.survey import open_survey
from barometer.tools.seal import seal_survey
from tests.conftest import run_without_certificate
from tests.make import small_survey
from tests.make.asked import make_carded, plan_asked, seal_shipped
from tests.make.attacker import WIDTH, find_secrets, read_words
from tests.make.thinned import make_thinned

SECTORS = ("state", "region", "municipality")
MARK = "[c]"


def open_two(folder):
    """Eleven respondents, of them two regional: one was left out."""
    rows = [
        [row[0], row[1], "15", *row[3:]] if row[1] == "region-large" else row
        # the two stand for the stratum's thirty units
        for row in small_survey.ROWS
        if row[0] != "r04"
    ]
    return seal_bare(folder, rows=rows)


def seal_bare(folder, **parts):
    """The tiny survey, planned for nothing but what every report tells."""
    seal_survey(make_carded(folder, **parts), plan=plan_asked())
    return str(folder)


def find_range(told, sector):
    """The least and most respondents of a sector, for whoever reads what each report tells of its
    own.
    """
    rows, values = [], []
    for domain, shown in told.items():
        if shown != MARK:
            rows.append([1.0 if domain in ("all", one) else 0.0 for one in SECTORS])
            values.append(int(shown.replace(".", "")))
    goal = np.array([float(one == sector) for one in SECTORS])
    least, most = (linprog(side * goal, A_eq=np.array(rows), b_eq=values) for side in (1, -1))
    return least.fun, -most.fun


def test_a_sector_of_two_is_not_counted_in_its_imprint_nor_by_what_the_other_reports_count(
    tmp_path,
):
    folder = open_two(tmp_path / "s")
    told = {
        domain: open_survey(folder, domain).describe()["respondents"]
        for domain in ("all", *SECTORS)
    }
    assert told["region"] == MARK
    assert list(told.values()).count(MARK) > 1  # the whole less the others would give it back
    low, high = find_range(told, "region")
    assert high - low >= WIDTH


def test_with_three_in_each_sector_everybody_is_counted(tmp_path):
    folder = seal_bare(tmp_path / "s")
    told = [open_survey(folder, domain).describe()["respondents"] for domain in ("all", *SECTORS)]
    assert told == ["12", "3", "3", "6"]


def test_how_many_answered_in_each_part_of_the_sector_is_in_the_plan(tmp_path):
    survey = open_survey(open_two(tmp_path / "s"))
    assert {("all", "all", domain) for domain in ("all", *SECTORS)} <= survey.plan.scope
    assert survey.plan.closed["all", "all", "region"] == "base"


def test_a_domain_that_the_plan_does_not_cover_is_not_counted(tmp_path):
    assert open_survey(open_two(tmp_path / "s")).count_respondents("field=health").shown == MARK


def test_the_imprint_says_what_the_mark_means(tmp_path):
    front = {"author": "A", "title": "T", "subtitle": "U", "synthetic_mark": "S"}
    about = open_survey(open_two(tmp_path / "s"), "region").describe()
    meta = describe_report(read_front(front), about)
    assert ["Svar i rapporten", "[c] (vises ikke af hensyn til fortrolighed)"] in meta["facts"]


def test_a_passage_on_the_survey_tells_no_closed_number_of_respondents(tmp_path, monkeypatch):
    survey = open_survey(open_two(tmp_path / "s"))
    assert "11 svar" in str(tell_facts("R", survey, synthetic="Der er {svar} svar."))
    monkeypatch.setitem(survey.plan.closed, ("all", "all", "all"), "secondary")
    sentence = tell_facts("R", survey, synthetic="Der er {svar} svar.")
    assert str(sentence) == "Hvor mange der har svaret, vises ikke af hensyn til fortrolighed."
    assert sentence.trace == ()


def test_a_plan_of_nothing_but_respondents_can_be_made(tmp_path):
    """Nothing asked for, nothing published: no question stands behind the cells."""
    survey = open_survey(open_two(tmp_path / "s"))
    bare = replace(survey, published=survey.published.iloc[:0], plan=Plan())
    assert make_plan(bare, {}).closed.keys() >= {("all", "all", "region")}


def read_all(path):
    """The words of a published file, and of its properties."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as packed:
            return " ".join(
                re.sub(r"<[^>]+>", " ", packed.read(name).decode()) for name in packed.namelist()
            )
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            return read_words(path) + str(dict(pdf.docinfo.items()))
    return read_words(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kept",
    [{"state": 60, "region": 2, "municipality": 90}, {"state": 3, "region": 3, "municipality": 6}],
    ids=["two regional", "twelve"],
)
def test_no_file_of_any_report_counts_a_closed_sector(tmp_path, kept):
    folder = make_thinned(tmp_path / "survey", kept)
    seal_shipped(folder)
    told = {
        domain: open_survey(str(folder), domain).describe()["respondents"]
        for domain in ("all", *SECTORS)
    }
    run_without_certificate(tmp_path / "outputs", data=str(folder))
    closed = open_survey(str(folder)).plan.closed
    for sector, n in kept.items():  # three may be counted, if nothing else gives them away
        closing = closed.get(("all", "all", sector))
        assert (closing == "base") == (n < 3), sector
        assert (told[sector] == MARK) == (closing is not None), sector
    for domain, shown in told.items():
        page = (tmp_path / "outputs" / domain / "report.html").read_text(encoding="utf-8")
        counted = re.search(r"Svar i rapporten</dt><dd>([^<]*)", page)[1]
        assert counted.split(" (")[0] == shown
        rows = (
            (tmp_path / "outputs" / domain / "numbers.csv").read_text(encoding="utf-8").splitlines()
        )
        imprint = next(row for row in rows if row.startswith(",_udgave"))
        assert imprint.split(",")[3] == shown and imprint.split(",")[11] == shown.replace(
            MARK, ""
        ).replace(".", "")
        if shown == MARK:
            for path in (tmp_path / "outputs" / domain).rglob("*"):
                if path.is_file() and path.suffix != ".png":
                    pattern = (
                        rf"Svar i rapporten\W+{kept[domain]}\b|(?:har|kom) {kept[domain]} svar\b"
                    )
                    assert not re.search(pattern, read_all(path)), path
    assert all(
        high - low >= WIDTH
        for low, high in (
            find_range(told, one) for one in told if told[one] == MARK and one != "all"
        )
    )
    _, secrets = find_secrets(tmp_path / "outputs")
    assert secrets == {}
