"""Every fault that a survey's files can have is told in one sentence: file, column, rows and what
to do about it.
"""

import csv
import hashlib
import io
import pickle
import re
import shutil
import subprocess
import sys
import traceback

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from barometer.data import cards
from barometer.data.cards import read_cards
from barometer.data.checks import find_faults
from barometer.data.publication import COLUMNS
from barometer.data.reading import read_population, read_registry, read_table
from barometer.files import csv_files, faults
from barometer.files.faults import DataFault, Fault, raise_faults, show
from barometer.parameters import ParameterError
from barometer.paths import ROOT
from barometer.run.tasks import check_data
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import (
    REGISTRY,
    break_and_recard,
    change_cards,
    make_survey,
    read_text,
    recard,
    replace_file,
    set_cells,
    use_as_microdata,
)

FILES = ("microdata.csv", "population.csv", "published.csv", "questionnaire.yaml")
TABLES = FILES[:3]
QUICK = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    return make_survey(tmp_path_factory.mktemp("template") / "small")


@pytest.fixture
def folder(template, tmp_path):
    return shutil.copytree(template, tmp_path / "small")


def find_fault(folder):
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    return caught.value


def expect(folder, *parts, count=1):
    """The folder has `count` faults; the terminal's text of one of them holds all `parts`, in this
    order.
    """
    fault = find_fault(folder)
    lines = [line for line in fault.full_message().splitlines() if line.startswith("- ")]
    assert len(lines) == count, fault.full_message()
    pattern = ".*".join(re.escape(part) for part in parts)
    assert any(re.search(pattern, line) for line in lines), fault.full_message()
    assert all(re.fullmatch(r"- \S.*: .+; .+\.", line) for line in lines), "file: what; remedy."
    return fault


def set_units(number):
    """An `edit` that gives the population's first stratum another number of units."""
    return lambda table: table.assign(units=[number, *table["units"][1:]])


# ---- what is right
# -------------------------------------------------------------------------------------------------


def test_a_valid_survey_has_no_faults_and_comes_typed(folder):
    files = read_folder(folder)
    table = files.microdata
    assert table["weight"].dtype == np.float64
    assert table["initiator_leaders"].tolist()[:2] == [1.0, 0.0]
    assert np.isnan(table["initiator_leaders"][2])
    assert table["evaluated"].tolist()[:2] == ["internal", "no"]
    assert pd.isna(table["evaluated"][2])
    assert files.population["units"].tolist() == [20, 30, 40, 25]
    assert files.published.to_dict("records") == [
        dict.fromkeys((*COLUMNS, "sector", "domain"), "")
        | {"id": "P1", "kind": "fact", "item": "innovative", "statement": "innovative"}
    ]


def test_a_survey_opens_by_the_path_of_its_folder(folder):
    survey = open_survey(str(folder))
    assert survey.indicator("innovative").sum() == 8


def test_the_functions_called_one_by_one_say_the_same(folder):
    break_and_recard(folder, set_cells(["r05"], underway="yes"))
    cards = read_cards(folder)
    registry = read_registry(folder, cards)
    microdata = read_table(folder, "microdata.csv", cards, registry, (), [])
    with pytest.raises(DataFault) as caught:
        raise_faults(
            find_faults(microdata, registry, read_population(folder, cards, registry, []), cards)
        )
    assert str(caught.value) == str(find_fault(folder))


