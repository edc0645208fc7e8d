"""The fields of a survey's card (cards.yaml) that say how it was drawn, and what is wrong with
them.

A card without them says that each respondent was drawn by himself within his stratum.
"""

import re
from dataclasses import dataclass

from barometer.files.faults import show, show_list
from barometer.languages.speaking import _

CARDS = "cards.yaml"
CORRECTIONS = ("finite", "none")
FIELDS = ("clusters", "cluster_sizes", "correction", "replicates")
REPLICATE_FIELDS = ("method", "columns", "rho", "scales", "center", "form")
METHODS = ("JK1", "JKn", "BRR", "Fay", "bootstrap")
CENTERS = ("estimate", "mean")  # those of `statistics/replicates.py`, which takes long to import
FORMS = ("weights", "factors")
SPAN = re.compile(r"(?P<stem>.*?)(?P<first>\d+)-(?P=stem)(?P<last>\d+)")
RESERVED = ("id", "stratum", "weight")
MOST = 2000  # sets of replicate weights
EXAMPLE = "{method: JK1, columns: rep01-rep80}"


@dataclass(frozen=True)
class Declared:
    """How a survey was drawn, as its card says.

    `clusters`: a column for each stage, the first one first. `sizes`: a column for each stage from
    the first, with how many units there were to draw from; one more than clusters where it is known
    how many respondents the last cluster has. `corrected`: whether units of the population correct
    errors. `method`, `columns`, `rho`, `scales`, `center`, `form`: replicate weights
    (`Replicates`); `method` is "" where there are none. `form`: whether a column holds weights, or
    what weights are multiplied by.
    """

    clusters: tuple = ()
    sizes: tuple = ()
    corrected: bool = True
    method: str = ""
    columns: tuple = ()
    rho: float = 0.0
    scales: tuple = ()
    center: str = CENTERS[0]
    form: str = FORMS[0]

    @property
    def every_column(self):
        """The columns of the answers that it needs, in order."""
        return (*self.clusters, *self.sizes, *self.columns)

    @property
    def numbers(self):
        """Those of them that hold numbers."""
        return (*self.sizes, *self.columns)

    def describe(self, besides=()):
        """(column, text, kind) of each column, for the data dictionary. `besides`: those that are
        described as answers.
        """
        stages = [
            _("Klynge, trin {number}").format(number=number)
            for number in range(1, len(self.clusters) + 1)
        ]
        sizes = [
            _("Hvor mange der var at udtrække af i trin {number}").format(number=number)
            for number in range(1, len(self.sizes) + 1)
        ]
        sets = [
            _("Gentagelsesvægt {number} ({method})").format(number=number, method=self.method)
            for number in range(1, len(self.columns) + 1)
        ]
        kinds = ["text"] * len(stages) + ["number"] * (len(sizes) + len(sets))
        described = zip(self.every_column, [*stages, *sizes, *sets], kinds, strict=True)
        return [one for one in described if one[0] not in besides]

    @property
    def is_plain(self):
        """Whether each respondent was drawn by himself."""
        return not self.clusters and not self.method


def read_declared(cards):
    """The `Declared` of cards in which `list_problems` finds nothing."""
    sets = cards.get("replicates") or {}
    scales = sets.get("scales", [])
    return Declared(
        tuple(cards.get("clusters", ())),
        tuple(cards.get("cluster_sizes", ())),
        cards.get("correction", CORRECTIONS[0]) == CORRECTIONS[0],
        sets.get("method", ""),
        list_span(sets.get("columns", "")),
        float(sets.get("rho", 0)),
        tuple(map(float, scales if isinstance(scales, list) else [scales])),
        sets.get("center", CENTERS[0]),
        sets.get("form", FORMS[0]),
    )


def list_span(span):
    """The columns of "rep01-rep80", () for what is no such span."""
    found = SPAN.fullmatch(span) if isinstance(span, str) else None
    if not found:
        return ()
    first, last = found["first"], found["last"]
    numbers = range(int(first), min(int(last), int(first) + MOST) + 1)
    return tuple(f"{found['stem']}{number:0{len(first)}d}" for number in numbers)


