"""A network of native nodes and agents on this machine: up, looked at, hurt, healed, down."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

from offchain.cli.output import progress

from ._binary import node_binary
from ._chain import with_chain, with_spec_kept
from ._errors import AlreadyUp, DirectoryUnfit, NotReady, NotUp, ProcessEnded, TestnetError, UnknownProcess
from ._kubo import prepare_kubo
from ._lock import alone
from ._look import heads_of, last_block_of
from ._monitoring import monitor
from ._plan import AUTHORITIES, VALIDATOR_ACCOUNTS, Plan, Wishes, ray_folder_of
from ._processes import processes_of
from ._roster import programs
from ._scene import STEPS, pack, set_up
from ._status import ProcessLine, looked_at
from ._supervisor import Supervisor

__all__ = ["ProcessLine", "Testnet", "default_folder", "prepare_chain"]

_NODES_S: Final = 90.0
"""Until every node answers and has finalized a block: slots of 3 s, two rounds of votes, on a busy machine."""
_AGENTS_S: Final = 120.0
_DOWN_S: Final = 45.0
_RAN: Final = ("RUNNING", "STARTING")


def default_folder() -> Path:
    """Where a network lives unless told otherwise: ``$ASSAY_HOME/testnet``."""
    return Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay") / "testnet"


def prepare_chain(folder: Path, nodes: Sequence[str], validators: int) -> None:
    """Does to a chain, and in a folder, what agents need, without running any of them.

    Args:
        folder: for keys, the data set and the store; made if need be.
        nodes: WebSockets of the chain's nodes, each alone or several with commas.
        validators: how many to register.

    Raises:
        MalformedEndpoint: one of those is no WebSocket.
        NotReady: no node finalizes a block in time.
        SetUpFailed: a command did not succeed.
    """
    from offchain.chain._endpoints import urls_of

    urls = urls_of(nodes)
    agents = (*(f"validator-{number}" for number in range(1, validators + 1)), "steward")
    wishes = Wishes(validators=validators, worker_nodes=dict.fromkeys(agents, ",".join(urls)))
    plan = Plan.lay_out(folder, Path(), wishes)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    deadline = time.monotonic() + _NODES_S
    with progress("preparing the chain", 2 + STEPS) as bar:
        done = _counting(bar)
        plan.make_secrets()
        pack(plan)
        done()
        while not any((heads := heads_of(url)) is not None and heads.finalized for url in urls):
            if time.monotonic() > deadline:
                raise NotReady(f"no block was finalized within {_NODES_S:.0f} s", subject=", ".join(urls))
            time.sleep(0.5)
        done()
        set_up(plan, done)


class Testnet:
    """The network of a directory, which may be up or down.

    The processes do not depend on this object, nor on the process that made it: whoever opens the directory sees and
    commands the same network.

    Args:
        folder: where it lives.
    """

    __test__ = False  # it is no test class, whatever its name

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._supervisor = Supervisor(self.folder)

    @classmethod
    def up(
        cls,
        folder: Path,
        *,
        nodes: int = 4,
        validators: int = 4,
        chain: str | None = None,
        wishes: Wishes = Wishes(),
    ) -> Testnet:
        """Starts a network and waits until it works: blocks are final, workers are registered and follow them.

        A directory that holds a network that is down goes on with its chain, under new ports.

        Args:
            folder: where it is to live; made if need be.
            nodes: how many authorities.
            validators: how many workers; none leaves out the steward, the store and Ray too.
            chain: a raw chain spec's path, or a name that the node knows; by default the directory's, or ``local``.
            wishes: everything else; its own chain, nodes and validators are not looked at.

        Raises:
            AlreadyUp: the directory's network is up.
            DirectoryUnfit: there is something else in the directory, another chain, or its path is too long.
            TestnetError: there are too many or, for the chain ``local``, too few nodes; or another command is starting
                or ending the network.
            NodeBinaryAbsent: the native node is not built.
            ProcessEnded: a process does not stay up.
            NotReady: it does not work in time. What was started is ended.
            SetUpFailed: a command that prepares the chain failed. What was started is ended.
        """
        network = cls(folder)
        if not 1 <= nodes <= len(AUTHORITIES) or not 0 <= validators <= len(VALIDATOR_ACCOUNTS):
            raise TestnetError("a network has one to four nodes and up to four workers", subject=str(network.folder))
        binary = node_binary()
        network.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with alone(network.folder):
            plan = network._lay_out(binary, replace(wishes, nodes=nodes, validators=validators), chain)
            try:
                network._start(plan)
            except BaseException:
                network._end()
                raise
        return network

    @property
    def plan(self) -> Plan:
        """Who is in it, and where each listens.

        Raises:
            NotUp: there is no network in the directory.
        """
        found = Plan.load(self.folder)
        if found is None:
            raise NotUp("there is no network", subject=str(self.folder), hint="start one: assay testnet up")
        return found

    @property
    def is_up(self) -> bool:
        """Whether its supervisor runs."""
        return self._supervisor.is_running

    @property
    def endpoints(self) -> list[str]:
        """WebSockets of the nodes, in order of their names."""
        return [node.websocket for node in self.plan.nodes]

    def endpoint(self, name: str) -> str:
        """The WebSocket of a node."""
        for node in self.plan.nodes:
            if node.name == name:
                return node.websocket
        raise UnknownProcess("the network has no node of this name", subject=name)

    @property
    def store(self) -> str | None:
        """The content store of publishers, as ``ASSAY_STORE`` takes it; None where there are no agents."""
        plan = self.plan
        return plan.store_of("steward") if plan.agents else None

    def pid(self, name: str) -> int:
        """The process that runs under a name.

        Raises:
            NotUp, UnknownProcess, NotReady: there is none.
        """
        states = self._supervisor.states()
        if name not in states:
            raise _unknown(name)
        pid = states[name].pid
        if pid is None:
            raise NotReady("the process does not run", subject=name, hint="start it: assay testnet restart")
        return pid

    def status(self) -> list[ProcessLine]:
        """Every process, nodes first.

        Raises:
            NotUp: the network is down.
        """
        self._require_up()
        plan, states = self.plan, self._supervisor.states()
        lines = []
        for program in programs(plan):
            state = states[program.name]
            line = ProcessLine(program.name, state.state, state.pid, state.up_s, "", None, None, None)
            lines.append(looked_at(plan, line, runs=state.state in _RAN))
        return lines

    def kill(self, name: str) -> None:
        """Ends a process by SIGKILL; it stays down until :meth:`restart`.

        Raises:
            NotUp, UnknownProcess, ProcessNotRunning: there is nothing to kill.
        """
        self._supervisor.kill(name)

    def restart(self, name: str, *, wait: bool = True) -> None:
        """Starts a process that is down; stops it first where it runs.

        Args:
            name: of the process.
            wait: until it has stayed up for three seconds.

        Raises:
            NotUp, UnknownProcess: there is no such process.
            StillThere: it does not end.
            ProcessEnded: it does not stay up.
        """
        self._supervisor.bring_down(name)
        (self._supervisor.run if wait else self._supervisor.launch)(name)

    def log(self, name: str) -> Path:
        """The file into which a process writes what it says."""
        for program in programs(self.plan):
            if program.name == name:
                return program.log
        raise _unknown(name)

    def logs(self, name: str, lines: int = 40) -> list[str]:
        """The last lines that a process said."""
        path = self.log(name)
        return path.read_text(errors="replace").splitlines()[-lines:] if path.is_file() else []

    def down(self, *, purge: bool = False) -> None:
        """Ends every process of the network and removes its sockets; harmless where it is down.

        It needs nothing of what lies in the directory, which may have been deleted while the network was up.

        Args:
            purge: delete the directory too.

        Raises:
            TestnetError: another command is starting or ending the network.
            StillThere: a process cannot be ended.
            NotUp, DirectoryUnfit: all are ended, but the directory to delete does not hold a network's plan.
        """
        with alone(self.folder):
            ran = bool(processes_of(self.folder))
            self._end()
            if purge and (self.folder.exists() or not ran):
                shutil.rmtree(self.plan.folder)

    def _end(self) -> None:
        self._supervisor.shut_down(_DOWN_S)
        shutil.rmtree(ray_folder_of(self.folder), ignore_errors=True)

    def _require_up(self) -> None:
        if not self.is_up:
            raise NotUp("the network is down", subject=str(self.folder), hint="start it: assay testnet up")

    def _lay_out(self, binary: Path, wishes: Wishes, chain: str | None) -> Plan:
        if self.is_up:
            raise AlreadyUp(
                "the network is up", subject=str(self.folder), hint="see `assay testnet status`, or end it with `down`"
            )
        earlier = Plan.load(self.folder)
        if earlier is None and any(self.folder.iterdir()):
            raise DirectoryUnfit(
                "something else lies in the directory", subject=str(self.folder), hint="choose an empty one"
            )
        if earlier is not None:
            wishes = replace(wishes, ipfs=earlier.wishes.ipfs)
        wishes = with_chain(self.folder, wishes, chain, earlier)
        return Plan.lay_out(self.folder, binary, with_spec_kept(self.folder, wishes))

    def _start(self, plan: Plan) -> None:
        plan.save()
        monitor(plan)
        with progress("starting the network", 2 + (3 + STEPS if plan.agents else 0)) as bar:
            done = _counting(bar)
            if plan.agents:
                plan.make_secrets()
                prepare_kubo(plan)
            self._supervisor.start(programs(plan))
            done()
            if plan.agents:
                pack(plan)
                done()
            self._wait_for_blocks(plan)
            done()
            if plan.agents:
                set_up(plan, done)
                for name in plan.agents:
                    self._supervisor.launch(name)
                done()
                self._wait_for_agents(plan)
                done()

    def _wait_for_blocks(self, plan: Plan) -> None:
        started: dict[str, int] = {}
        with self._patience(_NODES_S) as is_over:
            while True:
                heads = {node.name: heads_of(node.websocket) for node in plan.nodes}
                found = {name: head.finalized for name, head in heads.items() if head is not None}
                for name, finalized in found.items():
                    started.setdefault(name, finalized)
                if len(found) == len(plan.nodes) and all(found[name] > started[name] for name in found):
                    return
                if is_over():
                    silent = sorted(set(heads) - set(found))
                    what = f"{', '.join(silent)} do not answer" if silent else "no block was finalized"
                    raise NotReady(f"{what} within {_NODES_S:.0f} s", subject=str(self.folder), hint=self._logs_hint())

    def _wait_for_agents(self, plan: Plan) -> None:
        with self._patience(_AGENTS_S) as is_over:
            while True:
                waiting = [name for name, port in plan.agent_ports.items() if last_block_of(port) is None]
                if not waiting:
                    return
                if is_over():
                    raise NotReady(
                        f"{', '.join(waiting)} do not follow the chain after {_AGENTS_S:.0f} s",
                        subject=str(self.folder),
                        hint=self._logs_hint(),
                    )

    @contextmanager
    def _patience(self, seconds: float) -> Iterator[Callable[[], bool]]:
        """Yields a function that pauses, looks for processes that were given up, and says whether time is over."""
        deadline = time.monotonic() + seconds

        def is_over() -> bool:
            time.sleep(0.5)
            for state in self._supervisor.states().values():
                if state.state == "FATAL":
                    said = self.logs(state.name, 1)
                    raise ProcessEnded(
                        f"{state.name} ends whenever it is started: {said[-1] if said else state.said}",
                        subject=str(self.log(state.name)),
                        hint="read its log",
                    )
            return time.monotonic() > deadline

        yield is_over

    def _logs_hint(self) -> str:
        return f"see {self.folder}/NAME/log"


def _counting(bar: Callable[[int], None]) -> Callable[[], None]:
    count = 0

    def done() -> None:
        nonlocal count
        count += 1
        bar(count)

    return done


def _unknown(name: str) -> UnknownProcess:
    return UnknownProcess("the network has no process of this name", subject=name, hint="see `assay testnet status`")
