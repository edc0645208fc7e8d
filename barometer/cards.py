"""The cards of a survey's files (cards.yaml): a file is read only if it has one and its bytes are those it names.

Each function that reads raises `DataFault` with all that is wrong with its file.
"""
import hashlib
import re
from datetime import date
from pathlib import Path

import yaml

from barometer.faults import DataFault, Fault, check_texts, raise_faults, show, show_list
from barometer.formats import GET_AGAIN, decode
from barometer.numbers import format_count

CARDS, REGISTRY, POPULATION, PUBLISHED = "cards.yaml", "questionnaire.yaml", "population.csv", "published.csv"
CARD_FIELDS = ("title", "producer", "round", "collected", "origin", "licence", "citation", "sha256")
ORIGINS = ("synthetic", "real")
NO_CARD = f"giv den et kort i {CARDS}, for en fil uden kort læses ikke"
ALIAS = re.compile(r"\*[\w-]")
LARGEST = 500_000   # bytes of a YAML file: takes seconds to read; the third round's registry has 21,000
LONELY_RULES = ("fail", "adjust", "certainty")
DEEPEST = 50    # levels within each other; a registry has six
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)   # the same in C, ten times as fast, where it is built in


def read_cards(folder):
    """The cards of a survey's files (cards.yaml), complete: `notice` is there, empty if the file has none."""
    content = _read_file(Path(folder) / CARDS)
    cards = load_yaml(CARDS, content)
    if not isinstance(cards, dict) or not isinstance(cards.get("files"), dict):
        raise DataFault([Fault(CARDS, "filen mangler afsnittet files", "giv hver fil et kort under files")])
    faults = _check_survey_card(cards)
    raise_faults(faults + [fault for name, card in cards["files"].items() for fault in _check_card(name, card)])
    return {"notice": "", **cards}


def read_bytes(folder, filename, cards):
    """The bytes of a file that has a card, if they are those its card names."""
    if filename not in cards["files"]:
        raise DataFault([Fault(filename, "filen har intet kort", NO_CARD)])
    content = _read_file(Path(folder) / filename)
    found = hashlib.sha256(content).hexdigest()
    if found != str(cards["files"][filename]["sha256"]).lower():
        remedy = f"hent filen igen, eller kør python -m barometer.seal, hvis ændringen er tilsigtet (sha256: {found})"
        raise DataFault([Fault(filename, "kontrolsummen er en anden end kortets", remedy)])
    return content


def check_length(name, table, cards):
    """The fault, as a list, of a table that has not as many rows as its card says."""
    expected = cards["files"][name].get("rows")
    if len(table) == expected:
        return []
    problem = f"antallet af rækker er {format_count(len(table))}, men kortet siger {show(expected)}"
    return [Fault(name, problem, f"ret rows på kortet i {CARDS}, eller {GET_AGAIN}")]


def load_yaml(name, content):
    """What a YAML file of the folder says, by the safe loader; its texts are fit for readers. All come here."""
    if len(content) > LARGEST:
        problem = f"filen er på {format_count(len(content))} bytes, og grænsen er {format_count(LARGEST)}"
        raise DataFault([Fault(name, problem, f"forkort den, eller {GET_AGAIN}")])
    text = decode(name, content)
    _refuse_aliases(name, text)
    try:
        _refuse_depth(text)
        found = yaml.load(text, SAFE_LOADER)
        faults = check_texts(name, _list_texts(found))
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, LookupError, OverflowError, AttributeError) as error:
        problem = f"filen er ikke gyldig YAML{_name_line(error)}"
        raise DataFault([Fault(name, problem, "ret linjen, eller hent filen igen")]) from None
    raise_faults(faults)
    return found


def _refuse_depth(text):
    """The loader in C calls itself for each level, and a file of nothing but levels would end the program."""
    depth = 0
    for event in yaml.parse(text, SAFE_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} levels")


def _list_texts(part, where=""):
    """(where it stands, text) of every text in what a YAML file says, names included."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield f"et navn under {where or 'filen'}", str(name)
            yield from _list_texts(value, f"{where}.{show(name)}".lstrip("."))
    elif isinstance(part, list | tuple | set):
        for value in part:
            yield from _list_texts(value, where)
    else:
        yield where, str(part)


def _refuse_aliases(name, text):
    """Raise `DataFault` for YAML that repeats parts by reference: a few lines of it can fill any memory."""
    try:
        # Scanning is slow; a text without "*name" has no references.
        has_alias = ALIAS.search(text) and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text))
    except (yaml.YAMLError, RecursionError, ValueError):
        return   # not YAML at all, as the parser will say
    if has_alias:
        raise DataFault([Fault(name, "filen bruger henvisninger (*)", "skriv indholdet ud de steder, det bruges")])


def _name_line(error):
    """Where a YAML file stopped making sense: its own words would quote the file."""
    mark = getattr(error, "problem_mark", None)
    return f" (linje {mark.line + 1})" if mark else ""


def _check_survey_card(cards):
    missing = [name for name in ("title", "data_date", "microdata") if not cards.get(name)]
    faults = [Fault(CARDS, f"feltet {name} mangler", "udfyld det") for name in missing]
    microdata = str(cards.get("microdata", ""))
    for name in (microdata, REGISTRY, POPULATION, PUBLISHED):
        if name and name not in cards["files"]:
            faults.append(Fault(name, "filen har intet kort", NO_CARD))
    if cards.get("data_date") and not _is_date(cards["data_date"]):
        faults.append(Fault(CARDS, "feltet data_date er ikke en dato", "skriv den som 2020-02-29"))
    if cards.get("lonely", "fail") not in LONELY_RULES:
        faults.append(Fault(CARDS, "feltet lonely er ikke en regel", f"vælg en af {', '.join(LONELY_RULES)}"))
    synthetic = any(isinstance(card, dict) and card.get("origin") == "synthetic" for card in cards["files"].values())
    if synthetic and not cards.get("notice"):
        faults.append(Fault(CARDS, "feltet notice mangler", "skriv, hvad læseren skal vide om de syntetiske data"))
    return faults


def _check_card(name, card):
    if not isinstance(name, str) or name in ("", "..") or Path(name).name != name or set(name) & set("\\:"):
        problem = f"{show(name, quoted=True)} er ikke et filnavn"
        return [Fault(CARDS, problem, "skriv navnet på en fil i mappen, uden sti")]
    if not isinstance(card, dict):
        return [Fault(name, "kortet har ingen felter", f"udfyld {', '.join(CARD_FIELDS)} i {CARDS}")]
    required = CARD_FIELDS if name.endswith(".yaml") else (*CARD_FIELDS, "rows")
    missing = [key for key in required if card.get(key) in (None, "")]
    faults = [Fault(name, f"kortet mangler {show_list(missing)}", f"udfyld det i {CARDS}")] if missing else []
    if card.get("origin") and card["origin"] not in ORIGINS:
        faults.append(Fault(name, "kortets origin kendes ikke", f"vælg en af {', '.join(ORIGINS)}"))
    if card.get("sha256") and not re.fullmatch("[0-9a-fA-F]{64}", str(card["sha256"])):
        remedy = "skriv den som 64 tegn af 0-9 og a-f i anførselstegn"
        faults.append(Fault(name, "kortets sha256 er ikke en kontrolsum", remedy))
    return faults


def _read_file(path):
    try:
        return path.read_bytes()
    except OSError:
        problem = "filen mangler eller kan ikke åbnes"
        raise DataFault([Fault(path.name, problem, "læg den i undersøgelsens mappe")]) from None


def _is_date(value):
    try:
        return isinstance(value, date) or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False
