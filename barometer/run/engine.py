"""papermill's engine for chapters: each cell is run by the IPython of this process, without a
kernel beside it and without sockets.

IPython is ipykernel's, and nbclient reads what it sends, so that a cell shows what it shows in an
ordinary kernel. Output of programs that a cell starts is taken from the system's own streams.
"""

import asyncio
import builtins
import codecs
import getpass
import io
import os
import re
import sys
import tempfile
import threading
from functools import partial
from itertools import pairwise
from types import SimpleNamespace

import comm
from comm.base_comm import BaseComm
from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from nbclient import NotebookClient
from papermill.engines import Engine, papermill_engines
from traitlets.config import Config

NAME = "barometer"  # papermill's name of the engine
INLINE = "module://matplotlib_inline.backend_inline"
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": sys.version_info[0]},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
    "version": sys.version.split()[0],
}  # what a kernel writes about itself in a notebook
NO_INPUT = "{} was called, but this frontend does not support input requests."


class ChapterEngine(Engine):
    """Runs a notebook's cells, in order, until one fails. `begin` is called with each code cell's
    index and source before it runs.
    """

    @classmethod
    def execute_managed_notebook(cls, manager, kernel_name, begin=lambda *cell: None, **_):
        """papermill's call. The process can run one notebook, and must be ended afterwards."""
        loop = asyncio.new_event_loop()
        asyncio.set_event_loop(loop)  # left open: a thread that a cell has left may never end
        loop.run_until_complete(_run_cells(manager, begin))


papermill_engines.register(NAME, ChapterEngine)


async def _run_cells(manager, begin):
    screen = Screen(manager.nb)
    shell = _open_shell(screen)
    for index, cell in enumerate(manager.nb.cells):
        manager.cell_start(cell, index)
        try:
            if cell.cell_type == "code" and cell.source.strip():
                begin(index, cell.source)
                screen.turn_to(index)
                error = await _run_cell(shell, cell)
                screen.finish()
                if error and "raises-exception" not in cell.metadata.get("tags", ()):
                    manager.cell_exception(cell, cell_index=index, exception=error)
                    break
                if shell.exit_now:
                    break
        finally:
            manager.cell_complete(cell, cell_index=index)
    manager.nb.metadata["language_info"] = LANGUAGE
    screen.client.set_widgets_metadata()


async def _run_cell(shell, cell):
    """The exception that ended a cell, or None. As ipykernel does: cells with `await` in the loop
    that is running, all others at once.
    """
    try:
        code, problem = shell.transform_cell(cell.source), None
    except Exception:
        code, problem = cell.source, sys.exc_info()
    transformed = {"transformed_cell": code, "preprocessing_exc_tuple": problem}
    if shell.should_run_async(cell.source, **transformed):
        result = None
        try:
            result = await asyncio.ensure_future(
                shell.run_cell_async(cell.source, store_history=True, **transformed)
            )
        finally:
            shell.events.trigger("post_execute")
            shell.events.trigger("post_run_cell", result)
    else:
        result = shell.run_cell(cell.source, store_history=True)
    cell.execution_count = shell.execution_count - 1
    shell.payload_manager.clear_payload()
    if shell._last_traceback_during_displayhook and result.success:
        return RuntimeError("en celles værdi kunne ikke vises")
    return result.error_before_exec or result.error_in_exec


def _open_shell(screen):
    """The IPython of this process, everything that it shows going to the screen."""
    # a profile without a folder: the user's start-up files and history stay out
    shell = ZMQInteractiveShell.instance(
        config=Config({"HistoryManager": {"hist_file": ":memory:"}}),
        profile_dir=ProfileDir(),
        kernel=SimpleNamespace(eventloop=None),
        compiler_class=XCachingCompiler,
    )
    shell.extension_manager.load_extension("storemagic")  # as a kernel has it
    shell.enable_gui = lambda gui=None: None  # there is no window whose events could be waited for
    for part in (shell.displayhook, shell.display_pub):
        part.session = screen
    sys.displayhook = shell.displayhook
    comm.create_comm = partial(WidgetComm, screen)
    # modules in the working directory, after the standard library's, as IPython has it
    packages = [number for number, path in enumerate(sys.path) if "site-packages" in path]
    sys.path.insert(packages[0] if packages else 0, "")
    builtins.input = partial(_refuse_input, "raw_input")
    getpass.getpass = partial(_refuse_input, "getpass")
    os.environ.setdefault("MPLBACKEND", INLINE)
    # where the two are there already: as if a cell were the first to import them
    if "matplotlib" in sys.modules:
        sys.modules["matplotlib"].rcParams["backend"] = os.environ["MPLBACKEND"]
    if "numpy" in sys.modules:
        printers = shell.display_formatter.formatters["text/plain"].type_printers
        printers.pop(sys.modules["numpy"].float64, None)
    return shell


