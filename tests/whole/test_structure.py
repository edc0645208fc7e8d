"""The package as a house: which room stands before which, that rooms stay small, and that data flow
one way.
"""

import ast
import subprocess
import sys

import pytest

from barometer.paths import PACKAGE, ROOT

ROOMS = (
    "languages",
    "files",
    "statistics",
    "numbers",
    "designs",
    "weighting",
    "data",
    "suppression",
    "disclosure",
    "sentences",
    "figures",
    "shades",
    "verify",
    "proofs",
    "releases",
    "document",
    "report",
    "codebook",
    "exports",
    "office",
    "bank",
    "door",
    "rounds",
    "exploring",
    "run",
    "searchers",
    "schemas",
    "layouts",
    "incoming",
    "drafting",
    "tools",
    "synthesis",
    "checking",
    "publishing",
    "translating",
)
# The order in which things may be imported: a room or a module at the top imports only from those
# before it.
ORDER = (
    "paths",
    "machine",
    "errors",
    "languages",
    "version",
    "marks",
    "forms",
    "text",
    "files",
    "statistics",
    "numbers",
    "payloads",
    "pictures",
    "exhibits",
    "display",
    "designs",
    "weighting",
    "data",
    "released",
    "parameters",
    "arguments",
    "suppression",
    "disclosure",
    "sentences",
    "figures",
    "shades",
    "verify",
    "proofs",
    "releases",
    "document",
    "report",
    "codebook",
    "exports",
    "office",
    "bank",
    "sample",
    "door",
    "rounds",
    "survey_files",
    "survey",
    "exploring",
    "run",
    "searchers",
    "schemas",
    "layouts",
    "incoming",
    "drafting",
    "tools",
    "synthesis",
    "checking",
    "publishing",
    "translating",
    "__main__",
)
MODULES = sorted(
    path.relative_to(PACKAGE).with_suffix("").as_posix() for path in PACKAGE.rglob("*.py")
)
FACES = [module for module in MODULES if module.endswith("__init__")]
MOST_LINES = 300  # a module much longer than 200 holds something that belongs elsewhere
MOST_MODULES = 10
LONG = {}  # modules that are longer


def name_place(module):
    """The room of a module, or the module itself where it stands at the top."""
    return module.partition("/")[0]


def list_imports(module):
    """Modules of the package that a module imports, as "room/module"."""
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").partition(".")[0] == "barometer"
        ):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            for path in (name.split(".")[1:] for name in names):
                yield "/".join(path[:2] if path[0] in ROOMS else path[:1])


def test_every_module_stands_in_a_room_or_is_named_among_those_at_the_top():
    assert {name_place(module) for module in MODULES} - {"__init__"} == set(ORDER)
    assert {name_place(module) for module in FACES} - {"__init__"} == set(ROOMS)


@pytest.mark.parametrize("module", [module for module in MODULES if module not in FACES])
def test_a_module_imports_only_from_its_own_room_and_those_before_it(module):
    place = ORDER.index(name_place(module))
    later = [name for name in list_imports(module) if ORDER.index(name_place(name)) > place]
    assert later == []


@pytest.mark.parametrize("room", ROOMS)
def test_modules_of_a_room_import_each_other_in_no_circle(room):
    waiting = {
        module: {name for name in list_imports(module) if name_place(name) == room}
        for module in MODULES
        if name_place(module) == room and module not in FACES
    }
    while ready := {module for module, needs in waiting.items() if not needs & waiting.keys()}:
        waiting = {module: needs for module, needs in waiting.items() if module not in ready}
    assert waiting == {}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_small_and_its_face_says_what_it_is_for(room):
    assert ast.get_docstring(
        ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))
    )
    modules = [module for module in MODULES if name_place(module) == room and module not in FACES]
    assert len(modules) <= MOST_MODULES


@pytest.mark.parametrize("module", [module for module in MODULES if module not in FACES])
def test_a_module_stays_small_and_says_what_it_is_for(module):
    text = (PACKAGE / f"{module}.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONG.get(module, MOST_LINES)
    assert max(map(len, text.splitlines())) <= 100
    assert ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("module", MODULES)
def test_a_module_prints_nothing(module):
    tree = ast.parse((PACKAGE / f"{module}.py").read_text(encoding="utf-8"))
    calls = [
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert "print" not in calls


def test_nothing_listens_for_numbers_or_finds_them_in_the_programs_own_texts():
    texts = {name: (PACKAGE / f"{name}.py").read_text(encoding="utf-8") for name in MODULES}
    assert [name for name, text in texts.items() if "ContextVar" in text] == []
    rooms = (
        "text",
        "payloads",
        "exhibits",
        "display",
        "sentences",
        "figures",
        "document",
        "report",
    )
    rooms += ("survey",)
    reading = [name for name in MODULES if name_place(name) in rooms and r"\d" in texts[name]]
    # marks of Markdown's lists, names of chapters' files, the process named in a warning, dates,
    # ranges that stay on a line, a picture's box
    allowed = ["document/chapters", "document/cleaning", "document/imprint"]
    assert reading == ["display", *allowed, "exhibits", "report/folder"]


def test_the_design_notes_name_every_room_and_every_module_at_the_top():
    notes = (
        (ROOT / "docs" / "design.md").read_text(encoding="utf-8").split("## Names of variables")[0]
    )
    assert [
        name for name in ORDER if f"`{name}.py`" not in notes and f"`{name}/`" not in notes
    ] == []


@pytest.mark.parametrize("room", ROOMS)
def test_the_tests_of_a_room_stand_in_a_room_of_the_same_name(room):
    assert list((ROOT / "tests" / room).glob("test_*.py"))


# What a run does itself, not in the processes that it starts; and those functions of theirs.
ITSELF = (
    "run/request",
    "run/cache",
    "run/reports",
    "run/workers",
    "run/records",
    "tools/command_line",
    "tools/run",
    "tools/summary",
)
ELSEWHERE = {"_call_task"}
HEAVY = {"matplotlib", "pikepdf", "pypdfium2", "typst"}


def test_a_run_itself_imports_nothing_that_draws_or_reads_pages_at_any_time():
    """Ctrl-C while such a library is imported ends in its own words, or in a traceback."""
    wanted = {"barometer.survey"}
    for path in (ROOT / "run_all.py", *(PACKAGE / f"{name}.py" for name in ITSELF)):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        skipped = {
            id(node)
            for function in ast.walk(tree)
            if isinstance(function, ast.FunctionDef) and function.name in ELSEWHERE
            for node in ast.walk(function)
        }
        wanted |= {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and node.module.startswith("barometer.")
            and id(node) not in skipped
        }
    code = f"import sys, {', '.join(sorted(wanted))}\nprint(*sorted({HEAVY!r} & {{*sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("", "")
