"""What the tests behind a figure found: the answers by their verdict, as they are drawn."""

from barometer.figures.cells import SURE, TENDING, name_verdict
from barometer.text import join_words

# of the first group against the second; for what is no difference see `cells.KNOWN`
OFTENER, SELDOMER = "{} oftere", "{} sjældnere"
ALIKE = {"complete": "Ingen forskel", "": "Ingen sikker forskel"}
CLOSED, UNTESTED = "Kan ikke sammenlignes", "Ikke testet"


def divide_items(selection, first=()):
    """Sections of answers by verdict, as (heading, items, whether it stands back, {item: word}).

    `first`: items above all sections, without a heading, with their verdict as a word. A word is
    also given to a difference that is nearly sure. Without tests there is one section.
    """
    others = [item for item in selection.items if item not in first]
    found = {item: _find_section(selection, item) for item in others}
    label = next(iter(selection.groups.values()))
    under = {item: name_verdict(selection, item) for item in first if selection.test(item)}
    sections = [("", list(first), False, under)] if first else []
    if not any(selection.test(item) for item in others):
        return [*sections, ("", others, False, {})]
    for heading in dict.fromkeys((OFTENER, *ALIKE.values(), SELDOMER, CLOSED, UNTESTED)):
        items = [item for item in others if found[item] == heading]
        pale = heading not in (OFTENER, SELDOMER)
        words = {
            item: name_verdict(selection, item)
            for item in items
            if (test := selection.test(item)) and test[0] in TENDING
        }
        if items:
            sections.append((heading.format(label), items, pale, words))
    return sections


def _find_section(selection, item):
    verdict, status, _ = selection.test(item) or ("", "", None)
    if status.startswith("[") or name_verdict(selection, item).startswith("["):
        return CLOSED
    if verdict in SURE:
        return (OFTENER, SELDOMER)[SURE.index(verdict)]
    if verdict in TENDING:
        return ALIKE[""]
    return ALIKE.get(status, ALIKE[""]) if verdict else UNTESTED


def quote(labels):
    """»A«, »B« og »C«; "" for none. Quoted, because labels have commas and "og" of their own."""
    quoted = [f"»{label}«" for label in labels]
    return join_words(quoted) if quoted else ""