def test_checking_changes_nothing_in_the_table(folder):
    break_and_recard(folder, set_cells(["r05"], evaluated="perhaps", initiator_leaders="x"))
    cards = read_cards(folder)
    registry = read_registry(folder, cards)
    microdata, population = (
        read_table(folder, "microdata.csv", cards, registry, (), []),
        read_population(folder, cards, registry, []),
    )
    before = microdata.copy(deep=True)
    with pytest.raises(DataFault):
        raise_faults(find_faults(microdata, registry, population, cards))
    pd.testing.assert_frame_equal(microdata, before)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder):
    text = (folder / "microdata.csv").read_text(encoding="utf-8")
    replace_file(folder, "microdata.csv", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert len(read_folder(folder).microdata) == 12


def test_a_file_read_a_few_rows_at_a_time_gives_the_same_table(folder, monkeypatch):
    break_and_recard(folder, set_cells(["r02"], id='ræv, "mår"\nog ål'))
    whole = read_folder(folder).microdata
    monkeypatch.setattr(csv_files, "BLOCK", 250)
    pd.testing.assert_frame_equal(read_folder(folder).microdata, whole)


def test_rows_are_numbered_through_a_file_read_a_few_at_a_time(folder, monkeypatch):
    monkeypatch.setattr(csv_files, "BLOCK", 250)
    text = (folder / "microdata.csv").read_bytes()
    replace_file(folder, "microdata.csv", text.replace(b"r11,", b"r11,,"))
    expect(folder, "andet antal felter end de 13 kolonnenavne i 1 række (række 11)", count=1)
    replace_file(folder, "microdata.csv", text.replace(b"r12", "å".encode("latin-1")))
    expect(folder, "filen er ikke i tegnkodningen UTF-8", count=1)


def test_a_comma_inside_quotes_is_text(folder):
    break_and_recard(folder, set_cells(["r05"], id='r05, the "first"\nof its kind'))
    assert read_folder(folder).microdata["id"][4] == 'r05, the "first"\nof its kind'


def test_the_order_of_columns_does_not_matter(folder):
    break_and_recard(folder, lambda table: table[table.columns[::-1]])
    assert len(read_folder(folder).microdata) == 12


def test_a_stratum_of_one_workplace_that_answered_is_complete(folder):
    break_and_recard(
        folder,
        lambda table: set_cells(["r01"], weight="1")(table[~table["id"].isin(["r02", "r03"])]),
    )
    break_and_recard(folder, set_units("1"), "population.csv")
    assert len(read_folder(folder).microdata) == 10


@pytest.mark.parametrize("rule", ["adjust", "certainty"])
def test_a_stratum_with_one_respondent_passes_when_the_card_names_a_rule(folder, rule):
    break_and_recard(
        folder,
        lambda table: set_cells(["r01"], weight="20")(table[~table["id"].isin(["r02", "r03"])]),
    )
    change_cards(folder, lambda cards: cards | {"lonely": rule})
    assert len(read_folder(folder).microdata) == 10


# ---- faults of columns
# ---------------------------------------------------------------------------------------------


def test_a_missing_column_is_told_without_the_faults_that_follow_from_it(folder):
    break_and_recard(folder, lambda table: table.drop(columns="introduced_product"))
    expect(folder, "microdata.csv, kolonne introduced_product: kolonnen mangler", "tilføj den")


def test_a_missing_item_of_a_multiple_question_does_not_make_its_other_ticks_wrong(folder):
    break_and_recard(folder, lambda table: table.drop(columns="initiator_dont_know"))
    expect(folder, "microdata.csv, kolonne initiator_dont_know: kolonnen mangler")


@pytest.mark.parametrize("column", ["id", "stratum", "weight"])
def test_a_missing_key_column_is_told_alone(folder, column):
    break_and_recard(folder, lambda table: table.drop(columns=column))
    expect(folder, f"microdata.csv, kolonne {column}: kolonnen mangler")


def test_an_extra_column_is_told(folder):
    break_and_recard(folder, lambda table: table.assign(sector="state"))
    expect(folder, "microdata.csv, kolonne sector: kolonnen kendes ikke", "fjern den")


def test_a_column_that_stands_twice_is_told(folder):
    break_and_recard(folder, lambda table: table.rename(columns={"evaluated": "underway"}))
    expect(folder, "microdata.csv, kolonne underway: kolonnen står flere gange", "behold den ene")


def test_many_missing_columns_are_one_sentence(folder):
    break_and_recard(folder, lambda table: table[["id", "stratum", "weight"]])
    expect(folder, "kolonnen mangler", "tilføj den")
    expect(folder, "underway, initiator_employees, initiator_leaders og 5 til: kolonnen mangler")


# ---- faults of cells
# -----------------------------------------------------------------------------------------------


def test_text_among_ticks_is_told(folder):
    break_and_recard(folder, set_cells(["r01", "r04"], initiator_leaders="ja"))
    expect(
        folder,
        "microdata.csv, kolonne initiator_leaders: andet end 0 og 1 i 2 rækker (id 'r01', 'r04'; "
        "fundet 'ja')",
        "skriv 1 for kryds",
    )


def test_a_number_other_than_0_and_1_among_ticks_is_told(folder):
    break_and_recard(folder, set_cells(["r01"], initiator_leaders="2"))
    expect(
        folder,
        "kolonne initiator_leaders: andet end 0 og 1 i 1 række (id 'r01'; fundet '2.0')",
        "skriv 1",
    )


def test_an_answer_outside_the_list_is_told_without_what_follows_from_it(folder):
    break_and_recard(folder, set_cells(["r01", "r02"], introduced_product="Ja"))
    expect(
        folder,
        "microdata.csv, kolonne introduced_product: svar uden for listen i 2 rækker (id 'r01', "
        "'r02'; fundet 'Ja')",
        "brug en af koderne yes, no, dont_know",
    )


def test_too_many_ticks_are_told(folder):
    break_and_recard(folder, set_cells(["r07"], initiator_citizens="1"))
    expect(
        folder,
        "microdata.csv, kolonne initiator_employees",
        "flere end 2 krydser i 1 række (id 'r07')",
        "behold højst 2",
    )


def test_an_exclusive_answer_together_with_others_is_told(folder):
    break_and_recard(folder, set_cells(["r02", "r08"], initiator_leaders="1"))
    expect(
        folder,
        "microdata.csv, kolonne initiator_dont_know: et svar, der udelukker andre",
        "i 2 rækker (id 'r02', 'r08')",
        "behold enten",
    )


def test_an_answer_by_somebody_who_was_not_asked_is_told(folder):
    break_and_recard(folder, set_cells(["r05", "r08"], underway="yes"))
    expect(
        folder,
        "microdata.csv, kolonne underway: svar fra respondenter, der ikke skal have spørgsmålet "
        "i 2 rækker "
        "(id 'r05', 'r08')",
        "tøm felterne, eller ret ruten (not_innovative)",
    )


def test_a_tick_by_somebody_who_was_not_asked_is_told(folder):
    break_and_recard(folder, set_cells(["r02"], purpose_learning="0", purpose_required="1"))
    expect(
        folder,
        "kolonne purpose_learning, purpose_required: svar fra",
        "i 1 række (id 'r02')",
        "ret ruten (was_evaluated)",
    )


def test_a_missing_answer_by_somebody_who_was_asked_is_told_without_what_follows_from_it(folder):
    break_and_recard(folder, set_cells(["r01", "r02"], introduced_product=""))
    expect(
        folder,
        "microdata.csv, kolonne introduced_product: svar mangler fra respondenter, der skal "
        "have spørgsmålet "
        "i 2 rækker (id 'r01', 'r02')",
        "udfyld felterne",
    )


def test_a_missing_answer_further_down_the_route_is_told_alone(folder):
    break_and_recard(folder, set_cells(["r01"], evaluated=""))
    expect(folder, "kolonne evaluated: svar mangler", "(id 'r01')")


def test_an_asked_multiple_question_without_any_tick_is_told(folder):
    break_and_recard(folder, set_cells(["r02"], initiator_dont_know="0"))
    expect(
        folder,
        "microdata.csv, kolonne initiator_employees",
        "intet kryds i 1 række (id 'r02')",
        "initiator_dont_know",
    )


def test_no_tick_is_right_where_nothing_stands_for_none(folder):
    break_and_recard(folder, set_cells(["r01"], purpose_learning="0"))
    assert len(read_folder(folder).microdata) == 12


# ---- faults of id, weight and stratum
# ------------------------------------------------------------------------------


def test_a_repeated_id_is_told(folder):
    break_and_recard(folder, set_cells(["r05"], id="r04"))
    expect(
        folder,
        "microdata.csv, kolonne id: samme id flere gange i 2 rækker (id 'r04', 'r04')",
        "behold én række",
    )


def test_a_missing_id_is_told_by_its_row_number(folder):
    break_and_recard(folder, set_cells(["r05", "r06"], id=["", " "]))
    expect(
        folder,
        "microdata.csv, kolonne id: id mangler i 2 rækker (række 5, 6)",
        "løbenummer",
    )


@pytest.mark.parametrize(
    ("text", "problem", "remedy"),
    [
        ("", "vægten mangler", "udfyld den"),
        ("0", "vægten er nul eller negativ", "over 0"),
        ("-1.5", "vægten er nul eller negativ", "over 0"),
        ("inf", "vægten er uendelig", "beregn den igen"),
        ("6,5", "vægten er ikke et tal", "decimalpunktum"),
        ("tung", "vægten er ikke et tal", "decimalpunktum"),
    ],
)
def test_a_weight_that_is_no_positive_number_is_told(folder, text, problem, remedy):
    break_and_recard(folder, set_cells(["r11", "r12"], weight=text))
    expect(folder, f"microdata.csv, kolonne weight: {problem} i 2 rækker (id 'r11', 'r12'", remedy)


def test_an_unknown_stratum_is_told(folder):
    break_and_recard(folder, set_cells(["r01", "r02", "r03"], stratum="moon-small"))
    expect(
        folder,
        "microdata.csv, kolonne stratum: stratum kendes ikke i 3 rækker (id 'r01', 'r02', 'r03'; "
        "fundet 'moon-small')",
        "population.csv",
    )


def test_a_missing_stratum_is_told(folder):
    break_and_recard(folder, set_cells(["r01"], stratum=""))
    expect(
        folder,
        "microdata.csv, kolonne stratum: stratum kendes ikke i 1 række (id 'r01')",
        "population.csv",
    )


def test_a_stratum_with_more_respondents_than_units_is_told(folder):
    break_and_recard(folder, set_units("2"), "population.csv")
    expect(
        folder,
        "microdata.csv, kolonne stratum: stratum med flere svar end units i 3 rækker",
        "fundet 'state-small'",
        "ret units",
    )


@pytest.mark.parametrize(
    ("invited", "told"),
    [
        (["2", "30", "40", "25"], "stratum: stratum med flere svar end spurgte i 3 rækker"),
        (["21", "30", "40", "25"], "invited: flere spurgte, end der er enheder i 1 række"),
        (["20", "30", "40", "mange"], "invited: ikke et helt tal over 0 i 1 række"),
    ],
)
def test_how_many_were_asked_is_whole_and_no_fewer_than_answered_nor_more_than_there_are(
    folder, invited, told
):
    break_and_recard(folder, lambda table: table.assign(invited=invited), "population.csv")
    expect(folder, told)


@pytest.mark.parametrize("rule", [None, "fail"])
def test_a_stratum_with_one_respondent_is_told_when_the_card_names_no_rule(folder, rule):
    break_and_recard(folder, lambda table: table[~table["id"].isin(["r02", "r03"])])
    change_cards(folder, lambda cards: cards | ({"lonely": rule} if rule else {}))
    expect(
        folder,
        "microdata.csv, kolonne stratum: stratum med kun ét svar i 1 række (id 'r01'; fundet "
        "'state-small')",
        "lonely",
    )


# ---- faults of the other files
# -------------------------------------------------------------------------------------


def test_a_repeated_stratum_of_the_population_is_told(folder):
    break_and_recard(folder, lambda table: pd.concat([table, table.iloc[:1]]), "population.csv")
    expect(
        folder,
        "population.csv, kolonne stratum: samme navn i 2 rækker (id 'state-small', 'state-small')",
        "sit eget navn",
    )


@pytest.mark.parametrize("column", ["sector", "field", "size"])
def test_an_unknown_background_code_of_the_population_is_told(folder, column):
    break_and_recard(
        folder,
        lambda table: table.assign(**{column: [*table[column][:3], "odd"]}),
        "population.csv",
    )
    expect(
        folder,
        f"population.csv, kolonne {column}: koden kendes ikke i 1 række (id 'municipality-large'; "
        f"fundet 'odd')",
        "questionnaire.yaml",
    )


@pytest.mark.parametrize("number", ["0", "-3", "2.5", "1.000,0", "", "inf", "1e30", "9" * 400])
def test_a_population_that_is_no_positive_whole_number_is_told(folder, number):
    break_and_recard(folder, set_units(number), "population.csv")
    expect(
        folder,
        "population.csv, kolonne units: ikke et helt tal over 0 i 1 række (id 'state-small'",
        "tusindtal",
    )


def test_missing_and_extra_columns_of_the_population_are_told(folder):
    break_and_recard(
        folder, lambda table: table.rename(columns={"basis": "grundlag"}), "population.csv"
    )
    expect(folder, "population.csv, kolonne basis: kolonnen mangler", "tilføj den", count=2)
    expect(folder, "population.csv, kolonne grundlag: kolonnen kendes ikke", "fjern den", count=2)


def test_a_repeated_and_an_empty_id_of_the_published_numbers_are_told(folder):
    rows = pd.DataFrame({"id": ["P1", "P1", ""], "item": "x", "kind": "fact"})
    break_and_recard(folder, lambda table: rows, "published.csv")
    expect(
        folder,
        "published.csv, kolonne id: samme navn i 2 rækker (id 'P1', 'P1')",
        "sit eget navn",
        count=2,
    )
    expect(
        folder,
        "published.csv, kolonne id: feltet er tomt i 1 række (række 3)",
        "sit navn",
        count=2,
    )


def test_published_numbers_without_id_are_told(folder):
    break_and_recard(folder, lambda table: table.drop(columns="id"), "published.csv")
    expect(folder, "published.csv, kolonne id: kolonnen mangler", "tilføj den")


# ---- faults of whole files
# -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TABLES[:2])
def test_a_table_without_rows_is_told(folder, name):
    break_and_recard(folder, lambda table: table.iloc[:0], name)
    expect(folder, f"{name}: filen har ingen rækker", "hent filen igen")


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_file_is_told(folder, name):
    replace_file(folder, name, b"")
    expect(folder, f"{name}: filen er tom", "hent filen igen")


@pytest.mark.parametrize("name", TABLES)
def test_another_encoding_than_utf8_is_told_with_how_to_save_it(folder, name):
    text = (folder / name).read_text(encoding="utf-8") + "Ærø"
    replace_file(folder, name, text.encode("latin-1"))
    expect(folder, f"{name}: filen er ikke i tegnkodningen UTF-8", "gem filen igen som »CSV UTF-8")


def test_lines_with_another_number_of_fields_are_told(folder):
    lines = (folder / "microdata.csv").read_text().splitlines()
    lines[2] += ",0"
    lines[4] = "r04,state"
    replace_file(folder, "microdata.csv", "\n".join(lines).encode())
    fault = expect(
        folder,
        "microdata.csv: andet antal felter end de 13 kolonnenavne i 2 rækker (række 2, 4)",
        "giv hver række lige mange felter",
    )
    assert "state" not in str(fault)


def test_another_number_of_rows_than_the_cards_is_told_beside_other_faults(folder):
    break_and_recard(folder, set_cells(["r01"], weight="0"))
    for name in TABLES:
        change_cards(folder, lambda cards, name=name: cards["files"][name].update(rows=13))
    expect(
        folder,
        "microdata.csv: antallet af rækker er 12, men kortet siger 13",
        "ret rows på kortet",
        count=4,
    )
    expect(folder, "population.csv: antallet af rækker er 4, men kortet siger 13", count=4)
    expect(folder, "published.csv: antallet af rækker er 1, men kortet siger 13", count=4)
    expect(folder, "kolonne weight: vægten er nul", count=4)


@pytest.mark.parametrize("name", FILES)
def test_a_checksum_unlike_the_cards_is_told_without_the_new_one(folder, name):
    with (folder / name).open("ab") as file:
        file.write(b"\n")
    found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    fault = expect(folder, f"{name}: kontrolsummen er en anden end kortets", "hent filen igen")
    assert found[:12] not in fault.full_message()


@pytest.mark.parametrize("name", [*FILES, "cards.yaml"])
def test_a_missing_file_is_told(folder, name):
    (folder / name).unlink()
    expect(folder, f"{name}: filen mangler eller kan ikke åbnes", f"læg den i mappen {folder.name}")


@pytest.mark.parametrize("name", FILES)
def test_a_file_without_a_card_is_not_read(folder, name):
    change_cards(folder, lambda cards: cards["files"].pop(name) and None)
    expect(folder, f"{name}: filen har intet kort", "giv den et kort i cards.yaml")


def test_another_table_without_a_card_is_not_read(folder):
    with pytest.raises(DataFault, match=r"other\.csv: filen har intet kort"):
        read_table(folder, "other.csv", read_cards(folder), None, (), [])


# ---- faults of cards and registry
# ----------------------------------------------------------------------------------


@pytest.mark.parametrize("key", [*cards.CARD_FIELDS, "rows"])
def test_a_card_without_a_required_field_is_refused(folder, key):
    change_cards(folder, lambda cards: cards["files"]["microdata.csv"].pop(key) and None)
    expect(folder, f"microdata.csv: kortet mangler {key}", "udfyld det i cards.yaml")


@pytest.mark.parametrize("key", ["title", "data_date", "microdata", "notice"])
def test_cards_without_a_required_field_are_refused(folder, key):
    change_cards(folder, lambda cards: cards.pop(key) and None)
    expect(folder, f"cards.yaml: feltet {key} mangler", "ud" if key != "notice" else "syntetiske")


@pytest.mark.parametrize(
    ("key", "value", "told", "remedy"),
    [
        ("lonely", "average", "feltet lonely er ikke en regel", "fail, adjust, certainty"),
        ("data_date", "februar", "feltet data_date er ikke en dato", "2020-02-29"),
        ("files", ["microdata.csv"], "filen mangler afsnittet files", "giv hver fil et kort"),
    ],
)
def test_a_field_of_the_cards_with_a_wrong_value_is_refused(folder, key, value, told, remedy):
    change_cards(folder, lambda cards: cards | {key: value})
    expect(folder, f"cards.yaml: {told}", remedy)


@pytest.mark.parametrize(
    ("key", "value", "told", "remedy"),
    [
        (
            "inference",
            "nonsense",
            "værdien 'nonsense' i feltet inference kendes ikke",
            "finite, superpopulation",
        ),
        (
            "weights",
            "normaliserede",
            "værdien 'normaliserede' i feltet weights kendes ikke",
            "population, normalised",
        ),
        (
            "empty_strata",
            True,
            "værdien 'True' i feltet empty_strata kendes ikke",
            "refuse, accept",
        ),
        ("inferences", "superpopulation", "feltet inferences kendes ikke", "ret det til inference"),
        ("Weights", "normalised", "feltet Weights kendes ikke", "ret det til weights"),
        (
            "weight_tolerence",
            0.5,
            "feltet weight_tolerence kendes ikke",
            "ret det til weight_tolerance",
        ),
        ("empty-strata", "accept", "feltet empty-strata kendes ikke", "ret det til empty_strata"),
    ],
)
def test_a_rule_that_the_cards_spell_wrong_is_refused_and_none_goes_unheard(
    folder, key, value, told, remedy
):
    change_cards(folder, lambda cards: cards | {key: value})
    expect(folder, f"cards.yaml: {told}", remedy)


FIVE = {"value": 5, "reason": "Svarene er personers", "source": "Danmarks Statistik"}


@pytest.mark.parametrize(
    ("limits", "problem", "remedy"),
    [
        (5, "feltet limits er ikke en liste af grænser", "smallest_count: {value: 5"),
        ({"smallest": FIVE}, "grænsen smallest kendes ikke", "skriv en af smallest_count"),
        ({"smallest_count": 5}, "grænsen smallest_count har ikke felterne", "{value: 5"),
        (
            {"smallest_count": {"value": 5, "reason": "Personer"}},
            "grænsen smallest_count har ikke felterne",
            "source",
        ),
        (
            {"smallest_count": FIVE | {"source": " "}},
            "grænsen smallest_count mangler sin grund eller kilde",
            "i ord",
        ),
        (
            {"smallest_count": FIVE | {"value": 1}},
            "grænsen smallest_count er ikke et helt tal fra 2 til 1000",
            "ret value",
        ),
        (
            {"smallest_count": FIVE | {"value": True}},
            "grænsen smallest_count er ikke et helt tal",
            "ret value",
        ),
        (
            {"heaviest": FIVE | {"value": 90}},
            "grænsen heaviest er ikke et tal fra 0,5 til 1,0",
            "ret value",
        ),
    ],
)
def test_a_limit_of_the_rules_that_cannot_be_understood_is_refused(folder, limits, problem, remedy):
    change_cards(folder, lambda cards: cards | {"limits": limits})
    expect(folder, f"cards.yaml: {problem}", remedy)


def test_a_survey_has_the_limits_of_its_card_and_else_the_usual(folder):
    change_cards(folder, lambda cards: cards | {"limits": {"smallest_count": FIVE}})
    limits = open_survey(str(folder)).limits
    assert (limits.smallest_count, limits.smallest_known) == (5, 10)


def test_a_field_of_the_cards_that_is_like_no_rule_is_the_owners_own(folder):
    change_cards(
        folder, lambda cards: cards | {"kommentar": "Egen bemærkning", "contact": "kontoret"}
    )
    assert read_cards(folder)["contact"] == "kontoret"


@pytest.mark.parametrize(
    ("key", "value", "told", "remedy"),
    [
        ("origin", "invented", "kortets origin kendes ikke", "synthetic, real"),
        ("sha256", "abc", "kortets sha256 er ikke en kontrolsum", "64 tegn"),
    ],
)
def test_a_field_of_a_card_with_a_wrong_value_is_refused(folder, key, value, told, remedy):
    change_cards(folder, lambda cards: cards["files"]["microdata.csv"].update({key: value}))
    expect(folder, f"microdata.csv: {told}", remedy)


def test_an_empty_card_is_refused(folder):
    change_cards(folder, lambda cards: cards["files"].update({"microdata.csv": None}))
    expect(folder, "microdata.csv: kortet har ingen felter", "udfyld title")


@pytest.mark.parametrize(
    "name", ["../secret.csv", "/tmp/secret.csv", "a\\b.csv", "c:b.csv", "", ".."]
)
def test_a_card_of_a_path_outside_the_folder_is_refused(folder, name):
    change_cards(
        folder, lambda cards: cards["files"].update({name: cards["files"]["microdata.csv"]})
    )
    expect(folder, "er ikke et filnavn", "uden sti")


def test_microdata_in_an_unknown_format_are_refused(folder):
    use_as_microdata(folder, "microdata.xlsx", b"PK")
    expect(
        folder,
        "microdata.xlsx: formatet kendes ikke",
        ".csv, .tsv, .tab, .txt, .parquet, .sav, .dta, .sas7bdat",
    )


def test_real_data_need_no_notice(folder):
    def make_real(cards):
        del cards["notice"]
        for card in cards["files"].values():
            card["origin"] = "real"

    change_cards(folder, make_real)
    assert read_folder(folder).cards["notice"] == ""


BROKEN_YAML = [
    "title: [",
    "a: b: c",
    "\t- x",
    "!!python/object/apply:os.getcwd []",
    "[" * 500,
    "d: 2020-99-99",
    "a: '*b",
]


@pytest.mark.parametrize("text", BROKEN_YAML)
def test_malformed_yaml_is_told_for_cards_and_registry(folder, text):
    replace_file(folder, "questionnaire.yaml", text.encode())
    expect(folder, "questionnaire.yaml: filen er ikke gyldig YAML", "ret linjen")
    (folder / "cards.yaml").write_text(text)
    expect(folder, "cards.yaml: filen er ikke gyldig YAML", "ret linjen")


@pytest.mark.parametrize("name", ["questionnaire.yaml", "cards.yaml"])
def test_yaml_that_unfolds_without_end_is_told(folder, name):
    bomb = "a0: &a0 [lol, lol]\n" + "".join(
        f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 30)
    )
    (folder / name).write_text(bomb + "period: *a29\nfiles: {x.csv: {rows: *a29}}\n")
    if name != "cards.yaml":
        recard(folder)
    expect(folder, f"{name}: filen bruger henvisninger", "skriv indholdet ud")


