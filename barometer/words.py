"""When a share may be called by a word of size. All bounds stand here, and in the README.

Distances are in percentage points. The publication says "seks ud af ti" of 59 per cent; how far a fraction reaches is
our choice. Where two fractions are within reach, the nearer one names the share.
"""
REACH = 2.5     # a fraction is named within this distance of it
PLAIN = 1.0     # and without "knap" or "godt" within this
FRACTIONS = (
    (10, "en ud af ti"), (20, "en ud af fem"), (25, "en ud af fire"), (30, "tre ud af ti"), (100 / 3, "en ud af tre"),
    (40, "fire ud af ti"), (50, "halvdelen"), (60, "seks ud af ti"), (200 / 3, "to ud af tre"), (70, "syv ud af ti"),
    (75, "tre ud af fire"), (80, "otte ud af ti"), (90, "ni ud af ti"),
)
MORE_THAN = (50, "mere end halvdelen")   # said above the fraction's reach, when the interval's lower limit is above it


def name_share(share, low=float("nan")):
    """0.59 → "seks ud af ti", 0.58 → "knap seks ud af ti", 0.55 with low 0.52 → "mere end halvdelen"; "" for none.

    `share` and `low` (the interval's lower limit) are parts of one.
    """
    percent = 100 * share
    distance, target, words = min((abs(percent - target), target, words) for target, words in FRACTIONS)
    if distance <= REACH + 1e-9:   # 100 × 0.575 is a hair less than 57.5
        if distance <= PLAIN:
            return words
        return f"{'knap' if percent < target else 'godt'} {words}"
    target, words = MORE_THAN
    return words if target + REACH < percent < 60 - REACH and 100 * low > target else ""
