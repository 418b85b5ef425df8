"""95 % intervals in closed form, in decimal arithmetic of 40 digits: the same on every machine.

- Wilson score interval of a proportion: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212.
- Variance of an AUROC: DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837-845; interval on the logit scale:
  M. S. Pepe, The Statistical Evaluation of Medical Tests (2003), section 5.2.
- Where that variance is zero or has no value: R. G. Newcombe, Stat. Med. 25 (2006) 559-573, method 5.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

__all__ = ["Bounds", "logit_delong", "newcombe", "wilson"]

Bounds = tuple[int, int]
"""Lower bound rounded down and upper bound rounded up, in ppm."""

_Z = Decimal("1.9599639845400542355")
_PRECISION = Context(prec=40)
_PPM = 1_000_000


def wilson(share: Fraction, trials: int) -> Bounds:
    """Interval of a proportion seen in ``trials`` independent trials."""
    with localcontext(_PRECISION):
        p, n, z2 = _decimal(share), Decimal(trials), _Z * _Z
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).sqrt()
        low = Decimal(0) if share == 0 else centre - half
        high = Decimal(1) if share == 1 else centre + half
        return _outward(low, high)


def logit_delong(others: NDArray[np.int64], members: NDArray[np.int64]) -> Bounds | None:
    """Interval of the AUROC of two score histograms; None where DeLong's variance is zero or has no value."""
    negatives, positives = int(others.sum()), int(members.sum())
    if negatives < 2 or positives < 2:
        return None
    # Placements in halves: how many of the other side each score beats, ties a half.
    beaten = (2 * (np.cumsum(others) - others) + others).tolist()
    beating = (2 * (positives - np.cumsum(members)) + members).tolist()
    area = Fraction(_sum(members, beaten, 1), 2 * positives * negatives)
    variance = _variance(members, beaten, positives, negatives) + _variance(others, beating, negatives, positives)
    if variance == 0 or area in (0, 1):
        return None
    with localcontext(_PRECISION):
        a = _decimal(area)
        logit, step = (a / (1 - a)).ln(), _Z * _decimal(variance).sqrt() / (a * (1 - a))
        return _outward(1 / (1 + (step - logit).exp()), 1 / (1 + (-step - logit).exp()))


def newcombe(area: Fraction, positives: int, negatives: int) -> Bounds:
    """Interval of an AUROC from the numbers on both sides alone; holds at 0 and 1 too."""
    with localcontext(_PRECISION):
        seen, pairs = _decimal(area), Decimal(positives * negatives)
        extra = Decimal(positives + negatives) / 2 - 1

        def is_plausible(a: Decimal) -> bool:
            variance = a * (1 - a) / pairs * (1 + extra * ((1 - a) / (2 - a) + a / (1 + a)))
            return (seen - a) ** 2 <= _Z * _Z * variance

        low = _edge(is_plausible, Decimal(0), seen) if area > 0 else Decimal(0)
        high = _edge(is_plausible, Decimal(1), seen) if area < 1 else Decimal(1)
        return _outward(low, high)


def _edge(is_plausible: Callable[[Decimal], bool], outside: Decimal, inside: Decimal) -> Decimal:
    """Where plausibility ends between the two, to 2**-40; on the outer side."""
    for _ in range(40):
        middle = (outside + inside) / 2
        outside, inside = (outside, middle) if is_plausible(middle) else (middle, inside)
    return outside


def _sum(counts: NDArray[np.int64], values: list[int], power: int) -> int:
    """Python's integers: the squares overflow 64 bits from a million samples on."""
    return sum(int(count) * value**power for count, value in zip(counts.tolist(), values, strict=True) if count)


def _variance(counts: NDArray[np.int64], placements: list[int], own: int, other: int) -> Fraction:
    """Variance of the mean placement of one side, as a share of the other side."""
    squares = Fraction(_sum(counts, placements, 2)) - Fraction(_sum(counts, placements, 1) ** 2, own)
    return squares / (4 * other * other * (own - 1) * own)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)


def _outward(low: Decimal, high: Decimal) -> Bounds:
    lower = int((low * _PPM).to_integral_value(ROUND_FLOOR))
    upper = int((high * _PPM).to_integral_value(ROUND_CEILING))
    return max(lower, 0), min(upper, _PPM)