def test_an_asterisk_in_a_label_is_text(folder):
    replace_file(folder, "questionnaire.yaml", REGISTRY.replace("At lære", '"*At lære*"').encode())
    assert read_folder(folder).registry.label("purpose.learning") == "*At lære*"


@pytest.mark.parametrize(
    "text", ["", "5", "- a", "title: only", "title: [a]\nquestions: 3", "null"]
)
def test_yaml_of_another_shape_is_told_for_cards_and_registry(folder, text):
    replace_file(folder, "questionnaire.yaml", text.encode())
    expect(folder, "questionnaire.yaml: registret mangler noget", "ret det i registret")
    (folder / "cards.yaml").write_text(text)
    expect(folder, "cards.yaml: filen mangler afsnittet files")


@pytest.mark.parametrize("name", ["questionnaire.yaml", "cards.yaml"])
def test_yaml_in_another_encoding_is_told(folder, name):
    text = (folder / name).read_text(encoding="utf-8") + "# Ærø\n"
    (folder / name).write_bytes(text.encode("latin-1"))
    if name != "cards.yaml":
        recard(folder)
    expect(folder, f"{name}: filen er ikke i tegnkodningen UTF-8", "gem filen igen som UTF-8")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "any_of: [evaluated=external|internal]",
            "any_of: [evaluated=perhaps]",
            "evaluated=perhaps",
        ),
        (
            "any_of: [evaluated=external|internal]",
            "any_of: [evaluated_by_own]",
            "bygger på sig selv",
        ),
        (
            "any_of: [evaluated=external|internal]",
            "any_of: [purpose.learning]",
            "bygger på sig selv",
        ),
        (
            "exclusive: [dont_know]",
            "exclusive: [dunno]",
            "initiator har intet svar, der hedder dunno",
        ),
        ("  underway:\n", "  introduced_product:\n", "navnet introduced_product bruges om to ting"),
        ("  both_types:", "  evaluated:", "navnet evaluated bruges om to ting"),
        (
            "items: {learning: At lære, required: Det var et krav}",
            "items: {}",
            "purpose har ingen svar",
        ),
        (
            "  sector:\n",
            "  sector:\n    called: region\n",
            "called er afskaffet: skriv region: i stedet for sector: under background, og kald "
            "kolonnen sector i population.csv region",
        ),
        ("  size:", "  data:", "»data« under background kan ikke bruges som navn"),
        ("  size:", "  class:", "»class« under background kan ikke bruges som navn"),
        ("one: arbejdsplads,", "en: arbejdsplads,", "respondents: feltet en kendes ikke"),
        ("name: Hele den offentlige sektor", "name: ''", "whole: name mangler sin tekst"),
        ("variable: innovative, ", "", "measure: variable mangler sin tekst"),
        (
            "exclusive: [dont_know]",
            "exclusive: dont_know",
            "initiator: exclusive skal være en liste",
        ),
        (
            "exclusive: [dont_know]",
            "exclusve: [dont_know]",
            "initiator: feltet exclusve kendes ikke; det ligner exclusive",
        ),
        (
            "any_of: [introduced.product=yes, introduced.service=yes]}",
            "any_of: introduced.product=yes}",
            "innovative: any_of skal være en liste",
        ),
        ("at_least: 2", "at_least: 3", "both_types: at_least er 3, men der er kun 2 dele"),
        (
            "at_least: 2",
            "atleast: 2",
            "both_types: feltet atleast kendes ikke; det ligner at_least",
        ),
        ("round: 1", "rounds: 1", "feltet rounds kendes ikke; det ligner round"),
        ("round: 1\n", "", "registret mangler noget: round"),
        ("round: 1", "round: 1\ndomain: []", "feltet domain kendes ikke; det ligner domains"),
        ("round: 1", "round: 1\ndomains: field", "domains skal være en liste"),
        (
            "asked: innovative\n    max",
            "askd: innovative\n    max",
            "initiator: feltet askd kendes ikke; det ligner asked",
        ),
        ("asked: innovative\n    max", "max", "initiator: feltet asked mangler"),
        (
            "state: {label: Staten",
            "all: {label: Staten",
            "sector har koden all, som betyder alle",
        ),
        ("small: Få ansatte", "all: Få ansatte", "size har koden all, som betyder alle"),
        (
            "items: {learning: At lære, required: Det var et krav}",
            "items: [learning]",
            "purpose: items skal være koder",
        ),
    ],
)
def test_a_registry_that_contradicts_itself_is_told(folder, old, new, told):
    replace_file(folder, "questionnaire.yaml", REGISTRY.replace(old, new).encode())
    expect(folder, "questionnaire.yaml: ", told, "ret det i registret")


