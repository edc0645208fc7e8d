"""Files as other programs write them: numbers, delimiters, encodings and labels are understood, or
refused by name.
"""

from hashlib import sha256
from types import SimpleNamespace

import pandas as pd
import pyreadstat
import pytest

from barometer.data.codes import _check_turned
from barometer.data.publication import load_published
from barometer.data.registry import RegistryError
from barometer.disclosure.release import release_differences, release_distribution, release_shares
from barometer.files.faults import DataFault
from barometer.files.texts import is_number, read_numbers
from barometer.sentences.published import compare_published
from barometer.survey import open_survey
from barometer.survey_files import read_folder
from tests.make.small_survey import (
    CARD,
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


@pytest.fixture
def folder(tmp_path):
    return make_survey(tmp_path / "small")


def use_with_catalog(folder):
    """Microdata in a file of SAS, with a catalog of its formats' labels beside it."""
    use_as_microdata(folder, "x.sas7bdat", b"data")
    (folder / "formats.sas7bcat").write_bytes(b"labels")
    card = CARD | {"sha256": sha256(b"labels").hexdigest()}
    change_cards(
        folder, lambda cards: cards | {"files": cards["files"] | {"formats.sas7bcat": card}}
    )


def tell(folder):
    with pytest.raises(DataFault) as caught:
        read_folder(folder)
    return caught.value.full_message()


# ---- numbers
# -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "number",
    [
        "100.000",
        "6,5",
        "1e3",
        "1 000",
        "١٢",
        " 20",
        "20 ",
        "20.0",
        "1_000",
        "+20",
        "1'000",
        "1\u00a0000",
        "0x14",
        "20%",
    ],
)
def test_a_number_of_units_is_plain_digits(folder, number):
    rest = ["30", "40", "25"]
    break_and_recard(folder, lambda table: table.assign(units=[number, *rest]), "population.csv")
    assert (
        "population.csv, kolonne units: ikke et helt tal over 0 i 1 række (id 'state-small'"
        in tell(folder)
    )


@pytest.mark.parametrize(
    "number",
    ["6,5", "1e1", "1 000", "٦", " 6.5", "6.5 ", "1_0", "1.000.000", "nan", "NA", "0x6", "+6"],
)
def test_a_weight_is_plain_digits_with_a_decimal_point(folder, number):
    break_and_recard(folder, set_cells(["r01"], weight=number))
    assert "microdata.csv, kolonne weight: vægten er ikke et tal i 1 række (id 'r01'" in tell(
        folder
    )


def test_points_that_may_divide_thousands_are_no_decimal_points():
    assert read_numbers(pd.Series(["950", "1.250", "870"])).tolist() == [950.0, "1.250", 870.0]
    # of small whole numbers
    assert read_numbers(pd.Series(["9.125", "2", "6.375"])).tolist() == [9.125, 2.0, 6.375]
    assert read_numbers(pd.Series(["950", "1.25"])).tolist() == [950.0, 1.25]
    assert read_numbers(pd.Series(["9.125", "6.375"]), comma=True).tolist() == ["9.125", "6.375"]
    assert read_numbers(pd.Series(["9,125", "6"]), comma=True).tolist() == [9.125, 6.0]
    assert read_numbers(pd.Series(["9,5", "6.5"]), comma=True).tolist() == [9.5, "6.5"]
    assert read_numbers(pd.Series(["1.000,5"]), comma=True).tolist() == ["1.000,5"]


@pytest.mark.parametrize("tick", [" 1", "1e0", "١", "nan", "01", "1.000", "True"])
def test_a_tick_is_0_or_1(folder, tick):
    break_and_recard(folder, set_cells(["r01"], initiator_leaders=tick))
    assert "kolonne initiator_leaders: andet end 0 og 1 i 1 række" in tell(folder)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("37", True),
        ("37.5", True),
        ("2816", True),
        ("2.816", False),
        ("37,5", False),
        ("3e1", False),
        ("٣", False),
        (" 37", False),
        ("0.125", True),
    ],
)
def test_a_published_number_is_plain(text, known):
    assert is_number(text) is known


