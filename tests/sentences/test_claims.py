import math
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest

from barometer.disclosure.gate import About, Released
from barometer.errors import ContentError
from barometer.payloads import MIME
from barometer.sentences.claims import (
    decide,
    tell_difference,
    tell_distribution,
    tell_list,
    tell_shares,
    tell_together,
    tell_which,
)
from barometer.sentences.facts import tell_scope
from barometer.statistics.interactions import InteractionTest
from barometer.statistics.tabletests import TableTest
from barometer.text import name_both
from tests.make.shipped import PLACES

ABOUT = About("Hvad?", "arbejdspladser", True, "innovative", "all", "Alle", "Kilde", True, 0.05, ())
WORDINGS = {"more": "Flere: {a} mod {b}.", "less": "Færre: {forskel}.", "same": "Ens {sektor}."}


def make_released(difference=0.1, p=0.01, verdict="higher", status="", sector="all", item="x"):
    """A released comparison of 40 per cent with 40 - difference."""
    row = {
        "item": item,
        "label": f"Emne {item}",
        "se": 0.02,
        "n_first": 100,
        "n_second": 100,
        "first": "a",
        "second": "b",
        "first_label": "Gruppe a",
        "second_label": "Gruppe b",
        "share_first": 0.4,
        "share_second": 0.4 - difference,
        "difference": difference,
        "low": difference - 0.05,
        "high": difference + 0.05,
        "p": p,
        "p_adjusted": min(1, 2 * p),
        "verdict": verdict,
        "status": status,
    }
    cell = {
        "item": item,
        "label": f"Emne {item}",
        "share": 0.4,
        "se": 0.02,
        "low": 0.35,
        "high": 0.45,
        "n": 100.0,
        "total": 40.0,
        "status": status,
    }
    groups = {"all": "Alle", "a": "Gruppe a", "b": "Gruppe b"}
    cells = [cell | {"group": group, "group_label": label} for group, label in groups.items()]
    cells[2]["share"] = row["share_second"]
    about = replace(ABOUT, part=sector, domain=sector, terms=name_both({"sted": PLACES[sector]}))
    return Released(pd.DataFrame(cells), pd.DataFrame([row]), None, about)


@pytest.mark.parametrize(
    ("difference", "p", "verdict", "text"),
    [
        (0.1, 0.01, "higher", "Flere: 40\u00a0pct. mod 30\u00a0pct."),
        (-0.1, 0.01, "lower", "Færre: 10\u00a0procentpoint."),
        (0.1, 0.2, "no_difference", "Ens."),
        (0.1, 0.1, "no_difference", "Ens."),
    ],
)
def test_the_verdict_chooses_the_wording(difference, p, verdict, text):
    sentence = tell_difference("T", make_released(difference, p, verdict), "x", **WORDINGS)
    assert str(sentence) == text


def test_a_tendency_is_told_where_a_wording_for_it_is_written_and_only_below_one_tenth():
    wordings = WORDINGS | {"tendency_more": "Tendens op.", "tendency_less": "Tendens ned."}
    near, far = (
        make_released(-0.1, 0.07, "no_difference"),
        make_released(-0.1, 0.11, "no_difference"),
    )
    assert str(tell_difference("T", near, "x", **wordings)) == "Tendens ned."
    assert str(tell_difference("T", far, "x", **wordings)) == "Ens."
    # at another level no tendency is told
    strict = replace(near, about=replace(near.about, alpha=0.01))
    assert str(tell_difference("T", strict, "x", **wordings)) == "Ens."
    assert tell_difference("T", strict, "x", **wordings).evidence[0]["verdict"] == "no_difference"


def test_a_closed_difference_is_not_told_whatever_the_wordings_say():
    closed = make_released(math.nan, math.nan, "", "[c]", sector="region")
    sentence = tell_difference("T", closed, "x", **WORDINGS)
    assert sentence.outcome == "closed"
    assert str(sentence) == (
        "Tallene i regionerne om »Emne x (gruppe a mod gruppe b)« sammenlignes ikke af hensyn til "
        "fortrolighed."
    )


def test_a_difference_between_uncertain_numbers_is_said_to_be_uncertain():
    sentence = tell_difference(
        "T", make_released(math.nan, math.nan, "", "[u]", sector="region"), "x", **WORDINGS
    )
    assert sentence.outcome == "uncertain"
    assert str(sentence) == (
        "Tallene i regionerne om »Emne x (gruppe a mod gruppe b)« er for usikre til en "
        "sammenligning."
    )


def test_an_untestable_difference_is_said_to_be_untested():
    sentence = tell_difference("T", make_released(0.4, math.nan, "", "exact"), "x", **WORDINGS)
    assert sentence.outcome == "untested"


def test_a_placeholder_without_a_number_is_an_error():
    with pytest.raises(ContentError, match="ukendt"):
        tell_difference("T", make_released(), "x", more="{ukendt}", less="-", same="-")