# ---- other formats
# -------------------------------------------------------------------------------------------------

LABELS = {"yes": "Ja", "no": "Nej", "dont_know": "Ved ikke"}
NUMBERS = {"Ja": 1.0, "Nej": 2.0, "Ved ikke": 9.0}


def make_labelled(folder):
    """The microdata as statistics programs keep them: answers as numbers with Danish labels, ticks
    as numbers.
    """
    table = read_text(folder).replace("", None)
    labels = {}
    for column in ("introduced_product", "introduced_service", "underway"):
        table[column] = table[column].map(LABELS).map(NUMBERS)
        labels[column] = {value: label for label, value in NUMBERS.items()}
    ticks = [
        column
        for column in table
        if column.startswith(("initiator", "purpose")) or column == "weight"
    ]
    return table.assign(**{column: table[column].astype(float) for column in ticks}), labels


def encode_parquet(table):
    target = io.BytesIO()
    table.to_parquet(target)
    return target.getvalue()


def expect_same(folder, name, content):
    expected = read_folder(folder).microdata
    found = read_folder(use_as_microdata(folder, name, content)).microdata
    # How many bytes a file keeps of a number differs by format.
    pd.testing.assert_frame_equal(found, expected, check_exact=False, rtol=1e-12)


def test_parquet_gives_the_same_table_as_csv(folder):
    expect_same(folder, "microdata.parquet", encode_parquet(read_folder(folder).microdata))


