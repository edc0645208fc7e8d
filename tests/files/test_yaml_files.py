"""YAML is read strictly: what is written twice, or without its quotation marks, is told with its
lines.
"""

import re

import pytest

from barometer.document.imprint import read_front
from barometer.files.faults import DataFault
from barometer.files.yaml_files import load_yaml
from barometer.survey_files import read_folder
from barometer.verify.typed import read_allowed
from tests.make.small_survey import REGISTRY, make_survey, replace_file


def tell(content, name="a.yaml"):
    """The lines that a file's content is refused with."""
    with pytest.raises(DataFault) as caught:
        load_yaml(name, content.encode())
    return [line for line in str(caught.value).splitlines() if line.startswith("- ")]


@pytest.mark.parametrize(
    ("content", "name", "lines"),
    [
        ("a: 1\nb: 2\na: 3\n", "a", "1 og 3"),
        ("x:\n  - {n: 1}\n  - n: 1\n    m: 2\n    n: 3\n", "n", "3 og 5"),
        ('answers: {"1": Ja, 1: Nej}', "1", "1 og 1"),
        ("blå: 1\nbla\u030a: 2\n", "blå", "1 og 2"),
        ("a: 1\n'a': 2\n\"a\": 3\n", "a", "1, 2 og 3"),
        ("? a\n: 1\n? a\n: 2\n", "a", "1 og 3"),
        ("--- {a: {b: {c: 1,\n c: 2}}}", "c", "1 og 2"),
    ],
)
def test_a_name_written_twice_is_told_with_its_lines(content, name, lines):
    assert tell(content) == [
        f"- a.yaml: navnet '{name}' er skrevet flere gange (linje {lines}); "
        "behold det ene, eller giv det andet et andet navn."
    ]


@pytest.mark.parametrize(
    ("content", "line", "written", "taken"),
    [
        ("a: {yes: Ja}", 1, "yes", "en sandhedsværdi"),
        ("a:\n  No: Nej", 2, "No", "en sandhedsværdi"),
        ("a: {true: Ja}", 1, "true", "en sandhedsværdi"),
        ("a: [on]", 1, "on", "en sandhedsværdi"),
        ("a: [x, true]", 1, "true", "en sandhedsværdi"),
        ("a: Off", 1, "Off", "en sandhedsværdi"),
        ("a: {01: Ja}", 1, "01", "et tal"),
        ("a: {1.0: Ja}", 1, "1.0", "et tal"),
        ("a: {0x1F: Ja}", 1, "0x1F", "et tal"),
        ("a: {1_000: Ja}", 1, "1_000", "et tal"),
        ("a: {1:30: Ja}", 1, "1:30", "et tal"),
        ("a: 1:30", 1, "1:30", "et tal"),
        ("a: [09, 010]", 1, "010", "et tal"),
        ("a: 1_0", 1, "1_0", "et tal"),
        ("a: .inf", 1, ".inf", "et tal"),
        ("a: {+1: x}", 1, "+1", "et tal"),
        ("a: 0b1", 1, "0b1", "et tal"),
        ("a: {2020-01-01: x}", 1, "2020-01-01", "en dato"),
        ("a: {null: x}", 1, "null", "ingenting"),
        ("b: 1\na: [~]", 2, "~", "ingenting"),
        ("a: null", 1, "null", "ingenting"),
    ],
)
def test_a_text_without_its_quotation_marks_is_told_with_its_line(content, line, written, taken):
    told = tell(content)
    assert len(told) == 1
    assert told[0].startswith(
        f"- a.yaml: linje {line}: »{written}« mangler anførselstegn og læses som {taken}; "
        f'sæt det i anførselstegn: "{written}"'
    )


def test_an_empty_name_is_told():
    assert "en tom tekst mangler anførselstegn" in tell("a: {? : x}")[0]


def test_what_reads_as_it_is_written_needs_no_quotation_marks():
    found = load_yaml(
        "a.yaml",
        b"{1: Ja, 99: Nej, a: true, b: 0.01, c: 2020-02-29, d: [1, 2.50, -3], e: , f: 'yes'}",
    )
    assert [*found] == [1, 99, "a", "b", "c", "d", "e", "f"]
    assert (found["a"], found["b"], found["d"], found["e"], found["f"]) == (
        True,
        0.01,
        [1, 2.5, -3],
        None,
        "yes",
    )


