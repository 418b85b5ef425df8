"""Whether an account can pay what a proposal costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from governance._errors import MeansShort
from offchain.chain import ChainClient
from offchain.chain.inspection import Decoder
from offchain.cli.units import asy

__all__ = ["Cost", "check_means"]


@dataclass(frozen=True)
class Cost:
    """What a proposal costs, in planck: deposits by their names, and the fees of its transactions."""

    deposits: Mapping[str, int]
    fees: int

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.deposits.values()) + self.fees

    def __str__(self) -> str:
        deposits = ", ".join(f"{name} {asy(amount)}" for name, amount in self.deposits.items())
        return f"{deposits}, fee {asy(self.fees)}"


def check_means(client: ChainClient, account: str, cost: Cost) -> None:
    """Checks that an account can pay.

    Source: ``reserve`` and ``reducible_balance`` of pallet-balances 51: deposits may be of tokens that votes lock, fees
    may not, and the existential deposit stays free.

    Raises:
        MeansShort: it cannot.
    """
    held, block = client.accounts.get(account), client.head()
    least = int(Decoder.at(client, block).constant("Balances", "ExistentialDeposit"))
    free = max(held.free - least, 0)
    unlocked = max(held.free - max(held.frozen - held.reserved, least), 0)
    if cost.total <= free and cost.fees <= unlocked:
        return
    has = f"{asy(free)}" if unlocked == free else f"{asy(free)}, {asy(unlocked)} of it not locked by votes"
    raise MeansShort(
        "the account cannot pay the deposits and fees",
        subject=f"{account} has {has}; {asy(cost.total)} are needed",
        hint=str(cost),
    )
