"""An answer of one's own beside ticks: "Other (please specify)", of which the file has only what
somebody wrote.
"""

from dataclasses import replace

import pandas as pd

from barometer.files.texts import write_alike
from barometer.incoming.roles import WRITTEN
from barometer.incoming.stems import divide_runs, find_item, find_stem
from barometer.incoming.words import OTHERS

FEWEST_TICKS = 2  # of a question, beside the one that somebody writes


def tick_written(source, columns):
    """The `Source` in which a text that somebody wrote beside the ticks of a question is a tick.

    Who wrote one has answered the question, and is in what its shares are of. `columns` {name:
    `Column`}. Nothing is changed where the ticks have an "Other" of their own.
    """
    frame, ways = source.frame, []
    for run in divide_runs(columns.values(), find_stem):
        ticks = [column for column in run if column.filled and column.is_tick()]
        others = [column for column in run if column not in ticks]
        named = any(OTHERS.search(write_alike(find_item(column))) for column in ticks)
        if len(others) != 1 or len(ticks) < FEWEST_TICKS or named or not _is_written(others[0]):
            continue
        name = others[0].name
        rows = frame[name].notna().to_numpy()
        frame = frame.assign(**{name: pd.Categorical.from_codes(rows.astype(int) - 1, ["1"])})
        ways.append(f"{name}: hvad nogen har skrevet selv, er et kryds")
    ways = [f"{source.name}: {way}" for way in ways]
    return replace(source, frame=frame, ways=(*source.ways, *ways)) if ways else source


def _is_written(column):
    """Whether a column is an "Other", or the like, in which some wrote a text."""
    text = write_alike(find_item(column))
    called = OTHERS.search(text) or WRITTEN.search(text)
    bare = not column.labels and column.numbers is None
    return bool(called) and bare and 0 < column.filled < column.rows
