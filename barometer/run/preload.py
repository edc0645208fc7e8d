"""Imported once by the server of forks; every chapter and every report is made in a fork of it, so
imports are paid once.

Nothing here may leave anything but modules, caches and a little garbage that is not collected:
no open files, no threads, no changed settings.
"""

import gc

gc.disable()  # imports make no garbage; looking for it is an eighth of their time
import io
import os
from contextlib import suppress
from importlib import import_module

from barometer.run.process import CHAPTERS, DATA

CHAPTER = (
    "papermill",
    "barometer.run.engine",
    "barometer.sentences.claims",
    "barometer.figures.drawing",
    "barometer.sentences.published",
    "barometer.sentences.register",
    "barometer.figures.tables",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "matplotlib.backends.backend_svg",
)


def prepare(name):
    """Import a module. An error in one is reported by the chapter or report that imports it; the
    others are not affected.
    """
    with suppress(Exception):
        import_module(name)


def prepare_chapters():
    """Import what chapters need, read a notebook and draw once: the first reading compiles the
    format's schema, the first drawing finds the fonts.
    """
    for name in CHAPTER:
        prepare(name)
    import nbformat
    from matplotlib.backends import backend_registry
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    nbformat.reads(nbformat.writes(nbformat.v4.new_notebook()), as_version=4)
    backend_registry.list_all()  # looks through all installed packages, once
    # no pyplot: it would choose the backend, and a chapter could not choose its own
    figure = Figure()
    FigureCanvasAgg(figure)
    figure.subplots().set_title("æøå")
    figure.savefig(io.BytesIO(), format="svg")
    figure.savefig(io.BytesIO(), format="png")


prepare("barometer.run.tasks")
if os.environ.get(CHAPTERS):
    prepare_chapters()
if data := os.environ.get(DATA):
    with suppress(Exception):  # what is wrong with it is reported by a task
        import_module("barometer.survey").prepare_survey(data)
gc.freeze()  # the memory stays shared after the fork
gc.enable()
