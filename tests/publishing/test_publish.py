"""`python -m barometer publish`: exactly what may leave, approved by two people before it is out."""

import json
import shutil
import subprocess
from contextlib import nullcontext
from hashlib import sha256
from types import SimpleNamespace

import pytest

from barometer.data.registry import make_questionnaire, read_questionnaire
from barometer.files.private import locate_internal, make_private
from barometer.files.yaml_files import load_yaml
from barometer.languages.speaking import speak
from barometer.proofs.command import prove
from barometer.publishing.noting import describe_changes
from barometer.publishing.parcel import ParcelError, refuse_others
from barometer.publishing.publish import main
from barometer.releases.memory import list_releases, remember, withdraw
from barometer.releases.reading import Folder, Seen, merge_cells, read_folder
from barometer.run.records import RUN, write_record
from tests.make.asked import make_carded
from tests.make.published import make_rows, publish
from tests.make.second_project import REGISTRY
from tests.releases.test_planning import MORE, seal

DAY = "2026-11-27"
LIBRARIES = make_questionnaire(load_yaml("questionnaire.yaml", REGISTRY.encode()))
META = {
    "licence": "CC BY 4.0",
    "reuse": "Frit.",
    "cite": "Nogen (Staten).",
    "cite_all": "Nogen.",
    "language": "da",
    "title": "T",
    "synthetic": True,
    "edition": "1",
}


def record(reports):
    """What a run records of a folder of reports."""
    prove(reports)
    record_files(reports, locate_internal(reports))


def record_files(reports, internal):
    make_private(internal)
    sums = {
        path.relative_to(reports).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in reports.rglob("*.*")
    }
    for folder in reports.iterdir():
        if folder.is_dir():
            own = {path: sha for path, sha in sums.items() if path.startswith(f"{folder.name}/")}
            inside = {"internal/x.csv": "0"}
            write_record(internal, folder.name, {"files": own | inside, "told": {"meta": META}})
    write_record(
        internal, RUN, {"pages": {path: sha for path, sha in sums.items() if "/" not in path}}
    )


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """A folder with a sealed survey and the recorded folder of its reports."""
    place = tmp_path_factory.mktemp("once")
    folder = seal(make_carded(place / "s", rows=make_rows()), MORE)
    publish(folder, place / "p" / "ud", MORE)
    record(place / "p" / "ud")
    return place


