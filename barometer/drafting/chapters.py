"""A chapter drafted from a list of questions: each with a table, and a sentence to be reworded."""

import re
from itertools import product
from keyword import iskeyword
from string import ascii_lowercase as LETTERS

import nbformat
from nbformat import v4

from barometer.data.domains import list_dividing
from barometer.data.variables import divide_themselves, lie_outside
from barometer.exploring.asking import write_value
from barometer.exploring.suiting import suit_figure
from barometer.exploring.wording import DIGIT, draft_mean, draft_row, draft_sentence, escape
from barometer.files.texts import is_number, make_name, write_alike
from barometer.incoming.words import OTHERS
from barometer.languages.speaking import _, spoken

MARKS = re.compile(r"[\\`*_\[\]<>#]")  # of Markdown
PART = re.compile(r"[^a-zA-Z0-9_]")
EXHIBIT = re.compile(r"""\.(?:show|draw_\w+|show_\w+)\(\s*["']([^"']+)["']""")
BRACKETED = re.compile(r"(?:^|\s+)[(\[][^()\[\]]*[)\]]")
BEFORE_SIGN = re.compile(r"\s+(?=[?!.,:;])")
PLACE = re.compile(r"\s*\{sted\}")
WORDS = 4  # of a text in an id
TAKEN = ("survey", "open_survey", "data", "alpha", "language")


def make_chapter(
    title,
    registry,
    questions,
    survey,
    by=None,
    number="01",
    common=None,
    nested=False,
    taken=(),
):
    """A notebook of a chapter on these questions of a `Questionnaire`.

    `survey`: the name of its folder under data/; `by`: what to compare by; `number`: the chapter's,
    which the ids of its sentences begin with; `common` {question: the variable that its sentence is
    about}, as `find_common` finds it, or else the first one;
    `nested`: whether the dimension `by` lies in another, as departments in divisions; `taken`: ids
    of figures and tables that other chapters have. It is in the language that is spoken.
    """
    cells = [
        v4.new_markdown_cell(f"# {title}"),
        v4.new_code_cell(_list_parameters(registry, survey), metadata={"tags": ["parameters"]}),
        v4.new_code_cell("from barometer import open_survey"),
        v4.new_code_cell(f"survey = open_survey({', '.join(_name_parameters(registry))})\nsurvey"),
    ]
    shown = _name_exhibits(registry, questions, title, taken)
    for place, name in enumerate(questions, 1):
        question = registry.questions[name]
        most = (common or {}).get(name)
        parts = by in registry.background and not nested
        own = None if by and find_undivided(registry, name, by) else by
        cells += _draft_question(registry, question, own, number, place, shown[name], most, parts)
    for place, cell in enumerate(cells, 1):
        cell["id"] = f"cell-{place:03}"  # the same each time, so that versions can be compared
    return v4.new_notebook(cells=cells, metadata=_METADATA)


_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def write_chapter(notebook):
    """The notebook's text."""
    return nbformat.writes(notebook) + "\n"


def _name_parameters(registry):
    first, *further = registry.background
    return ["data", first, "alpha", "language", *further]


def _list_parameters(registry, survey):
    first, *further = registry.background
    codes = ", ".join(f'"{code}"' for code in ("all", *registry.background[first]["answers"]))
    lines = [
        f'{first} = "all"  # {codes}',
        f'data = "{survey}"  # {_("undersøgelsen: en mappe under data/, eller en sti")}',
        f"alpha = 0.05  # {_('signifikansniveau, mellem 0 og 0.5')}",
        f'language = "{spoken()}"',
    ]
    return "\n".join([*lines, *(f'{name} = "all"' for name in further)])


def is_single(question):
    """Whether each respondent has one answer to a question, so that answers exclude each other."""
    return question.kind in ("single", "scale") and not question.items


def find_undivided(registry, name, by):
    """Why a question is not compared in the groups of `by`: they are made of its own answers, or
    fewer than two of them were asked it; "" where it is.
    """
    variables, groups = registry.questions[name].variables, list_groups(registry, by)
    if divide_themselves(registry, variables, groups):
        return f"{name} deles ikke efter {by}, som er lavet af de samme svar."
    asked = [group for group in groups if not lie_outside(registry, variables, group)]
    if len(asked) < 2 <= len(groups):
        return f"{name} deles ikke efter {by}: kun én af grupperne blev spurgt."
    return ""


def find_exhibits(sources):
    """The ids of figures and tables that the code of chapters makes."""
    return {found for source in sources for found in EXHIBIT.findall(source)}


def _name_exhibits(registry, questions, title, taken):
    """{question: the id of its table or figure}: words of it and of the chapter, without digits,
    and with a letter where another has it.

    A number in an id would have to be accounted for.
    """
    chapter, made, used = _make_words(title, WORDS), {}, {*taken}
    for name in questions:
        words = _make_words(make_heading(registry.questions[name].text), WORDS) or _("svar")
        alike = sum(one.startswith(words) for one in made.values())
        letters = ["", *LETTERS[1:], *map("".join, product(LETTERS, repeat=2))][alike:]
        ids = (f"{words}{'-' * bool(letter)}{letter}-{chapter}" for letter in letters)
        made[name] = next(one for one in ids if one not in used)
        used.add(made[name])
    return made