def test_a_missing_wording_is_an_error_that_names_the_sentence():
    with pytest.raises(ValueError, match="T: der er ingen formulering"):
        tell_difference("T", make_released(), "x", more="", less="-", same="-")


def test_the_place_is_named_in_a_sector_report_and_leaves_no_space_behind_in_the_whole():
    same = {"difference": 0.1, "p": 0.5, "verdict": "no_difference"}
    assert str(tell_difference("T", make_released(**same), "x", **WORDINGS)) == "Ens."
    assert (
        str(tell_difference("T", make_released(**same, sector="state"), "x", **WORDINGS))
        == "Ens i staten."
    )


def test_a_description_with_a_closed_number_is_closed_as_a_whole():
    assert (
        str(tell_shares("T", make_released(), "{a} af dem.", {"a": "x"})) == "40\u00a0pct. af dem."
    )
    assert (
        tell_shares("T", make_released(status="[c]"), "{a} af dem.", {"a": "x"}).outcome == "closed"
    )


@pytest.mark.parametrize(
    ("verdicts", "text"),
    [
        (("higher", "higher"), "Begge flere."),
        (("lower", "lower"), "Begge færre."),
        (("no_difference", "no_difference"), "Ens."),
        (("higher", "no_difference"), "Blandet."),
    ],
)
def test_several_tests_are_told_together_only_when_they_agree(verdicts, text):
    tests = [(make_released(0.1, 0.5, verdict), "x") for verdict in verdicts]
    told = tell_together(
        "T", tests, more="Begge flere.", less="Begge færre.", same="Ens.", mixed="Blandet."
    )
    assert str(told) == text


@pytest.mark.parametrize(
    ("found", "status", "text"),
    [
        (
            ("higher", "no_difference"),
            "",
            "Forskellen er sikker, når det gælder »Emne x« (oftere), men ikke »Emne y«.",
        ),
        (
            ("no_difference", "lower"),
            "",
            "Forskellen er sikker, når det gælder »Emne y« (sjældnere), men ikke »Emne x«.",
        ),
        (
            ("lower", "higher"),
            "",
            "Forskellen er sikker, når det gælder »Emne y« (oftere) og »Emne x« (sjældnere).",
        ),
        (
            ("lower", "no_difference"),
            "complete",
            "Der er forskel, når det gælder »Emne x« (sjældnere), men ikke »Emne y«.",
        ),
    ],
)
def test_a_mixed_pair_says_which_of_the_two_is_sure_and_in_which_direction(found, status, text):
    tests = [
        (make_released(0.1, 0.5, verdict, status, item=item), item)
        for verdict, item in zip(found, "xy", strict=True)
    ]
    told = tell_together(
        "T", tests, more="-", less="-", same="-", mixed="Delt: {a} og {c}. {hvilke}"
    )
    assert told.outcome == "mixed" and str(told).endswith(f". {text}")


def test_those_that_are_sure_in_the_same_direction_share_its_word():
    tests = [(make_released(0.1, 0.01, "higher", item=item), item) for item in "xyz"] + [
        (make_released(0.1, 0.5, "no_difference", item="w"), "w")
    ]
    told = tell_together("T", tests, more="-", less="-", same="-", mixed="{hvilke}")
    assert str(told) == (
        "Forskellen er sikker, når det gælder »Emne x«, »Emne y« og »Emne z« (oftere), men ikke "
        "»Emne w«."
    )


LEANING = {"difference": 0.1, "p": 0.07, "verdict": "no_difference"}


def test_a_difference_near_the_limit_is_told_as_a_tendency_whoever_wrote_the_wordings():
    told = tell_difference("T", make_released(**LEANING), "x", **WORDINGS)
    assert told.outcome == "tendency_more"
    assert str(told) == (
        "Emne x: 40\u00a0pct. (gruppe a) mod 30\u00a0pct. (gruppe b). "
        "Tallene peger i retning af en forskel, men den er ikke signifikant."
    )


def test_a_title_without_a_wording_for_a_tendency_is_its_neutral_one():
    told = tell_difference(
        "T", make_released(**LEANING), "x", **WORDINGS, otherwise="Emne {sektor}"
    )
    assert (str(told), told.outcome, told.evidence[0]["verdict"]) == (
        "Emne",
        "tendency_more",
        "tendency_higher",
    )


def test_at_another_level_of_significance_no_tendency_is_told():
    released = make_released(**LEANING)
    released = replace(released, about=replace(released.about, alpha=0.01))
    assert str(tell_difference("T", released, "x", **WORDINGS)) == "Ens."


def make_table(verdict, p, status=""):
    test = SimpleNamespace(
        status=status, verdict=verdict, p=p, n=200, items=("x=1", "x=2"), groups=("a", "b")
    )
    return replace(make_released(), distribution=test)


