"""YAML files as people write them, read strictly: nothing is lost or taken for something else.

A name written twice, and a text that YAML takes for a truth value, a number or nothing, are faults
with their lines.
"""

import re
from pathlib import Path

import yaml

from barometer.files.faults import DataFault, Fault, check_texts, raise_faults, refuse, show
from barometer.files.texts import decode
from barometer.text import format_count, join_words

GET_AGAIN = "hent filen igen fra kilden"
# bytes of a YAML file: takes seconds to read; the third round's registry has 21,000
LARGEST = 500_000
DEEPEST = 50  # levels within each other; a registry has six
# the same in C, ten times as fast, where it is built in
SAFE_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
ALIAS = re.compile(r"\*[\w-]")
BROKEN = (
    *(yaml.YAMLError, RecursionError, OverflowError),
    *(ValueError, TypeError, LookupError, AttributeError),
)
# What is no text to YAML, and still reads as it is written. The truth of yes, on and 0x1F is only
# YAML's.
PLAIN = {
    "null": re.compile(""),
    "bool": re.compile("true|false"),
    "int": re.compile("-?(0|[1-9][0-9]*)"),
    "float": re.compile(r"-?[0-9]+\.[0-9]+"),
    "timestamp": re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}.*"),
}
TAKEN = {"bool": "en sandhedsværdi", "null": "ingenting", "timestamp": "en dato"}
LISTED = {"int", "float", "timestamp"}  # of those, what may stand in a list of names or numbers
EMPTIED = ("cards.yaml",)  # files of programs too, which write null where nothing stands
WRITE_OUT = "skriv indholdet ud de steder, det bruges"
QUOTE = "sæt det i anførselstegn"


def read_yaml(path):
    """What the YAML file at `path` says, see `load_yaml`."""
    return load_yaml(Path(path).name, Path(path).read_bytes())


def load_yaml(name, content, largest=LARGEST):
    """A YAML file's content by the safe loader, all texts in NFC and fit for readers. All files
    come here. `largest`: how many bytes it may have.

    Raises `DataFault` with every fault of the file: no YAML, too large, deep or full of references,
    names written twice, texts without quotation marks that YAML takes for something else.
    """
    if len(content) > largest:
        most = f"grænsen er {format_count(largest)}"
        problem = f"filen er på {format_count(len(content))} bytes, og {most}"
        refuse(name, problem, f"forkort den, eller {GET_AGAIN}")
    text = decode(name, content)
    _refuse_aliases(name, text)
    try:
        _refuse_depth(text)
        found, faults = _construct(name, text)
        faults = faults or check_texts(name, _list_texts(found))
    except BROKEN as error:
        raise DataFault([_describe_broken(name, text, error)]) from None
    raise_faults(faults)
    return found


def _construct(name, text):
    """(what the text says, faults of how it is written)."""
    loader = SAFE_LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, []
        faults = [*_find_repeated(name, node), *_find_unquoted(name, node)]
        return (None, faults) if faults else (loader.construct_document(node), [])
    finally:
        loader.dispose()


def _walk(node):
    """(node, [(key, value), …]) of every mapping, (node, nodes) of every sequence."""
    left = [node]
    while left:
        part = left.pop()
        if isinstance(part, yaml.MappingNode):
            yield part, part.value
            left.extend(one for pair in reversed(part.value) for one in reversed(pair))
        elif isinstance(part, yaml.SequenceNode):
            yield part, part.value
            left.extend(reversed(part.value))


def _find_repeated(name, node):
    for part, entries in _walk(node):
        if not isinstance(part, yaml.MappingNode):
            continue
        lines = {}
        for key, _ in entries:
            if key.tag.endswith(":merge"):
                yield Fault(name, f"linje {_line(key)} har <<", WRITE_OUT)
            elif isinstance(key, yaml.ScalarNode):
                lines.setdefault(key.value, []).append(_line(key))
        for word, where in lines.items():
            if len(where) > 1:
                problem = f"navnet {show(word, quoted=True)} er skrevet flere gange"
                problem += f" (linje {_join(where)})"
                yield Fault(name, problem, "behold det ene, eller giv det andet et andet navn")


def _find_unquoted(name, node):
    if isinstance(node, yaml.ScalarNode):
        return
    for part, entries in _walk(node):
        if isinstance(part, yaml.SequenceNode):
            wrong = [one for one in entries if not _is_plain(one, LISTED)]
        else:
            wrong = [key for key, _ in entries if not _is_plain(key, {"int"})]
            values = [value for _, value in entries if not _is_plain(value, PLAIN)]
            empty = ":null" if name in EMPTIED else None
            wrong += [one for one in values if not empty or not one.tag.endswith(empty)]
        for one in wrong:
            shown = f"»{show(one.value)}«" if one.value else "en tom tekst"
            read = one.tag.rpartition(":")[2]
            remedy = f'{QUOTE}: "{show(one.value)}"'
            remedy += ", eller lad feltet stå tomt" if read == "null" else ""
            problem = f"{shown} mangler anførselstegn og læses som {TAKEN.get(read, 'et tal')}"
            yield Fault(name, f"linje {_line(one)}: {problem}", remedy)


def _is_plain(node, kinds):
    """Whether a node is no scalar, a text, or one of these kinds that reads as it is written."""
    kind = node.tag.rpartition(":")[2]
    if not isinstance(node, yaml.ScalarNode) or kind not in PLAIN:
        return True
    return kind in kinds and bool(PLAIN[kind].fullmatch(node.value))


def _line(node):
    return node.start_mark.line + 1


def _join(numbers):
    return join_words(map(str, numbers))


def _refuse_depth(text):
    """The loader in C calls itself for each level; a file of levels would end the program."""
    depth = 0
    for event in yaml.parse(text, SAFE_LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise ValueError(f"more than {DEEPEST} levels")


def _list_texts(part, where=""):
    """(where it stands, text) of every text in what a YAML file says, names included."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield f"et navn under {where or 'filen'}", str(name)
            yield from _list_texts(value, f"{where}.{show(name)}".lstrip("."))
    elif isinstance(part, list | tuple | set):
        for value in part:
            yield from _list_texts(value, where)
    else:
        yield where, str(part)


def _refuse_aliases(name, text):
    """Raise `DataFault` for references: a few lines of them can fill any memory."""
    try:
        # Scanning is slow; a text without "*name" has no references.
        has_alias = ALIAS.search(text) and any(
            isinstance(token, yaml.AliasToken) for token in yaml.scan(text)
        )
    except (yaml.YAMLError, RecursionError, ValueError):
        return  # not YAML at all, as the parser will say
    if has_alias:
        refuse(name, "filen bruger henvisninger (*)", WRITE_OUT)


def _describe_broken(name, text, error):
    """Where a YAML file stopped making sense: the error's own words would quote the file."""
    mark, again = getattr(error, "problem_mark", None), "ret linjen, eller hent filen igen"
    if not mark:
        return Fault(name, "filen er ikke gyldig YAML", again)
    line = text.splitlines()[mark.line : mark.line + 1]
    if line and "\t" in line[0][: len(line[0]) - len(line[0].lstrip())]:
        problem = f"filen er ikke gyldig YAML: linje {mark.line + 1} er rykket ind med tabulator"
        return Fault(name, problem, "ret linjen, så den er rykket ind med mellemrum")
    return Fault(name, f"filen er ikke gyldig YAML (linje {mark.line + 1})", again)
