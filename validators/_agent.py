"""What every agent is: one process per account, a loop over finalized blocks, health, and an orderly end."""

from __future__ import annotations

import resource
import threading
import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from offchain.chain import BlockRef, ChainClient, Signer
from offchain.chain.errors import DeadlineExceeded, NodeUnreachable, NotOnChain, RpcError
from offchain.chain.types import Round
from validators._advance import Advancer
from validators._follow import Follower, Moment
from validators._health import Health
from validators._lock import AccountLock
from validators._log import Log
from validators._outbox import Outbox

__all__ = ["Agent"]

PASSING = (NodeUnreachable, DeadlineExceeded, RpcError, NotOnChain)
"""Trouble with a node that may be over at the next try."""
LONGEST_PAUSE_S = 30.0
BALANCE_EVERY_S = 10.0


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
        self.health = Health(self.kind)
        self.log = log or Log(f"{self.kind} {self.account}")
        self.head: BlockRef | None = None
        self._on_behalf_of = on_behalf_of
        self._metrics_port = metrics_port
        self._poll_s = poll_s
        self._balance_at = float("-inf")
        self._news: dict[int, Round] = {}
        self._is_noted = True
        self.follower: Follower
        self.outbox: Outbox
        self._advancer: Advancer

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
            except PASSING as error:
                troubles += 1
                self.health.errors.labels(str(error.code)).inc()
                self.log("node.trouble", code=error.code, what=error.what, times=troubles)
                stop.wait(min(self._poll_s * 2**troubles, LONGEST_PAUSE_S))
            stop.wait(self._poll_s)

    def _open(self) -> None:
        """Open the journals; under the lock, and again after passing trouble."""
        transactions = self.folder / f"{self.kind}-{self.account}.transactions.sqlite"
        self.outbox = Outbox(
            self.client,
            self.signer,
            transactions,
            on_behalf_of=self._on_behalf_of,
            log=self.log,
            health=self.health,
        )
        self._advancer = Advancer(self.client, self.outbox, self.account, self.log)
        self.follower = Follower(self.client, self._unfinished())

    def _turn(self) -> None:
        moment = self.follower.poll()
        if moment is not None:
            self.head = moment.head
            self._news |= moment.changed
            self._is_noted = False
        if self.head is not None and not self._is_noted:
            self._note(Moment(self.head, self._news))
            self._report(self.head)
            self.outbox.settle()
            self._news, self._is_noted = {}, True
        if self.head is not None:
            self._tend(self.head)
            self._advancer.tend(self.follower.open, self.head.number)

    def _report(self, head: BlockRef) -> None:
        self.health.last_block.set(head.number)
        if time.monotonic() - self._balance_at > BALANCE_EVERY_S:
            self.health.balance.set(self.client.accounts.get(self.signer.address, at=head.hash).free)
            self._balance_at = time.monotonic()

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