def test_a_whole_table_near_the_limit_is_told_as_a_tendency():
    leaning = make_table("no_difference", 0.06)
    assert str(tell_distribution("T", leaning, "Forskel.", "Ikke påvist.")) == (
        "Tallene peger i retning af en forskel på alle, gruppe a og gruppe b, når det gælder "
        "»Hvad«, men den er ikke "
        "signifikant."
    )
    assert (
        str(tell_distribution("T", leaning, "Forskel.", "Ikke påvist.", tendency="Tendens."))
        == "Tendens."
    )
    assert (
        str(tell_distribution("T", leaning, "Forskel.", "Ikke påvist.", otherwise="Emne")) == "Emne"
    )


def tell_pair(one, other, **wordings):
    tests = [(make_released(item="x", **one), "x"), (make_released(item="y", **other), "y")]
    return tell_together(
        "T", tests, more="Begge flere.", less="-", same="Ikke påvist.", mixed="Blandet.", **wordings
    )


SURE, NONE = (
    {"difference": 0.1, "p": 0.01, "verdict": "higher"},
    {"p": 0.5, "verdict": "no_difference"},
)
CLOSED = {"difference": math.nan, "p": math.nan, "verdict": "", "status": "[c]"}


UNSURE = CLOSED | {"status": "[u]"}
TESTS_Y = {"only_first": "-", "only_second": "-", "both": "-", "neither": "-"}


@pytest.mark.parametrize(
    ("one", "other", "outcome", "text"),
    [
        (
            CLOSED,
            CLOSED,
            "closed",
            "Tallene om »Emne x og emne y« sammenlignes ikke af hensyn til fortrolighed.",
        ),
        (
            UNSURE,
            UNSURE,
            "uncertain",
            "Tallene om »Emne x og emne y« er for usikre til en sammenligning.",
        ),
        (
            UNSURE,
            CLOSED,
            "closed",
            "Tallene om »Emne x og emne y« sammenlignes ikke, nogle fordi de er for usikre, andre "
            "af hensyn til fortrolighed.",
        ),
    ],
)
def test_several_tests_that_are_all_closed_are_all_named_with_each_reason(
    one, other, outcome, text
):
    told = tell_pair(one, other)
    assert (told.outcome, str(told)) == (outcome, text)
    pair = [
        (released, released.comparison(item))
        for item, how in (("x", one), ("y", other))
        for released in [make_released(item=item, **how)]
    ]
    told = tell_which("T", *pair, **TESTS_Y)
    assert (told.outcome, str(told)) == (outcome, text)


def test_several_tests_of_which_some_are_closed_are_told_one_by_one_and_the_open_one_is_told():
    told = tell_pair(SURE, CLOSED)
    assert told.outcome == "parts"
    assert str(told) == (
        "Emne x: 40\u00a0pct. (gruppe a) mod 30\u00a0pct. (gruppe b). Forskellen er statistisk "
        "sikker. "
        "Tallene om »Emne y (gruppe a mod gruppe b)« sammenlignes ikke af hensyn til fortrolighed."
    )
    assert [row["shown"] for row in told.trace] == ["40\u00a0pct.", "30\u00a0pct."]
    assert [row["verdict"] for row in told.evidence] == ["higher", "closed"]
    assert tell_pair(CLOSED, CLOSED).outcome == "closed"
    assert tell_pair(CLOSED, CLOSED | {"status": "[u]"}).outcome == "closed"
    assert str(tell_pair(SURE, CLOSED, otherwise="Emne")) == "Emne"


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (LEANING, NONE, "Tallene peger i retning af"),
        (LEANING, LEANING, "Tallene peger i retning af"),
        (SURE, LEANING, "Tallene peger i retning af"),
        (SURE, NONE, "Blandet."),
        (NONE, NONE, "Ikke påvist."),
    ],
)
def test_tendencies_told_together_are_never_said_to_be_no_difference(one, other, words):
    told = str(tell_pair(one, other))
    assert words in told
    assert ("påvist" in told) == (one == other == NONE)


def test_a_group_that_was_not_asked_is_not_said_to_have_given_no_answer():
    released = make_untested("empty", n_second=0)
    about = replace(released.about, unasked=frozenset({"b"}))
    told = tell_difference("T", replace(released, about=about), "x", **WORDINGS)
    assert str(told) == (
        "Gruppen »gruppe b« blev ikke spurgt, så den kan ikke sammenlignes, når det gælder »Emne "
        "x«."
    )


def make_untested(status, **sizes):
    released = make_released(0.4, math.nan, "", status)
    return replace(released, comparisons=released.comparisons.assign(**sizes))


