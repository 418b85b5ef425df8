"""The curves that approval and support must reach, exactly as ``pallet-referenda`` 50 evaluates them.

``x`` is the share of the decision period that has passed, ``y`` a share of votes or of tokens, both in parts per
billion. Source: ``Curve`` in ``types.rs`` of that pallet; names of methods are its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance._arithmetic import ONE, clamped, fixed_div, int_div, int_mul, mul, saturating_div
from offchain.chain.errors import Undecodable

__all__ = ["Curve", "LinearDecreasing", "Reciprocal", "SteppedDecreasing", "decode_curve"]


@dataclass(frozen=True)
class LinearDecreasing:
    """Falls in a straight line from ``ceil`` at the start to ``floor`` at ``length``, and stays there."""

    length: int
    floor: int
    ceil: int

    def threshold(self, x: int) -> int:
        """The least ``y`` that passes at ``x``."""
        passed = saturating_div(min(x, self.length), self.length, up=False)
        return self.ceil - mul(passed, self.ceil - self.floor)

    def delay(self, y: int) -> int:
        """About the first ``x`` at which ``y`` passes; one where it never does."""
        if y < self.floor:
            return ONE
        if y > self.ceil:
            return 0
        return mul(saturating_div(self.ceil - y, self.ceil - self.floor, up=True), self.length)

    def passing(self, x: int, y: int) -> bool:
        """Whether ``y`` is enough at ``x``."""
        return y >= self.threshold(x)

    def __str__(self) -> str:
        fall = f"falls from {_percent(self.ceil)} to {_percent(self.floor)}"
        return fall if self.length == ONE else f"{fall} after {_percent(self.length)} of the time"


@dataclass(frozen=True)
class SteppedDecreasing:
    """Starts at ``begin`` and falls by ``step`` each ``period``, never below ``end``."""

    begin: int
    end: int
    step: int
    period: int

    def threshold(self, x: int) -> int:
        """The least ``y`` that passes at ``x``."""
        return max(self.begin - min(int_mul(self.step, int_div(x, self.period)), self.begin), self.end)

    def delay(self, y: int) -> int:
        """About the first ``x`` at which ``y`` passes; one where it never does."""
        if y < self.end:
            return ONE
        missing = min(self.begin - min(y, self.begin) + max(self.step - 1, 0), ONE)
        return int_mul(self.period, int_div(missing, self.step))

    def passing(self, x: int, y: int) -> bool:
        """Whether ``y`` is enough at ``x``."""
        return y >= self.threshold(x)

    def __str__(self) -> str:
        return (
            f"falls from {_percent(self.begin)} to {_percent(self.end)} "
            f"by {_percent(self.step)} each {_percent(self.period)} of the time"
        )


@dataclass(frozen=True)
class Reciprocal:
    """``factor / (x + x_offset) + y_offset``, all three in billionths, cut to between nothing and one."""

    factor: int
    x_offset: int
    y_offset: int

    def threshold(self, x: int) -> int:
        """The least ``y`` that passes at ``x``."""
        found = fixed_div(self.factor, x + self.x_offset, up=False)
        return ONE if found is None else clamped(found + self.y_offset)

    def delay(self, y: int) -> int:
        """About the first ``x`` at which ``y`` passes; one where it never does, and where it always did."""
        term = fixed_div(self.factor, y - self.y_offset, up=True)
        if term is None or not 0 <= term - self.x_offset <= ONE:
            return ONE
        return term - self.x_offset

    def passing(self, x: int, y: int) -> bool:
        """Whether ``y`` is enough at ``x``."""
        return y >= self.threshold(x)

    def __str__(self) -> str:
        return f"falls as a reciprocal from {_percent(self.threshold(0))} to {_percent(self.threshold(ONE))}"


Curve = LinearDecreasing | SteppedDecreasing | Reciprocal


def decode_curve(value: Any) -> Curve:
    """A curve from the SCALE library's value of it.

    Raises:
        Undecodable: a kind of curve that this version does not know.
    """
    kinds: tuple[type[Curve], ...] = (LinearDecreasing, SteppedDecreasing, Reciprocal)
    name, fields = next(iter(value.items()))
    for kind in kinds:
        if kind.__name__ == name:
            return kind(**{key: int(number) for key, number in fields.items()})
    raise Undecodable("the track has a curve of unknown kind", subject=str(name))


def _percent(perbill: int) -> str:
    return f"{perbill / ONE * 100:.6g} %"
