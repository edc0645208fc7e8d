"""The schemas of what people write say what the program says."""

import json
from datetime import date
from fnmatch import fnmatch

import jsonschema
import pytest
import yaml

from barometer.data.cards import parse_cards
from barometer.data.reading import parse_registry
from barometer.document.imprint import read_front
from barometer.drafting.project import draft_project
from barometer.files.faults import DataFault
from barometer.languages.speaking import speak
from barometer.paths import DATA, NOTEBOOKS, PACKAGE, ROOT
from barometer.schemas.making import make_schemas, write_schema, write_settings
from tests.make.answers import write_sav

SHIPPED = {
    "questionnaire": DATA / "barometer-2020" / "questionnaire.yaml",
    "cards": DATA / "barometer-2020" / "cards.yaml",
    "report": NOTEBOOKS / "report.yaml",
}
SCHEMAS = make_schemas()


def load(content):
    """YAML as an editor's checker sees it: dates are texts."""
    return json.loads(json.dumps(yaml.safe_load(content), default=date.isoformat))


def list_errors(name, content):
    validator = jsonschema.Draft202012Validator(SCHEMAS[name])
    return [(list(error.path), error.message) for error in validator.iter_errors(content)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_file_of_a_schema_is_made_of_the_program_s_own_fields(name):
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    path = PACKAGE / "schemas" / f"{name}.schema.json"
    assert path.read_text(encoding="utf-8") == write_schema(SCHEMAS[name]), (
        "python -m barometer.schemas.making"
    )


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_files_are_as_their_schemas_say(name):
    assert list_errors(name, load(SHIPPED[name].read_text(encoding="utf-8"))) == []


def test_a_drafted_project_s_files_are_as_their_schemas_say(tmp_path):
    path = write_sav(tmp_path / "a.sav")
    given = {"weight": "wgt", "strata": "stratum", "id": "respnr"}
    files = draft_project(path, "Prøven", "2024", "2024-05-01", given).files
    for name, place in (
        ("questionnaire", "data/a/questionnaire.yaml"),
        ("cards", "data/a/cards.yaml"),
        ("report", "notebooks/report.yaml"),
    ):
        assert list_errors(name, load(files[place])) == []
    settings = json.loads(files[".vscode/settings.json"])
    for schema, place in settings["yaml.schemas"].items():
        assert schema in files and any(fnmatch(one, place) for one in files)


def test_an_editor_that_opens_this_project_finds_the_schemas():
    text = (ROOT / ".vscode" / "settings.json").read_text(encoding="utf-8")
    assert text == write_settings("./barometer/schemas")
    for schema, place in json.loads(text)["yaml.schemas"].items():
        assert (ROOT / schema).is_file() and list(ROOT.glob(place))


def put(content, path, value):
    """A deep copy with another value at a path; `None` takes it out."""
    made = json.loads(json.dumps(content))
    place = made
    for key in path[:-1]:
        place = place[key]
    if value is None:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return made


class Dumper(yaml.SafeDumper):
    """Writes nothing where a field is empty."""


Dumper.add_representer(
    type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
)


def read(name, content, tmp_path):
    """Have the program read the content; raises what it raises."""
    text = yaml.dump(content, Dumper=Dumper, allow_unicode=True, sort_keys=False)
    if name == "cards":
        parse_cards(text.encode())
    elif name == "report":
        path = tmp_path / "report.yaml"
        path.write_text(text, encoding="utf-8")
        read_front(path)
    else:
        parse_registry(text.encode())


WRONG = [
    ("questionnaire", ("questions", "novelty", "kind"), "several"),
    ("questionnaire", ("questions", "novelty", "kinds"), "single"),
    ("questionnaire", ("questions", "novelty", "text"), None),
    ("questionnaire", ("questions", "novelty", "text"), {"english": "How new?"}),
    ("questionnaire", ("questions", "novelty", "residual"), "dont_know"),
    ("questionnaire", ("questions", "novelty", "answers"), ["a", "b"]),
    ("questionnaire", ("questions", "type", "max"), 0),
    ("questionnaire", ("derived", "innovative", "label"), None),
    ("questionnaire", ("whole", "nmae"), "x"),
    ("questionnaire", ("respondents", "many"), 3),
    ("questionnaire", ("perod",), "2020"),
    ("questionnaire", ("derived",), None),
    ("cards", ("lonely",), "sometimes"),
    ("cards", ("inference",), "infinite"),
    ("cards", ("weight_tolerance",), 1.5),
    ("cards", ("limits",), {"smallest_count": {"value": 1, "reason": "x", "source": "y"}}),
    ("cards", ("limits",), {"smallest_count": {"value": 5}}),
    ("cards", ("limits",), {"largest": {"value": 5, "reason": "x", "source": "y"}}),
    ("cards", ("files", "microdata.csv", "origin"), "made up"),
    ("cards", ("files", "microdata.csv", "sha256"), "abc"),
    ("cards", ("files", "microdata.csv", "licence"), None),
    ("cards", ("reponse_rate",), 3),
    ("cards", ("clusters",), "school"),
    ("cards", ("correction",), "some"),
    ("cards", ("replicates",), {"method": "JK9", "columns": "r1-r9"}),
    ("cards", ("replicates",), {"method": "JK1", "columns": "r1"}),
    ("cards", ("replicates",), {"method": "JK1", "columns": "r1-r9", "rhoo": 1}),
    ("report", ("title",), None),
    ("report", ("subtitel",), "x"),
    ("report", ("address",), "barometer.dk"),
    ("report", ("contact",), {"mail": "x"}),
    ("report", ("keywords",), "x"),
    ("report", ("language",), "Dansk"),
]


@pytest.mark.parametrize(("name", "path", "value"), WRONG, ids=str)
def test_what_a_schema_underlines_the_program_refuses(name, path, value, tmp_path):
    content = load(SHIPPED[name].read_text(encoding="utf-8"))
    read(name, content, tmp_path)
    wrong = put(content, path, value)
    assert list_errors(name, wrong)
    with pytest.raises(DataFault):
        read(name, wrong, tmp_path)


def test_an_editor_shows_the_words_of_the_language_that_is_chosen():
    with speak("en"):
        registry = make_schemas()["questionnaire"]
    assert registry["properties"]["title"]["description"] == "The survey's name"
