"""Sending an agent's transactions without waiting for any of them: each deed once, resumed after a kill."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from pathlib import Path

from offchain.chain import ChainClient, Pending, Signer, TransactionManager
from offchain.chain.calls import Call
from offchain.chain.errors import (
    CallFiltered,
    DeadlineExceeded,
    DispatchFailed,
    IntentConflict,
    NodeUnreachable,
    NonceTaken,
    OutcomeUnknown,
    TransactionRefused,
)
from validators._health import Health
from validators._log import Log

__all__ = ["Outbox"]

REBROADCAST_S = 15.0
PAUSE_S = 5.0
"""How long to leave a deed alone that the pool refused."""
ATTEMPTS = 3
"""How often a deed is done anew that met a pause of its call: each time the pause fell between sending and a block."""


class Outbox:
    """The transactions of one agent.

    Args:
        client: the node.
        signer: who signs and pays.
        path: the transactions' journal.
        on_behalf_of: the account in whose name ``signer`` acts as its ``Validating`` proxy, if another.
        log: told what became of each transaction.
        health: counts the finalized ones.
    """

    def __init__(
        self, client: ChainClient, signer: Signer, path: Path, *, on_behalf_of: str | None, log: Log, health: Health
    ) -> None:
        self._manager = TransactionManager(client, path)
        self._signer = signer
        self._on_behalf_of = on_behalf_of
        self._log = log
        self._health = health
        self._pending: dict[str, tuple[Pending, float]] = {}
        self._paused: dict[str, float] = {}
        self._done: set[str] = set()
        self._held_up: set[str] = set()
        self._attempts: dict[str, int] = {}
        self.paused: frozenset[str] = frozenset()
        """Calls that governance has paused: their deeds wait, and lose no fee."""

    def send(self, intent: str, call: Call, *, own_name: bool = False) -> bool:
        """Whether a deed is done and final; it is begun where it was not.

        Args:
            intent: names the deed for ever; its last part that is no number says what kind it is.
            call: what to do.
            own_name: whether the signer acts for itself even where it is a proxy: for calls that anyone may make.

        Raises:
            DispatchFailed: the runtime refused it; that is final.
            IntentConflict: the deed was done differently before.
        """
        now = time.monotonic()
        if intent in self._done or now < self._paused.get(intent, 0.0):
            return intent in self._done
        return self._attempt(intent, call, own_name, self._attempts.get(intent, 1))

    def _attempt(self, intent: str, call: Call, own_name: bool, number: int) -> bool:
        if self._is_held_up(intent, call):
            return False
        name = intent if number == 1 else f"{intent}/{number}"
        try:
            return self._carry_on(intent, lambda: self._begun(intent, name, call, own_name))
        except CallFiltered:
            if number >= ATTEMPTS:
                raise
        self._attempts[intent] = number + 1
        return self._attempt(intent, call, own_name, number + 1)

    def _is_held_up(self, intent: str, call: Call) -> bool:
        """Whether the deed waits for its call to be unpaused; one that was sent before is followed to its end."""
        if str(call) not in self.paused or intent in self._pending:
            self._held_up.discard(intent)
            return False
        if intent not in self._held_up:
            self._held_up.add(intent)
            self._log("transaction.held_up", intent=intent, call=str(call))
        return True

    def settle(self) -> None:
        """Looks after deeds that nobody asks for any more, because the chain shows already that they are done."""
        for intent, (pending, _) in list(self._pending.items()):
            with contextlib.suppress(DispatchFailed, IntentConflict):
                self._carry_on(intent, lambda pending=pending: pending)  # type: ignore[misc]

    def _begun(self, intent: str, name: str, call: Call, own_name: bool) -> Pending:
        """The deed under way, broadcast again where that was long ago."""
        now = time.monotonic()
        pending, sent = self._pending.get(intent, (None, 0.0))
        if pending is None or now - sent > REBROADCAST_S:
            on_behalf_of = None if own_name else self._on_behalf_of
            pending = self._manager.send(name, call, self._signer, on_behalf_of=on_behalf_of)
            self._pending[intent] = pending, now
        return pending

    def _carry_on(self, intent: str, begun: Callable[[], Pending]) -> bool:
        try:
            receipt = begun().wait(timeout_s=0.0)
        except (DeadlineExceeded, NodeUnreachable):
            return False
        except (TransactionRefused, NonceTaken) as error:
            self._log("transaction.refused", intent=intent, code=error.code, what=error.what)
            self._pending.pop(intent, None)
            self._paused[intent] = time.monotonic() + PAUSE_S
            return False
        except OutcomeUnknown as error:
            # Whoever still wants the deed, by what the chain holds now, does it under a new name.
            self._log("transaction.untold", intent=intent, code=error.code, what=error.what)
            self._pending.pop(intent, None)
            self._attempts[intent] = self._attempts.get(intent, 1) + 1
            return False
        except (DispatchFailed, IntentConflict) as error:
            self._log("transaction.failed", intent=intent, code=error.code, what=error.what)
            self._pending.pop(intent, None)
            raise
        self._pending.pop(intent, None)
        self._done.add(intent)
        self._log("transaction.final", intent=intent, block=receipt.block_number)
        self._health.actions.labels(kind_of(intent)).inc()
        return True


def kind_of(intent: str) -> str:
    """``commit`` of ``round/7/commit``, ``advance`` of ``round/7/advance/120``."""
    return next((part for part in reversed(intent.split("/")[1:]) if part.isalpha()), "other")
