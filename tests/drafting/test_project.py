"""A file of answers becomes a project that runs, and nothing that changes a number is guessed."""

import re

import pytest
import yaml

from barometer.drafting.deciding import Undecided, choose_columns, list_decisions
from barometer.drafting.population import Population
from barometer.drafting.project import draft_project
from barometer.files.faults import DataFault
from barometer.incoming.roles import Guess, Role, Sure
from barometer.incoming.words import find_place
from barometer.languages.catalogues import PROGRAM
from barometer.languages.messages import express, express_in
from barometer.languages.speaking import speak
from tests.make.answers import LABELS, TITLES, make_answers, make_texts, write_sav
from tests.make.words import list_foreign, list_words

WORDS = ("Prøven", "2024", "2024-05-01")
CHOSEN = {"weight": "wgt", "strata": "stratum", "id": "respnr"}


def read(draft, name):
    if name == "answers.csv":
        return draft.answers.to_csv(index=False)
    return draft.files[f"data/{draft.name}/{name}"]


def test_weight_is_never_chosen_without_being_asked(tmp_path):
    path = write_sav(tmp_path / "a.sav")
    with pytest.raises(Undecided, match="--weight wgt eller --weight none"):
        draft_project(path, *WORDS, {})
    with pytest.raises(Undecided, match="Mente du »wgt«"):
        draft_project(path, *WORDS, {"weight": "wgtt"})
    assert draft_project(path, *WORDS, {"weight": "none", "strata": "none"})


def test_the_registry_has_the_routing_no_answer_and_what_is_no_opinion(tmp_path):
    draft = draft_project(write_sav(tmp_path / "a.sav"), *WORDS, CHOSEN)
    registry = yaml.safe_load(read(draft, "questionnaire.yaml"))
    assert {*registry["questions"]} == {"age", "q1", "q2", "q3", "q4"}
    assert registry["questions"]["q2"]["asked"] == "asked_q2"
    assert registry["derived"]["asked_q2"]["any_of"] == ["q1=1"]
    assert registry["derived"]["asked_q2"]["base_text"].startswith("de, der svarede »")
    assert registry["questions"]["q2"]["answers"]["no_answer"] == "Intet svar"
    assert registry["questions"]["q1"]["residual"] == ["9"]
    assert "exclusive" not in registry["questions"]["q3"]  # somebody ticked it beside another


@pytest.mark.parametrize("label", ["Intet svar", "intet  svar"])
def test_empty_cells_join_the_answer_of_the_file_that_says_the_same(tmp_path, label):
    labels = LABELS | {name: {1: "Uenig", 2: "Hverken", 3: label} for name in ("q4a", "q4b")}
    labels |= {"q3_2": {0: "Ikke valgt", 1: "Valgt"}}
    path = write_sav(tmp_path / "a.sav", variable_value_labels=labels)
    draft = draft_project(path, *WORDS, CHOSEN)
    asked = yaml.safe_load(read(draft, "questionnaire.yaml"))["questions"]["q4"]
    assert [*asked["answers"]] == ["1", "2", "3"] and asked["unanswered"] == ["3"]
    assert draft.answers["q4_b"][5] == "3"  # its cell is empty in the file


def test_a_row_without_a_tick_joins_the_tick_that_says_that_there_is_no_answer(
    tmp_path, monkeypatch
):
    monkeypatch.setitem(TITLES, "q3_2", "Hvem hjalp? - Intet svar")
    frame = make_answers()
    frame["q3_2"] = (frame["q3_1"] == 0).astype(float)
    frame.loc[7, ["q3_1", "q3_2"]] = None
    draft = draft_project(write_sav(tmp_path / "a.sav", frame), *WORDS, CHOSEN)
    asked = yaml.safe_load(read(draft, "questionnaire.yaml"))["questions"]["q3"]
    assert [*asked["items"]] == ["1", "2"] and asked["exclusive"] == ["2"]
    assert [*draft.answers["q3_2"][[6, 7, 9]]] == ["1", "1", "0"]