@pytest.mark.parametrize(
    ("status", "sizes", "text"),
    [
        (
            "empty",
            {"n_second": 0},
            "Der er ingen svar fra gruppen »gruppe b«, så den kan ikke sammenlignes, når det "
            "gælder "
            "»Emne x«.",
        ),
        (
            "empty",
            {"n_first": 0, "n_second": 0},
            "Der er ingen svar fra de grupper, der skulle sammenlignes, når det gælder »Emne x«.",
        ),
        (
            "too_few",
            {},
            "Der er for få svar til, at en forskel kan testes for »Emne x (gruppe a mod gruppe "
            "b)«.",
        ),
        (
            "zero_variance",
            {},
            "Emne x: 40\u00a0pct. (gruppe a) mod 0\u00a0pct. (gruppe b). Forskellen kan ikke "
            "testes, "
            "fordi svarene ikke varierer inden for strata.",
        ),
    ],
)
def test_what_cannot_be_tested_is_told_with_its_own_reason(status, sizes, text):
    assert str(tell_difference("T", make_untested(status, **sizes), "x", **WORDINGS)) == text


def test_in_a_report_on_a_sector_what_is_compared_with_the_whole_is_not_said_to_be_in_the_sector():
    released = make_untested("zero_variance")
    released = replace(
        released,
        about=replace(released.about, part="region", terms=name_both({"sted": "i regionerne"})),
    )
    assert "regionerne" not in str(tell_difference("T", released, "x", **WORDINGS))
    inside = replace(released, about=replace(released.about, domain="region"))
    assert str(tell_difference("T", inside, "x", **WORDINGS)).startswith("Emne x i regionerne: 40")


def test_what_is_withheld_of_the_whole_is_not_said_to_be_in_the_reports_own_part():
    released = make_released(status="[c]", sector="region")
    told = tell_shares("T", released, "{a} af dem.", {"a": "x"})
    assert str(told).startswith("Tallene i regionerne om »Emne x«")
    whole = replace(released, about=replace(released.about, domain="all"))
    told = tell_shares("T", whole, "{a} af dem.", {"a": "x"})
    assert str(told) == "Tallene om »Emne x« vises ikke af hensyn til fortrolighed."


def test_a_share_of_nobody_is_told_in_words():
    released = make_released(status="empty", sector="region")
    released = replace(
        released, table=released.table.assign(share=math.nan, low=math.nan, high=math.nan, n=0.0)
    )
    told = tell_shares("T", released, "{a} af dem.", {"a": "x"}, words="{a}.")
    assert (str(told), told.outcome) == ("Der er ingen svar i regionerne om »Emne x«.", "empty")


def join_released(*parts):
    return replace(
        parts[0],
        table=pd.concat([part.table for part in parts]),
        comparisons=pd.concat([part.comparisons for part in parts]),
    )


def test_a_list_of_which_nothing_can_be_tested_is_not_told_as_no_difference():
    wordings = {"some": "Kun {navne}.", "none": "Ikke påvist.", "untested": "Ikke {udeladt}."}
    empty = [
        make_untested("empty", n_second=0),
        make_released(0.1, math.nan, "", "empty", item="y"),
    ]
    empty[1] = replace(empty[1], comparisons=empty[1].comparisons.assign(n_second=0))
    told = tell_list("T", join_released(*empty), ["x", "y"], **wordings)
    assert (told.outcome, str(told)) == (
        "untested",
        (
            "Der er ingen svar fra gruppen »gruppe b«, så den kan ikke sammenlignes, når det "
            "gælder »Hvad«."
        ),
    )
    mixed = join_released(
        make_untested("too_few"), make_released(math.nan, math.nan, "", "[c]", item="y")
    )
    assert str(tell_list("T", mixed, ["x", "y"], **wordings)) == "Ikke emne x og emne y."


def test_a_list_of_some_of_a_question_whose_tests_are_all_closed_says_of_what():
    closed = join_released(
        *(
            make_released(0.1, math.nan, "", mark, item=item, sector="region")
            for item, mark in (("x", "[u]"), ("y", "[c]"))
        )
    )
    told = tell_list("T", closed, ["x", "y"], some="Kun {navne}.", none="Ingen.", topic="De øvrige")
    assert str(told) == (
        "Tallene i regionerne om »De øvrige« sammenlignes ikke, nogle fordi de er for usikre, "
        "andre "
        "af hensyn til fortrolighed."
    )


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((SURE, LEANING, NONE), "Kun emne x. Måske emne y. Ellers intet."),
        ((LEANING, NONE), "Måske emne x. Ellers intet."),
        ((LEANING, LEANING), "Måske emne x og emne y."),
        ((NONE, NONE), "Ikke påvist."),
        ((SURE, SURE), "Kun emne x og emne y."),
    ],
)
def test_a_list_names_tendencies_for_themselves_and_says_none_only_where_there_is_none(parts, text):
    released = join_released(
        *(make_released(item=item, **part) for item, part in zip("xyz", parts, strict=False))
    )
    told = tell_list(
        "T",
        released,
        list("xyz")[: len(parts)],
        some="Kun {navne}.",
        none="Ikke påvist.",
        others="Ellers intet.",
        tendency="Måske {tendens}.",
    )
    assert str(told) == text


