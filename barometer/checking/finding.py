"""Every fault of a project's files, whether the survey is sealed or not."""

from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise

from barometer.data.cards import CARDS, CLOSED, REGISTRY, list_rounds, parse_cards, read_file
from barometer.data.registry import RegistryError, read_questionnaire
from barometer.document.imprint import read_front
from barometer.files.faults import DataFault, Fault
from barometer.files.yaml_files import load_yaml
from barometer.rounds.identity import find_changes, find_other_parts
from barometer.survey_files import read_files
from barometer.tools.card_text import put_checksums
from barometer.verify.typed import read_allowed

DICTIONARY = "dictionary.csv"
BLANK = "0" * 64  # of a file that is made anew by the seal


@dataclass(frozen=True)
class Found:
    """`faults`: of all files; `files`: the names of those that were looked at; `ways`: how files
    were understood; `title`, `period`: the survey's, as far as they could be read.
    """

    faults: tuple
    files: tuple
    ways: tuple = ()
    title: str = ""
    period: str = ""


def find_faults(folder):
    """`Found` of a survey's folder and of what the project keeps beside its chapters."""
    faults, ways, title, period = [], (), "", ""
    for read, arguments in ((read_front, (None,)), (read_allowed, ())):
        faults += _attempt(read, *arguments)[1]
    cards, wrong = _attempt(_read_cards, folder)
    faults += wrong
    if cards:
        files, wrong = _attempt(read_files, folder, cards)
        faults += wrong
        title = str(cards.get("title", ""))
        if files:
            ways, period = files.ways, files.registry.period
    faults += find_unlike_rounds(folder)
    names = tuple(cards["files"]) if cards else (CARDS,)
    return Found(tuple(faults), names, ways, title, period)


def find_unlike_rounds(folder):
    """Faults of earlier rounds that cannot be read, and of what is another in one round than in the
    one before without a word of it; rounds are named by their folders.
    """
    faults, rounds = [], []
    for one in [*list_rounds(folder), folder]:
        try:
            rounds.append(read_questionnaire(one / REGISTRY))
        except (OSError, KeyError, AttributeError, DataFault, RegistryError) as error:
            if one == folder:  # it is among the faults already
                return faults
            why = f"runden i {one.name} kan ikke læses: {error}"
            faults.append(Fault(CARDS, why, f"ret {REGISTRY} der, eller rounds"))
    rounds.sort(key=lambda registry: registry.round)
    for older, newer in pairwise(rounds):
        faults += [*find_changes(older, newer), *find_other_parts(older, newer)]
    return faults


def _attempt(read, *arguments):
    """(what was read or None, faults)."""
    try:
        return read(*arguments), []
    except DataFault as error:
        return None, [*error.faults]
    except RegistryError as error:
        return None, [Fault("questionnaire.yaml", str(error), "ret registret")]


def _read_cards(folder):
    """The cards with the checksums of the files as they are now: whether a change is meant is for
    the seal to ask.
    """
    content = read_file(folder / CARDS)
    named = load_yaml(CARDS, content)
    files = named.get("files") if isinstance(named, dict) else None
    checksums = {name: BLANK for name in (CLOSED, DICTIONARY) if name in (files or {})}
    for name in (files or {}).keys() - checksums.keys():
        # one that is missing is found where it is read
        with suppress(DataFault):
            checksums[name] = sha256(read_file(folder / str(name))).hexdigest()
    cards = parse_cards(put_checksums(content, checksums))
    # the plan is made anew by the seal
    return cards | {"files": {name: one for name, one in cards["files"].items() if name != CLOSED}}