def test_none_of_them_excludes_the_others_where_nobody_gave_it_beside_one(tmp_path, monkeypatch):
    monkeypatch.setitem(TITLES, "q3_2", "Hvem hjalp? - Ingen af dem")
    frame = make_answers()
    frame.loc[frame.q3_1 == 1, "q3_2"] = 0
    path = write_sav(tmp_path / "a.sav", frame)
    draft = draft_project(path, *WORDS, CHOSEN)
    registry = yaml.safe_load(read(draft, "questionnaire.yaml"))
    assert registry["questions"]["q3"]["exclusive"] == ["2"]


def test_columns_that_are_the_same_in_each_stratum_divide_the_reports(tmp_path):
    draft = draft_project(write_sav(tmp_path / "a.sav"), *WORDS, CHOSEN)
    registry = yaml.safe_load(read(draft, "questionnaire.yaml"))
    assert [*registry["background"]] == ["part"]
    assert registry["background"]["part"]["answers"] == {
        "nord": {"label": "Nord", "place": "i Nord", "proper": True},
        "syd": {"label": "Syd", "place": "i Syd", "proper": True},
    }
    rows = read(draft, "population.csv").splitlines()
    assert rows[0] == "stratum,part,units,basis" and len(rows) == 5
    # 15 respondents of weights 10 and 11, or 10,5 and 11,5
    assert sum(int(row.split(",")[2]) for row in rows[1:]) == round(make_answers()["wgt"].sum())


def test_every_answer_of_the_file_stands_in_the_project(tmp_path):
    draft = draft_project(write_sav(tmp_path / "a.sav"), *WORDS, CHOSEN)
    lines = [line.split(",") for line in read(draft, "answers.csv").splitlines()]
    table = {name: [line[at] for line in lines[1:]] for at, name in enumerate(lines[0])}
    frame = make_answers()
    assert table["q1"] == [f"{one:.0f}" for one in frame["q1"]]
    lacking = (frame["q1"] == 1) & frame["q2"].isna()
    assert table["q2"].count("no_answer") == lacking.sum() == 2
    assert table["q2"].count("") == (frame["q1"] != 1).sum()
    assert [float(one) for one in table["weight"]] == frame["wgt"].tolist()


def test_texts_of_a_form_are_answers_as_they_are(tmp_path):
    make_texts().to_excel(tmp_path / "a.xlsx", index=False)
    draft = draft_project(tmp_path / "a.xlsx", *WORDS, {"weight": "Vægt", "id": "Løbenummer"})
    questions = yaml.safe_load(read(draft, "questionnaire.yaml"))["questions"]
    assert [one["kind"] for one in questions.values()] == [
        *("single", "single", "single", "multiple", "battery", "number")
    ]


def test_what_is_guessed_is_listed_the_least_sure_first(tmp_path):
    draft = draft_project(write_sav(tmp_path / "a.sav"), *WORDS, CHOSEN)
    order = [one.sure for one in draft.decisions]
    assert order == sorted(order, key=["usikker", "sandsynlig", "sikker"].index)
    told = draft.files["beslutninger.md"]
    for words in ("age: et tal", "open: fri tekst", "2 har ikke svaret", "population.csv"):
        assert words in told


@pytest.mark.parametrize("wrong", [None, 0, -3])
def test_a_weight_that_is_none_is_a_fault_with_its_row(tmp_path, wrong):
    frame = make_answers()
    frame.loc[6, "wgt"] = wrong
    with pytest.raises(
        DataFault,
        match="kolonne wgt: vægten mangler, er ikke et tal eller er ikke over nul i 1 række",
    ):
        draft_project(write_sav(tmp_path / "a.sav", frame), *WORDS, CHOSEN)


def test_what_is_asked_and_listed_of_normalised_weights_is_in_one_language(monkeypatch):
    monkeypatch.delenv("LANGUAGE", raising=False)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    guesses = {"w": Guess(Role.WEIGHT, Sure.CERTAIN, "navnet siger det, og indholdet passer")}
    with pytest.raises(Undecided) as refused:
        choose_columns({"w": None}, guesses, {})
    assert "w (certain: the name says so, and the content fits)" in express(str(refused.value))
    population = Population("", 3, {})
    (listed,) = (one.why for one in list_decisions({}, {}, (), {}, None, population))
    assert express_in("en", listed) == (
        "units is the sum of the weights in each stratum times 3, so that no stratum has fewer "
        "units than answers"
    )