def test_parquet_with_categories_booleans_and_whole_numbers_gives_the_same_table(folder):
    table = read_folder(folder).microdata
    labelled = table.assign(
        underway=table["underway"].map(LABELS).astype("category"),
        evaluated=table["evaluated"].astype("category"),
        initiator_leaders=table["initiator_leaders"].astype("boolean"),
        purpose_learning=table["purpose_learning"].astype("Int8"),
        introduced_product=table["introduced_product"].astype(object),
    )
    expect_same(folder, "microdata.parquet", encode_parquet(labelled))


def test_parquet_with_empty_texts_has_no_answers_there(folder):
    table = read_text(folder)
    numbers = {
        c: pd.to_numeric(table[c])
        for c in table
        if c.startswith(("initiator", "purpose", "weight"))
    }
    expect_same(folder, "microdata.parquet", encode_parquet(table.assign(**numbers)))


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_files_of_spss_and_stata_give_the_same_table_as_csv(folder, suffix, tmp_path):
    table, labels = make_labelled(folder)
    path = tmp_path / f"labelled.{suffix}"
    getattr(pyreadstat, f"write_{suffix}")(table, str(path), variable_value_labels=labels)
    expect_same(folder, f"microdata.{suffix}", path.read_bytes())


def test_an_answer_declared_missing_in_spss_is_still_an_answer(folder, tmp_path):
    table, labels = make_labelled(folder)
    ranges = {column: [9.0] for column in labels}
    pyreadstat.write_sav(
        table, str(tmp_path / "x.sav"), variable_value_labels=labels, missing_ranges=ranges
    )
    expect_same(folder, "microdata.sav", (tmp_path / "x.sav").read_bytes())


