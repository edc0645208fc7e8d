"""A project's chapters before they are run: their names, and the links from one to another."""

import re

from barometer import paths
from barometer.document.conditions import list_calls
from barometer.document.markdown import WORDS
from barometer.files.faults import suggest
from barometer.languages.speaking import _

CHAPTER = re.compile(r"\d\d_")  # how the name of a chapter begins
PLAIN = re.compile(r"\d\d_[\w-]+")  # a name that a command line takes as one word
LINK = re.compile(r"\[(\w+)\]\(#([^\s()]+)\)")
SHOWING = ("show", "draw")  # how the names of calls begin that make figures and tables


def list_chapters():
    """The chapters in reading order; notebooks without a number are no part of the report."""
    return sorted(path for path in paths.NOTEBOOKS.glob("*.ipynb") if CHAPTER.match(path.stem))


def check_chapter_names():
    """A sentence for each notebook that begins with a number and is yet no chapter by its name, and
    for each number that two chapters have.
    """
    found = sorted(path for path in paths.NOTEBOOKS.glob("*.ipynb") if re.match(r"\d", path.stem))
    problems = [
        f"{path.name} er ikke et kapitel: Navnet skal have formen 08_navn.ipynb. Omdøb den til "
        f"{_name_chapter(path.stem)}.ipynb, eller lad navnet begynde med et bogstav."
        for path in found
        if not PLAIN.fullmatch(path.stem)
    ]
    first = {}
    for path in found:
        if CHAPTER.match(path.stem) and (other := first.setdefault(path.stem[:2], path)) != path:
            problems.append(
                f"{other.name} og {path.name} har samme nummer. Giv det ene kapitel et andet."
            )
    return problems


def _name_chapter(stem):
    number, rest = re.match(r"(\d+)\W*_*(.*)", stem).groups()
    return f"{int(number) % 100:02}_{re.sub(r'[^a-zA-Z0-9_æøåÆØÅ]+', '_', rest) or 'navn'}"


def check_links(chapters):
    """A sentence for each link to a figure or table that no chapter shows.

    `chapters`: {name: its cells, with `source` as one text} of all chapters of the project, since
    one may lead to another. A chapter that names figures by code (`draw_shares(name, …)`) may show
    any, and nothing is said then.
    """
    shown, linked = set(), []
    words = {word.lower() for one in WORDS.values() for word in (one, _(one))}
    for name, cells in chapters.items():
        for number, cell in enumerate(cells, 1):
            for word, id in LINK.findall(cell["source"]):
                linked += [(name, number, id)] * (word.lower() in words)
            if cell["cell_type"] == "code":
                shown |= _list_shown(cell["source"])
    if None in shown:
        return []
    return [
        f"{name}.ipynb: celle {number}: Linket til #{id} fører til ingen figur eller tabel."
        f"{suggest(id, shown)}"
        for name, number, id in linked
        if id not in shown
    ]


def _list_shown(source):
    """The ids of the figures and tables that a cell's code shows; None among them where one cannot
    be seen.
    """
    found = set()
    for call in list_calls(source):
        name = getattr(call.func, "attr", "") or getattr(call.func, "id", "")
        if name.startswith(SHOWING):
            given = [*call.args[:1], *(one.value for one in call.keywords if one.arg == "id")]
            found |= {getattr(one, "value", None) for one in given}
    return found
