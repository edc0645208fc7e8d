"""The blocks of a chapter: how those of two cells are put together, and what is said where none of
them shows anything.
"""

from barometer.document.conditions import WITHHELD
from barometer.languages.speaking import N_, _
from barometer.sentences.withheld import give_reason

SILENT = N_("Kapitlets tal kan ikke vises: {grund}.")
SHOWING = ("claim", "figure", "table")  # types of blocks with numbers


def add_blocks(blocks, read, joined):
    """Blocks and those of the next cell, whose first paragraph may go on in the last one."""
    parts = [_read_joined(block) for block in (*blocks[-1:], *read[:1])] if joined else []
    if len(parts) < 2 or None in parts:
        return [*blocks, *read]
    content = [*parts[0], {"type": "text", "text": " "}, *parts[1]]
    return [*blocks[:-1], {"type": "paragraph", "content": content}, *read[1:]]


def _read_joined(block):
    """The content of a block in a paragraph that it shares; None where it can share none."""
    if block["type"] == "paragraph":
        return block["content"]
    inner = block["blocks"] if block["type"] == "claim" else []
    if [one["type"] for one in inner] != ["paragraph"]:
        return None
    return [{"type": "claim", "id": block["id"], "content": inner[0]["content"]}]


def explain_silence(blocks, claims):
    """Why a chapter shows no numbers, as a sentence, where all of its sentences are withheld and
    empty; else "". `claims`: its rows of the register.
    """
    outcomes = {row["outcome"] for row in claims}
    if not outcomes or not outcomes.issubset(WITHHELD) or any(map(_shows, blocks)):
        return ""
    return _(SILENT).format(**give_reason(outcomes))


def _shows(block):
    inner = [*block.get("blocks", ()), *block.get("content", ())]
    return block["type"] in SHOWING or any(map(_shows, inner))