def list_problems(cards):
    """(problem, remedy) of each of the fields that cannot be understood."""
    for key in ("clusters", "cluster_sizes"):
        names = cards.get(key, [])
        if not isinstance(names, list) or not all(isinstance(one, str) and one for one in names):
            yield f"feltet {key} er ikke en liste af kolonner", f"skriv fx {key}: [skole, klasse]"
            return
        if reserved := {*names} & {*RESERVED}:
            problem = f"feltet {key} har kolonnen {show_list(sorted(reserved))}"
            yield problem, "skriv kolonnen med klyngen eller dens størrelse"
        if len({*names}) < len(names):
            yield f"feltet {key} har samme kolonne to gange", "skriv en kolonne for hvert trin"
    if "correction" in cards and cards["correction"] not in CORRECTIONS:
        problem = (
            f"værdien {show(cards['correction'], quoted=True)} i feltet correction kendes ikke"
        )
        yield problem, f"vælg en af {', '.join(CORRECTIONS)}"
    clusters, sizes = cards.get("clusters", []), cards.get("cluster_sizes", [])
    if sizes and not clusters:
        yield "feltet cluster_sizes står uden clusters", "skriv også clusters, eller fjern det"
    elif len(sizes) > len(clusters) + 1:
        remedy = "skriv en for hvert trin, og højst en til for respondenterne i den sidste klynge"
        yield "feltet cluster_sizes har flere kolonner end trin", remedy
    if sizes and cards.get("correction") == "none":
        remedy = "fjern den ene af dem"
        yield "feltet cluster_sizes korrigerer, men correction siger none", remedy
    if "replicates" in cards:
        yield from _list_replicate_problems(cards)


def _list_replicate_problems(cards):
    sets = cards["replicates"]
    if not isinstance(sets, dict):
        yield "feltet replicates har ingen felter", f"skriv fx replicates: {EXAMPLE}"
        return
    for key in sorted(sets.keys() - {*REPLICATE_FIELDS}, key=str):
        remedy = f"skriv et af {', '.join(REPLICATE_FIELDS)}"
        yield f"feltet replicates.{show(key)} kendes ikke", remedy
    method, columns = sets.get("method"), list_span(sets.get("columns"))
    if method not in METHODS:
        problem = f"feltet replicates.method er {show(method, quoted=True)}, som ikke kendes"
        yield problem, f"vælg en af {', '.join(METHODS)}"
    if not 2 <= len(columns) <= MOST:
        yield "feltet replicates.columns er ikke en række af kolonner", "skriv den som rep01-rep80"
    if cards.get("clusters"):
        remedy = "fjern clusters; klyngerne er regnet med i gentagelsesvægtene"
        yield "der er både clusters og replicates", remedy
    if cards.get("correction") == "finite":
        yield "replicates korrigeres ikke for populationens størrelse", "fjern correction"
    for key, allowed in (("center", CENTERS), ("form", FORMS)):
        if sets.get(key, allowed[0]) not in allowed:
            yield f"feltet replicates.{key} kendes ikke", f"vælg en af {', '.join(allowed)}"
    rho = sets.get("rho")
    if method == "Fay" and not (_is_number(rho) and 0 <= rho < 1):
        yield "feltet replicates.rho er ikke et tal fra 0 til under 1", "skriv Fays tal, fx 0.3"
    elif method != "Fay" and rho is not None:
        yield "feltet replicates.rho er kun for Fay", "fjern det"
    yield from _list_scale_problems(method, sets.get("scales"), columns)


def _list_scale_problems(method, scales, columns):
    if method == "JKn" and scales is None:
        remedy = "skriv (n - 1)/n for hver kolonnes stratum, eller ét tal, fx scales: 0.5"
        yield "feltet replicates.scales mangler", remedy
    elif method != "JKn" and scales is not None:
        yield "feltet replicates.scales er kun for JKn", "fjern det"
    elif scales is not None:
        each = scales if isinstance(scales, list) else [scales]
        if not each or not all(_is_number(one) and 0 < one <= 1 for one in each):
            yield "feltet replicates.scales er ikke tal over 0 og op til 1", "skriv (n - 1)/n"
        elif isinstance(scales, list) and len(each) != len(columns):
            problem = f"feltet replicates.scales har {len(each)} tal, men {len(columns)} kolonner"
            yield (
                problem,
                f"skriv et tal for hver kolonne ({show_list(columns)}), eller ét for alle",
            )


def _is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)
