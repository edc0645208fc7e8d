"""nbconvert's and JupyterLab's exporters: one executed notebook in, a document of one chapter out.

JupyterLab's menu shows the names in pyproject.toml, and its server finds none with a hyphen; those
with one are for the command line. A module of its own, so that a run need not import nbconvert.
"""

import sys

from nbconvert.exporters.exporter import Exporter, FilenameExtension
from nbconvert.utils.exceptions import ConversionException
from traitlets import default

from barometer.document.document import DocumentError, build_document
from barometer.report.html import render_html
from barometer.report.pdf import render_pdf
from barometer.verify.typed import read_allowed
from barometer.verify.unreleased import UnreleasedNumber, refuse_unreleased


class ChapterExporter(Exporter):
    """Base of the exporters. `render` makes text or bytes of a document; a refusal says where."""

    def render(self, document):
        """The finished file's content; each exporter has its own."""
        raise NotImplementedError

    def from_notebook_node(self, nb, resources=None, **kw):
        """The chapter, rendered. Raises `ConversionException` where it cannot be published."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "uden navn"
        try:
            refuse_unreleased([(name, nb)], read_allowed(), by_hand=True)
            document = build_document([(name, nb)])
            for line in document["left_out"]:
                self.log.warning("barometer: %s", line)
            return self.render(document), resources
        except UnreleasedNumber as error:
            refusal = f"Notebooken {error.args[0]}: {error.args[1]}"
        except DocumentError as error:
            refusal = str(error)
        if _is_command_line():
            # nbconvert itself would print 20 lines of traceback around it
            raise SystemExit(f"barometer: {refusal}")
        raise ConversionException(refusal)


class HtmlExporter(ChapterExporter):
    """`jupyter nbconvert --to barometer_html`, also in JupyterLab's menu: a chapter, a page."""

    export_from_notebook = "Barometer (tilgængelig webside)"
    output_mimetype = "text/html"

    file_extension = FilenameExtension(".html")
    render = staticmethod(render_html)


class PdfExporter(ChapterExporter):
    """`jupyter nbconvert --to barometer_pdf`, also in JupyterLab's menu: a chapter, a PDF."""

    export_from_notebook = "Barometer (tilgængelig PDF)"
    output_mimetype = "application/pdf"

    file_extension = FilenameExtension(".pdf")
    render = staticmethod(render_pdf)


class _CommandLineOnly(Exporter):
    """What nbconvert finds by name, and JupyterLab's server leaves out of its menu."""

    @default("enabled")
    def _enabled_default(self):
        return _is_command_line()


class HyphenHtmlExporter(_CommandLineOnly, HtmlExporter):
    """`--to barometer-html`, as it was once called."""


class HyphenPdfExporter(_CommandLineOnly, PdfExporter):
    """`--to barometer-pdf`, as it was once called."""


def _is_command_line():
    # Only of modules already loaded, as JupyterLab's server never starts the command-line
    # application; it is none while it is imported.
    application = getattr(sys.modules.get("nbconvert.nbconvertapp"), "NbConvertApp", None)
    return application is not None and application.initialized()
