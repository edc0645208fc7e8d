"""How hard the reports are to read, chapter by chapter, in the report of every sector and of a
field of work.

LIX (Björnsson 1968) is the number of words in a sentence and the percentage of words of more than
six letters, added: about 40 in a magazine, above 50 in an official report. A sentence ends at a
full stop, colon, question mark or exclamation mark before a capital letter or at the end of a
block, and what is no run of letters is no word.
"""

import json
import re

import nbformat
import pytest

from barometer.document.document import build_document
from barometer.document.markdown import plain_text
from tests.conftest import copy_run, run_without_certificate
from tests.make.shipped import SECTORS

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
END = re.compile(r"[.!?:](?=\s*$|\s+[»(]*[A-ZÆØÅ])")
# the most that a chapter may have; chapter 07 is a table's companion
CEILINGS = {"01": 39.7, "02": 40.5, "03": 35.0, "04": 37.6, "05": 35.5, "06": 37.6}
REPORTS = [*SECTORS, "all-field-health"]


def find_lix(texts):
    """LIX of blocks of text."""
    words = [word for text in texts for word in WORD.findall(text)]
    sentences = sum(len(END.findall(text)) for text in texts)
    return len(words) / sentences + 100 * sum(len(word) > 6 for word in words) / len(words)


def list_texts(blocks):
    """What is read from first to last: paragraphs, lists, boxes and quotes. Neither headings nor
    what stands in and under a figure or table.
    """
    found = []
    for block in blocks:
        match block["type"]:
            case "paragraph":
                found.append(plain_text(block["content"]))
            case "list":
                found += [text for item in block["items"] for text in list_texts(item)]
            case "quote":
                found += map(plain_text, block["paragraphs"])
            case _:
                found += list_texts(block.get("blocks", []))
    return found


def list_told(folder):
    """{(chapter, section): whether a sentence on data, a figure or a table stands in it}."""
    told = {}
    for path in sorted(folder.glob("chapters/0[1-6]_*.ipynb")):
        (chapter,) = build_document([(path.stem, nbformat.read(path, 4))])["chapters"]
        section = ""
        for block in chapter["blocks"]:
            if block["type"] == "heading" and block["level"] == 2:
                section = plain_text(block["content"])
            key = path.stem[:2], section
            told[key] = told.get(key, False) or block["type"] in ("claim", "figure", "table") or (
                '"claim"' in json.dumps(block)
            )  # fmt: skip
    return told


@pytest.fixture(scope="module")
def folder(real, tmp_path_factory):
    """The reports' folder, with their chapters, and with a report on one field."""
    output = copy_run(real[0], tmp_path_factory.mktemp("outputs"))
    run_without_certificate(output, ["all"], further={"field": ["health"]}, formats=("html",))
    return output


def test_lix_is_words_in_a_sentence_and_the_percentage_of_long_words():
    text = "En innovation er ny. Den gælder 31 pct. af dem, og det er meget: Halvdelen var her."
    # 16 words in three sentences, two of them long; "pct." ends no sentence before a small letter
    assert find_lix([text]) == pytest.approx(16 / 3 + 100 * 2 / 16)
    assert find_lix(["Det er nemt.", "Det er godt"]) == pytest.approx(6 / 1)


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS)
def test_no_chapter_is_harder_to_read_than_its_ceiling(folder, report):
    found = {}
    for path in sorted((folder / report).glob("chapters/0[1-6]_*.ipynb")):
        book = nbformat.read(path, 4)
        (chapter,) = build_document([(path.stem, book)])["chapters"]
        found[path.stem[:2]] = find_lix(list_texts(chapter["blocks"]))
    assert list(found) == list(CEILINGS)
    assert {name: lix for name, lix in found.items() if lix > CEILINGS[name]} == {}


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS[1:])
def test_no_section_that_asks_what_data_tell_elsewhere_is_left_without_an_answer(folder, report):
    told, here = list_told(folder / "all"), list_told(folder / report)
    asked = [key for key in here if told.get(key)]
    assert len(asked) > 15 and [key for key in asked if not here[key]] == []
