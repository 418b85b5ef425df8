"""Calls of the evaluation pallet. Amounts in planck."""

from __future__ import annotations

from offchain.chain.calls._call import Call
from offchain.chain.types.evaluation import BenchmarkSpec, DeclineReason, Limits, Reveal

__all__ = [
    "accept",
    "activate",
    "advance",
    "bond_more",
    "chill",
    "claim_rewards",
    "commit",
    "create_benchmark",
    "decline",
    "register_validator",
    "request_evaluation",
    "retire_benchmark",
    "reveal",
    "set_verified",
    "unbond",
    "withdraw_unbonded",
]

PALLET = "Evaluation"


def create_benchmark(spec: BenchmarkSpec) -> Call:
    """Makes a benchmark."""
    return Call(PALLET, "create_benchmark", {"spec": spec})


def set_verified(benchmark: int, *, verified: bool) -> Call:
    """Marks a benchmark as verified. For governance."""
    return Call(PALLET, "set_verified", {"benchmark": benchmark, "verified": verified})


def retire_benchmark(benchmark: int) -> Call:
    """Ends requests on a benchmark."""
    return Call(PALLET, "retire_benchmark", {"benchmark": benchmark})


def register_validator(limits: Limits, bls_key: bytes, bls_proof: bytes, bond: int) -> Call:
    """Registers and activates a validator. The BLS key has 48 bytes, its proof of possession 96."""
    args = {"limits": limits, "bls_key": bls_key, "bls_proof": bls_proof, "bond": bond}
    return Call(PALLET, "register_validator", args)


def bond_more(amount: int) -> Call:
    """Adds to the bond."""
    return Call(PALLET, "bond_more", {"amount": amount})


def unbond(amount: int) -> Call:
    """Begins to take bond out."""
    return Call(PALLET, "unbond", {"amount": amount})


def withdraw_unbonded() -> Call:
    """Frees what has unlocked."""
    return Call(PALLET, "withdraw_unbonded")


def chill() -> Call:
    """Keeps the validator out of draws."""
    return Call(PALLET, "chill")


def activate(limits: Limits) -> Call:
    """Lets the validator be drawn, with these limits."""
    return Call(PALLET, "activate", {"limits": limits})


def request_evaluation(benchmark: int, checkpoint: bytes, max_fee: int) -> Call:
    """Requests the evaluation of the signer's checkpoint for at most ``max_fee`` in all."""
    return Call(PALLET, "request_evaluation", {"benchmark": benchmark, "checkpoint": checkpoint, "max_fee": max_fee})


def accept(round_id: int, key: bytes) -> Call:
    """Takes part; shard keys are to be sealed to this one-time X25519 key."""
    return Call(PALLET, "accept", {"round": round_id, "key": key})


def decline(round_id: int, reason: DeclineReason) -> Call:
    """Does not take part, and says why."""
    return Call(PALLET, "decline", {"round": round_id, "reason": reason})


def commit(round_id: int, commitment: bytes) -> Call:
    """Commits to what will be revealed."""
    return Call(PALLET, "commit", {"round": round_id, "commitment": commitment})


def reveal(round_id: int, opening: Reveal) -> Call:
    """Opens the signer's commitment."""
    return Call(PALLET, "reveal", {"round": round_id, "reveal": opening})


def advance(round_id: int) -> Call:
    """Moves a round on whose draw is due or whose window has passed."""
    return Call(PALLET, "advance", {"round": round_id})


def claim_rewards(beneficiary: str) -> Call:
    """Pays the beneficiary everything that it is owed."""
    return Call(PALLET, "claim_rewards", {"beneficiary": beneficiary})
