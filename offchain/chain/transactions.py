"""Sending transactions: each deed once, whatever breaks in between.

A caller names its deed by an *intent* (``round/7/commit``). The transaction is signed once, journalled, sent, and sent
again as the same bytes until it is finalized. It is signed anew only when the finalized head is past its death, or runs
another version of the runtime, and the finalized nonce shows that it was never included; both are journalled first.
(Where another transaction was finalized with its nonce, it can never be included either: the caller is told, and may
submit the intent again.)
Whoever submits the same intent, after a crash or in another process, resumes it; once it is done, gets its receipt.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from offchain.chain import calls
from offchain.chain._events import Event, failure_of
from offchain.chain._extrinsic import call_digest, estimate_fee, sign
from offchain.chain._files import home
from offchain.chain._journal import Entry, Journal
from offchain.chain._watch import Refusal, Watch
from offchain.chain.calls import Call
from offchain.chain.client import BlockRef, ChainClient
from offchain.chain.errors import (
    ChainError,
    DeadlineExceeded,
    IntentConflict,
    NodeUnreachable,
    NonceTaken,
    OutcomeUnknown,
    RpcError,
    TransactionRefused,
)
from offchain.chain.signer import Signer

__all__ = ["Pending", "Receipt", "TransactionManager"]

DEFAULT_TIMEOUT_S = 600.0
GLANCE_S = 2.0
"""How long to listen to the pool before looking at the finalized head again."""


@dataclass(frozen=True)
class Receipt:
    """A deed done: the finalized block that holds it, and the events it caused."""

    intent: str
    extrinsic: str
    block_hash: str
    block_number: int
    events: tuple[Event, ...]

    @property
    def fee(self) -> int:
        """What was paid for it, in planck."""
        paid = self.event("TransactionPayment", "TransactionFeePaid")
        return 0 if paid is None else int(paid.fields["actual_fee"])

    def event(self, pallet: str, name: str) -> Event | None:
        """The first event of that name."""
        return next((event for event in self.events if (event.pallet, event.name) == (pallet, name)), None)


class TransactionManager:
    """Sends the transactions of any number of accounts to one chain.

    Threads and processes may share a journal: nonces are chosen under its lock.

    Args:
        client: the node to send them to.
        journal: SQLite file; ``$ASSAY_HOME/transactions.sqlite`` by default.
    """

    def __init__(self, client: ChainClient, journal: Path | None = None) -> None:
        self.client = client
        self.journal = Journal(journal or home() / "transactions.sqlite", client.interface.genesis)

    def submit(
        self,
        intent: str,
        call: Call,
        signer: Signer,
        *,
        on_behalf_of: str | None = None,
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> Receipt:
        """Does a deed once and waits until it is final.

        Args:
            intent: names the deed for ever, on this chain and in this journal.
            call: what to do; the same whenever the intent is the same.
            signer: who signs and pays.
            on_behalf_of: the account in whose name ``signer`` acts, as its ``Validating`` proxy.
            timeout_s: how long to wait; the deed may still be done later, and submitting it again resumes.

        Raises:
            DispatchFailed: the runtime refused it, or a call within it. That is final: a new try is a new intent.
            TransactionRefused: the pool refused it, for lack of money for instance. Submitting it again tries again.
            NonceTaken: the account signed something else elsewhere. Submitting it again signs anew.
            IntentConflict: the intent was used for another call or by another account.
            OutcomeUnknown: it is final for so long that the node cannot say what became of it. A new try is a new
                intent.
            DeadlineExceeded: it is not final yet.
        """
        return self.send(intent, call, signer, on_behalf_of=on_behalf_of).wait(timeout_s=timeout_s)

    def send(self, intent: str, call: Call, signer: Signer, *, on_behalf_of: str | None = None) -> Pending:
        """Signs, journals and broadcasts without waiting: for several deeds at once. See :meth:`submit`."""
        deed = calls.proxy.proxy(on_behalf_of, call) if on_behalf_of else call
        entry = self._entry(intent, deed, signer)
        pending = Pending(self, entry, deed, signer)
        if entry.state in {"signed", "refused"}:
            pending.broadcast()
        return pending

    def estimate(self, call: Call, address: str, *, on_behalf_of: str | None = None) -> int:
        """The fee in planck that ``address`` would pay now; nothing is signed or sent."""
        deed = calls.proxy.proxy(on_behalf_of, call) if on_behalf_of else call
        return estimate_fee(self.client.interface, deed, address)

    def done(self, intent: str) -> Receipt | None:
        """The receipt of a deed that was done."""
        entry = self.journal.latest(intent)
        return receipt_of(entry) if entry is not None and entry.state == "succeeded" else None

    def open_intents(self, account: str | None = None) -> tuple[str, ...]:
        """Deeds that were signed and whose fate is not known yet."""
        return tuple(entry.intent for entry in self.journal.open_entries(account))

    def _entry(self, intent: str, call: Call, signer: Signer) -> Entry:
        digest = call_digest(call)
        latest = self.journal.latest(intent)
        if latest is not None:
            if (latest.digest, latest.account) != (digest, signer.address):
                raise IntentConflict("the intent was used for something else", subject=intent)
            if latest.state not in {"expired", "displaced"}:
                return latest
        return self.sign(intent, call, signer)

    def sign(self, intent: str, call: Call, signer: Signer) -> Entry:
        """Chooses a nonce, signs, and journals. Another thread or process may have done so first: then that stands."""
        client, account = self.client, signer.address
        with self.journal.signing() as signing:
            latest = signing.latest(intent)
            if latest is not None and latest.state not in {"expired", "displaced"}:
                return latest
            head = client.finalized()
            taken = signing.taken(account, head.number)
            nonce = int(client.connection.call("system_accountNextIndex", [account]))
            current = client.accounts.get(account, at=client.best().hash).nonce
            nonce = max(nonce, current)
            while nonce in taken:
                nonce += 1
            signed = sign(client.interface, call, signer, nonce=nonce, birth=head.number)
            return signing.record(
                intent=intent,
                attempt=1 if latest is None else latest.attempt + 1,
                account=account,
                nonce=nonce,
                digest=call_digest(call),
                extrinsic=signed.extrinsic,
                birth=head.number,
                death=signed.death,
            )


class Pending:
    """A deed under way."""

    def __init__(self, manager: TransactionManager, entry: Entry, call: Call, signer: Signer) -> None:
        self._manager = manager
        self._call = call
        self._signer = signer
        self._watch: Watch | None = None
        self.entry = entry

    @property
    def intent(self) -> str:
        """The deed's name."""
        return self.entry.intent

    def broadcast(self) -> None:
        """Sends the journalled bytes, after those of the account's earlier transactions that may be missing.

        Raises:
            TransactionRefused: the pool does not take them.
        """
        journal, connection = self._manager.journal, self._manager.client.connection
        earlier = [e for e in journal.open_entries(self.entry.account) if e.nonce < self.entry.nonce]
        try:
            self._watch = Watch.start(connection, self.entry.extrinsic, [entry.extrinsic for entry in earlier])
        except Refusal as refusal:
            if self._was_outlived(refusal):
                self._sign_anew()
                return
            journal.refuse(self.entry)
            raise TransactionRefused(
                f"the node's pool refused the transaction: {refusal.reason}",
                subject=self.entry.intent,
                hint="submit it again once the cause is gone",
            ) from refusal
        except (NodeUnreachable, DeadlineExceeded):
            self._watch = None  # journalled: whoever waits for it sends it again
            return
        if self.entry.state == "refused":
            journal.revive(self.entry)

    def wait(self, *, timeout_s: float = DEFAULT_TIMEOUT_S) -> Receipt:
        """Waits until the deed is final. See :meth:`TransactionManager.submit` for what it raises."""
        deadline = time.monotonic() + timeout_s
        try:
            while True:
                receipt = self._settled()
                if receipt is not None:
                    return receipt
                left = deadline - time.monotonic()
                if left <= 0:
                    raise DeadlineExceeded(
                        "the transaction is not final yet", subject=self.intent, hint="submit the same intent to resume"
                    )
                self._listen(min(GLANCE_S, left))
        finally:
            if self._watch is not None:
                self._watch.close()
                self._watch = None

    def _settled(self) -> Receipt | None:
        """What the finalized chain says: the receipt, nothing yet, or why there never will be one."""
        manager, entry = self._manager, self.entry
        if entry.state == "succeeded":
            return receipt_of(entry)
        if entry.error is not None:
            raise entry.error
        if entry.state == "untold":
            raise _outcome_unknown(entry.intent, entry.block_number)
        try:
            head = manager.client.finalized()
            nonce = manager.client.accounts.get(entry.account, at=head.hash).nonce
            if nonce > entry.nonce:
                block = self._find(head)
                if block is not None:
                    return self._conclude(block)
                manager.journal.bury(entry, "displaced", head.number, nonce)
                if entry.state != "refused":
                    raise NonceTaken(
                        "another transaction of the account was included with this nonce",
                        subject=f"{entry.intent}, {entry.account}, nonce {entry.nonce}",
                        hint="is the key used elsewhere? submit the same intent to sign anew",
                    )
                self._sign_anew()
            elif head.number >= entry.death:
                manager.journal.bury(entry, "expired", head.number, nonce)
                self._sign_anew()
        except (NodeUnreachable, DeadlineExceeded):
            self._watch = None  # the deadline of wait() decides how long to go on
        return None

    def _was_outlived(self, refusal: Refusal) -> bool:
        """Whether the chain was upgraded since the transaction was signed, so that no block will ever hold it.

        A signature is for one version of the runtime. Where the finalized head shows that another one executes what
        follows, and that the nonce is not used, the deed is to be signed for that one.
        """
        if "signature" not in refusal.reason.lower():
            return False
        client, entry = self._manager.client, self.entry
        try:
            head = client.finalized()
            nonce = client.accounts.get(entry.account, at=head.hash).nonce
            versions = {client.interface.version_after(block) for block in (client.block_hash(entry.birth), head.hash)}
        except ChainError:  # the node knows no more of then, or answers no more: the signature dies with its era
            return False
        if nonce > entry.nonce or len(versions) == 1:
            return False
        self._manager.journal.bury(entry, "expired", head.number, nonce)
        return True

    def _sign_anew(self) -> None:
        if self._watch is not None:
            self._watch.close()
        self.entry = self._manager.sign(self.intent, self._call, self._signer)
        self.broadcast()

    def _listen(self, seconds: float) -> None:
        """Listens to the pool for a while, or waits where it has nothing more to say."""
        if self._watch is None:
            time.sleep(min(seconds, 0.2))
            self.broadcast()
        elif not self._watch.listen(seconds):
            self._watch = None

    def _find(self, head: BlockRef) -> BlockRef | None:
        """The finalized block that holds the transaction. What was searched once is not searched again."""
        client, entry = self._manager.client, self.entry
        last = min(head.number, entry.death)
        for number in range(entry.scanned + 1, last + 1):
            block_hash = client.block_hash(number)
            if entry.extrinsic in client.extrinsics(block_hash):
                return client.header(block_hash)
        self._manager.journal.scanned(entry, last)
        return None

    def _conclude(self, block: BlockRef) -> Receipt:
        manager, entry = self._manager, self.entry
        index = manager.client.extrinsics(block.hash).index(entry.extrinsic)
        try:
            events = tuple(event for event in manager.client.events(block.hash) if event.extrinsic == index)
        except RpcError as refused:
            if not refused.is_of_discarded_state:
                raise
            manager.journal.untold(entry, block_hash=block.hash, number=block.number)
            raise _outcome_unknown(entry.intent, block.number) from refused
        runtime = manager.client.interface.at(block.hash)
        error = failure_of(events, runtime)
        manager.journal.conclude(entry, block_hash=block.hash, number=block.number, events=events, error=error)
        if error is not None:
            raise error
        return Receipt(entry.intent, entry.extrinsic, block.hash, block.number, events)


def _outcome_unknown(intent: str, number: int | None) -> OutcomeUnknown:
    return OutcomeUnknown(
        f"the transaction is final since block {number}, whose state the node keeps no more",
        subject=intent,
        hint="what the chain holds now shows whether it succeeded",
    )


def receipt_of(entry: Entry) -> Receipt:
    """The receipt of an entry that succeeded."""
    return Receipt(entry.intent, entry.extrinsic, entry.block_hash or "", entry.block_number or 0, entry.events)
