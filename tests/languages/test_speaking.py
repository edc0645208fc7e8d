import pytest

from barometer.languages import catalogues
from barometer.languages.numerals import name_alpha3, name_language
from barometer.languages.paragraphs import split_paragraphs, translate_markdown
from barometer.languages.speaking import SOURCE, _, speak, spoken, translate
from barometer.tools import summary
from barometer.tools.summary import name_untranslated

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Sektor"
msgstr "Sector"

msgctxt "title"
msgid "Sektor"
msgstr "Sectors"

#, fuzzy
msgid "Kapitel"
msgstr "Chaptre"

msgid "# Indledning"
msgstr "# Introduction"
"""


@pytest.fixture
def english(monkeypatch, tmp_path):
    path = tmp_path / "en" / "LC_MESSAGES" / "x.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    nowhere = tmp_path / "nowhere.po"
    monkeypatch.setattr(
        catalogues, "find_catalogue", lambda _, language: path if language == "en" else nowhere
    )
    return path


def test_a_text_is_in_the_language_that_is_spoken_and_in_its_own_outside(english):
    with speak("en"):
        assert (_("Sektor"), translate("Sektor", "title"), spoken()) == ("Sector", "Sectors", "en")
        with speak(SOURCE):
            assert _("Sektor") == "Sektor"
        assert translate("Sektor", "another place") == "Sector"
    assert (_("Sektor"), spoken()) == ("Sektor", SOURCE)


def test_what_is_not_translated_or_has_changed_since_stays_as_it_is(english):
    with speak("en"):
        assert [_(text) for text in ("Ukendt", "Kapitel", "")] == ["Ukendt", "Kapitel", ""]


def test_a_catalogue_that_is_changed_is_read_again(english):
    with speak("en"):
        assert _("Sektor") == "Sector"
        english.write_text(PO.replace('"Sector"', '"Branch"'), encoding="utf-8")
        import os

        os.utime(english, ns=(1, 1))
        assert _("Sektor") == "Branch"


def test_a_language_without_a_catalogue_has_the_original():
    with speak("xx"):
        assert _("Sektor") == translate("Sektor") == "Sektor"


def test_markdown_is_translated_by_paragraph_and_keeps_the_lines_between(english):
    text = "# Indledning\n\nTekst i\nto linjer.\n\n\nSektor\n"
    assert split_paragraphs(text) == ["# Indledning", "Tekst i\nto linjer.", "Sektor"]
    with speak("en"):
        assert translate_markdown(text) == "# Introduction\n\nTekst i\nto linjer.\n\n\nSector\n"
    with speak("xx"):
        assert translate_markdown(text) == text


def test_texts_without_a_translation_are_listed(english):
    assert catalogues.list_untranslated("en") == ["Kapitel", "Kapitel"]  # in both domains
    assert catalogues.list_untranslated("nb") == ["nowhere.po", "nowhere.po"]
    (line,) = name_untranslated("en")
    assert "Ikke oversat (en): 2 tekster" in line and "»Kapitel«" in line
    english.write_text(PO.replace("#, fuzzy\n", ""), encoding="utf-8")
    assert name_untranslated("en") == name_untranslated("") == []


def test_what_was_written_in_a_language_lacks_no_translation_into_it(english, monkeypatch):
    # the program has Danish texts, and this project English ones
    monkeypatch.setattr(summary, "own_language", lambda: "en")
    (line,) = name_untranslated("da")
    assert "Ikke oversat (da): 1 tekst," in line
    (line,) = name_untranslated("")
    assert "Ikke oversat (en): 1 tekst," in line and "»Kapitel«" in line


def test_a_language_has_its_own_name_and_that_of_the_lists_of_the_eu():
    assert [*map(name_alpha3, ("da", "en", "nb", "de"))] == ["DAN", "ENG", "NOB", "DEU"]
    assert [*map(name_language, ("da", "en", "nb"))] == ["Dansk", "English", "Norsk bokmål"]
