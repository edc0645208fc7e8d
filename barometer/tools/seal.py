"""Puts the checksums of a survey's files on their cards: `python -m barometer seal [FOLDER]`.

To be run by the person who changed a file on purpose: from then on the new content is
accepted. Where they have cards, the data dictionary is made anew from the registry, and the plan of
closed cells from all of it. The folder is changed only when everything is ready, cards.yaml last:
until then the cards are the old ones, and a file that has been replaced already is not the one that
they name.
"""

import stat
import sys
from dataclasses import dataclass
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path

from barometer.data.cards import CARDS, CLOSED, parse_cards, read_file
from barometer.data.registry import read_questionnaire
from barometer.data.variables import make_dictionary
from barometer.designs.declared import read_declared
from barometer.disclosure.closed import read_cells, write_closed
from barometer.disclosure.plan import SECONDARY
from barometer.files.console import is_watched
from barometer.files.faults import DataFault, Fault, raise_faults
from barometer.files.texts import normalise
from barometer.files.writing import clear_fresh, write_file
from barometer.files.yaml_files import load_yaml
from barometer.languages.speaking import speak
from barometer.machine import count_cores
from barometer.parameters import Parameters, check_parameters, resolve_data
from barometer.run.work import shorten
from barometer.searchers.cluster import Cluster
from barometer.searchers.processes import Processes
from barometer.suppression.bounds import AT_WORK, Progress, tell_once
from barometer.survey import bind_files
from barometer.survey_files import leave_plan, read_files
from barometer.text import format_count
from barometer.tools.card_text import put_checksums
from barometer.tools.collecting import ChapterFailed, plan_chapters
from barometer.tools.command_line import add_survey, make_parser, read_address, read_count
from barometer.tools.summary import list_costs

DICTIONARY = "dictionary.csv"
BLANK = "0" * 64  # for a file that is not made yet
INTERRUPTED = 130  # exit code
HELP = """Forsegl en undersøgelse: skriv filernes kontrolsummer i cards.yaml, når en fil er \
ændret med vilje.

Filerne efterses som ved en kørsel. Har de kort, laves dataordbogen (dictionary.csv) og planen \
over lukkede celler
(closed.yaml) på ny; planen kan tage nogle minutter, og --time-limit sætter en grænse.
Er noget galt med filerne, bliver mappen, som den var."""

REACHED = (
    "Tidsgrænsen blev nået: Der er lukket flere celler, end der behøvedes. Giv forseglingen "
    "længere tid, så færre lukkes.\n"
)
GIVEN_UP = (
    "Planen var for stort et arbejde: Alt, hvad der endnu ikke var regnet på, er lukket. Færre "
    "celler lukkes, når rapporterne har færre eller større dele (domains i questionnaire.yaml), og "
    "når kapitlerne spørger om færre grupper eller samler svar, som få har givet. Det hjælper ikke "
    "at give længere tid.\n"
)


CHANGES = (
    "Lukkes nu, men kunne vises før",
    "Nye i planen og lukkede",
    "Kan vises nu, men var lukkede før",
)
MOST = 12  # cells that are named under each of them


@dataclass(frozen=True)
class Sealed:
    """`checksums`: {file: sha256}; `closed`: the plan's {cell: rule}, None for no plan; `changes`:
    lines on what is closed otherwise than by the plan before; `costs`: on what is closed most.
    """

    checksums: dict
    closed: dict | None
    changes: tuple = ()
    costs: tuple = ()


