"""Parameters are checked before anything is run, and the message says all that is wrong and what is
allowed.
"""

import unicodedata

import nbformat
import numpy as np
import pytest

from barometer.files.writing import DRAFT
from barometer.parameters import (
    ParameterError,
    Parameters,
    check_declaration,
    check_parameters,
    resolve_data,
)
from barometer.run.request import list_variants
from barometer.tools.command_line import read_arguments
from tests.make.shipped import SECTORS
from tests.make.small_survey import REGISTRY, make_survey

DECLARATION = 'sector = "all"\ndata = "barometer-2020"\nalpha = 0.05\nlanguage = "da"'


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """A data folder with one survey and one folder that is none."""
    for name in ("barometer-2020", "empty"):
        (tmp_path / "data" / name).mkdir(parents=True)
    (tmp_path / "data" / "barometer-2020" / "questionnaire.yaml").write_text(REGISTRY)
    monkeypatch.setattr("barometer.paths.DATA", tmp_path / "data")
    return tmp_path / "data"


def refuse(**values):
    with pytest.raises(ParameterError) as refusal:
        check_parameters(**values)
    return str(refusal.value)


def write_declaration(*sources, tag="parameters", kind=nbformat.v4.new_code_cell):
    cells = [kind(source, metadata={"tags": [tag]}) for source in sources]
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Titel"), *cells])


def test_nothing_given_means_the_defaults():
    parts = tuple(dict.fromkeys(("sector", "field", "size"), "all").items())
    assert check_parameters() == Parameters(parts, "barometer-2020", 0.05, "da")


@pytest.mark.parametrize(
    ("values", "name", "domain"),
    [
        ({}, "all", "all"),
        ({"sector": "region"}, "region", "region"),
        ({"field": "health"}, "all-field-health", "field=health"),
        ({"sector": "region", "size": "large"}, "region-size-large", "region&size=large"),
        ({"field": "Ældre-børn"}, "all-field-_ldre_b_rn", "field=Ældre-børn"),
    ],
)
def test_a_reports_folder_is_named_after_its_part_of_the_public_sector(values, name, domain):
    made = Parameters(tuple(({"sector": "all"} | values).items()))
    assert (made.name, made.domain) == (name, domain)
    assert DRAFT.fullmatch(f".{name}-1-abcdefgh")[1] == name


def test_a_chapter_from_before_reports_by_field_covers_all_of_them():
    assert check_declaration(write_declaration(DECLARATION)) == []
    assert "size = 3" in check_declaration(write_declaration(DECLARATION + "\nsize = 3"))[0]


@pytest.mark.parametrize("sector", SECTORS)
def test_every_sector_is_allowed(sector):
    assert check_parameters(sector=sector).first == sector


@pytest.mark.parametrize("alpha", [0.001, 0.01, 0.1, 0.499, np.float64(0.05)])
def test_a_number_between_zero_and_a_half_is_an_alpha(alpha):
    assert check_parameters(alpha=alpha).alpha == alpha


@pytest.mark.parametrize(
    "alpha", [0, 0.5, -0.05, 5, float("nan"), float("inf"), True, "0.05", None, 0.0009, 0.0474]
)
def test_any_other_alpha_is_refused_with_what_is_allowed(alpha):
    assert "mindre end 0.5" in refuse(alpha=alpha)


@pytest.mark.parametrize(
    ("name", "meant"), [("sektor", "sector"), ("Alpha", "alpha"), ("lang", "language")]
)
def test_a_misspelt_name_is_refused_with_the_name_that_was_meant(name, meant):
    message = refuse(**{name: "x"})
    assert f"»{name}«. Mente du »{meant}«?" in message
    assert all(known in message for known in ("sector", "alpha", "field", "size"))


@pytest.mark.parametrize(
    ("sector", "meant"), [("regions", "region"), ("Staten", "state"), ("kommuner", "municipality")]
)
def test_a_misspelt_or_danish_sector_is_refused_with_the_code_that_was_meant(sector, meant):
    message = refuse(sector=sector)
    assert f"Mente du »{meant}«?" in message
    assert all(code in message for code in SECTORS)


@pytest.mark.parametrize("sector", [None, 1, ["region"], ""])
def test_a_sector_of_the_wrong_type_is_refused(sector):
    assert "sector = " in refuse(sector=sector)


def test_all_problems_are_told_at_once():
    message = refuse(sektor="all", sector="regio", alpha="0.05", language="xx")
    assert len(message.splitlines()) == 4
    # of a survey that cannot be read nobody knows which sectors and other parts there are
    message = refuse(sektor="all", sector="regio", alpha="0.05", language="xx", data="empty")
    assert len(message.splitlines()) == 3


