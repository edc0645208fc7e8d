"""A slide for each figure: title, a chart of the program's own that can be edited, note, source."""

import io

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Emu, Inches, Pt

from barometer.document.imprint import date_file
from barometer.exports.cells import list_exhibits
from barometer.figures.charts import ANSWERS, EVERYBODY, FIRST, SECOND
from barometer.forms import MEASURES
from barometer.languages.speaking import _
from barometer.office.packages import name_language, settle_package
from barometer.report.workbook import N, split_columns
from barometer.text import FORMS, NBSP, Number

WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, ACROSS = Inches(0.6), Inches(12.13)
COVER, TITLE_ONLY = 0, 5  # layouts of the library's template
MEANS = tuple(forms[0] for name, forms in MEASURES.items() if name != "share")
SHOWN = ("percent", "one_decimal", *MEANS)  # forms of the numbers that a chart shows


def render_slides(document):
    """A presentation's bytes: a cover, a slide for each figure whose table has shares or means."""
    meta, deck = document["meta"], Presentation()
    deck.slide_width, deck.slide_height = WIDE, HIGH
    about = deck.core_properties
    about.title, about.author, about.subject = meta["title"], meta["author"], meta["part_label"]
    about.language, about.keywords = name_language(meta), ", ".join(meta["keywords"])
    about.comments = meta["synthetic_mark"] if meta["synthetic"] else ""
    about.last_modified_by, about.modified = meta["author"], date_file(meta).replace(tzinfo=None)
    _add_cover(deck, meta)
    for exhibit in list_exhibits(document):
        series = list_series(exhibit["table"]) if exhibit["type"] == "figure" else []
        if series:
            _add_figure(deck, meta, exhibit, series)
    for run in _list_runs(deck):
        run.get_or_add_rPr().set("lang", name_language(meta))
    file = io.BytesIO()
    deck.save(file)
    return settle_package(file.getvalue(), meta)


def list_series(table):
    """[(head, cells)] of the columns of a table that hold shares, or means, and nothing else:
    `Number` or words each. Ends of intervals are no bars.
    """
    found = []
    for head, numeric, cells in split_columns(table):
        numbers = _list_numbers(cells)
        if numeric and numbers and all(one.form in SHOWN for one in numbers):
            found.append((head, cells))
    # one axis has one unit
    return [one for one in found if _find_unit(one[1]) == _find_unit(found[0][1])]


def _add_cover(deck, meta):
    slide = deck.slides.add_slide(deck.slide_layouts[COVER])
    title, under = slide.shapes.title, slide.placeholders[1]
    title.text, under.text = f"{meta['title']}: {_('figurer')}", meta["part_label"]
    lines = [f"{meta['data_title']}, {meta['period']}", meta["cite"]]
    for line in [*([meta["synthetic_text"]] if meta["synthetic"] else []), *lines]:
        under.text_frame.add_paragraph().text = line
    _place(title, LEFT, Inches(1.2), ACROSS, Inches(1.5), 40)
    _place(under, LEFT, Inches(3), ACROSS, Inches(3.6), 18)


def _add_figure(deck, meta, exhibit, series):
    slide = deck.slides.add_slide(deck.slide_layouts[TITLE_ONLY])
    slide.shapes.title.text = exhibit["title"]
    _place(slide.shapes.title, LEFT, Inches(0.3), ACROSS, Inches(1.1), 26)
    _add_chart(slide, exhibit, series)
    mark = f" {meta['synthetic_mark']}." if meta["synthetic"] else ""
    source = f"{_('Kilde')}: {meta['data_title']}, {meta['period']}. {meta['part_label']}.{mark}"
    below = slide.shapes.add_textbox(LEFT, Inches(6.2), ACROSS, Inches(1.1))
    lines = [" ".join(filter(None, (exhibit["note"], exhibit["key"]))), source]
    below.text_frame.text = lines[0]
    below.text_frame.add_paragraph().text = lines[1]
    _place(below, LEFT, Inches(6.2), ACROSS, Inches(1.1), 12)
    spoken = [f"{exhibit['label']}. {exhibit['title']}", exhibit["alt"], *lines]
    slide.notes_slide.notes_text_frame.text = "\n".join(spoken)


