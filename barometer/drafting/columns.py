"""What a column of answers holds: its different codes, and words by which codes are known."""

import re
from dataclasses import dataclass
from statistics import mean

from barometer.files.texts import PLAIN, is_number, write_alike

# "Ved ikke" and the like: an opinion that somebody does not have
NO_OPINION = re.compile(
    r"ved ikke|ved ej|ikke sikker|ikke relevant|don.?t know|do not know|not sure|unsure|no opinion"
    r"|not applicable|not relevant|\bn/?a\b|vet ikke|vet ej|vet inte|ikke aktuelt|ej relevant"
    r"|wei(ß|ss) nicht|keine (angabe|meinung)|weet niet|sans opinion|ne sai[st] pas|en osaa sanoa"
    r"|ei oska öelda|veit ekki"
)
# an answer that was not given
NO_ANSWER = re.compile(
    r"intet svar|ubesvaret|ikke besvaret|no answer|not answered|refus|missing|prefer not|ikke svart"
    r"|(ønsker|vil) ikke (at )?svare|ej svar|uoppgitt|not stated|unanswered|nekt"
)
# a question that was not put
NOT_ASKED = re.compile(r"ikke (stillet|spurgt|stilt)|not asked|skipped|filter|inap\b|inapplicable")
TICKED = re.compile(r"(ja|yes|valgt|afkrydset|nævnt|checked|selected|ticked|mentioned|quoted|1)\b")
UNTICKED = re.compile(
    r"(nej|nei|no|ikke (valgt|afkrydset|nævnt)|not \w+|un(checked|selected|ticked)|0)\b"
)


@dataclass(frozen=True)
class Column:
    """One column: `counts` {code: rows} in the order of the labels, `labels` {code: text}.

    `missing`: codes that the file declares missing. `rows`: of the file. `numbered`: whether all
    codes are known to be numbers; otherwise 1.250 may be thousands.
    """

    name: str
    title: str
    counts: dict
    labels: dict
    missing: frozenset
    rows: int
    numbered: bool = False

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
    def is_unique(self):
        """Whether each row has a value of its own."""
        return self.filled == self.rows and len(self.counts) == self.rows

    @property
    def is_labelled(self):
        """Whether most of its codes have labels."""
        return sum(code in self.labels for code in self.counts) * 2 > len(self.counts) > 0

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
        return 0 < len(codes) <= 2 and (plain or (known and sum(ticks) <= 1))

    def find_ticked(self):
        """The codes that are a tick."""
        if set(self.counts) - self.missing <= {"0", "1"}:
            return {"1"}
        return {code for code in self.counts if TICKED.match(write_alike(self.label(code)))}


def describe_columns(source):
    """{name: `Column`} of a `Source`, in the file's order."""
    return {name: _describe(source, name) for name in source.frame}


def _describe(source, name):
    labels = source.labels.get(name, {})
    counts = source.frame[name].value_counts(sort=False).to_dict()
    # a label's code may be none where all others are
    numbered = name in source.numbered and all(map(PLAIN.fullmatch, labels))
    others = sorted(
        (code for code in counts if code not in labels), key=lambda code: _order(code, numbered)
    )
    # an answer that nobody gave is an answer of the questionnaire all the same
    ordered = {code: counts.get(code, 0) for code in [*labels, *others]}
    missing = frozenset(source.missing.get(name, ()))
    title = source.titles.get(name, "")
    return Column(name, title, ordered, labels, missing, len(source.frame), numbered)


def _order(code, numbered):
    """Numbers by size, then texts."""
    return (0, float(code), "") if numbered or is_number(code) else (1, 0.0, code)