def seal_survey(folder, tell=tell_once, plan=plan_chapters):
    """Seal the folder, if nothing is wrong with it, and with the plan of closed cells where that
    has a card.

    `tell(done, before)` is called while the plan is made, see `bounds.py`; `plan`: what makes it.
    Returns `Sealed`. Raises `DataFault`, `ChapterFailed`, `NoPlan` or `OSError`, and leaves the
    folder as it is.
    """
    folder = Path(folder)
    content = read_file(folder / CARDS)
    found = _hash_carded(folder, content)
    cards = parse_cards(put_checksums(content, found | {CLOSED: BLANK, DICTIONARY: BLANK}))
    unplanned = leave_plan(cards)
    survey = bind_files(read_files(folder, unplanned), folder.name, Parameters(data=str(folder)))
    made, closed, changes, costs = _make_dictionary(survey.registry, cards), None, (), ()
    if CLOSED in cards["files"]:
        before, planned = _read_before(folder), plan(survey, folder, dict(made), tell)
        changes = tuple(_list_changes(survey.registry, before, planned))
        costs = tuple(list_costs(survey.registry, planned))
        closed, made[CLOSED] = planned.closed, write_closed(planned, cards).encode()
    if read_file(folder / CARDS) != content or _hash_carded(folder, content) != found:
        raise DataFault(
            [Fault(CARDS, "en af mappens filer blev ændret, mens den blev forseglet", "kør igen")]
        )
    return Sealed(_replace(folder, content, found, made), closed, changes, costs)


def _read_before(folder):
    """(cells that the plan in a folder was made for, those that it closes); None for no plan."""
    try:
        planned, closed = read_cells(read_file(folder / CLOSED))
    except (OSError, DataFault, TypeError, KeyError):
        return None
    return planned, {*closed}


def _list_changes(registry, before, planned):
    """Lines on the cells that a plan closes and the one before did not, and on those it opens."""
    if before is None:
        return
    scope, closed = before
    fresh = planned.closed.keys() - closed
    parts = fresh & scope, fresh - scope, closed & planned.scope - planned.closed.keys()
    for title, cells in zip(CHANGES, map(sorted, parts), strict=True):
        if cells:
            yield f"{title}: {format_count(len(cells))}"
        for item, group, domain in cells[:MOST]:
            yield f"  {item} / {group} / {domain}: {registry.label(item)}"
        if len(cells) > MOST:
            yield f"  Og {format_count(len(cells) - MOST)} til."


def seal_cards(folder):
    """Only put the checksums on the cards: whether the files are right is not checked, nor is a
    plan made for them, and one that was made for others is refused when the survey is opened.
    Returns {file: checksum}.
    """
    folder = Path(folder)
    content = read_file(folder / CARDS)
    made = {}
    if DICTIONARY in _name_carded(content):
        registry = read_questionnaire(folder / "questionnaire.yaml")
        made = _make_dictionary(registry, load_yaml(CARDS, content))
    found = _hash_carded(folder, content, (DICTIONARY,))
    return _replace(folder, content, found, made)


def _replace(folder, content, found, made):
    """Write what was made, then the cards, each whole. Returns {file: checksum}."""
    clear_fresh(folder)
    checksums = found | {name: sha256(new).hexdigest() for name, new in made.items()}
    # of a file that is new: who may read one, may read all
    mode = stat.S_IMODE((folder / CARDS).stat().st_mode)
    for name, new in (made | {CARDS: put_checksums(content, checksums)}).items():
        path = (folder / name).resolve()  # of a link, the file that it leads to
        if not path.exists():
            write_file(path, new, mode)
        elif path.read_bytes() != new:
            write_file(path, new, stat.S_IMODE(path.stat().st_mode))
    return {name: checksums[name] for name in _name_carded(content)}


def _make_dictionary(registry, cards):
    """{file: bytes} of the data dictionary, where it has a card."""
    if DICTIONARY not in cards["files"]:
        return {}
    with speak(registry.language):
        drawn = read_declared(cards).describe(registry.columns)
        table = make_dictionary(registry, drawn).to_csv(index=False, lineterminator="\n")
    return {DICTIONARY: table.encode()}


def _name_carded(content):
    """The names of the files that have cards."""
    cards = load_yaml(CARDS, content)
    files = cards.get("files") if isinstance(cards, dict) else None
    return [str(name) for name in files] if isinstance(files, dict) else []


