"""Nothing of the microdata leaves, whatever a chapter does with it; and no text that comes in is
ever obeyed.
"""

import csv
import json
import re
import shutil
import subprocess
import sys
import zipfile
from xml.etree import ElementTree

import nbformat
import pikepdf
import pytest
from markdown_it import MarkdownIt
from nbformat import v4

from barometer.paths import NOTEBOOKS, ROOT
from barometer.run.records import look_around, write_records
from barometer.run.reports import make_reports
from barometer.run.request import plan_run
from tests.conftest import run_report
from tests.make.asked import seal_shipped
from tests.make.perturbed import read_answers, write_answers
from tests.make.shipped import copy_sectors
from tests.test_display import Tags

CANARY = "kanarie"  # begins every planted id; a word that no report uses
LINKED_DATA = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.S)
COMMENT = "kanariefuglen sang for lederen"
OPEN = """from barometer.survey import open_survey
survey = open_survey(data, sector, alpha, language)
survey"""


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """The shipped survey in which every id is a canary and the first who answered has a combination
    of its own.
    """
    folder = tmp_path_factory.mktemp("planted") / "survey"
    copy_sectors(folder)
    rows = read_answers(folder)
    for number, row in enumerate(rows):
        row["id"] = f"{CANARY}-{number:04d}"
    write_answers(folder, rows)
    seal_shipped(folder)
    return folder


# --- What is written
# ----------------------------------------------------------------------------------------------


def list_contents(path):
    """The bytes of a file, and of everything packed inside it."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            yield from (packed.read(name) for name in packed.namelist())
    if path.suffix == ".pdf":
        with pikepdf.open(path) as pdf:
            yield from (
                part.read_bytes()
                for part in pdf.objects
                if isinstance(part, pikepdf.Stream) and part.get("/Filter") != "/DCTDecode"
            )
            yield from (bytes(part) for part in list_strings(pdf))
        yield subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True).stdout


def list_strings(pdf):
    """Every text that a PDF keeps outside its streams: titles, alternative texts, metadata."""

    def walk(part, depth=0):
        if isinstance(part, pikepdf.String):
            yield str(part).encode()
        elif isinstance(part, pikepdf.Dictionary | pikepdf.Stream) and depth < 4:
            for _, value in part.items():
                yield from walk(value, depth + 1)
        elif isinstance(part, pikepdf.Array) and depth < 4:
            for value in part:
                yield from walk(value, depth + 1)

    for part in pdf.objects:
        yield from walk(part)


def find_canaries(folder, *words):
    """The files in which one of some words stands, in any encoding that a file may use."""
    wanted = [word.encode(code) for word in words for code in ("utf-8", "utf-16-be", "utf-16-le")]
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        if any(word in content.lower() for content in list_contents(path) for word in wanted)
    ]


def list_combinations(folder):
    """The first respondents' whole rows as they could be printed: with commas, tabs, as JSON."""
    rows = [list(row.values())[1:] for row in read_answers(folder)[:50]]
    return [
        text.lower()
        for row in rows
        for text in (",".join(row), "\t".join(row), json.dumps(row)[1:-1])
    ]


@pytest.mark.slow
def test_no_id_and_no_respondents_answers_are_in_any_byte_of_a_run(planted, tmp_path):
    run_report(tmp_path / "outputs", "--data", planted)
    assert len(list(tmp_path.rglob("*.pdf"))) == 4
    assert find_canaries(tmp_path / "outputs", CANARY, *list_combinations(planted)) == []