def test_a_survey_is_a_name_under_data_or_a_path(data_folder):
    assert resolve_data("barometer-2020") == data_folder / "barometer-2020"
    assert resolve_data(str(data_folder / "barometer-2020")) == data_folder / "barometer-2020"
    assert check_parameters(data=data_folder / "barometer-2020").data == str(
        data_folder / "barometer-2020"
    )


@pytest.mark.parametrize("data", ["barometer-2019", "empty", "", 2020, None, "../../etc"])
def test_a_folder_that_is_no_survey_is_refused_with_those_there_are(data):
    assert "(barometer-2020)" in refuse(data=data)


def test_a_chapter_that_declares_the_parameters_is_accepted():
    assert (
        check_declaration(
            write_declaration(DECLARATION.replace("0.05", "0.05   # 0 < alpha < 0.5"))
        )
        == []
    )


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], "har 0 celler"),
        ([DECLARATION, DECLARATION], "har 2 celler"),
        ([DECLARATION.replace("sector", "sektor")], "mangler »sector«"),
        ([DECLARATION.replace("sector", "sektor")], "Mente du »sector«?"),
        ([DECLARATION + "\nyear = 2020"], "»year«"),
        ([DECLARATION.replace('"all"', '"alle"')], "sector = 'alle'"),
        ([DECLARATION + "\nimport os"], "kun have linjer som"),
        ([DECLARATION.replace("0.05", "1 / 20")], "kun have linjer som"),
        ([DECLARATION.replace('"da"', '"da')], "kun have linjer som"),
    ],
)
def test_a_chapter_that_declares_something_else_is_told_what(sources, told):
    assert told in " ".join(check_declaration(write_declaration(*sources)))


def test_parameters_in_a_text_cell_are_no_declaration():
    assert check_declaration(write_declaration(DECLARATION, kind=nbformat.v4.new_markdown_cell))


def test_a_chapter_saved_after_a_run_is_refused():
    notebook = write_declaration(DECLARATION)
    notebook.cells += write_declaration(DECLARATION, tag="injected-parameters").cells[1:]
    assert "injected-parameters" in check_declaration(notebook)[0]


@pytest.mark.parametrize("name", ["field", "size"])
def test_an_answer_in_letters_of_two_characters_is_that_in_letters_of_one(tmp_path, name):
    folder = make_survey(
        tmp_path / "small",
        registry=REGISTRY.replace("health: Sundhed", "køb: Indkøb, på: Tilsyn").replace(
            "small: Få ansatte", "på: Få ansatte"
        ),
    )
    written = unicodedata.normalize("NFD", "på")
    assert check_parameters(data=str(folder), **{name: written}).answers[name] == "på"
    options = read_arguments([f"--{name}", f"{written},{written}"], "")
    variants = list_variants({name: getattr(options, name)}, data=str(folder))
    assert [one.answers[name] for one in variants] == ["på"]


def test_a_survey_is_found_by_its_folders_name_in_letters_of_two_characters(tmp_path):
    made = make_survey(tmp_path / unicodedata.normalize("NFD", "måling"))
    assert check_parameters(data=str(tmp_path / "måling")).data == str(tmp_path / "måling")
    assert resolve_data(str(tmp_path / "måling")) == made


CALLED = REGISTRY.replace("  sector:\n", "  level:\n")


def test_the_first_dimension_goes_by_the_name_that_it_has_in_the_registry(data_folder):
    registry = data_folder / "barometer-2020" / "questionnaire.yaml"
    registry.write_text(CALLED + "\n")
    made = check_parameters(level="region", size="large")
    assert (made.domain, made.name) == ("level=region&size=large", "region-size-large")
    assert next(iter(check_parameters(level="region").values)) == "level"
    assert "level = 'x' findes ikke" in refuse(level="x")
    assert "Parametrene er level, data" in refuse(levl="region")
    first, second = check_declaration(write_declaration(DECLARATION))
    assert first == "parametercellen mangler »level«." and "Ukendt parameter »sector«" in second
    declared = DECLARATION.replace("sector", "level")
    assert check_declaration(write_declaration(declared)) == []
    options = read_arguments(["--level", "region", "--each", "level"], "")
    variants = list_variants({"level": options.parts}, options.each, data="barometer-2020")
    assert [one.domain for one in variants] == ["level=region"]
    with pytest.raises(ParameterError, match="Tilladt er level, field, size"):
        list_variants({}, ["levels"], data="barometer-2020")
    with pytest.raises(SystemExit):
        read_arguments(["--sector", "region"], "")
