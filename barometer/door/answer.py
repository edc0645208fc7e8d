"""What a survey answers: a table of contents of what can be done with it."""

from dataclasses import dataclass, field

from barometer.door import drawing, ranking, telling, views


@dataclass(frozen=True, repr=False)
class Answer(views.Handed):
    """The answer to one question that a chapter asked: released tables, and what they can do.

    At a cell's end it is a table for the screen only. In the report is what it tells, draws and
    shows.

    >>> values = survey.compare("value", by="initiation")
    >>> values.tell("D15", "value.efficiency", differs="… {oftere} …", same="…")
    >>> values.draw_pairs("values", title="Værdi af innovationerne")

    `tables`: `Released`, the first of them the one that is shown. `groups`: {group: label in
    figures}. `tested`: the groups that are held against each other. `domain`: what the tables
    cover, where that is not the report's own.
    """

    survey: object = field(repr=False)
    tables: tuple
    groups: dict
    tested: tuple = ()
    domain: str = ""

    _called, _given_by = "answer", "survey.compare(…)"
    _rows = " Dens tal står i .table."
    _in_language = views.translate_answer

    # in sentences
    tell = telling.tell
    # in pictures
    draw_pairs = drawing.draw_pairs
    draw_shares = drawing.draw_shares
    draw_groups = drawing.draw_groups
    draw_distribution = drawing.draw_distribution
    draw_balance = drawing.draw_balance
    draw_parts = drawing.draw_parts
    draw_scale = drawing.draw_scale
    draw_heat = drawing.draw_heat
    mostly_shown = property(drawing.mostly_shown)
    # in a table
    show = drawing.show
    # asked further
    most_frequent = ranking.most_frequent
    hold_against_next = ranking.hold_against_next
    # as numbers, which are for the screen
    table = property(ranking.join_tables)
    comparisons = property(ranking.join_comparisons)

    _repr_html_ = views.view_answer
    __repr__ = views.name_answer
