"""Blocks as a file, in the binary form of a Substrate node's ``export-blocks`` and ``import-blocks``."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Final

from ._chain import DevChain
from ._errors import UnknownBlock

__all__ = ["export_blocks"]

_NO_JUSTIFICATIONS: Final = b"\x00"


def export_blocks(
    chain: DevChain,
    file: BinaryIO,
    first: int = 1,
    last: int | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> int:
    """Writes blocks ``first`` to ``last`` and returns how many.

    The form is ``sc_service::chain_ops::export_blocks``': their count as u64, then each block with its justifications,
    of which the embedded chain has none.

    Args:
        chain: whose blocks.
        file: where to.
        first: the first block; genesis is not exported.
        last: the last block, the chain's last by default.
        told: is called with each block's number.

    Raises:
        UnknownBlock: there is no such range.
    """
    end = chain.height if last is None else last
    if not 1 <= first <= end <= chain.height:
        raise UnknownBlock("the chain has no such blocks", subject=f"{first} to {end} of {chain.height}")
    file.write((end - first + 1).to_bytes(8, "little"))
    for number in range(first, end + 1):
        file.write(chain.block(number).encode() + _NO_JUSTIFICATIONS)
        told(number)
    return end - first + 1
