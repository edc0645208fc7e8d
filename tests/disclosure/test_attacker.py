"""No closed count of a run comes back from what the run publishes, however its files are put
together.

The intruder is in `attacker.py`. It is seen to succeed where only the primary rules close cells.
"""

import csv
import re
import shutil
from collections import Counter
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
from nbformat import v4

from barometer.disclosure import plan
from barometer.marks import IN_PICTURES
from barometer.paths import NOTEBOOKS
from barometer.pictures import MARK_ID
from barometer.run.request import plan_run
from barometer.survey import open_planned
from barometer.tools.seal import seal_survey
from barometer.verify.certificate import find_contradictions
from barometer.verify.claims import read_published
from barometer.verify.counting import Survey, list_answers, list_columns
from tests.conftest import make, run_without_certificate
from tests.make.asked import seal_shipped
from tests.make.attacker import PLACES, WIDTH, find_secrets, read_facts, read_words
from tests.make.perturbed import read_answers, set_novelty, write_answers
from tests.make.shipped import copy_sectors

MARKS = ("[c]", "[u]")
WEIGHT = 6  # what everybody weighs in the self-weighting survey: shares are then counts over n
HEAD = (
    "chapter",
    "where",
    "part",
    "shown",
    "kind",
    "question",
    "item",
    "label",
    "group",
    "group_label",
    "base",
    "n",
)


# --- The intruder itself, on reports of a few numbers
# -------------------------------------------------------------


