"""Calls of the datasets pallet. Amounts in planck."""

from __future__ import annotations

from collections.abc import Sequence

from offchain.chain._typed import encode
from offchain.chain.calls._call import Call
from offchain.chain.types.datasets import Admission, Description, Prices, VersionSpec

__all__ = [
    "accredit",
    "publish_version",
    "register",
    "reinstate",
    "release_key",
    "retire_shard",
    "retire_version",
    "revoke_accreditation",
    "set_prices",
    "top_up_bond",
]

PALLET = "Datasets"


def register(description: Description, prices: Prices, admission: Admission | None = None) -> Call:
    """Registers a data set. Without ``admission`` its modality decides."""
    args = {**encode(description), "prices": prices, "admission": admission}
    return Call(PALLET, "register", args)


def publish_version(dataset: int, spec: VersionSpec) -> Call:
    """Publishes a version."""
    return Call(PALLET, "publish_version", {"dataset": dataset, "spec": spec})


def set_prices(dataset: int, prices: Prices) -> Call:
    """Sets the prices of later uses."""
    return Call(PALLET, "set_prices", {"dataset": dataset, "prices": prices})


def accredit(dataset: int, validator: str) -> Call:
    """Lets a validator sit on the data set's committees."""
    return Call(PALLET, "accredit", {"dataset": dataset, "validator": validator})


def revoke_accreditation(dataset: int, validator: str) -> Call:
    """Takes that back."""
    return Call(PALLET, "revoke_accreditation", {"dataset": dataset, "validator": validator})


def release_key(round_id: int, member: str, sealed_keys: Sequence[bytes]) -> Call:
    """Releases the keys of the round's shards, each sealed in 80 bytes, in ascending shard order."""
    return Call(PALLET, "release_key", {"round": round_id, "member": member, "sealed_keys": list(sealed_keys)})


def retire_version(dataset: int, version: int) -> Call:
    """Begins no new rounds on a version."""
    return Call(PALLET, "retire_version", {"dataset": dataset, "version": version})


def retire_shard(dataset: int, version: int, shard: int) -> Call:
    """Uses a shard in no new rounds."""
    return Call(PALLET, "retire_shard", {"dataset": dataset, "version": version, "shard": shard})


def top_up_bond(dataset: int, amount: int) -> Call:
    """Adds to the steward's bond."""
    return Call(PALLET, "top_up_bond", {"dataset": dataset, "amount": amount})


def reinstate(dataset: int) -> Call:
    """Ends a suspension. For governance."""
    return Call(PALLET, "reinstate", {"dataset": dataset})
