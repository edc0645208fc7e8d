"""What is seen of a released table, and of what hangs on it, in a notebook that somebody runs by
hand and saves.
"""

import re

import pandas as pd
import pytest
from IPython.core.formatters import DisplayFormatter

from barometer.disclosure.release import release_differences, release_distribution, release_shares
from barometer.disclosure.rules import RULES
from barometer.display import Figure
from barometer.figures.drawing import draw_two_groups
from barometer.released import ReleasedTable
from barometer.sentences.claims import tell_difference
from barometer.sentences.published import compare_published
from tests.make.samples import make_figure
from tests.make.shipped import INITIATION, open_shipped

# p has three decimals, all else fewer
LONG = re.compile(r"(?<![\d.])(?!0\.0\d\d\b|0\.\d{3}\b)\d+\.\d{3,}")


@pytest.fixture(scope="module")
def region():
    return open_shipped("region")


def see(shown):
    """All that a cell that ends with an object leaves in the notebook, without the look of its
    tables.
    """
    data, _ = DisplayFormatter().format(shown)
    return re.sub(r"<style.*?</style>", "", "\n".join(map(str, data.values())), flags=re.S)


def has_rule(text):
    return any(re.search(rf"\b{rule.id}\b", text) for rule in RULES) or "secondary" in text


def test_a_released_tables_numbers_are_seen_as_on_a_page_and_no_rule(region):
    with pd.option_context("display.max_columns", None, "display.width", 500):
        table = release_shares(
            region, ["innovative", "value.dont_know"], ["all", "size=small"]
        ).table
        # one of its cells is closed
        assert table["rule"].any() and has_rule(repr(pd.DataFrame(table)))
        for shown in (
            table,
            table.head(3),
            table[table["n"] > 0],
            table.set_index("item"),
            table["share"],
            table.iloc[-1],
            table["rule"],
            table["total"],
            table["se"],
            table["share"] * 100,
            table.drop(columns="label"),
            table.T,
            table.style,
            table.to_string(),
            table.to_html(),
            table.describe(),
            table["share"].describe(),
            table.mean(numeric_only=True),
            table.set_index("item").T,
            pd.concat([table, table]),
        ):
            assert not LONG.search(see(shown)) and not has_rule(see(shown))
        assert not {"total", "n_yes", "se"} & {*re.findall(r"\w+", see(table))}


def test_what_is_computed_with_is_whole(region):
    table = release_shares(region, ["innovative"]).table
    assert isinstance(table, pd.DataFrame) and 0 < table["share"].iat[0] < 1
    assert (
        table["share"].iat[0]
        == pd.DataFrame(table)["share"].iat[0]
        != round(table["share"].iat[0], 4)
    )


def test_a_columns_numbers_are_written_by_their_size():
    table = ReleasedTable(
        {
            "share": [0.58403, float("nan")],
            "p": [0.04136, 0.00012],
            "n": [1347.0, 2.0],
            "rule": ["answer", ""],
        }
    )
    assert repr(table).split() == [
        "share",
        "p",
        "n",
        "0",
        "0.58",
        "0.041",
        "1347",
        "1",
        "<0.001",
        "2",
    ]
    assert repr(table.iloc[0]).split()[:6] == ["share", "0.58", "p", "0.041", "n", "1347"]
    assert repr(table["rule"]) == "rule: 2 tal, som ikke vises"


def test_means_and_numbers_are_written_with_the_decimals_of_their_measure():
    table = ReleasedTable(
        {"share": [2.449, 3471.0, 0.584], "n": 18.0, "measure": ["mean", "value_-2", "share"]}
    )
    assert repr(table["n"]).split()[:6] == ["0", "18", "1", "18", "2", "18"]
    assert [line.split()[1] for line in repr(table).splitlines()[1:]] == ["2.4", "3500", "0.58"]
    assert repr(table.iloc[0]).split()[:4] == ["share", "2.4", "n", "18"]
    # two beside each other are seen, with no more digits than shares have
    beside = pd.concat([table, table], axis=1)
    assert "2.449" not in repr(beside) + repr(beside.iloc[0])


def test_what_a_figure_or_sentence_rests_on_is_seen_without_full_precision_and_read_with_it(region):
    released = release_differences(region, region.question("financing"), *INITIATION)
    figure = draw_two_groups(released, "figur-9", "T", INITIATION)
    sentence = tell_difference(
        "X1",
        released,
        "financing.public_pools",
        **dict.fromkeys(("more", "less", "same"), "{a} mod {b}."),
    )
    assert len([row for row in figure.trace if "share" in row["internal"]]) > 5 and figure.tests
    assert any("share" in row["internal"] for one in sentence.evidence for row in one["trace"])
    for shown in (
        figure.trace,
        figure.trace[0],
        figure.payload,
        figure.tests,
        sentence.evidence,
        sentence.payload,
        sentence.trace,
        [figure.tests[0]],
        figure.payload["internal"],
    ):
        told = see(shown)
        assert LONG.findall(told) == [] and "'rule'" not in told and "secondary" not in told


def test_tests_figures_and_plans_at_a_cells_end_tell_no_number_in_full(region):
    differences = release_differences(region, region.question("partner"), *INITIATION)
    test = release_distribution(region, region.question("novelty"), INITIATION).distribution
    figure = Figure(
        **{
            name: getattr(make_figure(), name)
            for name in ("id", "title", "alt", "note", "table", "svg", "png")
        },
        tests=({"p": 0.0412345678},),
    )
    assert "0.0412" not in see([figure])
    for shown in (differences.comparisons, test, compare_published(region), region.plan):
        assert not LONG.search(see(shown)) and not has_rule(see(shown))
