"""The files for other programs, of real reports, read by programs that share nothing with ours."""

import csv
import json
import random

import pytest

from barometer.codebook.reading import read_codebook
from barometer.data.domains import split_terms, strip_not
from barometer.exports.cells import KINDS, read_shown
from barometer.exports.cells import MEASURES as LABELS
from barometer.exports.cubes import DIMENSIONS
from barometer.exports.sdmx import write_code
from barometer.exports.tables import write_field
from barometer.languages.speaking import _
from tests.make.shipped import SECTORS

pytestmark = pytest.mark.slow
MEASURES = {"share": "shown", "low": "low", "high": "high", "n": "n"}


def read_trace(folder):
    """{(exhibit, item, group): row} of the shares that figures and tables show."""
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["part"] in ("picture", "table")]
    return {(row["where"], row["item"], row["group"]): row for row in rows if row["kind"] in KINDS}


def choose(folder, many=50):
    """Cells of a report by chance, always the same ones."""
    found = read_trace(folder)
    return random.Random(18).sample(sorted(found.items()), min(many, len(found)))


def list_cubes(folder, ending):
    return sorted(path for path in (folder / "data").glob(f"*{ending}") if "cells" not in path.name)


def read_json_stat(folder):
    pyjstat = pytest.importorskip("pyjstat.pyjstat")
    for (exhibit, item, group), row in choose(folder):
        text = (folder / "data" / f"{exhibit}.json").read_text(encoding="utf-8")
        axes = json.loads(text)["dimension"]
        frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
        place = (frame["svar"] == item) & (frame["gruppe"] == group)
        for measure, column in MEASURES.items():
            (value,) = frame["value"][place & (frame["maal"] == measure)]
            expected = read_shown(row[column])
            # pandas has one word for what is missing
            assert (None if value != value else value) == expected, (exhibit, item, group, measure)
        assert list(axes) == ["svar", "gruppe", "maal", "tid"]


def read_px(folder):
    pyaxis = pytest.importorskip("pyaxis.pyaxis")
    read = {}
    for path in list_cubes(folder, ".px"):
        parsed = pyaxis.parse(str(path), encoding="utf-8")
        read[path.stem] = parsed["METADATA"], parsed["DATA"]
    for (exhibit, item, group), row in choose(folder):
        meta, data = read[exhibit]
        place = True
        for name, code in ((_(DIMENSIONS["svar"]), item), (_(DIMENSIONS["gruppe"]), group)):
            label = meta[f"VALUES({name})"][meta[f"CODES({name})"].index(code)]
            place &= data[name] == label
        shown = data[place].set_index(_(DIMENSIONS["maal"]))["DATA"]
        labels = [_(one) for one in LABELS.values()]
        for label, column in zip(labels, MEASURES.values(), strict=True):
            number = read_shown(row[column])
            # pandas has one word for what is missing
            value = None if shown[label] != shown[label] else shown[label].strip('"')
            assert value == (None if number is None else write_field(number))


def read_csvw(folder):
    csvw = pytest.importorskip("csvw")
    table = csvw.CSVW(str(folder / "data" / "cells.csv"), validate=True)
    assert table.is_valid, [str(one.message) for one in table.warnings]
    rows = {(one["exhibit"], one["item"], one["group"]): one for one in table.t.iterdicts()}
    assert rows.keys() == read_trace(folder).keys()
    for place, row in choose(folder):
        for name, column in {**MEASURES, "share": "shown"}.items():
            value = rows[place]["value" if name == "share" else name]
            assert (None if value is None else float(value)) == read_shown(row[column])


def read_sdmx(folder):
    pysdmx = pytest.importorskip("pysdmx.io")
    (dataset,) = pysdmx.read_sdmx(folder / "data" / "cells-sdmx.csv", validate=False).data
    assert str(dataset.structure) == "Dataflow=BAROMETER:CELLS(1.0.0)"
    columns = {"OBS_VALUE": "shown", "LOWER": "low", "UPPER": "high", "N": "n"}
    rows = {
        tuple(row[name] for name in ("EXHIBIT", "ITEM", "GROUP")): row
        for row in dataset.data.to_dict("records")
    }
    assert len(rows) == len(read_trace(folder))
    for place, row in choose(folder):
        told = rows[tuple(map(write_code, place))]
        for name, column in columns.items():
            value = float(told[name]) if str(told[name]) not in ("", "nan", "None") else None
            assert value == read_shown(row[column]), (place, name)


