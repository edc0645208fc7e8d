"""The certificate of tiny published folders, worked out by hand: what it proves, and each way to
break it.
"""

import csv
import json
import re
import shutil
import subprocess
import time

import numpy as np
import pandas as pd
import pytest

from barometer.data.domains import list_conditions
from barometer.data.registry import read_questionnaire
from barometer.data.variables import Variables
from barometer.paths import DATA, ROOT
from barometer.proofs import moving
from barometer.proofs.writing import make_certificate
from barometer.verify.certificate import (
    CERTIFICATE,
    SEAL,
    check_folder,
    describe_proof,
    hash_files,
    read_certificate,
    read_surveys,
    write_certificate,
)
from barometer.verify.claims import LARGEST, LEAST, NUMBERS, STRUCTURE, read_published
from barometer.verify.counting import list_answers

COLUMNS = (
    "where chapter part shown kind item label group group_label base n published_value difference "
    "low high"
)
EVERYBODY = "arbejdspladser"
POINTS = "novelty=first|inspired|copy"  # of a row of this item the number is a mean
NOVELTY = {
    "kind": "single",
    "asked": "all",
    "items": [],
    "answers": ["first", "inspired", "copy", "dont_know"],
    "exclusive": [],
    "max": None,
    "must_tick": False,
}
VALUE = NOVELTY | {
    "kind": "multiple",
    "items": ["quality", "efficiency", "dont_know"],
    "answers": [],
    "exclusive": ["dont_know"],
    "must_tick": True,
}
DERIVED = {
    "reused": {
        "parts": ["novelty=inspired|copy"],
        "at_least": 1,
        "negated": False,
        "among": None,
    }
}


def publish(folder, report, *rows, derived=DERIVED):
    """A report of a few numbers: (item, group, shown, n). A count of everybody has kind count."""
    (folder / report).mkdir(parents=True)
    structure = {
        "report": {
            "domain": {} if report == "all" else {"sector": report},
            "label": report.title(),
        },
        "threshold": 3,
        "background": {"sector": ["state", "region"]},
        "questions": {"novelty": NOVELTY, "value": VALUE},
        "derived": derived,
    }
    (folder / report / STRUCTURE).write_text(json.dumps(structure), encoding="utf-8")
    base = EVERYBODY if report == "all" else f"{EVERYBODY} ({report.title()})"
    with (folder / report / NUMBERS).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS.split(), restval="")
        writer.writeheader()
        for label in (LEAST, LARGEST):  # everybody weighs 1
            row = {"kind": "weight", "item": "all", "group": "all", "shown": "1,00"}
            writer.writerow(row | {"base": EVERYBODY, "where": "tabel-1", "label": label})
        for item, group, shown, n in rows:
            kind = "share" if "%" in shown or shown in ("[c]", "[u]") else "count"
            kind = "mean" if item == POINTS else kind
            row = {"kind": kind, "item": item, "group": group, "shown": shown, "n": n}
            writer.writerow(row | {"base": base, "where": "figur-1", "label": "Svar"})
    return folder


def publish_pair(folder):
    """Twenty respondents: ten the first, four unsure; six have one of two suppressed answers."""
    return publish(
        folder,
        "all",
        ("all", "all", "20", 20),
        ("novelty=first", "all", "50 %", 20),
        ("novelty=inspired", "all", "[c]", ""),
        ("novelty=copy", "all", "[c]", ""),
        ("novelty=dont_know", "all", "20 %", 20),
    )


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """A folder with its certificate, not to be changed."""
    folder = publish_pair(tmp_path_factory.mktemp("proved") / "outputs")
    make_certificate(folder)
    return folder


@pytest.fixture
def copied(proved, tmp_path):
    return shutil.copytree(proved, tmp_path / "outputs")


def rewrite(folder, edit):
    """Change a certificate's content and seal it anew, as whoever forges it would."""
    content, _ = read_certificate(folder / CERTIFICATE)
    content.pop("sha256")
    edit(content)
    (folder / CERTIFICATE).write_text(write_certificate(content), encoding="utf-8")


