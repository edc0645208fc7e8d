"""A real Dask cluster on this machine: scheduler and workers in processes of their own, each with
its own checkout.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace

import pytest

from barometer.files.private import PLANS
from tests.conftest import ROOT
from tests.make.copies import make_copy, wait_for

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="processes are read from /proc"),
]

LOST = """import logging, types, distributed
def lose_worker(*_, **__):
    for name in ("distributed.client", "distributed.scheduler"):
        logging.getLogger(name).warning("Couldn't gather 1 keys, rescheduling")
    raise OSError
distributed.Client = lose_worker
from barometer.run.workers import Cluster
try:
    Cluster(types.SimpleNamespace(cluster="tcp://127.0.0.1:9"))
except ValueError:
    print("told by the run")"""
FIGURE = """from barometer.figures.drawing import draw_distribution
from barometer.disclosure.release import release_distribution
draw_distribution(release_distribution(survey, survey.question("novelty"), survey.groups("initiation")), "figur-1", "Nyhed", survey.groups("initiation"),
                  left_out=["novelty=dont_know"])"""


@pytest.fixture
def copy(tmp_path):
    made = make_copy(tmp_path)
    for number in range(1, 5):
        made.write_chapter(
            f"0{number}_kapitel", "import time\ntime.sleep(0.5)", *([FIGURE] if number == 1 else [])
        )
    yield made
    made.kill_all()


@contextmanager
def open_cluster(copy, folder, checkouts, daemon="False", protocol="tcp", settings=None):
    """The address of a scheduler with a worker in each of these checkouts, and the workers'
    processes.

    `settings`: environment variables of all of them, such as certificates for the protocol "tls".
    """
    begun, told = [], folder / "scheduler.json"

    def start(part, place, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{part}", "--no-dashboard", *options]
        marked = (
            os.environ
            | {
                "PYTHONPATH": str(place),
                "BAROMETER_MARK": copy.mark,
                "DASK_DISTRIBUTED__WORKER__DAEMON": daemon,
            }
            | (settings or {})
        )
        begun.append(
            subprocess.Popen(
                command,
                env=marked,
                cwd=place,
                start_new_session=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    start(
        "scheduler",
        (checkouts or [copy.folder])[0],  # it reads what is sent to workers
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--protocol",
        protocol,
        "--scheduler-file",
        str(told),
    )
    wait_for(told.exists)
    address = json.loads(wait_for(told.read_text))["address"]
    for number, place in enumerate(checkouts):
        start(
            "worker",
            place,
            address,
            "--nthreads",
            "2",
            "--name",
            f"nr{number}",
            "--local-directory",
            str(folder),
        )
    from distributed import Client, Security

    files = {
        name: (settings or {}).get(f"DASK_DISTRIBUTED__COMM__TLS__{variable}")
        for name, variable in (
            ("tls_ca_file", "CA_FILE"),
            ("tls_client_cert", "CLIENT__CERT"),
            ("tls_client_key", "CLIENT__KEY"),
        )
    }
    security = Security(**files, require_encryption=True) if protocol == "tls" else None
    with Client(address, timeout=30, security=security) as client:
        wait_for(lambda: len(client.nthreads()) == len(checkouts))
    try:
        yield address, begun[1:]
    finally:
        for process in begun:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def make_checkout(copy, folder):
    """Another machine's copy of the project."""
    return shutil.copytree(copy.folder, folder)


@pytest.mark.parametrize("daemon", ["False", "True"], ids=["usual", "daemonic"])
def test_a_worker_that_is_killed_loses_nothing_and_the_bytes_are_those_of_a_local_run(
    copy, tmp_path, daemon
):
    checkouts = [make_checkout(copy, tmp_path / name) for name in ("one", "two")]
    with open_cluster(copy, tmp_path, checkouts, daemon) as (address, workers):
        run = copy.start("--cluster", address, "--verbose")
        wait_for(lambda: len(list(copy.internal.glob("results/*/*.json"))) >= 3)
        # nanny, worker, server and chapters: the whole machine
        os.killpg(workers[0].pid, signal.SIGKILL)
        out, err = run.communicate(timeout=300)
        assert (run.returncode, err) == (0, ""), out
    local = replace(copy, output=tmp_path / "local")
    assert local.run()[0] == 0
    assert copy.list_output() == local.list_output()
    assert len(copy.list_output()) > 30
    wait_for(lambda: not copy.list_processes(), 10)


