"""Parts per billion and fixed-point numbers as ``sp-arithmetic`` 29 computes them, in integers.

A ``Perbill`` is an integer from 0 to :data:`ONE`; a ``FixedI64`` is an integer counting billionths. Source:
``per_things.rs`` and ``fixed_point.rs`` of that crate; every function names the one that it follows.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ONE", "clamped", "fixed_div", "int_div", "int_mul", "mul", "mul_ceil", "rational", "saturating_div"]

ONE: Final = 1_000_000_000
_I64: Final = 2**63


def rational(part: int, whole: int) -> int:
    """``Perbill::from_rational``: rounded down; one where the whole is nothing or smaller than the part."""
    if whole == 0 or part > whole:
        return ONE
    return ONE * part // whole


def saturating_div(part: int, whole: int, *, up: bool) -> int:
    """``Perbill::saturating_div`` with rounding ``Up`` or ``Down``."""
    if whole == 0 or part > whole:
        return ONE
    product = ONE * part
    return -(-product // whole) if up else product // whole


def mul(left: int, right: int) -> int:
    """``Perbill * Perbill``: rounded down."""
    return min(left * right // ONE, ONE)


def mul_ceil(part: int, count: int) -> int:
    """``Perbill::mul_ceil`` of a whole number."""
    return -(-count * part // ONE)


def int_mul(part: int, times: int) -> int:
    """``Perbill::int_mul``: saturates at one."""
    return min(part * times, ONE)


def int_div(part: int, by: int) -> int:
    """``Perbill::int_div``: how often one goes into the other."""
    return part // by


def fixed_div(numerator: int, denominator: int, *, up: bool) -> int | None:
    """``FixedI64::checked_rounding_div`` with rounding ``High`` or ``Low``; None on division by zero or overflow."""
    if denominator == 0:
        return None
    product = numerator * ONE
    quotient = -(-product // denominator) if up else product // denominator
    return quotient if -_I64 <= quotient < _I64 else None


def clamped(fixed: int) -> int:
    """``FixedI64::into_clamped_perthing``."""
    return min(max(fixed, 0), ONE)