def replace_text(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def forget_files(folder):
    """Have a certificate name the files as they are, so that checksums alone find nothing."""
    rewrite(folder, lambda content: content.update(files=hash_files(read_published(folder))))


def test_two_suppressed_answers_are_proved_by_their_sum_alone(proved):
    assert check_folder(proved) == (2, 2, [])
    surveys = read_certificate(proved / CERTIFICATE)[0]["surveys"]
    columns = [
        surveys[0]["columns"]["novelty"],
        *(one["columns"]["novelty"] for one in surveys[1:]),
    ]
    assert {text.count("0") for text in columns} == {10}  # of twenty, half
    assert {text.count("3") for text in columns} == {4}
    for answer in "12":
        counts = [text.count(answer) for text in columns]
        assert max(counts) - min(counts) >= 3


def test_what_cannot_be_moved_from_a_first_survey_is_moved_from_another(tmp_path, monkeypatch):
    firsts, move = [], moving._move

    def move_others(first, *rest):
        firsts.append(first)
        return None if first is firsts[0] else move(first, *rest)

    monkeypatch.setattr(moving, "_move", move_others)
    folder = publish_pair(tmp_path / "outputs")
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])


@pytest.mark.parametrize("many", [3, 4, 5])
def test_so_few_that_neither_end_may_be_the_threshold_away_are_proved_by_both_ends(tmp_path, many):
    pair = [(answer, "all", "[c]", "") for answer in ("reused", "!reused")]
    folder = publish(tmp_path / "outputs", "all", ("all", "all", str(many), many), *pair)
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])


def test_one_suppressed_answer_alone_is_not_proved_and_is_named(tmp_path):
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "20", 20),
        ("novelty=first", "all", "50 %", 20),
        ("novelty=inspired", "all", "20 %", 20),
        ("novelty=copy", "all", "[c]", ""),
        ("novelty=dont_know", "all", "20 %", 20),
    )
    make_certificate(folder)
    proved, many, faults = check_folder(folder)
    assert (proved, many) == (0, 1)
    assert [fault for fault in faults if fault.startswith("novelty=copy / all / all: ikke bevist.")]


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (16, (0, 0, 0)),  # how many gave a point is shown: the mean alone is suppressed
        ("", (0, 1, 1)),  # it is suppressed, and comes back: twenty less those of four
    ],
)
def test_of_a_suppressed_mean_it_is_proved_how_many_gave_a_point_unless_that_is_shown(
    tmp_path, n, told
):
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "20", 20),
        ("novelty=dont_know", "all", "20 %", 20),
        (POINTS, "all", "[c]", n),
    )
    make_certificate(folder)
    proved, many, faults = check_folder(folder)
    assert (proved, many, len(faults)) == told


def test_a_sector_that_comes_back_from_the_whole_and_the_other_is_not_proved(tmp_path):
    folder = tmp_path / "outputs"
    publish(folder, "all", ("all", "all", "40", 40), ("value.quality", "all", "25 %", 40))
    publish(folder, "region", ("all", "all", "20", 20), ("value.quality", "all", "45 %", 20))
    publish(folder, "state", ("all", "all", "20", 20), ("value.quality", "all", "[c]", ""))
    make_certificate(folder)
    assert check_folder(folder)[:2] == (0, 1)


def test_nobody_is_of_another_part_than_a_reports_own_and_the_other_has_its_respondents(tmp_path):
    """A table by sector in the report of one of them has a group of nobody."""
    folder, pair = tmp_path / "outputs", ("novelty=inspired", "novelty=copy")
    publish(folder, "all", ("all", "all", "40", 40), ("all", "sector=state", "20", 20))
    shown = [(item, "all", "[c]", "") for item in pair]
    publish(folder, "region", ("all", "all", "20", 20), ("all", "sector=state", "0", 0), *shown)
    assert ("all", "sector=state", "region") in {
        claim.cells[0] for claim in read_published(folder).claims
    }
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])


def test_a_part_without_a_published_size_has_room_for_those_who_answered_there(tmp_path):
    """Eighteen of the twenty-two in the state are told of by an answer's base alone."""
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "22", 22),
        ("novelty=first", "sector=state", "50 %", 18),
        ("novelty=inspired", "sector=state", "[c]", ""),
        ("novelty=copy", "sector=state", "[c]", ""),
    )
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])


