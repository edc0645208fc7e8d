"""The files of office programs are ZIP archives: the same content as the same bytes."""

import io
import re
import zipfile

from barometer.document.imprint import date_file
from barometer.languages.numerals import name_territory

EARLIEST = (1980, 1, 1, 0, 0, 0)  # that an archive can say
INNER = (".xlsx", ".docx", ".pptx")
PROPERTIES = "docProps/core.xml"
TIMES = re.compile(r"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
FIRST = ("mimetype",)  # of an OpenDocument file, uncompressed and before all others


def name_language(meta):
    """A language as office programs name it, "da-DK", of what has one at "language"."""
    return name_territory(meta["language"]).replace("_", "-")


def settle_package(content, meta):
    """An archive's bytes with no clock in them: its entries are of the earliest day, and its
    properties, also of workbooks within it, of the document's. `meta`: the document's.
    """
    day, file = f"{date_file(meta):%Y-%m-%dT%H:%M:%SZ}", io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            inside = old.read(name)
            if name.endswith(INNER):
                inside = settle_package(inside, meta)
            elif name == PROPERTIES:
                inside = TIMES.sub(rf"\g<1>{day}\3", inside.decode()).encode()
            kind = zipfile.ZIP_STORED if name in FIRST else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(name, EARLIEST), inside, kind)
    return file.getvalue()
