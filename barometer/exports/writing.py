"""The files for other programs that lie in a report's folder."""

from barometer.codebook import released
from barometer.exports import claims, sdmx, tables
from barometer.exports.cells import list_cells, list_exhibits
from barometer.exports.cubes import Cube, write_json_stat, write_px
from barometer.files.writing import write_file, write_text


def write_data(folder, document, numbers, registry):
    """Write the data files of a report. `numbers`: rows of `numbers.csv`."""
    cells, meta = list_cells(document, numbers), document["meta"]
    write_text(folder / claims.FILE, claims.write_claims(document, numbers))
    write_text(folder / tables.FILE, tables.write_table(cells))
    write_text(folder / sdmx.FILE, sdmx.write_sdmx(cells, meta))
    write_text(folder / tables.DESCRIPTION, tables.describe_table(meta))
    book = released.write_released(registry, meta, numbers)
    write_file(folder / released.FILE, book)
    for exhibit in list_exhibits(document):
        own = [one for one in cells if one.exhibit == exhibit["id"]]
        if own:
            cube = Cube(exhibit, own, meta)
            path = folder / "data" / exhibit["id"]
            write_text(path.with_suffix(".json"), write_json_stat(cube))
            write_text(path.with_suffix(".px"), write_px(cube))
