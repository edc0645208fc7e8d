"""What has not changed is not done again, and everything that has changed is noticed."""

import json
import os
import shutil

import nbformat
import pytest
from nbformat import v4

from barometer.data.cards import REGISTRY
from barometer.files import checksums
from barometer.parameters import check_parameters
from barometer.paths import DATA, ROOT
from barometer.report.folder import restore_text
from barometer.run import cache
from barometer.run.cache import describe_chapter, keep_result, make_key, read_sources
from barometer.run.records import look_around, read_record
from tests.conftest import FIGURE

COUNT = "import pathlib\npathlib.Path('runs').open('a').write(f'{sector} ')"


def find_kept(internal):
    """The file of the one executed chapter that is kept; which parts have no answers is kept beside
    it.
    """
    return next(
        path
        for path in internal.glob("results/*/*.json")
        if "notebook" in path.read_text(encoding="utf-8")
    )


def read_runs(project):
    """The sectors for which the counting chapter was executed, in the order of the alphabet."""
    path = project.notebooks / "runs"
    runs = sorted(path.read_text().split()) if path.exists() else []
    path.unlink(missing_ok=True)
    return runs


@pytest.fixture
def data(tmp_path):
    """A folder of data, of which the chapters here read nothing, and a report its registry."""
    folder = tmp_path / "runde4"
    folder.mkdir()
    (folder / "a.csv").write_text("a")
    (folder / "cards.yaml").write_text("files: {a.csv: {}}")
    shutil.copy(DATA / "barometer-2020" / REGISTRY, folder)
    return folder


def test_nothing_is_executed_or_written_when_nothing_has_changed(project):
    project.write_chapter("01_tael", COUNT)
    made = project.make("state", "region")
    assert (read_runs(project), [report.stood for report in made]) == (
        ["region", "state"],
        [False, False],
    )
    before = {path: path.stat().st_mtime_ns for path in project.output.rglob("*")}
    again = project.make("state", "region")
    assert (read_runs(project), [report.stood for report in again]) == ([], [True, True])
    assert [report.told for report in again] == [report.told for report in made]
    assert {path: path.stat().st_mtime_ns for path in project.output.rglob("*")} == before


def test_a_changed_chapter_is_executed_and_only_that(project):
    project.write_chapter("01_tael", COUNT)
    project.write_chapter("02_andet", "1")
    project.make("state")
    before = (project.notebooks / "02_andet.ipynb").read_bytes()
    project.write_chapter("02_andet", "2")
    seen = []
    assert not project.make("state", tick=lambda result: seen.append(result.chapter))[0].stood
    assert seen == ["02_andet"] and read_runs(project) == ["state"]
    # what was made of it is still there
    (project.notebooks / "02_andet.ipynb").write_bytes(before)
    assert not project.make("state", tick=lambda result: seen.append(result.chapter))[0].stood
    assert seen == ["02_andet"]


def change_text(project, name, change):
    """Change the list of a chapter's cells."""
    path = project.notebooks / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change(notebook.cells)
    nbformat.write(notebook, path)


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[0].update(source="# Om noget andet i /srv/<a at 0x7f>"),
        lambda cells: cells.insert(1, v4.new_markdown_cell("Mere.", metadata={"tags": ["quote"]})),
        lambda cells: cells.append(v4.new_raw_cell("Sidst.")),
        lambda cells: cells.pop(0),
        lambda cells: cells[0].metadata.update(tags=["remove"]),
        lambda cells: cells[2].update(
            outputs=[v4.new_output("stream", text="gammelt")], execution_count=7, id="ny"
        ),
    ],
)
def test_a_chapter_of_which_only_text_is_changed_is_set_again_but_not_executed(project, change):
    project.write_chapter("01_tael", COUNT, FIGURE)
    project.make("state")
    change_text(project, "01_tael", change)
    made = project.make("state")[0]
    assert made.folder and not made.stood and read_runs(project) == ["state"]
    set_again = project.list_output()
    project.make("state", force=True)
    assert read_runs(project) == ["state"] and project.list_output() == set_again


@pytest.mark.parametrize(
    "change",
    [
        lambda cells: cells[2].update(source=cells[2].source + "\n#"),
        lambda cells: cells.append(cells.pop(2)),
        lambda cells: cells[3].metadata.update(tags=["remove"]),
        lambda cells: cells.append(v4.new_code_cell("1")),
        lambda cells: cells.pop(3),
    ],
)
def test_any_change_of_the_code_cells_is_executed(project, change):
    project.write_chapter("01_tael", COUNT, FIGURE)
    project.make("state")
    change_text(project, "01_tael", change)
    assert not project.make("state")[0].stood and read_runs(project) == ["state", "state"]


