"""Which texts of the program a reader sees: those that its modules call `_`, `say` and `N_` with,
and those that its templates mark.
"""

import ast
import json

from barometer.languages.marking import MARKED
from barometer.paths import PACKAGE, TEMPLATES
from barometer.translating.project import Message

DRAFTS = PACKAGE / "drafting" / "templates"  # of a new project
CALLS, CONSTANTS = ("_", "say"), "N_"  # `speaking.py`, `text.py`


def list_messages():
    """Every `Message` of the program, each once: a text has one translation, wherever it stands,
    unless a context parts two.
    """
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text, context in _read_call(node):
                place = path.relative_to(PACKAGE).as_posix(), node.lineno
                found.setdefault((context, text), Message(text, context, place))
    for path in [*sorted(TEMPLATES.glob("*.*")), *sorted(DRAFTS.glob("*.*"))]:
        source = _read_template(path)
        for marked in MARKED.finditer(source):
            place = path.name, source.count("\n", 0, marked.start()) + 1
            found.setdefault((None, marked[1]), Message(marked[1], None, place))
    return list(found.values())


def _read_template(path):
    """What a template says; the texts of a notebook's cells; "" of what is no template."""
    if path.suffix not in (".j2", ".typ", ".ipynb", ".yaml", ".md"):
        return ""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return source
    return "\n".join("".join(cell["source"]) for cell in json.loads(source)["cells"])


def _read_call(node):
    """(text, context) of each text that a call has translated."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
        return
    first, *rest = node.args
    context = next((one.value for one in rest if isinstance(one, ast.Constant)), None)
    if node.func.id in CALLS:
        texts = [first]
    elif node.func.id == CONSTANTS:
        texts = [*_list_values(first)]
    else:
        return
    for one in texts:
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value:
            yield one.value, context


def _list_values(node):
    """The values of a dict and of what is within it, without its keys."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from _list_values(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _list_values(value)
    else:
        yield node