def _refuse_input(name, *_, **__):
    raise StdinNotImplementedError(NO_INPUT.format(name))


class Screen(Session):
    """What IPython takes for its connection to a front end. Each message becomes an output of the
    cell at once; what is printed is held until something else is shown, as in a kernel.
    """

    def __init__(self, notebook):
        super().__init__()
        self.client = NotebookClient(notebook)
        self.client.reset_execution_trackers()
        self.client.comm_open_handlers = {}
        self._lock, self._index = threading.RLock(), None
        with open(os.devnull) as nothing:
            os.dup2(nothing.fileno(), 0)
        sys.stdout, sys.stderr = (
            OutStream(self, name, number) for name, number in (("stdout", 1), ("stderr", 2))
        )

    def turn_to(self, index):
        """From now on outputs are those of this cell."""
        self._flush()
        self._index = index
        self.client.nb.cells[index].outputs = []
        self.client.clear_before_next_output = False

    def finish(self):
        """The cell has ended: what is printed is one output of each stream, as a terminal would
        leave it.
        """
        self._flush()
        cell = self.client.nb.cells[self._index]
        cell.outputs = join_streams(cell.outputs)

    def send(self, stream, message, content=None, parent=None, ident=None, buffers=None, **more):
        """A message, or its kind and content, as jupyter_client's session takes it."""
        if not isinstance(message, dict):
            metadata = more.get("metadata")
            message = self.msg(message, content=content, parent=parent, metadata=metadata)
        message = message | {"buffers": buffers or []}
        # a copy, as it would come out of a socket
        message["content"] = self.unpack(self.pack(message["content"]))
        with self._lock:
            if self._index is not None:
                cell = self.client.nb.cells[self._index]
                self.client.process_message(message, cell, self._index)
        return message

    def _flush(self):
        sys.stdout.flush()
        sys.stderr.flush()


class OutStream(io.TextIOBase):
    """sys.stdout or sys.stderr, with what is written to the file of that number beside Python."""

    encoding = "UTF-8"

    def __init__(self, screen, name, number):
        self._screen, self._name, self._number = screen, name, number
        self._process, self._lock, self._words, self._read = os.getpid(), threading.RLock(), [], 0
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._file = None
        if hasattr(os, "pread"):
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            os.dup2(self._file.fileno(), number)

    @property
    def name(self):
        """The stream's name, as the system's own has one."""
        return f"<{self._name}>"

    def fileno(self):
        """The file that programs started with this stream write to."""
        return self._number

    def writable(self):
        """Always."""
        return True

    def write(self, text):
        """Hold the text until the stream is flushed."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        if os.getpid() != self._process:  # a fork of ours, whose memory nobody reads
            os.write(self._number, text.encode("utf-8", "replace"))
        else:
            with self._lock:
                self._take_written()
                self._words.append(text)
        return len(text)

    def flush(self):
        """Show what has been written."""
        if os.getpid() != self._process:
            return
        with self._lock:
            self._take_written()
            text, self._words = "".join(self._words), []
        if text:
            self._screen.send(None, "stream", {"name": self._name, "text": text})

    def _take_written(self):
        while self._file and (part := os.pread(self._file.fileno(), 2**20, self._read)):
            self._read += len(part)
            self._words.append(self._decode(part))


class WidgetComm(BaseComm):
    """A widget's connection to what shows it: its state becomes the notebook's."""

    def __init__(self, screen, *arguments, **named):
        self._screen = screen
        super().__init__(*arguments, **named)

    def publish_msg(self, msg_type, data=None, metadata=None, buffers=None, **keys):
        """A message as the widget gives it."""
        content = {"data": data or {}, "comm_id": self.comm_id} | keys
        self._screen.send(None, msg_type, content, metadata=metadata, buffers=buffers)


def join_streams(outputs):
    """Outputs with one of each stream, where the first stood, stdout before a stderr that it
    follows. What a carriage return writes over is gone. All as nbclient does.
    """
    joined, streams = [], {}
    for output in outputs:
        if output.output_type == "stream" and output.name in streams:
            streams[output.name].text += output.text
        else:
            joined.append(output)
            if output.output_type == "stream":
                streams[output.name] = output
    for output in streams.values():
        output.text = re.sub(r".*\r(?=[^\n])", "", output.text)
    for place, (one, other) in enumerate(pairwise(joined)):
        if (one.get("name"), other.get("name")) == ("stderr", "stdout"):
            joined[place : place + 2] = [other, one]
    return joined