def test_workers_are_sent_the_plan_of_a_survey_that_is_not_sealed(copy, tmp_path, monkeypatch):
    """Neither machine has one; that of the run makes it, and its worker has another checkout."""
    monkeypatch.delenv(PLANS)  # each keeps its own
    for path in copy.notebooks.glob("0[234]_*.ipynb"):  # every report is run for the plan
        path.unlink()
    cards = copy.folder / "data" / "barometer-2020" / "cards.yaml"
    before, rest = cards.read_text(encoding="utf-8").split("  closed.yaml:")
    cards.write_text(f"{before}  synthetic.yaml:{rest.split('  synthetic.yaml:')[1]}", "utf-8")
    cards.with_name("closed.yaml").unlink()
    other = make_checkout(copy, tmp_path / "other")
    with open_cluster(copy, tmp_path, [other]) as (address, _):
        code, told = copy.run("--cluster", address, "--sector", "state", "--format", "html")
    assert code == 0, told
    plans = [list(place.glob("internal/**/closed.yaml")) for place in (copy.folder, other)]
    assert [len(one) for one in plans] == [1, 1]
    assert plans[0][0].read_bytes() == plans[1][0].read_bytes()
    assert plans[1][0].stat().st_mode & 0o077 == 0


def test_a_worker_with_other_data_or_another_program_is_refused_by_name_before_anything_is_run(
    copy, tmp_path
):
    other = make_checkout(copy, tmp_path / "other")
    (other / "data" / "barometer-2020" / "microdata.csv").write_text("id\n")
    (other / "barometer" / "sentences" / "wordings.py").write_text("")
    with open_cluster(copy, tmp_path, [copy.folder, other]) as (address, _):
        code, told = copy.run("--cluster", address)
    assert code == 2
    assert (
        told.count("har andre data og et andet program. Hent samme commit") == 1
        and told.count("Arbejderen") == 1
    )
    assert not list(copy.output.glob("*/report.html"))


def test_a_worker_whose_files_change_while_it_works_fails_that_chapter(copy, tmp_path):
    other = make_checkout(copy, tmp_path / "other")
    changed = other / "data" / "barometer-2020" / "dictionary.csv"
    copy.write_chapter("05_aendrer", f"open({str(changed)!r}, 'w').close()")
    with open_cluster(copy, tmp_path, [other]) as (address, _):
        code, told = copy.run("--cluster", address, "--sector", "state", "--format", "html")
    assert (
        code == 1 and "05_aendrer, SourcesChanged: program, data eller pakker er ikke dem" in told
    )


def make_certificates(folder, name):
    """Environment variables that name a new certificate, which is its own authority, for all three
    parts of Dask.
    """
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=klynge",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        check=True,
        capture_output=True,
    )
    tls = "DASK_DISTRIBUTED__COMM__TLS__"
    return {
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
        f"{tls}CA_FILE": str(certificate),
    } | {
        f"{tls}{part}__{kind}": str(file)
        for part in ("SCHEDULER", "WORKER", "CLIENT")
        for kind, file in (("CERT", certificate), ("KEY", key))
    }


def test_a_cluster_can_be_closed_with_certificates_to_all_that_have_none_or_others(copy, tmp_path):
    own, other = (make_certificates(tmp_path, name) for name in ("own", "other"))
    with open_cluster(copy, tmp_path, [copy.folder], protocol="tls", settings=own) as (address, _):
        assert address.startswith("tls://")
        for environment in ({}, other):
            code, told = copy.run(
                "--cluster", address, "--sector", "state", "--format", "html", **environment
            )
            assert code == 2 and "svarer ikke" in told and "Traceback" not in told
            assert not copy.output.exists() or not list(copy.output.glob("*/report.html"))
        code, told = copy.run("--cluster", address, "--sector", "state", "--format", "html", **own)
        assert code == 0, told
        code, told = copy.run(
            "--cluster", address.replace("tls:", "tcp:"), "--sector", "region", **own
        )
        assert code == 2 and "svarer ikke" in told


def test_what_dask_has_to_say_of_a_lost_worker_is_not_mixed_with_the_run_s_own_words():
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout == "told by the run\n" and done.stderr == ""


def test_a_scheduler_that_does_not_answer_or_has_no_workers_is_told_of(copy, tmp_path):
    with open_cluster(copy, tmp_path, []) as (address, _):
        code, told = copy.run("--cluster", address)
        assert code == 2 and "har ingen arbejdere. Start dem med: dask worker tcp://" in told
    code, told = copy.run("--cluster", "tcp://127.0.0.1:9")
    assert code == 2 and "svarer ikke" in told and "Traceback" not in told
