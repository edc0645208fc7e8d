"""The work of a run on the workers of a running Dask cluster: the same pieces of work, on other
machines.

A worker needs the same program, data and packages in a checkout of its own, and no folder in common
with the run: results are bytes that travel back. When a worker is lost, the scheduler gives what it
had to the others.
"""

import logging
from concurrent.futures import Future
from dataclasses import asdict

from barometer.run.workers import build_report, execute_chapter

WAIT = 10  # seconds to reach the scheduler
NO_DASK = "--cluster kræver Dask. Installér det med: pip install -e .[cluster]"
SAME = {
    "data": "andre data",
    "program": "et andet program",
    "python": "en anden Python eller andre pakker",
    "publishing": "en anden udgave af rapportens skabeloner eller et andet commit",
}


class Cluster:
    """The workers of the scheduler at `run.cluster`. Raises ValueError where they cannot do the
    run's work.
    """

    def __init__(self, run):
        try:
            from distributed import Client
        except ImportError:
            raise ValueError(NO_DASK) from None
        # Dask gives the second a level of its own
        for name in ("distributed", "distributed.client"):
            # what goes wrong is told in the summary
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            self._client = Client(run.cluster, timeout=WAIT)
        # the last two of missing certificates
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise ValueError(
                f"Dask-planlæggeren {run.cluster} svarer ikke ({error}). Start den med: dask "
                f"scheduler, "
                "og angiv certifikaterne, hvis den kræver dem (docs/runs.md)"
            ) from None
        try:
            _check_workers(self._client.run(_describe_worker, run.variants[0].data), run)
        except BaseException:
            self.close()
            raise
        self._pool = self._client.get_executor(pure=False)

    def execute_chapter(self, task):
        """A future `Result`."""
        return _open_answer(self._pool.submit(_answer, execute_chapter, task))

    def build_report(self, task):
        """A future `Built`."""
        return _open_answer(self._pool.submit(_answer, build_report, task))

    def close(self):
        """Leave the cluster; what has not begun is cancelled."""
        self._client.close()


def _open_answer(sent):
    """A future of what a worker was asked for, raising again what was raised there."""
    opened = Future()

    def take(done):
        try:
            answer = done.result()
        except BaseException as error:  # the worker is gone, or the run told it to stop
            answer = error
        if isinstance(answer, BaseException):
            opened.set_exception(answer)
        else:
            opened.set_result(answer)

    sent.add_done_callback(take)
    return opened


def _check_workers(described, run):
    """Refuse workers that would make something else, or none at all."""
    problems = (
        []
        if described
        else [
            f"Dask-planlæggeren {run.cluster} har ingen arbejdere. Start dem med: "
            f"dask worker {run.cluster}"
        ]
    )
    wanted = asdict(run.sources)
    for address, found in described.items():
        differing = [
            SAME[name] for name in SAME if isinstance(found, dict) and found[name] != wanted[name]
        ]
        if differing or not isinstance(found, dict):
            what = " og ".join(differing) or f"en fejl ({found})"
            problems.append(
                f"Arbejderen {address} har {what}. Hent samme commit, data og pakker på dens "
                f"maskine, og "
                "start den igen, eller stop den."
            )
    if problems:
        raise ValueError("\n".join(problems))


def _describe_worker(data):
    """On a worker: the checksums of its sources, or what is wrong there."""
    try:
        from barometer.parameters import resolve_data
        from barometer.run.fingerprints import read_sources

        return asdict(read_sources(resolve_data(data)))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _answer(function, task):
    """On a worker: what a function returns, or the exception it raises. One that got out would be
    written in the worker's log, and with it what the error quotes and what the function was
    given.
    """
    try:
        return function(task)
    except Exception as error:
        return error
