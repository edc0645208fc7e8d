"""True/false variables by name (docs/design.md, "Names of variables"), from a table of answers."""

import numpy as np
import pandas as pd

from barometer.data.domains import WHOLE, is_joined, is_negated, split_terms, strip_not
from barometer.files.texts import is_number
from barometer.languages.speaking import _
from barometer.numbers.allowed import GIVEN
from barometer.text import join_words

# with one of these among the items, a form without any tick was not filled in
MUST_TICK = {"none", "dont_know"}
POINTS = (2, 11)  # the fewest and the most points of a scale
# bytes of variables that are kept, and how many are in any case; what is asked again is made again
KEPT, FEWEST = 2**26, 12


def name_answers(question, codes):
    """What several answers to a question are called together: "Ja eller Nej".

    Points of a scale that follow each other, of which some are numbers without words, are called by
    the ends: "Slet ikke (0) til 4".
    """
    answers, order = question.answers, [*question.answers]
    texts = [answers[code] for code in codes]
    if question.kind != "scale" or len(codes) < 3:
        return _(" eller ").join(texts)
    places = [order.index(code) for code in codes]
    bare = any(answers[code].strip() == code for code in codes)
    if bare and places == [*range(places[0], places[-1] + 1)]:
        first, last = (_name_point(answers, code) for code in (codes[0], codes[-1]))
        return _("{first} til {last}").format(first=first, last=last)
    return _("{texts} eller {last}").format(texts=", ".join(texts[:-1]), last=texts[-1])


def _name_point(answers, code):
    text = answers[code]
    return f"{text} ({code})" if is_number(code) and text.strip() != code else text


def divide_themselves(registry, items, groups):
    """Whether groups are made of the one column that all items are made of: then who is in which
    says what each answered, and a difference between them says nothing.
    """
    made = {one for item in items for one in _list_columns(registry, item)}
    return len(made) == 1 and all(
        any(_list_columns(registry, term) == made for term in split_terms(group))
        for group in groups
    )


def _list_columns(registry, name):
    """The columns that a variable is made from: of an answer its question or row, of a tick
    itself.
    """
    parts = [strip_not(term) for term in split_terms(name)]
    derived = registry.derived
    return {
        column
        for one in parts
        for part in (derived[one].parts if one in derived else [one])
        for column in (_list_columns(registry, part) if one in derived else [part.split("=")[0]])
        if column != WHOLE
    }


def lie_outside(registry, items, group):
    """Whether nobody in a group was asked any of some items, as the registry says: an earlier
    answer, which all in the group gave, leads past them. Nothing is said of a group that is not the
    registry's: a round, a country.
    """
    bases = ({registry.asked(item), *registry.list_wider(item)} for item in items)
    return all(
        any(
            _exclude(registry, one, other)
            for base in known
            for one in split_terms(base)
            for other in split_terms(group)
        )
        for known in bases
    )


def _exclude(registry, one, other):
    """Whether nobody has both of two variables: opposites, or other answers in one column."""
    (first, turned), (second, back) = _reduce(registry, one), _reduce(registry, other)
    if first == second:
        return turned != back
    found = _list_allowed(registry, first, turned), _list_allowed(registry, second, back)
    return all(found) and found[0][0] == found[1][0] and found[0][1].isdisjoint(found[1][1])


def _reduce(registry, name):
    """(the variable that another is made of where it is made of one, whether it is its
    opposite).
    """
    name, turned = strip_not(name), is_negated(name)
    while name in registry.derived and len(registry.derived[name].parts) == 1:
        (part,) = registry.derived[name].parts
        turned ^= registry.derived[name].negated ^ is_negated(part)
        name = strip_not(part)
    return name, turned


def _list_allowed(registry, name, turned):
    """(the column, its answers) for which a variable, or its opposite, is true; None where it is
    made of several columns.
    """
    derived = registry.derived.get(name)
    names = derived.parts if derived else [name]
    plain = not derived or (derived.at_least == 1 and not derived.negated)
    # a dimension's part is no answer, and a round or another country is none of the registry's
    known = all(strip_not(part).partition("=")[0].partition(".")[0] in registry.questions
                for part in names)  # fmt: skip
    if not plain or not known or any(map(is_negated, names)):
        return None
    conditions = [registry.parse(part) for part in names]
    if len({one.column for one in conditions}) > 1:
        return None
    answers = {str(answer) for one in conditions for answer in one.answers}
    question = registry.questions[conditions[0].question]
    every = {"0", "1"} if question.kind == "multiple" else {*question.answers}
    return conditions[0].column, every - answers if turned else answers


