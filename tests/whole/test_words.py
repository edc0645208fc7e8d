"""The program has no word of the project that is shipped with it: those are the registry's."""

import re

import pytest

from barometer import paths

WORDS = re.compile(
    r"arbejdsplads|offentlige? sektor|\bStaten\b|i staten|[Rr]egionerne|[Kk]ommunerne"
    r"|[Ii]nnovationsbarometer|[Ff]ornyelse fra oven|barometer-2020|Digitaliseringsstyrelsen"
    # its variables, and what their answers say
    r"|(?i:workplace|innovativ|initiat|initiering|politi(?:c|sk)|hinder|promot|hæmm|fremm(?!ed))"
)
# an example in a docstring or comment may be of the shipped survey
EXAMPLE = re.compile(r'"""(?:.|\n)*?"""|#.*')


TEXTS = sorted(path for kind in ("py", "j2", "typ") for path in paths.PACKAGE.rglob(f"*.{kind}"))


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_the_program_has_no_noun_sector_title_or_variable_of_the_shipped_project(path):
    assert not WORDS.findall(EXAMPLE.sub("", path.read_text(encoding="utf-8")))