def test_a_canary_would_be_found_in_every_kind_of_file(tmp_path):
    (tmp_path / "a.csv").write_text(f"x,{CANARY}-1\n")
    (tmp_path / "b.json").write_bytes(CANARY.encode("utf-16-le"))
    with zipfile.ZipFile(tmp_path / "c.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("sheet.xml", f"<c>{CANARY}</c>" * 20)
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.pages[0].Contents = pdf.make_stream(f"BT ({CANARY}) Tj ET".encode() * 20)
    pdf.save(tmp_path / "d.pdf", compress_streams=True)
    titled = pikepdf.new()
    titled.add_blank_page()
    titled.docinfo["/Title"] = CANARY.capitalize()
    titled.save(tmp_path / "e.pdf")
    (tmp_path / "f.txt").write_text("nothing")
    assert find_canaries(tmp_path, CANARY) == ["a.csv", "b.json", "c.xlsx", "d.pdf", "e.pdf"]


def run_chapter(folder, monkeypatch, data, *cells):
    """A real run of one chapter with these code cells; the reports, and the folder with all that
    was written.
    """
    notebooks = folder / "notebooks"
    notebooks.mkdir()
    chapter = nbformat.read(next(NOTEBOOKS.glob("03_*")), as_version=4)
    declared = next(cell for cell in chapter.cells if "parameters" in cell.metadata.get("tags", []))
    cells = [v4.new_markdown_cell("# Udkig"), declared, *map(v4.new_code_cell, cells)]
    nbformat.write(v4.new_notebook(cells=cells), notebooks / "01_udkig.ipynb")
    for name in ("report.yaml", "typed_numbers.yaml"):
        shutil.copy(NOTEBOOKS / name, notebooks)
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", notebooks)
    run = plan_run(["region"], data=str(data), output=folder / "outputs")
    findings = look_around(run)
    reports = make_reports(run, findings)
    write_records(run, findings, reports, 0.0, 0.0)
    return reports, folder / "outputs"


def test_what_an_analyst_looks_at_in_a_chapter_is_not_stored_with_the_report(
    planted, tmp_path, monkeypatch
):
    """Printed, shown, logged and warned of: none of it has passed the gate."""
    reports, outputs = run_chapter(
        tmp_path,
        monkeypatch,
        planted,
        OPEN,
        "rows = survey.variables.answers\nprint(rows.to_csv())",
        "rows",
        "import sys, warnings\nprint(rows['id'].iloc[0], "
        "file=sys.stderr)\nwarnings.warn(rows['id'].iloc[1])",
        "from IPython.display import display\ndisplay(rows.head())",
    )
    assert reports[0].folder
    assert find_canaries(outputs, CANARY) == []


def test_an_error_that_quotes_an_answer_is_not_written_to_a_file(planted, tmp_path, monkeypatch):
    reports, outputs = run_chapter(
        tmp_path,
        monkeypatch,
        planted,
        OPEN,
        "raise ValueError(survey.variables.answers['id'].iloc[0])",
    )
    assert CANARY in str(reports[0].results[0].failure)  # the terminal is told what went wrong
    assert (outputs / "run.json").is_file()
    assert find_canaries(outputs, CANARY) == []


@pytest.mark.parametrize("column", ["comment", pytest.param("shared", marks=pytest.mark.slow)])
def test_a_free_text_in_the_microdata_is_refused_and_quoted_in_no_file(planted, tmp_path, column):
    """In a column of its own, or where a code should be; also by a chapter that is run by papermill
    alone.
    """
    folder = shutil.copytree(planted, tmp_path / "survey")
    rows = [{**row, column: row.get(column, "")} for row in read_answers(folder)]
    rows[0][column] = COMMENT
    write_answers(folder, rows)
    with pytest.raises(ValueError, match=r"microdata\.csv"):
        seal_shipped(folder)
    told = subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--data", folder, "--output", tmp_path / "outputs"],
        capture_output=True,
        text=True,
    )
    assert (
        told.returncode == 2 and "microdata.csv" in told.stderr and "Traceback" not in told.stderr
    )
    stored = tmp_path / "stored"
    stored.mkdir()
    chapter = next(NOTEBOOKS.glob("03_*"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            chapter,
            stored / "chapter.ipynb",
            "-p",
            "data",
            folder,
        ],
        capture_output=True,
        cwd=NOTEBOOKS,
    )
    assert (stored / "chapter.ipynb").is_file() and not (tmp_path / "outputs").exists()
    assert find_canaries(stored, "kanariefuglen", f"{CANARY}-") == []


# --- What is read
# -------------------------------------------------------------------------------------------------

