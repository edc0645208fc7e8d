"""Prepares a folder of reports to be published and has it approved: `python -m barometer publish
NAME [FOLDER]`.

The first call makes a parcel of exactly what may leave. Two people approve it, each by name, and
what they approve is the manifest's checksum: a parcel that is made anew with other contents has to
be approved anew. With the second name the release is remembered, as by `release`.
"""

import json
import shlex
import sys
from datetime import date
from pathlib import Path

from barometer import paths
from barometer.data.cards import REGISTRY
from barometer.data.registry import read_questionnaire
from barometer.files.private import locate_internal, make_private, write_private
from barometer.files.texts import normalise
from barometer.languages.speaking import speak
from barometer.parameters import check_parameters, resolve_data
from barometer.publishing.command import main as release
from barometer.publishing.noting import describe_changes
from barometer.publishing.parcel import (
    ParcelError,
    collect_parcel,
    find_altered,
    read_manifest,
    write_parcel,
)
from barometer.releases.memory import check_name, list_releases
from barometer.releases.reading import merge_cells, read_folder
from barometer.tools.command_line import make_parser
from barometer.verify.certificate import describe_proof

HELP = """Gør en mappe med rapporter klar til udgivelse: præcis det, der må lægges ud, med \
manifest, kontrolsummer, bevis, licens og en note om, hvad der er ændret siden sidst.

To navngivne personer skal godkende pakken (--approve), før den er udgivet og huskes."""
NEEDED = 2  # people
MOST = 10  # files that stay, by name


def main(arguments=None, today=None):
    """Prepare or approve. Returns the exit code."""
    given = _read_arguments(arguments)
    today = today or date.today().isoformat()
    reports = given.folder or paths.OUTPUTS
    if not reports.is_dir():
        raise ValueError(f"{reports}: mappen mangler.")
    folder = Path(resolve_data(check_parameters(data=given.data).data))
    check_name(folder, given.name)
    place = given.output or reports.parent / "published" / given.name
    record = locate_internal(reports.resolve()) / f"approvals-{given.name}.json"
    if given.approve is None:
        _prepare(folder, given, reports, place)
        return 0
    return _approve(given, folder, reports, place, record, today)


def _prepare(folder, given, reports, place):
    name, unproved = given.name, given.unproved
    parcel = collect_parcel(reports.resolve())
    faults = describe_proof(reports)[1]
    if faults and not unproved:
        remedy = "Læg den kun ud med --unproved, hvis det er set efter (docs/confidentiality.md)."
        raise ParcelError("\n".join(["Beviset dækker ikke alt:", *faults[:MOST], remedy]))
    cells = merge_cells(read_folder(reports).cells.values())
    earlier = max(list_releases(folder), key=lambda one: one.place, default=None)
    language = parcel.meta["language"]
    registry = read_questionnaire(folder / REGISTRY, language)
    with speak(language):
        checksum = write_parcel(place, name, parcel, describe_changes(earlier, cells, registry))
    sys.stdout.write(
        f"{name} er gjort klar i {place}: {len(parcel.files)} filer. Kontrolsum: {checksum}\n"
    )
    for path in parcel.kept[:MOST]:
        sys.stdout.write(f"  Ikke med, for kørslen har ikke skrevet den: {path}\n")
    if len(parcel.kept) > MOST:
        sys.stdout.write(f"  Og {len(parcel.kept) - MOST} filer til.\n")
    sys.stdout.write(
        f"Den er ikke udgivet. {NEEDED} personer skal godkende den: python -m barometer publish "
        f'{_repeat(given)} --approve "Fornavn Efternavn"\n'
    )


def _repeat(given):
    """What was written after the command, for the next one."""
    words = [given.name, *([given.folder] if given.folder else [])]
    words += ["--output", given.output] if given.output else []
    words += ["--data", given.data] if given.data != paths.name_default() else []
    return shlex.join(map(str, words))


def _approve(given, folder, reports, place, record, today):
    if not (checksum := read_manifest(place)):
        raise ParcelError(f"{place}: der er ingen pakke. Kør først publish {given.name}.")
    if altered := find_altered(place):
        raise ParcelError(
            f"{place}: {', '.join(altered)} er ikke, som pakken blev lavet. Lav den igen."
        )
    person = " ".join(normalise(given.approve).split())
    if len(person.split()) < 2:
        raise ParcelError(f"»{person}« er ikke et fuldt navn. Skriv fornavn og efternavn.")
    approvals = [one for one in _read(record) if one["manifest"] == checksum]
    if person.casefold() in [one["name"].casefold() for one in approvals]:
        raise ParcelError(f"{person} har godkendt pakken før. En anden skal godkende den også.")
    approvals.append({"name": person, "date": today, "manifest": checksum})
    make_private(record.parent)
    write_private(record, json.dumps(approvals, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.write(f"{person} har godkendt {given.name} ({checksum}).\n")
    if len(approvals) < NEEDED:
        sys.stdout.write(f"Den er ikke udgivet: {NEEDED - len(approvals)} mangler at godkende.\n")
        return 0
    done = release([given.name, str(place), "--data", str(folder)], today)
    if not done:
        names = " og ".join(one["name"] for one in approvals)
        sys.stdout.write(f"{given.name} er udgivet, godkendt af {names}. Læg {place} ud.\n")
    return done


def _read(record):
    try:
        return json.loads(record.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError:
        raise ParcelError(
            f"{record}: godkendelserne kan ikke læses. Slet filen, og godkend igen."
        ) from None


def _read_arguments(arguments):
    parser, add = make_parser("publish", HELP, "Intet er gjort klar eller udgivet.")
    add("name", metavar="NAVN", help="hvad udgivelsen skal hedde, fx foraar-2020")
    add("folder", nargs="?", type=Path, metavar="MAPPE", help="rapporternes mappe (outputs/)")
    add("--approve", metavar="PERSON", help="godkend pakken med fornavn og efternavn")
    add("--unproved", action="store_true", help="også når beviset ikke dækker alle lukkede celler")
    add(
        "--output",
        type=Path,
        metavar="MAPPE",
        help="hvor pakken lægges (published/NAVN ved siden af rapporternes mappe)",
    )
    add(
        "--data",
        default=paths.name_default(),
        metavar="UNDERSØGELSE",
        help="navn under data/ eller sti (%(default)s)",
    )
    add("-h", "--help", action="help", help="vis denne hjælp")
    return parser.parse_args(arguments)
