"""Whether a statistician would believe the shipped synthetic answers. Computed from the files, with
code of its own.
"""

import csv
import os
import subprocess
import sys
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import chi2

from barometer.paths import DATA, ROOT

FOLDER = DATA / "barometer-2020"
TABLE = pd.read_csv(FOLDER / "microdata.csv", dtype=str, keep_default_na=False)
POPULATION = pd.read_csv(FOLDER / "population.csv").set_index("stratum")
REGISTRY = yaml.safe_load((FOLDER / "questionnaire.yaml").read_text(encoding="utf-8"))
WEIGHT = TABLE["weight"].to_numpy(float)
BACKGROUND = {
    name: POPULATION.loc[TABLE["stratum"], name].to_numpy() for name in ("sector", "field", "size")
}
AGREE = {"agree": 4, "agree_partly": 3, "disagree_partly": 2, "disagree": 1}
HELP = {"promoted_high": 2, "promoted_some": 1, "hindered_some": -1, "hindered_high": -2}


def is_ticked(question, item):
    return (TABLE[f"{question}_{item}"] == "1").to_numpy()


def is_answered(column, *answers):
    return TABLE[column].isin(answers).to_numpy()


def read_battery(question, numbers):
    """The rows of a battery as numbers, nan where the answer is no opinion: respondents x rows."""
    columns = [f"{question}_{item}" for item in REGISTRY["questions"][question]["items"]]
    return (
        TABLE[columns]
        .replace(dict.fromkeys(set(TABLE[columns].to_numpy().flat) - {*numbers}, np.nan))
        .replace(numbers)
        .astype(float)
    )


def find_alpha(scores):
    """Cronbach's (1951) alpha of those who have answered every row."""
    scores = scores.dropna()
    k = scores.shape[1]
    return k / (k - 1) * (1 - scores.var().sum() / scores.sum(axis=1).var())


def find_correlations(scores):
    correlations = scores.corr().to_numpy()
    return correlations[np.triu_indices(len(correlations), 1)]


def test_the_rows_on_culture_hang_together_as_such_batteries_do():
    scores = read_battery("culture", AGREE)
    assert 0.65 < find_alpha(scores) < 0.85
    correlations = find_correlations(scores)
    assert 0.2 < correlations.mean() < 0.45
    assert correlations.min() > 0.1


def test_what_promoted_and_what_hindered_goes_together_between_rows():
    scores = read_battery("influence", HELP)
    assert 0.1 < find_correlations(scores).mean() < 0.45
    asked = (TABLE["influence_employees"] != "").to_numpy()
    promoted = (scores[asked] > 0).astype(float)
    assert 0.05 < find_correlations(promoted).mean() < 0.4
    assert 0.4 < find_alpha(promoted) < 0.8


def find_doubts():
    """Whether each of "Ved ikke" was answered, nan where not asked: respondents x questions and
    rows of batteries.
    """
    columns = {}
    for question, entry in REGISTRY["questions"].items():
        for name in (
            (f"{question}_{item}" for item in entry.get("items", []))
            if "items" in entry
            else [question]
        ):
            if entry["kind"] == "multiple" and not name.endswith("_dont_know"):
                continue
            said = (
                TABLE[name].isin(["1", "dont_know"])
                if entry["kind"] == "multiple"
                else TABLE[name] == "dont_know"
            )
            if said.any():
                columns[name] = said.astype(float).where(TABLE[name] != "")
    return pd.DataFrame(columns)


