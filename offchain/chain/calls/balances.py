"""Calls of the balances pallet. Amounts in planck."""

from offchain.chain.calls._call import Call

__all__ = ["transfer", "transfer_all"]


def transfer(to: str, amount: int) -> Call:
    """Pays, and never lets the payer's account end for it."""
    return Call("Balances", "transfer_keep_alive", {"dest": to, "value": amount})


def transfer_all(to: str, *, keep_alive: bool) -> Call:
    """Pays everything that is free."""
    return Call("Balances", "transfer_all", {"dest": to, "keep_alive": keep_alive})