def test_which_of_two_is_told_side_by_side_where_one_is_closed_or_near_the_limit():
    wordings = {
        "only_first": "Første.",
        "only_second": "Anden.",
        "both": "Begge.",
        "neither": "Ikke påvist.",
    }
    for other, words in ((CLOSED, "fortrolighed"), (LEANING, "peger i retning af")):
        one, two = make_released(item="x", **SURE), make_released(item="y", **other)
        told = str(
            tell_which("T", (one, one.comparison("x")), (two, two.comparison("y")), **wordings)
        )
        assert told.startswith(
            "Emne x: 40\u00a0pct. (gruppe a) mod 30\u00a0pct. (gruppe b). Forskellen er statistisk"
        )
        assert words in told
    one, two = make_table("difference", 0.01), make_table("no_difference", 0.07)
    told = str(tell_which("T", (one, one.distribution), (two, two.distribution), **wordings))
    assert (
        "Forskellen på alle, gruppe a og gruppe b er statistisk sikker" in told
        and "peger i retning af" in told
    )


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("difference", "Første. Det er altså x."),
        ("no_difference", "Første. Om de to forskelle er lige store, kan testen ikke afgøre."),
        ("", "Første. Om de to forskelle er lige store, kan testen ikke afgøre."),
    ],
)
def test_a_conclusion_is_drawn_only_where_the_two_differences_are_tested_to_be_unlike(found, text):
    one, other = make_released(item="x", **SURE), make_released(item="y", **NONE)
    p = {"difference": 0.04, "no_difference": 0.5}.get(found, math.nan)
    numbers = {"n": 200, "f": 1.0, "ndf": 1, "ddf": 99, "p": p}
    status = "" if found else "exact"
    test = InteractionTest((), (), (), (), **numbers, verdict=found, status=status)
    apart = replace(one, distribution=test)
    wordings = {
        "only_first": "Første.",
        "only_second": "Anden.",
        "both": "Begge.",
        "neither": "Ingen.",
    }
    pair = (one, one.comparison("x")), (other, other.comparison("y"))
    told = tell_which(
        "T", *pair, **wordings, apart=apart, so_first="Det er altså x.", so_second="Det er altså y."
    )
    assert str(told) == text
    assert [row["verdict"] for row in told.evidence] == [
        "higher",
        "no_difference",
        found or "untested",
    ]
    assert told.evidence[2]["p"] == {"difference": "0,040", "no_difference": "0,500"}.get(found, "")
    assert (
        told.evidence[2]["about"]
        == "Emne x: om forskellene er lige store (samlet test: alle, gruppe a, gruppe b)"
    )
    assert str(tell_which("T", *pair, **wordings)) == "Første."
    assert (
        str(tell_which("T", pair[0], pair[0], **wordings, apart=apart, so_first="Det er altså x."))
        == "Begge."
    )


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("{a} innovationer.", "Fire ud af ti innovationer."),
        ("**{a}** af dem.", "**Fire ud af ti** af dem."),
        ("Ja. {a} af dem, {a}.", "Ja. Fire ud af ti af dem, fire ud af ti."),
        ("Det er ca. {a}.", "Det er ca. fire ud af ti."),
    ],
)
def test_words_that_begin_a_sentence_begin_with_a_capital(wording, text):
    assert tell_shares("T", make_released(), "-", {"a": "x"}, words=wording).text == text


def test_shares_in_several_places_are_one_list_each_traced():
    numbers = {"steder": [("x", "a", "i a"), ("x", "b", "i b")]}
    told = tell_distribution(
        "T", make_table("difference", 0.01), "Andelen er {steder}.", "-", numbers
    )
    assert str(told) == "Andelen er 40\u00a0pct. i a og 30\u00a0pct. i b."
    assert [row["group"] for row in told.trace] == ["a", "b"]


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        ("higher", "no_difference", "Første."),
        ("no_difference", "lower", "Anden."),
        ("higher", "lower", "Begge."),
        ("no_difference", "no_difference", "Ingen."),
    ],
)
def test_which_of_two_tests_shows_a_difference_is_told(first, second, text):
    pair = [
        (released := make_released(0.1, 0.5, verdict), released.comparison("x"))
        for verdict in (first, second)
    ]
    told = tell_which(
        "T", *pair, only_first="Første.", only_second="Anden.", both="Begge.", neither="Ingen."
    )
    assert str(told) == text


def test_a_list_names_the_items_that_differ_and_says_so_when_none_does():
    rows = [
        make_released(item=item, verdict=verdict)
        for item, verdict in (("x", "higher"), ("y", "no_difference"))
    ]
    both = replace(
        rows[0],
        table=pd.concat([row.table for row in rows]),
        comparisons=pd.concat([row.comparisons for row in rows]),
    )
    assert (
        str(tell_list("T", both, ["x", "y"], some="Kun {navne}.", none="Ingen.")) == "Kun emne x."
    )
    assert str(tell_list("T", both, ["y"], some="Kun {navne}.", none="Ingen.")) == "Ingen."


