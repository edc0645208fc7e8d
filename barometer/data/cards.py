"""The cards of a survey's files (cards.yaml): a file is read only with a card that has its
checksum.

Each function that reads raises `DataFault` with all that is wrong with its file.
"""

import hashlib
import re
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from barometer.designs.declared import FIELDS, list_problems
from barometer.files.checksums import hash_file
from barometer.files.faults import Fault, raise_faults, refuse, show, show_list
from barometer.files.texts import normalise
from barometer.files.yaml_files import GET_AGAIN, load_yaml, read_yaml
from barometer.text import format_count
from barometer.weighting import declared as weighting

EXCEPTIONS, CLOSED = "exceptions.yaml", "closed.yaml"
CARDS, REGISTRY = "cards.yaml", "questionnaire.yaml"
RELEASES, RELEASE = "releases", "release.yaml"  # the folder of releases, and the card of each
POPULATION, PUBLISHED = "population.csv", "published.csv"
AGGREGATES = "aggregates.csv"
CARD_FIELDS = ("title", "producer", "round", "collected", "origin", "licence", "citation", "sha256")
ROWLESS = (".yaml", ".sas7bcat")  # what files without rows end on
ORIGINS = ("synthetic", "real")
LIKE = 0.7  # how alike a name that is no field is to the one it is taken for (difflib)
NO_CARD = f"giv den et kort i {CARDS}, for en fil uden kort læses ikke"
CHOICES = {
    "weights": ("population", "normalised", "relative", weighting.MADE),
    "empty_strata": ("refuse", "accept"),
    "inference": ("finite", "superpopulation"),
    "overlap": ("none", "ids"),  # whether an id of another round is the same respondent
}
TOLERANCES = ("weight_tolerance", "stratum_tolerance")  # proportions
# {limit of a rule of the gate: the least and the largest that a card may set}; those with a point
# are proportions (`rules.Limits` has what they are where the card is silent)
LIMITS = {
    "smallest_count": (2, 1000),
    "smallest_known": (2, 1000),
    "heaviest": (0.5, 1.0),
    "smallest_sample": (1, 10_000),
    "narrow": (0.0, 1.0),
    "wide": (0.0, 1.0),
    "relative": (0.0, 10.0),
    "fewest_degrees": (1, 1000),
}
LIMIT_FIELDS = ("value", "reason", "source")
LONELY_RULES = ("fail", "adjust", "certainty")
_SURVEY_FIELDS = "title notice data_date response_rate microdata lonely limits rounds files"
SURVEY_FIELDS = (*_SURVEY_FIELDS.split(), *CHOICES, *TOLERANCES, *FIELDS, *weighting.FIELDS)


def read_cards(folder):
    """The cards of a survey's files (cards.yaml); `notice` is "" where the file has none."""
    return parse_cards(read_file(Path(folder) / CARDS))


def parse_cards(content):
    """The same from the bytes of cards.yaml."""
    cards = load_yaml(CARDS, content)
    if not isinstance(cards, dict) or not isinstance(cards.get("files"), dict):
        refuse(CARDS, "filen mangler afsnittet files", "giv hver fil et kort under files")
    faults = _check_survey_card(cards)
    for name, card in cards["files"].items():
        faults += _check_card(name, card)
    raise_faults(faults)
    return {"notice": "", **cards}


def read_bytes(folder, filename, cards):
    """The bytes of a file that has a card, if they are those its card names."""
    if filename not in cards["files"]:
        refuse(filename, "filen har intet kort", NO_CARD)
    content = read_file(Path(folder) / filename)
    if hashlib.sha256(content).hexdigest() != str(cards["files"][filename]["sha256"]).lower():
        # Without the checksum: the message may be saved, and would confirm a guess of the file.
        remedy = "hent filen igen, eller kør python -m barometer seal, hvis ændringen er tilsigtet"
        refuse(filename, "kontrolsummen er en anden end kortets", remedy)
    return content


