"""The shipped survey, opened once per sector for all tests that only read it."""

import re
import shutil
from functools import cache

import yaml

from barometer.paths import DATA
from barometer.sentences.published import compare_published
from barometer.survey import open_survey

SECTORS = {
    "all": "Hele den offentlige sektor",
    "state": "Staten",
    "region": "Regionerne",
    "municipality": "Kommunerne",
}
PLACES = {"all": "", "state": "i staten", "region": "i regionerne", "municipality": "i kommunerne"}
GROUPS = ("sector=state", "sector=region", "sector=municipality")
CODES = tuple(SECTORS)
INITIATION = {
    "politically_initiated": "Politisk igangsat",
    "initiated_by_other_causes": "Andre årsager",
}  # the registry's grouping


def copy_sectors(folder, domains=""):
    """A copy of the shipped survey, still to be sealed, that has reports on the sectors and
    `domains` alone.

    The sectors are planned in seconds.
    """
    shutil.copytree(DATA / "barometer-2020", folder)
    path = folder / "questionnaire.yaml"
    registry = re.sub(
        r"(?m)^domains: .*", f"domains: [{domains}]", path.read_text(encoding="utf-8")
    )
    path.write_text(registry, encoding="utf-8")
    return folder


@cache
def read_danish():
    """The content of the shipped registry's file, with the Danish of each text."""
    path = DATA / "barometer-2020" / "questionnaire.yaml"
    return _pick(yaml.safe_load(path.read_text(encoding="utf-8")))


def _pick(content):
    if isinstance(content, list):
        return [_pick(one) for one in content]
    if not isinstance(content, dict):
        return content
    return content["da"] if "da" in content else {key: _pick(content[key]) for key in content}


@cache
def open_shipped(sector="all", **parts):
    """The shipped survey as the report of `sector` (and `field`, `size`) sees it."""
    return open_survey(sector=sector, **parts)


@cache
def compare_shipped(sector="all"):
    """Every published row beside ours, for the report of `sector`."""
    return compare_published(open_shipped(sector))
