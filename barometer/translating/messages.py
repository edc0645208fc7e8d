"""Which messages the program has for whoever runs it: every text in its modules that has a Danish
word, and is none of those that a report shows (`_`, `say`, `N_`), none of a docstring and no
pattern.

A message is found where it is written, an f-string by its form: f"{name} mangler" is the text
"{name} mangler".
"""

import ast
import re

from barometer.languages.marking import MARKED
from barometer.paths import PACKAGE
from barometer.translating.project import Message

MARKING = ("_", "say", "N_", "translate")  # calls whose texts are found in `program.py`
# rooms and modules whose Danish is no message: it goes into files, or is looked for in them
WRITTEN = ("schemas", "synthesis", "incoming/ordering.py", "incoming/words.py")
# words that a message in Danish has one of, and that no other text of the program has
DANISH = re.compile(
    r"""[æøåÆØÅ]|(?<![-\w:/<#])(
    af|alle|alternativ|andel|andre|arbejde|behold|billede|billedet|blev|brug|celler?|
    de|decimaler|del|delvis|den|denne|det|dom|efter|eller|en|end|er|et|fejl|filen|
    filens|findes|fjern|flere|forseglet|forskel|fra|fri|gamle|gange|giv|grundlag|
    gruppen|har|hent|hvad|hver|hvilke|hvilken|hvor|i|ikke|indsamlingens|ingen|
    ingenting|intet|kan|kapitel|kapitlets|kendes|klynge|kode|koden|koderne|kolonne|
    komma|kort|kun|lav|lavet|linje|lodret|man|mangler|mappen?|med|men|mente|mod|navn|navnet|
    normaliserede|notebooken|nu|nye|og|om|overskrift|programmet|publiceret|rapport|
    rapporten|rapporter|resultat|ret|rettelser|samlet|samme|semikolon|side(?=\ $)|
    siden|sig|signifikansniveau|skal|skifter|skrevet|skriv|slet|som|svar|svarene|
    svarer|svaret|syntetiske|tabel|tabulator|tal|tekst|tekster?|til|tilladt|titel|tom|
    trin|trukket|udeladt|uden|udfald|udfyld|udgivelsen|udgivelserne|udgivet|ukendt|
    undtagelse|usikkert|valg|ved|virkelige|vis)(?![-\w]|:\w)""",
    re.VERBOSE | re.IGNORECASE,
)
WORD = re.compile(r"[^\W\d_]{2}")
FIELD = re.compile(r"{[^{}]*}|%\(\w+\)s")


def list_messages():
    """Every `Message` to whoever runs the program, each once, in the order of modules."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE)
        if {where.parts[0], where.as_posix()} & {*WRITTEN}:
            continue
        for text, line in _read_module(ast.parse(path.read_text(encoding="utf-8"))):
            found.setdefault(text, Message(text, None, (where.as_posix(), line)))
    for path in sorted(PACKAGE.glob("*/templates/*.html.j2")):
        if path.parts[-3] != "report":  # whose pages are in the report's language
            for marked in MARKED.findall(path.read_text(encoding="utf-8")):
                place = path.relative_to(PACKAGE).as_posix(), 1
                found.setdefault(marked, Message(marked, None, place))
    return list(found.values())


def _read_module(tree):
    """(text, line) of each message of a module."""
    helping = {id(one.value) for one in ast.walk(tree) if _is_help(one)}
    left = {id(one) for node in ast.walk(tree) for one in _list_other(node)}
    for node in ast.walk(tree):
        if id(node) in left:
            continue
        if isinstance(node, ast.JoinedStr):
            text = _write_form(node)
            left |= {id(one) for one in node.values}
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        words = FIELD.sub("", text)
        if WORD.search(words) and (DANISH.search(words) or id(node) in helping):
            yield text.strip(), node.lineno


def _is_help(node):
    """Whether a node is what the help of a command calls a value or says of an option."""
    return isinstance(node, ast.keyword) and node.arg in ("metavar", "help")


def _list_other(node):
    """What within a node is no message: docstrings, texts of reports, patterns."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module):
        return [node.body[0].value] if node.body and isinstance(node.body[0], ast.Expr) else []
    if isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Name) and called.id in MARKING:
            return ast.walk(node)
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            return ast.walk(node) if called.value.id == "re" else []
    return []


def _write_form(node):
    """An f-string as a text with fields, each named after what is put there."""
    parts, names = [], {}
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(value.value)
            continue
        put = ast.dump(value)
        if put not in names:
            word = _name_field(value.value)
            same = sum(one.rstrip("0123456789") == word for one in names.values())
            names[put] = f"{word}{same + 1 if same else ''}"
        parts.append("{" + names[put] + "}")
    return "".join(parts)


def _name_field(node):
    while isinstance(node, ast.Call) and node.args and not isinstance(node.func, ast.Attribute):
        node = node.args[0]
    if isinstance(node, ast.Name):
        return node.id.strip("_").lower() or "what"
    return node.attr.strip("_").lower() if isinstance(node, ast.Attribute) else "what"
