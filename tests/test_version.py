"""Which version of the program made a number."""
import re

from barometer.version import describe_commit, name_version


def test_the_version_is_named_with_its_commit_where_there_is_one():
    assert re.fullmatch(r"\d+\.\d+\.\d+(, commit [0-9a-f]{7}( med ændringer)?)?", name_version())


def test_outside_git_there_is_no_commit(tmp_path):
    assert describe_commit(tmp_path) is None
