"""Supervisord as we use it: one for each network, a daemon behind a unix socket in the network's directory."""

from __future__ import annotations

import contextlib
import http.client
import os
import resource
import socket
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psutil
from supervisor.xmlrpc import Faults

from ._errors import DirectoryUnfit, NotUp, ProcessEnded, ProcessNotRunning, StillThere, TestnetError, UnknownProcess
from ._processes import end, is_gone, processes_of
from ._programs import MARK, Program, section

__all__ = ["ProcessState", "Supervisor"]

_SOCKET_PATH_LIMIT: Final = 100
_ANSWER_S: Final = 10.0
_END_S: Final = 30.0
_FILES: Final = 65_536
_AT_REST: Final = ("STOPPED", "FATAL")
"""What a program stays in until it is started. One that has ``EXITED`` is about to be started again."""
_WITHOUT_DUMPS: Final = 'ulimit -c 0; exec "$@"'
"""Keys and plain samples lie in the processes' memory."""


@dataclass(frozen=True)
class ProcessState:
    """Where a program stands.

    Args:
        name: of the program.
        state: supervisord's word: ``RUNNING``, ``STARTING``, ``BACKOFF``, ``STOPPED``, ``EXITED``, ``FATAL`` ...
        pid: of its process, if it has one.
        up_s: seconds since it was started, while it runs.
        said: why it does not run, in supervisord's words.
    """

    name: str
    state: str
    pid: int | None
    up_s: int | None
    said: str


