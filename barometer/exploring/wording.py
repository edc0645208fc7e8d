"""The skeleton of a sentence on a question or a variable: wordings for each outcome, to be
reworded.
"""

import re

from barometer.languages.speaking import _

DIGIT = re.compile(r"\d")


def draft_sentence(registry, name, groups=(), most=None):
    """(variable or None, {outcome: wording}) of a sentence on `name`, a question, a row of one or a
    variable, or None where no sentence is of one kind. `groups`: {group: label} to be compared;
    `most`: the variable that is spoken of, where it can be, or else the first one.

    No wording has a digit: labels that have one are left out.
    """
    question = registry.questions.get(name)
    row = registry.questions.get(name.partition(".")[0]) if "=" not in name else None
    number = bool(row and row.allowed)
    if number:
        return _draft_number(registry, name, row, groups)
    if question and question.kind == "scale" and question.items:
        return None
    if len(groups) > 1 and (is_one_answer(registry, name) or (len(groups) > 2 and not question)):
        return None, {
            "difference": _(
                "Svarene er forskellige i grupperne {sted}. Det er en {sikker} forskel."
            ),
            "same": _("Svarene er ikke {sikkert} forskellige i grupperne {sted}."),
        }
    names = _list_usable(registry, list_variables(registry, name))
    if not names or len(groups) > 2:
        return None
    names.sort(key=lambda one: one != most)
    one, many = _say_answered(registry, names[0])
    if len(groups) == 2:
        first, second = _name_groups(groups)
        differs = _("Gruppen {first} {said} {{oftere}} end gruppen {second}: {{a}} og {{b}}.")
        same = _("De to grupper {{sted}} er ikke {{sikkert}} forskellige: {{a}} og {{b}} {said}.")
        return names[0], {
            "differs": differs.format(first=first, second=second, said=one),
            "same": same.format(said=many),
        }
    asked = _name_asked(registry, names[0], groups)
    text = _("{{a}} af {asked} {said}.").format(asked=asked, said=many)
    counted = _count_asked(registry, names[0])
    words = _("{{a_alle}} {asked} {said}.").format(asked=counted, said=many)
    return names[0], {"text": text, "words": text if groups else words}


def draft_mean(registry, name, groups=()):
    """The same of the mean of a scale, or of a row of several, and whether it differs."""
    question, _dot, row = name.partition(".")
    label = registry.questions[question].items[row] if row else ""
    return _draft_number(registry, name, None, groups, label)


def draft_row(registry, question, groups=(), most=None):
    """(what is asked for, its wordings as `draft_sentence` has them) of one row, or one tick, of a
    question that has no sentence as a whole: the share of one answer in more than two groups, or
    the mean of a row of scales. `most`: the variable whose row it is, where it can be. None where
    all have digits in their labels.
    """
    if question.kind == "scale":
        first = (most or "").partition("=")[0].partition(".")[2]
        rows = [one for one, label in question.items.items() if not DIGIT.search(label)]
        if question.items and not rows:
            return None
        row = first if first in rows else next(iter(rows), "")
        asked = f"{question.id}.{row}" if row else question.id
        return asked, draft_mean(registry, asked, groups)[1]
    names = _list_usable(registry, question.variables)
    if not names:
        return None
    name = most if most in names else names[0]
    said = _say_answered(registry, name)[1]
    differs = _(
        "Hvor mange der {said}, er forskelligt i grupperne {{sted}}. Det er en {{sikker}} forskel."
    )
    same = _("Hvor mange der {said}, er ikke {{sikkert}} forskelligt i grupperne {{sted}}.")
    return name, {"difference": differs.format(said=said), "same": same.format(said=said)}


