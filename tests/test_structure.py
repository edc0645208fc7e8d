"""The package as a house: what stands where, and that data flow one way."""
import ast
import re

import pytest

from barometer.paths import ROOT

PACKAGE = ROOT / "barometer"
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py") if path.stem != "__init__")
TABLE = (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("## Names of variables")[0]
ROWS = [line.split("|")[1] for line in TABLE.splitlines() if line.startswith("| `")]
ORDER = [name for row in ROWS for name in re.findall(r"`(\w+)\.py`", row)]
LIMIT = 300   # lines; a module much longer than 200 holds something that belongs elsewhere


def list_imports(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("barometer"):
            yield from [node.module.partition(".")[2]] if "." in node.module else [alias.name for alias in node.names]


def test_the_design_notes_name_every_module_once():
    assert sorted(ORDER) == MODULES


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_from_those_above_it(module):
    below = [name for name in list_imports(module) if ORDER.index(name) >= ORDER.index(module)]
    assert below == []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_stays_small_and_says_what_it_is_for(module):
    text = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LIMIT
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("module", [name for name in MODULES if name not in ("synthetic", "seal")])
def test_a_module_prints_nothing(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    calls = [node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    assert "print" not in calls
