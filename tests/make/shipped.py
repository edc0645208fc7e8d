"""The shipped survey, opened once per sector for all tests that only read it."""

import re
import shutil
from functools import cache

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
def open_shipped(sector="all", **parts):
    """The shipped survey as the report of `sector` (and `field`, `size`) sees it."""
    return open_survey(sector=sector, **parts)


@cache
def compare_shipped(sector="all"):
    """Every published row beside ours, for the report of `sector`."""
    return compare_published(open_shipped(sector))