def _make_words(text, most):
    words = [word for word in DIGIT.sub("", make_name(text)).split("_") if word]
    return "-".join(words[:most])


def find_common(registry, questions, table, weights):
    """{question: its variable that is true of most} of answers that are none of "Ved ikke", "Andet"
    and the like. `table`: a column for each answer, as the survey's file has them.
    """
    found = {}
    for question in (registry.questions[name] for name in questions):
        named = [] if question.kind == "number" else question.variables
        kept = [one for one in named if not _is_rest(registry, one)]
        sums = {one: weights[_is_given(table, registry.parse(one))].sum() for one in kept}
        if sums:
            found[question.id] = max(sums, key=sums.get)
    return found


def _is_rest(registry, variable):
    label = write_alike(registry.label(variable))
    return registry.is_residual(variable) or bool(OTHERS.search(label))


def _is_given(table, condition):
    """Whether each row has one of the answers, whose codes a file may have as numbers or texts."""
    codes = [*condition.answers, *map(str, condition.answers)]
    return table[condition.column].isin(codes).to_numpy()


def _draft_question(registry, question, by, number, place, shown, most=None, parts=False):
    variable = PART.sub("_", question.id)
    names = (*TAKEN, *_name_parameters(registry))
    taken = iskeyword(variable) or variable in names or not variable.isidentifier()
    variable = f"q_{variable}" if taken else variable
    # differences of several items in several groups are a table each; one table has their shares
    compared = list_groups(registry, by) if by else {}
    single = is_single(question)
    # means suffice in a draft: the shares of a battery of scales are many numbers to read
    mean = question.kind == "number" or (question.kind == "scale" and not single)
    tested = by and (single or len(compared) == 2)
    called, divided = "compare" if tested else "shares", f', by="{by}"' if by else ""
    called = "mean" if mean else called
    # parts are compared of the whole: in the report on one of them the others have no answers
    survey = "survey.whole" if parts else "survey"
    asked = f'{survey}.{called}("{question.id}"{divided})'
    heading = make_heading(question.text)
    title, sentence, answer = escape(heading), None, variable
    if single and not by and _has_bare_points(registry, question):
        sentence, answer = draft_mean(registry, question.id), f'survey.mean("{question.id}")'
    elif not by or single or question.kind == "number" or len(compared) == 2:
        sentence = draft_sentence(registry, question.id, compared, most)
    if not sentence and (row := draft_row(registry, question, compared, most)):
        asked_row = f'"{row[0]}"{divided}'
        sentence = (None, row[1])
        answer = f"{survey}.{'mean' if mean else 'compare'}({asked_row})"
    if mean:
        drawn = ("draw_means", {}) if bool(by) != bool(question.items) else None
    else:
        drawn = suit_figure(registry, question.id, compared)
    call, further = drawn or ("show", {})
    if question.kind == "number" and call == "show":  # its row has the question's text
        unit = question.allowed.unit
        mean = _("Gennemsnit i {unit}").format(unit=unit) if unit else _("Gennemsnit")
        title = escape(mean)
    ending = "".join(f", {name}={write_value(value)}" for name, value in further.items())
    cells = [
        v4.new_markdown_cell(f"## {MARKS.sub(_mark, heading)}"),
        v4.new_code_cell(f"{variable} = {asked}"),
    ]
    if sentence:
        item, wordings = sentence
        if parts:  # what is said is of the whole, not of the report's part
            where = _name_whole(registry)
            wordings = {word: PLACE.sub(where, text) for word, text in wordings.items()}
        lines = [f'    "K{number}{place:02}",' + (f' "{item}",' if item else "")]
        lines += [f'    {word}="{text}",' for word, text in wordings.items()]
        cells.append(v4.new_code_cell("\n".join([f"{answer}.tell(", *lines, ")"])))
    cells.append(v4.new_code_cell(f'{variable}.{call}("{shown}", "{title}"{ending})'))
    return cells


def _name_whole(registry):
    """Where something is so of everybody, after a space: a sentence's place in any report."""
    place = registry.whole["place"]
    return f" {place if place and not DIGIT.search(place) else _('i hele undersøgelsen')}"


def make_heading(text):
    """A question's text without what stands in brackets: how to answer it, or its scale.

    A text with a number beside ("Q4. …") is kept whole: numbers are known by the texts they are in.
    """
    plain = BEFORE_SIGN.sub("", " ".join(BRACKETED.sub(" ", text).split()))
    return text if not plain or DIGIT.search(plain) else plain


def _has_bare_points(registry, question):
    """Whether most points of a scale are numbers without words, so that no one of them is named."""
    points = [code for code in question.answers if code not in question.residual]
    bare = [code for code in points if question.answers[code].strip() == code and is_number(code)]
    return question.kind == "scale" and len(bare) * 2 > len(points)


def list_groups(registry, by):
    """{group: label} of what a chapter compares by."""
    if by in registry.groupings:
        return registry.groupings[by]
    if by in registry.background or by in registry.questions:
        return {f"{by}={code}": label for code, label in list_dividing(registry, by).items()}
    return {name: registry.label(name) for name in (by, f"!{by}")}


def _mark(match):
    return f"\\{match[0]}"
