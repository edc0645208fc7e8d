"""What a verdict hangs on: which inference (`inferences.py`), which level, why there is no p."""

from math import isfinite, nan
from types import SimpleNamespace

from barometer.languages.speaking import N_, _
from barometer.statistics.comparisons import read_verdict
from barometer.statistics.inferences import FINITE, INFERENCES, SUPERPOPULATION
from barometer.text import write_number

COLUMNS = ("p_finite", "p_superpopulation", "inference", "level", "otherwise", "reason")
NOTES = N_(
    {
        FINITE: "Hænger på endelighedskorrektionen: Dommen gælder de {respondents}, der fandtes. "
        "Spørges der til mere end dem, er den en anden. Kapitlet om metoden forklarer forskellen.",
        SUPERPOPULATION: "Hænger på endelighedskorrektionen: Dommen gælder mere end de "
        "{respondents}, der fandtes. Spørges der til dem alene, er den en anden. Kapitlet om "
        "metoden forklarer forskellen.",
    }
)
REASONS = N_(
    {
        "complete": "alle er spurgt, så der er ingen stikprøveusikkerhed",
        "equal": "alle svarer det samme",
        "empty": "en gruppe har ingen svar",
        "one_level": "kun en gruppe har svar",
        "zero_variance": "svarene varierer ikke inden for strata",
        "too_few": "for få svar til en test",
        "broken": "spørgsmålet er ændret mellem runderne",
        "singular": "for mange tomme felter i tabellen",
        "exact": "alle eller ingen i en gruppe gav svaret",
    }
)
MARK = N_("hænger på endelighedskorrektionen")


def describe_inference(test, about):
    """`COLUMNS` of a test (a row of comparisons, `TableTest`, `InteractionTest`) as text.

    `level`: at which p decided the verdict; `otherwise`: the other inference's verdict, where it is
    another; `reason`: the test's status, where there is no p.
    """
    both = {name: write_p(_read(test, name)) for name in COLUMNS[:2]}
    reason = test.status if test.status in REASONS else ""
    decided = test.verdict and not reason
    level = write_number(getattr(test, "level", about.alpha), "level") if decided else ""
    names = {"inference": about.inference, "respondents": about.terms.get("respondenter", "")}
    names |= {"level": level, "reason": reason}
    return both | names | {"otherwise": find_otherwise(test, about)}


def find_otherwise(test, about):
    """The other inference's verdict; "" where it is the same, or there is none."""
    p = _read(test, _name_other(about))
    if not test.verdict or not isfinite(p):
        return ""
    difference = getattr(test, "difference", None)
    sure = "difference" if difference is None else "higher" if difference > 0 else "lower"
    verdict = sure if p < about.alpha else "no_difference"
    other = read_verdict(SimpleNamespace(verdict=verdict, p=p, difference=difference), about.alpha)
    return other if other != read_verdict(test, about.alpha) else ""


def list_hinges(row, shown, about):
    """Rows on the other inference's p, where it is shown (`shown`: columns as text)."""
    name = _name_other(about)
    return [row | {"kind": name, "shown": shown[name]}] if shown["otherwise"] else []


def describe_hinge(row, words):
    """The other inference's verdict in `words`, of a row of claims.csv; "" where it is the same."""
    if not row.get("otherwise"):
        return ""
    p = row["p_superpopulation" if row["inference"] == FINITE else "p_finite"]
    shown = {"p": p if p.startswith("<") else f"= {p}", "verdict": _(words[row["otherwise"]])}
    told = N_("dommen hænger på endelighedskorrektionen: med den, altså for de {respondents}, der "
              "fandtes, er p {p} ({verdict})")  # fmt: skip
    if row["inference"] == FINITE:
        told = N_("dommen hænger på endelighedskorrektionen: uden den er p {p} ({verdict}), så den "
                  "gælder de {respondents}, der fandtes, og ikke uden videre andre")  # fmt: skip
    return _(told).format(respondents=row["respondents"], **shown)


def describe_reason(row):
    """Why a row of `claims.csv` has no p; and of one that is hidden, at which level it decided."""
    if row["level"] and not row["p"]:
        told = _("afgjort ved niveau {level}; p vises ikke, da tabellen har lukkede tal")
        return told.format(level=row["level"])
    return _(REASONS.get(row["reason"], ""))


def note_hinges(rows):
    """What the mark means, where one of the rows has it."""
    return next(
        (_(NOTES[row["inference"]]).format_map(row) for row in rows if row.get("otherwise")), ""
    )


def write_p(p):
    """ "0,042" or "< 0,001"; "" where there is none."""
    return write_number(p, "bare_p") if isfinite(p) else ""


def _read(test, name):
    return float(test.get(name, nan) if hasattr(test, "get") else getattr(test, name, nan))


def _name_other(about):
    return f"p_{INFERENCES[about.inference == FINITE]}"
