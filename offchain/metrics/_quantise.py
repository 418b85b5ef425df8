"""Class scores as ten-bit integers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ._errors import ScoresMalformed

__all__ = ["LEVELS", "quantise"]

LEVELS = 1024


def quantise(probabilities: NDArray[np.floating]) -> NDArray[np.uint16]:
    """The nearest multiple of 1/1023, half up, as its numerator.

    Args:
        probabilities: samples x classes, within 0..1 up to rounding.

    Returns:
        samples x classes, 0..1023.

    Raises:
        ScoresMalformed: where a value is not a number or outside 0..1.
    """
    wide = probabilities.astype(np.float64)
    if wide.ndim != 2 or not np.isfinite(wide).all() or (wide < -1e-5).any() or (wide > 1 + 1e-5).any():
        raise ScoresMalformed("class scores must be numbers within 0..1, one row for each sample")
    top = LEVELS - 1
    return np.floor(np.clip(wide, 0.0, 1.0) * top + 0.5).astype(np.uint16)