class Variables:
    """The variables of one table of answers, one byte per respondent; those used last are kept.

    `answers`: per respondent the registry's answer columns, `sector`, `field` and `size`. `known`:
    variables given (arrays of n: 1, 0, nan) instead of computed.
    """

    def __init__(self, registry, answers, known=()):
        self.registry, self.answers = registry, answers
        self._given = {name: _code_values(values) for name, values in dict(known).items()}
        self._made = {}  # the one that was used last is last

    def indicator(self, name):
        """Array of n numbers: 1 where `name` is true, 0 where it is not, nan outside its base."""
        codes = self.find_codes(name)
        values = codes.astype(float)
        values[codes < 0] = np.nan
        values.flags.writeable = False
        return values

    def is_true(self, name):
        """Array of n booleans: true where `name` is, false elsewhere and outside its base."""
        return self.find_codes(name) == 1

    def is_asked(self, name):
        """Array of n booleans: who is in the base of `name`."""
        return self.find_codes(name) >= 0

    def find_codes(self, name):
        """Array of n small numbers, not to be changed: 1, 0, and -1 outside the base of `name`."""
        if name in self._given:
            return self._given[name]
        codes = self._made.pop(name) if name in self._made else self._make(name)
        codes.flags.writeable = False
        self._made[name] = codes
        if len(self._made) > max(FEWEST, KEPT // max(1, len(codes))):
            del self._made[next(iter(self._made))]
        return codes

    def _make(self, name):
        if name == "all":
            return np.ones(len(self.answers), dtype=np.int8)
        if is_joined(name):
            return self._join(split_terms(name))
        if name.startswith("!"):
            codes = self.find_codes(name[1:])
            return np.where(codes < 0, codes, 1 - codes)
        if name in self.registry.derived:
            return self._derive(self.registry.derived[name])
        return self._match(self.registry.parse(name))

    def take(self, rows):
        """The same variables of some respondents."""
        some = Variables(self.registry, self.answers.iloc[rows])
        some._given = {name: codes[rows] for name, codes in self._given.items()}
        return some

    def _join(self, terms):
        codes = np.stack([self.find_codes(term) for term in terms])
        return codes.min(axis=0)  # -1 where one has no answer, 0 where one is not true

    def _match(self, condition):
        matched = _look_up(self.answers[condition.column], condition.answers)
        for name, codes in self.registry.list_unanswered(condition):
            matched[_look_up(self.answers[name], codes) == 1] = -1
        return matched

    def _derive(self, derived):
        true = np.zeros(len(self.answers), dtype=np.int16)
        outside = np.zeros(len(self.answers), dtype=bool)
        for part in derived.parts:
            codes = self.find_codes(part)
            true += codes == 1
            outside |= codes < 0
        enough = true >= derived.at_least
        value = (~enough if derived.negated else enough).astype(np.int8)
        value[~self.is_true(derived.among) if derived.among else outside] = -1
        return value


def _look_up(column, answers):
    """1 where one of `answers` stands in a column, 0 where another does, -1 where none does; -1
    for all others where it is `GIVEN` that is looked for.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):  # each answer once, and then the missing one
        found = _look_up(pd.Series([*column.cat.categories, np.nan], dtype=object), answers)
        return found[column.cat.codes.to_numpy()]
    found = column.isin(answers).to_numpy(np.int8)
    outside = column != GIVEN if tuple(answers) == (GIVEN,) else column.isna()
    found[outside.to_numpy()] = -1
    return found


def list_points(question):
    """{answer: value} of a scale, residual answers apart: the codes' numbers, or 1, 2, 3 … where
    one is no number.
    """
    none = {*question.residual, *question.unanswered}
    codes = [code for code in question.answers if code not in none]
    if all(map(is_number, codes)):
        return {code: float(code) for code in codes}
    return {code: float(place) for place, code in enumerate(codes, 1)}


def list_scales(question):
    """{name: (variable that is true of all who gave a point or a number, label, column)} of the
    rows of a scale or a number, or of itself; nothing of other questions.
    """
    if question.kind not in ("scale", "number"):
        return {}
    rows = question.items or {"": question.text}
    names = [f"{question.id}.{item}" if item else question.id for item in rows]
    answers = GIVEN if question.allowed else "|".join(list_points(question))
    labels = zip(names, rows.values(), question.columns, strict=True)
    return {name: (f"{name}={answers}", label, column) for name, label, column in labels}


def _code_values(values):
    values = np.asarray(values, dtype=float)
    return np.where(np.isnan(values), -1, values).astype(np.int8)


def describe_keys(registry):
    """{column: what it is} of the microdata's columns before the registry's."""
    kinds = [str(entry.get("text", entry["heading"])) for entry in registry.background.values()]
    strata = join_words([registry.inside(kind) for kind in kinds])
    return {
        "id": _("Løbenummer uden mening uden for filen"),
        "stratum": _("Stratum: {parts} (population.csv)").format(parts=strata),
        "weight": _("Vægt: {respondents} i populationen, som svaret står for").format(
            respondents=registry.respondents["many"]
        ),
    }


def make_dictionary(registry, drawn=()):
    """The data dictionary: one row per microdata column.

    `drawn`: (column, text, kind) of those that say how respondents were drawn.
    """
    keys = describe_keys(registry)
    rows = [(name, text, "", "text", "all", "", "") for name, text in keys.items()]
    rows[-1] = (*rows[-1][:3], "number", "all", "> 0", "")
    rows += [(column, text, "", kind, "all", "", "") for column, text, kind in drawn]
    for question in registry.questions.values():
        coded = question.answers or {"0": _("nej"), "1": _("ja")}
        named = (f"{code} = {label}" for code, label in coded.items() if code != GIVEN)
        answers = "; ".join(named)
        for column, item in zip(question.columns, question.items or [None], strict=True):
            label = question.items[item] if item else ""
            assumed = _("ja") if item in question.assumed or (not item and question.assumed) else ""
            about = (column, question.text, label, question.kind, question.asked)
            rows.append((*about, answers, assumed))
    columns = ["variable", "question", "item", "kind", "asked", "answers", "assumed"]
    return pd.DataFrame(rows, columns=columns)