def test_a_line_that_begins_with_a_tab_is_told():
    assert tell("a:\n  b: 1\n\tc: 2\n") == [
        "- a.yaml: filen er ikke gyldig YAML: linje 3 er rykket ind med tabulator; "
        "ret linjen, så den er rykket ind med mellemrum."
    ]


def test_another_encoding_is_told_with_its_line():
    with pytest.raises(
        DataFault, match=r"a\.yaml: filen er ikke i tegnkodningen UTF-8 \(linje 2\)"
    ):
        load_yaml("a.yaml", "a: 1\nb: ø\n".encode("cp1252"))


def test_merged_parts_are_told():
    assert "linje 1 har <<" in tell("a: {<<: {b: 1}, b: 2}")[0]


def test_texts_come_with_letters_of_one_character():
    assert load_yaml("a.yaml", "a\u030a: u\u0308".encode()) == {"å": "ü"}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("  size:", "  field:", "navnet 'field' er skrevet flere gange (linje 22 og 23)"),
        (
            '{"yes": Ja, "no": Nej, dont_know: Ved ikke}',
            "{yes: Ja, no: Nej}",
            "»yes« mangler anførselstegn",
        ),
        (
            "label: Innovativ,",
            "label: Innovativ, label: Nyskabende,",
            "navnet 'label' er skrevet flere gange",
        ),
        ("residual: [dont_know]", "residual: [no]", "»no« mangler anførselstegn"),
    ],
)
def test_the_registry_is_read_so(tmp_path, old, new, told):
    folder = make_survey(tmp_path / "small")
    replace_file(folder, "questionnaire.yaml", REGISTRY.replace(old, new, 1).encode())
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    assert f"questionnaire.yaml: {told}" in re.sub(r"linje \d+: ", "", str(caught.value))


def test_the_cards_are_read_so(tmp_path):
    folder = make_survey(tmp_path / "small")
    text = (folder / "cards.yaml").read_text(encoding="utf-8")
    (folder / "cards.yaml").write_text(text.replace('"notice"', '"title"'), encoding="utf-8")
    with pytest.raises(DataFault, match=r"cards\.yaml: navnet 'title' er skrevet flere gange"):
        read_folder(folder)


def test_the_lists_kept_beside_the_chapters_are_read_so(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text("title: A\ntitle: B\n", encoding="utf-8")
    for read in (read_front, read_allowed):
        with pytest.raises(
            ValueError, match=r"navnet 'title' er skrevet flere gange \(linje 1 og 2\)"
        ):
            read(path)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            '{"yes": Ja, "no": Nej, dont_know: Ved ikke}',
            '{"yes": Ja, "no": " jA", dont_know: Ved ikke}',
            "introduced: svarene yes, no har samme tekst (Ja)",
        ),
        (
            "citizens: Borgere",
            "citizens: ledere ",
            "initiator: delspørgsmålene leaders, citizens har samme tekst (Ledere)",
        ),
        (
            "health: Sundhed",
            "health: ADMINISTRATION",
            "field: svarene administration, health har samme tekst",
        ),
        (
            "learning: At lære, required: Det var et krav",
            'learning: "A\u030a  b", required: "å B"',
            "purpose: delspørgsmålene learning, required har samme tekst (Å  b)",
        ),
        (
            "large: Mange ansatte",
            "large: {label: Mange, name: Få ansatte}",
            "size: svarene small, large har samme tekst",
        ),
    ],
)
def test_two_answers_with_the_same_text_are_told(tmp_path, old, new, told):
    folder = make_survey(tmp_path / "small")
    replace_file(folder, "questionnaire.yaml", REGISTRY.replace(old, new, 1).encode())
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    assert f"questionnaire.yaml: {told}" in str(caught.value)


def test_a_file_whose_name_has_letters_of_two_characters_is_found(tmp_path):
    folder = make_survey(tmp_path / "small")
    for name in ("questionnaire.yaml", "cards.yaml"):
        text = (
            (folder / name).read_text(encoding="utf-8").replace("microdata.csv", "mikrodata-på.csv")
        )
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "microdata.csv").rename(folder / "mikrodata-pa\u030a.csv")
    assert len(read_folder(folder).microdata) == 12
