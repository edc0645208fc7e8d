"""What of an executed notebook is kept and published: text, code, and the outputs of the report.

An output with a payload is made again of that payload and its pictures. All else can be anything,
as it has passed no gate: what was printed or merely shown, attachments, metadata, widgets.
"""

import copy
import json
import re
from base64 import b64decode
from pathlib import Path

import nbformat

from barometer import paths
from barometer.display import draw_payload
from barometer.files.images import clean_png, clean_svg
from barometer.payloads import (
    INTERNAL,
    LANGUAGES,
    MARK,
    MIME,
    NARROW_TYPE,
    PNG_TYPE,
    SVG_TYPE,
    is_hidden,
    list_data,
    put_back,
    read_payload,
    strip_internal,
)

PICTURES = (SVG_TYPE, PNG_TYPE, NARROW_TYPE)
# in the metadata of a kept cell: the MIME types that were shown there and are not in the report
LEFT_OUT = "left_out"
FIELDS = {
    "figure": "kind id title alt note table key trace claim outcome evidence",
    "table": "kind id title note table key trace",
    "prose": "kind id markdown trace outcome evidence",
    "claims": "kind id title verdicts",
}  # of payloads; a survey has its own
_LANGUAGE = "codemirror_mode file_extension mimetype name nbconvert_exporter pygments_lexer version"
ABOUT = {"kernelspec": "display_name language name", "language_info": _LANGUAGE}
REMEDY = (
    "Vis tal med svarets egne funktioner (.tell, .show, .draw_pairs …), eller mærk cellen "
    "»remove«, hvis den kun er til dig selv."
)
KINDS = {
    "text/html": "en tabel eller andet HTML",
    "text/plain": "en værdi",
    "text/markdown": "tekst",
    "text/latex": "en formel",
}


def remove_unreleased(notebook):
    """A copy of an executed notebook to be kept: of what its author looked at only where it was.

    An output whose payload or pictures cannot be read is not made again: the report is refused.
    """
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        cell.pop("attachments", None)
        hidden = is_hidden(cell)
        cell["metadata"] = {key: value for key, value in cell["metadata"].items() if key == "tags"}
        if "outputs" not in cell:
            continue
        outputs = [] if hidden else cell["outputs"]
        if left_out := _list_left_out(outputs):
            cell["metadata"][LEFT_OUT] = left_out
        cell["outputs"] = [_clean_output(one) for one in outputs if MIME in one.get("data", {})]
    about = notebook["metadata"]
    notebook["metadata"] = {
        name: {key: about[name][key] for key in keys.split() if key in about[name]}
        for name, keys in ABOUT.items()
        if name in about
    }
    return nbformat.from_dict(notebook)


def prepare_publication(notebook):
    """A kept notebook as it is published: without full precision and what was left out."""
    notebook = remove_unreleased(notebook)
    for cell in notebook["cells"]:
        cell["metadata"].pop(LEFT_OUT, None)
    for data in list_data(notebook):
        data[MIME] = strip_internal(read_payload(data))
        for name in ("made_here", LANGUAGES):
            data[MIME].pop(name, None)
    return notebook


def restore_internal(notebook, held):
    """A copy of a notebook just executed, with the full precision `held` of its payloads."""
    notebook = copy.deepcopy(notebook)
    for data in list_data(notebook):
        data[MIME] = put_back(read_payload(data), held)
    return notebook


def find_left_out(notebook):
    """[(cell's number as its author counts, MIME type), …] of what is shown and not in the report.

    Streams are left out without a word, and cells whose tag says that they show nothing.
    """
    found, number = [], 0
    for cell in notebook["cells"]:
        number += "injected-parameters" not in cell["metadata"].get("tags", ())
        if not is_hidden(cell):
            kinds = cell["metadata"].get(LEFT_OUT) or _list_left_out(cell.get("outputs", ()))
            found += [(number, kind) for kind in kinds]
    return found


