"""What a chapter can ask of several rounds: an answer whose groups are the rounds."""

from dataclasses import dataclass, field

from barometer.door.answer import Answer
from barometer.door.asking import list_items
from barometer.door.calls import CallError, public
from barometer.door.ranking import check_known
from barometer.rounds import joined
from barometer.rounds.identity import list_breaks


@dataclass(frozen=True, repr=False)
class Change(Answer):
    """An `Answer` whose groups are rounds, the earliest first. `breaks`: {item: {round group: what
    was changed}}.

    >>> change = rounds.follow(["innovative", "evaluated_any"])
    >>> change.tell("U01", "innovative", differs="… {oftere} … {a} mod {b}.", same="…")
    >>> change.draw_line("over-time", title="Fra runde til runde")
    """

    breaks: dict = field(default_factory=dict)
    _called, _given_by = "change", "open_surveys(…).follow(…)"

    @public
    def draw_line(self, id, title, items=None, shows="", when=True):
        """A line for each item over the rounds, broken where its measure was changed.

        >>> change.draw_line("over-time", title="Fra runde til runde")
        """
        every = list(dict.fromkeys(self.tables[0].table["item"]))
        items = [items] if isinstance(items, str) else list(items or every)
        check_known(self, "item", *items)
        if not when:
            return None
        from barometer.rounds.drawing import draw_line

        return draw_line(self.tables[0], id, title, items, self.groups, self.breaks, shows)


def follow(surveys, items, since=None, overlap=False):
    """The `Change` of items from an earlier round to the newest, which is the last of `surveys`.

    `items`: as in `survey.shares`, by the names of the newest. `since`: the number of the earlier
    round; the one before where it is left out. A measure that was changed in between is not tested.
    Raises `CallError` for a round that is not there, and for respondents in several strata.
    """
    newest, known = surveys[-1], [survey.registry.round for survey in surveys]
    if since is not None and since not in known[:-1]:
        raise CallError(f"follow: runde {since} er ikke med. Der er {', '.join(map(str, known))}.")
    items = list_items(newest, items)
    try:
        together = joined.join(surveys, items, overlap)
    except ValueError as error:
        reasons = {
            "strata": "Den samme respondent står i flere strata, så panelet kan ikke regnes.",
            "plain designs": "Et panel regnes kun, hvor hver respondent er udtrukket for sig.",
        }
        raise CallError(f"follow: {reasons[str(error)]}") from None
    pairs, breaks = {}, {}
    for item in items:
        found = list_breaks(item, [survey.registry for survey in surveys])
        there = [number for number, name in zip(known, together.names[item], strict=True) if name]
        breaks[item] = {
            joined.name_round(one): texts for one, texts in found.items() if one in there
        }
        earlier = since if since is not None else (there[-2] if len(there) > 1 else None)
        if earlier in there[:-1]:
            broken = any(earlier < number <= there[-1] for number in found)
            pairs[item] = (there[-1], earlier, broken)
    released = joined.release_rounds(together, items, pairs)
    groups = {
        joined.name_round(survey.registry.round): str(survey.registry.period) for survey in surveys
    }
    return Change(newest, (released,), groups, breaks=breaks)
