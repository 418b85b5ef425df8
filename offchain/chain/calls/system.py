"""Calls of the system pallet."""

from offchain.chain.calls._call import Call

__all__ = ["remark"]


def remark(text: bytes) -> Call:
    """Does nothing but stand in a block."""
    return Call("System", "remark", {"remark": text})
