"""Supervision of small real processes: what crashes comes back, what is killed stays away, nothing is left behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from offchain.testnet import Testnet
from offchain.testnet._errors import DirectoryUnfit, NotUp, ProcessEnded, ProcessNotRunning, UnknownProcess
from offchain.testnet._processes import processes_of
from offchain.testnet._programs import MARK, Program
from offchain.testnet._supervisor import Supervisor

SLEEPER = (sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)",
)
PARENT = (
    sys.executable,
    "-c",
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'], "
    "start_new_session=True); time.sleep(600)",
)
FAILING = (sys.executable, "-c", "print('no, thank you')")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path.resolve()


@pytest.fixture
def start(folder: Path) -> Iterator[Callable[..., Supervisor]]:
    supervisor = Supervisor(folder)

    def starting(**commands: tuple[str, ...]) -> Supervisor:
        programs = [
            Program(name, command, folder / name, {MARK: str(folder)}, patience_s=1)
            for name, command in commands.items()
        ]
        supervisor.start(programs)
        return supervisor

    yield starting
    supervisor.shut_down(20)


def until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)


def pid_of(supervisor: Supervisor, name: str) -> int:
    until(lambda: supervisor.states()[name].pid)
    pid = supervisor.states()[name].pid
    assert pid is not None
    return pid


def test_process_comes_back_when_it_crashes(start: Callable[..., Supervisor]) -> None:
    supervisor = start(one=SLEEPER)
    first = pid_of(supervisor, "one")
    os.kill(first, signal.SIGKILL)
    until(lambda: supervisor.states()["one"].pid not in (None, first))


def test_process_stays_down_when_it_is_killed_and_comes_back_when_it_is_started(
    start: Callable[..., Supervisor],
) -> None:
    supervisor = start(one=STUBBORN, other=SLEEPER)
    first, other = pid_of(supervisor, "one"), pid_of(supervisor, "other")
    supervisor.kill("one")
    assert not psutil.pid_exists(first)
    assert (supervisor.states()["one"].state, supervisor.states()["one"].pid) == ("STOPPED", None)
    assert supervisor.states()["other"].pid == other
    with pytest.raises(ProcessNotRunning):
        supervisor.kill("one")
    supervisor.run("one")
    assert supervisor.states()["one"].state == "RUNNING"
    assert pid_of(supervisor, "one") != first


def test_unknown_names_are_refused(start: Callable[..., Supervisor]) -> None:
    supervisor = start(one=SLEEPER)
    for deed in (supervisor.kill, supervisor.stop, supervisor.run, supervisor.launch):
        with pytest.raises(UnknownProcess):
            deed("another")


def test_program_is_refused_when_it_does_not_stay_up(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor = start(one=SLEEPER, bad=FAILING)
    supervisor.stop("bad")
    with pytest.raises(ProcessEnded):
        supervisor.run("bad")
    assert "no, thank you" in (folder / "bad" / "log").read_text()


def test_program_is_started_anew_when_it_waits_for_another_try(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor, network = start(bad=FAILING), Testnet(folder)
    until(lambda: supervisor.states()["bad"].state == "BACKOFF")
    network.restart("bad", wait=False)
    until(lambda: supervisor.states()["bad"].state == "BACKOFF")
    with pytest.raises(ProcessEnded):
        network.restart("bad")


def test_program_is_started_anew_when_it_has_just_crashed(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor, network = start(one=SLEEPER), Testnet(folder)
    until(lambda: supervisor.states()["one"].state == "RUNNING")
    for _ in range(3):
        before = pid_of(supervisor, "one")
        os.kill(before, signal.SIGKILL)
        network.restart("one")
        assert pid_of(supervisor, "one") != before


def test_program_is_started_anew_when_somebody_else_ends_it(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor, network = start(one=STUBBORN), Testnet(folder)
    before = pid_of(supervisor, "one")
    until(lambda: (folder / "one" / "log").is_file() and (folder / "one" / "log").read_text())
    with ThreadPoolExecutor() as pool:
        stopped = pool.submit(supervisor.stop, "one")
        until(lambda: supervisor.states()["one"].state == "STOPPING")
        network.restart("one")
        stopped.result()
    assert pid_of(supervisor, "one") != before


def test_network_outlives_whoever_started_it(folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from offchain.testnet._programs import MARK, Program; "
        "from offchain.testnet._supervisor import Supervisor; folder = Path(sys.argv[1]); "
        "Supervisor(folder).start([Program('one', ('sleep', '600'), folder / 'one', {MARK: str(folder)})])"
    )
    subprocess.run((sys.executable, "-c", script, str(folder)), check=True, timeout=60)
    supervisor = Supervisor(folder)
    try:
        process = psutil.Process(pid_of(supervisor, "one"))
        until(lambda: process.name() == "sleep")
    finally:
        supervisor.shut_down(20)


def test_nothing_is_left_when_it_is_shut_down(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor = start(one=SLEEPER, two=STUBBORN, three=PARENT)
    pids = [pid_of(supervisor, name) for name in ("one", "two", "three")]
    until(lambda: len(processes_of(folder)) == 5)
    supervisor.shut_down(20)
    assert processes_of(folder) == []
    assert not any(psutil.pid_exists(pid) for pid in pids)
    assert sorted(path.name for path in folder.iterdir() if path.is_socket() or path.suffix == ".pid") == []
    assert not supervisor.is_running
    with pytest.raises(NotUp):
        supervisor.states()


def test_nothing_is_left_when_the_supervisor_itself_was_killed(folder: Path, start: Callable[..., Supervisor]) -> None:
    supervisor = start(one=STUBBORN)
    until(lambda: (folder / "one" / "log").is_file() and (folder / "one" / "log").read_text())
    os.kill(int(supervisor.pid_file.read_text()), signal.SIGKILL)
    until(lambda: not supervisor.is_running)
    assert supervisor.socket.exists()
    assert len(processes_of(folder)) == 1
    supervisor.shut_down(20)
    assert processes_of(folder) == []
    assert not supervisor.socket.exists()


def test_nothing_is_left_when_the_directory_was_deleted_while_it_ran(
    folder: Path, start: Callable[..., Supervisor]
) -> None:
    supervisor = start(one=SLEEPER, two=STUBBORN, three=PARENT)
    until(lambda: len(processes_of(folder)) == 5)
    shutil.rmtree(folder)
    supervisor.shut_down(20)
    assert processes_of(folder) == []


def test_strangers_processes_are_left_alone_when_a_network_ends(folder: Path, start: Callable[..., Supervisor]) -> None:
    with subprocess.Popen(("sleep", "600"), env={**os.environ, MARK: str(folder / "other")}) as stranger:
        supervisor = start(one=SLEEPER)
        pid_of(supervisor, "one")
        supervisor.shut_down(20)
        assert stranger.poll() is None
        stranger.kill()


def test_arguments_and_environment_arrive_as_they_are(folder: Path) -> None:
    odd = 'a "b" %(x)s, c\\d $HOME'
    supervisor = Supervisor(folder)
    show = "import os, sys, time; print(sys.argv[1] == os.environ['ODD'], flush=True); time.sleep(600)"
    command = (sys.executable, "-c", show, odd)
    supervisor.start([Program("one", command, folder / "one", {"ODD": odd, MARK: str(folder)})])
    try:
        until(lambda: (folder / "one" / "log").is_file() and (folder / "one" / "log").read_text())
        assert (folder / "one" / "log").read_text() == "True\n"
    finally:
        supervisor.shut_down(20)


def test_directory_is_refused_when_its_path_is_too_long_for_a_socket(folder: Path) -> None:
    deep = folder / ("x" * 100)
    deep.mkdir()
    with pytest.raises(DirectoryUnfit):
        Supervisor(deep).start([])
