"""Blocks as a file, in the binary form of a Substrate node's ``export-blocks`` and ``import-blocks``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from offchain.scale import decode_compact, decode_vec

from ._block import Block
from ._chain import DevChain
from ._errors import BlockRefused, UnknownBlock

__all__ = ["export_blocks", "import_blocks", "read_blocks"]

_NO_JUSTIFICATIONS: Final = b"\x00"
_ENGINE_BYTES: Final = 4


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


def import_blocks(chain: DevChain, file: BinaryIO, told: Callable[[int], None] = lambda _: None) -> int:
    """Executes and adds the blocks of a file, whoever made them, and returns how many were new.

    Blocks that the chain has already are passed over. Justifications are not looked at: the embedded chain's blocks are
    final because nobody else makes any.

    Args:
        chain: which to add to.
        file: where from, in the form of :func:`export_blocks`.
        told: is called with each block's number.

    Raises:
        BlockRefused: a block does not follow from the chain's last one, or the file is not in this form.
    """
    new = 0
    for block in read_blocks(file.read()):
        number = block.header.number
        if number > chain.height:
            chain.import_block(block.encode())
            new += 1
        elif chain.block(number).header.hash != block.header.hash:
            raise BlockRefused("the chain has another block there", subject=f"block {number}")
        told(number)
    return new


def read_blocks(data: bytes) -> Iterator[Block]:
    """The blocks of a file in the form of :func:`export_blocks`; BlockRefused where it is in another."""
    position = 8
    for _ in range(int.from_bytes(data[:8], "little")):
        try:
            block, position = Block.decode(data, position)
            position = _justifications_end(data, position)
        except (ValueError, IndexError) as error:
            raise BlockRefused(f"the file holds no such blocks: {error}", subject=f"byte {position}") from error
        yield block
    if position != len(data):
        raise BlockRefused("the file holds something else than blocks", subject=f"byte {position}")


def _justifications_end(data: bytes, offset: int) -> int:
    """Where an ``Option<Vec<(ConsensusEngineId, Vec<u8>)>>`` ends."""
    if data[offset] == 0:
        return offset + 1
    count, position = decode_compact(data, offset + 1)
    for _ in range(count):
        position = decode_vec(data, position + _ENGINE_BYTES)[1]
    return position
