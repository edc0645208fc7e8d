"""The marks that stand where a number is not shown, as readers meet them: `explain_marks`, in every table and figure.

Which cells get one is decided by `rules.py`; here is only what a mark is called in Danish.
"""
from barometer.rules import CONFIDENTIAL, NOT_APPLICABLE, UNRELIABLE

MARKS = {CONFIDENTIAL: "vises ikke af hensyn til fortrolighed", UNRELIABLE: "for usikkert til at vise tallet",
         NOT_APPLICABLE: "ikke relevant"}


def explain_marks(texts):
    """What each mark that is found in some texts means, in a fixed order; "" where there is none."""
    return " ".join(f"{mark}: {meaning}." for mark, meaning in MARKS.items()
                    if any(mark in text for text in texts))