def publish(outputs, report, *shares, n=100, label="Hele den offentlige sektor"):
    """A report that tells its sector's size, that all weights are 1, and some shares: (item, group,
    shown).
    """
    names = {"state": "Staten", "region": "Regionerne", "municipality": "Kommunerne"}
    rows = [
        {"kind": "units", "item": "all", "group": f"sector={sector}", "shown": "100"}
        for sector in PLACES
    ]
    rows += [
        {
            "kind": "weight",
            "item": "all",
            "label": label,
            "group": f"sector={sector}",
            "shown": "1,00",
        }
        for sector in PLACES
        for label in ("Mindste vægt", "Største vægt")
    ]
    rows += [
        {
            "kind": "share",
            "item": item,
            "group": group,
            "shown": shown,
            "n": n,
            "group_label": names.get(report, label) if group == "all" else "",
        }
        for item, group, shown in shares
    ]
    (outputs / report).mkdir()
    with (outputs / report / "numbers.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, HEAD, restval="")
        writer.writeheader()
        writer.writerows(rows)


ALL = [("innovative", "all", "100 %")]


def test_a_closed_answer_comes_back_from_the_other_answers_to_its_question(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("novelty=first", "all", "60,0 %"),
        ("novelty=inspired", "all", "30,0 %"),
        ("novelty=copy", "all", "8,0 %"),
        ("novelty=dont_know", "all", "[c]"),
    )
    assert find_secrets(tmp_path)[0] == {("novelty=dont_know", "all", "region"): (2, 2)}


def test_two_closed_answers_come_back_only_as_their_sum(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("novelty=first", "all", "60,0 %"),
        ("novelty=inspired", "all", "30,0 %"),
        ("novelty=copy", "all", "[c]"),
        ("novelty=dont_know", "all", "[c]"),
    )
    ranges, secrets = find_secrets(tmp_path)
    assert ranges == {
        (f"novelty={answer}", "all", "region"): (0, 10) for answer in ("copy", "dont_know")
    }
    assert secrets == {}


def test_a_closed_answer_of_one_sector_comes_back_from_the_whole_and_the_other_sectors(tmp_path):
    publish(tmp_path, "all", *ALL, ("value.quality", "all", "14,0 %"), n=300)
    publish(tmp_path, "state", *ALL, ("value.quality", "all", "20,0 %"))
    publish(tmp_path, "municipality", *ALL, ("value.quality", "all", "20,0 %"))
    publish(tmp_path, "region", *ALL, ("value.quality", "all", "[c]"))
    assert find_secrets(tmp_path)[0] == {("value.quality", "all", "region"): (2, 2)}


def test_a_closed_answer_of_one_group_comes_back_from_its_opposite_and_both_together(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("politically_initiated", "all", "50,0 %"),
        ("shared=yes", "all", "21,0 %"),
        ("shared=yes", "initiated_by_other_causes", "40,0 %"),
        ("shared=yes", "politically_initiated", "[c]"),
    )
    rows = (tmp_path / "region" / "numbers.csv").read_text(encoding="utf-8")
    groups = re.sub(r"(?m)^(.*shared=yes,,(?:initiated|politically).*),100$", r"\1,50", rows)
    (tmp_path / "region" / "numbers.csv").write_text(groups, encoding="utf-8")
    assert find_secrets(tmp_path)[0] == {("shared=yes", "politically_initiated", "region"): (1, 1)}


def test_a_union_is_never_less_than_its_largest_part_nor_more_than_their_sum(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("initiated_by_politicians", "all", "10,0 %"),
        ("initiated_by_legislation", "all", "2,0 %"),
        ("politically_initiated", "all", "[c]"),
    )
    assert find_secrets(tmp_path)[0] == {("politically_initiated", "all", "region"): (10, 12)}


def test_a_closed_answer_comes_back_from_how_many_it_made_be_asked_something_else(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("novelty=inspired", "all", "30,0 %"),
        ("novelty=copy", "all", "[c]"),
        ("novelty=dont_know", "all", "[c]"),
        ("inspiration.companies", "all", "50,0 %"),
    )
    rows = (tmp_path / "region" / "numbers.csv").read_text(encoding="utf-8")
    asked = re.sub(r"(?m)^(.*inspiration.*),100$", r"\1,38", rows)
    assert asked != rows
    (tmp_path / "region" / "numbers.csv").write_text(asked, encoding="utf-8")
    assert find_secrets(tmp_path)[0]["novelty=copy", "all", "region"] == (8, 8)


def test_a_closed_answer_of_one_field_comes_back_from_the_whole_and_the_other_fields(tmp_path):
    fields = ("administration", "justice", "education", "care", "childcare", "culture")
    publish(tmp_path, "all", *ALL, ("value.quality", "all", "14,0 %"), n=300)
    for field in fields:
        publish(
            tmp_path,
            f"all-field-{field}",
            *ALL,
            ("value.quality", "all", "16,0 %"),
            n=25,
            label=field,
        )
    publish(
        tmp_path, "all-field-health", *ALL, ("value.quality", "all", "[c]"), n=150, label="health"
    )
    assert find_secrets(tmp_path)[0] == {("value.quality", "all", "all-field-health"): (18, 18)}


def test_a_closed_answer_of_a_sector_comes_back_from_the_whole_and_what_is_left_beside_the_sector(
    tmp_path,
):
    publish(tmp_path, "all", *ALL, ("value.quality", "all", "10,0 %"), n=300)
    publish(tmp_path, "region", *ALL, ("value.quality", "all", "[c]"), n=100)
    rest = [("value.quality", "!sector=region", "14,0 %")]
    publish(tmp_path, "state", *rest, n=200)
    assert find_secrets(tmp_path)[0] == {("value.quality", "all", "region"): (2, 2)}


def test_a_share_that_is_nearly_nothing_is_known_to_be_so(tmp_path):
    publish(
        tmp_path,
        "region",
        *ALL,
        ("novelty=first", "all", "60 %"),
        ("novelty=inspired", "all", "40 %"),
        ("novelty=copy", "all", "under 0,5 %"),
        ("novelty=dont_know", "all", "[c]"),
    )
    assert find_secrets(tmp_path)[0] == {("novelty=dont_know", "all", "region"): (0, 1)}


def test_rounding_leaves_what_it_leaves(tmp_path):
    """Three answers are each known to within half a respondent: of 2 that are left, one and a half
    either way.
    """
    publish(
        tmp_path,
        "region",
        *ALL,
        ("novelty=first", "all", "60 %"),
        ("novelty=inspired", "all", "30 %"),
        ("novelty=copy", "all", "8 %"),
        ("novelty=dont_know", "all", "[c]"),
    )
    assert find_secrets(tmp_path)[0] == {("novelty=dont_know", "all", "region"): (1, 3)}


# --- Whole runs
# ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_no_closed_count_of_the_shipped_reports_comes_back(real):
    ranges, secrets = find_secrets(real[0])
    assert len(ranges) > 8
    assert secrets == {}
    closed = {cell[:2] for cell in ranges}  # counted per report by the run itself
    told = re.search(r"Kontrollen har set \d+ celler: \d+ vist, (\d+) \[c\], \d+ \[u\]", real[1])
    assert int(told[1]) >= len(closed)
    assert min(high - low for low, high in ranges.values()) >= WIDTH


def read_drawing(path):
    """(words drawn in an SVG, {label and group: what its place tells}), on one line each."""
    root = ElementTree.parse(path).getroot()
    texts = [part.text for part in root.iter() if part.tag.endswith("}text")]
    marks = next(part for part in root if part.get("id") == MARK_ID)
    told = [part.text.rpartition(": ") for part in marks.iter() if part.tag.endswith("}title")]
    return plain(" ".join(texts)), {plain(name): plain(text) for name, _, text in told}


def plain(text):
    return text.replace("\u00a0", " ")


def list_differences(path, rows):
    """What a picture tells and the rows of its numbers do not, or the other way round.

    In a picture a closed number stands in words: once where it is drawn and once where it is
    pointed at. A part of a sum has no number in the drawing.
    """
    shown = {
        part: [plain(row["shown"]) for row in rows if row["part"] == part]
        for part in ("picture", "title", "alt", "note")
    }
    told = [text for texts in shown.values() for text in texts]
    words = plain(read_words(path))
    found = [("mark", mark) for mark in MARKS if mark in words]
    known = {*told, *(f"{text}." for text in told), "95 pct."}
    if path.suffix != ".svg":
        numbers = {*re.findall(r"\d+ (?:%|pct\.)", words)}
        return [*found, *(("unknown", number) for number in sorted(numbers - known))]
    drawn, places = read_drawing(path)
    in_title = Counter(shown["title"])
    numbers = Counter(re.findall(r"\d+ %", drawn)) - in_title
    if numbers != Counter(shown["picture"]):
        found.append(("drawn", numbers, Counter(shown["picture"])))
    table = [row for row in rows if row["part"] == "table" and row["label"]]
    for label in {row["label"] for row in table}:
        there = Counter(
            text.partition(" (")[0]
            for name, text in places.items()
            if name == label or name.startswith(f"{label}, ")
        )
        in_table = Counter(
            IN_PICTURES.get(row["shown"], plain(row["shown"]))
            for row in table
            if row["label"] == label
        )
        found += [(label, there - in_table)] if there - in_table else []
    numbered = [text for name, text in places.items() if ": " not in name]
    for word in IN_PICTURES.values():
        if drawn.count(word) != numbered.count(word):
            found.append((word, drawn.count(word), numbered.count(word)))
    return found


def read_rows(report):
    with (report / "numbers.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.slow
def test_every_kind_of_file_tells_the_intruder_the_same(real):
    """What is closed in numbers.csv stands in words, and nothing else, in each picture, and as a
    mark in the printed report.
    """
    closed = Counter()
    for report in (folder for folder in real[0].iterdir() if (folder / "numbers.csv").is_file()):
        rows = read_rows(report)
        pictures = sorted(report.glob("figures/*.*g"))
        assert pictures
        for path in pictures:
            own = [row for row in rows if row["where"] == path.stem]
            assert list_differences(path, own) == [], (report.name, path.name)
            if path.suffix == ".svg":
                closed.update(read_drawing(path)[1].values())
        marks = sum(
            row["shown"] == "[c]" and row["part"] == "table" and row["kind"] == "share"
            for row in rows
        )
        assert read_words(report / "report.pdf").count("[c]") >= marks
    assert closed[IN_PICTURES["[c]"]] and closed[IN_PICTURES["[u]"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ("fortroligt</text>", "4 %</text>"),
        ("fortroligt</title>", "4 % (1–9), n = 153</title>"),
        ("for få svar</text>", "[u]</text>"),
        ("22 %</text>", "23 %</text>"),
    ],
)
def test_a_picture_that_tells_something_else_is_noticed(real, tmp_path, shown, wrong):
    drawn = (real[0] / "state" / "figures" / "partners.svg").read_text(encoding="utf-8")
    assert shown in plain(drawn)
    spoiled = tmp_path / "partners.svg"
    spoiled.write_text(plain(drawn).replace(shown, wrong, 1), encoding="utf-8")
    rows = [row for row in read_rows(real[0] / "state") if row["where"] == "partners"]
    assert list_differences(spoiled, rows)


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """Reports on the whole, the sectors, all fields and all sizes in one folder."""
    outputs = tmp_path_factory.mktemp("parts")
    for each in ((), ["field"], ["size"]):
        run_without_certificate(outputs, each=each, formats=("html",))
    return outputs


@pytest.mark.slow
def test_no_closed_count_comes_back_from_a_run_of_all_fields_and_sizes_with_the_sectors_reports(
    parts,
):
    """What one report closes is open in none of the others, and not left when they are subtracted
    from the whole.
    """
    ranges, secrets = find_secrets(parts)
    assert {place.partition("-")[2].partition("-")[0] for _, _, place in ranges} == {
        "",
        "field",
        "size",
    }
    assert len(ranges) > 60
    assert secrets == {}


@pytest.mark.slow
def test_all_that_reports_claim_of_counts_and_shares_is_true_of_the_answers(parts):
    """A claim that is not so, as a count by the name of another's base, has no survey to prove."""
    published, survey = read_published(parts), open_planned("barometer-2020")
    structure, columns = published.structure, {}
    names = {*structure["background"]}.union(
        *(list_columns(structure, question) for question in structure["questions"])
    )
    for name in names:
        signs = np.full(len(survey.design.weights), "-")
        for place, code in enumerate(codes := list_answers(structure, name)):
            item = f"{name}={code}" if codes != ["0", "1"] else "!" * (code == "0") + name
            signs[survey.variables.find_codes(item) == 1] = chr(48 + place)
        columns[name] = "".join(signs)
    weights = [[1, f"{weight:.9f}"] for weight in survey.design.weights]
    truth = Survey(structure, columns, weights)
    assert [*truth.list_faults()] == []
    assert len(published.claims) > 3000
    assert find_contradictions(truth, published.claims) == []


def make_self_weighting(folder, one_in=1, domains=""):
    """The shipped survey with one weight for all, and two who are politically initiated and know
    not how new it is.

    Of each stratum one in so many is kept, and two at the least.
    """
    copy_sectors(folder, domains)
    rows, places = [], Counter()
    for row in read_answers(folder):
        place = places[row["stratum"]]
        places[row["stratum"]] += 1
        rows += [row] * (place % one_in == 0 or place < 2)
    unsure = [
        row
        for row in rows
        if row["novelty"] == "dont_know"
        and "1" in (row["initiator_nearest_politicians"], row["initiator_legislation"])
    ]
    for row in unsure[2:]:
        set_novelty(row, "first")
    sizes = {}
    for row in rows:
        row["weight"] = str(float(WEIGHT))
        sizes[row["stratum"]] = sizes.get(row["stratum"], 0) + WEIGHT
    write_answers(folder, rows)
    with (folder / "population.csv").open(encoding="utf-8", newline="") as lines:
        strata = list(csv.DictReader(lines))
    with (folder / "population.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(strata[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(row | {"units": sizes.get(row["stratum"], row["units"])} for row in strata)
    seal_shipped(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("rules", ["primary alone", "whole plan"])
def test_the_intruder_succeeds_against_primary_suppression_alone_and_fails_against_the_plan(
    tmp_path, monkeypatch, rules
):
    monkeypatch.setattr("barometer.survey._PLANS", {})
    if rules == "primary alone":
        monkeypatch.setattr(
            plan, "close_secondary", lambda relations, primary, *_, **__: frozenset(primary)
        )
    survey = make_self_weighting(tmp_path / "survey")
    run_without_certificate(tmp_path / "outputs", data=str(survey), formats=("html",))
    ranges, secrets = find_secrets(tmp_path / "outputs")
    assert ("novelty=dont_know", "politically_initiated", "all") in ranges
    assert bool(secrets) == (rules == "primary alone")


@pytest.mark.slow
def test_nothing_comes_back_from_a_small_survey_of_which_a_third_is_closed(tmp_path):
    survey = make_self_weighting(tmp_path / "survey", 6)
    run_without_certificate(tmp_path / "outputs", data=str(survey), formats=("html",))
    ranges, secrets = find_secrets(tmp_path / "outputs")
    assert len(ranges) > 60
    assert secrets == {}


TABLES = """from barometer import open_survey
survey = open_survey(data, sector, alpha, language)
survey"""


@pytest.mark.slow
@pytest.mark.parametrize("background", ["field", "size"])
def test_no_closed_count_comes_back_from_tables_by_field_or_by_size(
    tmp_path, monkeypatch, background
):
    """A chapter that shows the answers to three questions in every field (size), beside the
    project's own: refused until the survey is sealed again.
    """
    notebooks = tmp_path / "chapters"
    notebooks.mkdir()
    for path in NOTEBOOKS.glob("0[346]_*.ipynb"):
        shutil.copy(path, notebooks)
    first = nbformat.read(next(notebooks.glob("03_*")), as_version=4)
    declared = next(cell for cell in first.cells if "parameters" in cell.metadata.get("tags", []))
    groups = (
        f"[f'{background}={{name}}' for name in "
        f"survey.registry.background['{background}']['answers']]"
    )
    shown = [
        f'survey.shares({items}, by={groups}).show("tabel-{number}", "Tabel")'
        for number, items in enumerate(
            (
                "['innovative']",
                "survey.question('novelty')",
                "survey.question('value')",
                "['shared=yes', 'attempted_shared']",
            ),
            91,
        )
    ]
    cells = [
        v4.new_markdown_cell("# Efter fag og størrelse"),
        declared,
        *map(v4.new_code_cell, [TABLES, *shown]),
    ]
    nbformat.write(v4.new_notebook(cells=cells), notebooks / "08_tabeller.ipynb")
    for name in ("report.yaml", "typed_numbers.yaml"):
        shutil.copy(NOTEBOOKS / name, notebooks)
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", notebooks)
    folder = copy_sectors(tmp_path / "survey")
    seal_shipped(folder)
    run = {"data": str(folder), "output": tmp_path / "outputs", "formats": ("html",)}
    refused = make(plan_run(["all", *PLACES], **run))
    for report in refused:
        (told,) = (str(result.failure) for result in report.results if result.failure)
        assert "NotPlanned" in told and "python -m barometer seal" in told
    seal_survey(folder)
    reports = make(plan_run(["all", *PLACES], **run))
    assert all(report.folder for report in reports)
    ranges, secrets = find_secrets(tmp_path / "outputs")
    assert read_facts(tmp_path / "outputs").closed <= ranges.keys()
    assert secrets == {}
