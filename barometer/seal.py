"""Puts the checksums of a survey's files on their cards: `python -m barometer.seal [FOLDER]`.

To be run by the person who changed a file on purpose: from then on the reader trusts the new content. Where they have
cards, the data dictionary is made anew from the registry first, and the plan of closed cells from all of it last.
"""
import hashlib
import re
import sys
from pathlib import Path

import yaml

from barometer.closed import CLOSED, write_closed
from barometer.console import settle_streams
from barometer.dictionary import make_dictionary
from barometer.faults import DataFault
from barometer.parameters import resolve_data
from barometer.planning import shorten
from barometer.questionnaire import read_questionnaire
from barometer.survey import open_survey


def seal_survey(folder):
    """Seal the folder, with the plan of closed cells made anew where it has a card. Returns {file: checksum}."""
    if CLOSED not in yaml.safe_load((Path(folder) / "cards.yaml").read_text(encoding="utf-8"))["files"]:
        return seal_cards(folder)
    (Path(folder) / CLOSED).write_text("made_for: none\n", encoding="utf-8")   # so that opening makes it anew
    seal_cards(folder)
    survey = open_survey(str(folder))
    (Path(folder) / CLOSED).write_text(write_closed(survey.plan.closed, survey.cards), encoding="utf-8")
    return seal_cards(folder)


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
    try:
        sealed = seal_survey(resolve_data(sys.argv[1] if len(sys.argv) > 1 else "barometer-2020"))
    except DataFault as fault:
        return f"Mappen blev ikke forseglet.\n{fault.tell(sys.stderr)}"
    except (OSError, ValueError) as error:
        return f"Mappen blev ikke forseglet.\n{shorten(error)}"
    for name, checksum in sealed.items():
        sys.stdout.write(f"{checksum}  {name}\n")
    return 0


if __name__ == "__main__":
    settle_streams()
    sys.exit(main())