def check_length(name, table, cards):
    """The fault, as a list, of a table that has not as many rows as its card says."""
    expected = cards["files"][name].get("rows")
    if len(table) == expected:
        return []
    problem = f"antallet af rækker er {format_count(len(table))}, men kortet siger {show(expected)}"
    return [Fault(name, problem, f"ret rows på kortet i {CARDS}, eller {GET_AGAIN}")]


def _check_survey_card(cards):
    missing = [name for name in ("title", "data_date", "microdata") if not cards.get(name)]
    faults = [Fault(CARDS, f"feltet {name} mangler", "udfyld det") for name in missing]
    named = [str(cards.get("microdata", "")), REGISTRY, POPULATION, PUBLISHED]
    bare = [name for name in named if name and name not in cards["files"]]
    faults += [Fault(name, "filen har intet kort", NO_CARD) for name in bare]
    return faults + [Fault(CARDS, *fault) for fault in _list_problems(cards)]


def _list_problems(cards):
    """(problem, remedy) of each field of a survey's card that cannot be understood."""
    if cards.get("data_date") and not _is_date(cards["data_date"]):
        yield "feltet data_date er ikke en dato", "skriv den som 2020-02-29, uden klokkeslæt"
    if cards.get("lonely", "fail") not in LONELY_RULES:
        yield "feltet lonely er ikke en regel", f"vælg en af {', '.join(LONELY_RULES)}"
    for key, allowed in CHOICES.items():
        if key in cards and cards[key] not in allowed:
            problem = f"værdien {show(cards[key], quoted=True)} i feltet {key} kendes ikke"
            yield problem, f"vælg en af {', '.join(allowed)}"
    for key in (key for key in TOLERANCES if key in cards):
        number = isinstance(cards[key], int | float) and not isinstance(cards[key], bool)
        if not number or not 0 <= cards[key] < 1:
            remedy = "skriv det med decimalpunktum, fx 0.01"
            yield f"feltet {key} er ikke et tal mellem 0 og 1", remedy
    yield from _list_limit_problems(cards.get("limits", {}))
    yield from list_problems(cards)
    yield from weighting.list_problems(cards)
    rounds = cards.get("rounds", [])
    if not isinstance(rounds, list) or not all(is_folder(one) for one in rounds):
        remedy = "skriv en liste af mapper ved siden af denne, fx rounds: [barometer-2018]"
        yield "feltet rounds er ikke en liste af mapper", remedy
    # A rule whose name is misspelt would be no rule, and other numbers would come out.
    for key in sorted(cards.keys() - {*SURVEY_FIELDS}, key=str):
        if near := get_close_matches(str(key).lower(), SURVEY_FIELDS, 1, LIKE):
            yield f"feltet {show(key)} kendes ikke", f"ret det til {near[0]}, eller fjern det"
    origins = [card.get("origin") for card in cards["files"].values() if isinstance(card, dict)]
    if "synthetic" in origins and not cards.get("notice"):
        yield "feltet notice mangler", "skriv, hvad læseren skal vide om de syntetiske data"


def _list_limit_problems(limits):
    """The same of `limits`, the rules' limits that are the survey's own."""
    form = "{value: 5, reason: …, source: …}"
    if not isinstance(limits, dict):
        yield "feltet limits er ikke en liste af grænser", f"skriv fx smallest_count: {form}"
        return
    for name, entry in limits.items():
        if name not in LIMITS:
            known = ", ".join(LIMITS)
            yield f"grænsen {show(name)} kendes ikke", f"skriv en af {known}"
        elif not isinstance(entry, dict) or sorted(entry) != sorted(LIMIT_FIELDS):
            yield f"grænsen {name} har ikke felterne {show_list(LIMIT_FIELDS)}", f"skriv {form}"
        elif not all(
            isinstance(entry[key], str) and entry[key].strip() for key in LIMIT_FIELDS[1:]
        ):
            yield f"grænsen {name} mangler sin grund eller kilde", "skriv reason og source i ord"
        elif not _is_within(entry["value"], *LIMITS[name]):
            least, most = (str(end).replace(".", ",") for end in LIMITS[name])
            what = "et tal" if isinstance(LIMITS[name][0], float) else "et helt tal"
            yield f"grænsen {name} er ikke {what} fra {least} til {most}", "ret value"


