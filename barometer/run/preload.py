"""Imported once by the template; every kernel and every report is made in a fork of it, so imports
are paid once.

Nothing here may leave anything behind but modules, caches and a little garbage that nobody looks
for: no open files, no threads, no changed settings.
"""

import gc

gc.disable()  # imports make no garbage; looking for it is an eighth of their time
import io
import os
from contextlib import suppress
from importlib import import_module

from barometer.run.template import CHAPTERS, DATA

KERNEL = (
    "ipykernel.debugger",
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.zmqshell",
    "sqlite3",
    "pdb",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    # what every kernel would import itself
    "tornado.platform.asyncio",
    "matplotlib.backends.backend_svg",
)
OURS = [
    "barometer.run.kernels",
    "barometer.sentences.claims",
    "barometer.figures.drawing",
    "barometer.sentences.published",
    "barometer.sentences.register",
    "barometer.figures.tables",
]


def prepare(name):
    """Import a module. What is wrong with one, the chapter or report tells that imports it; the
    others go on.
    """
    with suppress(Exception):
        import_module(name)


def prepare_kernels():
    """Import what chapters need, and draw once: the first drawing finds the fonts."""
    for name in (*KERNEL, *OURS):
        prepare(name)
    from matplotlib.backends import backend_registry
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    backend_registry.list_all()  # looks through all installed packages, once
    # no pyplot: it would choose the backend, and a kernel could not choose its own
    figure = Figure()
    FigureCanvasAgg(figure)
    figure.subplots().set_title("æøå")
    figure.savefig(io.BytesIO(), format="svg")
    figure.savefig(io.BytesIO(), format="png")


prepare("barometer.run.tasks")
if os.environ.get(CHAPTERS):
    prepare_kernels()
if data := os.environ.get(DATA):
    with suppress(Exception):  # what is wrong with it, a task tells
        import_module("barometer.survey").prepare_survey(data)
gc.freeze()  # the memory stays shared after the fork
gc.enable()
