"""People who go on while the runtime under them is replaced: journalled transfers, claims and votes."""

from __future__ import annotations

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, calls, development_signer
from offchain.chain.calls import Call
from offchain.chain.errors import ChainError, DeadlineExceeded
from offchain.crypto import blake2b_256

__all__ = ["ASY", "Deed", "Traffic"]

ASY = 10**12
AMOUNT = 10**9
"""What each transfer moves: odd enough to be counted on the receiver's side."""
PERIOD_S = 2.0
"""Between two deeds of a sender."""
WINDOW = 10
"""Deeds of one sender that are under way together, at most."""
AGAIN_S = 1.0
_LAST_S = 240.0


@dataclass
class Deed:
    """Something somebody meant to do once, and how it went.

    Args:
        intent: names it in its sender's journal.
        sender: index of the sender.
        kind: ``transfer``, ``claim`` or ``vote``.
        begun: when it was first sent, by the clock of this process.
        refusals: codes of the errors it was refused with before it was taken.
        receipt: once it is final.
        attempts: signatures made for it.
        unused: encoded extrinsics that were signed for it and must never be in a block.
    """

    intent: str
    sender: int
    kind: str
    begun: float
    refusals: list[int] = field(default_factory=list)
    receipt: Receipt | None = None
    attempts: int = 0
    unused: tuple[str, ...] = ()


class Traffic:
    """A number of accounts, each with its own journal and its own preferred node.

    Args:
        endpoints: WebSockets of the nodes.
        folder: of the journals.
        senders: how many accounts.

    Set ``poll`` to a referendum, and everybody also votes on it, again and again.
    """

    def __init__(self, endpoints: Sequence[str], folder: Path, *, senders: int = 12) -> None:
        self._endpoints = list(endpoints)
        self._folder = folder
        self.poll: int | None = None
        self.deeds: list[Deed] = []
        self._stop = threading.Event()
        self._lock = threading.Lock()
        with ChainClient(self._endpoints) as client:
            self.signers = [development_signer(f"//upgrade//{number}", client) for number in range(senders)]
            self._late_signer = development_signer("//upgrade//late", client)
            self.receiver = development_signer("//upgrade//receiver", client).address
        self._transfer = calls.balances.transfer(self.receiver, AMOUNT)
        self.late: list[Deed] = []
        self._pool = ThreadPoolExecutor(senders)
        self._running: list[Future[None]] = []

    def fund(self, manager: TransactionManager, payer: Signer) -> None:
        """Gives every sender what it needs."""
        gifts = [calls.balances.transfer(one.address, 1_000 * ASY) for one in (*self.signers, self._late_signer)]
        manager.submit("upgrade/fund", calls.utility.batch_all(gifts), payer)

    def start(self) -> None:
        """Everybody begins."""
        self._running = [self._pool.submit(self._work, number) for number in range(len(self.signers))]

    def sign_ahead(self, client: ChainClient, count: int = 5) -> None:
        """One more sender signs and journals deeds now, to send them when it comes to it: see :meth:`send_late`."""
        self._late = TransactionManager(client, self._folder / "late.sqlite")
        for turn in range(count):
            deed = Deed(f"upgrade/late/{turn}", len(self.signers), "transfer", time.monotonic())
            self._late.sign(deed.intent, self._transfer, self._late_signer)
            self.late.append(deed)

    def send_late(self) -> None:
        """Sends those deeds, whatever has become of the runtime since, and waits until they are final."""
        for deed in self.late:
            self._insist(deed, lambda d=deed: self._finish(self._late, d, self._transfer, self._late_signer))
        self.deeds.extend(self.late)

    def stop(self) -> None:
        """Everybody ends what is under way; raises what went wrong in a sender."""
        self._stop.set()
        for future in self._running:
            future.result(timeout=_LAST_S + 60)
        self.end()

    def end(self) -> None:
        """Everybody ends, whatever is under way. A second call does nothing."""
        self._stop.set()
        self._pool.shutdown()

    @property
    def codes(self) -> Counter[int]:
        """How often deeds were refused, by the code of the error."""
        return Counter(code for deed in self.deeds for code in deed.refusals)

    def _work(self, number: int) -> None:
        preferred = [self._endpoints[(number + ahead) % len(self._endpoints)] for ahead in range(len(self._endpoints))]
        with ChainClient(preferred) as client:
            manager = TransactionManager(client, self._folder / f"sender-{number}.sqlite")
            under_way: deque[tuple[Deed, Call]] = deque()
            turn = 0
            while under_way or not self._stop.is_set():
                if not self._stop.is_set():
                    deed, call = self._next(number, turn)
                    turn += 1
                    self._insist(deed, lambda d=deed, c=call: manager.send(d.intent, c, self.signers[number]))
                    under_way.append((deed, call))
                    self._stop.wait(PERIOD_S)
                if len(under_way) >= WINDOW or self._stop.is_set():
                    deed, call = under_way.popleft()
                    self._insist(deed, lambda d=deed, c=call: self._finish(manager, d, c, self.signers[number]))

    def _next(self, number: int, turn: int) -> tuple[Deed, Call]:
        intent = f"upgrade/{number}/{turn}"
        kinds: dict[str, Call] = {
            "transfer": self._transfer,
            "claim": calls.models.claim(blake2b_256(intent.encode())),
        }
        if self.poll is not None:
            vote = {"Standard": {"vote": {"aye": True, "conviction": "None"}, "balance": (turn + 1) * ASY // 100}}
            kinds["vote"] = Call("ConvictionVoting", "vote", {"poll_index": self.poll, "vote": vote})
        kind = list(kinds)[turn % len(kinds)]
        deed = Deed(intent, number, kind, time.monotonic())
        with self._lock:
            self.deeds.append(deed)
        return deed, kinds[kind]

    def _finish(self, manager: TransactionManager, deed: Deed, call: Call, signer: Signer) -> None:
        deed.receipt = manager.submit(deed.intent, call, signer, timeout_s=60)
        history = manager.journal.history(deed.intent)
        deed.attempts = len(history)
        deed.unused = tuple(entry.extrinsic for entry in history if entry.state != "succeeded")

    def _insist(self, deed: Deed, act: Callable[[], object]) -> None:
        """Acts until it is taken: each refusal is typed, and the same intent resumes or is signed anew."""
        until = time.monotonic() + _LAST_S
        while True:
            try:
                act()
                return
            except DeadlineExceeded:
                if time.monotonic() > until:
                    raise
            except ChainError as error:
                deed.refusals.append(error.code)
                if time.monotonic() > until:
                    raise
                time.sleep(AGAIN_S)