@pytest.fixture
def made(once, tmp_path):
    """(a sealed survey's folder, the recorded folder of its reports, how to call the command)."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    folder, reports = tmp_path / "s", tmp_path / "p" / "ud"

    def call(*words, name="foraar", day=DAY):
        return main([name, str(reports), "--data", str(folder), "--unproved", *words], day)

    return folder, reports, call


def test_what_leaves_is_what_the_run_wrote_and_a_strange_file_stays(made, capsys):
    _, reports, call = made
    (reports / "all" / "hemmelig.txt").write_text("nej")
    assert call() == 0
    told, place = capsys.readouterr().out, reports.parent / "published" / "foraar"
    assert "all/hemmelig.txt" in told and "ikke udgivet" in told
    there = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    listed = {one["path"] for one in json.loads((place / "manifest.json").read_text())["files"]}
    assert there == listed | {"manifest.json", "SHA256SUMS"}
    assert {"certificate.json", "LICENCE.txt", "changes.md", "all/numbers.csv"} <= listed
    assert "all/hemmelig.txt" not in there and not [path for path in there if "internal" in path]
    subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=place, check=True)
    # several reports are cited together, not as the first of them
    assert (place / "LICENCE.txt").read_text().endswith("\nNogen.\n")


def test_the_next_command_names_what_this_one_was_given(made, capsys):
    folder, reports, call = made
    assert call() == 0
    assert f"publish foraar {reports} --data {folder} --approve" in capsys.readouterr().out


def test_reports_in_another_language_leave_with_them_and_nothing_that_lies_beside_them(
    made, capsys
):
    _, reports, call = made
    (reports / "en" / "all").mkdir(parents=True)
    for path in ("en/index.html", "en/all/report.html", "en/all/numbers.csv"):
        (reports / path).write_text(path, encoding="utf-8")
    record_files(reports / "en", locate_internal(reports) / "en")
    (reports / "en" / "kladde.docx").write_text("nej", encoding="utf-8")
    assert call() == 0 and "kladde.docx" in capsys.readouterr().out
    place = reports.parent / "published" / "foraar"
    there = {path.relative_to(place).as_posix() for path in place.glob("en/**/*.*")}
    assert there == {"en/index.html", "en/all/report.html", "en/all/numbers.csv"}
    (reports / "en" / "index.html").write_text("rettet", encoding="utf-8")
    with pytest.raises(ParcelError, match=r"^en/index\.html: filen er ikke"):
        call()


def test_it_is_released_when_two_people_have_approved_it_and_not_before(made, capsys):
    folder, _, call = made
    call()
    call("--approve", "Ane Test")
    assert list_releases(folder) == [] and "1 mangler" in capsys.readouterr().out
    with pytest.raises(ParcelError, match="har godkendt pakken før"):
        call("--approve", "ane  test")
    assert list_releases(folder) == []
    assert call("--approve", "Bo Test") == 0
    assert "foraar er udgivet, godkendt af Ane Test og Bo Test" in capsys.readouterr().out
    assert [one.name for one in list_releases(folder)] == ["foraar"]


@pytest.mark.slow
def test_approval_is_of_what_is_in_the_parcel_and_no_other(made, capsys):
    folder, reports, call = made
    call()
    call("--approve", "Ane Test")
    place = reports.parent / "published" / "foraar"
    (place / "all" / "numbers.csv").write_text("andet")
    with pytest.raises(ParcelError, match=r"all/numbers\.csv er ikke"):
        call("--approve", "Bo Test")
    # made anew with other contents: the first name counts no longer
    (reports / "index.html").write_text("ny")
    record(reports)
    call()
    call("--approve", "Bo Test")
    assert list_releases(folder) == [] and "1 mangler" in capsys.readouterr().out


def test_a_file_that_is_not_as_the_run_wrote_it_stops_all(made):
    _, reports, call = made
    (reports / "all" / "structure.json").write_text("{}")
    with pytest.raises(ParcelError, match=r"all/structure\.json"):
        call()
    assert not (reports.parent / "published").exists()


def test_what_is_not_proved_is_refused_unless_somebody_says_otherwise(made):
    folder, reports, call = made
    (reports / "certificate.json").unlink()
    prove(reports, None, 0)  # no time to look for one
    record_files(reports, locate_internal(reports))
    with pytest.raises(ParcelError, match="Beviset dækker ikke alt"):
        main(["foraar", str(reports), "--data", str(folder)], DAY)
    assert call() == 0


def test_a_folder_without_records_or_with_half_a_name_is_refused(made):
    _, reports, call = made
    call()
    with pytest.raises(ParcelError, match="ikke et fuldt navn"):
        call("--approve", "Ane")
    (locate_internal(reports) / "all.json").unlink()
    with pytest.raises(ParcelError, match="all"):
        call()


@pytest.mark.slow
def test_the_note_says_what_has_changed_since_the_last_release(made, tmp_path):
    folder, reports, call = made
    call()
    place = reports.parent / "published"
    assert "første udgivelse" in (place / "foraar" / "changes.md").read_text()
    call("--approve", "Ane Test")
    call("--approve", "Bo Test")
    call(name="sommer")
    same = (place / "sommer" / "changes.md").read_text()
    assert "siden foraar" in same and "Nye tal: 0" in same and "Ændrede tal: 0" in same
    numbers = reports / "all" / "numbers.csv"
    lines = numbers.read_text().splitlines()
    at = next(place for place, line in enumerate(lines) if "\xa0%" in line)
    shown = next(one for one in lines[at].split(",") if "\xa0%" in one)
    lines[at] = lines[at].replace(shown, "1\xa0%")
    numbers.write_text("\n".join(lines) + "\n")
    record(reports)
    # whether that may be published is the certificate's business; the note tells it
    cells = merge_cells(read_folder(reports).cells.values())
    registry = read_questionnaire(folder / "questionnaire.yaml")
    note = describe_changes(list_releases(folder)[0], cells, registry)
    assert "Ændrede tal: 1" in note and shown in note


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (Seen("shown", "20", "67 %", "60 %", "70 %"), 0),  # an interval that was not told before
        (Seen("shown", "20", "66,9 %"), 0),
        (Seen("shown", "20", "66,4 %"), 1),
        (Seen("shown", "20", "68 pct."), 1),
        (Seen("shown", "21", "67 pct."), 1),
        (Seen("suppressed"), 1),
    ],
)
def test_a_number_in_another_form_has_not_changed_and_another_number_has(new, changed):
    cell = ("x", "all", "all")
    earlier = SimpleNamespace(name="a", published=DAY, cells={cell: Seen("shown", "20", "67 pct.")})
    assert f"Ændrede tal: {changed}" in describe_changes(earlier, {cell: new}, LIBRARIES)


def test_the_note_is_in_the_language_of_the_reports_and_names_questions_answers_groups_and_parts():
    """Of a registry in Danish, spoken in English: the program's words and the numbers' form are."""
    view, books = ("view.users=agree", "setting=town", "west"), ("service.ebooks", "all", "all")
    gone = ("removed=code", "all", "nowhere")
    old = {view: Seen("shown", "1.040", "66,9 %"), gone: Seen("shown")}
    now = {view: Seen("suppressed"), books: Seen("shown", "20", "under 0,5 pct.")}
    with speak("en"):
        earlier = SimpleNamespace(name="a", published=DAY, cells=old)
        lines = describe_changes(earlier, now, LIBRARIES).replace("\u00a0", " ").splitlines()
        assert (
            describe_changes(None, now, LIBRARIES).splitlines()[2] == "This is the first release."
        )
    service, told = "* Hvad tilbyder biblioteket? Lydbøger og e-bøger", "under 0.5 per cent"
    opinion = (
        "* Hvor enig er biblioteket i følgende udsagn? Lånerne er med til at bestemme: Helt enig"
    )
    assert f"{service} / Hele landet: {told}, n = 20" in lines
    assert f"{opinion} / By / Vestland: 66.9%, n = 1,040 is now [c]" in lines
    assert "* removed=code / nowhere" in lines and lines[0] == f"# Changes since a ({DAY})"
    assert lines[-1].startswith("[c]: not shown")


@pytest.mark.parametrize(("parts", "stale"), [({"01": "a"}, False), ({"01": "b"}, True)])
def test_a_report_in_another_language_is_of_the_same_chapters_and_data(tmp_path, parts, stale):
    folder, internal = tmp_path / "ud" / "en", tmp_path / "internal"
    (folder / "all").mkdir(parents=True)
    (folder / "all" / "numbers.csv").touch()
    (internal / "en").mkdir(parents=True)
    write_record(internal, "all", {"parts": {"01": "a"}})
    write_record(internal / "en", "all", {"parts": parts})
    with pytest.raises(ParcelError, match="en/all") if stale else nullcontext():
        refuse_others(folder, internal)


def test_of_two_releases_on_one_day_the_later_one_is_compared_with(tmp_path):
    seen = Folder({"all": {("all", "all", "all"): Seen("shown", "20", "20")}}, {"threshold": 3}, ())
    for name in ("b-first", "a-second"):
        remember(tmp_path, name, seen, DAY)
    assert [one.name for one in sorted(list_releases(tmp_path), key=lambda one: one.place)] == [
        "b-first",
        "a-second",
    ]
    withdraw(tmp_path, "b-first", DAY)
    remember(tmp_path, "0-third", seen, DAY)
    assert max(list_releases(tmp_path), key=lambda one: one.place).name == "0-third"
