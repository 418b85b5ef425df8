"""What things cost at genesis, worked out by hand: the runtime's answers are held against these, not against itself."""

from __future__ import annotations

from ._scene import ASY

__all__ = [
    "CLAIM",
    "COMPUTE",
    "CUT",
    "EXISTENTIAL",
    "ITEM",
    "MILLI",
    "POOL",
    "STEWARD_BOND",
    "USAGE_PRICE",
    "work_each",
]

MILLI = ASY // 1_000
ITEM, CLAIM, STEWARD_BOND = 10 * ASY, ASY, 50 * ASY
EXISTENTIAL = MILLI
COMPUTE = 10 * ASY + 10 * MILLI + ASY
"""Base, one begun MiB of checkpoint, one begun thousand of samples."""
CUT = COMPUTE // 10
POOL = COMPUTE - CUT
USAGE_PRICE = ASY // 7


def work_each(drawn: int = 3) -> int:
    """A seat's pay for work in a round without a verdict: a quarter of its reward."""
    return POOL // drawn // 4
