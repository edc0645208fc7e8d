import hashlib
import re
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import yaml

from barometer.paths import DATA
from barometer.synthesis.sampling import RecipeError, draw_answers, draw_sample, exchange, tilt
from barometer.synthesis.synthetic import draw_survey, write_survey
from barometer.tools.seal import seal_cards
from tests.make.shipped import open_shipped

FOLDER = DATA / "barometer-2020"


def test_the_recipe_gives_the_shipped_file_byte_for_byte(tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    checksum = write_survey(tmp_path)
    assert (tmp_path / "microdata.csv").read_bytes() == (FOLDER / "microdata.csv").read_bytes()
    assert checksum == hashlib.sha256((FOLDER / "microdata.csv").read_bytes()).hexdigest()


def test_respondents_innovative_and_underway_are_as_many_as_published():
    survey = open_shipped()
    counts = {
        name: int((survey.indicator(name) == 1).sum())
        for name in ("all", "innovative", "innovation_underway")
    }
    assert counts == {"all": 2271, "innovative": 1877, "innovation_underway": 111}


def test_weights_sum_to_the_population_in_every_stratum_and_really_vary():
    survey = open_shipped()
    weights = pd.Series(survey.design.weights)
    totals = weights.groupby(survey.design.stratum_names[survey.design.stratum]).sum()
    population = survey.population.set_index("stratum")["units"]
    np.testing.assert_allclose(totals, population.loc[totals.index], rtol=1e-8)
    assert population.sum() == 15000
    assert weights.max() / weights.min() > 3


def test_each_sector_has_respondents_enough_for_a_report_of_its_own():
    survey = open_shipped()
    n = [
        int(survey.member(f"sector={sector}").sum())
        for sector in ("state", "region", "municipality")
    ]
    assert n == [480, 331, 1460]


def test_the_latest_innovation_is_of_a_kind_that_was_introduced():
    survey = open_shipped()
    for kind in ("product", "service", "process", "communication"):
        latest, introduced = survey.member(f"type.{kind}"), survey.member(f"introduced.{kind}=yes")
        assert not (latest & ~introduced).any()


def test_answers_depend_on_each_other_and_not_only_on_the_targets():
    survey = open_shipped()
    partners = survey.indicator("partner.citizens")
    groups = ("initiator.citizens", "!initiator.citizens")
    initiated, other = (np.nanmean(partners[survey.member(group)]) for group in groups)
    assert initiated > other + 0.1


def test_every_stratum_has_at_least_three_respondents():
    population = pd.DataFrame(
        {"stratum": ["a", "b"], "sector": "s", "units": [1000, 5], "rate": 1.0}
    )
    sample = draw_sample(population, {"s": 30}, np.random.default_rng(1))
    assert sample["stratum"].value_counts().to_dict() == {"a": 27, "b": 3}
    assert sample.loc[sample["stratum"] == "b", "weight"].tolist() == [5 / 3] * 3


def test_a_tilt_meets_two_overlapping_shares_in_expectation():
    member = np.array([[1.0] * 8, [1.0] * 4 + [0.0] * 4])
    rows = 100 * member / member.sum(axis=1, keepdims=True)
    probability = tilt(np.zeros(8), rows, member > 0, np.array([50.0, 25.0]))
    np.testing.assert_allclose(rows @ probability, [50, 25], atol=1e-4)
    np.testing.assert_allclose(probability, [0.25] * 4 + [0.75] * 4, atol=1e-5)


def test_shares_that_exclude_each_other_are_refused():
    rows = np.full((2, 10), 10.0)
    with pytest.raises(RecipeError, match="kan ikke nås samtidig"):
        tilt(np.zeros(10), rows / 0.05, rows > 0, np.array([20.0, 80.0]) / 0.05)


def test_exchanges_reach_a_weighted_share_that_a_random_draw_misses():
    weights = np.arange(1.0, 41)
    row = (100 * weights / weights.sum())[None] / 0.5
    chosen = exchange(np.arange(40) % 4 == 0, np.linspace(-0.5, 0.5, 40), row, np.array([50 / 0.5]))
    assert abs(100 * weights[chosen].sum() / weights.sum() - 50) < 0.5


def test_exchanges_are_the_same_in_whatever_order_a_machine_adds():
    # Each respondent has twins whose three numbers are his in another order: equally good moves,
    # but for rounding.
    numbers = np.random.default_rng(5).random((20, 3))
    rows = np.array([one[list(order)] for one in numbers for order in permutations(range(3))]).T
    chosen, margin, targets = (
        np.zeros(120, bool),
        np.repeat(np.linspace(0.1, 0.5, 20), 6),
        np.full(3, 9.1),
    )
    found = exchange(chosen, margin, rows * 3, targets * 3)
    for order in permutations(range(3)):
        again = exchange(chosen, margin, rows[list(order)] * 3, targets * 3)
        np.testing.assert_array_equal(again, found)


def test_no_part_of_a_group_is_favoured_for_its_weights():
    shares = []
    for seed in range(40):
        light = np.arange(300) < 150
        weights = np.where(light, 1.0, 9.0)
        row = (100 * weights / weights.sum())[None]
        drawn = draw_answers(
            np.zeros(300),
            row,
            row > 0,
            np.array([30.0]),
            np.array([0.2]),
            np.ones(300, bool),
            np.zeros(300, bool),
            np.random.default_rng(seed),
        )
        assert abs(row[0] @ drawn - 30) < 0.21
        shares.append((drawn[light].mean(), drawn[~light].mean()))
    light, heavy = np.array(shares).T
    assert abs(heavy.mean() - 0.3) < 0.01
    assert abs(light.mean() - 0.3) < 0.02
    assert light.std() > 0.02  # as many as by chance (0.037), and not held to a share


def test_whoever_may_not_answer_never_does():
    rows = np.full((1, 20), 5.0)
    eligible = np.arange(20) < 10
    drawn = draw_answers(
        np.zeros(20),
        rows,
        rows > 0,
        np.array([25.0]),
        np.array([0.05]),
        eligible,
        np.zeros(20, bool),
        np.random.default_rng(3),
    )
    assert drawn.sum() == 5
    assert not drawn[10:].any()


def test_an_impossible_step_names_the_answer(tmp_path):
    for name in ("questionnaire.yaml", "population.csv"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    recipe = yaml.safe_load((FOLDER / "synthetic.yaml").read_text(encoding="utf-8"))
    impossible = {"draw": "culture.time=agree", "among": "sector=region", "shares": {"all": 90}}
    recipe["steps"] = [recipe["steps"][0], impossible]
    (tmp_path / "synthetic.yaml").write_text(yaml.safe_dump(recipe), encoding="utf-8")
    with pytest.raises(RecipeError, match=r"culture\.time=agree"):
        draw_survey(tmp_path)


def test_sealing_changes_the_checksums_and_nothing_else_of_the_cards(tmp_path):
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    before = (tmp_path / "cards.yaml").read_text(encoding="utf-8")
    (tmp_path / "population.csv").write_text("x", encoding="utf-8")
    checksums = seal_cards(tmp_path)
    after = (tmp_path / "cards.yaml").read_text(encoding="utf-8")
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert changed == [f"    sha256: {checksums['population.csv']}"]
    assert re.search(r"# One card per file", after)
