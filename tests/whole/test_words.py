"""The program has no word of the project that is shipped with it: those are the registry's."""

import re

import pytest

from barometer import paths

WORDS = re.compile(
    r"arbejdsplads|offentlige? sektor|\bStaten\b|i staten|[Rr]egionerne|[Kk]ommunerne"
    r"|[Ii]nnovationsbarometer|[Ff]ornyelse fra oven|barometer-2020"
)
# an example in a docstring or comment may be of the shipped survey
EXAMPLE = re.compile(r'"""(?:.|\n)*?"""|#.*')


@pytest.mark.parametrize("path", sorted(paths.PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_the_program_has_no_noun_sector_or_title_of_the_shipped_project(path):
    assert not WORDS.findall(EXAMPLE.sub("", path.read_text(encoding="utf-8")))
