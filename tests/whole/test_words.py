"""The program has no word of the project that is shipped with it: those are the registry's. Its own
words are plain, and one for each thing.
"""

import ast
import re
import tokenize
from io import StringIO
from itertools import pairwise

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


# Sentences are told, and nothing else is: numbers are written, figures drawn, tables shown, reports
# built and runs recorded. The rooms of sentences and of the door have the word for a name.
TELLING = re.compile(r"(?<![a-z])(?:un)?(?:tell|tells|told|telling)(?![a-z])", re.I)
OF_SENTENCES = {"is_told"}
# {module: names that are public, in records or used by tests}; no other variable is called so
EFFORT = {"tell", "tell_once"}  # what is called while a search for closed cells goes on
KEPT = {
    "disclosure/closed.py": {"tell_planning"},
    "disclosure/plan.py": EFFORT,
    # sentences that were told, and the outcome that is any of them
    "document/conditions.py": {"told", "_list_told", "TOLD"},
    "door/views.py": {"Told"},  # a sentence
    "releases/planning.py": EFFORT,
    # the field of a built report that its record is written from
    "run/reports.py": {"told"},
    "run/work.py": {"told"},
    "suppression/bounds.py": EFFORT | {"tell_planning", "told"},
    "suppression/closing.py": EFFORT,
    "tools/collecting.py": EFFORT,
    # functions that give sentences and lines for the screen
    "tools/seal.py": EFFORT | {"tell_plan"},
    "tools/summary.py": {
        "tell_account",
        "tell_findings",
        "tell_reasons",
        "tell_release",
        "tell_reports",
    },
}
AT_THE_DOOR = {
    "__init__.py",
    "survey.py",
    "door/__init__.py",
    "door/answer.py",
    "door/means.py",
    "door/passages.py",
    "door/telling.py",
}
CALL = re.compile(r"`[^`]*`|\.tell\(")  # the functions by their names
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
PERSONIFIED = re.compile(
    r"\b(?:hears?|heard|unheard|knows?|lives?|wants?|speaks?|trusts?|thinks?|believes?|obeys?|"
    r"stumbles?|says so|asks|promises?|dies|survives?)\b",
    re.I,
)
MODULES = sorted(paths.PACKAGE.rglob("*.py"))


def list_words(path):
    """(names, comments and docstrings) of a module: what it is written in, but for its texts.
    Attributes are no names here: each is one where it is defined.
    """
    text = path.read_text(encoding="utf-8")
    tokens = list(tokenize.generate_tokens(StringIO(text).readline))
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, DOCUMENTED)]
    docs = [ast.get_docstring(node) or "" for node in nodes]
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    names = {
        token.string
        for before, token in pairwise(tokens)
        if token.type == tokenize.NAME and before.string != "."
    }
    return names, [*comments, *docs]


@pytest.mark.parametrize(
    "path", MODULES, ids=lambda path: path.relative_to(paths.PACKAGE).as_posix()
)
def test_what_is_written_in_comments_and_names_is_plain_and_tells_only_sentences(path):
    names, texts = list_words(path)
    module = path.relative_to(paths.PACKAGE).as_posix()
    assert [words for text in texts for words in PERSONIFIED.findall(text)] == []
    if path.parent.name != "sentences" and module not in AT_THE_DOOR:
        texts = [CALL.sub("", text) for text in texts]
        names -= OF_SENTENCES | KEPT.get(module, set())
        assert [name for name in names if TELLING.search(name)] == []
        assert [text for text in texts if TELLING.search(text)] == []


@pytest.mark.parametrize("module", KEPT)
def test_names_that_are_kept_are_still_there(module):
    names, _ = list_words(paths.PACKAGE / module)
    assert names >= KEPT[module]