def write_published(folder, text):
    replace_file(folder, "published.csv", text.encode())
    return recard(folder)


@pytest.mark.parametrize("number", ["2.816", "37,5", "1 000", "1e3"])
@pytest.mark.parametrize("kind", ["share", "fact"])
@pytest.mark.parametrize("column", ["value", "tolerance"])
def test_a_published_number_written_otherwise_is_told(folder, number, kind, column):
    cells = {"value": "37", "tolerance": "0.5"} | {column: f'"{number}"'}
    row = f"P1,{kind},innovative,{cells['value']},{cells['tolerance']}"
    write_published(folder, f"id,kind,item,value,tolerance\n{row}\n")
    assert f"published.csv, kolonne {column}: tallet kan ikke læses på én måde i 1 række" in tell(
        folder
    )


# ---- published numbers
# ---------------------------------------------------------------------------------------------


def test_published_numbers_may_have_no_rows(folder):
    write_published(folder, "id,kind,item\n")
    survey = open_survey(str(folder))
    compared = compare_published(survey)
    assert len(compared) == 0
    assert {"verdict", "chapter", "kind", "result"} <= {*compared}


def test_columns_that_published_numbers_can_do_without_are_filled(folder):
    write_published(folder, "id,kind,item,value\nP1,share,innovative,67\n")
    row = compare_published(open_survey(str(folder))).iloc[0]
    assert (row["domain"], row["group"], row["tolerance"], row["statement"]) == (
        "all",
        "all",
        "0.5",
        "Innovativ",
    )
    assert load_published(folder, "sector")["group"].tolist() == ["all"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("id,item\nP1,innovative\n", "kolonne kind: kolonnen mangler"),
        ("id,kind\nP1,fact\n", "kolonne item: kolonnen mangler"),
        ("id,kind,item\nP1,share,innovative\n", "kolonne value: tallet mangler"),
        (
            "id,kind,item,value\nP1,count,innovative,2.5\n",
            "kolonne value: antallet er ikke et helt tal",
        ),
        (
            "id,kind,item,group,versus\nP1,groups,innovative,sector=state,sector=region\n",
            "kolonne verdict: afgørelsen mangler",
        ),
        ("id,kind,item,verdict\nP1,groups,innovative,higher\n", "kolonne group: feltet er tomt"),
        (
            "id,kind,item,verdict\nP1,sectors,innovative,hgiher\n",
            "kolonne verdict: indholdet kendes ikke",
        ),
    ],
)
def test_what_published_numbers_lack_is_told_before_anything_is_run(folder, text, told):
    write_published(folder, text)
    assert f"published.csv, {told}" in tell(folder)


# ---- as Excel writes them
# ------------------------------------------------------------------------------------------


def write_as_excel(folder, delimiter=";", encoding="utf-8-sig", comma=True):
    expected = read_folder(folder).microdata
    for name in ("microdata.csv", "population.csv", "published.csv"):
        table = read_text(folder, name)
        if comma and "weight" in table:
            table["weight"] = table["weight"].str.replace(".", ",")
        text = table.to_csv(index=False, sep=delimiter, lineterminator="\r\n")
        replace_file(folder, name, text.encode(encoding))
    rows = {"microdata.csv": 12, "population.csv": 4, "published.csv": 1}
    from tests.make.small_survey import change_cards

    def edit(cards):
        for name, count in rows.items():
            cards["files"][name]["rows"] = count

    change_cards(folder, edit)
    return expected


