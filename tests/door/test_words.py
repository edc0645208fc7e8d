import pytest

from barometer.door.calls import CallError
from barometer.door.words import check_placeholders, check_wordings, split_wording


def test_a_misspelt_word_in_braces_is_answered_with_the_one_that_was_meant():
    with pytest.raises(CallError, match=r"\{oftre\} er intet af dem\. Mente du »oftere«\?"):
        split_wording("D15", "differs", "De er {oftre} delt.")


@pytest.mark.parametrize(
    ("wording", "told"),
    [
        ("De er {oftere} {steed}.", r"\{steed\} i differs= kendes ikke\. Mente du »sted«\?"),
        ("De er {oftere} {sektorr}.", r"Mente du »sektor«\?"),
        ("De er {oftere}: {c}.", r"\{c\} i differs= kendes ikke"),
        ("De er {oftere}, for {grund}.", r"\{grund\} i differs= kendes ikke"),
    ],
)
def test_a_wording_that_is_not_chosen_is_refused_for_what_it_cannot_name(wording, told):
    wordings = {"differs": wording, "same": "Ingen forskel {sektor}: {a} mod {b}."}
    with pytest.raises(CallError, match=told):
        check_placeholders("D15", "difference", wordings, ["value.quality"], (), ["sted", "sektor"])


@pytest.mark.parametrize("wording", ["Her er {a", "Her er a}", "{a!r}", "{a:>10}", "{}"])
def test_braces_stand_around_a_name_each(wording):
    with pytest.raises(CallError, match="klammerne i same= skal stå om et navn hver"):
        check_wordings("D15", {"same": wording})


def test_what_a_sentence_of_each_kind_can_name_is_let_through():
    two, where = ["value.quality", "value.efficiency"], ["sted", "sektor"]
    for kind, wordings in {
        "shares": {"text": "{a} og {b} af {n_a} {sektor}", "words": "{a_alle} {sektor}"},
        "difference": {"differs": "{Oftere} {forskel} {sikker}", "withheld": "{emne}: {grund}"},
        "together": {"same": "{a} {b} {c} {d}", "mixed": "{hvilke}"},
        "which": {"both": "{a} {b}", "neither": "{resten}"},
        "list": {"some": "{navne}", "none": "", "untested": "{udeladt}: {grund}"},
        "table": {"difference": "{sektorer}", "same": "{sektor}"},
    }.items():
        check_placeholders("X01", kind, wordings, two, (), where)