def test_a_sas_file_gives_the_same_table_as_csv(folder, monkeypatch):
    # No program here can write sas7bdat; the reader is replaced, so that what follows it is tested.
    table = (
        read_folder(folder)
        .microdata.astype(object)
        .fillna({c: "" for c in ("underway", "evaluated")})
    )
    meta = type("Meta", (), {"variable_value_labels": {}})
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda *_, **__: (table, meta))
    expect_same(folder, "microdata.sas7bdat", b"sas")


def test_an_empty_text_among_the_ticks_of_a_sas_file_is_no_answer(folder, monkeypatch):
    meta = type("Meta", (), {"variable_value_labels": {}})
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda *_, **__: (read_text(folder), meta))
    expect_same(folder, "microdata.sas7bdat", b"sas")


def test_a_label_that_is_no_answer_is_told(folder, tmp_path):
    table, labels = make_labelled(folder)
    labels["underway"] = {2.0: "Nej tak"}
    pyreadstat.write_sav(table, str(tmp_path / "x.sav"), variable_value_labels=labels)
    use_as_microdata(folder, "microdata.sav", (tmp_path / "x.sav").read_bytes())
    expect(
        folder,
        "microdata.sav, kolonne underway: svar uden for listen i 4 rækker",
        "fundet 'Nej tak'",
        "brug en af koderne",
    )


