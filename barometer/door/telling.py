"""An answer in a sentence. People write the wordings; the test's verdict chooses one.

Which wordings are given says what kind of sentence it is:

* `text`: shares, and nothing compared. `words`: used instead where each share may be called by a
  fraction ("seks ud af ti").
* `differs` and `same`: one difference. `differs` stands for two wordings that differ in one word,
  `{oftere}` (`words.PAIRS`); `more` and `less` for those that differ in more. `tendency` (or
  `tendency_more` and `tendency_less`): a difference that is not significant but near it.
* `mixed` besides, or several items: several differences as one sentence; see also `MIXES`.
* `difference` and `same`: the test of a whole table.
* `some` and `none`: which of several items differ.
* `only_first`, `only_second`, `both`, `neither`: what two tests found, side by side.

`equal` besides `same`: both shares are shown as one number. `withheld`: what is said where nothing
can be told, "" where a neighbour says it. `otherwise`: a title's words where no other fits.
Placeholders: `{a}`, `{b}` … the shares, `{n_a}`, `{n_b}` … how many answered, `{forskel}`,
`{sted}`, `{resten}`, `{dele}`, `{navn}`, `{grund}`, those of `numbers`, and the survey's
terms.
"""

from itertools import permutations

from barometer.data.domains import WHOLE
from barometer.disclosure import release
from barometer.door.calls import CallError, public
from barometer.door.ranking import (
    OWN,
    check_cells,
    find_cell_table,
    find_published,
    find_table,
    find_tests,
    list_published,
)
from barometer.door.views import keep_wordings
from barometer.door.words import (
    HELD,
    LETTERS,
    check_placeholders,
    check_wordings,
    list_fields,
    miss_wordings,
    refuse_unknown,
    split_wording,
)
from barometer.figures.tables import name_parts
from barometer.sentences import claims
from barometer.text import name_both

PAIRED = ("differs", "more", "less", "same", "tendency", "tendency_more", "tendency_less")
MIXES = tuple(f"{one}_{other}" for one, other in permutations(("more", "less", "same"), 2))
KINDS = {
    "shares": (("text",), ("words", *HELD)),
    "which": (("only_first", "only_second", "both", "neither"), ("so_first", "so_second", *HELD)),
    "list": (("some", "none"), ("others", "tendency", "untested", "withheld")),
    "table": (("difference", "same"), ("equal", "tendency", *HELD)),
    "together": (("same", "mixed"), (*PAIRED, *MIXES, "equal", *HELD)),
    "difference": (("same",), (*PAIRED, "equal", *HELD)),
}  # of sentences: {kind: (wordings it must have, wordings it may have)}, told by the first
EITHER = "enten more= og less= eller differs"  # what a difference is told by
TAKEN = ("a", "b", "n_a", "n_b", "forskel")  # placeholders of a sentence on one difference
OTHERS = ("published", "when", "topic", "numbers", "counts")


@public
def tell(
    self,
    id,
    items=None,
    published=OWN,
    when=True,
    topic=None,
    numbers=None,
    counts=claims.ANY,
    **wordings,
):
    """A sentence on `items` of this answer, of the kind that its wordings are for: `text`; or
    `differs` (or `more`, `less`) and `same`; or others (docs/chapters.md, "Tell").

    >>> values.tell("D15", "value.efficiency", differs="Det er {oftere} … {a} mod {b}.", same="…")

    `published`: id of the verdict that the publication printed (one per test); the sentence's own
    id where `published.csv` has a verdict on the same under it. `when=False` shows nothing.
    `topic`: what is not told, should its numbers be closed. `numbers`: further texts, items or
    (item, group), by placeholder. `counts`: outcomes that count as one, of two tests side by side.
    """
    kind = _find_kind(id, wordings)
    if not when:
        return None
    if items is None and kind != "table":
        items = [next(iter(self.tables[-1].table["item"]))]
    items = [] if items is None else [items] if isinstance(items, str) else list(items)
    check_placeholders(id, kind, wordings, items, numbers or (), self.survey.terms)
    sentence = TELLERS[kind](
        self, id, items, published=published, topic=topic, numbers=dict(numbers or {}),
        counts=counts, **wordings,
    )  # fmt: skip
    return keep_wordings(sentence, wordings, self.survey)


def _find_kind(id, wordings):
    kind = next(
        (
            kind
            for kind, (needed, _) in KINDS.items()
            if set(needed[:1] if kind != "together" else needed[1:]) & set(wordings)
        ),
        "difference",
    )
    needed, further = KINDS[kind]
    every = {name for names in KINDS.values() for part in names for name in part}
    fitting = dict.fromkeys((*needed, *further))
    refuse_unknown(
        f"{id}: tell", wordings, [*fitting] if {*wordings} <= every else [*sorted(every), *OTHERS]
    )
    lacking = [name for name in needed if not wordings.get(name)]
    if kind in ("difference", "together") and not wordings.get("differs"):
        pair = [name for name in ("more", "less") if not wordings.get(name)]
        lacking = [*lacking, EITHER] if len(pair) == 2 else lacking + pair
    if lacking:
        example = f'.tell("{id}", "navn", differs="… {{oftere}} …: {{a}} mod {{b}}.", same="…").'
        raise miss_wordings(id, lacking, example)
    check_wordings(id, wordings)
    return kind


def _tell_shares(self, id, items, text, numbers, published=None, topic=None, counts=None, **rest):
    cells = dict(zip(LETTERS, items, strict=False)) | numbers
    first = items[0] if items else next(iter(cells.values()))
    released = find_cell_table(self, *_place(self, first))
    group = next(iter(self.groups))
    where = {
        name: cell if isinstance(cell, tuple) or group == WHOLE else (cell, group)
        for name, cell in cells.items()
    }
    check_cells(self, released, where.values())
    return claims.tell_shares(id, released, text, where, **rest)


