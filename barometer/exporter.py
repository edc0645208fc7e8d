"""What the two nbconvert exporters share: one executed notebook in, a document of one chapter out."""
import sys

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException

from barometer.document import DocumentError, build_document


class ChapterExporter(Exporter):
    """Base of the exporters. `render` makes text or bytes of a document; a refusal says which cell, and the remedy."""

    def render(self, document):
        """The finished file's content; each exporter has its own."""
        raise NotImplementedError

    def from_notebook_node(self, nb, resources=None, **kw):
        """The chapter, rendered. Raises `ConversionException` when the notebook cannot be published as it is."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        name = resources.get("metadata", {}).get("name") or "uden navn"
        try:
            return self.render(build_document([(name, nb)])), resources
        except DocumentError as error:
            refusal = str(error)
        if _is_command_line():
            raise SystemExit(f"barometer: {refusal}")   # nbconvert itself would print 20 lines of traceback around it
        raise ConversionException(refusal)


def _is_command_line():
    # Asked of modules already loaded: inside JupyterLab's server the command-line application is never started.
    application = sys.modules.get("nbconvert.nbconvertapp")
    return application is not None and application.NbConvertApp.initialized()
