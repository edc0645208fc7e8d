"""Imported once by the template; every kernel is a fork of it, so imports and fonts are paid once.

Nothing here may leave anything behind but modules and caches: no open files, no threads, no changed settings.
"""
import gc

gc.disable()    # imports make no garbage; looking for it is an eighth of their time
import io
import os
from contextlib import suppress

import ipykernel.debugger
import ipykernel.ipkernel
import ipykernel.kernelapp
import ipykernel.zmqshell  # noqa: F401
import matplotlib.backends.backend_svg  # noqa: F401
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

import barometer.claims
import barometer.figures
import barometer.published
import barometer.register
import barometer.survey
import barometer.tables
import barometer.tasks
from barometer.template import DATA

figure = Figure()   # no pyplot: it would choose the backend, and a kernel could not choose its own
FigureCanvasAgg(figure)
figure.subplots().set_title("æøå")
figure.savefig(io.BytesIO(), format="svg")
figure.savefig(io.BytesIO(), format="png")
del figure
if data := os.environ.get(DATA):
    with suppress(Exception):       # what is wrong with it, a task tells
        barometer.survey.open_survey(data)
gc.collect()
gc.freeze()     # the memory stays shared after the fork
gc.enable()
