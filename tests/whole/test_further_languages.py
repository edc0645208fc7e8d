"""A language is added by catalogues alone: one that the code has never heard of, and Norwegian, which
is begun. A chapter is executed once and its report made in both.
"""

import os
import re
import shutil
import subprocess
import sys

import pytest

from barometer.languages.catalogues import PROGRAM, PROJECT
from barometer.paths import ROOT

pytestmark = pytest.mark.slow
UNITS = {"per\u00a0cent": "protsenti", "percentage points": "protsendipunkti"}
FRONT = {  # what a strict run needs besides
    "languages": "[et, nb]",
    "contact": "{email: kontor@example.dk}",
    "reviewed": '"2027"',
}
# typed in the text, as Estonian writes them
TYPED = {"1,500": "1\u00a0500", "February": "veebruar"}


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of program and project, with Estonian as CONTRIBUTING.md says: English words with
    Estonian units, beside Norwegian.
    """
    folder = tmp_path_factory.mktemp("further") / "project"
    folder.mkdir()
    for name in ("barometer", "notebooks", "data"):
        passed = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, folder / name, ignore=passed)
    for path in [ROOT / "run_all.py", *ROOT.glob("requirements*")]:
        shutil.copy(path, folder)
    for place, domain in (("barometer", PROGRAM), ("notebooks", PROJECT)):
        english = folder / place / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        text = english.read_text(encoding="utf-8").replace('"Language: en', '"Language: et')
        for one, other in UNITS.items():
            text = re.sub(rf'(msgstr "\u00a0){one}"', rf'\1{other}"', text)
        for one, other in TYPED.items():
            text = text.replace(one, other)
        estonian = folder / place / "locale" / "et" / "LC_MESSAGES" / f"{domain}.po"
        estonian.parent.mkdir(parents=True)
        estonian.write_text(text, encoding="utf-8")
    front = folder / "notebooks" / "report.yaml"
    text = front.read_text(encoding="utf-8")
    for field, value in FRONT.items():
        text = re.sub(rf"(?m)^{field}: .*", f"{field}: {value}", text)
    front.write_text(text, encoding="utf-8")
    return folder


def run(project, *words):
    environment = os.environ | {"PYTHONPATH": str(project), "LANGUAGE": "da"}
    command = [sys.executable, "run_all.py", "--sector", "region", "--chapter", "02", *words]
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def test_a_language_that_the_code_does_not_know_takes_a_catalogue_alone(project):
    code, told = run(project, "--language", "et,nb")
    assert code == 0, told
    # each reads its numbers back, and accounts for all
    assert told.count("Der er gjort rede for alle") == 2
    page = (project / "outputs/et/region-kapitel-02/report.html").read_text(encoding="utf-8")
    assert '<html lang="et"' in page and "protsenti" in page
    assert re.search(r"\d\u00a0\d{3}", page)  # CLDR's sign between thousands
    norwegian = (project / "outputs/nb/region-kapitel-02/report.html").read_text(encoding="utf-8")
    assert '<html lang="nb"' in norwegian and "prosent" in norwegian
    # what has no translation is shown in the chapters' language, and named
    assert "Ikke oversat (nb)" in told and "Ikke oversat (et)" not in told
    assert "arbejdspladser" in norwegian
    # each has a proof of its own where there are no reports in the first language
    proofs = [project / "outputs" / one / "certificate.json" for one in ("et", "nb", ".")]
    assert [one.is_file() for one in proofs] == [True, True, False]
    assert told.count("Beviset: ") == 2
    assert "bevist for 2 af 2" in told


def test_a_missing_translation_fails_a_strict_run_alone(project):
    assert run(project, "--language", "et", "--strict")[0] == 0
    code, told = run(project, "--language", "nb", "--strict")
    assert code == 1 and re.search(r"Ikke oversat \(nb\): [\d\s]+ tekster, der står på", told)