@pytest.mark.parametrize(
    ("delimiter", "encoding", "words"),
    [
        (";", "utf-8-sig", "felterne er adskilt af semikolon"),
        ("\t", "utf-16", "felterne er adskilt af tabulator"),
        (";", "cp1252", "felterne er adskilt af semikolon, tegnkodningen er Windows-1252"),
    ],
)
def test_every_csv_file_is_read_as_a_danish_excel_writes_it(folder, delimiter, encoding, words):
    break_and_recard(folder, set_cells(["r01"], id="på ø"))
    expected = write_as_excel(folder, delimiter, encoding)
    files = read_folder(folder)
    pd.testing.assert_frame_equal(files.microdata, expected)
    assert f"microdata.csv: {words}" in "\n".join(files.ways)
    assert {way.partition(":")[0] for way in files.ways} == {
        "microdata.csv",
        "population.csv",
        "published.csv",
    }


def test_a_first_line_that_tells_excel_what_divides_is_understood(folder):
    expected = write_as_excel(folder, encoding="utf-8")
    replace_file(folder, "population.csv", b"sep=;\r\n" + (folder / "population.csv").read_bytes())
    from tests.make.small_survey import change_cards

    change_cards(folder, lambda cards: cards["files"]["population.csv"].update(rows=4))
    change_cards(
        folder,
        lambda cards: (
            [cards["files"][n].update(rows=r) for n, r in (("microdata.csv", 12),)] and None
        ),
    )
    pd.testing.assert_frame_equal(read_folder(folder).microdata, expected)


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_letters_of_another_encoding_are_not_taken_for_others(folder, encoding):
    break_and_recard(folder, set_cells(["r01"], id="på ø"))
    write_as_excel(folder, ";", encoding)
    assert "microdata.csv: filen er ikke i tegnkodningen UTF-8 (linje 2)" in tell(folder)


TABLES = ("microdata.csv", "population.csv", "published.csv")


def spoil(folder, edit):
    """All tables of the folder as `edit` writes them, given their text; the cards keep the number
    of rows.
    """
    rows = {name: len(read_text(folder, name)) for name in TABLES}
    for name in TABLES:
        replace_file(folder, name, edit((folder / name).read_text(encoding="utf-8")))
    change_cards(
        folder,
        lambda cards: (
            cards
            | {
                "files": {
                    name: card | ({"rows": rows[name]} if name in rows else {})
                    for name, card in cards["files"].items()
                }
            }
        ),
    )


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("\n", "\r").encode(),
        lambda text: text.replace("\n", "\r", 1).encode(),
        lambda text: text.replace(",", ";").replace("\n", "\r").encode(),
        lambda text: b"\xef\xbb\xbf\xef\xbb\xbf" + text.encode(),
        lambda text: (text + "," * text.split("\n")[0].count(",") + "\n").encode(),
        lambda text: "".join(f"{line},,\n" for line in text.splitlines()).encode(),
        lambda text: "".join(
            f'{line}," "\n' if not place else f"{line},\n"
            for place, line in enumerate(text.splitlines())
        ).encode(),
    ],
    ids=[
        "lines end as on old Macs",
        "the first line does",
        "with semicolons",
        "two marks of UTF-8",
        "empty last row",
        "empty last columns",
        "an empty column named by a space",
    ],
)
def test_a_csv_file_may_have_lines_rows_and_columns_as_spreadsheets_leave_them(folder, edit):
    before = read_folder(folder)
    spoil(folder, edit)
    after = read_folder(folder)
    for name in ("microdata", "population", "published"):
        pd.testing.assert_frame_equal(getattr(after, name), getattr(before, name))


def test_a_column_without_a_name_that_holds_something_is_told_by_its_place(folder):
    text = (folder / "population.csv").read_text(encoding="utf-8").splitlines()
    replace_file(
        folder,
        "population.csv",
        "\n".join([text[0] + ",", *(line + ",x" for line in text[1:])]).encode(),
    )
    assert "population.csv, kolonne (uden navn, nr. 7): kolonnen kendes ikke" in tell(folder)


