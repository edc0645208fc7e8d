"""What a verdict hangs on, from test to register: which inference, which level, and why there is no
p.
"""

from dataclasses import replace

import pytest

from barometer.sentences import evidence, sensitivity
from barometer.sentences.evidence import describe_table, describe_test
from barometer.sentences.facts import tell_inference
from barometer.sentences.register import WORDS, collect_claims, describe_claims, tabulate_claims
from barometer.survey import open_survey
from tests.disclosure.test_gate import make_table_test
from tests.make.small_survey import change_cards, make_survey
from tests.sentences.test_claims import make_released
from tests.sentences.test_register import make_notebook

nan = float("nan")


def release(p_finite, p_superpopulation, inference="finite", alpha=0.05, difference=0.1, status=""):
    """A released comparison whose verdict follows the p that speaks."""
    p = p_finite if inference == "finite" else p_superpopulation
    verdict = (
        ("higher" if difference > 0 else "lower")
        if p < alpha or status == "complete"
        else "no_difference"
    )
    released = make_released(difference, p, verdict, status)
    table = released.comparisons.assign(p_finite=p_finite, p_superpopulation=p_superpopulation)
    terms = released.about.terms | {"respondenter": "skoler"}
    about = replace(released.about, inference=inference, alpha=alpha, terms=terms)
    return replace(released, comparisons=table, about=about)


def describe(*numbers, **how):
    released = release(*numbers, **how)
    return describe_test(released.comparison("x"), None, released)


def tell(row):
    payload = {
        "kind": "prose",
        "id": "T",
        "markdown": "Sætning.",
        "outcome": "more",
        "evidence": [row],
    }
    rows = collect_claims([("01", make_notebook(payload))], {})
    return describe_claims(rows)[0]["rests"][0], tabulate_claims(rows, "tabel-1", "T").payload


@pytest.mark.parametrize(
    ("numbers", "how", "otherwise"),
    [
        ((0.03, 0.04), {}, ""),
        ((0.03, 0.06), {}, "tendency_higher"),
        ((0.03, 0.2), {}, "no_difference"),
        ((0.03, 0.06), {"inference": "superpopulation"}, "higher"),
        ((0.06, 0.2), {}, "no_difference"),
        ((0.06, 0.2), {"inference": "superpopulation"}, "tendency_higher"),
        ((0.2, 0.3), {}, ""),
        ((0.03, 0.06), {"difference": -0.1, "inference": "superpopulation"}, "lower"),
        ((0.03, 0.06), {"alpha": 0.1}, ""),
        ((nan, 0.3), {"status": "complete"}, "no_difference"),
        ((nan, nan), {}, ""),
    ],
)
def test_a_verdict_hangs_on_the_correction_where_the_other_inference_has_another(
    numbers, how, otherwise
):
    assert describe(*numbers, **how)["otherwise"] == otherwise


def test_a_row_of_the_register_has_both_p_and_says_which_one_speaks_and_at_which_level():
    row = describe(0.0304, 0.061)
    assert {name: row[name] for name in ("p", *sensitivity.COLUMNS)} == {
        "p": "0,030",
        "p_finite": "0,030",
        "p_superpopulation": "0,061",
        "inference": "finite",
        "level": "0,05",
        "otherwise": "tendency_higher",
        "reason": "",
    }
    assert list(evidence.COLUMNS) == [
        name for name in row if name not in ("trace", "internal", "numbers", "respondents")
    ]


def test_a_sentence_that_hangs_on_the_correction_is_marked_in_words():
    told, table = tell(describe(0.03, 0.061))
    assert told.endswith(
        "oftere; dommen hænger på endelighedskorrektionen: uden den er p = 0,061 (tendens til "
        "oftere), så den gælder de skoler, der fandtes, og ikke uden videre andre."
    )
    assert table["table"]["rows"][0][-1] == "oftere; hænger på endelighedskorrektionen"
    assert "Dommen gælder de skoler, der fandtes." in table["note"]
    told, table = tell(describe(0.03, 0.061, inference="superpopulation"))
    assert "med den, altså for de skoler, der fandtes, er p = 0,030 (oftere)" in told
    assert "Dommen gælder mere end de skoler, der fandtes." in table["note"]


def test_a_sentence_that_does_not_is_not_marked():
    told, table = tell(describe(0.03, 0.04))
    assert "endelighedskorrektion" not in told + str(table)