def test_a_chapter_saved_with_the_parameters_of_an_earlier_execution_gets_those_of_this_one():
    declared, earlier, now = (
        v4.new_code_cell(code, metadata={"tags": [tag]})
        for code, tag in (
            ("parameters", "parameters"),
            ("sector = 'all'", "injected-parameters"),
            ("sector = 'state'", "injected-parameters"),
        )
    )
    text, code = v4.new_markdown_cell("ny"), v4.new_code_cell("1")
    ran = v4.new_notebook(cells=[declared, now, v4.new_markdown_cell("før"), code])
    for cells in ([text, declared, code], [text, declared, earlier, code]):
        source = nbformat.writes(v4.new_notebook(cells=cells)).encode()
        restored = restore_text(ran, source)
        assert [cell.source for cell in restored.cells] == [
            "ny",
            "parameters",
            "sector = 'state'",
            "1",
        ]
        assert [cell.id for cell in restored.cells] == ["cell-1", "cell-2", "cell-3", "cell-4"]


def test_changed_data_are_noticed_though_size_and_time_of_the_file_are_as_before(project, data):
    project.write_chapter("01_tael", COUNT)
    before = os.stat(data / "a.csv")
    project.make(data=str(data))
    (data / "a.csv").write_text("b")
    os.utime(data / "a.csv", ns=(before.st_atime_ns, before.st_mtime_ns))
    # as in another run: within one, the file system's word is taken
    checksums._read_and_hash.cache_clear()
    project.make(data=str(data))
    assert read_runs(project) == ["all", "all"]


def test_the_same_data_in_another_folder_with_other_times_are_the_same(project, data, tmp_path):
    project.write_chapter("01_tael", COUNT)
    project.make(data=str(data))
    os.utime(data / "a.csv", (0, 0))
    (tmp_path / "elsewhere").mkdir()
    data.rename(tmp_path / "elsewhere" / "runde4")
    assert project.make(data=str(tmp_path / "elsewhere" / "runde4"))[0].stood


def test_force_executes_everything(project):
    project.write_chapter("01_tael", COUNT)
    project.make()
    assert not project.make(force=True)[0].stood
    assert read_runs(project) == ["all", "all"]


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_report_that_somebody_has_changed_is_set_again_without_executing_anything(project, harm):
    project.write_chapter("01_tael", COUNT)
    project.make()
    page = project.output / "all" / "report.html"
    before = page.read_text()
    page.write_text("rettet i hånden") if harm == "changed" else page.unlink()
    assert not project.make()[0].stood
    assert page.read_text() == before and read_runs(project) == ["all"]


@pytest.mark.parametrize(
    "record",
    [
        "[]",
        "{",
        '{"name": "all", "key": KEY}',
        '{"name": "all", "key": KEY, "parts": 3}',
        '{"name": "all", "key": KEY, "told": {}, "together": [], "label": "", "files": 3}',
    ],
)
def test_a_record_that_is_none_of_ours_stands_for_no_report(project, record):
    project.write_chapter("01_tael", COUNT)
    project.make()
    path = project.internal / "all.json"
    path.write_text(record.replace("KEY", json.dumps(json.loads(path.read_text())["key"])))
    if "parts" in record:
        shutil.rmtree(project.internal / "results")
    assert not project.make()[0].stood
    assert read_runs(project) == (["all", "all"] if "parts" in record else ["all"])


def test_a_result_that_is_whole_but_no_chapter_is_executed_again(project):
    project.write_chapter("01_tael", COUNT)
    project.make()
    kept = find_kept(project.internal)
    keep_result(project.internal / "results", kept.stem, {})
    (project.output / "all" / "report.html").unlink()
    assert project.make()[0].folder and read_runs(project) == ["all", "all"]


def test_hidden_files_beside_the_data_are_none_of_them(project, data):
    project.write_chapter("01_tael", COUNT)
    project.make(data=str(data))
    (data / ".~lock.a.csv#").touch()
    (data / ".hidden").mkdir()
    (data / ".hidden" / "a.csv").touch()
    assert project.make(data=str(data))[0].stood


def test_a_module_beside_the_notebooks_belongs_to_the_program(tmp_path, monkeypatch):
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", tmp_path)
    keys = [read_sources(tmp_path / "data").program]
    for text in ("x = 1", "x = 2"):
        (tmp_path / "hjaelp.py").write_text(text)
        keys.append(read_sources(tmp_path / "data").program)
        checksums._read_and_hash.cache_clear()
    (tmp_path / "noter.txt").touch()
    assert len({*keys}) == 3 and read_sources(tmp_path / "data").program == keys[-1]


@pytest.mark.parametrize("harm", ["cut", "changed"])
def test_a_damaged_result_is_executed_again(project, harm):
    project.write_chapter("01_tael", COUNT)
    project.make()
    kept = find_kept(project.internal)
    text = kept.read_text()
    kept.write_text(text[:-20] if harm == "cut" else text.replace("Om tael", "Om andet"))
    (project.output / "all" / "report.html").unlink()
    assert project.make()[0].folder
    assert kept.read_text() == text and read_runs(project) == ["all", "all"]


