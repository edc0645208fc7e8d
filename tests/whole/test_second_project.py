"""A project made from nothing elsewhere is sealed, run, read back and verified, by the program
alone: a copy of the package without this repository's chapters and data.
"""

import re
import shutil
import zipfile
from pathlib import Path

import pypdfium2
import pytest

from barometer import paths
from tests.make.projects import call
from tests.make.second_project import make_project

pytestmark = pytest.mark.slow

REPORTS = ("all", "north", "west", "east")
FOREIGN = re.compile(
    r"Fornyelse fra oven|\bCOI\b|[Aa]rbejdsplads|[Rr]egion(?:er|al)|[Ii]nnovati|\b[Kk]ommun(?:e|al)"
    r"|\b[Ss]tat(?:en|s|slig)\b|Danmark|dansk|offentlige? sektor|[Pp]oliti(?:k|sk)|[Ww]orkplace"
    r"|barometer-2020|Digitaliseringsstyrelsen|[Ff]agområde|hæmmende|fremmende|Sektor"
)


class Project:
    """The project in its folder, and the program in another."""

    def __init__(self, folder):
        self.folder = make_project(folder / "libraries")
        self.program = folder / "program"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(paths.PACKAGE, self.program / "barometer", ignore=ignored)

    def call(self, *words, cwd=None):
        """(exit code, what was told) of `python -m barometer`."""
        return call(*words, cwd=cwd or self.folder, program=self.program)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("second"))


@pytest.fixture(scope="module")
def made(project):
    """The project, sealed and run from its own folder; what the run told."""
    code, told = project.call("seal")
    assert code == 0, told
    code, told = project.call("run", "--strict", cwd=project.folder / "notebooks")
    assert code == 0, told
    return project, told


def read_texts(folder):
    """{file: what a reader finds in it} of everything that was made."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".csv", ".svg", ".ipynb", ".json"):
            found[path] = path.read_text(encoding="utf-8")
        elif path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as book:
                found[path] = " ".join(book.read(name).decode() for name in book.namelist())
        elif path.suffix == ".pdf":
            with pypdfium2.PdfDocument(path) as pdf:
                found[path] = "\n".join(page.get_textpage().get_text_range() for page in pdf)
    return found


def test_all_its_reports_are_made_and_every_number_is_accounted_for(made):
    project, told = made
    for name in REPORTS:
        assert {"report.html", "report.pdf", "tables.xlsx", "numbers.csv"} <= {
            path.name for path in (project.folder / "outputs" / name).iterdir()
        }
    count = int(re.search(r"gjort rede for alle (\d+) tal", told)[1])
    assert count > 1000
    found = re.search(r"bevist for (\d+) af (\d+) lukkede", told)
    assert found[1] == found[2] if found else "Beviset: Ingen celler er lukket" in told
    code, told = project.call("verify")
    assert code == 0 and f"alle {count} tal" in told


def test_where_it_says_how_many_were_asked_the_response_and_its_evenness_stand_there(made):
    project, _ = made
    page = (project.folder / "outputs" / "all" / "report.html").read_text(encoding="utf-8")
    # 40 answered in each stratum of 60 to 160 who all were asked
    assert "Spurgte</th>" in page and "R er 0,77: én, hvis lige stor en del" in page


def test_its_own_words_stand_in_its_reports_and_none_of_another_project(made):
    project, _ = made
    texts = read_texts(project.folder / "outputs")
    assert {path.suffix for path in texts} > {".html", ".csv", ".svg", ".pdf", ".xlsx"}
    page = texts[project.folder / "outputs" / "west" / "report.html"]
    for own in ("Bøger og skærme", "Vestland", "Biblioteker", "Fylke"):
        assert own in page
    found = {path.name: FOREIGN.findall(text) for path, text in texts.items()}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_pages_of_a_pdf_whose_figures_seek_each_others_places_have_their_own_numbers(made):
    project, _ = made
    for name in REPORTS:
        with pypdfium2.PdfDocument(project.folder / "outputs" / name / "report.pdf") as pdf:
            texts = [page.get_textpage().get_text_range() for page in pdf]
        assert [int(text.split()[-1]) for text in texts[1:]] == [*range(2, len(texts) + 1)]


def test_it_is_served_from_anywhere_and_on_its_own_dimension(made, tmp_path):
    project, _ = made
    words = ("run", "--project", project.folder, "--output", tmp_path / "out", "--format", "html")
    code, told = project.call(*words, "--sector", "west", cwd=tmp_path)
    assert code == 0, told
    code, told = project.call(*words, "--each", "setting", cwd=tmp_path)
    assert code == 0, told
    names = {path.name for path in (tmp_path / "out").iterdir() if path.is_dir()}
    assert names >= {"west", "all-setting-town", "all-setting-country"}
    own, other = (
        (folder / "west" / "numbers.csv").read_bytes()
        for folder in (project.folder / "outputs", tmp_path / "out")
    )
    assert own == other


def test_the_commands_stand_beside_a_project_and_say_so_where_there_is_none(project, tmp_path):
    code, told = project.call("run", cwd=tmp_path)
    assert code == 2 and "Intet projekt fundet" in told and len(told.splitlines()) == 2
    code, told = project.call("run", "--help")
    assert code == 0 and "python -m barometer run" in told and "--setting" in told
    assert not Path(project.program / "run_all.py").exists()