def test_the_other_p_has_a_row_in_the_trace_where_it_is_told():
    assert [
        row["shown"] for row in describe(0.03, 0.061)["trace"] if row["kind"] == "p_superpopulation"
    ] == ["0,061"]
    assert not [row for row in describe(0.03, 0.04)["trace"] if row["kind"] == "p_superpopulation"]


def test_a_known_difference_says_that_all_were_asked_and_what_a_sample_of_more_would_say():
    released = release(nan, 0.3, status="complete")
    released = replace(
        released, comparisons=released.comparisons.assign(low=nan, high=nan, p_adjusted=nan)
    )
    row = describe_test(released.comparison("x"), None, released)
    assert (row["verdict"], row["p"], row["level"], row["reason"]) == ("higher", "", "", "complete")
    told, table = tell(row)
    assert "alle er spurgt, så der er ingen stikprøveusikkerhed; oftere" in told
    assert "uden den er p = 0,300 (ingen sikker forskel)" in told
    assert table["table"]["rows"][0][1:] == [
        "+10,0",
        "–",
        "oftere; hænger på endelighedskorrektionen",
    ]


def test_groups_of_a_census_that_are_told_by_the_same_number_are_not_called_uncertain():
    released = release(nan, 0.3, status="complete")
    released = replace(
        released,
        comparisons=released.comparisons.assign(verdict="no_difference", low=nan, high=nan),
    )
    told, table = tell(describe_test(released.comparison("x"), None, released))
    assert "så der er ingen stikprøveusikkerhed; ingen forskel i hele procent" in told
    assert table["table"]["rows"][0][3].startswith("ingen forskel i hele procent")
    assert "ingen sikker forskel" not in table["table"]["rows"][0][3]


def make_table(test, status=""):
    released = make_released(status=status)
    return replace(released, distribution=test)


def test_a_hidden_p_is_told_of_with_the_level_at_which_it_decided():
    test = replace(
        make_table_test(0.03, 0.04),
        p=nan,
        p_finite=nan,
        p_superpopulation=nan,
        n=nan,
        level=0.01,
        verdict="no_difference",
    )
    row = describe_table(make_table(test), None)
    assert (row["level"], row["p"], row["otherwise"]) == ("0,01", "", "")
    assert [(one["kind"], one["shown"]) for one in row["trace"]] == [("level", "0,01")]
    assert (
        "Afgjort ved niveau 0,01; p vises ikke, da tabellen har lukkede tal; ingen sikker forskel."
        in tell(row)[0]
    )


@pytest.mark.parametrize(("mark", "verdict"), [("[c]", "closed"), ("[u]", "uncertain")])
def test_a_table_told_no_sooner_than_its_cells_is_withheld_in_the_register(mark, verdict):
    test = replace(
        make_table_test(), p=nan, p_finite=nan, p_superpopulation=nan, verdict="", status=mark
    )
    row = describe_table(make_table(test), None)
    assert (row["verdict"], row["level"], row["trace"]) == (verdict, "", [])
    assert tell(row)[1]["table"]["rows"][0][-1] == WORDS[verdict]


def test_a_whole_tables_verdict_hangs_too():
    row = describe_table(make_table(replace(make_table_test(0.045), p_superpopulation=0.055)), None)
    assert (row["verdict"], row["otherwise"]) == ("difference", "tendency")


@pytest.mark.parametrize(
    "reason", ["complete", "equal", "empty", "one_level", "zero_variance", "too_few", "singular"]
)
def test_every_reason_for_no_p_has_words(reason):
    assert sensitivity.describe_reason({"level": "", "p": "", "reason": reason})


def test_a_chapter_says_what_the_tests_infer_to_as_the_card_says(tmp_path):
    folder = make_survey(tmp_path)
    told = {
        name: str(
            tell_inference(
                "M", open_survey(str(folder)), finite="Endeligt.", superpopulation="Mere."
            )
        )
        for name in ("finite",)
    }
    change_cards(folder, lambda cards: cards | {"inference": "superpopulation"})
    told["superpopulation"] = str(
        tell_inference("M", open_survey(str(folder)), finite="Endeligt.", superpopulation="Mere.")
    )
    assert told == {"finite": "Endeligt.", "superpopulation": "Mere."}


def test_tests_of_a_survey_speak_as_its_card_says(tmp_path):
    folder = make_survey(tmp_path)
    assert open_survey(str(folder)).inference == "finite"
    change_cards(folder, lambda cards: cards | {"inference": "superpopulation"})
    assert open_survey(str(folder)).inference == "superpopulation"