@pytest.mark.parametrize("name", TABLES[:2])
@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (
            lambda text: text.encode("utf-16-le"),
            "filen er ikke tekst i tegnkodningen UTF-8 (den har NUL-tegn)",
        ),
        (
            lambda text: text.encode("utf-32"),
            "filen er ikke tekst i tegnkodningen UTF-8 (den har NUL-tegn)",
        ),
        (
            lambda text: text.replace("\n", "\n\0", 1).encode(),
            "filen er ikke tekst i tegnkodningen UTF-8",
        ),
        (
            lambda text: text.replace(",", "^").encode(),
            "filens første linje er ikke kolonnenavne, der er adskilt; begynd",
        ),
        (
            lambda text: ("# svar\n" + text).encode(),
            "filens første linje er ikke kolonnenavne, der er adskilt; begynd",
        ),
        (
            lambda text: text.replace(",", ", ", 3).encode(),
            "kolonnens navn er skrevet med andre bogstaver (store og små)",
        ),
        (
            lambda text: text.replace("stratum", "Stratum", 1).encode(),
            "kolonne stratum: kolonnens navn er skrevet",
        ),
    ],
)
def test_what_no_spreadsheet_means_is_told_as_what_it_is_and_alone(folder, name, edit, told):
    replace_file(folder, name, edit((folder / name).read_text(encoding="utf-8")))
    message = tell(folder)
    assert told in message
    assert "kolonnen mangler" not in message
    assert "kendes ikke" not in message.replace("stratum kendes ikke", "")


def test_letters_of_two_characters_equal_those_of_one(folder):
    for name, edit in (
        ("population.csv", ["stå", "region-large", "municipality-small", "municipality-large"]),
    ):
        break_and_recard(folder, lambda table, edit=edit: table.assign(stratum=edit), name)
    break_and_recard(folder, lambda table: table.replace("state-small", "sta\u030a"))
    assert read_folder(folder).microdata["stratum"][0] == "stå"


# ---- labels against codes
# ------------------------------------------------------------------------------------------

CODED = REGISTRY.replace(
    '{"yes": Ja, "no": Nej, dont_know: Ved ikke}', "{1: Ja, 2: Nej, 9: Ved ikke}"
)
CODED = CODED.replace("product=yes", "product=1").replace("service=yes", "service=1")
CODED = CODED.replace("residual: [dont_know]", "residual: []", 2)
NUMBERS = {"yes": 1.0, "no": 2.0, "dont_know": 9.0}
ANSWERED = ("introduced_product", "introduced_service", "underway")


def write_statistical(folder, labels, numbers=NUMBERS, suffix="sav", ticks=None, **options):
    """The microdata as a file with `numbers` for the answers, `labels` on them, and `ticks` labels
    on the ticks.
    """
    table, told = read_text(folder).replace("", None), {}
    for column in ANSWERED:
        table[column] = table[column].map(numbers)
        told[column] = labels
    for column in (
        column for column in table if column.startswith(("initiator", "purpose", "weight"))
    ):
        table[column] = table[column].astype(float)
        if ticks and column != "weight":
            told[column] = ticks
    path = folder.parent / f"x.{suffix}"
    getattr(pyreadstat, f"write_{suffix}")(table, str(path), variable_value_labels=told, **options)
    replace_file(folder, "questionnaire.yaml", CODED.encode())
    return use_as_microdata(folder, f"x.{suffix}", path.read_bytes())


def test_labels_that_agree_with_the_codes_leave_the_codes(folder):
    write_statistical(folder, {1.0: "ja ", 2.0: "Nej", 9.0: "Ved ikke"})
    files = read_folder(folder)
    assert files.microdata["underway"].dropna().unique().tolist() == ["2"]
    assert "x.sav: svar er fundet ved deres kode i introduced_product" in "\n".join(files.ways)


@pytest.mark.parametrize("suffix", ["sav", "dta"])
@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (
            {1: "Nej", 2: "Ja", 3: "Ved ikke"},
            "værdien 1 har etiketten 'Nej', som i registret er svaret 2",
        ),
        ({1: "No", 2: "Yes"}, "værdien 1 har etiketten 'No', men koden er i registret 'Ja'"),
        ({9: " NEJ"}, "værdien 9 har etiketten ' NEJ', som i registret er svaret 2"),
        ({1: "2", 2: "1"}, "værdien 1 har etiketten '2', som i registret er svaret 2"),
    ],
)
def test_a_label_that_is_another_answers_is_told(folder, labels, told, suffix):
    write_statistical(
        folder, {float(value): label for value, label in labels.items()}, suffix=suffix
    )
    assert f"x.{suffix}, kolonne introduced_product, introduced_service, underway: {told}" in tell(
        folder
    )