def test_text_among_the_ticks_of_a_parquet_file_is_told(folder):
    table = read_folder(folder).microdata
    content = encode_parquet(
        table.assign(initiator_leaders=["ja", *["0"] * 11]).assign(weight="tung")
    )
    use_as_microdata(folder, "microdata.parquet", content)
    expect(folder, "microdata.parquet, kolonne weight: vægten er ikke et tal i 12 rækker", count=3)
    expect(
        folder,
        "kolonne initiator_leaders: andet end 0 og 1 i 1 række (id 'r01'; fundet 'ja')",
        count=3,
    )


def test_a_parquet_file_with_lists_in_its_cells_is_told(folder):
    table = read_folder(folder).microdata
    content = encode_parquet(table.assign(evaluated=[["internal"]] * 12))
    use_as_microdata(folder, "microdata.parquet", content)
    expect(folder, "microdata.parquet, kolonne evaluated: svar uden for listen i 12 rækker")


@pytest.mark.parametrize("suffix", ["parquet", "sav", "dta", "sas7bdat"])
@pytest.mark.parametrize("content", [b"", b"no such file format", b"PAR1PAR1"])
def test_a_file_that_is_not_of_its_format_is_told(folder, suffix, content):
    use_as_microdata(folder, f"microdata.{suffix}", content)
    expect(folder, f"microdata.{suffix}: filen er afkortet eller er ikke en", "hent filen igen")


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.99])
def test_a_truncated_parquet_file_is_told(folder, kept):
    content = encode_parquet(read_folder(folder).microdata)
    use_as_microdata(folder, "microdata.parquet", content[: int(len(content) * kept)])
    expect(folder, "microdata.parquet: filen er afkortet", "hent filen igen")


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_a_truncated_file_of_spss_or_stata_is_told(folder, suffix, tmp_path):
    table, labels = make_labelled(folder)
    path = tmp_path / f"labelled.{suffix}"
    getattr(pyreadstat, f"write_{suffix}")(table, str(path), variable_value_labels=labels)
    use_as_microdata(folder, f"microdata.{suffix}", path.read_bytes()[:400])
    expect(folder, f"microdata.{suffix}: filen er afkortet", "hent filen igen")


# ---- how faults are told
# -------------------------------------------------------------------------------------------


def test_faults_of_several_files_and_columns_are_told_together(folder):
    break_and_recard(folder, set_cells(["r05"], underway="yes", weight="0"))
    break_and_recard(folder, lambda table: table.assign(field="odd"), "population.csv")
    break_and_recard(folder, lambda table: pd.concat([table, table]), "published.csv")
    fault = find_fault(folder)
    assert [(f.file, f.columns) for f in fault.faults] == [
        ("published.csv", ("id",)),
        ("population.csv", ("field",)),
        ("microdata.csv", ("weight",)),
        ("microdata.csv", ("underway",)),
    ]
    assert str(fault).startswith("Data er ikke, som registret og kortene siger: 4 fejl.")


def test_checksums_of_all_files_are_told_together(folder):
    for name in FILES:
        (folder / name).write_bytes(b"other")
    assert {fault.file for fault in find_fault(folder).faults} == set(FILES)


def test_a_faulty_population_does_not_hide_or_invent_faults_of_answers(folder):
    break_and_recard(folder, lambda table: table.drop(columns="size"), "population.csv")
    break_and_recard(folder, set_cells(["r05"], underway="yes"))
    expect(folder, "population.csv, kolonne size: kolonnen mangler", count=2)
    expect(folder, "microdata.csv, kolonne underway: svar fra", count=2)


def test_the_text_of_the_exception_has_neither_ids_nor_answers(folder):
    break_and_recard(
        folder,
        set_cells(["r05", "r06"], evaluated="secret", initiator_leaders="private", weight="heavy"),
    )
    fault = find_fault(folder)
    for text in (str(fault), repr(fault), repr(fault.faults), repr(fault.args)):
        assert not re.search("r05|r06|secret|private|heavy", text)
    assert "i 2 rækker" in str(fault)
    assert "kør rapporterne i en terminal" in str(fault)
    assert all(
        text in fault.full_message() for text in ("'r05', 'r06'", "secret", "private", "heavy")
    )
    assert "run_all.py" not in fault.full_message()


@pytest.mark.parametrize(("watched", "told"), [(True, True), (False, False)])
def test_ids_and_contents_go_to_a_terminal_only(folder, watched, told, monkeypatch):
    break_and_recard(folder, set_cells(["r05"], evaluated="secret"))
    monkeypatch.setattr(
        "sys.stderr", type("Stream", (), {"isatty": lambda self: watched, "write": len})()
    )
    for text in (find_fault(folder).message_for(sys.stderr), check_data(str(folder), watched)):
        assert ("secret" in text) is ("r05" in text) is told
        assert "i 1 række" in text