def test_a_list_tells_what_could_not_be_tested_and_is_closed_only_where_all_of_it_is():
    sure, closed = make_released(item="x"), make_released(math.nan, math.nan, "", "[c]", item="y")
    both = replace(
        sure,
        table=pd.concat([sure.table, closed.table]),
        comparisons=pd.concat([sure.comparisons, closed.comparisons]),
    )
    wordings = {"some": "Kun {navne}.", "none": "Ingen.", "untested": "Ikke {udeladt}."}
    assert str(tell_list("T", both, ["x", "y"], **wordings)) == "Kun emne x. Ikke emne y."
    assert tell_list("T", both, ["y"], **wordings).outcome == "closed"


def test_where_all_answers_are_closed_the_most_frequent_is_closed_and_so_is_a_sentence_on_it():
    closed = make_released(math.nan, math.nan, "", "[c]", item="y")
    closed = replace(closed, table=closed.table.assign(share=math.nan))
    opened = make_released(item="x")
    both = replace(closed, table=pd.concat([closed.table, opened.table], ignore_index=True))
    assert both.most_frequent("a") == "x"
    assert both.most_frequent("a", besides="x") == "y"
    assert tell_difference("T", closed, closed.most_frequent("a"), **WORDINGS).outcome == "closed"


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("singular", ", fordi ingen i nogle af grupperne har givet nogle af svarene."),
        ("zero_variance", ", fordi svarene ikke varierer inden for strata."),
    ],
)
def test_a_whole_table_that_cannot_be_tested_says_why(status, why):
    nothing = dict.fromkeys(("f", "ndf", "ddf", "p"), math.nan) | {"n": 200, "level": 0.05}
    test = TableTest(("x=1", "x=2"), ("a", "b"), **nothing, verdict="", status=status)
    told = tell_distribution("T", replace(make_released(), distribution=test), "Forskel.", "Ens.")
    assert told.outcome == "untested" and str(told).startswith("Fordelingen ")
    assert str(told).endswith(why)


def test_a_whole_table_is_told_by_its_own_test():
    numbers = {"n": 200, "f": 7.0, "ndf": 1.0, "ddf": 190.0, "p": 0.01, "level": 0.05}
    test = TableTest(("x=1", "x=2"), ("a", "b"), **numbers, verdict="difference", status="")
    released = replace(make_released(), distribution=test)
    assert decide(test, 0.05) == "difference"
    assert (
        str(tell_distribution("T", released, "Forskel {a}.", "Ens.", {"a": "x"}))
        == "Forskel 40\u00a0pct."
    )


def test_the_scope_of_the_report_chooses_between_two_texts():
    whole, region = (
        SimpleNamespace(
            is_whole=sector == "all",
            is_sector=sector != "all",
            terms=name_both({"sted": PLACES[sector]}),
        )
        for sector in ("all", "region")
    )
    assert str(tell_scope("T", whole, "Alt.", "Kun {sektor}.")) == "Alt."
    assert str(tell_scope("T", region, "Alt.", "Kun {sektor}.", part="Del.")) == "Kun i regionerne."


def test_a_part_that_is_no_sector_has_a_text_of_its_own_where_there_is_one():
    health = SimpleNamespace(
        is_whole=False, is_sector=False, terms=name_both({"sted": "på sundhedsområdet"})
    )
    assert str(tell_scope("T", health, "Alt.", "Kun {sektor}.")) == "Kun på sundhedsområdet."
    assert (
        str(tell_scope("T", health, "Alt.", "Kun {sektor}.", part="Intet {sektor}."))
        == "Intet på sundhedsområdet."
    )
    assert str(tell_scope("T", health, "Alt.", "Kun {sektor}.", part="")) == ""


def test_a_sentence_carries_what_it_rests_on_as_shown_and_no_more():
    row = tell_difference("T", make_released(), "x", **WORDINGS, published="D1").evidence[0]
    assert {
        name: shown
        for name, shown in row.items()
        if name not in ("trace", "internal", "numbers", "respondents")
    } == {
        "about": "Emne x: gruppe a mod gruppe b",
        "item": "x",
        "group": "a",
        "versus": "b",
        "first": "40\u00a0pct.",
        "second": "30\u00a0pct.",
        "difference": "+10,0",
        "low": "+5,0",
        "high": "+15,0",
        "p": "0,010",
        "p_adjusted": "",
        "p_bh": "",
        "family": "",
        "falls": "",
        "p_finite": "",
        "p_superpopulation": "",
        "inference": "finite",
        "level": "0,05",
        "otherwise": "",
        "reason": "",
        "flag": "",
        "verdict": "higher",
        "published": "D1",
    }


