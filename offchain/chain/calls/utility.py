"""Calls of the utility pallet."""

from collections.abc import Sequence

from offchain.chain.calls._call import Call

__all__ = ["batch", "batch_all", "force_batch"]


def batch(calls: Sequence[Call]) -> Call:
    """Carries calls out in order and stops at the first that fails."""
    return Call("Utility", "batch", {"calls": list(calls)})


def batch_all(calls: Sequence[Call]) -> Call:
    """Carries all calls out, or none."""
    return Call("Utility", "batch_all", {"calls": list(calls)})


def force_batch(calls: Sequence[Call]) -> Call:
    """Carries calls out in order, whatever becomes of each."""
    return Call("Utility", "force_batch", {"calls": list(calls)})