def describe_left_out(notebook, name):
    """A line in Danish per cell whose output is left out: chapter, cell, what it is, remedy."""
    cells = {}
    for number, kind in find_left_out(notebook):
        cells.setdefault(number, []).append(_name_kind(kind))
    return [
        f"{name}, celle {number}: {' og '.join(dict.fromkeys(kinds))} er ikke kommet med i "
        f"rapporten. {REMEDY}"
        for number, kinds in cells.items()
    ]


def _list_left_out(outputs):
    """The richest MIME type of each output that is no stream, no error and none of the report's."""
    return [
        next((kind for kind in output["data"] if kind != "text/plain"), "text/plain")
        for output in outputs
        if output.get("data") and MIME not in output["data"]
    ]


def _name_kind(kind):
    return "et billede" if kind.startswith("image/") else KINDS.get(kind, f"et resultat ({kind})")


def _clean_output(output):
    """An output of its payload and pictures alone."""
    payload, pictures = read_payload(output["data"]), {}
    if payload.get("kind") in FIELDS:
        fields = {*FIELDS[payload["kind"]].split(), INTERNAL, LANGUAGES, MARK, "made_here"}
        payload = {key: value for key, value in payload.items() if key in fields}
    if payload.get("kind") == "figure":
        pictures = {kind: "".join(output["data"].get(kind, "")) for kind in PICTURES}
    try:
        beside = draw_payload(payload, **_clean_pictures(payload, pictures))
    except (ValueError, KeyError, TypeError, AttributeError):
        beside = pictures
    kept = {"output_type": output["output_type"], "data": {MIME: payload, **beside}, "metadata": {}}
    if output["output_type"] == "execute_result":
        kept["execution_count"] = output["execution_count"]
    return kept


def _clean_pictures(payload, pictures):
    if not pictures:
        return {}
    names = {"Title": "title", "Description": "alt", "Comment": "note"}
    texts = [(name, payload[field]) for name, field in names.items()]
    png = clean_png(b64decode(pictures[PNG_TYPE]), texts)
    narrow = clean_svg(pictures[NARROW_TYPE]) if pictures[NARROW_TYPE] else ""
    return {"svg": clean_svg(pictures[SVG_TYPE]), "png": png, "narrow": narrow}


def normalise_notebook(notebook, data=""):
    """A copy without what differs between runs: times, random ids, process numbers, addresses, this
    machine's paths.
    """
    plain = json.loads(json.dumps(notebook))
    plain["metadata"].pop("papermill", None)
    places = {data: Path(data).name, str(paths.ROOT): ".", str(paths.PROGRAM): "."}
    places = {path: short for path, short in places.items() if Path(path).is_absolute()}
    # the random id that pandas gives a styled table → its number in order of appearance
    tables = {}
    for number, cell in enumerate(plain["cells"], 1):
        cell["id"] = f"cell-{number}"
        for noise in ("papermill", "execution"):
            cell["metadata"].pop(noise, None)
        if cell["cell_type"] == "code":  # the author's text is left alone
            cell.update(_change_text(cell, lambda text: _clean_text(text, places, tables)))
    return nbformat.from_dict(plain)


def _change_text(part, change):
    """A copy of JSON data with `change` done to every text in it, except to pictures in dots, which
    are no text.
    """
    if isinstance(part, dict):
        return {
            key: value if key == "image/png" else _change_text(value, change)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_change_text(value, change) for value in part]
    return change(part) if isinstance(part, str) else part


def _clean_text(text, places, tables):
    for path, short in places.items():
        text = text.replace(path, short)
    if "T_" in text:  # a glance first: most texts are pictures, and have none of it
        text = re.sub(
            r"\bT_[0-9a-f]{5}(?![0-9a-f])",
            lambda id: tables.setdefault(id[0], f"T_{len(tables):05d}"),
            text,
        )
    if "ipykernel_" in text:  # warnings name the process that ran the cell
        text = re.sub(r"\S*ipykernel_\d+[/\\]\d+\.py", "celle", text)
    return re.sub(r" at 0x[0-9a-fA-F]+>", ">", text) if " at 0x" in text else text
