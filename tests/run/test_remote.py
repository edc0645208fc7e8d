"""Reports sent to a place that is no folder of this machine."""

import json

import pytest

from barometer.run.remote import SENT, open_place, send_reports


@pytest.fixture
def output(tmp_path):
    """A folder of finished reports."""
    folder = tmp_path / "outputs"
    for path, text in {
        "region/report.html": "r",
        "region/figures/figur-1.svg": "f",
        "all/report.html": "a",
        "internal/region.csv": "secret",
        "index.html": "i",
        "run.json": "{}",
    }.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


@pytest.fixture(params=["memory", "file"])
def place(request, tmp_path):
    """An empty place in memory, and one on disk."""
    place = open_place(
        "memory://reports" if request.param == "memory" else f"file://{tmp_path / 'there'}"
    )
    yield place
    if place[0].exists(place[1]):
        place[0].rm(place[1], recursive=True)


def list_there(place):
    system, folder = place
    return {
        path.removeprefix(f"{folder}/"): system.cat_file(path).decode()
        for path in system.find(folder)
    }


def test_finished_reports_are_sent_and_what_is_internal_stays(output, place):
    assert send_reports(output, ["region"], place) == 4
    there = list_there(place)
    assert sorted(there) == sorted(
        ["region/report.html", "region/figures/figur-1.svg", "index.html", "run.json", SENT]
    )
    assert "secret" not in "".join(there.values())


def test_only_what_has_changed_is_sent_again_and_what_is_gone_is_removed(output, place):
    send_reports(output, ["region", "all"], place)
    assert send_reports(output, ["region", "all"], place) == 0
    (output / "region" / "report.html").write_text("new")
    (output / "region" / "figures" / "figur-1.svg").unlink()
    assert send_reports(output, ["region"], place) == 1
    there = list_there(place)
    assert there["region/report.html"] == "new" and there["all/report.html"] == "a"
    assert "region/figures/figur-1.svg" not in there
    assert sorted(json.loads(there[SENT])) == [
        "all/report.html",
        "index.html",
        "region/report.html",
        "run.json",
    ]
    assert send_reports(output, ["region"], place, again=True) == 3


def test_a_page_is_sent_after_what_it_shows_and_the_front_page_last(output, place, monkeypatch):
    sent = []
    monkeypatch.setattr(
        "barometer.run.remote._send",
        lambda system, target, content: sent.append(target.split("/")[-1]),
    )
    send_reports(output, ["region"], place)
    assert sent == ["figur-1.svg", "report.html", "run.json", "index.html", SENT]


def test_what_somebody_put_beside_a_report_is_not_sent(output, place):
    (output / "region" / "brev.docx").write_text("mine")
    assert send_reports(output, ["region"], place, only={"region/report.html"}) == 3
    assert sorted(list_there(place)) == sorted(
        ["region/report.html", "index.html", "run.json", SENT]
    )


def test_an_address_that_cannot_be_opened_is_told_of():
    with pytest.raises(ValueError, match="output = 's3x://y' kan ikke åbnes"):
        open_place("s3x://y")
    with pytest.raises(ValueError, match="gs://y kræver en pakke, der ikke er installeret"):
        open_place("gs://y")