def test_the_same_file_gives_the_same_bytes(tmp_path):
    path = write_sav(tmp_path / "a.sav")
    assert draft_project(path, *WORDS, CHOSEN).files == draft_project(path, *WORDS, CHOSEN).files


def test_a_column_of_numbers_is_a_question_with_a_number_and_its_unlabelled_range(tmp_path):
    draft = draft_project(write_sav(tmp_path / "a.sav"), *WORDS, CHOSEN)
    age = yaml.safe_load(read(draft, "questionnaire.yaml"))["questions"]["age"]
    assert (age["kind"], age["least"], age["decimals"], age["shown"]) == ("number", 0, 0, 1)


def test_respondents_places_and_the_time_of_the_answers_are_named_as_the_file_says(tmp_path):
    frame = make_answers().drop(columns="open")
    parts = frame["part"].map({1: "Region Nord", 2: "Sydsygehus"})
    days = [f"2026-{9 + row % 2:02}-0{1 + row % 9}" for row in range(len(frame))]
    frame.assign(part=parts, svardato=days).to_csv(tmp_path / "patienter.csv", index=False)
    draft = draft_project(tmp_path / "patienter.csv", "Prøven", None, None, CHOSEN)
    registry = yaml.safe_load(read(draft, "questionnaire.yaml"))
    assert registry["respondents"]["the_many"] == "patienterne"
    assert registry["fieldwork"] == "september og oktober 2026"
    places = [one["place"] for one in registry["background"]["part"]["answers"].values()]
    assert places == ["i Region Nord", "på Sydsygehus"]
    assert "respondents: patienter" in draft.files["beslutninger.md"]


PLACES = {
    "Sjælland": "på Sjælland",
    "Fyn og øerne": "på Fyn og øerne",
    "Nordsjælland": "i Nordsjælland",
    "Region Syd": "i Region Syd",
    "North": "i North",
    "Andet": "(Andet)",
    "Ved ikke": "(Ved ikke)",
}


def test_a_part_of_a_country_or_of_an_organisation_is_a_place_in_a_sentence():
    assert {one: find_place(one, "Hvilken landsdel bor du i?") for one in PLACES} == PLACES
    assert find_place("Drift", "afdeling") == "i Drift"
    assert find_place("Drift", "Hvilken slags?") == "(Drift)"
    with speak("en"):
        named = [find_place(one, "Region") for one in ("North", "Capital Region", "Kent")]
    assert named == ["in the North", "in the Capital Region", "in Kent"]


@pytest.mark.parametrize(("asked", "proper"), [("Landsdel", True), ("Slags arbejdsplads", None)])
def test_parts_of_a_country_keep_their_capital_inside_a_sentence(tmp_path, asked, proper):
    labels = [asked if name == "part" else f"Om {name}" for name in make_answers()]
    path = write_sav(tmp_path / "a.sav", column_labels=labels)
    registry = yaml.safe_load(read(draft_project(path, *WORDS, CHOSEN), "questionnaire.yaml"))
    for answer in registry["background"]["part"]["answers"].values():
        assert answer.get("proper") == proper


def test_a_labelled_stratum_that_divides_as_a_part_does_is_no_part_of_its_own(tmp_path):
    frame = make_answers().assign(stratum=lambda table: table["part"])
    path = write_sav(
        tmp_path / "a.sav", frame, variable_value_labels=LABELS | {"stratum": LABELS["part"]}
    )
    registry = yaml.safe_load(read(draft_project(path, *WORDS, CHOSEN), "questionnaire.yaml"))
    assert [*registry["background"]] == ["part"]
    frame = frame.assign(stratum=lambda table: table["part"] * 10 + table["respnr"] % 2)
    labels = {"stratum": {10: "Nord a", 11: "Nord b", 20: "Syd a", 21: "Syd b"}}
    path = write_sav(tmp_path / "b.sav", frame, variable_value_labels=LABELS | labels)
    registry = yaml.safe_load(read(draft_project(path, *WORDS, CHOSEN), "questionnaire.yaml"))
    assert [*registry["background"]] == ["part", "stratum_part"]


