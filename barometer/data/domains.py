"""Parts of the population that reports are made for, and what each is called as a name.

A domain is a conjunction of background variables, at most one answer of each dimension: "all",
"region=north", "field=health&size=large". The dimensions and their answers are those of the
registry's `background`. Answers to a dimension that is called as `BARE` go by their bare names:
"state", "state&field=health".
"""

import re
from functools import lru_cache
from itertools import combinations
from keyword import iskeyword

from barometer.data.terms import WORDS, RegistryError, read_answers, read_text
from barometer.languages.localising import localise
from barometer.languages.speaking import LANGUAGE, SOURCE, _
from barometer.text import lower_first

WHOLE = "all"
BARE = "sector"
# what a dimension cannot be called: parameters and options have these names
TAKEN = (
    *("data", "alpha", "language", "each", "chapter", "output", "format", "jobs", "cluster"),
    *("timeout", "force", "supersede", "verbose", "compare", "strict", "help", "project"),
)


def order_dimensions(names):
    """Dimensions in the order that a domain's name has them: `BARE`, and the others by name."""
    return sorted(names, key=lambda name: (name != BARE, name))


def check_dimensions(background):
    """What is wrong with dimensions {name: {"answers": {code: label}}}, as sentences."""
    lacking = [name for name, entry in background.items() if not entry.get("answers")]
    wrong = [name for name in background if is_no_name(name)]
    rule = f"Det skal være et ord af a-z, 0-9 og _, og ikke {', '.join(TAKEN)}"
    whole = [name for name, entry in background.items() if WHOLE in entry["answers"]]
    return [
        *(["background har ingen del"] if not background else []),
        *(f"background mangler {name}" for name in lacking),
        *(f"»{name}« under background kan ikke bruges som navn: {rule}" for name in wrong),
        *(f"{name} har koden all, som betyder alle" for name in whole),
    ]


def list_renamed(background):
    """What to write for `called`, by which a part had another name than its own for a while."""
    named = background.items() if isinstance(background, dict) else ()
    return [
        f"called er afskaffet: skriv {entry['called']}: i stedet for {name}: under background, og "
        f"kald kolonnen {name} i population.csv {entry['called']}"
        for name, entry in named
        if isinstance(entry, dict) and "called" in entry
    ]


def is_no_name(name):
    """Whether a dimension, and so a parameter and an option, cannot have this name."""
    return not (name.isascii() and name.isidentifier()) or iskeyword(name) or name in TAKEN


def read_dimension(key, entry, names):
    """A registry's dimension with `heading`, `names` and `places` ({code: words}). Raises
    `RegistryError`.

    "Sundhedsområdet" (`name`) and "på sundhedsområdet" (`place`) have the label for default, in
    parentheses as a place, as that fits any label. `names`: labels that keep their capitals.
    """
    found = {"names": {}, "places": {}}
    answers = read_answers(key, entry)
    for code, value in entry["answers"].items():
        given, label = value if isinstance(value, dict) else {}, answers[str(code)]
        for part, default in (("name", label), ("place", f"({lower_first(label, names)})")):
            words = read_text(given.get(part, default), f"{key}={code}: {part}")
            found[f"{part}s"][str(code)] = words
    heading = read_text(entry.get("heading", entry.get("text", key)), f"{key}: heading")
    return {**entry, "answers": answers, "heading": heading, **found}


def describe_dimensions(background):
    """Each dimension's name, and in brackets what it is: "size (Størrelse)"."""
    headings = {name: entry["heading"] for name, entry in background.items()}
    return [
        name if name == heading else f"{name} ({heading})" for name, heading in headings.items()
    ]


def list_dividing(registry, name):
    """{code: label} of the answers to a dimension or a question that divide respondents; who gave
    none is in no group.
    """
    if name in registry.background:
        return registry.background[name]["answers"]
    question = registry.questions[name]
    none = question.unanswered
    given = {code: label for code, label in question.answers.items() if code not in none}
    return given or question.answers


def read_crossings(content, background):
    """[("field",), ("region", "size")] of `domains: [field, region&size]`."""
    dimensions = [*background]
    found = tuple(tuple(str(entry).split("&")) for entry in content.get("domains", ()))
    for crossed in found:
        if [name for name in dimensions if name in crossed] != list(crossed):
            rule = (
                f"skal være blandt {', '.join(dimensions)}, i den rækkefølge, og flere sat sammen"
            )
            raise RegistryError(f"domains: {'&'.join(crossed)!r} {rule} med &")
    found = tuple(tuple(order_dimensions(crossed)) for crossed in found)
    return tuple(crossed for crossed in found if crossed != (dimensions[0],))


