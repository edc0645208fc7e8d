"""Valid survey folders with few of the shipped survey's respondents; what they stand for follows
them.
"""

import csv
import io

from tests.make.perturbed import find_sector, read_answers, write_answers
from tests.make.shipped import copy_sectors


def make_thinned(folder, kept):
    """Write the shipped survey with at most `kept` = {sector: n} respondents of each sector, still
    to be sealed.

    They are of as few strata as can be. Weights stay as they are, and each stratum has as many
    units as its weights add up to; strata without respondents are no part of the population.
    """
    copy_sectors(folder)
    rows = sorted(read_answers(folder), key=lambda row: row["stratum"])
    chosen = [
        row
        for sector, n in kept.items()
        for row in [row for row in rows if find_sector(row) == sector][:n]
    ]
    sizes = {}
    for row in chosen:
        sizes[row["stratum"]] = sizes.get(row["stratum"], 0) + float(row["weight"])
    for row in chosen:  # whole units, and weights that add up to them
        whole = round(sizes[row["stratum"]])
        row["weight"] = repr(float(row["weight"]) * whole / sizes[row["stratum"]])
    write_answers(folder, chosen)
    text = (folder / "population.csv").read_text(encoding="utf-8")
    strata = [row for row in csv.DictReader(io.StringIO(text)) if row["stratum"] in sizes]
    table = io.StringIO()
    writer = csv.DictWriter(table, list(strata[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(row | {"units": round(sizes[row["stratum"]])} for row in strata)
    (folder / "population.csv").write_text(table.getvalue(), encoding="utf-8")
    cards = (folder / "cards.yaml").read_text(encoding="utf-8")
    head, tail = cards.split("  population.csv:\n")
    rows_before = next(line for line in tail.splitlines() if line.strip().startswith("rows: "))
    tail = tail.replace(rows_before, f"    rows: {len(strata)}", 1)
    (folder / "cards.yaml").write_text(
        f"{head}  population.csv:\n{tail}".replace("lonely: fail", "lonely: adjust"),
        encoding="utf-8",
    )
    return folder
