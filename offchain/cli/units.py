"""How amounts, shares and blocks are typed, written and shown.

Amounts are integers of planck (1 ASY = 10^12 planck) and never floats; shares are parts per million; time on the
chain is counted in blocks and shown in minutes as well.
"""

from __future__ import annotations

import re
from typing import NewType

from offchain.cli.errors import MalformedValue

__all__ = [
    "PLANCK_PER_ASY",
    "SLOT_S",
    "Block",
    "Blocks",
    "Planck",
    "Ppm",
    "asy",
    "blocks",
    "parse_asy",
    "percent",
]

PLANCK_PER_ASY = 10**12
SLOT_S = 3
"""Seconds between blocks where a chain keeps its pace; an embedded chain may run faster."""

Planck = NewType("Planck", int)
"""An amount in planck. JSON holds it as a string of digits: it may exceed what a double can hold."""
Ppm = NewType("Ppm", int)
"""A share or a score in parts per million."""
Block = NewType("Block", int)
"""The height of a block."""
Blocks = NewType("Blocks", int)
"""A duration in blocks."""

_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,18})(?:\.(?P<part>[0-9]{1,12}))?\s*(?:ASY)?", re.IGNORECASE)
_PLANCK = re.compile(r"(?P<planck>[0-9]{1,30})\s*planck", re.IGNORECASE)


def asy(amount: int) -> str:
    """An amount in planck as exact ASY, with no trailing zeros: ``12.5 ASY``."""
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), PLANCK_PER_ASY)
    decimals = f"{part:012d}".rstrip("0")
    return f"{sign}{whole:,}{'.' + decimals if decimals else ''} ASY"


def parse_asy(text: str) -> Planck:
    """Planck from what a person types: ``12.5``, ``12.5 ASY``, ``1,000`` or ``7 planck``.

    Raises:
        MalformedValue: for anything else, negative amounts and more than 12 decimals among it.
    """
    plain = text.strip().replace(",", "").replace("_", "")
    if match := _PLANCK.fullmatch(plain):
        return Planck(int(match["planck"]))
    if match := _AMOUNT.fullmatch(plain):
        return Planck(int(match["whole"]) * PLANCK_PER_ASY + int((match["part"] or "").ljust(12, "0")))
    raise MalformedValue("not an amount", subject=text, hint="write 12.5 for 12.5 ASY, or 7planck")


def percent(ppm: int) -> str:
    """Parts per million as per cent with all four decimals that matter: ``93.1 %``."""
    whole, part = divmod(abs(ppm), 10_000)
    decimals = f"{part:04d}".rstrip("0")
    return f"{'-' if ppm < 0 else ''}{whole}{'.' + decimals if decimals else ''} %"


def blocks(count: int) -> str:
    """A duration in blocks, and what it takes at one block every three seconds: ``120 blocks (6 min)``."""
    seconds = count * SLOT_S
    if seconds < 60:
        spell = f"{seconds} s"
    elif seconds < 2 * 3_600:
        spell = f"{seconds / 60:.3g} min"
    elif seconds < 2 * 86_400:
        spell = f"{seconds / 3_600:.3g} h"
    else:
        spell = f"{seconds / 86_400:.3g} d"
    return f"{count:,} block{'' if count == 1 else 's'} ({spell})"
