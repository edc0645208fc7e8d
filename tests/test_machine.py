"""What the system allows a run."""

import pytest

from barometer import machine

resource = pytest.importorskip("resource")


@pytest.fixture
def limits(monkeypatch):
    """Limits of a process that does not exist: {kind: (soft, hard)}."""
    found = {
        resource.RLIMIT_NOFILE: (1024, 4096),
        resource.RLIMIT_AS: (resource.RLIM_INFINITY,) * 2,
    }
    monkeypatch.setattr(machine.resource, "getrlimit", found.get)
    monkeypatch.setattr(machine.resource, "setrlimit", found.__setitem__)
    return found


@pytest.mark.parametrize(
    ("files", "wanted", "jobs", "raised"),
    [
        ((1024, 4096), 5, 5, 1024),
        ((256, 4096), 20, 20, 800),
        ((256, 300), 20, 5, 300),
        ((140, 140), 9, 1, 140),
        ((resource.RLIM_INFINITY,) * 2, 500, 500, resource.RLIM_INFINITY),
    ],
)
def test_no_more_chapters_run_at_a_time_than_there_may_be_files_open_for(
    limits, files, wanted, jobs, raised
):
    limits[resource.RLIMIT_NOFILE] = files
    assert machine.limit_jobs(wanted) == jobs
    assert limits[resource.RLIMIT_NOFILE][0] == raised


def test_each_thing_that_there_is_too_little_of_is_told_with_its_remedy(limits):
    assert machine.check_limits() == []
    limits[resource.RLIMIT_NOFILE] = (32, 64)
    limits[resource.RLIMIT_AS] = (2**29, 2**29)
    assert machine.check_limits() == [
        "Systemet tillader kun 64 åbne filer ad gangen, og en kørsel skal bruge 135. Hæv grænsen, "
        "fx med: "
        "ulimit -n 1024",
        "Systemet giver kun hver proces 512 MB hukommelse, og en kørsel skal bruge 3072. Hæv "
        "grænsen, fx med: "
        "ulimit -v unlimited",
    ]


@pytest.mark.parametrize(
    ("environment", "writable"),
    [
        ({"HOME": "{place}"}, True),
        ({"HOME": "/proc/nowhere"}, False),
        ({"MPLCONFIGDIR": "/proc/nowhere"}, False),
        ({"HOME": "/proc/nowhere", "MPLCONFIGDIR": "{place}/mpl"}, True),
        ({"HOME": "{place}", "XDG_CACHE_HOME": "/proc/nowhere"}, False),
    ],
)
def test_whether_matplotlib_has_a_folder_is_found_as_matplotlib_does(
    tmp_path, monkeypatch, environment, writable
):
    for name in ("MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value.format(place=tmp_path))
    assert machine.has_matplotlib_folder() == writable


GIGABYTE = 2**30


@pytest.mark.parametrize(
    ("free", "shared", "jobs"),
    [
        (24, True, 5),
        (3, True, 2),
        (2, True, 1),
        (0, True, 1),  # one at a time, whatever there is
        (6, False, 3),
        (3, False, 1),
        (None, True, 3),  # the system does not say: as with four
    ],
)
def test_as_many_chapters_run_at_a_time_as_there_is_memory_for(monkeypatch, free, shared, jobs):
    # five million respondents and 120 columns: 0.84 GB to read them, 0.82 GB for a chapter's work
    monkeypatch.setattr(machine, "find_memory", lambda: free if free is None else free * GIGABYTE)
    assert machine.fit_jobs(5, 5_000_000, 120, shared) == jobs
    if free:
        assert machine.fit_jobs(5, 2_000, 120, shared) == 5


def write_system(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


MEMORY = {"proc/meminfo": "MemTotal:  900 kB\nMemAvailable:  800 kB\n"}
NEWER = {
    "proc/self/cgroup": "0::/user/job\n",
    "sys/fs/cgroup/user/job/memory.max": "max\n",
    "sys/fs/cgroup/user/job/memory.current": "300\n",
    "sys/fs/cgroup/user/memory.max": "5000\n",
    "sys/fs/cgroup/user/memory.current": "3000\n",
    "sys/fs/cgroup/user/memory.stat": "anon 10\ninactive_file 400\n",
}
OLDER = {
    "proc/self/cgroup": "5:cpu:/x\n4:memory:/x\n",
    "sys/fs/cgroup/memory/memory.limit_in_bytes": "700\n",
    "sys/fs/cgroup/memory/memory.usage_in_bytes": "800\n",
}


@pytest.mark.parametrize(
    ("files", "free"),
    [
        (MEMORY, 800 * 1024),
        (MEMORY | NEWER, 5000 - 3000 + 400),
        (MEMORY | OLDER, 0),
        (NEWER, 2400),
        ({}, None),
    ],
)
def test_memory_is_what_the_machine_and_every_group_around_the_process_leave(tmp_path, files, free):
    assert machine.find_memory(write_system(tmp_path, files)) == free