def test_a_run_whose_words_are_kept_tells_no_ids(folder):
    break_and_recard(folder, set_cells(["r05"], evaluated="secret"))
    done = subprocess.run(
        [sys.executable, ROOT / "run_all.py", "--data", folder, "--output", folder.parent / "out"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "svar uden for listen i 1 række" in done.stderr
    assert not {"r05", "secret"} & set(re.findall(r"\w+", done.stdout + done.stderr))


def test_a_file_named_as_data_is_told_to_be_one(folder):
    with pytest.raises(ParameterError, match=r"er en fil\. Skriv mappen, den ligger i"):
        open_survey(str(folder / "microdata.csv"))


def test_ticks_beside_a_word_are_still_read(folder):
    break_and_recard(folder, lambda table: table.replace({"0": "0.0", "1": "1.0"}))
    break_and_recard(folder, set_cells(["r01"], initiator_leaders="ja"))
    expect(folder, "kolonne initiator_leaders: andet end 0 og 1 i 1 række (id 'r01'; fundet 'ja')")


def test_a_fault_of_routing_does_not_show_what_is_wrong_in_other_rows(folder):
    break_and_recard(folder, set_cells(["r01"], underway="private"))
    break_and_recard(folder, set_cells(["r02"], underway="yes"))
    told = [fault for fault in find_fault(folder).faults if "ikke skal have" in fault.problem]
    assert [fault.values for fault in told] == [()]


@pytest.mark.parametrize("name", ["other.csv", "other.parquet", "other.sav"])
def test_no_library_error_with_its_text_is_shown_behind_the_fault(folder, name):
    use_as_microdata(folder, name, b"secret \xff")
    cards = read_cards(folder)
    with pytest.raises(DataFault) as caught:
        read_table(folder, name, cards, read_registry(folder, cards), (), [])
    shown = "".join(traceback.format_exception(caught.value))
    assert "secret" not in shown
    assert "During handling" not in shown


def test_at_most_five_ids_are_shown(folder):
    break_and_recard(folder, lambda table: table.assign(weight="0"))
    expect(folder, "i 12 rækker (id 'r01', 'r02', 'r03', 'r04', 'r05' og 7 til; fundet '0.0')")


def test_a_message_of_very_many_faults_is_cut(folder):
    fault = DataFault([Fault("a.csv", "galt", "ret det")] * 1234)
    assert len(str(fault).splitlines()) == faults.SHOWN_FAULTS + 2
    assert str(fault).endswith("- … og 1.194 fejl til.")


def test_a_fault_survives_the_way_from_another_process(folder):
    break_and_recard(folder, set_cells(["r05"], weight="0"))
    fault = find_fault(folder)
    copy = pickle.loads(pickle.dumps(fault))
    assert copy.full_message() == fault.full_message()
    assert str(copy) == str(fault)


def test_control_characters_are_escaped_and_long_texts_shortened():
    assert show("\x1b[2J\x07\r\u202eævl") == "\\x1b[2J\\x07\\r\\u202eævl"
    assert show("é" * 500, quoted=True) == "'" + "é" * faults.LONGEST + "'…"


def test_hostile_names_and_cells_cannot_write_to_the_terminal(folder):
    evil = "\x1b]0;owned\x07\u202e" + "x" * 999
    edit = set_cells(["r05"], id=evil, stratum=evil, evaluated=evil)
    break_and_recard(folder, lambda table: edit(table).assign(**{evil: "1"}))
    message = find_fault(folder).full_message()
    assert message.replace("\n", "").isprintable()
    assert max(map(len, message.splitlines())) < 400


# ---- whatever comes
# ------------------------------------------------------------------------------------------------


def read_or_fault(folder):
    try:
        read_folder(folder)
    except DataFault as fault:
        assert fault.full_message().replace("\n", "").isprintable()
        assert str(fault)


HEADER = (",".join(["id", "stratum", "weight"]) + ",").encode()


@QUICK
@given(
    content=st.binary(max_size=300) | st.binary(max_size=200).map(lambda tail: HEADER + tail),
    name=st.sampled_from(FILES),
)
def test_arbitrary_bytes_are_read_or_told(folder, content, name):
    original = (folder / name).read_bytes()
    replace_file(folder, name, content)
    read_or_fault(folder)
    replace_file(folder, name, original)


@QUICK
@given(
    content=st.binary(max_size=200)
    | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace"))
)
def test_arbitrary_bytes_as_cards_are_told(folder, content):
    (folder / "cards.yaml").write_bytes(content)
    with pytest.raises(DataFault):
        read_folder(folder)


CELLS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["yes", "1", "0", "nan", "inf", "-0", "1e999", ""]
)


@QUICK
@given(cells=st.lists(CELLS, min_size=13, max_size=13), place=st.integers(0, 11))
def test_arbitrary_cells_of_microdata_are_accepted_or_told(folder, cells, place):
    replace_row(folder, "microdata.csv", place, cells)
    read_or_fault(folder)


@QUICK
@given(cells=st.lists(CELLS, min_size=6, max_size=6))
def test_arbitrary_cells_of_the_population_are_accepted_or_told(folder, cells):
    replace_row(folder, "population.csv", 0, cells)
    read_or_fault(folder)


def replace_row(folder, name, place, cells):
    """Give one row of a table other cells (what stood there before is of no matter)."""
    lines = list(csv.reader(io.StringIO(TEXTS.setdefault(name, (folder / name).read_text()))))
    lines[place + 1] = cells
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(lines)
    replace_file(folder, name, target.getvalue().encode())


TEXTS = {}  # the valid tables, which are the same in every test


def test_a_strange_column_is_named_everywhere_where_the_first_line_has_the_names_of_columns(folder):
    break_and_recard(folder, lambda table: table.assign(remark="x"))
    assert "microdata.csv, kolonne remark: kolonnen kendes ikke" in str(find_fault(folder))


def test_a_first_line_of_answers_is_shown_in_a_terminal_alone(folder):
    names = [f"svar {place}" for place in range(len(read_folder(folder).microdata.columns))]
    break_and_recard(folder, lambda table: table.set_axis(names[: table.shape[1]], axis=1))
    fault = find_fault(folder)
    assert "svar 1" in fault.full_message() and "svar 1" not in str(fault)