HOSTILE = (
    "<script>alert()</script> {{ config }} #panic[a] $x$ [a](javascript:alert) **b** `c` "
    "\\emph ../../etc"
)
FORMULA = '=HYPERLINK("file:///etc/passwd")'
TITLE = "{% include 'a' %} #read(\"/etc/passwd\") <img src=x onerror=alert()>"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A run of a survey whose labels, questions, title and citation are markup of every kind."""
    base = tmp_path_factory.mktemp("hostile <b>&{{x}}")
    copy_sectors(base / "survey")
    registry, cards = base / "survey" / "questionnaire.yaml", base / "survey" / "cards.yaml"
    text = registry.read_text(encoding="utf-8")
    for old, new in (("Fonde", HOSTILE), ("Effektivitet", FORMULA)):
        text, found = re.subn(
            rf"(?m)(: (?:\{{da: )?){old}(?=$|,)",
            lambda match, new=new: match[1] + json.dumps(new),
            text,
        )
        assert found >= 1, old
    registry.write_text(text, encoding="utf-8")
    text, found = re.subn(
        r"(?m)^title: .*$",
        lambda match: f"title: {json.dumps(TITLE)}",
        cards.read_text(encoding="utf-8"),
        count=1,
    )
    assert found == 1
    cards.write_text(text, encoding="utf-8")
    seal_shipped(base / "survey")
    run_report(base / "outputs", "--data", base / "survey", "--sector", "all")
    return base / "outputs"


@pytest.mark.slow
def test_markup_in_labels_is_plain_text_on_the_page(hostile):
    for path in (hostile / "all" / "report.html", hostile / "index.html"):
        page = path.read_text(encoding="utf-8")
        # what the page says of itself to machines is data
        assert all(json.loads(one) for one in LINKED_DATA.findall(page))
        tags = Tags(LINKED_DATA.sub("", page))
        assert not {tag for tag, _ in tags.found} & {"script", "iframe", "img", "object", "link"}
        links = [dict(attributes).get("href", "") for tag, attributes in tags.found if tag == "a"]
        assert links and not any(link.startswith(("javascript:", "file:")) for link in links)
    text = (hostile / "all" / "report.html").read_text(encoding="utf-8")
    assert (
        text.count(
            "&lt;script&gt;alert()&lt;/script&gt; {{ config }} #panic[a] $x$ [a](javascript:alert)"
        )
        >= 2
    )


@pytest.mark.slow
def test_markup_in_labels_is_plain_text_in_the_pdf_and_in_pictures(hostile):
    told = subprocess.run(
        ["pdftotext", hostile / "all" / "report.pdf", "-"], capture_output=True, text=True
    ).stdout
    for piece in ("{{ config }}", "#panic[a]", "=HYPERLINK", "#read(", "root:x:"):
        assert (piece in told.replace("\n", " ")) == (piece != "root:x:"), piece
    for path in (hostile / "all" / "figures").glob("*.svg"):
        assert not [
            one.tag for one in ElementTree.parse(path).iter() if one.tag.endswith("}script")
        ]


@pytest.mark.slow
def test_no_cell_of_a_table_file_is_a_formula(hostile):
    cells = [
        cell
        for path in hostile.rglob("*.csv")
        for row in csv.reader(path.open(encoding="utf-8-sig", newline=""))
        for cell in row
    ]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert [cell for cell in cells if cell[:1] in ("=", "@", "\t", "\r")] == []
    signed = [cell for cell in cells if cell[:1] in ("+", "-")]
    assert [cell for cell in signed if not re.fullmatch(r"[+-]\d[\d,.]*(e-?\d+)?", cell)] == []


@pytest.mark.slow
def test_markup_in_labels_is_no_markup_in_a_stored_chapter(hostile):
    shown = [
        text
        for path in (hostile / "all" / "chapters").glob("*.ipynb")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        for kind, text in output.get("data", {}).items()
        if kind in ("text/markdown", "text/html")
    ]
    assert any("script" in text for text in shown)
    for text in shown:
        rendered = text if text.startswith("<") else MarkdownIt().render(text)
        assert not {tag for tag, _ in Tags(rendered).found} & {"script", "iframe", "img"}
        assert "javascript:" not in " ".join(
            dict(found).get("href", "") for _, found in Tags(rendered).found
        )


@pytest.mark.slow
def test_nothing_is_written_outside_the_output_folder(hostile):
    assert {path.name for path in hostile.parent.iterdir()} == {"survey", "outputs", "internal"}


@pytest.mark.parametrize(
    "options",
    [
        ["--data", "../../../etc/passwd"],
        ["--data", "\x1b[2J\u202egnp.exe"],
        ["--data", "x" * 1_000_000],
        ["--data", "<script>alert()</script>"],
        ["--chapter", "../../README.md"],
        ["--chapter", "{{ 7 }}"],
        ["--sector", "state\nregion"],
        ["--alpha", "__import__('os').system('true')"],
        ["--output", "data/x"],
    ],
    ids=lambda options: f"{options[0]} {options[1][:20]!r}",
)
def test_a_hostile_option_is_refused_in_a_short_printable_message_and_writes_nothing(
    tmp_path, options
):
    output = [] if options[0] == "--output" else ["--output", tmp_path / "outputs"]
    if len(options[1]) > 100_000:  # longer than a system lets one argument be
        options = [options[0], options[1][:100_000]]
    told = subprocess.run(
        [sys.executable, ROOT / "run_all.py", *options, *output], capture_output=True, text=True
    )
    assert told.returncode == 2
    assert "Traceback" not in told.stderr and len(told.stderr) < 2000
    assert told.stderr.replace("\n", "").isprintable()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    ["a\u202eb", "a\u2066b", "a\x00b", "x" * 1_000_000],
    ids=["right to left", "isolate", "null", "a million"],
)
@pytest.mark.parametrize("label", ["Udlandet", "Partners abroad"])
def test_a_label_that_nobody_can_see_or_hold_is_refused_by_file_and_place(tmp_path, label, text):
    folder = copy_sectors(tmp_path / "survey")
    registry = (folder / "questionnaire.yaml").read_text(encoding="utf-8")
    registry, found = re.subn(f": {label}(?=[,}}])", lambda _: f": {json.dumps(text)}", registry)
    assert found
    (folder / "questionnaire.yaml").write_text(registry, encoding="utf-8")
    with pytest.raises(ValueError, match=r"questionnaire\.yaml") as refused:
        seal_shipped(folder)
    assert len(str(refused.value)) < 1000 and str(refused.value).replace("\n", "").isprintable()
