"""What a column of answers holds: its different codes, and words by which codes are known."""

import re
from dataclasses import dataclass
from functools import cached_property
from statistics import mean

from barometer.files.texts import PLAIN, is_number, write_alike
from barometer.incoming.cells import find_divider
from barometer.incoming.ordering import order_by_words
from barometer.incoming.words import TICKED, UNTICKED, says_nothing

WORD = re.compile(r"[^\W\d_]{4}")  # "Drift" and "Team 1", and no "S1" or "A-2"
MOST_ORDERED = 40  # different texts that are looked at as answers of a scale
LONGEST_SCALE = 10  # from the first to the last point of a scale
FEWEST_BARE = 2  # points without labels that make a row of numbers with labels at its ends a scale


@dataclass(frozen=True)
class Column:
    """One column: `counts` {code: rows} in the order of the labels, `labels` {code: text}.

    `missing`: codes that the file declares missing. `rows`: of the file. `numbered`: whether all
    codes are known to be numbers; otherwise 1.250 may be thousands. `by_words`: whether the order
    of the codes is a guess by their words. `unit`: what stands beside each number, "" for nothing.
    """

    name: str
    title: str
    counts: dict
    labels: dict
    missing: frozenset
    rows: int
    numbered: bool = False
    by_words: bool = False
    unit: str = ""

    @property
    def filled(self):
        """Rows in which something stands."""
        return sum(self.counts.values())

    @property
    def words(self):
        """What the column is called, as it is compared with words."""
        return write_alike(f"{self.name} {self.title}")

    @property
    def numbers(self):
        """Its codes as numbers, but for those declared missing; None where one is no number."""
        codes = [code for code in self.counts if code not in self.missing]
        plain = self.numbered or all(map(is_number, codes))
        return [float(code) for code in codes] if codes and plain else None

    @property
    def answers(self):
        """Its codes, but for those declared missing that no word says the meaning of."""
        return [code for code in self.counts if code in self.labels or code not in self.missing]

    @cached_property
    def divided(self):
        """What divides several answers in its cells, and those answers; see `find_divider`."""
        return find_divider(self.counts)

    @property
    def is_unique(self):
        """Whether each row has a value of its own."""
        return self.filled == self.rows and len(self.counts) == self.rows

    @property
    def is_labelled(self):
        """Whether most of its codes have labels."""
        return sum(code in self.labels for code in self.counts) * 2 > len(self.counts) > 0

    @property
    def is_worded(self):
        """Whether its codes say something to a reader: they have labels, or most are words."""
        words = sum(bool(WORD.search(code)) for code in self.counts)
        return self.is_labelled or words * 2 > len(self.counts) > 0

    @property
    def length(self):
        """Mean number of characters of its different codes."""
        return mean(map(len, self.counts)) if self.counts else 0

    def label(self, code):
        """What a code means, as far as the file says."""
        return self.labels.get(code, code)

    def is_tick(self):
        """Whether all that stands in it is a tick or no tick."""
        codes = [code for code in self.counts if code not in self.missing]
        texts = [write_alike(self.label(code)) for code in codes]
        ticks = [bool(TICKED.match(text)) for text in texts]
        plain = set(codes) <= {"0", "1"}
        unticked = [bool(UNTICKED.match(text)) for text in texts]
        known = all(one or other for one, other in zip(ticks, unticked, strict=True))
        known = known or self.holds_own_text()
        return 0 < len(codes) <= 2 and (plain or (known and sum(ticks) <= 1))

    def holds_own_text(self):
        """Whether a tick is written as the text of what is ticked: "Email" where the column's title
        or name ends with it, and nothing where there is none.
        """
        codes = [code for code in self.counts if code not in self.missing]
        if len(codes) != 1 or self.filled == self.rows:
            return False
        ends = [write_alike(text).rstrip("] ") for text in (self.title, self.name)]
        return any(end.endswith(write_alike(codes[0])) for end in ends)

    def find_ticked(self):
        """The codes that are a tick."""
        if set(self.counts) - self.missing <= {"0", "1"}:
            return {"1"}
        if self.holds_own_text():
            return {*self.counts} - self.missing
        return {code for code in self.counts if TICKED.match(write_alike(self.label(code)))}


def describe_columns(source):
    """{name: `Column`} of a `Source`, in the file's order."""
    return {name: _describe(source, name) for name in source.frame}


def _describe(source, name):
    labels = source.labels.get(name, {})
    counts = source.frame[name].value_counts(sort=False).to_dict()
    # a label's code may be none where all others are
    numbered = name in source.numbered and all(map(PLAIN.fullmatch, labels))
    others = [code for code in counts if code not in labels]
    by_words = None if labels or numbered or len(others) > MOST_ORDERED else order_by_words(others)
    others = by_words or sorted(others, key=lambda code: _order(code, numbered))
    # an answer that nobody gave is an answer of the questionnaire all the same
    codes = [*labels, *others]
    if labels and others and all(map(PLAIN.fullmatch, codes)):
        codes += _find_ungiven(labels, others)
        codes.sort(key=float)  # a scale of which only the ends have labels
    ordered = {code: counts.get(code, 0) for code in codes}
    missing = frozenset(source.missing.get(name, ()))
    title = source.titles.get(name, "")
    known = numbered, by_words is not None, source.units.get(name, "")
    return Column(name, title, ordered, labels, missing, len(source.frame), *known)


def _find_ungiven(labels, others):
    """The points that nobody chose of a scale of which the ends have labels, and others none."""
    ends = [float(code) for code, text in labels.items() if not says_nothing(write_alike(text))]
    if len(ends) < 2 or max(ends) - min(ends) > LONGEST_SCALE:
        return []
    bare = [float(code) for code in others if min(ends) < float(code) < max(ends)]
    if len(bare) < FEWEST_BARE or not all(map(float.is_integer, ends + bare)):
        return []
    between = range(int(min(ends)), int(max(ends)))
    return [str(one) for one in between if float(one) not in {*ends, *bare}]


def _order(code, numbered):
    """Numbers by size, then texts."""
    return (0, float(code), "") if numbered or is_number(code) else (1, 0.0, code)
