"""The certificate that a run makes, and what is said of it."""

import json
import re
import shutil
from math import ceil

import pytest

from barometer.proofs import moving
from barometer.proofs.command import MOST, list_unproved, prove
from barometer.tools.prove import main
from barometer.verify.certificate import CERTIFICATE, check_folder
from barometer.verify.claims import (
    NUMBERS,
    STRUCTURE,
    Report,
    read_published,
    read_rows,
)
from tests.proofs.test_certificate import publish, publish_pair, read_certificate


def publish_open(folder):
    """A report of which nothing is suppressed."""
    return publish(folder, "all", ("all", "all", "20", 20), ("novelty=first", "all", "50 %", 20))


def publish_one(folder):
    """One suppressed answer, which its row gives back."""
    return publish(
        folder,
        "all",
        ("all", "all", "20", 20),
        ("novelty=first", "all", "50 %", 20),
        ("novelty=inspired", "all", "20 %", 20),
        ("novelty=copy", "all", "[c]", ""),
        ("novelty=dont_know", "all", "20 %", 20),
    )


def test_a_folder_with_nothing_suppressed_has_a_certificate_that_says_so(tmp_path):
    folder = publish_open(tmp_path / "outputs")
    proof = prove(folder)
    assert proof == {"proved": 0, "closed": 0, "surveys": 0, "faults": []}
    content, _ = read_certificate(folder / CERTIFICATE)
    assert content["surveys"] == [] and "Ingen celle" in content["about"]
    assert [*list_unproved(proof | {"apart": []})] == [
        "Beviset: Ingen celler er lukket af hensyn til fortrolighed."
    ]
    # and it is no proof of a folder in which something is
    path = folder / "all" / NUMBERS
    path.write_text(path.read_text("utf-8").replace("50 %", "[c]"), encoding="utf-8")
    assert any("ikke bevist" in fault for fault in check_folder(folder)[2])


def test_each_cell_without_a_proof_is_told_with_why_and_ends_with_1(tmp_path, capsys):
    folder = publish_one(tmp_path / "outputs")
    assert main([str(folder)]) == 1
    told = capsys.readouterr().out
    assert told.startswith(
        "Beviset: At de ikke kan regnes ud, er bevist for 0 af 1 lukkede celler."
    )
    assert "novelty=copy / all / all: ikke bevist. Cellen kan være regnet ud." in told


def test_where_no_survey_is_found_it_is_not_said_that_a_cell_may_be_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(moving, "STARTS", 0)
    proof = prove(publish_pair(tmp_path / "outputs"))
    assert proof["closed"] == 2 and proof["surveys"] == 0
    assert all("siger intet om" in fault for fault in proof["faults"])


def test_a_search_that_ends_by_its_limit_says_so_and_one_that_may_take_longer_begins_anew(tmp_path):
    folder = publish_pair(tmp_path / "outputs")
    proof = prove(folder, None, 0)
    assert proof["proved"] == 0 and proof["closed"] == 2
    assert all("Grænsen for, hvor længe" in fault for fault in proof["faults"])
    before = (folder / CERTIFICATE).read_bytes()
    assert prove(folder, None, 0) == proof and (folder / CERTIFICATE).read_bytes() == before
    assert prove(folder)["faults"] == []
    # and what is proved is kept, however little may be searched
    whole = (folder / CERTIFICATE).read_bytes()
    assert prove(folder, None, 0)["faults"] == [] and (folder / CERTIFICATE).read_bytes() == whole


def test_the_same_numbers_have_the_same_certificate_whatever_lay_there_before(tmp_path):
    cold = publish_pair(tmp_path / "cold")
    warm = publish_one(tmp_path / "warm")
    prove(warm)
    shutil.rmtree(warm / "all")
    publish_pair(warm)
    prove(cold)
    prove(warm)
    assert (cold / CERTIFICATE).read_bytes() == (warm / CERTIFICATE).read_bytes()


def test_a_report_over_other_data_is_not_in_it_and_is_named(tmp_path):
    folder = publish_pair(tmp_path / "outputs")
    publish(folder, "state", ("all", "all", "90", 90))  # more than there are in the whole
    proof = prove(folder, ["all"])
    assert proof == {"proved": 2, "closed": 2, "surveys": proof["surveys"], "faults": []}
    assert [fault.partition(" er ")[0] for fault in check_folder(folder)[2]] == [
        "state/numbers.csv",
        "state/structure.json",
    ]


def test_a_folder_whose_reports_are_gone_keeps_no_certificate(tmp_path):
    folder = publish_pair(tmp_path / "outputs")
    prove(folder)
    shutil.rmtree(folder / "all")
    assert prove(folder) == {} and not (folder / CERTIFICATE).exists()


def test_a_run_tells_the_cells_without_a_proof_in_one_line(tmp_path):
    proof = prove(publish_one(tmp_path / "outputs"))
    assert len(proof["faults"]) == 1
    assert [*list_unproved(proof | {"apart": []})] == [
        "Beviset: At de ikke kan regnes ud, er bevist for 0 af 1 lukkede celler. "
        "1 er ikke bevist: python -m barometer verify viser hvilke og hvorfor."
    ]


def test_no_more_faults_are_told_on_the_screen_than_can_be_read():
    faults = [f"fil {number}" for number in range(MOST + 5)]
    told = [*list_unproved({"proved": 15, "closed": 15, "faults": faults, "apart": ["state"]})]
    assert (
        len(told) == MOST + 3
        and told[-2] == "  Og 5 til: python -m barometer verify viser dem alle."
    )
    assert "state" in told[-1]


@pytest.mark.slow
def test_a_run_writes_it_checks_it_and_keeps_it(real):
    folder, told = real
    record = json.loads((folder / "run.json").read_text("utf-8"))["certificate"]
    proved, closed, faults = check_folder(folder)
    assert (record["proved"], record["closed"], faults) == (proved, closed, [])
    assert proved == closed > 8
    assert (
        f"Beviset: At de ikke kan regnes ud, er bevist for {proved} af {closed} lukkede celler."
        in told
    )


def list_unclaimed(folder):
    """Numbers of respondents that a report tells of a group, and the certificate does not read."""
    published = read_published(folder)
    claims = [one for one in published.claims if one.kind in ("n", "count")]
    known = {(cell[1:], ceil(one.low)) for one in claims for cell in one.cells}
    for name, path in published.reports.items():
        about = json.loads((folder / name / STRUCTURE).read_text("utf-8"))
        report = Report(about, about["report"], name)
        for row in read_rows(path, about["report"]):
            if row["kind"] in ("count", "answers") and row["group"]:
                _, *place = report.place(row["item"], row["group"], row["base"])
                for number in re.findall(r"\d+", row["shown"].replace(".", "")):
                    if (tuple(place), int(number)) not in known:
                        yield name, row["where"], row["shown"]


@pytest.mark.slow
def test_each_number_of_respondents_is_one_that_the_certificate_is_held_against(real):
    assert [*list_unclaimed(real[0])] == []
