"""A forked kernel is an ordinary kernel: same outputs, a process of its own, nothing left of it."""

import multiprocessing
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

from barometer.files.writing import open_scratch
from barometer.parameters import Parameters
from barometer.paths import ROOT
from barometer.run.execution import execute_chapter
from barometer.run.template import ForkDied, call_in_fork, can_fork, follow_run
from barometer.run.work import ChapterTask

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux")

TORTURE = [
    "print('ud')",
    "import sys\nprint('fejl', file=sys.stderr)",
    "import os\nos.write(1, b'fd 1\\n')",
    "import matplotlib.pyplot as plt\nplt.rcParams['svg.hashsalt'] = 'x'\nplt.plot([1, 2, 3]); "
    "plt.title('æ');",
    "fig, ax = plt.subplots()\nax.bar(['a', 'b'], [1, 2])\nplt.show()",
    "import matplotlib\nmatplotlib.get_backend(), dict(sorted(matplotlib.rcParams.items()))",
    "from IPython.display import HTML, Markdown, clear_output, display\nh = display(1, "
    "display_id='x')\nh.update(2)",
    "display(HTML('<b>x</b>'), Markdown('*y*'))\nclear_output()\nprint('efter')",
    "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]}).style.format(precision=1)",
    "await __import__('asyncio').sleep(0)\n'async'",
    "!echo skal",
    "%%bash\necho bash; pwd | sed 's/.*\\///'",
    "%%capture fanget\nprint('gemt')",
    "fanget.stdout",
    "import warnings\nwarnings.warn('advarsel')",
    "import logging\nlogging.warning('logget'); logging.info('ikke')",
    "import subprocess\nsubprocess.run(['echo', 'underproces'], capture_output=True, "
    "text=True).stdout",
    "import inspect\ndef f(x):\n    return x\ninspect.getsource(f)",
    "import pickle\nclass C: pass\npickle.loads(pickle.dumps(C())).__class__, C.__module__",
    "def own(x):\n    return -x",
    "from concurrent.futures import ProcessPoolExecutor as Pool\nwith Pool(1) as p:\n    "
    "print(list(p.map(own, [-1])))",
    "import threading\nt = threading.Thread(target=print, args=('tråd',))\nt.start(); t.join()",
    "sorted(k for k in os.environ if not k.startswith(('JPY_', 'PYTEST', 'LC_CTYPE', "
    "'BAROMETER')))",
    "sys.argv[0].split('/')[-1], __name__, sys.flags.hash_randomization, "
    "os.getcwd().split('/')[-1]",
    "[path for path in sys.path if not path]",
    "sys.modules['__main__'].__dict__ is globals(), '__file__' in globals()",
    "_, __, Out[8][:5], In[1][:10]",
    "%whos str",
    "get_ipython().__class__.__module__, get_ipython().history_manager.enabled",
    "import random, numpy as np\nhash('x'), {'b', 'a', 'c'}, threading.active_count() < 12",
    "import signal\nstr(signal.getsignal(signal.SIGINT)), str(signal.getsignal(signal.SIGTERM))",
    "os.getpgid(0) == os.getpid() == os.getsid(0)",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__)",
    "import locale\nlocale.getlocale()[1], sys.stdout.encoding, sys.getfilesystemencoding()",
    "import multiprocessing\nmultiprocessing.current_process().name, "
    "multiprocessing.get_start_method(True)",
]


def execute(folder, monkeypatch, warm, cells):
    """The executed notebook of these cells, in a kernel forked from the template or an ordinary
    one.
    """
    monkeypatch.setenv("BAROMETER_WARM", warm)
    monkeypatch.setattr("barometer.paths.NOTEBOOKS", folder)
    declared = v4.new_code_cell("sector = 'all'", metadata={"tags": ["parameters"]})
    source = nbformat.writes(
        v4.new_notebook(cells=[declared, *map(v4.new_code_cell, cells)])
    ).encode()
    with open_scratch() as workspace:
        result = execute_chapter(ChapterTask("01_x", source, Parameters(), timeout=60), workspace)
    assert result.failure is None, str(result.failure)
    return result.notebook


def read_outputs(cell):
    """A cell's outputs without what two ordinary kernels differ in: a picture's date, and the order
    of two pipes.
    """
    text = re.sub(r"<dc:date>.*?</dc:date>", "", nbformat.writes(v4.new_notebook(cells=[cell])))
    return sorted(text.splitlines())