def _add_chart(slide, exhibit, series):
    names, data = _name_categories(exhibit["table"], series), CategoryChartData()
    data.categories = names
    form = _write_form([one for _, cells in series for one in _list_numbers(cells)])
    for head, cells in series:
        values = [one.rounded if isinstance(one, Number) else None for one in cells]
        data.add_series(_tidy(head), values, form)
    frame = slide.shapes.add_chart(
        XL_CHART_TYPE.BAR_CLUSTERED, LEFT, Inches(1.5), ACROSS, Inches(4.6), data
    )
    described = frame._element.nvGraphicFramePr.cNvPr
    described.set("descr", exhibit["alt"])
    described.set("name", exhibit["label"])
    chart = frame.chart
    chart.has_title, chart.has_legend = False, len(series) > 1
    chart.font.size = Pt(12 if len(names) * len(series) <= 16 else 9)
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.TOP, False
    colors = (EVERYBODY,) if len(series) == 1 else (FIRST, SECOND, *ANSWERS)
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 40, 0
    for one, color in zip(plot.series, colors * len(series), strict=False):
        one.format.fill.solid()
        one.format.fill.fore_color.rgb = RGBColor.from_string(color.lstrip("#").upper())
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.number_format, labels.number_format_is_linked, labels.show_value = form, False, True
    axis = chart.category_axis
    axis.reverse_order, axis.has_major_gridlines = True, False
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # else a program leaves out every other answer where there are many
    skip = OxmlElement("c:tickLblSkip")
    skip.set("val", "1")
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
    # every bar has its number, and a bar begins at 0
    chart.value_axis.visible, chart.value_axis.has_major_gridlines = False, False
    if all((one.rounded or 0) >= 0 for _, cells in series for one in _list_numbers(cells)):
        chart.value_axis.minimum_scale = 0


def _name_categories(table, series):
    """The rows' heads, with the words or mark in place of a bar that is not there."""
    names = []
    for place, row in enumerate(table["rows"]):
        missing = [(name, cells[place]) for name, cells in series if _is_missing(cells[place])]
        alone = len(series) == 1
        noted = [
            str(one) if alone else f"{_tidy(name).partition(N)[0]}: {one!s}"
            for name, one in missing
        ]
        names.append(_tidy(f"{row[0]} ({'; '.join(noted)})" if noted else row[0]))
    return names


def _is_missing(cell):
    return not isinstance(cell, Number) or cell.rounded is None


def _list_numbers(cells):
    return [one for one in cells if isinstance(one, Number)]


def _find_unit(cells):
    return FORMS[_list_numbers(cells)[0].form][0]


def _write_form(numbers):
    """How a chart writes its numbers: with as many decimals as the one that has most."""
    factor, *_unit = FORMS[numbers[0].form]
    decimals = max(FORMS[one.form][1] for one in numbers)
    whole = "0" if factor == 100 else "#,##0"
    return whole + "." * (decimals > 0) + "0" * decimals + " %" * (factor == 100)


def _place(shape, left, top, width, height, size):
    shape.left, shape.top, shape.width, shape.height = left, top, Emu(width), Emu(height)
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    for paragraph in frame.paragraphs:
        paragraph.font.size = Pt(size)


def _list_runs(deck):
    for slide in deck.slides:
        frames = [shape.text_frame for shape in slide.shapes if shape.has_text_frame]
        frames += [slide.notes_slide.notes_text_frame] if slide.has_notes_slide else []
        for frame in frames:
            yield from frame._txBody.iter(qn("a:r"))


def _tidy(text):
    return text.replace(NBSP, " ")
