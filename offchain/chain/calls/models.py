"""Calls of the models pallet. Amounts in planck, shares in parts per million."""

from __future__ import annotations

from collections.abc import Sequence

from offchain.chain._typed import Text, encode
from offchain.chain.calls._call import Call
from offchain.chain.types.datasets import Licence
from offchain.chain.types.models import CheckpointSpec

__all__ = ["claim", "claim_fees", "deprecate", "drop_claim", "open_claim", "pay_usage", "register", "set_terms"]

PALLET = "Models"


def register(name: str, licence: Licence, contributors: Sequence[tuple[str, int]], usage_price: int) -> Call:
    """Registers a model; the contributors' shares add up to a million."""
    args = {
        "name": encode(name, Text),
        "licence": licence,
        "contributors": [tuple(contributor) for contributor in contributors],
        "usage_price": usage_price,
    }
    return Call(PALLET, "register", args)


def claim(claim_hash: bytes) -> Call:
    """Claims a checkpoint id under seal."""
    return Call(PALLET, "claim", {"hash": claim_hash})


def open_claim(model: int, salt: bytes, spec: CheckpointSpec) -> Call:
    """Opens a claim and submits its checkpoint."""
    return Call(PALLET, "open", {"model": model, "salt": salt, "spec": spec})


def set_terms(model: int, usage_price: int) -> Call:
    """Sets the price of later uses."""
    return Call(PALLET, "set_terms", {"model": model, "usage_price": usage_price})


def pay_usage(checkpoint: bytes, uses: int, max_price_each: int) -> Call:
    """Pays for uses of an available checkpoint."""
    return Call(PALLET, "pay_usage", {"checkpoint": checkpoint, "uses": uses, "max_price_each": max_price_each})


def claim_fees(beneficiary: str) -> Call:
    """Pays out the usage fees owed to the beneficiary."""
    return Call(PALLET, "claim_fees", {"beneficiary": beneficiary})


def deprecate(checkpoint: bytes) -> Call:
    """Withdraws a checkpoint for good."""
    return Call(PALLET, "deprecate", {"checkpoint": checkpoint})


def drop_claim(claimant: str, claim_hash: bytes) -> Call:
    """Removes an expired claim."""
    return Call(PALLET, "drop_claim", {"claimant": claimant, "hash": claim_hash})