def _tell_difference(self, id, items, published, topic, numbers, counts=None, **wordings):
    if len(items) > 1:
        raise CallError(f"{id}: en sætning om flere forskelle skal også have mixed=.")
    (released, row), *_ = _find_one(self, id, items[0])
    if taken := sorted({*numbers} & {*TAKEN}):
        raise CallError(f"{id}: {{{taken[0]}}} er sætningens eget. Skriv et andet navn i numbers=.")
    check_cells(self, released, [one for one in numbers.values() if not isinstance(one, str)])
    if "group" in row:
        numbers = {"navn": released.about.inside(row["second_label"])} | numbers
    return claims.tell_difference(
        id,
        released,
        row["item"],
        group=row.get("group"),
        topic=topic,
        published=find_published(self, id, published, row),
        numbers=_add_terms(self, numbers),
        **_split_pairs(id, wordings),
    )


def _tell_together(self, id, items, published, topic, numbers, counts=None, **wordings):
    if numbers:
        raise CallError(f"{id}: numbers= bruges ikke, hvor sætningen er om flere forskelle.")
    tests = [_find_one(self, id, item)[0] for item in items]
    wordings = _split_pairs(id, wordings)
    known = ("more", "less", "same", "equal", "mixed", *MIXES, *HELD)
    refuse_unknown(f"{id}: tell", wordings, known)
    return claims.tell_together(
        id,
        [
            (released, row["item"], *([row["group"]] if "group" in row else []))
            for released, row in tests
        ],
        topic=topic,
        published=list_published(self, id, published),
        **wordings,
    )


def _tell_table(self, id, items, published, topic, numbers, counts=None, **wordings):
    released = find_table(self, items)
    check_cells(self, released, numbers.values())
    parts = name_both(name_parts(self.survey, released.distribution.items[0]))
    used = {name for wording in wordings.values() for name in list_fields(wording)}
    numbers = {name: one for name, one in parts.items() if name in used} | numbers
    return claims.tell_distribution(
        id,
        released,
        numbers=numbers,
        published=find_published(self, id, published, released.distribution),
        **wordings,
    )


def _tell_list(self, id, items, published, topic, numbers, counts=None, **wordings):
    if numbers:
        raise CallError(f"{id}: numbers= bruges ikke, hvor sætningen nævner svar ved navn.")
    released = find_tests(self, items[0])[0][0]
    for item in items:
        find_tests(self, item)
    return claims.tell_list(
        id,
        released,
        items,
        topic=topic,
        published=list_published(self, id, published),
        **wordings,
    )


def _tell_which(self, id, items, published, topic, numbers, counts, **wordings):
    apart, tests = None, []
    for item in items:
        tests += _find_either(self, item)
    if len(tests) != 2:
        raise CallError(
            f"{id}: sætningen holder to tests op mod hinanden, og her er {len(tests)}. "
            f"Skriv to navne."
        )
    if wordings.get("so_first") or wordings.get("so_second"):
        whole = self.survey.whole if self.domain == WHOLE else self.survey
        apart = release.release_interaction(whole, list(items), list(self.tested or self.groups))
    shares = {
        name: (released, (row["item"], row["group"]))
        for name, (released, row) in zip("ab", tests, strict=True)
        if row is not released.distribution and "group" in row
    }
    return claims.tell_which(
        id,
        *tests,
        numbers=_add_terms(self, shares | _find_tables(self, numbers)),
        published=list_published(self, id, published),
        counts=tuple([counts] if isinstance(counts, str) else counts),
        apart=apart,
        **wordings,
    )


TELLERS = {
    "shares": _tell_shares,
    "which": _tell_which,
    "list": _tell_list,
    "table": _tell_table,
    "together": _tell_together,
    "difference": _tell_difference,
}


def _place(self, cell):
    return cell if isinstance(cell, tuple) else (cell, next(iter(self.groups)))


def _find_one(self, id, item):
    tests = find_tests(self, item if isinstance(item, str) else item[0])
    if isinstance(item, tuple):
        tests = [one for one in tests if one[1].get("group") == item[1]]
    if len(tests) != 1:
        groups = [row.get("group", "") for _, row in tests]
        raise CallError(
            f"{id}: {item} er prøvet i flere grupper. Skriv navn og gruppe, fx "
            f"({item!r}, {groups[0] if groups else '…'!r})."
        )
    return tests


def _find_either(self, item):
    """The tests of an item: of the whole table where there is one, else of its differences."""
    tables = [one for one in self.tables if one.distribution and item in one.distribution.items]
    return [(one, one.distribution) for one in tables] or find_tests(self, item)


def _find_tables(self, numbers):
    """The same with each cell after the released table that has it."""
    return {
        name: cell if isinstance(cell, str) else (find_cell_table(self, *cell), cell)
        for name, cell in numbers.items()
    }


def _split_pairs(id, wordings):
    """Wordings with `differs` and `tendency` as the two that each of them stands for."""
    wordings, found = dict(wordings), {}
    for name, larger, smaller in (
        ("differs", "more", "less"),
        ("tendency", "tendency_more", "tendency_less"),
    ):
        if wording := wordings.pop(name, ""):
            if given := {larger, smaller} & set(wordings):
                raise CallError(f"{id}: skriv {name}= eller {min(given)}=, ikke begge.")
            found[larger], found[smaller] = split_wording(id, name, wording)
    return wordings | found


def _add_terms(self, numbers):
    return {"resten": self.survey.rest_name} | numbers
