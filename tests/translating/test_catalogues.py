import ast

import pytest

from barometer import paths
from barometer.languages.catalogues import (
    MESSAGES,
    PROGRAM,
    PROJECT,
    find_catalogue,
    read_catalogue,
)
from barometer.translating import catalogues, program, project
from barometer.translating import messages as telling
from barometer.translating.catalogues import describe_faults, find_faults, update_catalogue
from barometer.translating.project import Message, list_messages


@pytest.fixture(scope="module")
def messages():
    return list_messages()


def test_every_text_of_the_chapters_is_listed_once_with_where_it_stands(messages):
    known = {(one.context, one.text): one for one in messages}
    assert len(known) == len(messages)
    contexts = {one.context for one in messages}
    assert {"D15 differs", "D15 same", "report.yaml title", "findings D15 more"} <= contexts
    assert {"weights title", "D11 topic", "cards.yaml title", "label"} <= contexts
    assert (None, "# Indledning") in known
    assert known[None, "# Indledning"].place == ("01_indledning.ipynb", 1)
    # names of items, groups and published verdicts are no text
    assert not {"politically_initiated", "D04a", "numbers", "all"} & {one.text for one in messages}


@pytest.mark.parametrize(
    ("text", "translation", "fault"),
    [
        ("Ved {a} {sektor}.", "At {a} {sektor}.", ""),
        ("Ved {a} {sektor}.", "At {a}.", "lacks {sektor}"),
        ("Ved {a}.", "At {a} {b}.", "adds {b}"),
        ("Ved {a}.", "At {a}, that is 37.", "other numbers"),
        ("Der er 2.816 i 98.", "In 98 there are 2,816.", ""),
        ("Der er 2.816.", "There are 2,861.", "other numbers"),
        ("De er {oftere} delt.", "They are shared {more often|less often}.", ""),
        (
            "De er {oftere} delt.",
            "They are more often shared.",
            "otherwise than as {larger|smaller}",
        ),
        ("De er {oftere} delt.", "They are {oftere|} shared.", "not two words"),
        ("They are {more|less} shared.", "De er {mere|mindre} delt.", ""),
        ("They are {more|less} shared.", "De er mere delt.", "otherwise than as"),
        ("De er delt.", "They are {more|less} shared.", "otherwise than as {larger|smaller}"),
        ("## Hvem?", "Who?", "other mark"),
        ("Se [Figur](#values).", "See [Figure](#values).", ""),
        ("Se [Figur](#values).", "See [Figure](#value).", "other links"),
        ("Det står i en note.[^a]", "It is in a note.", "other links"),
    ],
)
def test_a_translation_has_the_placeholders_links_and_numbers_of_its_original(
    text, translation, fault
):
    found = "; ".join(describe_faults(text, translation))
    assert fault in found and bool(fault) == bool(found)


def test_a_catalogue_keeps_what_is_translated_and_marks_what_has_changed(monkeypatch, tmp_path):
    monkeypatch.setattr(catalogues, "find_catalogue", lambda *_: tmp_path / "x.po")
    old = [
        Message("Ved {a} er der en forskel.", "A text", ("01", 1)),
        Message("Sektor", None, ("01", 2)),
    ]
    path = update_catalogue(PROJECT, "en", old)
    text = path.read_text("utf-8").replace('"Sektor"\nmsgstr ""', '"Sektor"\nmsgstr "Sector"')
    text = text.replace('forskel."\nmsgstr ""', 'forskel."\nmsgstr "At {a} there is one."')
    path.write_text(text, "utf-8")
    assert find_faults(PROJECT, "en", old) == ([], [])
    new = [Message("Ved {a} er der en stor forskel.", "A text", ("01", 1)), old[1]]
    update_catalogue(PROJECT, "en", new)
    assert find_faults(PROJECT, "en", new) == ([new[0]], [])
    assert "#, fuzzy" in path.read_text("utf-8")
    first = path.read_bytes()
    update_catalogue(PROJECT, "en", new)
    assert path.read_bytes() == first


@pytest.mark.parametrize("language", ["en", "nb"])
def test_no_translation_of_this_project_is_wrong(messages, language):
    assert [
        (message.context, message.text, why)
        for message, why in find_faults(PROJECT, language, messages)[1]
    ] == []
    known = {(one.context, one.text) for one in messages}
    assert {*read_catalogue(PROJECT, language)} <= known, "run: python -m barometer translate"


def test_a_magic_line_in_a_chapter_is_passed_over():
    assert [*project._read_code("%matplotlib inline", ("01", 1))] == []
    assert paths.NOTEBOOKS.is_dir()


def test_every_name_by_which_a_module_translates_is_imported_and_not_hidden():
    for path in sorted(paths.PACKAGE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                names = [one for one in ast.walk(function) if isinstance(one, ast.Name)]
                called = [one for one in ast.walk(function) if isinstance(one, ast.Call)]
                called = [one for one in called if getattr(one.func, "id", "") == "_"]
                hides = [one for one in names if one.id == "_" and isinstance(one.ctx, ast.Store)]
                inner = [one for part in ast.walk(function) if isinstance(part, ast.comprehension)
                         for one in ast.walk(part.target)]  # fmt: skip
                assert not called or not {*hides} - {*inner}, f"{path.name}, {function.name}"


def test_every_text_of_the_program_stands_in_its_catalogue(messages):
    texts = program.list_messages()
    contexts = {(one.context, one.text) for one in texts}
    assert ("1", "\u00a0procentpoint") in contexts and (None, "Spring til indholdet") in contexts
    known = {(one.context, one.id) for one in catalogues.read_file(find_catalogue(PROGRAM, "en"))}
    assert contexts <= known, "run: python -m barometer translate en"
    assert find_faults(PROGRAM, "en", texts)[1] == []


def test_every_message_to_whoever_runs_the_program_is_in_the_catalogue_of_english():
    texts = telling.list_messages()
    assert {"{name}: står uændret", "vis denne hjælp", "MAPPE"} <= {one.text for one in texts}
    assert find_faults(MESSAGES, "en", texts) == ([], [])