def test_a_forked_kernel_gives_the_outputs_of_an_ordinary_one_cell_by_cell(tmp_path, monkeypatch):
    warm, ordinary = (execute(tmp_path, monkeypatch, kind, TORTURE) for kind in ("1", "0"))
    differing = [
        (a.source, a.outputs, b.outputs)
        for a, b in zip(warm.cells, ordinary.cells, strict=True)
        if read_outputs(a) != read_outputs(b)
    ]
    assert differing == []
    pictures = [
        cell
        for cell in warm.cells
        if any("image/png" in output.get("data", {}) for output in cell.outputs)
    ]
    assert len(pictures) == 2


@pytest.mark.parametrize("warm", ["1", "0"])
def test_what_a_cell_prints_is_one_output_however_slowly_it_comes(tmp_path, monkeypatch, warm):
    slow = "import sys, time\nfor word in 'abc':\n    print(word, flush=True); time.sleep(0.3)"
    outputs = execute(tmp_path, monkeypatch, warm, [slow]).cells[-1].outputs
    assert [output.text for output in outputs] == ["a\nb\nc\n"]


def test_the_modules_are_there_before_the_kernel_asks_for_them(tmp_path, monkeypatch):
    loaded = execute(
        tmp_path, monkeypatch, "1", ["import sys\n'barometer.run.preload' in sys.modules"]
    )
    assert loaded.cells[-1].outputs[0].data["text/plain"] == "True"


def test_each_notebook_has_a_process_of_its_own(tmp_path, monkeypatch):
    notebooks = [
        execute(
            tmp_path,
            monkeypatch,
            "1",
            [
                "import os, seaborn\nseaborn.x = getattr(seaborn, 'x', 0) + 1",
                "seaborn.x, os.getpid()",
            ],
        )
        for _ in range(2)
    ]
    (first, one), (second, two) = (
        eval(notebook.cells[-1].outputs[0].data["text/plain"]) for notebook in notebooks
    )
    assert (first, second) == (1, 1) and len({one, two, os.getpid()}) == 3
    assert not Path(f"/proc/{one}").exists() and not Path(f"/proc/{two}").exists()


def test_what_is_called_in_a_fork_returns_raises_and_dies_as_told():
    assert call_in_fork("operator", "add", 1, 2) == 3
    with pytest.raises(ZeroDivisionError):
        call_in_fork("operator", "truediv", 1, 0)
    with pytest.raises(ForkDied, match="signal 9, måske fordi maskinen manglede hukommelse"):
        call_in_fork("signal", "raise_signal", 9)
    with pytest.raises(ForkDied, match="kode 3"):
        call_in_fork("os", "_exit", 3)
    with pytest.raises(RuntimeError, match="cannot pickle"):
        call_in_fork("re", "finditer", "a", "a")


def begin_interrupted():
    """What a fork does whose terminal says Ctrl-C before it has left the terminal's reach, its
    signals held back.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.raise_signal(signal.SIGINT)
    follow_run()
    # a kernel is interrupted by it
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    sys.exit(7)


def test_a_fork_does_not_hear_a_terminal_that_it_has_left():
    process = multiprocessing.get_context("spawn").Process(target=begin_interrupted)
    process.start()
    process.join()
    assert process.exitcode == 7


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "1"])
def test_the_tests_pass_also_where_they_were_started_with_ctrl_c_ignored(workers):
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        workers,
        "-p",
        "no:cacheprovider",
        f"{__file__}::{test_a_fork_does_not_hear_a_terminal_that_it_has_left.__name__}",
    ]
    done = subprocess.run(
        ["sh", "-c", 'trap "" INT; exec "$@"', "sh", *command],
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 0 and "1 passed" in done.stdout, done.stdout


def test_the_template_has_no_threads_of_ours_and_chooses_no_backend():
    code = (
        "import barometer.run.preload, threading, matplotlib\n"
        "print(threading.active_count(), matplotlib.rcParams._get('backend'))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
    )
    assert told.stdout.split()[0] == "1" and "agg" not in told.stdout.lower(), told.stdout
    assert told.stderr == ""


def test_kernels_are_ordinary_where_it_is_switched_off(monkeypatch):
    monkeypatch.setenv("BAROMETER_WARM", "0")
    assert not can_fork()
    monkeypatch.setenv("BAROMETER_WARM", "1")
    assert can_fork()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert not can_fork()
