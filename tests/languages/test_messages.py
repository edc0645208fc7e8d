import io

import pytest

from barometer.errors import ContentError
from barometer.files.console import Expressed
from barometer.files.faults import DataFault, Fault
from barometer.languages import messages
from barometer.languages.catalogues import MESSAGES, read_catalogue
from barometer.languages.messages import (
    FIELD,
    choose_language,
    express,
    express_shown,
    follow_language,
    follow_project,
)
from barometer.languages.speaking import speak

NAMES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture
def choose(monkeypatch):
    """Sets the four names in the environment, "" for one that is not set."""

    def put(*values):
        for name, value in zip(NAMES, values, strict=True):
            monkeypatch.setenv(name, value)

    return put


@pytest.fixture
def english(choose):
    choose("", "", "", "en_GB.UTF-8")


@pytest.mark.parametrize(
    ("values", "language"),
    [
        (("", "", "", ""), "da"),
        (("", "", "", "en_GB.UTF-8"), "en"),
        (("", "", "en_US", "da_DK.UTF-8"), "en"),
        (("", "da_DK", "en_US", "en_US"), "da"),
        (("en", "", "", "da_DK.UTF-8"), "en"),
        (("de:en_GB:da", "", "", "da_DK.UTF-8"), "en"),
        (("en", "", "", "C.UTF-8"), "da"),
        (("en", "POSIX", "", "en_GB"), "da"),
        (("", "", "", "de_DE.UTF-8"), "da"),
    ],
)
def test_the_environment_chooses_the_language_of_messages_as_it_does_for_gettext(
    choose, values, language
):
    choose(*values)
    assert choose_language() == language


def test_a_message_that_is_put_together_is_translated_in_all_its_parts(english):
    fault = Fault("svar.csv", "vægten mangler", "ret den", columns=("weight",), rows=3)
    assert express(str(DataFault([fault, fault]))) == (
        "The data are not as the registry and the cards say: 2 faults.\n"
        + "- svar.csv, column weight: the weight is missing in 3 rows; correct it.\n" * 2
    ).rstrip("\n")


def test_a_text_of_somebody_else_stays_as_it_is(english):
    assert express("Kapitel »mangler, svar« findes ikke. Kapitlerne er a.") == (
        "Chapter “mangler, svar” does not exist. The chapters are a."
    )
    assert express("Svar til tiden og mere end det") == "Svar til tiden og mere end det"


def test_a_number_in_a_message_is_written_as_the_reader_s_language_has_it(english):
    ways = "answers.csv: vægtene er normaliserede (sum 903) og er skaleret til de 1.030.000 i p.csv"
    assert express(ways) == (
        "answers.csv: the weights are normalised (sum 903) and are scaled to the 1,030,000 in p.csv"
    )
    assert "from 0.5 to 1" in express("grænsen heaviest er ikke et tal fra 0,5 til 1; ret value")
    with speak("en"):  # as numbers are written then
        assert "scaled to the 1,030 in" in express(ways.replace("1.030.000", "1,030"))


def test_a_number_in_quotation_marks_is_somebody_else_s_and_stays(english):
    assert "“1.030”" in express("Kapitel »1.030« findes ikke. Kapitlerne er a.")


def test_messages_are_in_danish_where_nobody_has_chosen(choose):
    choose("", "", "", "C.UTF-8")
    with speak("en"):
        assert express("filen mangler") == "filen mangler"
        assert express_shown("filen mangler") == "the file is missing"
    assert express_shown("filen mangler") == "filen mangler"


def test_a_command_speaks_the_language_of_its_project_where_nobody_has_chosen(choose, monkeypatch):
    monkeypatch.setattr(messages, "_followed", [])
    monkeypatch.setattr(messages, "own_language", lambda: "en")
    choose("", "", "", "C.UTF-8")
    follow_language("en")  # in no command
    assert choose_language() == "da"
    follow_project()
    assert choose_language() == "en"
    choose("", "", "", "da_DK.UTF-8")
    assert choose_language() == "da"
    choose("", "", "", "")
    follow_language("da")  # of the project that the command makes
    assert choose_language() == "da"


def test_what_a_command_writes_is_in_the_language_of_whoever_reads_it(english):
    stream = Expressed(io.StringIO())
    stream.write("\r  Intet er bevist.\n")
    stream.writelines(["Intet er ændret.\n", "x\n"])
    assert stream.getvalue() == "\r  Nothing is proved.\nNothing is changed.\nx\n"


def test_a_notebook_shows_an_error_in_the_language_of_whoever_reads_it(english):
    assert ContentError(
        "den alternative tekst gentager blot titlen; skriv hvad figuren viser"
    )._render_traceback_() == [
        "ContentError: the alternative text only repeats the title; write what the figure shows"
    ]


@pytest.mark.slow
def test_every_message_is_found_by_its_form_whatever_stands_in_its_fields(english):
    wrong = []
    for (_, form), translation in read_catalogue(MESSAGES, "en").items():
        values = {}

        def fill(field, values=values):
            return values.setdefault(field[1] or field[2], f"Q{len(values)}q")

        text, wanted = FIELD.sub(fill, form), FIELD.sub(fill, translation)
        wrong += [(text, express(text))] if express(text) != wanted else []
    assert wrong == []
