"""What a survey is called in text; words of its registry with a number in them ("30-49 år")."""

import re
from dataclasses import dataclass
from itertools import chain

from barometer.errors import BarometerError
from barometer.languages.speaking import N_, _
from barometer.numbers.allowed import GIVEN, GIVEN_LABEL, read_allowed

# of a question, an item, a derived variable: in a variable's name ".=|!&" divide
NAME = re.compile(r"\w[\w-]*")
DIVIDERS = re.compile(r"[=|&]")  # what an answer's code cannot have
# stands for the survey's period in the registry's texts, as it does in wordings
PERIOD = "{periode}"
YEARS = re.compile(r"(?<=\b\d{4})-(?=\d{4}\b)")  # the hyphen between two years
# What the registry calls those who answer, and all of them together; these where it does not say.
RESPONDENTS = N_(
    {
        "one": "respondent",
        "many": "respondenter",
        "the_one": "respondenten",
        "the_many": "respondenterne",
        "all": "",
    }
)
WORDS = N_(
    {
        "name": "Hele undersøgelsen",
        "place": "",
        "as_one": "undersøgelsen som helhed",
        "rest": "resten af undersøgelsen",
        "rest_name": "Den øvrige del",
        "part": "denne del",
    }
)
# whose design effect the table of the sample shows: "innovative", "af innovative arbejdspladser",
# "alle eller ingen er innovative"
MEASURE = dict.fromkeys(("variable", "of", "none"), "")
# what of a measure has changed in a round; "none": something that leaves it comparable
BREAKS = ("wording", "answers", "method", "none")
BREAK_FIELDS = ("round", "what", "text")
PARTS = {"respondents": RESPONDENTS, "whole": WORDS, "measure": MEASURE}
_ORDINALS = """nulte første anden tredje fjerde femte sjette syvende ottende niende tiende ellevte
    tolvte"""
ORDINALS = tuple(_ORDINALS.split())


@dataclass(frozen=True)
class Condition:
    """A parsed variable name: a microdata column and the answers that make it true."""

    column: str
    answers: tuple
    question: str
    item: str | None = None


class RegistryError(BarometerError):
    """The registry contradicts itself, or a name is not in it."""


def read_name(key):
    """The name of a question, an item or a derived variable."""
    if not NAME.fullmatch(str(key)):
        raise RegistryError(f"{key!r} er ikke et navn; brug bogstaver, tal, _ og -")
    return str(key)


def read_count(value, where):
    """A whole number from 1, or None."""
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise RegistryError(f"{where} skal være et helt tal fra 1")
    return value


def read_text(value, where):
    """A text or whole number for readers; not what YAML rounds or makes a truth value."""
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise RegistryError(f"{where} mangler sin tekst, eller den skal i anførselstegn")
    return str(value)


def read_label(entry, where):
    """The text of an entry, which is that or has it as its `label`."""
    return read_text(entry["label"] if isinstance(entry, dict) else entry, where)


def read_answers(key, entry):
    """{code: label} of a question or of a background variable."""
    answers = {
        str(code): read_label(value, f"{key}={code}")
        for code, value in entry.get("answers", {}).items()
    }
    if wrong := [code for code in answers if DIVIDERS.search(code)]:
        problem = f"et svars kode kan ikke have =, | eller &, som {wrong[0]!r} har"
        raise RegistryError(f"{key}: {problem}")
    return answers


def read_items(key, entry):
    """{name: label} of a question's items."""
    return {
        read_name(name): read_label(value, f"{key}.{name}")
        for name, value in entry.get("items", {}).items()
    }


def find_assumed(entry):
    """The items and answers of a question that stand with `assumed: true`."""
    named = {**entry.get("items", {}), **entry.get("answers", {})}.items()
    return [name for name, one in named if isinstance(one, dict) and one.get("assumed")]


def read_number(key, entry, answers):
    """(the `Allowed` numbers of a question, {code: label} with that of whoever gave one first)."""
    if GIVEN in answers:
        raise RegistryError(f"{key}: et svar kan ikke have koden {GIVEN}")
    try:
        return read_allowed(entry), {GIVEN: _(GIVEN_LABEL)} | answers
    except ValueError as error:
        raise RegistryError(f"{key}: {error}") from None


def list_unanswered(question, condition):
    """((column, codes), …): who is outside the base of a `Condition`, as he gave no answer."""
    none = question.unanswered if question else ()
    if question and question.kind == "multiple":
        own = condition.item in none and condition.answers == (1,)
        return tuple((f"{question.id}_{one}", (1,)) for one in none) if not own else ()
    return ((condition.column, none),) if none and not {*condition.answers} & {*none} else ()


def name_answered(question, condition, name):
    """The variable that is true of all who gave an answer beside that of a variable; "" where those
    who gave none are counted.
    """
    if not list_unanswered(question, condition):
        return ""
    if question.kind == "multiple":
        return f"{question.id}.{question.unanswered[0]}=0"
    answers = "|".join(one for one in question.answers if one not in question.unanswered)
    return f"{name.partition('=')[0]}={answers}"


def read_sides(key, entry, answers):
    """{words: answers} of the two sides of zero that a figure draws a battery's answers to: what is
    to the left and what is to the right, each of one or two answers, all in the question's order.
    """
    sides = {
        str(words): tuple(map(str, chosen)) for words, chosen in entry.get("sides", {}).items()
    }
    drawn = [answer for chosen in sides.values() for answer in chosen]
    if sides and (
        len(sides) != 2
        or not all(1 <= len(chosen) <= 2 for chosen in sides.values())
        or drawn != [answer for answer in answers if answer in drawn]
    ):
        raise RegistryError(
            f"{key}: sides skal have et ord for hver af to sider, og til hvert et eller to af "
            f"svarene {', '.join(answers)}, i den rækkefølge"
        )
    return sides


