"""The field of a survey's card that says how its weights are made."""

from dataclasses import dataclass

from barometer.files.faults import show

FIELDS = ("weighting",)
MADE = "made"  # the card's `weights` where they are made here
TOTALS = "totals.csv"
STARTS = ("strata", "column")
KINDS = ("poststratify", "rake", "calibrate", "trim")
METHODS = ("linear", "raking", "logit")
STEP_FIELDS = {
    "poststratify": ("poststratify",),
    "rake": ("rake",),
    "calibrate": ("calibrate", "method", "bounds"),
    "trim": ("trim",),
}
WEIGHTING_FIELDS = ("start", "steps")
EXAMPLE = "{start: strata, steps: [{rake: [region, size]}, {trim: [0.3, 3]}]}"


@dataclass(frozen=True)
class Step:
    """One step. `kind`: of `KINDS`. `by`: the variables, of which a post-stratification takes all
    together and the others each by itself. `method`, `bounds`: of a calibration, bounds on what a
    weight may be multiplied by; of a trimming, on a weight beside the mean.
    """

    kind: str
    by: tuple = ()
    method: str = METHODS[0]
    bounds: tuple = ()


def is_made(cards):
    """Whether weights are made here."""
    return cards.get("weights") == MADE


def read_start(cards):
    """Which weights the steps begin with: of `STARTS`."""
    return cards["weighting"]["start"]


def read_steps(cards):
    """The `Step`s of cards in which `list_problems` finds nothing."""
    return tuple(_read_step(entry) for entry in cards["weighting"]["steps"])


def _read_step(entry):
    kind = next(kind for kind in KINDS if kind in entry)
    if kind == "trim":
        return Step(kind, bounds=tuple(map(float, entry[kind])))
    bounds = tuple(map(float, entry.get("bounds", ())))
    return Step(kind, tuple(entry[kind]), entry.get("method", METHODS[0]), bounds)


def list_problems(cards):
    """(problem, remedy) of each part of the field that cannot be understood."""
    found, made = cards.get("weighting"), is_made(cards)
    if made != (found is not None):
        remedy = "skriv både weights: made og weighting, eller ingen af dem"
        yield "weights: made og feltet weighting følges ikke ad", remedy
        return
    if not made:
        return
    if cards.get("replicates"):
        remedy = "brug leverandørens vægte, som gentagelsesvægtene er lavet til"
        yield "weights: made kan ikke stå sammen med replicates", remedy
    if not isinstance(found, dict) or set(found) != {*WEIGHTING_FIELDS}:
        yield "feltet weighting har ikke felterne start og steps", f"skriv fx {EXAMPLE}"
        return
    if found["start"] not in STARTS:
        problem = f"feltet weighting.start er {show(found['start'], quoted=True)}, som ikke kendes"
        yield problem, "vælg strata (units delt med svar) eller column (kolonnen weight)"
    if not isinstance(found["steps"], list):
        yield "feltet weighting.steps er ikke en liste", f"skriv fx {EXAMPLE}"
        return
    for number, entry in enumerate(found["steps"], 1):
        if wrong := _check_step(entry):
            yield f"weighting, trin {number}: {wrong[0]}", wrong[1]


def _check_step(entry):
    kinds = [kind for kind in KINDS if isinstance(entry, dict) and kind in entry]
    if len(kinds) != 1:
        problem = f"trinnet er ikke ét af {', '.join(KINDS)}"
        return problem, "skriv fx {rake: [region, size]}"
    kind = kinds[0]
    if strange := [name for name in entry if name not in STEP_FIELDS[kind]]:
        return f"{show(strange[0])} hører ikke til {kind}", "fjern det"
    if kind == "trim":
        return _check_bounds(entry[kind], "{trim: [0.3, 3]}")
    names = entry[kind]
    texts = isinstance(names, list) and all(isinstance(name, str) and name for name in names)
    if not texts or not names or len({*names}) < len(names):
        return f"{kind} har ingen liste af forskellige variable", f"skriv fx {kind}: [region, size]"
    method = entry.get("method", METHODS[0])
    if method not in METHODS:
        return "metoden kendes ikke", f"vælg en af {', '.join(METHODS)}"
    if "bounds" in entry or method == "logit":
        return _check_bounds(entry.get("bounds"), "bounds: [0.5, 2]")
    return None


def _check_bounds(bounds, example):
    numbers = isinstance(bounds, list) and all(
        isinstance(one, int | float) and not isinstance(one, bool) for one in bounds
    )
    if not numbers or len(bounds) != 2 or not 0 <= bounds[0] < 1 < bounds[1]:
        return "grænserne er ikke et tal under 1 og et over 1", f"skriv fx {example}"
    return None
