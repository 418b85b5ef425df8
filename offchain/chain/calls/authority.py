"""Calls of those who author blocks, and of those who catch them lying: session, collator selection, equivocation."""

from typing import Any

from offchain.chain.calls._call import Call

__all__ = ["leave", "register", "report_aura", "set_keys", "update_bond", "withdraw_unbonded"]


def set_keys(keys: bytes, proof: bytes) -> Call:
    """Makes these the signer's session keys, from the session after next on. ``proof``: each key's signature."""
    session_keys = {"aura": keys[:32], "grandpa": keys[32:]}
    return Call("Session", "set_keys", {"keys": session_keys, "proof": proof})


def register() -> Call:
    """Makes the signer a candidate, with the least bond."""
    return Call("CollatorSelection", "register_as_candidate")


def update_bond(bond_planck: int) -> Call:
    """Changes a candidate's bond."""
    return Call("CollatorSelection", "update_bond", {"new_deposit": bond_planck})


def leave() -> Call:
    """Makes the signer a candidate no more. Its bond stays on hold while it can be slashed."""
    return Call("CollatorSelection", "leave_intent")


def withdraw_unbonded() -> Call:
    """Pays out what is left of a bond that can no longer be slashed."""
    return Call("Equivocation", "withdraw_unbonded")


def report_aura(offender: bytes, first: dict[str, Any], second: dict[str, Any], proof: dict[str, Any]) -> Call:
    """Reports that a key sealed two blocks in one slot.

    Args:
        offender: the key.
        first: a sealed header, as ``SealedHeader.to_scale`` gives it.
        second: the other.
        proof: that the key was an authority's in the slot's session.
    """
    args = {"offender": offender, "first": first, "second": second, "key_owner_proof": proof}
    return Call("Equivocation", "report_aura", args)
