"""A cell shows what it shows in an ordinary kernel, though there is none beside it."""

import ast
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import papermill
import pytest
from nbformat import v4

from barometer.document.chapters import list_chapters
from barometer.document.cleaning import normalise_notebook
from barometer.parameters import Parameters
from barometer.paths import NOTEBOOKS, ROOT
from barometer.payloads import LANGUAGES, MIME, read_payload, strip_internal
from barometer.run import process
from barometer.run.tasks import execute_chapter
from barometer.run.work import ChapterTask, shorten

linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux")

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
    "'BAROMETER', 'PYDEVD', 'IPYTHONDIR')))",
    "sys.argv[0].split('/')[-1], __name__, sys.flags.hash_randomization, "
    "os.getcwd().split('/')[-1]",
    "[path for path in sys.path if not path]",
    "sys.modules['__main__'].__dict__ is globals(), '__file__' in globals()",
    "_, __, Out[8][:5], In[1][:10]",
    "%whos str",
    "get_ipython().__class__, get_ipython().history_manager.enabled",
    "import random, numpy as np\nhash('x'), {'b', 'a', 'c'}, threading.active_count() < 12",
    "import signal\nstr(signal.getsignal(signal.SIGINT)), str(signal.getsignal(signal.SIGTERM))",
    "os.getpgid(0) == os.getpid() == os.getsid(0)",
    "try:\n    input('?')\nexcept Exception as error:\n    print(type(error).__name__)",
    "import locale\nlocale.getlocale()[1], sys.stdout.encoding, sys.getfilesystemencoding()",
    "import multiprocessing\nmultiprocessing.current_process().name, "
    "multiprocessing.get_start_method(True)",
    "import sys\nprint('1'); print('2', file=sys.stderr); print('3'); display(4); print('5', end='')",
    "print('to', file=sys.stderr)\nprint('et')",
    "for i in range(3):\n    print(f'\\r{i}', end='')",
    "h = display('a', display_id=True); other = display('b', display_id='fast')",
    "h.update('ny'); display('c', display_id='fast', update=True); h.display('x')",
    "display('d', display_id='fast')\nclear_output(wait=True)\ndisplay('e')",
    "subprocess.run(['sh', '-c', 'echo ud; echo fejl >&2'])\nos.system('echo system')",
    "import multiprocessing as mp\nw = mp.get_context('fork').Process(target=print, "
    "args=('fra en forgrening',), kwargs={'flush': True})\nw.start(); w.join()",
    "x = !echo a; echo b\nx",
    "%%sh\necho sh; echo fejl >&2",
    "%%html\n<i>html</i>",
    "%%javascript\n1",
    "%%latex\n$x$",
    "%%python\nprint('en anden Python')",
    "%env BAROMETER_PROBE=1",
    "%matplotlib inline",
    "%config InlineBackend.figure_formats = ['svg', 'png']",
    "plt.plot([1, 2]);",
    "len?",
    "%pdoc len",
    "%precision 2\n3.14159",
    "print('\\n'.join(f'linje {n} æøå €' for n in range(20000)))",
    "'x' * 300000",
    "import asyncio\nloop = asyncio.get_running_loop()\ntask = loop.create_task(asyncio.sleep(0, 'hentet'))",
    "await task",
    "async with asyncio.timeout(1):\n    print('async with')",
    "import comm\nc = comm.create_comm(target_name='jupyter.widget', comm_id='abc', data={'state': "
    "{'_model_name': 'IntSliderModel', '_model_module': '@jupyter-widgets/controls', "
    "'_model_module_version': '2.0.0', 'value': 3}})\n"
    "display({'application/vnd.jupyter.widget-view+json': {'version_major': 2, 'version_minor': 0, "
    "'model_id': 'abc'}, 'text/plain': 'IntSlider(value=3)'}, raw=True)",
    "c.send({'method': 'update', 'state': {'value': 4}, 'buffer_paths': []})",
    "from tqdm.auto import tqdm\nprint([n for n in tqdm([1, 2], disable=True)])",
    "sys.stdout.write('skrevet'), sys.stdout.isatty(), sys.stderr.encoding, sys.stdout.writable()",
    "sys.stdout.buffer if hasattr(sys.stdout, 'buffer') else 'ingen buffer'",
    "import faulthandler, traceback\ntry:\n    1 / 0\nexcept ZeroDivisionError:\n    traceback.print_exc()",
    "warnings.warn('forældet', DeprecationWarning)\nimport numpy as np\nnp.float64(1) / 0",
    "import getpass\ntry:\n    getpass.getpass()\nexcept Exception as error:\n    print(error)",
    "sys.stdin.read()",
    "subprocess.run('cat', timeout=9)",
    "from IPython.display import JSON, SVG, Image, Latex\ndisplay(JSON({'a': [1]}), Latex('$y$'))\n"
    "SVG('<svg xmlns=\"http://www.w3.org/2000/svg\"/>')",
    "display({'text/plain': 'rå', 'application/x+json': {'a': (1, 2), 'n': np.float64(2)}}, raw=True)",
    "from IPython.display import update_display\nupdate_display('f', display_id='fast')",
    "pd.DataFrame({'a': range(100)})",
    "In[-2][:10], len(In) > 5, get_ipython().execution_count",
    "%lsmagic",
    "%alias_magic t timeit",
]


