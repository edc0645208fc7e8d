"""The shipped registry is complete and consistent, and a contradictory one is refused."""

import pytest

from barometer.data.reading import KEYS, order_registry
from barometer.data.registry import RegistryError, make_questionnaire, read_questionnaire
from barometer.data.variables import make_dictionary
from barometer.files.yaml_files import load_yaml
from barometer.languages.speaking import speak
from barometer.paths import DATA
from tests.make.small_survey import REGISTRY

LONGEST_NAME = 32  # Stata's limit to the names of variables


@pytest.fixture(scope="module")
def shipped():
    return read_questionnaire(DATA / "barometer-2020" / "questionnaire.yaml")


@pytest.fixture
def small(tmp_path):
    return read_changed(tmp_path, "", "")


def read_changed(tmp_path, old, new):
    path = tmp_path / "questionnaire.yaml"
    path.write_text(REGISTRY.replace(old, new) if old else REGISTRY, encoding="utf-8")
    return read_questionnaire(path)


def list_sources(registry, name):
    """All questions that `name` rests on, directly or through derived variables."""
    rests_on, found, waiting = order_registry(registry), set(), [name]
    while waiting:
        for other in rests_on[waiting.pop()]:
            found |= {other} & set(registry.questions)
            waiting.append(other)
    return found


def test_a_proper_name_keeps_its_capital_inside_a_sentence_and_another_label_does_not(tmp_path):
    registry = read_changed(tmp_path, "health: Sundhed", "health: {label: Sørlandet, proper: true}")
    assert registry.background["field"]["places"]["health"] == "(Sørlandet)"
    assert registry.label("!field=health") == "Ikke Sørlandet"
    told = ("Sørlandet", "Sørlandet mod staten", "Sørlandets sager", "Staten mod Sørlandet", "Job")
    assert [registry.inside(label) for label in told] == [
        "Sørlandet",
        "Sørlandet mod staten",
        "sørlandets sager",
        "staten mod Sørlandet",
        "job",
    ]


INTRODUCED = """    answers: {"yes": Ja, "no": Nej, dont_know: Ved ikke}
    residual: [dont_know]
  underway:"""


def read_with_sides(folder, sides):
    sided = INTRODUCED.replace("  underway:", f"    sides: {sides}\n  underway:")
    return read_changed(folder, INTRODUCED, sided)


def test_a_battery_says_which_answers_stand_on_which_side_of_zero(tmp_path):
    registry = read_with_sides(tmp_path, "{for: ['yes'], imod: ['no', dont_know]}")
    assert registry.questions["introduced"].sides == {
        "for": ("yes",),
        "imod": ("no", "dont_know"),
    }


@pytest.mark.parametrize(
    "sides",
    [
        "{for: ['yes']}",
        "{for: ['yes'], imod: ['no'], andet: [dont_know]}",
        "{for: ['yes'], imod: []}",
        "{for: ['yes', 'no', dont_know], imod: []}",
        "{for: ['yes'], imod: ['yes']}",
        "{for: ['no'], imod: ['yes']}",
        "{for: ['yes'], imod: ['nej']}",
        "{for: 'yes', imod: 'no'}",
    ],
)
def test_sides_that_are_not_two_of_one_or_two_answers_in_order_are_refused(tmp_path, sides):
    with pytest.raises(RegistryError, match="introduced: sides skal have et ord for hver"):
        read_with_sides(tmp_path, sides)


def test_a_grouping_has_groups_that_exist_and_a_label_for_each(tmp_path):
    grouping = "groupings: {{level: {}}}\nquestions:"
    good = "{sector=state: Stat, '!sector=state': Andre}"
    registry = read_changed(tmp_path, "questions:", grouping.format(good))
    assert registry.groupings == {"level": {"sector=state": "Stat", "!sector=state": "Andre"}}
    for bad, told in (
        ("{sector=sate: Stat}", "Mente du »state«"),
        ("{innovative: ''}", "groupings: level, innovative mangler sin tekst"),
        ("[innovative]", "skal have grupper med en tekst til hver"),
        ("{}", "skal have grupper med en tekst til hver"),
    ):
        with pytest.raises(RegistryError, match=told):
            read_changed(tmp_path, "questions:", grouping.format(bad))


def test_a_derived_variable_and_an_item_can_be_names_too(tmp_path):
    item = "{employees: {label: Lægeforeningen, proper: true},"
    registry = read_changed(tmp_path, "{employees: Medarbejdere,", item)
    assert registry.inside("Lægeforeningen") == "Lægeforeningen"
    derived = "{label: Innovationsprisen, proper: true,"
    registry = read_changed(tmp_path, "{label: Innovativ,", derived)
    assert registry.inside("Innovationsprisen") == "Innovationsprisen"


def test_the_names_of_one_survey_are_no_names_of_another(tmp_path, shipped):
    registry = read_changed(tmp_path, "health: Sundhed", "health: {label: Sundhed, proper: true}")
    assert (registry.inside("Sundhed"), shipped.inside("Sundhed")) == ("Sundhed", "sundhed")


def test_every_question_answer_and_variable_has_a_label(shipped):
    for question in shipped.questions.values():
        assert question.text.strip()
        for label in [*question.items.values(), *question.answers.values()]:
            assert label.strip(), question.id
        for name in question.variables if question.kind != "battery" else []:
            assert shipped.label(name).strip()
    assert all(variable.label.strip() for variable in shipped.derived.values())


