"""The lock file: every package that is needed, with the checksums of its files, is the one that is
installed.
"""

import re
from importlib.metadata import PackageNotFoundError, distribution

import pytest
from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement

from barometer.paths import ROOT
from barometer.run import cache
from barometer.run.cache import read_sources

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRY = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)
REQUIRED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.M)


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def read_lock():
    """{name: version} of the packages for this system and this Python."""
    return {
        name: version
        for name, version, marker, _ in ENTRY.findall(LOCK)
        if not marker or Marker(marker).evaluate()
    }


def find_needed(names):
    """All packages that these need, and those need in turn, here."""
    found, waiting = set(), [(name, ()) for name in names]
    while waiting:
        name, extras = waiting.pop()
        if (plain(name), *extras) in found:
            continue
        found.add((plain(name), *extras))
        for line in distribution(name).requires or ():
            need = Requirement(line)
            if need.marker is None or any(
                need.marker.evaluate(default_environment() | {"extra": extra})
                for extra in ("", *extras)
            ):
                waiting.append((need.name, tuple(sorted(need.extras))))
    return {name for name, *_ in found}


def test_the_lock_file_has_nothing_but_versions_and_checksums():
    assert ENTRY.sub("", LOCK).splitlines() == [LOCK.splitlines()[0]] and LOCK.startswith("# ")
    assert len(ENTRY.findall(LOCK)) > 100


def test_what_is_required_is_locked_in_that_version():
    required = REQUIRED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    locked = read_lock()
    assert {plain(name): version for name, version in required} == {
        plain(name): locked.get(plain(name)) for name, _ in required
    }


def test_every_package_that_is_needed_is_locked_and_is_the_one_installed():
    locked = read_lock()
    required = [
        name
        for name, _ in REQUIRED.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    ]
    needed = find_needed(required)
    assert len(needed) > 80 and needed - {*locked} == set()
    assert {name: locked[name] for name in needed} == {
        name: distribution(name).version for name in needed
    }


def test_the_check_installs_from_the_lock_file():
    assert (
        "pip install --quiet --require-hashes -r requirements.lock"
        in (ROOT / ".ci" / "run").read_text()
    )


@pytest.mark.parametrize("name", ["fonttools", "lxml", "jupyter-client", "ipython"])
def test_a_package_that_others_bring_is_in_the_key_of_what_is_kept(tmp_path, monkeypatch, name):
    """Its version is read off the name of its folder."""
    try:
        assert distribution(name).version
    except PackageNotFoundError:
        pytest.skip(f"{name} is not needed here")
    before = read_sources(tmp_path).python
    (tmp_path / f"{name.replace('-', '_')}-99.0.dist-info").mkdir()
    monkeypatch.setattr(cache.sys, "path", [*cache.sys.path, str(tmp_path)])
    assert read_sources(tmp_path / "data").python != before