class Supervisor:
    """The supervisor of a directory, running or not.

    Args:
        folder: of the network.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "supervisor.sock"
        self.pid_file = folder / "supervisord.pid"
        self.log = folder / "supervisord.log"
        self._configuration = folder / "supervisord.conf"

    @property
    def is_running(self) -> bool:
        """Whether somebody answers at the socket."""
        if not self.socket.exists():
            return False
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as probe:
            probe.settimeout(_ANSWER_S)
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True

    def start(self, programs: Sequence[Program]) -> None:
        """Starts the daemon, which starts the programs and outlives us.

        Raises:
            DirectoryUnfit: the path is too long for a unix socket.
            TestnetError: supervisord does not start.
        """
        if len(os.fsencode(self.socket)) > _SOCKET_PATH_LIMIT:
            raise DirectoryUnfit(
                f"the path is longer than the {_SOCKET_PATH_LIMIT} bytes that a socket's may have",
                subject=str(self.socket),
                hint="choose a directory nearer to the root",
            )
        self.clear_leftovers()
        for program in programs:
            program.folder.mkdir(parents=True, exist_ok=True)
        self._configuration.write_text(self._configured(programs), encoding="utf-8")
        daemon = (sys.executable, "-W", "ignore", "-m", "supervisor.supervisord", "-c", str(self._configuration))
        started = subprocess.run(
            ("/bin/sh", "-c", _WITHOUT_DUMPS, "sh", *daemon),
            cwd=self.folder,
            env={**os.environ, MARK: str(self.folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=60,
        )
        deadline = time.monotonic() + _ANSWER_S
        while started.returncode == 0 and not self.is_running and time.monotonic() < deadline:
            time.sleep(0.05)
        if not self.is_running:
            lines = started.stdout.strip().splitlines()
            raise TestnetError(
                f"supervisord does not start: {lines[-1] if lines else 'it says nothing'}",
                subject=str(self._configuration),
                hint=f"see {self.log}",
            )

    def states(self) -> dict[str, ProcessState]:
        """Every program by name."""
        with self._asking() as supervisor:
            found = supervisor.supervisor.getAllProcessInfo()
        return {
            each["name"]: ProcessState(
                name=each["name"],
                state=each["statename"],
                pid=each["pid"] or None,
                up_s=max(each["now"] - each["start"], 0) if each["statename"] == "RUNNING" else None,
                said="" if each["statename"] in ("RUNNING", "STARTING") else each["spawnerr"] or each["description"],
            )
            for each in found
        }

    def run(self, name: str) -> None:
        """Starts a program that does not run, and waits until it has stayed up for a while.

        Raises:
            ProcessEnded: it does not stay up.
        """
        with self._asking(name, patience_s=90) as supervisor:
            supervisor.supervisor.startProcess(name, True)

    def launch(self, name: str) -> None:
        """Starts a program that does not run, without waiting."""
        with self._asking(name) as supervisor:
            supervisor.supervisor.startProcess(name, False)

    def stop(self, name: str) -> None:
        """Asks a program to end, kills it where it does not, and keeps it down."""
        with self._asking(name, patience_s=90) as supervisor:
            supervisor.supervisor.stopProcess(name, True)

    def bring_down(self, name: str) -> None:
        """Sees to it that a program does not run and is not about to, whatever state it is in.

        Raises:
            StillThere: it is being ended by somebody else, and does not end.
        """
        deadline = time.monotonic() + _END_S
        while True:
            with contextlib.suppress(ProcessNotRunning):
                self.stop(name)
            state = self.states()[name]
            if state.state in _AT_REST:
                return
            if time.monotonic() > deadline:
                raise StillThere(f"the process is {state.state}", subject=name, hint=f"its pid is {state.pid}")
            time.sleep(0.05)

    def kill(self, name: str) -> None:
        """Ends a program by SIGKILL, and keeps it down."""
        with self._asking(name) as supervisor:
            supervisor.assay.kill(name)
        deadline = time.monotonic() + _ANSWER_S
        while (state := self.states()[name]).state != "STOPPED":
            if time.monotonic() > deadline:
                raise StillThere(f"the process is {state.state}", subject=name, hint=f"its pid is {state.pid}")
            time.sleep(0.05)

    def shut_down(self, patience_s: float) -> None:
        """Ends all programs and the daemon, whatever state they are in, and what they left.

        Raises:
            StillThere: a process cannot be ended.
        """
        if self.is_running:
            with contextlib.suppress(psutil.NoSuchProcess):
                daemon = psutil.Process(int(self.pid_file.read_text()))
                with contextlib.suppress(NotUp), self._asking() as supervisor:
                    supervisor.supervisor.stopAllProcesses(False)  # at once: shutdown alone ends one after another
                    supervisor.supervisor.shutdown()
                deadline = time.monotonic() + patience_s
                while not is_gone(daemon) and time.monotonic() < deadline:
                    time.sleep(0.05)
        self.clear_leftovers()

    def clear_leftovers(self) -> None:
        """Ends what a supervisor that is gone left running, and removes its socket and pid file."""
        left = end(processes_of(self.folder))
        if left:
            raise StillThere(
                "processes of the network cannot be ended", subject=", ".join(str(process.pid) for process in left)
            )
        self.socket.unlink(missing_ok=True)
        self.pid_file.unlink(missing_ok=True)

    def _configured(self, programs: Sequence[Program]) -> str:
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        return "\n".join(
            (
                f"[unix_http_server]\nfile={self.socket}\nchmod=0700\n",
                f"[supervisord]\nlogfile={self.log}\npidfile={self.pid_file}\nchildlogdir={self.folder}\n"
                f"directory={self.folder}\nminfds={files if 0 < files < _FILES else _FILES}\nminprocs=64\n",
                "[rpcinterface:supervisor]\n"
                "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n",
                "[rpcinterface:assay]\n"
                "supervisor.rpcinterface_factory=offchain.testnet._supervisor_kill:make_interface\n",
                *map(section, programs),
            )
        )

    @contextlib.contextmanager
    def _asking(self, name: str | None = None, *, patience_s: float = _ANSWER_S) -> Iterator[Any]:
        transport = _UnixTransport(self.socket, patience_s)
        try:
            yield xmlrpc.client.ServerProxy("http://127.0.0.1", transport)
        except xmlrpc.client.Fault as fault:
            raise _meaning(fault, name, self.folder) from None
        except (OSError, http.client.HTTPException) as error:
            raise NotUp(
                f"the supervisor does not answer ({type(error).__name__})",
                subject=str(self.folder),
                hint="start the network: assay testnet up",
            ) from error
        finally:
            transport.close()


class _UnixConnection(http.client.HTTPConnection):
    """HTTP to a unix socket, with a deadline on each answer."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("127.0.0.1", timeout=timeout_s)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


class _UnixTransport(xmlrpc.client.Transport):
    """XML-RPC over it."""

    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__()
        self._path, self._timeout_s = path, timeout_s

    def make_connection(self, host: Any) -> http.client.HTTPConnection:
        connection = self._connection[1]  # kept from call to call, and closed by close()
        if connection is None:
            connection = _UnixConnection(self._path, self._timeout_s)
            self._connection = host, connection
        return connection


def _meaning(fault: xmlrpc.client.Fault, name: str | None, folder: Path) -> TestnetError:
    if fault.faultCode == Faults.BAD_NAME:
        return UnknownProcess(
            "the network has no process of this name", subject=name, hint="see `assay testnet status`"
        )
    if fault.faultCode == Faults.NOT_RUNNING:
        return ProcessNotRunning("the process is not running", subject=name, hint="start it: assay testnet restart")
    if fault.faultCode == Faults.SHUTDOWN_STATE:
        return NotUp("the network is being ended", subject=str(folder))
    if fault.faultCode in (Faults.SPAWN_ERROR, Faults.ABNORMAL_TERMINATION):
        return ProcessEnded("the process does not stay up", subject=name, hint=f"see {folder / (name or '') / 'log'}")
    return TestnetError(f"the supervisor refused: {fault.faultString}", subject=name)