def test_labels_are_used_for_a_whole_column_where_codes_are_not_the_registrys(folder):
    write_statistical(
        folder, {0.0: "Ja", 5.0: "Nej", 7.0: "ved  ikke"}, {"yes": 0.0, "no": 5.0, "dont_know": 7.0}
    )
    files = read_folder(folder)
    assert files.microdata["introduced_product"].tolist()[:3] == ["1", "1", "2"]
    assert "x.sav: svar er fundet ved deres tekst i introduced_product" in "\n".join(files.ways)


def test_codes_and_labels_are_never_mixed_in_a_column(folder):
    # 2 has no label here; as a code it would be "Nej".
    write_statistical(
        folder, {11.0: "Ja", 19.0: "Ved ikke"}, {"yes": 11.0, "no": 2.0, "dont_know": 19.0}
    )
    assert "kolonne introduced_product, introduced_service: svar uden for listen" in tell(folder)


def test_labels_unlike_the_registrys_are_said(folder):
    write_statistical(folder, {1.0: "Helt bestemt", 2.0: "Nej", 9.0: "Ved ikke"})
    assert "x.sav: filens tekster er andre end registrets i introduced_product" in "\n".join(
        read_folder(folder).ways
    )


@pytest.mark.parametrize(
    ("ticks", "told"),
    [
        ({0.0: "Ja", 1.0: "Nej"}, "værdien 0 har etiketten 'Ja', men 0 er intet kryds"),
        ({1.0: "Nej", 2.0: "Ja"}, "værdien 1 har etiketten 'Nej', men 1 er et kryds"),
        ({0.0: "Valgt", 1.0: "Ikke valgt"}, "værdien 1 har etiketten 'Ikke valgt'"),
        ({1.0: "Ledere"}, "værdien 1 har etiketten 'Ledere', men 1 er et kryds ved 'Medarbejdere'"),
    ],
)
def test_labels_of_ticks_turned_round_are_told(folder, ticks, told):
    write_statistical(folder, {}, ticks=ticks)
    assert told in tell(folder)


def test_a_column_labelled_as_another_item_is_told(folder):
    names = read_text(folder).columns
    write_statistical(
        folder,
        {},
        column_labels=["Ledere" if name == "initiator_citizens" else name for name in names],
    )
    assert (
        "kolonne initiator_citizens: kolonnen hedder 'Ledere', som i registret er initiator_leaders"
        in tell(folder)
    )


@pytest.mark.parametrize(
    ("name", "title", "meant"),
    [
        ("initiator_citizens", "Hvem satte arbejdet i gang? - Ledere", "initiator_leaders"),
        ("introduced_product", "Hvem satte arbejdet i gang?", "initiator"),
    ],
)
def test_a_column_labelled_with_another_questions_text_or_after_its_own_with_another_item_is_told(
    folder, name, title, meant
):
    write_statistical(
        folder,
        {},
        column_labels=[title if one == name else one for one in read_text(folder).columns],
    )
    assert f"kolonne {name}: kolonnen hedder '{title}', som i registret er {meant}" in tell(folder)


def test_a_column_labelled_with_its_questions_text_and_its_own_item_is_right(folder):
    titles = {
        "initiator_leaders": "Hvem satte arbejdet i gang? - Ledere",
        "underway": "Har I noget på vej?",
    }
    write_statistical(
        folder, {}, column_labels=[titles.get(one, one) for one in read_text(folder).columns]
    )
    assert len(read_folder(folder).microdata) == 12