def _is_within(value, least, most):
    kinds = int if isinstance(least, int) else int | float
    return isinstance(value, kinds) and not isinstance(value, bool) and least <= value <= most


def _check_card(name, card):
    text = name if isinstance(name, str) else ""
    if text in ("", "..") or Path(text).name != text or set(text) & set("\\:"):
        problem = f"{show(name, quoted=True)} er ikke et filnavn"
        return [Fault(CARDS, problem, "skriv navnet på en fil i mappen, uden sti")]
    if not isinstance(card, dict):
        remedy = f"udfyld {', '.join(CARD_FIELDS)} i {CARDS}"
        return [Fault(name, "kortet har ingen felter", remedy)]
    required = CARD_FIELDS if name.lower().endswith(ROWLESS) else (*CARD_FIELDS, "rows")
    missing = [key for key in required if card.get(key) in (None, "")]
    problem = f"kortet mangler {show_list(missing)}"
    faults = [Fault(name, problem, f"udfyld det i {CARDS}")] if missing else []
    if card.get("origin") and card["origin"] not in ORIGINS:
        faults.append(Fault(name, "kortets origin kendes ikke", f"vælg en af {', '.join(ORIGINS)}"))
    if card.get("sha256") and not re.fullmatch("[0-9a-fA-F]{64}", str(card["sha256"])):
        remedy = "skriv den som 64 tegn af 0-9 og a-f i anførselstegn"
        faults.append(Fault(name, "kortets sha256 er ikke en kontrolsum", remedy))
    return faults


def is_folder(name):
    """Whether a name is of a folder beside another, and no path."""
    return isinstance(name, str) and name not in ("", ".", "..") and Path(name).name == name


def list_rounds(folder):
    """The folders of earlier rounds that a survey's card names; none where it cannot be read."""
    try:
        names = read_yaml(Path(folder) / CARDS).get("rounds") or []
        return [Path(folder).resolve().parent / name for name in names if is_folder(name)]
    except (OSError, ValueError, TypeError, AttributeError):
        return []


def read_file(path):
    """The bytes of a file. Raises `DataFault` where it is missing or cannot be opened."""
    try:
        if not path.exists():  # a Mac may have written å in its name as two characters
            alike = (one for one in path.parent.iterdir() if normalise(one.name) == path.name)
            path = next(alike, path)
        return path.read_bytes()
    except OSError:
        problem = "filen mangler eller kan ikke åbnes"
        refuse(path.name, problem, f"læg den i mappen {path.parent.name}")


def _is_date(value):
    # 20200229 and 2020-W09-6 are dates to Python too.
    try:
        form = re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", str(value))
        return bool(form and date.fromisoformat(str(value)))
    except ValueError:
        return False


def hash_survey(folder):
    """{name: sha256} of cards.yaml and of the files with a card there, if it can be read; and of
    the card of each release.
    """
    try:
        named = {str(name) for name in read_yaml(folder / CARDS)["files"]}
    except (OSError, ValueError, KeyError, TypeError):
        named = set()
    # Exceptions from the rules are refused where they have no card, and so must be seen.
    found = {normalise(path.name): path for path in sorted(folder.glob("*")) if path.is_file()}
    named = {CARDS, EXCEPTIONS, *named}
    for path in sorted(folder.glob(f"{RELEASES}/*/{RELEASE}")):
        named.add(name := path.relative_to(folder).as_posix())
        found[name] = path
    return {name: hash_file(found[name]) for name in sorted(named & {*found})}
