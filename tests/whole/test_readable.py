"""The text of the four reports as a reader meets it: nothing is refused twice in a section, no
paragraph of one sentence, and words that fit the numbers beside them.
"""

import csv
import re

import pytest

from barometer.document.conditions import WITHHELD
from barometer.document.document import build_document
from barometer.document.markdown import plain_text
from tests.make.shipped import SECTORS

pytestmark = pytest.mark.slow
MOST_SENTENCES = 10
READ = ("01", "02", "03", "04", "05", "06", "07")
END = re.compile(r"(?<!pct)[.?!](?=\s|$)|pct\.(?=\s+[A-ZÆØÅ]|$)")
# of a test that found nothing: words that have no place beside two shares that are shown alike
UNSURE = ("tilfældig", "for lille", "ikke en sikker")


@pytest.fixture(scope="module", params=SECTORS)
def report(request, real):
    """A report's folder, and its document made of its published chapters."""
    folder = real[0] / request.param
    return folder, build_document(sorted((folder / "chapters").glob("*.ipynb")))


def list_sections(blocks):
    """[[block, …], …]: what stands under each heading of a chapter's sections."""
    sections = [[]]
    for block in blocks:
        if block["type"] == "heading" and block["level"] == 2:
            sections.append([])
        sections[-1].append(block)
    return sections


def list_read(document):
    chapters = [one for one in document["chapters"] if one["name"][:2] in READ]
    assert len(chapters) == len(READ)
    return chapters


def find_claims(part):
    """The ids of all sentences in a part of the model, those that share a paragraph too."""
    if isinstance(part, list):
        return [id for one in part for id in find_claims(one)]
    if not isinstance(part, dict):
        return []
    own = [part["id"]] if part.get("type") == "claim" else []
    return own + [id for value in part.values() for id in find_claims(value)]


def list_paragraphs(block):
    inner = block["blocks"] if block["type"] == "claim" else [block]
    return [plain_text(one["content"]) for one in inner if one["type"] == "paragraph"]


def count_sentences(paragraph):
    return len(END.findall(paragraph.strip()))


def test_a_section_refuses_once_at_most(report):
    _, document = report
    refused = {row["id"] for row in document["claims"] if row["outcome"] in WITHHELD}
    many = [
        (chapter["name"], plain_text(section[0]["content"]), found)
        for chapter in list_read(document)
        for section in list_sections(chapter["blocks"])
        if len(found := [id for id in find_claims(section) if id in refused]) > 1
    ]
    assert many == []


def test_no_paragraph_is_of_one_sentence_and_none_is_long(report):
    _, document = report
    assert [
        (chapter["name"], text)
        for chapter in list_read(document)
        for block in chapter["blocks"]
        for text in list_paragraphs(block)
        # what a list goes on with is no sentence yet
        if not 1 < count_sentences(text) + text.endswith(":") <= MOST_SENTENCES
    ] == []


def read_claims(folder):
    with open(folder / "claims.csv", encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_shares_that_are_shown_alike_are_never_called_an_unsure_difference(report):
    folder, _ = report
    tests = [row for row in read_claims(folder) if row["chapter"][:2] in READ]
    alike = [row for row in tests if row["first"] and row["first"] == row["second"]]
    assert [
        (row["id"], row["sentence"])
        for row in alike
        if row["outcome"] in ("same", "equal") and any(word in row["sentence"] for word in UNSURE)
    ] == []


def test_a_difference_told_is_that_of_the_two_shares_as_they_are_shown(report):
    folder, _ = report
    shares = {row["id"]: (row["first"], row["second"]) for row in read_claims(folder)}
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        told = [
            row
            for row in csv.DictReader(file)
            if row["kind"] == "difference" and row["part"] == "text" and row["where"] in shares
        ]
    assert told or folder.name == "municipality"
    for row in told:
        first, second = (int(re.match(r"\d+", one)[0]) for one in shares[row["where"]])
        assert int(re.match(r"\d+", row["shown"])[0]) == max(1, abs(first - second)), row["where"]


# Words of municipalities that have no place in a report on the state.
MUNICIPAL = ("byråd", "borgmester", "fritidspolitiker", "køkken", "kommunegrænse", "Region Midt")


def test_the_states_report_has_no_example_from_municipalities_or_regions(real):
    chapters = sorted((real[0] / "state" / "chapters").glob("0[1-7]_*.ipynb"))
    blocks = [one["blocks"] for one in build_document(chapters)["chapters"]]
    text = str(blocks)
    assert [word for word in MUNICIPAL if word in text] == []
    whole = sorted((real[0] / "all" / "chapters").glob("0[1-7]_*.ipynb"))
    assert all(word in str(build_document(whole)) for word in ("byråd", "fritidspolitiker"))