def test_two_answers_with_one_label_in_the_file_are_told(folder):
    write_statistical(folder, {1.0: "Ja", 2.0: "Nej eller ved ikke", 9.0: "Nej  eller VED ikke"})
    assert (
        "værdierne 2, 9 har samme etiket ('Nej eller ved ikke'), men er hver sit svar i registret"
    ) in tell(folder)


def test_a_tick_and_no_tick_with_one_label_are_told(folder):
    write_statistical(folder, {}, ticks={0.0: "Svar", 1.0: "Svar"})
    assert "værdien 1 har etiketten 'Svar', men 1 er et kryds" in tell(folder)


SCALE = {"1": "Helt enig", "2": "Delvis enig", "3": "Helt uenig"}


@pytest.mark.parametrize(
    ("labels", "turned"),
    [
        ({"1": "Meget uenig", "2": "Hverken eller", "3": "Meget enig"}, True),
        ({"1": "Helt uenig i det", "2": "Delvis enig i det", "3": "Helt enig i det"}, True),
        ({"1": "Meget enig", "2": "Hverken eller", "3": "Meget uenig"}, False),
        ({"1": "Strongly agree", "2": "Partly agree", "3": "Strongly disagree"}, False),
        # nobody here knows English
        ({"1": "Strongly disagree", "2": "Partly agree", "3": "Strongly agree"}, False),
        ({"3": "Meget enig"}, False),
    ],
)
def test_a_scale_that_is_turned_round_in_other_words_is_told(labels, turned):
    assert bool(_check_turned(labels, SCALE)) == turned


def test_a_file_of_sas_for_transport_is_read_by_its_codes(folder):
    write_statistical(folder, {})
    before = read_folder(folder).microdata
    table = pyreadstat.read_sav(str(folder / "x.sav"))[0]
    pyreadstat.write_xport(table, str(folder.parent / "x.xpt"), file_format_version=8)
    use_as_microdata(folder, "x.xpt", (folder.parent / "x.xpt").read_bytes())
    pd.testing.assert_frame_equal(read_folder(folder).microdata, before)


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({1.0: "Ja", 2.0: "Nej", 9.0: "Ved ikke"}, ""),
        (
            {1.0: "Nej", 2.0: "Ja", 9.0: "Ved ikke"},
            "værdien 1 har etiketten 'Nej', som i registret er svaret 2",
        ),
    ],
)
def test_the_catalog_of_a_sas_file_has_its_labels_where_it_has_a_card(
    folder, monkeypatch, labels, told
):
    # No program here can write either of these files; both readers are replaced, so that what
    # follows is tested.
    write_statistical(folder, {})
    table = pyreadstat.read_sav(str(folder / "x.sav"))[0]
    names = {"introduced_product": "yesno", "underway": "YESNO."}
    meta = SimpleNamespace(variable_value_labels={}, variable_to_label=names)
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda *_, **__: (table, meta))
    monkeypatch.setattr(
        pyreadstat,
        "read_sas7bcat",
        lambda *_, **__: (pd.DataFrame(), SimpleNamespace(value_labels={"YESNO": labels})),
    )
    use_with_catalog(folder)
    if told:
        assert f"x.sas7bdat, kolonne introduced_product, underway: {told}" in tell(folder)
    else:
        assert (
            "x.sas7bdat: svar er fundet ved deres kode i introduced_product, underway"
            in read_folder(folder).ways
        )


def test_a_catalog_that_is_none_is_told_by_its_name(folder, monkeypatch):
    meta = SimpleNamespace(variable_value_labels={}, variable_to_label={})
    monkeypatch.setattr(pyreadstat, "read_sas7bdat", lambda *_, **__: (read_text(folder), meta))
    use_with_catalog(folder)
    assert "formats.sas7bcat: filen er afkortet eller er ikke en .sas7bcat-fil" in tell(folder)