def test_a_part_is_never_proved_to_be_more_than_its_union(tmp_path):
    """Of twenty, two are inspired or copy: neither can differ by three."""
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "20", 20),
        ("reused", "all", "10 %", 20),
        ("novelty=inspired", "all", "[c]", ""),
        ("novelty=copy", "all", "[c]", ""),
    )
    make_certificate(folder)
    assert check_folder(folder)[:2] == (0, 2)


def test_what_is_ticked_alone_is_ticked_alone_in_every_survey(tmp_path):
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "40", 40),
        ("value.quality", "all", "50 %", 40),
        ("value.efficiency", "all", "[c]", ""),
        ("value.dont_know", "all", "[c]", ""),
    )
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])

    def tick(content):
        first = content["surveys"][0]["columns"]
        at, alone = first["value.quality"].index("1"), first["value.dont_know"]
        first["value.dont_know"] = f"{alone[:at]}1{alone[at + 1 :]}"

    rewrite(folder, tick)
    assert any("står alene" in fault for fault in check_folder(folder)[2])


@pytest.mark.parametrize("old, new", [(",50 %,", ",51 %,"), (",20,", ",21,"), ("20 %", "25 %")])
def test_a_certificate_fails_when_one_published_number_is_changed(copied, old, new):
    replace_text(copied / "all" / NUMBERS, old, new)
    assert any("er ikke den fil" in fault for fault in check_folder(copied)[2])
    forget_files(copied)
    assert any("giver" in fault or "ikke bevist" in fault for fault in check_folder(copied)[2])


ENGLISH = {"thousands": ",", "decimal": ".", "words": {"under ": "under "}}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (",50.0 %,", ",50.4 %,"),
        ('"decimal": "."', '"decimal": ","'),
        (",[c],", ",15.0 %,"),
        ("20", "21"),
    ],
)
def test_a_certificate_of_reports_in_another_language_fails_when_one_number_is_changed(
    tmp_path, old, new
):
    folder = publish_pair(tmp_path / "outputs")
    path, numbers = folder / "all" / STRUCTURE, folder / "all" / NUMBERS
    structure = json.loads(path.read_text(encoding="utf-8"))
    structure["report"]["written"] = ENGLISH
    path.write_text(json.dumps(structure), encoding="utf-8")
    text = numbers.read_text(encoding="utf-8").replace('"1,00"', "1.00")
    text = text.replace("50 %", "50.0 %").replace("20 %", "20.0 %")
    numbers.write_text(text, encoding="utf-8")
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])
    replace_text(path if "decimal" in old else numbers, old, new)
    forget_files(folder)
    proved, many, faults = check_folder(folder)
    assert faults or (proved, many) != (2, 2)


def test_a_certificate_fails_when_a_suppressed_cell_is_shown(copied):
    """Whichever number it is: no survey and another of them agree with it both."""
    for shown in ("10 %", "15 %", "20 %"):
        replace_text(copied / "all" / NUMBERS, "[c]", shown)
        forget_files(copied)
        assert check_folder(copied)[2]
        replace_text(copied / "all" / NUMBERS, shown, "[c]")


def test_a_certificate_fails_when_any_one_byte_of_it_is_changed(copied):
    path = copied / CERTIFICATE
    whole = path.read_bytes()
    for place in range(0, len(whole), 7):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert check_folder(copied)[2], whole[max(place - 20, 0) : place + 20]
    path.write_bytes(whole)
    assert check_folder(copied)[2] == []


def test_a_certificate_fails_when_a_relation_is_dropped_or_changed(tmp_path):
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "20", 20),
        ("reused", "all", "30 %", 20),
        ("novelty=inspired", "all", "[c]", ""),
        ("novelty=copy", "all", "[c]", ""),
    )
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])
    path = folder / "all" / STRUCTURE
    whole = path.read_text(encoding="utf-8")
    for old, new in (("inspired|copy", "inspired|first"), ('"reused"', '"renewed"')):
        path.write_text(whole.replace(old, new), encoding="utf-8")
        forget_files(folder)
        assert check_folder(folder)[2]
    structure = json.loads(whole)
    del structure["derived"]["reused"]
    path.write_text(json.dumps(structure), encoding="utf-8")
    forget_files(folder)
    assert check_folder(folder)[2]


