"""Parts of the public sector that reports are made for, and what each is called as a name.

A domain is a conjunction of background variables, at most one answer of each dimension: "all",
"region", "field=health", "region&size=large". A sector goes by its bare name, as in published.csv.
"""

from itertools import combinations

EVERYBODY = "offentlige arbejdspladser"

# The report on the whole public sector needs no words for where; saying it in every sentence wears
# the reader out.
PLACES = {"all": "", "state": "i staten", "region": "i regionerne", "municipality": "i kommunerne"}

SECTORS = {
    "all": "Hele den offentlige sektor",
    "state": "Staten",
    "region": "Regionerne",
    "municipality": "Kommunerne",
}

WHOLE = "all"
# a further dimension, such as a municipality, is one more name here
DIMENSIONS = ("sector", "field", "size")


def name_domain(values):
    """The domain of {dimension: answer}; "all" as an answer narrows nothing."""
    parts = [
        values[name] if name == DIMENSIONS[0] else f"{name}={values[name]}"
        for name in DIMENSIONS
        if values.get(name, WHOLE) != WHOLE
    ]
    return "&".join(parts) or WHOLE


def split_domain(domain):
    """{dimension: answer} of a domain, in the order of `DIMENSIONS`: nothing for the whole."""
    parts = [] if domain == WHOLE else [one.rpartition("=") for one in domain.split("&")]
    return {name or DIMENSIONS[0]: answer for name, _, answer in parts}


def list_conditions(domain):
    """The variables that are all true of a domain's respondents."""
    return [f"{name}={answer}" for name, answer in split_domain(domain).items()]


def list_wider_domains(domain):
    """The domains that a domain lies within, by leaving out some of its dimensions: the whole among
    them.
    """
    parts = list(split_domain(domain).items())
    return [
        name_domain(dict(kept))
        for length in range(len(parts))
        for kept in combinations(parts, length)
    ]


def name_group(domain):
    """The domain as a group within a wider one: "sector=region", "sector=region&size=large"; "all"
    for the whole.
    """
    return "&".join(list_conditions(domain)) or WHOLE


def narrow_domain(domain, group):
    """The domain of a group within a domain; None for a group that is made of something else, or
    contradicts it.
    """
    values = split_domain(domain)
    for one in group.split("&"):
        name, _, answer = one.partition("=")
        if (
            name not in DIMENSIONS
            or not answer
            or "|" in answer
            or values.get(name, answer) != answer
        ):
            return None
        values = values | {name: answer}
    return name_domain(values)


def name_place(background, domain):
    """Where something is so, as words at a sentence's end: "på sundhedsområdet i regionerne"; ""
    for the whole.

    `background`: {dimension: {"names", "places"}} of the registry, each {answer: words}.
    """
    parts = split_domain(domain).items()
    return " ".join(background[name]["places"][answer] for name, answer in reversed(parts))


def name_part(background, domain):
    """What a report on a domain is called: "Sundhedsområdet i regionerne"; "" for the whole."""
    *others, last = [None, *split_domain(domain).items()]
    if last is None:
        return ""
    where = [background[name]["places"][answer] for name, answer in reversed(others[1:])]
    return " ".join([background[last[0]]["names"][last[1]], *where])


def split_terms(name):
    """The terms of a name: "sector=state&!innovative" → ("sector=state", "!innovative")."""
    return tuple(name.split("&"))


def is_joined(name):
    """Whether a name says several things at once."""
    return "&" in name


def strip_not(term):
    """A term without its negation: "!innovative" → "innovative"; "!!innovative" is "innovative"
    too.
    """
    return term.lstrip("!")


def is_negated(term):
    """Whether a term says that something is not so."""
    return (len(term) - len(strip_not(term))) % 2 == 1
