"""Puts the checksums of a survey's files on their cards: `python -m barometer.seal [FOLDER]`.

To be run by the person who changed a file on purpose: from then on the reader trusts the new content. The data
dictionary, where it has a card, is made anew from the registry first.
"""
import hashlib
import re
import sys
from pathlib import Path

import yaml

from barometer.parameters import resolve_data
from barometer.questionnaire import make_dictionary, read_questionnaire


def seal_cards(folder):
    """Rewrite the sha256 lines of `cards.yaml` (and nothing else of it). Returns {file: checksum}."""
    path = Path(folder) / "cards.yaml"
    text = path.read_text(encoding="utf-8")
    if "dictionary.csv" in yaml.safe_load(text)["files"]:
        dictionary = make_dictionary(read_questionnaire(Path(folder) / "questionnaire.yaml"))
        dictionary.to_csv(Path(folder) / "dictionary.csv", index=False, lineterminator="\n")
    checksums = {
        name: hashlib.sha256((Path(folder) / name).read_bytes()).hexdigest() for name in yaml.safe_load(text)["files"]
    }
    for name, checksum in checksums.items():
        card = rf"(^  {re.escape(name)}:\n(?:    .*\n)*?    sha256: )\S+"
        text, found = re.subn(card, rf"\g<1>{checksum}", text, count=1, flags=re.MULTILINE)
        if not found:
            raise ValueError(f"cards.yaml: kortet for {name} mangler linjen sha256")
    path.write_text(text, encoding="utf-8")
    return checksums


def main():
    """Seal the folder named on the command line (default: barometer-2020)."""
    folder = resolve_data(sys.argv[1] if len(sys.argv) > 1 else "barometer-2020")
    for name, checksum in seal_cards(folder).items():
        sys.stdout.write(f"{checksum}  {name}\n")


if __name__ == "__main__":
    main()