@pytest.mark.parametrize("place", ["report", "certificate"])
def test_a_certificate_for_another_threshold_is_refused(copied, place):
    """A lower one would prove less than the survey's rules ask for."""
    path = copied / ("all/" + STRUCTURE if place == "report" else CERTIFICATE)
    text = path.read_text(encoding="utf-8")
    assert '"threshold": 3' in text
    path.write_text(text.replace('"threshold": 3', '"threshold": 2'), encoding="utf-8")
    forget_files(copied)
    assert any("threshold" in fault for fault in check_folder(copied)[2])


def test_a_report_that_a_certificate_is_not_about_is_named(copied):
    publish(copied, "state", ("all", "all", "8", 8))
    assert any(fault.startswith("state/numbers.csv er ikke") for fault in check_folder(copied)[2])


def test_the_same_numbers_give_the_same_bytes_and_need_no_data(proved, tmp_path):
    other = publish_pair(tmp_path / "elsewhere")
    make_certificate(other)
    whole = (proved / CERTIFICATE).read_bytes()
    assert (other / CERTIFICATE).read_bytes() == whole
    make_certificate(other)  # nothing is changed, and nothing is done
    assert (other / CERTIFICATE).read_bytes() == whole


@pytest.mark.parametrize(
    "least, largest, units", [("0,40", "6,25", "120"), ("2,00", "6,25", ""), ("0,40", "6,25", "")]
)
def test_weights_that_are_not_the_same_in_a_place_are_met_at_both_ends(
    tmp_path, least, largest, units
):
    """Weights that were raked to something that is not published."""
    folder = publish(
        tmp_path / "outputs",
        "all",
        ("all", "all", "60", 60),
        ("novelty=first", "all", "41 %", 60),
        ("novelty=inspired", "all", "[c]", ""),
        ("novelty=copy", "all", "[c]", ""),
        ("novelty=dont_know", "all", "20 %", 60),
    )
    path = folder / "all" / NUMBERS
    lines = path.read_text(encoding="utf-8").splitlines()
    for at, label, shown in ((1, LEAST, least), (2, LARGEST, largest)):
        assert label in lines[at]
        lines[at] = lines[at].replace("1,00", shown)
    row = dict.fromkeys(COLUMNS.split(), "") | {"kind": "units", "item": "all", "group": "all"}
    row |= {"shown": units, "base": EVERYBODY, "where": "tabel-1"}
    lines += [",".join(row.values())] if units else []
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    make_certificate(folder)
    assert check_folder(folder) == (2, 2, [])


def test_a_folder_without_a_certificate_is_told_of_and_is_no_fault(tmp_path):
    told, faults = describe_proof(publish_pair(tmp_path / "outputs"))
    assert "prove" in told[0] and faults == []


def test_the_seal_stands_last_in_the_file(proved):
    text = (proved / CERTIFICATE).read_text(encoding="utf-8")
    assert text.count(SEAL) == 1 and text.endswith('"\n}\n')


