"""The report as a text that can be edited: real headings, lists, tables and pictures with
alternative text, in the language of the report.
"""

import io

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from barometer.document.imprint import date_file
from barometer.document.markdown import plain_text
from barometer.languages.speaking import _
from barometer.office.packages import name_language, settle_package
from barometer.office.prose import name_paragraph

FACE, DARK = "Calibri", RGBColor(0x33, 0x3F, 0x4A)
WIDTH = Cm(15.5)  # of a picture: the page's width between its margins
MARGIN = Cm(2.75)
LETTERS = 78  # of a table's size, bold, from margin to margin
FEW, MANY = 4, 50  # letters of a text that a column of a table has room for, at least and at most
AROUND = 3  # letters that a column's own margins take
LINK = RGBColor(0x12, 0x43, 0x6D)


def render_letter(document, find_picture):
    """A text document's bytes. `find_picture`: gives the path of a figure's PNG, by its id."""
    return Letter(document["meta"], find_picture).write(document)


class Letter:
    """A text document that is being written, from above."""

    def __init__(self, meta, find_picture):
        self.meta, self.find_picture, self.book = meta, find_picture, docx.Document()
        self.marks, self.notes = {}, []
        self._set_styles()

    def write(self, document):
        """The bytes of a report."""
        meta, book = self.meta, self.book
        about = book.core_properties
        about.title, about.subject = f"{meta['title']}. {meta['subtitle']}", meta["part_label"]
        about.author = about.last_modified_by = meta["author"]
        about.language, about.keywords = name_language(meta), ", ".join(meta["keywords"])
        about.created = about.modified = date_file(meta).replace(tzinfo=None)
        about.comments = meta["synthetic_mark"] if meta["synthetic"] else ""
        book.add_paragraph(meta["title"], "Title")
        book.add_paragraph(f"{meta['subtitle']}. {meta['part_label']}", "Subtitle")
        if meta["synthetic"]:
            book.add_paragraph(meta["synthetic_text"], "Intense Quote")
            book.sections[0].footer.paragraphs[0].text = meta["synthetic_mark"]
        for chapter in document["chapters"]:
            self._mark(book.add_paragraph(chapter["title"], "Heading 1"), chapter["title"])
            self._add_blocks(chapter["blocks"])
        if document["annex"]:
            book.add_paragraph(_("Bilag"), "Heading 1")
            self._add_blocks(document["annex"])
        if self.notes:
            book.add_paragraph(_("Noter"), "Heading 1")
            for number, content in self.notes:
                self._add_content(book.add_paragraph(f"{number}. "), content)
        book.add_paragraph(_("Om rapporten"), "Heading 1")
        for term, words in meta["facts"]:
            paragraph = book.add_paragraph()
            paragraph.add_run(f"{term}: ").bold = True
            paragraph.add_run(words)
        file = io.BytesIO()
        book.save(file)
        return settle_package(file.getvalue(), meta)

    def _set_styles(self):
        section = self.book.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = MARGIN
        for style in self.book.styles:
            if style.type == WD_STYLE_TYPE.PARAGRAPH:
                style.font.name = FACE
                if style.name.startswith(("Heading", "Title", "Subtitle", "Caption", "Intense")):
                    style.font.color.rgb = DARK
                fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
                for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
                    del fonts.attrib[theme]
        for language in self.book.styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), name_language(self.meta))

    def _add_blocks(self, blocks, style=None):
        for block in blocks:
            match block["type"]:
                case "heading":
                    level = min(block["level"], 9)
                    self._add_text(block["content"], f"Heading {level}")
                case "paragraph":
                    self._add_text(block["content"], style)
                case "list":
                    kind = "List Number" if block["ordered"] else "List Bullet"
                    for item in block["items"]:
                        self._add_blocks(item, kind)
                case "blockquote" | "claim":
                    self._add_blocks(block["blocks"], "Quote" if block["type"][0] == "b" else style)
                case "quote":
                    for content in filter(None, (*block["paragraphs"], block["source"])):
                        self._add_text(content, "Intense Quote")
                case "box":
                    self.book.add_paragraph(block["title"], f"Heading {min(block['level'], 9)}")
                    self._add_blocks(block["blocks"])
                case "figure" | "table":
                    self._add_exhibit(block)
                case "code":
                    self.book.add_paragraph(block["text"], "macro")

    def _add_exhibit(self, block):
        title = ". ".join(filter(None, (block["label"], block["title"])))
        if title:
            self.book.add_paragraph(title, "Caption").paragraph_format.keep_with_next = True
        if block["type"] == "figure":
            picture = self.book.add_picture(str(self.find_picture(block["id"])), width=WIDTH)
            described = picture._inline.docPr
            described.set("descr", block["alt"])
            described.set("name", block["label"])
        self._add_table(block["table"], title)
        for words in filter(None, (block["key"], block["note"])):
            paragraph = self.book.add_paragraph(words)
            paragraph.runs[0].font.size, paragraph.paragraph_format.space_before = Pt(9), Pt(6)

    def _add_table(self, table, title):
        grid = self.book.add_table(0, len(table["columns"]), "Table Grid")
        grid.autofit = True
        for column, width in zip(grid.columns, share_width(table), strict=True):
            column.width = width
        for tag, words in (("w:tblCaption", title), ("w:tblDescription", title)):
            if words:
                element = OxmlElement(tag)
                element.set(qn("w:val"), words)
                grid._tbl.tblPr.append(element)
        margins = OxmlElement("w:tblCellMar")
        for side in ("top", "bottom"):
            margin = OxmlElement(f"w:{side}")
            margin.set(qn("w:w"), "40")  # twentieths of a point
            margin.set(qn("w:type"), "dxa")
            margins.append(margin)
        grid._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)
        body = grid._tbl
        for place, line in enumerate((table["columns"], *table["rows"])):
            row = OxmlElement("w:tr")
            properties = OxmlElement("w:trPr")
            properties.append(OxmlElement("w:cantSplit"))
            if place == 0:
                properties.append(OxmlElement("w:tblHeader"))
            row.append(properties)
            for words, numeric in zip(line, table["numeric"], strict=True):
                row.append(_make_cell(words, numeric, bold=place == 0))
            body.append(row)

    def _add_text(self, content, style=None):
        paragraph = self.book.add_paragraph(style=style)
        self._add_content(paragraph, content)
        if not any(part["type"] == "claim" for part in content):
            self._mark(paragraph, plain_text(content))

    def _add_content(self, paragraph, content, bold=None, italic=None):
        for part in content:
            match part["type"]:
                case "text" | "foreign" | "code":
                    run = paragraph.add_run(part["text"])
                    run.bold, run.italic = bold, italic
                    if part["type"] == "foreign":
                        language = OxmlElement("w:lang")
                        language.set(qn("w:val"), name_language(part))
                        run._r.get_or_add_rPr().append(language)
                case "strong":
                    self._add_content(paragraph, part["content"], True, italic)
                case "em":
                    self._add_content(paragraph, part["content"], bold, True)
                case "break":
                    paragraph.add_run().add_break()
                case "link" if not part["href"].startswith("#"):
                    self._add_link(paragraph, part)
                case "footnote":
                    self.notes.append((part["number"], part["content"]))
                    paragraph.add_run(str(part["number"])).font.superscript = True
                case _other:
                    self._add_content(paragraph, part.get("content", ()), bold, italic)

    def _add_link(self, paragraph, part):
        name = paragraph.part.relate_to(part["href"], RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        run = paragraph.add_run(plain_text(part["content"]))
        run.font.underline, run.font.color.rgb = True, LINK
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), name)
        run._r.addprevious(link)
        link.append(run._r)

    def _mark(self, paragraph, words):
        """A bookmark around a paragraph, by which its words of now are known again."""
        name = name_paragraph(words)
        times = self.marks[name] = self.marks.get(name, 0) + 1
        number = str(sum(self.marks.values()))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), number)
        start.set(qn("w:name"), name if times == 1 else f"{name}_{times}")
        properties = paragraph._p.pPr
        paragraph._p.insert(0, start) if properties is None else properties.addnext(start)
        paragraph._p.append(end)


