"""What of an executed notebook is kept and published, and that whatever is left out is told."""

import base64
import json
import logging
import struct
import zlib

import nbformat.v4 as v4
import pytest

from barometer.display import Prose, SurveyNotice, Table
from barometer.document.cleaning import (
    describe_left_out,
    find_left_out,
    prepare_publication,
    remove_unreleased,
)
from barometer.document.document import build_document
from barometer.payloads import MIME
from barometer.report.exporters import HtmlExporter
from tests.make.samples import (
    DOT,
    code_cell,
    make_figure,
    make_notebook,
    markdown_cell,
    number_table,
)
from tests.whole.test_run_all import run_all  # noqa: F401  (a fixture)

SECRET = "kanarie-4711"
SHOWN = [make_figure(), Table("T", number_table(), id="tabel-1"), Prose("Tekst", "p1")]
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
FRAME = "import pandas as pd\npd.DataFrame({'a': [1]})"


def spoil(shown, **more):
    """A cell with an output whose payload is in order and which has more beside it; the cell
    too.
    """
    data = shown._repr_mimebundle_() | more
    data[MIME] = data[MIME] | {"more": SECRET}
    output = v4.new_output("display_data", data=data, metadata={"x": SECRET})
    cell = code_cell(output)
    cell.metadata["x"] = SECRET
    return cell


def add_text(png, text):
    """A PNG file with one more text in it, before its end."""
    body = b"tEXt" + b"Title\0" + text.encode("latin-1")
    return (
        png[:-12]
        + struct.pack(">I", len(body) - 4)
        + body
        + struct.pack(">I", zlib.crc32(body))
        + png[-12:]
    )


@pytest.mark.parametrize("clean", [remove_unreleased, prepare_publication])
@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.payload["kind"])
def test_an_output_keeps_only_what_belongs_to_its_kind(clean, shown):
    more = {f"text/{kind}": SECRET for kind in ("html", "plain", "markdown", "csv")}
    notebook = make_notebook(spoil(shown, **more, **{"application/json": {"a": SECRET}}))
    assert SECRET not in json.dumps(clean(notebook))
    output = clean(notebook).cells[-1].outputs[0]
    assert output.data == shown._repr_mimebundle_()  # all made again of the payload
    assert SECRET in json.dumps(notebook)  # the notebook itself is left alone


def test_of_a_picture_in_dots_only_the_dots_and_its_own_words_are_kept():
    figure, png = make_figure(), base64.b64decode(DOT)
    spoiled = spoil(
        figure, **{"image/png": base64.b64encode(add_text(png, SECRET) + SECRET.encode()).decode()}
    )
    assert prepare_publication(make_notebook(spoiled)).cells[-1].outputs[0].data["image/png"] == DOT
    titled = base64.b64encode(add_text(png, figure.title)).decode()
    kept = prepare_publication(make_notebook(spoil(figure, **{"image/png": titled})))
    assert kept.cells[-1].outputs[0].data["image/png"] == titled


def test_attachments_metadata_and_the_state_of_widgets_are_not_published():
    text = markdown_cell("Tekst")
    text["attachments"] = {"a.png": {"image/png": SECRET}}
    text.metadata["x"] = SECRET
    notebook = make_notebook(text, code_cell(make_figure(), "hide"))
    notebook.metadata |= {
        "widgets": {"state": SECRET},
        "language_info": {"name": "python", "x": SECRET},
        "kernelspec": {"name": "python3", "display_name": "P", "x": SECRET},
    }
    published = prepare_publication(notebook)
    assert SECRET not in json.dumps(published)
    assert published.metadata == {
        "kernelspec": {"name": "python3", "display_name": "P"},
        "language_info": {"name": "python"},
    }
    assert published.cells[-1].metadata == {"tags": ["hide"]}


def test_a_cell_that_shows_nothing_by_its_tag_keeps_no_output_and_is_silent():
    image = v4.new_output("display_data", data={"image/png": DOT, "text/plain": "<Figure>"})
    notebook = make_notebook(code_cell(image, "remove"), code_cell(make_figure(), "remove"))
    kept = remove_unreleased(notebook)
    assert [cell.outputs for cell in kept.cells[-2:]] == [[], []]
    assert find_left_out(notebook) == find_left_out(kept) == []


OUTPUTS = {
    "et billede": {"image/png": DOT, "text/plain": "<Figure size 640x480>"},
    "en tabel eller andet HTML": {"text/html": "<table></table>", "text/plain": "   a"},
    "en værdi": {"text/plain": "0    1\nName: a, dtype: int64"},  # a pandas Series has no HTML
    "tekst": {"text/markdown": "a", "text/plain": "<Markdown>"},
    "et resultat (application/vnd.plotly.v1+json)": {
        "application/vnd.plotly.v1+json": {},
        "text/plain": "Figure",
    },
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_what_a_cell_shows_and_a_report_leaves_out_is_told_with_chapter_cell_and_remedy(name):
    notebook = make_notebook(
        code_cell(None, "injected-parameters"),
        code_cell(make_figure()),
        code_cell(v4.new_output("display_data", data=OUTPUTS[name])),
    )
    (line,) = describe_left_out(notebook, "03_genbrug")
    # as its author counts
    assert line.startswith(f"03_genbrug, celle 4: {name} er ikke kommet med i rapporten.")
    assert "»remove«" in line and ".show" in line
    # also when the output is gone
    assert describe_left_out(remove_unreleased(notebook), "03_genbrug") == [line]
    assert "left_out" not in json.dumps(prepare_publication(remove_unreleased(notebook)))


def test_what_is_printed_is_silent():
    stream = v4.new_output("stream", name="stdout", text="a")
    assert find_left_out(make_notebook(code_cell(stream), code_cell(SurveyNotice({})))) == []


def test_an_exporter_leaves_it_out_and_warns(caplog):
    notebook = make_notebook(code_cell(v4.new_output("display_data", data=OUTPUTS["et billede"])))
    exporter = HtmlExporter()
    # that of the whole application may have been silenced
    exporter.log = logging.getLogger("exporter")
    page, _ = exporter.from_notebook_node(notebook, {"metadata": {"name": "x"}})
    assert "<img" not in page
    assert "x, celle 3: et billede er ikke kommet med" in caplog.text
    assert build_document([("x", notebook)])["left_out"] == describe_left_out(notebook, "x")


def test_a_run_tells_of_a_plot_and_a_data_frame_and_fails_when_it_is_strict(
    run_all, project, capsys
):
    project.write_chapter("01_plot", PLOT)
    project.write_chapter("02_frame", FRAME, "print('a')")
    arguments = ["--sector", "state,region", "--format", "html", "--output", str(project.output)]
    assert run_all.main(arguments) == 0
    told = capsys.readouterr().out
    assert told.count("01_plot, celle 3: et billede er ikke kommet med i rapporten.") == 1
    assert (
        told.count("02_frame, celle 3: en tabel eller andet HTML er ikke kommet med") == 1
        and "celle 4" not in told
    )
    record = json.loads((project.output / "run.json").read_text(encoding="utf-8"))
    assert [len(report["left_out"]) for report in record["reports"]] == [2, 2]
    assert run_all.main([*arguments, "--strict"]) == 1  # also of reports that stand