def name_domain(values):
    """The domain of {dimension: answer}; "all" as an answer narrows nothing."""
    parts = [
        values[name] if name == BARE else f"{name}={values[name]}"
        for name in order_dimensions(values)
        if values[name] != WHOLE
    ]
    return "&".join(parts) or WHOLE


def split_domain(domain):
    """{dimension: answer} of a domain: nothing for the whole."""
    parts = [] if domain == WHOLE else [one.rpartition("=") for one in domain.split("&")]
    return {name or BARE: answer for name, _, answer in parts}


def list_conditions(domain):
    """The variables that are all true of a domain's respondents."""
    return [f"{name}={answer}" for name, answer in split_domain(domain).items()]


def list_wider_domains(domain):
    """The domains that a domain lies within, with some of its dimensions left out or all."""
    parts = list(split_domain(domain).items())
    return [
        name_domain(dict(kept))
        for length in range(len(parts))
        for kept in combinations(parts, length)
    ]


def name_firsts(background):
    """{domain: its name} of the first dimension's parts."""
    first, entry = next(iter(background.items()))
    return {name_domain({first: code}): name for code, name in entry["names"].items()}


def name_group(domain):
    """The domain as a group within a wider one: "sector=region&size=large"; "all" for the whole."""
    return "&".join(list_conditions(domain)) or WHOLE


def narrow_domain(domain, group, dimensions):
    """The domain of a group within a domain; None for a group of other variables or against it."""
    values = split_domain(domain)
    for one in group.split("&"):
        name, _, answer = one.partition("=")
        single = name in dimensions and answer and "|" not in answer
        if not single or values.get(name, answer) != answer:
            return None
        values = values | {name: answer}
    return name_domain(values)


def name_place(registry, domain):
    """Where something is so, as words at a sentence's end: "på sundhedsområdet i regionerne"."""
    if domain == WHOLE:
        return registry.whole["place"]
    parts = _order_parts(registry, domain).items()
    return " ".join(registry.background[name]["places"][answer] for name, answer in reversed(parts))


def name_part(registry, domain):
    """What a report on a domain is called: "Sundhedsområdet i regionerne"."""
    if domain == WHOLE:
        return registry.whole["name"]
    *others, last = _order_parts(registry, domain).items()
    where = [registry.background[name]["places"][answer] for name, answer in reversed(others)]
    return " ".join([registry.background[last[0]]["names"][last[1]], *where])


def _order_parts(registry, domain):
    """{dimension: answer} of a domain in the registry's order."""
    values = split_domain(domain)
    return {name: values[name] for name in registry.background if name in values}


def split_terms(name):
    """The terms of a name: "sector=state&!innovative" → ("sector=state", "!innovative")."""
    return tuple(name.split("&"))


def list_heads(name):
    """The questions and derived variables that a variable's name, of one or joined, begins with.

    >>> list_heads("novelty=first&!value.quality")
    ['novelty', 'value']
    """
    return [strip_not(term).partition("=")[0].partition(".")[0] for term in split_terms(name)]


def is_joined(name):
    """Whether a name says several things at once."""
    return "&" in name


def strip_not(term):
    """A term without its negations: "!innovative" and "!!innovative" → "innovative"."""
    return term.lstrip("!")


def is_negated(term):
    """Whether a term says that something is not so."""
    return (len(term) - len(strip_not(term))) % 2 == 1


@lru_cache(maxsize=8)
def read_parts(path, changed, language=SOURCE):
    """({dimension: {code: label}}, {code: name} of the whole and the parts of the first dimension)
    of a registry that was `changed` then, in a language.
    """
    # here, as `--help` and a misspelt option need no registry
    from barometer.files.yaml_files import load_yaml

    text = path.read_text(encoding="utf-8-sig")
    # the whole registry takes longer to read than a run with nothing to do
    parts = re.findall(r"^(?:background|whole):.*\n(?:(?:[ \t#].*)?\n)*", text, re.M)
    found = load_yaml(path.name, ("".join(parts) if len(parts) > 1 else text).encode())
    own = LANGUAGE.search(text)
    found = localise(found, language, own[1] if own else SOURCE)
    if any("called" in entry for entry in found["background"].values()):
        raise ValueError("called is told of where the survey is opened")
    known = {
        str(name): {
            str(code): str(value["label"] if isinstance(value, dict) else value)
            for code, value in entry["answers"].items()
        }
        for name, entry in found["background"].items()
    }
    whole = (found.get("whole") or {}).get("name", "")
    return known, {WHOLE: str(whole) or _(WORDS["name"]), **next(iter(known.values()), {})}