READERS = {"pyjstat": read_json_stat, "pyaxis": read_px, "csvw": read_csvw, "pysdmx": read_sdmx}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("sector", SECTORS)
def test_a_reader_of_the_format_finds_the_numbers_of_the_trace(real, sector, reader):
    READERS[reader](real[0] / sector)


def test_a_machine_that_reads_rdf_finds_a_catalogue_with_a_dataset_for_each_report(real):
    rdflib = pytest.importorskip("rdflib")
    graph = rdflib.Graph().parse(real[0] / "dcat.jsonld", format="json-ld")
    dcat, dct = (
        rdflib.Namespace("http://www.w3.org/ns/dcat#"),
        rdflib.Namespace("http://purl.org/dc/terms/"),
    )
    sets = list(graph.subjects(rdflib.RDF.type, dcat.Dataset))
    assert len(sets) == len(SECTORS)
    for one in sets:
        # what DCAT-AP 3 demands of a dataset, and the Danish profile besides
        for needed in (
            dct.title,
            dct.description,
            dcat.contactPoint,
            dct.identifier,
            dct.publisher,
        ):
            assert (one, needed, None) in graph
        files = list(graph.objects(one, dcat.distribution))
        assert len(files) >= 4
        for file in files:
            for needed in (dcat.accessURL, dct.license, dct["format"]):
                assert (file, needed, None) in graph


def test_rocrate_reads_the_folder_and_finds_every_file_that_it_names(real):
    ROCrate = pytest.importorskip("rocrate.rocrate").ROCrate
    crate = ROCrate(str(real[0]))
    named = {one.id for one in crate.get_entities() if one.type == "File"}
    there = {path.relative_to(real[0]).as_posix() for path in real[0].rglob("*") if path.is_file()}
    assert there - named == {"ro-crate-metadata.json"} and named - there == set()
    assert crate.root_dataset["license"].id == "https://creativecommons.org/licenses/by/4.0/"


@pytest.mark.parametrize("sector", SECTORS)
def test_no_file_of_data_has_a_number_that_the_trace_has_not(real, sector):
    """Who has them knows no more than who has the pages."""
    folder = real[0] / sector
    with open(folder / "numbers.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    known = {read_shown(row[column]) for row in rows for column in ("shown", "low", "high", "n")}
    told = json.loads((folder / "claims.json").read_text(encoding="utf-8"))["claims"]
    with open(folder / "claims.csv", encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    for claim in told:
        for one in claim["numbers"]:
            assert {one.get(name) for name in ("value", "low", "high", "n")} <= known
        own = [row for row in written if row["id"] == claim["id"]]
        for row, test in zip(own, claim["tests"], strict=True):
            numbers = {name: value for name, value in test.items() if not isinstance(value, str)}
            assert numbers == {name: read_shown(row[name]) for name in numbers}
    cubes = [json.loads(path.read_text(encoding="utf-8")) for path in list_cubes(folder, ".json")]
    assert {value for cube in cubes for value in cube["value"]} <= known | {None}
    for path in list_cubes(folder, ".px"):
        data = path.read_text(encoding="utf-8").partition("DATA=")[2].strip(";\r\n ").split()
        assert {float(one) for one in data if '"' not in one} <= known
    with open(folder / "data" / "cells.csv", encoding="utf-8", newline="") as file:
        cells = [
            row[name] for row in csv.DictReader(file) for name in ("value", "low", "high", "n")
        ]
    assert {float(one) for one in cells if one} <= known
    with open(folder / "data" / "cells-sdmx.csv", encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        told = [row[one] for row in rows for one in ("OBS_VALUE", "LOWER", "UPPER", "N")]
    assert {float(one) for one in told if one} <= known


@pytest.mark.parametrize("sector", SECTORS)
def test_the_codebook_describes_every_variable_and_code_of_the_cells(real, sector):
    book = read_codebook(real[0] / sector / "data" / "codebook.xml")
    cells = [place[1:] for place in read_trace(real[0] / sector)]
    terms = {strip_not(term) for names in cells for name in names for term in split_terms(name)}
    named = [term.partition("=") for term in terms - {"all"}]
    assert {name for name, _, _ in named} <= {*book.titles}
    codes = [(name, code) for name, _, some in named for code in some.split("|") if code]
    assert [pair for pair in codes if pair[1] not in book.labels[pair[0]]] == []
    assert len(named) > 30
