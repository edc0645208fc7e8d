"""The chapters are written in words of their own: no run of six words is the publication's, but for
terms, answers of the questionnaire and titles.

The publication's text is not the project's to pass on. Kept of it are `publication_runs.txt`, the
fingerprints of all its runs of six words in small letters (BLAKE2b of four bytes): a run can be
recognised by them and not read.
"""

import re
from hashlib import blake2b
from pathlib import Path

import pytest

from tests.whole.test_notebooks import CHAPTERS

LENGTH = 6  # words of a run
# a title that the publication has, too
REFERENCE = "Fornyelse fra oven når politikerne sætter præg på offentlig innovation"
PUBLISHED = frozenset(
    (Path(__file__).parent.parent / "make" / "publication_runs.txt").read_text("ascii").split()
)
# who begins an innovation, the groups, and whom the survey is about: they have no other words
TERMS = (
    "innovationer igangsat af andre årsager",
    "igangsat af andre årsager",
    "den nærmeste politiske ledelse",
    "ny lovgivning og nationale krav",
    "politisk igangsatte innovationer",
    "den offentlige sektor",
    "når politisk ledelse skaber offentlig innovation",  # a title
)
# titles in italics, footnotes, and the list of what is referred to
TITLES = re.compile(r"\*[^*\n]+\*|^\[\^\d+\]:.*$|^- .*\(\d{4}\).*$", re.M)
# who was asked, and what was found, where other words would say it less exactly
KEPT = {
    "har indført mindst én innovation i",
    "indført mindst én innovation i perioden",
    "forskel på hvor ofte politiske beslutninger",
}


def find_published(text):
    """The runs of six words that a text has of the publication, beside terms and titles."""
    text = TITLES.sub(" | ", text)
    for term in TERMS:
        text = re.sub(term, "|", text, flags=re.I)
    found = []
    for part in text.split("|"):
        words = [word.lower() for word in re.findall(r"[^\W_]+", part)]
        runs = [words[start : start + LENGTH] for start in range(len(words) - LENGTH + 1)]
        found += [run for run in map(" ".join, runs) if mark(run) in PUBLISHED]
    return [run for run in found if run not in KEPT]


def mark(run):
    """The fingerprint of a run of words."""
    return blake2b(run.encode(), digest_size=4).hexdigest()


def test_a_run_of_the_publications_is_recognised():
    run = "oftest initieret af politikere og ledere"  # none of its runs
    assert len(PUBLISHED) > 5000 and mark(run) not in PUBLISHED
    assert find_published(f"Her står {REFERENCE}, og mere.") != []


@pytest.mark.parametrize("name", CHAPTERS)
def test_no_run_of_six_words_is_the_publications(name):
    texts = [cell.source for cell in CHAPTERS[name].cells]
    assert [run for text in texts for run in find_published(text)] == []