def make_source(cells):
    """A chapter with these code cells, as bytes."""
    declared = v4.new_code_cell("sector = 'all'", metadata={"tags": ["parameters"]})
    notebook = v4.new_notebook(cells=[declared, *map(v4.new_code_cell, cells)])
    return nbformat.writes(notebook).encode()


def execute(folder, cells, method="forkserver"):
    """The executed notebook of these cells, run in a process of its own."""
    task = ChapterTask("01_x", make_source(cells), Parameters(), timeout=60)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(process.SWITCH, method)
        result = process.call(execute_chapter, task, str(folder), patience=60)
    assert result.failure is None, str(result.failure)
    return result.notebook


def execute_failing(folder, cells):
    """Why the same was not executed."""
    task = ChapterTask("01_x", make_source(cells), Parameters(), timeout=60)
    return process.call(execute_chapter, task, str(folder), patience=60).failure


def execute_ordinarily(folder, cells):
    """The same by papermill and an ordinary kernel, as JupyterLab starts one."""
    source = nbformat.reads(make_source(cells).decode(), as_version=4)
    return execute_source(source, Parameters(), folder, folder)


def execute_source(source, parameters, folder, scratch):
    """A notebook executed so, in the working directory `folder`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in process.pin_environment().items():
            patch.setenv(name, value)
        patch.delenv("PYTEST_CURRENT_TEST", False)  # by which it would print past its cells
        patch.setenv("IPYTHONDIR", str(scratch / "ipython"))
        executed = papermill.execute_notebook(
            source,
            None,
            parameters.values,
            kernel_name="python3",
            language="python",
            progress_bar=False,
            coalesce_streams=True,
            cwd=str(folder),
        )
    return normalise_notebook(executed, parameters.data)


def read_outputs(cell):
    """A cell's outputs without what two ordinary kernels differ in: a picture's date, and the order
    of two pipes.
    """
    text = re.sub(r"<dc:date>.*?</dc:date>", "", nbformat.writes(v4.new_notebook(cells=[cell])))
    return sorted(text.splitlines())


def strip(cell):
    """A cell as plain data, without the full precision and further languages that only a run has."""
    plain = json.loads(json.dumps(cell))
    for output in plain.get("outputs", ()):
        if MIME in output.get("data", {}):
            payload = strip_internal(read_payload(output["data"]))
            output["data"][MIME] = {
                k: v for k, v in payload.items() if k not in ("made_here", LANGUAGES)
            }
    return plain


def list_differing(ours, ordinary):
    """[(source, outputs of ours, of the other)] of the cells that differ."""
    return [
        (a.source, a.outputs, b.outputs)
        for a, b in zip(ours.cells, ordinary.cells, strict=True)
        if read_outputs(a) != read_outputs(b)
    ]


@pytest.mark.parametrize(
    "method",
    [
        pytest.param(
            "forkserver", marks=pytest.mark.skipif(sys.platform != "linux", reason="fork")
        ),
        pytest.param("spawn", marks=pytest.mark.slow),
    ],
)
def test_every_cell_shows_what_it_shows_in_an_ordinary_kernel(tmp_path, method):
    ours, ordinary = execute(tmp_path, TORTURE, method), execute_ordinarily(tmp_path, TORTURE)
    if list_differing(ours, ordinary):
        # An ordinary kernel reads what is written past Python in a thread. What the thread reads
        # after the cell's end is lost there, so a busy machine gives it a second chance.
        ordinary = execute_ordinarily(tmp_path, TORTURE)
    assert list_differing(ours, ordinary) == []
    assert ours.metadata == ordinary.metadata
    pictures = [
        cell for cell in ours.cells if "image/png" in nbformat.writes(v4.new_notebook(cells=[cell]))
    ]
    assert len(pictures) == 3


@pytest.mark.parametrize(
    "cell",
    [
        "1 / 0",
        "%%bash\nexit 3",
        "class Broken:\n    def _repr_html_(self):\n        raise ValueError('nej')\nBroken()",
        *(
            pytest.param(cell, marks=pytest.mark.slow)
            for cell in (
                "def f(:",
                "%ingen_magi",
                "raise SystemExit('ud')",
                "await __import__('asyncio').wait_for(__import__('asyncio').sleep(9), 0.01)",
                "input('?')",
            )
        ),
    ],
)
def test_a_cell_fails_with_the_error_that_it_has_in_an_ordinary_kernel(tmp_path, cell):
    with pytest.raises(papermill.PapermillExecutionError) as error:
        execute_ordinarily(tmp_path, ["1", cell, "2"])
    failure = execute_failing(tmp_path, ["1", cell, "2"])
    assert (failure.reason, failure.evalue) == (error.value.ename, shorten(error.value.evalue))
    assert failure.cell == 3


def test_what_a_cell_prints_is_one_output_however_slowly_it_comes(tmp_path):
    slow = "import sys, time\nfor word in 'abc':\n    print(word, flush=True); time.sleep(0.3)"
    outputs = execute(tmp_path, [slow]).cells[-1].outputs
    assert [output.text for output in outputs] == ["a\nb\nc\n"]


def test_what_is_shown_between_what_is_printed_stands_between_it(tmp_path):
    shown = "import os\nprint('a'); os.write(1, b'b\\n'); print('c'); display(1); print('d')"
    outputs = execute(tmp_path, [shown]).cells[-1].outputs
    assert [output.output_type for output in outputs] == ["stream", "display_data"]
    assert outputs[0].text == "a\nb\nc\nd\n"


def test_a_thread_that_a_cell_has_left_does_not_keep_the_chapter_waiting(tmp_path):
    left = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,)).start()"
    executor = (
        "import asyncio, time\n"
        "done = asyncio.get_running_loop().run_in_executor(None, time.sleep, 600)"
    )
    start = time.monotonic()
    assert execute(tmp_path, [left, executor, "1"]).cells[-1].outputs
    assert time.monotonic() - start < 30


@linux
def test_the_modules_are_there_before_a_chapter_asks_for_them(tmp_path):
    loaded = execute(tmp_path, ["import sys\n'barometer.run.preload' in sys.modules"])
    assert loaded.cells[-1].outputs[0].data["text/plain"] == "True"


@linux
def test_each_notebook_has_a_process_of_its_own(tmp_path):
    cells = [
        "import os, seaborn\nseaborn.x = getattr(seaborn, 'x', 0) + 1",
        "seaborn.x, os.getpid()",
    ]
    (first, one), (second, two) = (
        ast.literal_eval(execute(tmp_path, cells).cells[-1].outputs[0].data["text/plain"])
        for _ in range(2)
    )
    assert (first, second) == (1, 1) and len({one, two, os.getpid()}) == 3
    assert not Path(f"/proc/{one}").exists() and not Path(f"/proc/{two}").exists()


@linux
def test_a_chapter_listens_to_no_socket_and_starts_no_other_process(tmp_path):
    look = (
        "import os\nlinks = [os.readlink(f'/proc/self/fd/{fd}') for fd in os.listdir('/proc/self/fd')"
        " if os.path.lexists(f'/proc/self/fd/{fd}')]\n"
        "sum(link.startswith('socket:') for link in links), "
        "open(f'/proc/self/task/{os.getpid()}/children').read()"
    )
    sockets, children = ast.literal_eval(
        execute(tmp_path, [look]).cells[-1].outputs[0].data["text/plain"]
    )
    # the pair on which it answers the run, and the one that wakes Python's own event loop
    assert sockets <= 4 and children == ""


def test_the_server_of_forks_has_no_threads_of_ours_and_chooses_no_backend():
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
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1", process.CHAPTERS: "1"},
    )
    assert told.stdout.split()[0] == "1" and "agg" not in told.stdout.lower(), told.stdout
    assert told.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("chapter", list_chapters(), ids=lambda path: path.stem)
def test_the_four_reports_chapters_show_what_they_show_in_an_ordinary_kernel(chapter, tmp_path):
    for sector in ("all", "state", "region", "municipality"):
        task = ChapterTask(
            chapter.stem,
            chapter.read_bytes(),
            Parameters((("sector", sector),), data="barometer-2020"),
        )
        ours = process.call(execute_chapter, task, str(NOTEBOOKS))
        assert ours.failure is None, str(ours.failure)
        source = nbformat.reads(task.source.decode(), as_version=4)
        ordinary = execute_source(source, task.parameters, NOTEBOOKS, tmp_path)
        for one, other in zip(ours.notebook.cells, ordinary.cells, strict=True):
            assert strip(one) == strip(other), one.source