@pytest.mark.parametrize(
    ("words", "divides"), [(("Drift", "Økonomi"), True), (("S1", "S2"), False)]
)
def test_a_stratum_in_words_is_a_part_that_reports_can_be_made_on(tmp_path, words, divides):
    frame = make_answers().drop(columns=["open", "part"])
    frame["stratum"] = frame["stratum"].gt(5).map(dict(zip((False, True), words, strict=True)))
    frame.rename(columns={"stratum": "Afdeling"}).to_csv(tmp_path / "a.csv", index=False)
    given = CHOSEN | {"strata": "Afdeling"}
    registry = yaml.safe_load(
        read(draft_project(tmp_path / "a.csv", *WORDS, given), "questionnaire.yaml")
    )
    assert [*registry["background"]] == ["afdeling" if divides else "part"]
    if divides:
        parts = registry["background"]["afdeling"]
        assert parts["answers"]["drift"] == {"label": "Drift", "place": "i Drift"}


def test_a_project_in_english_has_no_danish_word_in_any_file_and_says_its_language(tmp_path):
    frame = make_answers().assign(part=lambda table: table["part"] * 100, comment="x")
    frame = frame.drop(columns="open")
    frame["part"] = frame["part"].map({100: "Region Nord", 200: "Sydsygehus"})
    frame.to_csv(tmp_path / "patients.csv", index=False)
    with speak("en"):
        draft = draft_project(tmp_path / "patients.csv", *WORDS, CHOSEN)
    names = {"decisions.md", "notebooks/01_first_chapter.ipynb", "notebooks/explore.ipynb"}
    assert names < {*draft.files} and draft.listed == "decisions.md"
    for name in ("notebooks/report.yaml", "data/patients/questionnaire.yaml"):
        assert yaml.safe_load(draft.files[name])["language"] == "en"
    own, found = list_foreign("en", (PROGRAM,)), {}
    for name, text in draft.files.items():
        if "schema" not in name:
            bare = re.sub(r"{\w+}|Region Nord|Sydsygehus", "", text.replace(r"\n", " "))
            found |= {word: name for word in own & {*list_words(bare)}}
    assert found == {} and {"hvor", "ikke", "svar"} <= own
    assert "the_many: the patients" in draft.files["data/patients/questionnaire.yaml"]
    assert "in Region Nord" in draft.files["data/patients/questionnaire.yaml"]


def test_a_project_is_called_what_is_said_or_what_the_file_says_or_what_it_is_called(tmp_path):
    path = write_sav(tmp_path / "a.sav", file_label="Fornyelse i 2026")
    plain = write_sav(tmp_path / "svar.sav")
    for file, given, title in (
        (path, "Prøven", "Prøven"),
        (path, None, "Fornyelse i 2026"),
        (plain, None, "svar"),
    ):
        draft = draft_project(file, given, "2024", "2024-05-01", CHOSEN)
        assert yaml.safe_load(read(draft, "questionnaire.yaml"))["title"] == title
        assert yaml.safe_load(draft.files["notebooks/report.yaml"])["title"] == title


def test_the_list_counts_respondents(tmp_path):
    frame = make_answers()
    frame.loc[[7, 8], ["q4a", "q4b"]] = None  # one more has no answer in the second row alone
    told = draft_project(write_sav(tmp_path / "a.sav", frame), *WORDS, CHOSEN)
    told = told.files["beslutninger.md"]
    assert "| 3 har en række eller flere uden svar" in told
    assert "stratum_tolerance" in told


def test_the_first_sentence_is_of_the_answer_that_most_gave(tmp_path):
    frame = make_answers()
    frame["q2"] = frame["q2"].where(frame["q2"].isna(), 2.0)
    draft = draft_project(write_sav(tmp_path / "a.sav", frame), *WORDS, CHOSEN)
    chapter = draft.files["notebooks/01_foerste_kapitel.ipynb"]
    assert '\\"q2=2\\",' in chapter and '\\"q2=1\\",' not in chapter
