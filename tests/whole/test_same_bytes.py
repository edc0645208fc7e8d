"""The same inputs give the same bytes in every output, wherever and however the chapters are
executed.
"""

from pathlib import Path

import pytest
import yaml

from barometer.paths import ROOT
from tests.make.copies import make_copy

pytestmark = pytest.mark.slow

OTHERWISE = {
    "processes started anew, one at a time": (("--jobs", "1"), {"BAROMETER_START": "spawn"}),
    "many at a time, in another place and language": (
        ("--jobs", "6"),
        {
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
            "LANG": "C",
            "PYTHONHASHSEED": "4711",
            "MPLBACKEND": "svg",
            "COLUMNS": "40",
            "OPENBLAS_NUM_THREADS": "2",
            "PYTHONOPTIMIZE": "1",
        },
    ),
}


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """A run of the real chapters for the regions, as everybody makes it."""
    copy = make_copy(tmp_path_factory.mktemp("usual"), chapters=True)
    code, told = copy.run("--sector", "region")
    assert code == 0, told
    return copy


@pytest.mark.parametrize("name", OTHERWISE)
def test_another_way_of_running_gives_the_same_bytes_from_another_folder(usual, tmp_path, name):
    options, environment = OTHERWISE[name]
    copy = make_copy(tmp_path / "en mappe med æ", chapters=True)
    code, told = copy.run("--sector", "region", *options, **environment)
    assert code == 0, told
    first, second = usual.list_output(), copy.list_output()
    assert list(first) == list(second)
    assert [path for path in first if first[path] != second[path]] == []
    assert {Path(path).suffix for path in first} == {
        ".csv",
        ".html",
        ".ipynb",
        ".json",
        ".jsonld",
        ".pdf",
        ".png",
        ".px",
        ".svg",
        ".xlsx",
        ".xml",
    }


def test_the_date_of_a_file_is_that_of_the_newest_thing_it_names_or_the_one_asked_for(
    usual, tmp_path
):
    copy = make_copy(tmp_path, chapters=True)
    code, told = copy.run("--sector", "region", "--chapter", "1", SOURCE_DATE_EPOCH="86400")
    assert code == 0, told
    assert b"1970-01-02" in (copy.output / "region-kapitel-01" / "report.pdf").read_bytes()
    code, told = copy.run("--sector", "region", "--chapter", "1", SOURCE_DATE_EPOCH="172800")
    assert b"1970-01-03" in (copy.output / "region-kapitel-01" / "report.pdf").read_bytes(), told
    # The copy has no commit: its newest thing is the year in which front matter says that the
    # reports are published, and without that the publication that it names, of 2021.
    front = copy.notebooks / "report.yaml"
    year = yaml.safe_load(front.read_text(encoding="utf-8"))["published"]
    assert year > "2021"
    assert f"{year}-12-31".encode() in usual.list_output()["region/report.pdf"]
    front.write_text(
        front.read_text(encoding="utf-8").replace(f'published: "{year}"', 'published: ""'),
        encoding="utf-8",
    )
    code, told = copy.run("--sector", "region", "--chapter", "1")
    assert code == 0, told
    assert b"2021-12-31" in (copy.output / "region-kapitel-01" / "report.pdf").read_bytes()


def test_nothing_published_tells_where_it_was_made(usual):
    private = [
        str(place).encode() for place in (ROOT, usual.folder, Path.home()) if len(str(place)) > 1
    ]
    told = usual.list_output()
    assert told and [path for path in told if any(place in told[path] for place in private)] == []
