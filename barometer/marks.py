"""The marks that stand where a number is not shown, or beside one shown with a reservation, in
Danish.

Which cells get one is decided by `rules.py`.
"""

from barometer.languages.speaking import N_, _

CONFIDENTIAL, UNRELIABLE, NOT_APPLICABLE = "[c]", "[u]", "[z]"
# beside a number that is shown
EXTREME, FEW_DEGREES, REST = "[a]", "[g]", "[ø]"

MARKS = N_(
    {
        CONFIDENTIAL: "vises ikke af hensyn til fortrolighed",
        UNRELIABLE: "for usikkert til at vise tallet",
        NOT_APPLICABLE: "ikke relevant",
    }
)
FLAGS = N_(
    {
        EXTREME: "ingen eller alle i gruppen svarede sådan; tallet vises med forbehold",
        FEW_DEGREES: "usikkerheden er selv usikker (færre end otte frihedsgrader); tallet vises "
        "med forbehold",
        REST: "tallet er sikkert nok, men andelen, der ikke svarede sådan, er for usikker",
    }
)
# in a picture, where there is no room for what a mark means
IN_PICTURES = N_(
    {CONFIDENTIAL: "fortroligt", UNRELIABLE: "for få svar", NOT_APPLICABLE: "ikke spurgt"}
)
UNCERTAIN = N_("for usikkert")  # the same of a mean or a number, however many answered
# One wording for both, as which cell was closed for another's sake would help to find that one out.
EXPLAINED = N_(
    {
        CONFIDENTIAL: "vises ikke af hensyn til fortrolighed, for tallets egen skyld eller for at "
        "et andet ikke kan regnes ud af det"
    }
)
# beside what a notebook shows and no report may
SCREEN_ONLY = (
    "Kun til skærmen: Planen over lukkede celler er ikke lavet til disse tal. Ingen rapport viser "
    "dem, før undersøgelsen er forseglet igen (python -m barometer seal)."
)
# in place of a flag in texts for screen readers, where marks are not explained
RESERVATION = N_("med forbehold")


def explain_marks(texts):
    """What each mark that is found in some texts means, in a fixed order."""
    return " ".join(
        f"{mark}: {_(meaning)}."
        for mark, meaning in (MARKS | EXPLAINED | FLAGS).items()
        if any(mark in text for text in texts)
    )