def list_kept(project, *sectors, **rest):
    """{sector: the file that keeps the result of its one chapter}."""
    run = project.plan(*sectors, **rest)
    return {
        variant.first: project.internal / "results" / key[:2] / f"{key}.json"
        for variant, parts in look_around(run).parts.items()
        for key in map(make_key, parts.values())
    }


def test_a_result_that_lies_under_another_key_is_none_of_that_keys_and_is_made_again(project):
    """As after a restore or a conflict of a synchronised folder: whole, but of another sector or
    with another alpha.
    """
    project.write_chapter("01_sektor", FIGURE.replace('"T"', 'f"{sector} {alpha}"'))
    project.make("state", "region")
    project.make("region", alpha=0.2)
    kept, other = list_kept(project, "state", "region"), list_kept(project, "region", alpha=0.2)
    before = project.list_output()
    project.make("region")
    right = project.list_output()["region/chapters/01_sektor.ipynb"]
    assert right != before["region/chapters/01_sektor.ipynb"] and b"region 0.05" in right
    for wrong in (kept["state"], other["region"]):
        shutil.copy(wrong, kept["region"])
        (project.output / "region" / "report.html").unlink()
        assert project.make("region")[0].folder
        assert project.list_output()["region/chapters/01_sektor.ipynb"] == right


def test_a_result_of_another_chapter_is_made_again_and_not_mixed_in(project):
    project.write_chapter("01_en", "1", "2")
    project.write_chapter("02_to", "1")
    project.make("state")
    before = project.list_output()
    parts = next(iter(look_around(project.plan("state")).parts.values()))
    one, two = map(make_key, parts.values())
    results = project.internal / "results"
    shutil.copy(results / two[:2] / f"{two}.json", results / one[:2] / f"{one}.json")
    (project.output / "state" / "report.html").unlink()
    assert project.make("state")[0].folder and project.list_output() == before


def test_a_record_that_lies_under_another_name_is_none_of_that_report(project):
    project.write_chapter("01_ok", "1")
    project.make("state", "region")
    shutil.copy(project.internal / "state.json", project.internal / "region.json")
    assert read_record(project.internal, "region") == {} != read_record(project.internal, "state")
    assert [report.stood for report in project.make("state", "region")] == [True, False]


def test_a_failed_chapter_is_not_kept(project):
    project.write_chapter("01_tael", COUNT, "1 / 0")
    for _ in range(2):
        assert project.make()[0].folder is None
    assert read_runs(project) == ["all", "all"]


def test_other_formats_need_no_execution(project):
    project.write_chapter("01_tael", COUNT)
    project.make(formats=("html",))
    assert sorted(path.name for path in project.make()[0].folder.glob("report.*")) == [
        "report.html",
        "report.pdf",
    ]
    assert read_runs(project) == ["all"]


def test_each_part_that_a_result_follows_from_changes_its_key(tmp_path, monkeypatch):
    (tmp_path / "cards.yaml").write_text("files: {a.csv: {}}", encoding="utf-8")
    sources = read_sources(tmp_path)
    x, y = (
        nbformat.writes(v4.new_notebook(cells=[v4.new_code_cell(code)])).encode() for code in "xy"
    )
    made = {
        "as it was": (x, check_parameters(), sources),
        "code": (y, check_parameters(), sources),
        "parameters": (x, check_parameters(alpha=0.1), sources),
    }
    (tmp_path / "a.csv").touch()
    made["data"] = (x, check_parameters(), read_sources(tmp_path))
    monkeypatch.setattr(cache.platform, "python_version", lambda: "3.99.0")
    (tmp_path / "a.csv").unlink()
    made["python"] = (x, check_parameters(), read_sources(tmp_path))
    parts = {name: describe_chapter(*arguments) for name, arguments in made.items()}
    for name in ("code", "parameters", "data", "python"):
        assert {part for part in parts[name] if parts[name][part] != parts["as it was"][part]} == {
            name
        }
    assert len({make_key(part) for part in parts.values()}) == 5


@pytest.mark.parametrize(
    ("file", "part"),
    [
        ("barometer/sentences/wordings.py", "program"),
        ("barometer/fonts/OFL.txt", "program"),
        ("barometer/report/templates/report.css", "publishing"),
        ("notebooks/report.yaml", "publishing"),
        ("requirements.txt", "python"),
    ],
)
def test_each_file_of_the_program_is_in_a_fingerprint(tmp_path, monkeypatch, file, part):
    assert (ROOT / file).exists()
    before, hash_file = read_sources(tmp_path), checksums.hash_file
    for module in (checksums, cache):
        monkeypatch.setattr(
            module, "hash_file", lambda path: "x" if path == ROOT / file else hash_file(path)
        )
    if part == "python":
        monkeypatch.setattr("barometer.paths.ROOT", tmp_path)
        (tmp_path / "requirements.txt").write_text("numpy==1.0\n")
        (tmp_path / "data").mkdir()
    after = read_sources(tmp_path / "data" if part == "python" else tmp_path)
    assert [
        name
        for name in ("program", "python", "publishing")
        if getattr(after, name) != getattr(before, name)
    ] == [part]
