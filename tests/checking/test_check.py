"""Every fault of a survey's files is found in one go, and written for whoever is to mend it."""

import json

import pytest

from barometer.checking.command import main
from barometer.checking.finding import find_faults, find_unlike_rounds
from barometer.checking.writing import write_page, write_report, write_text
from tests.make.small_survey import REGISTRY, make_survey


@pytest.fixture
def folder(tmp_path):
    """A survey that is sealed and right."""
    return make_survey(tmp_path)


def change(path, old, new, count=1):
    """Another text in a file, which is not sealed afterwards."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), encoding="utf-8")


def test_a_survey_that_is_right_has_no_fault_sealed_or_not(folder):
    assert find_faults(folder).faults == ()
    change(folder / "questionnaire.yaml", "Har I noget på vej?", "Er noget på vej?")
    assert find_faults(folder).faults == ()


def test_faults_of_several_files_are_found_at_once(folder):
    change(folder / "cards.yaml", '"rows": 1', '"rows": 91')
    change(folder / "microdata.csv", "yes", "jaja")
    told = write_text(find_faults(folder))
    assert "antallet af rækker" in told and "svar uden for listen" in told
    assert "jaja" not in told and told.endswith("2 fejl\n")


def test_ids_are_on_the_page_and_in_the_report_only_where_asked_for(folder):
    change(folder / "microdata.csv", "yes", "jaja")
    found = find_faults(folder)
    (fault,) = [one for one in found.faults if "uden for listen" in one.problem]
    assert fault.ids
    for write in (write_page, lambda *a: write_report(a[0], "2024-01-01T00:00:00Z", "B", *a[1:])):
        assert fault.ids[0] not in write(found)
        assert fault.ids[0] in write(found, True)


def test_the_report_has_the_fields_of_the_structure_and_a_value_for_each_file(folder):
    change(folder / "microdata.csv", "yes", "jaja")
    entries = json.loads(write_report(find_faults(folder), "2024-01-01T00:00:00Z", "Barometer"))
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        assert entry["type"] == "validation" and entry["value"] in ("0", "1")
        assert {"time", "actor", "agent", "trigger"} == entry["event"].keys()
        assert {"language", "expression", "severity"} <= entry["rule"].keys()
        assert entry["rule"]["severity"] == "error"
        for part in ("source", "target"):
            assert all(len(cell) == 4 for cell in entry["data"][part]) and entry["data"][part]
    values = {entry["data"]["description"]: entry["value"] for entry in entries}
    assert values["microdata.csv"] == "0" and values["population.csv"] == "1"


def test_a_page_escapes_what_a_file_says(folder):
    change(folder / "cards.yaml", "Lille undersøgelse", "<script>alert(1)</script>")
    change(folder / "microdata.csv", "yes", "jaja")
    page = write_page(find_faults(folder))
    assert "<script>" not in page and "<h2>microdata.csv</h2>" in page


def test_fix_mends_spaces_and_capitals_and_no_answer(folder, capsys):
    path = folder / "microdata.csv"
    before = path.read_text(encoding="utf-8")
    change(path, "underway", " Underway ")
    change(path, "yes", " yes ")
    change(path, "dont_know", "dontknow")
    assert main([str(folder)]) == 1
    assert main([str(folder), "--fix"]) == 1
    told = capsys.readouterr().out
    assert "kolonnenavne er skrevet som i registret" in told and "fjernet" in told
    assert path.read_text(encoding="utf-8") == before.replace("dont_know", "dontknow", 1)


def test_the_command_writes_page_and_report_and_says_by_its_code_whether_all_is_well(
    folder, tmp_path, capsys
):
    page, report = tmp_path / "p.html", tmp_path / "p.json"
    assert main([str(folder), "--page", str(page), "--json", str(report)]) == 0
    assert {one["value"] for one in json.loads(report.read_text(encoding="utf-8"))} == {"1"}
    change(folder / "microdata.csv", "yes", "jaja")
    assert main([str(folder), "--page", str(page), "--json", str(report)]) == 1
    assert "svar uden for listen" in page.read_text(encoding="utf-8")
    assert "1 fejl" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_one_line(tmp_path, capsys):
    assert main([str(tmp_path / "nowhere")]) == 1
    told = capsys.readouterr()
    assert "nowhere" in told.out + told.err


def test_a_check_tells_what_is_another_in_a_round_than_in_the_one_before(tmp_path):
    newest = make_survey(tmp_path / "round2", registry=REGISTRY.replace("round: 1", "round: 2"))
    make_survey(tmp_path / "round1")
    change(newest / "cards.yaml", '"title"', '"rounds": ["round1"], "title"')
    assert find_faults(newest).faults == ()
    for name, old, new in [
        ("round2", "Har I noget på vej?", "Er noget på vej?"),
        ("round1", 'internal: "Ja, internt"', 'own: "Ja, internt"'),
        ("round1", "evaluated=external|internal", "evaluated=external|own"),
        ("round1", "[evaluated=internal]", "[evaluated=own]"),
        ("round2", "asked: was_evaluated", "asked: innovative"),
        ("round2", "small: Få ansatte", "small: Få ansatte, middle: Nogle ansatte"),
    ]:
        change(tmp_path / name / "questionnaire.yaml", old, new)
    problems = [one.problem for one in find_unlike_rounds(newest)]
    for told in (
        "underway har en anden ordlyd i runde 2 end i runde 1",
        "evaluated har andre svar i runde 2 end i runde 1",
        "purpose har en anden form eller en anden kreds af spurgte i runde 2 end i runde 1",
        "size har andre dele i runde 2 end i runde 1 (middle)",
    ):
        assert told in problems
    (tmp_path / "round1" / "questionnaire.yaml").write_text("{", encoding="utf-8")
    assert "runden i round1 kan ikke læses" in write_text(find_faults(newest))
