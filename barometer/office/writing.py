"""The files for other programs that lie in a report's folder, those of office programs if asked."""

from barometer.data.cards import REGISTRY
from barometer.data.registry import read_questionnaire
from barometer.exports.writing import write_data
from barometer.files.writing import write_file
from barometer.languages.speaking import spoken

OFFICE = "office"  # the format in which they are made


def write_files(folder, document, numbers, formats, data):
    """Write the further files of a report, whose figures lie there. `numbers`: rows of
    `numbers.csv`; `data`: the survey's folder.
    """
    write_data(folder, document, numbers, read_questionnaire(data / REGISTRY, spoken()))
    if OFFICE not in formats:
        return
    from barometer.office.letters import render_letter
    from barometer.office.slides import render_slides
    from barometer.office.spreadsheet import render_spreadsheet

    write_file(folder / "tables.ods", render_spreadsheet(document, numbers))
    write_file(folder / "figures.pptx", render_slides(document))
    letter = render_letter(document, lambda name: folder / "figures" / f"{name}.png")
    write_file(folder / "report.docx", letter)
