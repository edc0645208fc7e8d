"""A file of answers becomes a project, and the project a report, by the commands alone."""

import re

import pytest

from tests.make.answers import make_answers, make_texts, write_sav
from tests.make.projects import call, tell_contact

pytestmark = pytest.mark.slow


def test_a_file_of_spss_becomes_reports_with_every_number_accounted_for(tmp_path):
    path, target = write_sav(tmp_path / "answers.sav"), tmp_path / "project"
    code, told = call("new", target, "--from", path, cwd=tmp_path)
    assert code == 2 and "--weight wgt" in told and not target.exists()
    code, told = call("new", target, "--from", path, "--accept", cwd=tmp_path)
    assert code == 0 and "beslutninger.md" in told, told
    code, told = call("run", "--strict", cwd=target / "notebooks")
    assert code == 2 and "contact" in told and "reviewed" in told, told
    tell_contact(target)
    code, told = call("run", "--strict", cwd=target / "notebooks")
    assert code == 0 and re.search(r"gjort rede for alle \d+ tal", told), told
    assert {"all", "nord", "syd"} <= {path.name for path in (target / "outputs").iterdir()}


def test_a_drafted_chapter_is_sealed_and_published(tmp_path):
    path, target = tmp_path / "answers.sav", tmp_path / "project"
    write_sav(path, make_answers(600))
    assert call("new", target, "--from", path, "--accept", cwd=tmp_path)[0] == 0
    for words in (
        ("02_sammen", "--questions", "q1,q3,q4", "--by", "part"),
        ("03_mere", "--questions", "q3,q4", "--by", "asked_q2"),
    ):
        code, told = call("draft", *words, cwd=target)
        assert code == 0, told
    assert call("seal", cwd=target)[0] == 0
    # a strict run needs a certificate of every suppressed cell, which is not always found in time
    code, told = call("run", cwd=target)
    assert code == 0 and "gjort rede for alle" in told, told
    page = (target / "outputs" / "all" / "report.html").read_text(encoding="utf-8")
    assert "Sammen" in page and "Svarene er" in page


def test_a_form_without_weights_or_strata_becomes_a_report(tmp_path):
    path, target = tmp_path / "form.xlsx", tmp_path / "project"
    make_texts().drop(columns=["Vægt", "Løbenummer"]).to_excel(path, index=False)
    code, told = call("new", target, "--from", path, "--title", "Prøven", cwd=tmp_path)
    assert code == 0 and "vægt: ingen" in told, told
    tell_contact(target)
    code, told = call("run", "--strict", cwd=target)
    assert code == 0, told
    made = {path.parent.name for path in (target / "outputs").glob("*/report.html")}
    assert made == {"all"}  # the only part that there is would have the same report


def test_what_is_wrong_leaves_nothing_behind(tmp_path):
    path, target = write_sav(tmp_path / "answers.sav"), tmp_path / "project"
    target.mkdir()
    (target / "kept.txt").write_text("mine", encoding="utf-8")
    code, told = call("new", target, "--from", path, "--accept", cwd=tmp_path)
    assert code == 2 and "findes allerede" in told
    assert [one.name for one in target.iterdir()] == ["kept.txt"]
    code, told = call("new", tmp_path / "other", "--from", tmp_path / "none.sav", cwd=tmp_path)
    assert code == 2 and "none.sav" in told and not (tmp_path / "other").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["answers.sav", "project"]