def _hash_carded(folder, content, made=(CLOSED, DICTIONARY)):
    """{file: sha256} of the files that have cards, but for those that are made."""
    there = {normalise(path.name): path for path in folder.iterdir()}
    names = [name for name in _name_carded(content) if name not in made]
    remedy = "læg den i undersøgelsens mappe"
    raise_faults([Fault(name, "filen mangler", remedy) for name in names if name not in there])
    return {name: _hash_file(there[name]) for name in names}


def _hash_file(path):
    with open(path, "rb") as file:
        return file_digest(file, "sha256").hexdigest()


def tell_plan(closed):
    """How many cells a plan closes, and why, as a sentence; or that none is kept."""
    if closed is None:
        return (
            f"Ingen plan over lukkede celler er gemt her, for {CLOSED} har intet kort i {CARDS}. "
            f"Den laves og "
            "gemmes i internal/, første gang undersøgelsen åbnes."
        )
    secondary = list(closed.values()).count(SECONDARY)
    return (
        f"Planen lukker {format_count(len(closed))} celler: "
        f"{format_count(len(closed) - secondary)} efter reglerne "
        f"og {format_count(secondary)}, så de ikke kan regnes ud af de andre."
    )


def main(arguments=None):
    """Seal a folder (default: the project's own). Returns the exit code."""
    given = _read_arguments(arguments)
    folder, progress, workers = given.folder, Progress(given.time_limit), None
    try:
        folder = resolve_data(check_parameters(data=folder).data)
        if CLOSED in _name_carded(read_file(folder / CARDS)):
            sys.stderr.write(f"{AT_WORK}")
            progress.begin("Undersøgelsens filer efterses")
        workers = _find_workers(given.cluster)
        sealed = _seal(folder, progress, workers)
    except DataFault as fault:
        return _refuse(fault.message_for(sys.stderr))
    except ChapterFailed as error:
        return _refuse(error.message_for(sys.stderr))
    except (OSError, ValueError) as error:
        return _refuse(shorten(error))
    except KeyboardInterrupt:
        _refuse("Det blev afbrudt.")
        return INTERRUPTED
    finally:
        progress.close()
        if workers:
            workers.leave()
    # in a log they would confirm a guess of a confidential file's content
    if is_watched(sys.stdout):
        for name, checksum in sealed.checksums.items():
            sys.stdout.write(f"{checksum}  {name}\n")
    count = format_count(len(sealed.checksums))
    sys.stdout.write(f"{folder.name} er forseglet, {count} filer. {tell_plan(sealed.closed)}\n")
    sys.stdout.write("".join(f"{line}\n" for line in (*sealed.changes, *sealed.costs)))
    if progress.reached or progress.given_up:
        sys.stdout.write(REACHED if progress.reached else GIVEN_UP)
    return 0


def _find_workers(cluster):
    """Who searches: workers of the cluster at an address, else a process for each core; this one
    where there is no other core.
    """
    if cluster:
        return Cluster(cluster)
    return Processes() if count_cores() > 1 else None


def _seal(folder, progress, workers):
    return seal_survey(folder, progress, partial(plan_chapters, workers=workers))


def _refuse(why):
    start = "\r" if is_watched(sys.stderr) else ""
    sys.stderr.write(f"{start}Mappen blev ikke forseglet.\n{why}\n")
    return 1


def _read_arguments(arguments):
    """The folder that was named, and the options."""
    parser, add = make_parser("seal", HELP, "Mappen blev ikke forseglet.")
    add_survey(add)
    add(
        "--time-limit",
        type=read_count,
        metavar="SEKUNDER",
        help="hvor længe planen må tage; er det for kort, lukkes flere celler end nødvendigt, og "
        "det siges (ingen grænse)",
    )
    add(
        "--cluster",
        type=read_address,
        metavar="ADRESSE",
        help="lad en Dask-klynge lede efter de celler, der må lukkes; planlæggerens adresse, fx "
        "tcp://HOST:8786",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
