"""Double-entry books that a test keeps beside the chain's: every planck that moves has a payer and a receiver."""

from __future__ import annotations

from collections.abc import Iterable

from offchain.chain import Receipt

from ._scene import AUTHOR, TREASURY, Scene, fee_shares

__all__ = ["Ledger", "split_by_shares"]

Holds = dict[str, int]


class Ledger:
    """What every account should have, in all and on hold, from the moment it is opened.

    Accounts are SS58 text. :meth:`check` holds the chain against it, account by account.
    """

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.has = scene.books()
        self.issuance = self.has.total()
        self.holds: dict[str, Holds] = {}

    def paid(self, receipts: Receipt | Iterable[Receipt]) -> None:
        """Enters the fees of transactions."""
        for receipt in [receipts] if isinstance(receipts, Receipt) else receipts:
            event = receipt.event("TransactionPayment", "TransactionFeePaid")
            assert event is not None
            self.fee(event.fields["who"], int(event.fields["actual_fee"]))

    def fee(self, payer: str, fee: int) -> None:
        """Enters a fee: four fifths to the treasury, the rest to the author."""
        treasury, author = fee_shares(fee)
        self.move(payer, TREASURY, treasury)
        self.move(payer, self._scene.address(AUTHOR), author)

    def free(self, receipts: Receipt | Iterable[Receipt]) -> None:
        """Notes that these transactions cost nothing."""
        for receipt in [receipts] if isinstance(receipts, Receipt) else receipts:
            assert receipt.fee == 0

    def move(self, payer: str, receiver: str, amount: int) -> None:
        """Enters a payment."""
        self.has[payer] -= amount
        self.has[receiver] += amount

    def hold(self, who: str, reason: str, amount: int) -> None:
        """Enters a change of what is on hold of an account; what reaches zero is gone."""
        holds = self.holds.setdefault(who, {})
        holds[reason] = holds.get(reason, 0) + amount
        if not holds[reason]:
            del holds[reason]

    def check(self) -> None:
        """The chain has the same books, holds the same of everybody, and nothing was minted or burnt.

        On a chain that others use, only our people's accounts are known beforehand.
        """
        books, ours = self._scene.books(), self._scene.ground.is_ours
        whose = books | self.has if ours else books
        assert {who: books[who] - self.has[who] for who in whose if books[who] != self.has[who]} == {}
        if ours:
            assert books.total() == self.issuance
        balances = self._scene.client.balances
        assert {who: balances.holds(who) for who in self.holds} == self.holds
        held = {who: sum(holds.values()) for who, holds in self.holds.items()}
        accounts = self._scene.client.accounts
        assert {who: accounts.get(who).reserved for who in self.holds} == held


def split_by_shares(total: int, shares: list[int]) -> list[int]:
    """``total`` by shares that add up to a million: largest remainders get the rest, ties go to the earlier."""
    parts = [total * share // 1_000_000 for share in shares]
    remainders = [total * share % 1_000_000 for share in shares]
    order = sorted(range(len(shares)), key=lambda at: (-remainders[at], at))
    for at in order[: total - sum(parts)]:
        parts[at] += 1
    return parts