def share_width(table):
    """The width of each column of a table: no number and no word is divided where the page is wide
    enough, and the longer texts have what is left.
    """
    least, most = [], []
    for at, (head, numeric) in enumerate(zip(table["columns"], table["numeric"], strict=True)):
        cells = [row[at] for row in table["rows"]]
        whole = cells if numeric else [word for cell in cells for word in cell.split()]
        least.append(AROUND + max([FEW, *map(len, [*head.split(), *whole])]))
        most.append(AROUND + min(MANY, max([FEW, *map(len, cells)])))
    wishes = [max(one - other, 0) for one, other in zip(most, least, strict=True)]
    left = max(LETTERS - sum(least), 0) / max(sum(wishes), 1)
    letters = [one + left * wish for one, wish in zip(least, wishes, strict=True)]
    return [int(WIDTH * one / sum(letters)) for one in letters]


def _make_cell(words, numeric, bold):
    # made of elements: the library looks for each cell anew, which takes seconds for long tables
    cell, paragraph = OxmlElement("w:tc"), OxmlElement("w:p")
    if numeric:
        properties, aligned = OxmlElement("w:pPr"), OxmlElement("w:jc")
        aligned.set(qn("w:val"), WD_ALIGN_PARAGRAPH.to_xml(WD_ALIGN_PARAGRAPH.RIGHT))
        properties.append(aligned)
        paragraph.append(properties)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    look, size = OxmlElement("w:rPr"), OxmlElement("w:sz")
    if bold:
        look.append(OxmlElement("w:b"))
    size.set(qn("w:val"), "18")  # half points
    look.append(size)
    text.text = words
    text.set(qn("xml:space"), "preserve")
    run.extend((look, text))
    paragraph.append(run)
    cell.append(paragraph)
    return cell
