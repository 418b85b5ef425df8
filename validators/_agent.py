"""What every agent is: one process per account, a loop over finalized blocks, health, and an orderly end."""

from __future__ import annotations

import resource
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from offchain.chain import BlockRef, ChainClient, Signer
from offchain.chain.errors import ChainError, DeadlineExceeded, NodeUnreachable, NotOnChain, RpcError
from offchain.chain.types import Round
from validators._advance import Advancer
from validators._follow import Follower, Moment
from validators._health import Health
from validators._lock import AccountLock
from validators._log import Log
from validators._outbox import Outbox
from validators._watch import ChainWatch, state_of

__all__ = ["Agent"]

PASSING = (NodeUnreachable, DeadlineExceeded, RpcError, NotOnChain)
"""Trouble with a node that may be over at the next try."""
LONGEST_PAUSE_S = 30.0
REPORT_EVERY_S = 10.0


class Agent(ABC):
    """An agent of one account. The thread that calls :meth:`run` is the only one that speaks to the chain.

    Args:
        client: the node.
        signer: who signs.
        folder: where lock and journals lie; several accounts may share it.
        on_behalf_of: the account to act for, where ``signer`` is its ``Validating`` proxy.
        log: structured lines; to standard error without it.
        metrics_port: port on 127.0.0.1 for Prometheus, 0 for a free one, None for none.
        poll_s: seconds between looks at the finalized head.
    """

    kind: ClassVar[str]

    def __init__(
        self,
        client: ChainClient,
        signer: Signer,
        *,
        folder: Path,
        on_behalf_of: str | None,
        log: Log | None,
        metrics_port: int | None,
        poll_s: float,
    ) -> None:
        self.client = client
        self.signer = signer
        self.account = on_behalf_of or signer.address
        self.folder = folder
        self.health = Health(self.kind, self.account)
        self.log = log or Log(f"{self.kind} {self.account}")
        self.head: BlockRef | None = None
        self._on_behalf_of = on_behalf_of
        self._metrics_port = metrics_port
        self._poll_s = poll_s
        self._reported = float("-inf")
        self._news: dict[int, Round] = {}
        self._is_noted = True
        self.follower: Follower
        self.outbox: Outbox
        self._advancer: Advancer
        self._watch = ChainWatch(client, self.health, self.log)
        client.endpoints.on_failover = self._tell_failover

    def run(self, stop: threading.Event) -> None:
        """Works until ``stop`` is set. Passing trouble with the node is waited out.

        Raises:
            AlreadyRunning: another process acts for the account.
            JournalUnreadable: the journal is damaged or not this account's.
            AgentError: the metrics port is taken.
            ChainError: the node is of another chain, or its types are unknown.
        """
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with AccountLock(self.folder, f"{self.kind}-{self.account}"):
            try:
                if self._metrics_port is not None:
                    self.log("metrics", port=self.health.serve(self._metrics_port))
                self._loop(stop)
            finally:
                self.health.close()
                self._shut()
                self.log("stopped")

    def _loop(self, stop: threading.Event) -> None:
        troubles = 0
        opened = False
        while not stop.is_set():
            try:
                if not opened:
                    self._open()
                    opened = True
                    self.log("started", block=self.client.finalized().number)
                self._turn()
                troubles = 0
                self.health.node_reachable.set(1)
                self.health.last_turn.set_to_current_time()
            except PASSING as error:
                troubles += 1
                self.health.node_reachable.set(0)
                self.health.errors.labels(str(error.code)).inc()
                self.log("node.trouble", code=error.code, what=error.what, times=troubles)
                stop.wait(min(self._poll_s * 2**troubles, LONGEST_PAUSE_S))
            stop.wait(self._poll_s)

    def _open(self) -> None:
        """Open the journals; under the lock, and again after passing trouble."""
        if len(self.client.endpoints.urls) > 1:
            for url, state in self.client.check_nodes().items():
                if isinstance(state, ChainError):
                    self.log("node.away", node=url, code=state.code, what=state.what)
        self.outbox = Outbox(
            self.client,
            self.signer,
            self.journals["transactions"],
            on_behalf_of=self._on_behalf_of,
            log=self.log,
            health=self.health,
        )
        self._advancer = Advancer(self.client, self.outbox, self.account, self.log)
        self.follower = Follower(self.client, self._unfinished())

    @property
    def journals(self) -> dict[str, Path]:
        """Where the agent's journals lie: ``agent`` is its own, ``transactions`` holds what it signed."""
        name = f"{self.kind}-{self.account}"
        return {
            "agent": self.folder / f"{name}.sqlite",
            "transactions": self.folder / f"{name}.transactions.sqlite",
        }

    def _turn(self) -> None:
        moment = self.follower.poll()
        if moment is not None:
            self.head = moment.head
            self.outbox.paused = self.client.evaluation.paused_duties(at=moment.head.hash)
            self.health.paused.set(len(self.outbox.paused))
            self.health.head(moment.head.number)
            self._news |= moment.changed
            self._is_noted = False
        if self.head is not None and not self._is_noted:
            self._note(Moment(self.head, self._news))
            self.health.show_rounds(self.follower.open.values(), self.head.number)
            self.health.show_duties(*self._duties(), self.head.number)
            self.outbox.settle()
            self._news, self._is_noted = {}, True
        if self.head is not None:
            self._tend(self.head)
            self._advancer.tend(self.follower.open, self.head.number)
            self._watch.look(self.head)
            self._report(self.head)

    def _report(self, head: BlockRef) -> None:
        """Shows what needs to be asked for, now and then."""
        if time.monotonic() - self._reported < REPORT_EVERY_S:
            return
        evaluation, at = self.client.evaluation, head.hash
        validators = evaluation.validators(at=at)
        own = validators.get(self.account)
        free = self.client.accounts.get(self.signer.address, at=at).free
        owed = evaluation.claimable(self.account, at=at)
        self.health.show_money(free=free, owed=owed, bond=None if own is None else own.bond)
        self.health.show_validators(map(state_of, validators.values()))
        if own is not None:
            self.health.misses.labels("miss").set(own.misses)
            self.health.misses.labels("absence").set(own.absences)
        self.health.show_journals(self.journals)
        self._report_own(head)
        self._reported = time.monotonic()

    def _tell_failover(self, left: str, taken: str, why: str) -> None:
        self.health.failovers.inc()
        self.log("node.failover", left=left, taken=taken, why=why)

    @abstractmethod
    def _report_own(self, head: BlockRef) -> None:
        """Shows what only this kind of agent has."""

    @abstractmethod
    def _duties(self) -> tuple[int, Mapping[tuple[int, str], int]]:
        """How many rounds the account has a part in, and the deadline of each duty, by round and what is owed."""

    @abstractmethod
    def _unfinished(self) -> list[int]:
        """Open the agent's own journal and name the rounds that it left unfinished."""

    @abstractmethod
    def _note(self, moment: Moment) -> None:
        """Take in what changed."""

    @abstractmethod
    def _tend(self, head: BlockRef) -> None:
        """Do whatever can be done now."""

    @abstractmethod
    def _shut(self) -> None:
        """Close what was opened."""