def _draft_number(registry, name, question, groups, label=""):
    """The same of a number: its mean, and whether it differs. `label`: what it is the mean of, ""
    where a question has no other.
    """
    unit = f" {question.allowed.unit}" if question and question.allowed.unit else ""
    many = registry.respondents["many"]
    of = _(" af »{label}«").format(label=escape(label)) if label else ""
    if len(groups) == 1:
        (group,) = _name_groups(groups)
        text = _("Gennemsnittet{of} i gruppen {label} er {{a}}{unit} blandt {{n_a}} {many}.")
        return name, {"text": text.format(of=of, label=group, unit=unit, many=many)}
    if not groups:
        text = _("Gennemsnittet{of} {{sted}} er {{a}}{unit} blandt {{n_a}} {many}.")
        return name, {"text": text.format(of=of, unit=unit, many=many)}
    if len(groups) == 2:
        first, second = _name_groups(groups)
        pair = _(" og ").join([f"{{a}}{unit}", f"{{b}}{unit}"])
        differs = _("Gennemsnittet{of} er {{højere}} i gruppen {first} end i {second}: {pair}.")
        same = _("Gennemsnittene{of} {{sted}} er ikke {{sikkert}} forskellige: {pair}.")
        return name, {
            "differs": differs.format(of=of, first=first, second=second, pair=pair),
            "same": same.format(of=of, pair=pair),
        }
    difference = _(
        "Gennemsnittet{of} er forskelligt i grupperne {{sted}}. Det er en {{sikker}} forskel."
    )
    same = _("Gennemsnittet{of} er ikke {{sikkert}} forskelligt i grupperne {{sted}}.")
    return name, {"difference": difference.format(of=of), "same": same.format(of=of)}


def is_one_answer(registry, name):
    """Whether a name stands for all answers of which a respondent has one: of a question, or of a
    row of one.
    """
    question, _, item = name.partition(".")
    known = None if "=" in name else registry.questions.get(question)
    return bool(known and known.answers and bool(item) == bool(known.items))


def list_variables(registry, name):
    """The variables that the name of a question, a row or a variable stands for."""
    if name in registry.questions:
        return registry.questions[name].variables
    if is_one_answer(registry, name):
        question = registry.questions[name.partition(".")[0]]
        return [one for one in question.variables if one.partition("=")[0] == name]
    return [name]


def _list_usable(registry, names):
    """The variables that a sentence may be about: those without a digit in their label, or else the
    first answer of each row, or of the question, which goes by its place.
    """
    kept = [one for one in names if not registry.is_residual(one)]
    plain = [one for one in kept if not DIGIT.search(registry.label(one))]
    firsts = {one.partition("=")[0]: one for one in reversed(kept) if "=" in one}
    rows = [one for one in reversed(firsts.values()) if not DIGIT.search(_name_row(registry, one))]
    return plain or rows


def _name_row(registry, name):
    """The text of the row of a battery that an answer is of; "" of a question without rows."""
    question = registry.questions.get(registry.find_question(name))
    return question.items.get(registry.parse(name).item, "") if question else ""


def _say_answered(registry, name):
    """What is said of one who, and of those who, a variable is true of."""
    label, row = escape(registry.label(name)), escape(_name_row(registry, name))
    if not registry.find_question(name):
        one, many = _("er med i »{label}«", "one"), _("er med i »{label}«")
    elif not DIGIT.search(label):
        one, many = _("svarer »{label}«", "one"), _("svarer »{label}«")
    elif row:
        one = _("giver det førstnævnte svar om »{row}«", "one")
        many = _("giver det førstnævnte svar om »{row}«")
    else:
        one, many = _("giver det førstnævnte svar", "one"), _("giver det førstnævnte svar")
    return one.format(label=label, row=row), many.format(label=label, row=row)


def _name_asked(registry, name, groups):
    """Whom a share is of: the one group, all, or those who were asked."""
    if groups:
        return _("gruppen {label}").format(label=_name_groups(groups)[0])
    everybody = f"{registry.respondents['the_many']} {{sted}}"
    some = _("de {many} {{sted}}, der er spurgt,").format(many=registry.respondents["many"])
    return everybody if _is_asked_of_all(registry, name) else some


def _count_asked(registry, name):
    """The same after a fraction in words: "seks ud af ti brugere"."""
    many = registry.respondents["many"]
    some = _("{many} {{sted}}, der er spurgt,").format(many=many)
    return f"{many} {{sted}}" if _is_asked_of_all(registry, name) else some


def _is_asked_of_all(registry, name):
    question = registry.questions.get(registry.find_question(name))
    return question is None or question.asked == "all"


def _name_groups(groups):
    """What groups are called; without their labels where these have numbers."""
    labels = [*groups.values()]
    if any(map(DIGIT.search, labels)):
        return (_("nævnt først"), _("nævnt sidst")) if len(labels) > 1 else (_("nævnt her"),)
    return [_("»{label}«").format(label=escape(label)) for label in labels]


def escape(text):
    """A text as it stands between quotation marks in code, and in a wording."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("{", "(").replace("}", ")")
