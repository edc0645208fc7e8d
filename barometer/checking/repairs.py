"""Mends in CSV files what cannot change an answer: spaces around names and cells, and columns whose
names differ from the registry's in capitals alone.
"""

import csv
import io

from barometer.data.cards import POPULATION, PUBLISHED, read_cards
from barometer.data.reading import KEYS, STRATUM_COLUMNS
from barometer.data.registry import read_questionnaire
from barometer.designs.declared import read_declared
from barometer.files.csv_files import parse_csv
from barometer.files.faults import DataFault
from barometer.files.texts import write_alike
from barometer.files.writing import write_text
from barometer.text import format_count


def repair(folder):
    """Mend a survey's CSV files. Returns a sentence for each mended one; the seal is the person's.

    Raises `DataFault` where cards or registry cannot be read: names are not known then.
    """
    cards = read_cards(folder)
    registry = read_questionnaire(folder / "questionnaire.yaml")
    expected = {
        cards["microdata"]: [*KEYS, *registry.columns, *read_declared(cards).every_column],
        POPULATION: [*STRATUM_COLUMNS, *registry.background],
        PUBLISHED: [],
    }
    mended = []
    for name, columns in expected.items():
        path = folder / name
        if name.endswith(".csv") and path.exists() and (changed := _repair_file(path, columns)):
            mended.append(f"{name}: {changed}")
    return mended


def _repair_file(path, columns):
    """Mend one file; what was mended, as a clause, or ""."""
    try:
        table = parse_csv(path.name, path.read_bytes()).table.fillna("")
    except DataFault:
        return ""  # it cannot be read, as the check says
    known = {write_alike(name): name for name in columns}
    names = [known.get(write_alike(name), name.strip()) for name in table]
    if len({*names}) < len(names):
        return ""  # two columns would have one name
    renamed = sum(one != other for one, other in zip(names, table, strict=True))
    stripped = table.map(str.strip)
    cells = int((stripped != table).to_numpy().sum())
    if not renamed and not cells:
        return ""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(stripped.itertuples(index=False))
    write_text(path, text.getvalue())
    parts = [f"{format_count(renamed)} kolonnenavne er skrevet som i registret"] if renamed else []
    parts += [f"mellemrum er fjernet om {format_count(cells)} felter"] if cells else []
    return " og ".join(parts)