def test_a_few_respondents_give_a_large_part_of_all_the_answers_ved_ikke():
    doubts = find_doubts()[is_answered("novelty", "first", "inspired", "copy", "dont_know")]
    counts, shares = doubts.sum(axis=1), doubts.mean()
    chance = (doubts.notna() * shares * (1 - shares)).sum(axis=1).mean() + (
        doubts.notna() * shares
    ).sum(axis=1).var()
    assert 1.8 < counts.var() / chance < 5
    heavy = counts.sort_values().iloc[-len(counts) // 20 :]
    assert heavy.sum() > 0.2 * counts.sum()
    assert (counts == 0).mean() > 0.2


def find_p(answer, asked, groups):
    """p of a Wald test that the share is the same in all groups: stratified, with replacement
    within strata.
    """
    names, stratum = sorted(set(groups[asked])), pd.Series(TABLE["stratum"])
    influence, shares = [], []
    for name in names:
        base = asked & (groups == name)
        share = WEIGHT[base & answer].sum() / WEIGHT[base].sum()
        shares.append(share)
        influence.append(np.where(base, WEIGHT * (answer - share) / WEIGHT[base].sum(), 0))
    z = pd.DataFrame(np.array(influence).T)
    n = z.groupby(stratum.to_numpy())[0].transform("size").to_numpy()[:, None]
    deviations = (z - z.groupby(stratum.to_numpy()).transform("mean")).to_numpy() * np.sqrt(
        n / (n - 1)
    )
    contrast = np.hstack([np.eye(len(names) - 1), -np.ones((len(names) - 1, 1))])
    covariance = contrast @ (deviations.T @ deviations) @ contrast.T
    gaps = contrast @ np.array(shares)
    wald = gaps @ np.linalg.lstsq(covariance, gaps, rcond=1e-10)[0]
    return float(chi2.sf(wald, len(names) - 1)), 100 * (max(shares) - min(shares))


def list_answers():
    """Every answer that at least fifty have given and fifty have not: (who gave it, who was
    asked).
    """
    for question, entry in REGISTRY["questions"].items():
        for name in (
            [f"{question}_{item}" for item in entry["items"]] if "items" in entry else [question]
        ):
            for answer in ["1"] if entry["kind"] == "multiple" else entry["answers"]:
                given, asked = (TABLE[name] == answer).to_numpy(), (TABLE[name] != "").to_numpy()
                if min(given.sum(), (asked & ~given).sum()) >= 50:
                    yield given, asked


@pytest.mark.parametrize("background, few, many", [("sector", 0.15, 0.6), ("field", 0.25, 0.75)])
def test_sectors_and_fields_differ_in_some_answers_and_are_alike_in_others(background, few, many):
    found = np.array([find_p(*pair, BACKGROUND[background]) for pair in list_answers()])
    p, gaps = found.T
    assert len(p) > 120
    assert few < (p < 0.05).mean() < many
    assert (p > 0.5).mean() < 0.4
    assert np.median(gaps) < 15
    assert np.quantile(gaps, 0.9) < 30


NOT_RELEVANT = [
    *(
        (f"initiator.{item}", is_ticked("initiator", item), f"influence_{item}")
        for item in (
            "employees",
            "nearest_politicians",
            "legislation",
            "citizens",
            "companies",
            "foundations",
            "associations",
            "new_technology",
        )
    ),
    (
        "initiator.economic_pressure",
        is_ticked("initiator", "economic_pressure"),
        "influence_limited_resources",
    ),
    *(
        (f"partner.{item}", is_ticked("partner", item), f"influence_{item}")
        for item in ("citizens", "companies", "foundations", "associations")
    ),
]


def assert_rare(contrary):
    """Contrary answers: at most four in a hundred, or a single one where they are of few."""
    assert contrary.sum() <= max(0.04 * len(contrary), 1), f"{contrary.sum()} of {len(contrary)}"


@pytest.mark.parametrize(
    "given, column", [pytest.param(*pair, id=name) for name, *pair in NOT_RELEVANT]
)
def test_what_started_an_innovation_or_took_part_is_hardly_ever_not_relevant_to_it(given, column):
    assert_rare(is_answered(column, "not_relevant")[given])


@pytest.mark.parametrize(
    "item",
    ["citizens", "companies", "foundations", "associations", "knowledge_institutions", "abroad"],
)
def test_who_started_an_innovation_from_outside_nearly_always_took_part(item):
    assert_rare(~is_ticked("partner", item)[is_ticked("initiator", item)])


def test_an_innovation_started_by_another_public_workplace_has_one_as_partner():
    partner = is_ticked("partner", "same_sector") | is_ticked("partner", "other_sector")
    assert_rare(~partner[is_ticked("initiator", "other_public")])


def test_new_technology_goes_with_technology():
    none = is_answered("technology", "none")
    assert_rare(none[is_ticked("initiator", "new_technology")])
    assert_rare(none[is_answered("influence_new_technology", "promoted_some", "promoted_high")])


@pytest.mark.parametrize("way", ["promoted", "hindered"])
def test_the_part_in_high_degree_differs_from_row_to_row(way):
    parts = []
    for item in REGISTRY["questions"]["influence"]["items"]:
        high, both = (
            is_answered(f"influence_{item}", *(f"{way}_{degree}" for degree in degrees))
            for degrees in (["high"], ["high", "some"])
        )
        parts.append(100 * WEIGHT[high].sum() / WEIGHT[both].sum())
    assert max(parts) - min(parts) > 15
    assert sum(abs(one - other) < 0.1 for one, other in combinations(parts, 2)) <= 3


def test_shares_are_near_the_recipe_and_not_on_it():
    recipe = yaml.safe_load((FOLDER / "synthetic.yaml").read_text(encoding="utf-8"))
    missed = []
    for step in recipe["steps"]:
        question, _, item = str(step.get("draw", "")).partition(".")
        if (
            list(step.get("shares", {})) == ["all"]
            and item
            and "for" not in step
            and "=" not in item
        ):
            asked = (TABLE[f"{question}_{item}"] != "").to_numpy()
            share = 100 * WEIGHT[is_ticked(question, item)].sum() / WEIGHT[asked].sum()
            missed.append(abs(share - step["shares"]["all"]))
    assert len(missed) > 30
    assert max(missed) < 0.5
    assert np.mean(np.array(missed) > 0.05) > 0.4


def evaluate(name):
    """1.0, 0.0, or nan outside the base, for each respondent: what a name of the registry says of
    the answers.
    """
    if name == "all":
        return np.ones(len(TABLE))
    if name in REGISTRY["derived"]:
        entry = REGISTRY["derived"][name]
        parts = np.array([evaluate(part) for part in entry.get("any_of") or entry["none_of"]])
        true = np.nansum(parts, axis=0) >= entry.get("at_least", 1)
        outside = np.isnan(parts).any(axis=0)
        if "among" in entry:
            outside = evaluate(entry["among"]) != 1
        return np.where(outside, np.nan, true if "any_of" in entry else ~true)
    column, _, answers = name.replace(".", "_").partition("=")
    if column in BACKGROUND:
        return (BACKGROUND[column] == answers).astype(float)
    return np.where(TABLE[column] == "", np.nan, TABLE[column].isin((answers or "1").split("|")))


def list_targets():
    with open(FOLDER / "published.csv", encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row["target"] == "yes" and row["value"]]


def test_every_published_number_comes_out_of_the_answers_within_its_rounding():
    targets = list_targets()
    assert len(targets) == 78
    for row in targets:
        item, group = evaluate(row["item"]), evaluate(row["group"] or "all") == 1
        if row["sector"] != "all":
            group &= BACKGROUND["sector"] == row["sector"]
        base = group & ~np.isnan(item)
        share = 100 * WEIGHT[base & (item == 1)].sum() / WEIGHT[base].sum()
        found = (base & (item == 1)).sum() if row["kind"] == "count" else share
        assert abs(found - float(row["value"])) <= float(row["tolerance"]), row["id"]


def find_difference(item, first, second):
    """The difference of two groups' shares, percentage points, over its standard error without
    finite correction.
    """
    answer, z, shares = evaluate(item), np.zeros(len(TABLE)), []
    for group, sign in ((first, 1), (second, -1)):
        base = (evaluate(group) == 1) & ~np.isnan(answer)
        shares.append(WEIGHT[base & (answer == 1)].sum() / WEIGHT[base].sum())
        z += sign * np.where(
            base, WEIGHT * (np.nan_to_num(answer) - shares[-1]) / WEIGHT[base].sum(), 0
        )
    groups = pd.Series(z).groupby(TABLE["stratum"].to_numpy())
    n = groups.size()
    return (shares[0] - shares[1]) / np.sqrt((n * groups.var()).sum())


@pytest.mark.parametrize("other", ["initiated_by_legislation", "initiated_by_other_causes"])
def test_citizens_are_involved_more_often_through_politicians_also_without_finite_correction(other):
    assert find_difference("value.citizen_involvement", "initiated_by_politicians", other) > 2.1


def test_citizens_as_partners_are_a_tendency_with_and_without_finite_correction():
    assert (
        -1.9
        < find_difference("partner.citizens", "politically_initiated", "initiated_by_other_causes")
        < -1.65
    )


@pytest.mark.parametrize(
    "machine",
    [
        {"OPENBLAS_CORETYPE": "Prescott", "OPENBLAS_NUM_THREADS": "1"},
        {"NPY_DISABLE_CPU_FEATURES": "X86_V3,X86_V4"},
    ],
    ids=["algebra", "vectors"],
)
@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes_on_other_processors(tmp_path, machine):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "microdata.csv").unlink()
    made = subprocess.run(
        [sys.executable, "-m", "barometer", "synthetic", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=os.environ | machine | {"PYTHONPATH": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert not made.returncode, made.stderr
    assert (tmp_path / "microdata.csv").read_bytes() == (FOLDER / "microdata.csv").read_bytes()