def test_strata_are_codes_or_labels_but_never_both(folder):
    names = {
        "state-small": 1.0,
        "region-large": 2.0,
        "municipality-small": 3.0,
        "municipality-large": 4.0,
    }
    labelled = {number: name for name, number in names.items()}
    table = (
        read_text(folder)
        .replace("", None)
        .assign(stratum=lambda table: table["stratum"].map(names))
    )
    table = table.assign(weight=table["weight"].astype(float))
    path = folder.parent / "s.sav"
    pyreadstat.write_sav(table, str(path), variable_value_labels={"stratum": labelled})
    use_as_microdata(folder, "s.sav", path.read_bytes())
    assert read_folder(folder).microdata["stratum"][0] == "state-small"
    break_and_recard(
        folder,
        lambda population: population.replace({"state-small": "2", "region-large": "1"}),
        "population.csv",
    )
    pyreadstat.write_sav(table, str(path), variable_value_labels={"stratum": {1.0: "2", 2.0: "1"}})
    use_as_microdata(folder, "s.sav", path.read_bytes())
    assert (
        "s.sav, kolonne stratum: værdien 1 har etiketten '2', som i registret er stratum 2"
        in tell(folder)
    )


# ---- encodings of statistical files
# --------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["sav", "dta"])
def test_a_statistical_file_in_windows_1252_is_read_and_nothing_is_cut(folder, suffix):
    break_and_recard(folder, lambda table: table.replace("state-small", "stqqqqqs"))
    write_statistical(folder, {1.0: "Ja", 2.0: "Nej", 9.0: "Ved ikke"}, suffix=suffix)
    content = (
        (folder / f"x.{suffix}").read_bytes().replace(b"stqqqqqs", "stæøåÆØå".encode("cp1252"))
    )
    use_as_microdata(folder, f"x.{suffix}", content)
    break_and_recard(
        folder, lambda table: table.replace("state-small", "stæøåÆØå"), "population.csv"
    )
    files = read_folder(folder)
    assert files.microdata["stratum"][0] == "stæøåÆØå"
    assert f"x.{suffix}: tegnkodningen er Windows-1252" in files.ways


def test_a_statistical_file_in_another_encoding_is_told_as_such(folder):
    break_and_recard(folder, lambda table: table.replace("state-small", "stqqqqqs"))
    write_statistical(folder, {})
    content = (folder / "x.sav").read_bytes().replace(b"stqqqqqs", "stæøåÆØå".encode("cp850"))
    use_as_microdata(folder, "x.sav", content)
    assert "x.sav: tegnkodningen er hverken UTF-8 eller Windows-1252" in tell(folder)


# ---- names asked for
# -----------------------------------------------------------------------------------------------


def test_a_misspelt_name_is_told_in_one_line_with_what_was_meant(folder):
    survey = open_survey(str(folder))
    with pytest.raises(
        RegistryError, match=r"intet spørgsmål, der hedder 'evaluted'\. Mente du »evaluated«\?"
    ):
        survey.question("evaluted")
    with pytest.raises(RegistryError, match=r"'inovative'\. Mente du »innovative«\?"):
        release_shares(survey, ["inovative"])


def test_a_name_given_alone_is_one_name(folder):
    survey = open_survey(str(folder))
    alone = release_differences(
        survey, "innovative", "sector=state", "all", others="sector=region"
    ).table
    listed = release_differences(
        survey, ["innovative"], "sector=state", "all", others=["sector=region"]
    ).table
    pd.testing.assert_frame_equal(alone, listed)
    assert (
        len(release_distribution(survey, "innovative", ["sector=state", "sector=region"]).table)
        == 2
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("initiator.employes", "Mente du »employees«?"),
        ("evaluated=extern", "Mente du »external«?"),
        ("introduced.servce=yes", "Mente du »service«?"),
        ("introduced.service=dontknow", "Mente du »dont_know«?"),
        ("sector=regio", "Mente du »region«?"),
    ],
)
def test_a_misspelt_item_or_answer_of_a_known_question_is_told_with_what_was_meant(
    folder, name, hint
):
    with pytest.raises(RegistryError) as caught:
        release_shares(open_survey(str(folder)), [name])
    assert str(caught.value).endswith(f". {hint}")