def read_groupings(content):
    """{name: {group: label}} of the groups that have one name in chapters."""
    found = {}
    for name, groups in content.get("groupings", {}).items():
        if not isinstance(groups, dict) or not groups:
            raise RegistryError(f"groupings: {name} skal have grupper med en tekst til hver")
        found[str(name)] = {
            str(group): read_text(label, f"groupings: {name}, {group}")
            for group, label in groups.items()
        }
    return found


def read_breaks(content):
    """({name: its name over rounds}, {name: ((round, what, text), …)}) of what a registry says of
    earlier rounds; the name "all" is of every question. Raises `RegistryError`.
    """
    entries = {"all": {"breaks": content.get("breaks", [])}}
    entries |= content["questions"] | content["derived"]
    identities = {
        str(name): read_text(entry["identity"], f"{name}: identity")
        for name, entry in entries.items()
        if "identity" in entry
    }
    breaks = {str(name): _read_breaks(name, one.get("breaks", [])) for name, one in entries.items()}
    return identities, {name: found for name, found in breaks.items() if found}


def read_lacks(content):
    """{question or derived variable that chapters may ask for and the survey has not: its text}."""
    lacks = content.get("lacks", {})
    known = {str(name) for part in ("questions", "derived") for name in content.get(part, ())}
    if not isinstance(lacks, dict) or known & {*map(str, lacks)}:
        raise RegistryError(
            "lacks skrives som {navn: spørgsmålets tekst}, for hvad der ikke er her"
        )
    return {read_name(name): read_text(text, f"lacks: {name}") for name, text in lacks.items()}


def _read_breaks(name, entries):
    form = f"{name}: breaks skrives som - {{round: 4, what: wording, text: …}}"
    if not isinstance(entries, list):
        raise RegistryError(form)
    for entry in entries:
        if not isinstance(entry, dict) or {*entry} != {*BREAK_FIELDS}:
            raise RegistryError(form)
        if not isinstance(entry["round"], int) or entry["what"] not in BREAKS:
            raise RegistryError(f"{form}, hvor what er en af {', '.join(BREAKS)}")
    return tuple(
        (entry["round"], entry["what"], read_text(entry["text"], f"{name}: breaks"))
        for entry in entries
    )


def name_ordinal(number):
    """3 → "tredje"; 13 → "13."; what is no whole number as it is written."""
    if isinstance(number, bool) or not isinstance(number, int):
        return str(number)
    return _(ORDINALS[number]) if 0 <= number < len(ORDINALS) else f"{number}."


def write_period(typed):
    """Years typed with a hyphen ("2018-2019"), with the dash that stands between years in text."""
    return YEARS.sub("–", typed) if isinstance(typed, str) else typed


def fill_period(content, period):
    """A copy of a registry's content in which `{periode}` is the survey's period in every text."""
    if isinstance(content, dict):
        return {key: fill_period(value, period) for key, value in content.items()}
    if isinstance(content, list):
        return [fill_period(value, period) for value in content]
    return content.replace(PERIOD, str(period)) if isinstance(content, str) else content


def read_words(content):
    """({form: noun} of those who answer, {name: words} of all of them, what is measured)."""
    respondents, whole, measure = (
        {name: _(text) for name, text in usual.items()}
        | {name: str(text) for name, text in content.get(part, {}).items()}
        for part, usual in PARTS.items()
    )
    respondents["all"] = respondents["all"] or respondents["many"]
    return respondents, whole, measure if measure["variable"] else {}


def check_words(content):
    """What is wrong with those parts of a registry's content, as sentences."""
    problems = []
    for part, usual in PARTS.items():
        given, names = content.get(part, {}), ", ".join(usual)
        if not isinstance(given, dict):
            problems.append(f"{part} skal have en tekst for hvert af {names}")
            continue
        unknown = [name for name in given if name not in usual]
        problems += [f"{part}: feltet {name} kendes ikke; felterne er {names}" for name in unknown]
        needed = usual if part == "measure" and given else [name for name in usual if name in given]
        problems += [
            f"{part}: {name} mangler sin tekst, eller den skal i anførselstegn"
            for name in needed
            if not isinstance(given.get(name), str) or not given[name].strip()
        ]
    return problems


def list_numbered_words(registry, cards, further=()):
    """The texts of registry and cards, and `further` ones, with a digit in them, as readers meet
    them, longest first.
    """
    texts = [registry.title, registry.period, registry.fieldwork, cards["title"]]
    texts += [*registry.respondents.values(), *registry.whole.values()]
    texts += [card["citation"] for card in cards["files"].values()]
    for question in registry.questions.values():
        # a sentence on a question has its text without the question mark
        texts += [question.text, question.text.rstrip("?")]
        texts += [*question.items.values(), *question.answers.values()]
    for derived in registry.derived.values():
        texts += [derived.label, derived.base_text or ""]
    for dimension in registry.background.values():
        words = [dimension[part].values() for part in ("answers", "names", "places")]
        texts += [dimension["heading"], *chain(*words)]
    texts += [label for groups in registry.groupings.values() for label in groups.values()]
    texts += further
    numbered = {text for text in texts if any(map(str.isdigit, text))}
    return sorted(numbered, key=lambda text: (-len(text), text))


def find_names(content):
    """The labels that keep their capital inside a sentence: entries with `proper: true`."""
    entries = [*content["derived"].values()]
    for one in (*content["questions"].values(), *content["background"].values()):
        entries += [*one.get("items", {}).values(), *one.get("answers", {}).values()]
    proper = (entry for entry in entries if isinstance(entry, dict) and entry.get("proper") is True)
    return frozenset(str(entry["label"]) for entry in proper)
