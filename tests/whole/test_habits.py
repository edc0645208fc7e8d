"""What contributors run by habit: the hooks before a commit, the Makefile, and the commands of the
pages.
"""

import re
import shlex
import shutil
import subprocess
import sysconfig
from pathlib import Path

import nbformat
import pytest
import yaml

from barometer.paths import NOTEBOOKS, ROOT

PINNED = re.compile(r"^([\w.-]+)==(\S+)", re.M)
HOOKS = {
    hook["id"]: hook
    for repository in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repository["hooks"]
}
LAID_OUT = 'numbers = {\n    "one": 1,\n}\n'
# a fault that each hook mends, and the file as it is then
FAULTS = {
    "ruff-check": ("import os\nimport sys\n\nprint(sys)\n", "import sys\n\nprint(sys)\n"),
    "ruff-format": ("numbers = {\n  'one' : 1,}\n", LAID_OUT),
}


def run_hook(name, *paths):
    """Run a hook's own command on some files, with the tool installed beside this Python."""
    command = [*shlex.split(HOOKS[name]["entry"], comments=True), *map(str, paths)]
    tool = shutil.which(command[0], path=sysconfig.get_path("scripts"))
    if not tool:
        pytest.skip(f"{command[0]} is not installed (requirements-test.txt)")
    return subprocess.run(
        [tool, *command[1:]], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def list_commands(text):
    """The commands in a page's blocks for a shell, one by one and without comments."""
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)
    return [
        command
        for block in blocks
        for line in block.splitlines()
        for command in map(str.strip, re.split(r"&&|;", line.partition("  #")[0]))
        if command
    ]


def test_the_hooks_have_the_versions_that_the_tests_have():
    needed = dict(PINNED.findall((ROOT / "requirements-test.txt").read_text()))
    for hook in HOOKS.values():
        for package in hook["additional_dependencies"]:
            name, version = PINNED.match(package).groups()
            assert needed[name] == version
    assert "pre-commit" in needed


def test_no_hook_is_fetched_from_another_place():
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {repository["repo"] for repository in config["repos"]} == {"local"}
    assert {hook["language"] for hook in HOOKS.values()} == {"python"}
    assert {*HOOKS} == {*FAULTS, "nbstripout"}


@pytest.mark.parametrize("name", FAULTS)
def test_a_hook_mends_what_it_is_there_for(name, tmp_path):
    wrong, right = FAULTS[name]
    path = tmp_path / "module.py"
    path.write_text(wrong)
    run_hook(name, path)
    assert path.read_text() == right


def test_a_chapter_that_was_run_is_committed_as_it_was_before(tmp_path):
    paths = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    executed = nbformat.read(paths[0], 4)
    for number, cell in enumerate(executed.cells):
        if cell.cell_type == "code":
            cell.execution_count = number
            cell.outputs = [nbformat.v4.new_output("stream", text="37,123456789")]
    nbformat.write(executed, tmp_path / "executed.ipynb")
    assert b"37,123456789" in (tmp_path / "executed.ipynb").read_bytes()
    copies = [Path(shutil.copy(path, tmp_path)) for path in paths]
    assert run_hook("nbstripout", *copies, tmp_path / "executed.ipynb").returncode == 0
    assert [
        one.name for one in paths if (tmp_path / one.name).read_bytes() != one.read_bytes()
    ] == []
    assert nbformat.read(tmp_path / "executed.ipynb", 4) == nbformat.read(paths[0], 4)


def test_the_makefile_only_calls_commands_of_the_readme():
    made = re.findall(r"^\t(.+)$", (ROOT / "Makefile").read_text(), re.M)
    readme = list_commands((ROOT / "README.md").read_text(encoding="utf-8"))
    assert made and [command for command in made if command not in readme] == []
    assert re.findall(r"^(\w+):$", (ROOT / "Makefile").read_text(), re.M) == [
        "setup",
        "report",
        "test",
        "slow",
    ]


def test_the_check_runs_the_tests_by_the_commands_of_the_readme():
    check = re.findall(r"^python (-m .+?)(?: \|\|.*)?$", (ROOT / ".ci" / "run").read_text(), re.M)
    readme = list_commands((ROOT / "README.md").read_text(encoding="utf-8"))
    tests = [command.partition(" ")[2] for command in readme if " -m pytest" in command]
    assert tests == ["-m pytest", "-m pytest -m slow"]
    assert [command for command in tests if command not in check] == []
