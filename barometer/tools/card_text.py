"""Puts checksums into the text of cards.yaml, however it is laid out; all else in it stays as it
was written.
"""

import codecs
import copy

import yaml

from barometer.data.cards import CARDS
from barometer.files.faults import DataFault, Fault
from barometer.files.texts import normalise
from barometer.files.yaml_files import SAFE_LOADER, load_yaml

FIELD = "sha256"


def put_checksums(content, checksums):
    """The bytes of cards.yaml with other checksums on its cards: `checksums` is {file: sha256}.

    A card without the field gets it as its first. Raises `DataFault` for what is no YAML, and for a
    card whose checksum cannot be put there.
    """
    expected = copy.deepcopy(load_yaml(CARDS, content))
    text = content.decode("utf-8-sig")
    entries = _get(yaml.compose(text, SAFE_LOADER), "files")
    for start, end, new in sorted(_list_edits(text, entries, checksums), reverse=True):
        text = text[:start] + new + text[end:]
    changed = (codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b"") + text.encode()
    for name in _list_carded(expected) & checksums.keys():
        expected["files"][name][FIELD] = checksums[name]
    if _read(changed) != expected:
        remedy = f'skriv linjen {FIELD}: "" som den første på hvert kort, og kør igen'
        raise DataFault([Fault(CARDS, "kontrolsummerne kan ikke skrives på kortene", remedy)])
    return changed


def _list_edits(text, entries, checksums):
    """(start, end, text) of each change; a card that has no fields is left as it is."""
    for key, card in entries.value if isinstance(entries, yaml.MappingNode) else ():
        checksum = checksums.get(normalise(key.value) if isinstance(key.value, str) else None)
        if checksum and isinstance(card, yaml.MappingNode) and card.value:
            old = _get(card, FIELD)
            yield (
                _write_before(text, card, checksum)
                if old is None
                else _write_over(text, card, old, checksum)
            )


def _write_over(text, card, old, checksum):
    start, end = old.start_mark.index, old.end_mark.index
    style = old.style if isinstance(old, yaml.ScalarNode) else None
    if style in ("|", ">"):  # such a text ends with its last line
        style, end = None, len(text[:end].rstrip("\r\n"))
    quote = style or _choose_quote(card, checksum)
    space = "" if start < end or text[:start].endswith(" ") else " "
    return start, end, f"{space}{quote}{checksum}{quote}"


def _write_before(text, card, checksum):
    start = card.value[0][0].start_mark.index
    line = max(text.rfind(end, 0, start) for end in "\r\n") + 1
    indent = text[line:start]
    newline = ("\r\n" if "\r\n" in text else "\n") + indent if not indent.strip() else " "
    quote = _choose_quote(card, checksum)
    written = (
        f'"{FIELD}": "{checksum}",' if card.flow_style else f"{FIELD}: {quote}{checksum}{quote}"
    )
    return start, start, written + newline


def _choose_quote(card, checksum):
    """None in a list of lines as people write it; one of digits alone would be read as a number."""
    return '"' if card.flow_style or checksum.isdecimal() else ""


def _get(node, name):
    """The node of a name in a mapping; None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _list_carded(cards):
    files = cards.get("files") if isinstance(cards, dict) else None
    cards = files.items() if isinstance(files, dict) else ()
    return {name for name, card in cards if isinstance(card, dict) and card}


def _read(content):
    try:
        return load_yaml(CARDS, content)
    except DataFault:
        return None