def run_page(folder):
    """What the page of docs/confidentiality.md says of a folder: its exit code and words."""
    page = (ROOT / "docs" / "confidentiality.md").read_text(encoding="utf-8")
    script = folder.parent / "check.js"
    script.write_text(re.search(r"```js\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    told = subprocess.run(["node", script, folder], capture_output=True, text=True, check=False)
    return told.returncode, told.stdout + told.stderr


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_page_in_another_language_says_the_same(copied):
    assert run_page(copied) == (0, "2 suppressed cells: none can be computed\n")
    replace_text(copied / "all" / NUMBERS, ",50 %,", ",51 %,")
    code, told = run_page(copied)
    assert code == 1 and "51 %" in told
    replace_text(copied / "all" / NUMBERS, ",51 %,", ",50 %,")
    replace_text(copied / "all" / NUMBERS, "[c]", "20 %")
    assert run_page(copied)[0] == 1


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_page_in_another_language_names_a_report_of_other_questions_and_goes_on(copied):
    publish(copied, "later", ("unknown", "all", "50 %", 20))
    code, told = run_page(copied)
    assert code == 1 and told.splitlines() == [
        "2 suppressed cells: none can be computed",
        "not in the certificate, and not looked at: later",
    ]


@pytest.fixture(scope="module")
def shipped(real, tmp_path_factory):
    """What the shipped reports publish of counts, alone, with its certificate."""
    folder = tmp_path_factory.mktemp("shipped") / "outputs"
    for path in real[0].glob(f"*/{NUMBERS}"):
        (folder / path.parent.name).mkdir(parents=True)
        for name in (NUMBERS, STRUCTURE):
            shutil.copy(path.with_name(name), folder / path.parent.name / name)
    make_certificate(folder)
    return folder


@pytest.mark.slow
def test_each_suppressed_cell_of_the_shipped_reports_is_proved_in_a_second(shipped):
    begun = time.process_time()
    proved, many, faults = check_folder(shipped)
    assert time.process_time() - begun < 1
    assert faults == [] and proved == many > 8
    assert (shipped / CERTIFICATE).stat().st_size < 600_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("old", [r"\d+\s%", r"\[c\]"], ids=["number", "suppressed cell"])
def test_the_certificate_of_the_shipped_reports_fails_whatever_is_changed(
    shipped, tmp_path, seed, old
):
    """One share that is published, by a point; one suppressed share, to whatever there could stand;
    then single bytes of the certificate. Each report and row by lot, checksums made anew.
    """
    folder, random = shutil.copytree(shipped, tmp_path / "outputs"), np.random.default_rng(seed)
    path = random.choice(sorted(folder.glob(f"*/{NUMBERS}")))
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    shares = [row for row in rows if row["kind"] == "share" and row["item"] and row["group"]]
    row = random.choice([one for one in shares if re.fullmatch(old, one["shown"])])
    value = float(row["shown"].split()[0]) + 1 if "%" in row["shown"] else random.integers(101)
    row["shown"] = f"{value:.0f} %"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerows(rows)
    forget_files(folder)
    assert check_folder(folder)[2], row
    shutil.copy(shipped / path.parent.name / NUMBERS, path)
    whole = (shipped / CERTIFICATE).read_bytes()
    for place in random.integers(len(whole), size=4):
        flipped = bytes([whole[place] ^ 1 << random.integers(7)])
        (folder / CERTIFICATE).write_bytes(whole[:place] + flipped + whole[place + 1 :])
        assert check_folder(folder)[2], place
    (folder / CERTIFICATE).write_bytes(whole)
    assert check_folder(folder)[2] == []


@pytest.mark.slow
def test_the_programs_own_variables_count_the_made_up_surveys_alike(shipped):
    """The registry's code and the checker's, which has none of it."""
    registry = read_questionnaire(DATA / "barometer-2020" / "questionnaire.yaml")
    published = read_published(shipped)
    content, _ = read_certificate(shipped / CERTIFICATE)
    for one in read_surveys(published.structure, content):
        answers = pd.DataFrame(
            {
                column: pd.Series(np.nan, range(one.size), dtype=object)
                for column in [*registry.columns, *registry.background]
            }
        )
        for name, text in one.columns.items():
            codes = list_answers(published.structure, name)
            codes = [0, 1] if codes == ["0", "1"] else codes
            held = [np.nan if sign == "-" else codes[ord(sign) - 48] for sign in text]
            answers[name.replace(".", "_")] = pd.Series(held, dtype=object)
        variables = Variables(registry, answers)
        for claim in published.claims:
            for cell in claim.cells:
                item, group, domain = cell
                if " + " in item:
                    continue
                inside = variables.is_true(group)
                for condition in list_conditions(domain):
                    inside = inside & variables.is_true(condition)
                base, yes = one.select(cell)
                assert base.bit_count() == (inside & variables.is_asked(item)).sum()
                assert yes.bit_count() == (inside & variables.is_true(item)).sum()


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_the_page_in_another_language_says_the_same_of_the_shipped_reports(shipped):
    code, words = run_page(shipped)
    assert (code, words) == (
        0,
        f"{check_folder(shipped)[1]} suppressed cells: none can be computed\n",
    )
