"""How the name of a variable is put together: terms joined by `&` (all of them), each with `!` before it (not).

`!a&b` is (not a) and b. What a term can be is said in docs/design.md, "Names of variables"; the registry knows which
there are.
"""


def split_terms(name):
    """The terms of a name: "sector=state&!innovative" → ("sector=state", "!innovative")."""
    return tuple(name.split("&"))


def is_joined(name):
    """Whether a name says several things at once."""
    return "&" in name


def strip_not(term):
    """A term without its negation: "!innovative" → "innovative"; "!!innovative" is "innovative" too."""
    return term.lstrip("!")


def is_negated(term):
    """Whether a term says that something is not so."""
    return (len(term) - len(strip_not(term))) % 2 == 1