def test_a_closed_difference_carries_no_number():
    row = tell_difference(
        "T", make_released(math.nan, math.nan, "", "[c]"), "x", **WORDINGS
    ).evidence[0]
    assert {
        row[name]
        for name in (
            "first",
            "second",
            "difference",
            "low",
            "high",
            "p",
            "p_finite",
            "p_superpopulation",
        )
    } == {"[c]"}
    assert row["verdict"] == "closed"
    assert row["p_adjusted"] == row["p_bh"] == "" and "internal" not in row


def test_the_other_of_a_closed_pair_has_its_own_number_and_no_mark_that_promises_what_no_plan_keeps():
    released = make_released(math.nan, math.nan, "", "[c]")
    cells = released.table.assign(status=["", "[c]", ""], share=[0.4, math.nan, 0.3])
    row = tell_difference("T", replace(released, table=cells), "x", **WORDINGS).evidence[0]
    assert (row["first"], row["second"], row["difference"]) == ("[c]", "30\u00a0pct.", "[c]")
    assert [one["shown"] for one in row["trace"]] == ["[c]", "30\u00a0pct.", "[c]", "[c]"]


def test_a_tendency_is_told_apart_in_the_evidence():
    assert tell_difference(
        "T", make_released(-0.1, 0.07, "no_difference"), "x", **WORDINGS
    ).evidence[0]["verdict"] == ("tendency_lower")


def test_a_share_is_told_by_a_fraction_where_its_wording_is_written_and_its_bounds_allow():
    told = tell_shares("T", make_released(), "{a} af dem.", {"a": "x"}, words="{a} innovationer.")
    assert str(told) == "Fire ud af ti innovationer."
    table = make_released().table
    table.loc[0, "share"] = 0.45
    apart = replace(make_released(), table=table)
    told = tell_shares("T", apart, "{a} af dem.", {"a": "x"}, words="{a} innovationer.")
    assert str(told) == "45\u00a0pct. af dem."


def test_the_notebook_output_carries_outcome_and_evidence():
    payload = tell_difference("T", make_released(), "x", **WORDINGS)._repr_mimebundle_()[MIME]
    assert payload["outcome"] == "more"
    assert payload["evidence"][0]["verdict"] == "higher"


def test_each_number_in_a_sentence_is_traced_to_its_cell():
    trace = tell_difference(
        "T", make_released(), "x", more="{a} mod {b}: {forskel}.", less="-", same="-"
    ).trace
    assert [(row["shown"], row["kind"], row["group"]) for row in trace] == [
        ("40\u00a0pct.", "share", "a"),
        ("30\u00a0pct.", "share", "b"),
        ("10\u00a0procentpoint", "difference", "a mod b"),
    ]


EQUAL = WORDINGS | {"same": "{a} og {b}. Ingen sikker forskel.", "equal": "{a} begge steder."}


@pytest.mark.parametrize(
    ("difference", "outcome", "text"),
    [
        (0.003, "equal", "40\u00a0pct. begge steder."),
        (0.0, "equal", "40\u00a0pct. begge steder."),
        (0.006, "same", "40\u00a0pct. og 39\u00a0pct. Ingen sikker forskel."),
    ],
)
def test_shares_that_are_shown_alike_are_told_as_equal(difference, outcome, text):
    told = tell_difference("T", make_released(difference, 0.8, "no_difference"), "x", **EQUAL)
    assert (told.outcome, str(told)) == (outcome, text)
    assert told.evidence[0]["verdict"] == "no_difference"


def test_without_a_wording_for_equal_shares_the_one_for_same_is_told():
    told = tell_difference("T", make_released(0.003, 0.8, "no_difference"), "x", **WORDINGS)
    assert (told.outcome, str(told)) == ("same", "Ens.")


def test_several_differences_are_equal_where_each_is_shown_so():
    one, other = (make_released(0.003, 0.8, "no_difference", item=item) for item in "xy")
    wordings = {"more": "+", "less": "-", "same": "~", "mixed": "±", "equal": "{a} og {d}."}
    assert str(tell_together("T", [(one, "x"), (other, "y")], **wordings)) == (
        "40\u00a0pct. og 40\u00a0pct."
    )
    apart = make_released(0.03, 0.8, "no_difference", item="y")
    assert str(tell_together("T", [(one, "x"), (apart, "y")], **wordings)) == "~"


def test_a_list_of_shares_is_equal_where_all_are_shown_alike():
    table, listed = make_table("no_difference", 0.5), [("x", "a", "hos a"), ("x", "b", "hos b")]
    wordings = {"difference": "+", "same": "{alle}: ingen.", "equal": "Ens: {alle}."}
    cells = table.table.assign(share=0.4)
    told = tell_distribution("T", replace(table, table=cells), numbers={"alle": listed}, **wordings)
    assert str(told) == "Ens: 40\u00a0pct. hos a og 40\u00a0pct. hos b."
    cells.loc[cells["group"] == "b", "share"] = 0.41
    told = tell_distribution("T", replace(table, table=cells), numbers={"alle": listed}, **wordings)
    assert str(told) == "40\u00a0pct. hos a og 41\u00a0pct. hos b: ingen."