def test_every_background_variable_has_labelled_answers(shipped):
    for name, entry in shipped.background.items():
        assert entry["answers"]
        assert all(shipped.label(f"{name}={answer}").strip() for answer in entry["answers"])


def test_column_names_fit_into_a_stata_file(shipped):
    assert [column for column in shipped.columns if len(column) > LONGEST_NAME] == []


def test_no_two_columns_have_the_same_name(shipped):
    columns = [*KEYS, *shipped.background, *shipped.columns]
    assert len(set(columns)) == len(columns)


def test_nobody_is_asked_on_the_ground_of_a_later_answer(shipped):
    order = list(shipped.questions)
    for place, question in enumerate(order):
        assert list_sources(shipped, question) <= set(order[:place])


def test_every_condition_parses_and_has_a_base(shipped):
    for variable in shipped.derived.values():
        for part in variable.parts:
            assert part in shipped.derived or shipped.parse(part).column in [
                *shipped.columns,
                *shipped.background,
            ]
        assert shipped.asked(variable.id) == "all" or shipped.asked(variable.id) in shipped.derived


def test_exclusive_and_residual_answers_exist(shipped):
    for question in shipped.questions.values():
        assert {*question.exclusive, *question.residual} <= {*question.items, *question.answers}


def test_the_dictionary_has_one_row_per_column(shipped):
    dictionary = make_dictionary(shipped)
    assert dictionary["variable"].tolist() == [*KEYS, *shipped.columns]
    assert (dictionary["asked"] != "").all()


def test_a_label_is_that_of_the_answer_the_item_or_the_variable(small):
    assert small.label("evaluated=external") == "Ja, udefra"
    assert small.label("evaluated=external|internal") == "Ja, udefra eller Ja, internt"
    assert small.label("initiator.leaders") == "Ledere"
    assert small.label("introduced.product=yes") == "Produkter: Ja"
    assert small.label("innovative") == "Innovativ"
    assert small.label("sector=state") == "Staten"
    assert small.label("all") == "Alle"


def test_a_base_is_the_questions_or_what_its_parts_share(small):
    assert small.asked("initiator.leaders") == "innovative"
    assert small.asked("innovative") == "all"
    assert small.asked("was_evaluated") == "innovative"
    assert small.asked("evaluated_by_own") == "was_evaluated"


def test_residual_answers_are_known(small):
    assert small.is_residual("initiator.dont_know")
    assert small.is_residual("underway=dont_know")
    assert not small.is_residual("initiator.leaders")
    assert not small.is_residual("innovative")


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "introduced=yes",
        "introduced.nothing=yes",
        "evaluated=maybe",
        "evaluated",
        "underway.product=yes",
        "sector=moon",
    ],
)
def test_an_unknown_name_is_refused_and_named(small, name):
    with pytest.raises(RegistryError, match=name.split("=")[0].split(".")[0]):
        small.parse(name)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("kind: single", "kind: guess", "kind"),
        (
            "any_of: [evaluated=external|internal]",
            "any_of: [evaluated=perhaps]",
            "evaluated=perhaps",
        ),
        ("asked: was_evaluated", "asked: was_evaluted", "was_evaluted"),
    ],
)
def test_a_registry_that_contradicts_itself_is_refused(tmp_path, old, new, told):
    with pytest.raises(RegistryError, match=told):
        read_changed(tmp_path, old, new)


def test_what_a_registry_does_not_say_is_in_its_language_or_in_the_one_that_it_is_read_in():
    content = load_yaml("questionnaire.yaml", REGISTRY.encode())
    content = {key: value for key, value in content.items() if key not in ("whole", "respondents")}
    danish, english = (make_questionnaire(content | {"language": one}) for one in ("da", "en"))
    assert danish.whole["name"] == "Hele undersøgelsen"
    assert english.whole["name"] == "The whole survey"
    assert make_questionnaire(danish.content, "en").respondents["the_many"] == "the respondents"
    with speak(english.language):
        assert "0 = no; 1 = yes" in [*make_dictionary(english)["answers"]]


SCALE = """\
  ladder:
    text: Hvor sandsynligt?
    kind: scale
    asked: all
    answers: {"0": Slet ikke, "1": "1", "2": "2", "3": "3", "4": Helt}
  mood:
    text: Hvor glad?
    kind: scale
    asked: all
    answers: {"1": Slet ikke glad, "2": Lidt glad, "3": Glad, "4": Meget glad}
"""


def test_points_of_a_scale_are_called_together_by_its_ends_or_as_a_list(tmp_path):
    registry = read_changed(tmp_path, "questions:\n", f"questions:\n{SCALE}")
    assert registry.label("ladder=0|1|2") == "Slet ikke (0) til 2"
    assert registry.label("ladder=2|3|4") == "2 til Helt (4)"
    assert registry.label("ladder=0|1|4") == "Slet ikke, 1 eller Helt"
    assert registry.label("ladder=0|1") == "Slet ikke eller 1"
    assert registry.label("mood=1|2|3") == "Slet ikke glad, Lidt glad eller Glad"
    with speak("en"):
        assert registry.label("ladder=0|1|2") == "Slet ikke (0) to 2"