@pytest.mark.parametrize(
    ("first", "second", "text"),
    [
        (0.57, 0.25, "32\u00a0procentpoint"),
        (0.574, 0.248, "godt 32\u00a0procentpoint"),
        (0.566, 0.254, "knap 32\u00a0procentpoint"),
        (0.254, 0.566, "knap 32\u00a0procentpoint"),
        (0.5949, 0.5851, "under 1\u00a0procentpoint"),
        (0.003, 0.25, "25\u00a0procentpoint"),
    ],
)
def test_a_difference_told_is_that_of_the_shares_as_they_are_shown(first, second, text):
    released = make_released()
    row = released.comparisons
    row[["share_first", "share_second", "difference"]] = first, second, first - second
    told = tell_difference(
        "T",
        replace(released, comparisons=row),
        "x",
        more="Der er {forskel}",
        less="Der er {forskel}",
        same="-",
    )
    assert str(told) == f"Der er {text}"
    (number,) = told.trace
    assert (number["kind"], number["shown"]) == ("difference", text.split(" ")[-1])
    assert number["internal"]["share"] == pytest.approx(first - second)


UNTOLD = make_released(math.nan, math.nan, "", "[u]", sector="region")


def test_a_chapters_own_words_for_what_is_withheld_can_name_the_reason_and_how_many_answered():
    wording = "Kun {n_a} svar {sektor}, mod {n_b}: {grund}."
    told = tell_difference("T", UNTOLD, "x", **WORDINGS, withheld=wording)
    assert (told.outcome, told.is_withheld) == ("uncertain", True)
    assert str(told) == "Kun 100 svar i regionerne, mod 100: tallene er for usikre."
    assert [(row["kind"], row["shown"]) for row in told.trace] == [("count", "100")] * 2


@pytest.mark.parametrize(
    ("status", "reason"),
    [("[c]", "tallene er fortrolige"), ("too_few", "der er for få svar til en test")],
)
def test_each_reason_has_its_words(status, reason):
    released = make_released(math.nan, math.nan, "", status)
    told = tell_difference("T", released, "x", **WORDINGS, withheld="For {grund}.")
    assert str(told) == f"For {reason}."


def test_a_count_that_is_closed_is_told_in_no_wording():
    cells = UNTOLD.table
    cells["n"] = math.nan
    told = tell_difference("T", replace(UNTOLD, table=cells), "x", **WORDINGS, withheld="{n_a}")
    assert str(told).startswith("Tallene i regionerne om »Emne x")


def test_what_a_neighbour_says_is_withheld_without_a_word_and_still_in_the_register():
    told = tell_difference("T", UNTOLD, "x", **WORDINGS, withheld="")
    assert (str(told), told.outcome) == ("", "uncertain")
    assert told.evidence[0]["verdict"] == "uncertain"
    told = tell_shares("T", UNTOLD, "{a}", {"a": ("x", "a")}, withheld="")
    assert (str(told), told.outcome) == ("", "uncertain")


def test_of_several_differences_those_withheld_have_the_chapters_words_once():
    told = tell_pair(SURE, CLOSED, withheld="Lovgivningen kan vi ikke fortælle om.")
    assert str(told) == (
        "Emne x: 40\u00a0pct. (gruppe a) mod 30\u00a0pct. (gruppe b). Forskellen er statistisk "
        "sikker. Lovgivningen kan vi ikke fortælle om."
    )
    assert str(tell_pair(CLOSED, CLOSED, withheld="Ingen af dem: {grund}.")) == (
        "Ingen af dem: tallene er fortrolige."
    )
    assert str(tell_pair(UNSURE, CLOSED, withheld="Ingen af dem: {grund}.")) == (
        "Ingen af dem: nogle tal er for usikre, og andre er fortrolige."
    )


def test_a_sentence_of_counts_alone_rests_on_no_share_and_is_told_where_the_shares_are_closed():
    told = tell_shares("T", UNTOLD, "Kun {n_a} af dem.", {"a": ("x", "a")})
    assert (str(told), told.outcome, told.evidence) == ("Kun 100 af dem.", "text", ())


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.59, "Seks ud af ti innovationer."),
        (0.49, "Halvdelen af alle innovationer."),
        (0.55, "Mere end halvdelen af alle innovationer."),
    ],
)
def test_a_fraction_stands_before_a_noun_in_the_plural(share, text):
    released = make_released()
    cells = released.table.assign(share=share, low=0.52)
    released = replace(released, table=cells)
    told = tell_shares("T", released, "-", {"a": ("x", "a")}, words="{a_alle} innovationer.")
    assert str(told) == text
