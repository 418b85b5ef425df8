"""Each metric as an exact fraction of counts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ._errors import MetricUndefined
from ._metric import Metric
from ._quantise import LEVELS
from ._samples import Tally

__all__ = ["CALIBRATION_BINS", "to_ppm", "value"]

CALIBRATION_BINS = 16
_PPM = 1_000_000


def to_ppm(exact: Fraction) -> int:
    """Parts per million, half up."""
    return (2 * exact.numerator * _PPM + exact.denominator) // (2 * exact.denominator)


def value(metric: Metric, tally: Tally) -> Fraction:
    """The metric's exact value, within 0..1.

    Raises:
        MetricUndefined: where the metric needs a class that no sample has.
    """
    if metric not in (Metric.ACCURACY, Metric.CALIBRATION_ERROR):
        absent = np.flatnonzero(tally.confusion.sum(axis=1) == 0)
        if absent.size:
            raise MetricUndefined(f"{metric} has no value: no sample is of class {absent[0]}")
    return _VALUES[metric](tally)


def _accuracy(tally: Tally) -> Fraction:
    return Fraction(int(np.trace(tally.confusion)), int(tally.confusion.sum()))


def _recalls(tally: Tally) -> list[Fraction]:
    return [Fraction(int(row[k]), int(row.sum())) for k, row in enumerate(tally.confusion)]


def _mean(parts: list[Fraction]) -> Fraction:
    return sum(parts, Fraction(0)) / len(parts)


def _balanced_accuracy(tally: Tally) -> Fraction:
    return _mean(_recalls(tally))


def _sensitivity(tally: Tally) -> Fraction:
    recalls = _recalls(tally)
    return recalls[1] if len(recalls) == 2 else _mean(recalls)


def _specificity(tally: Tally) -> Fraction:
    confusion = tally.confusion
    if len(confusion) == 2:
        return _recalls(tally)[0]
    total = int(confusion.sum())
    parts = []
    for k in range(len(confusion)):
        others = total - int(confusion[k].sum())
        false_positives = int(confusion[:, k].sum() - confusion[k, k])
        parts.append(Fraction(others - false_positives, others))
    return _mean(parts)


def _auroc(tally: Tally) -> Fraction:
    """Share of pairs in the right order, ties a half: Hanley and McNeil, Radiology 143 (1982) 29-36."""
    return _mean([_auroc_of(others, members) for others, members in tally.levels])


def _auroc_of(others: NDArray[np.int64], members: NDArray[np.int64]) -> Fraction:
    twice_won = 2 * (np.cumsum(others) - others) + others
    return Fraction(int(np.dot(members, twice_won)), 2 * int(members.sum()) * int(others.sum()))


def _average_precision(tally: Tally) -> Fraction:
    """Sum over thresholds of gained recall times precision, without interpolation."""
    return _mean([_average_precision_of(others, members) for others, members in tally.levels])


def _average_precision_of(others: NDArray[np.int64], members: NDArray[np.int64]) -> Fraction:
    gained = members[::-1]
    found = np.cumsum(gained)
    called = found + np.cumsum(others[::-1])
    at = np.flatnonzero(gained)
    # One common denominator, reduced once: reducing each sum would take most of the time.
    numerator, denominator = 0, 1
    for term, below in zip((gained[at] * found[at]).tolist(), called[at].tolist(), strict=True):
        numerator = numerator * below + term * denominator
        denominator *= below
    return Fraction(numerator, denominator * int(members.sum()))


def _calibration_error(tally: Tally) -> Fraction:
    """Expected calibration error over 16 bins of equal width: Guo et al., ICML 2017, with two classes on the positive
    class's score, with more on the predicted class's.
    """
    level = np.arange(LEVELS)
    wrong, right = (half.reshape(CALIBRATION_BINS, -1) for half in tally.confidence)
    confidence = ((wrong + right) * level.reshape(CALIBRATION_BINS, -1)).sum(axis=1)
    gap = np.abs(right.sum(axis=1) * (LEVELS - 1) - confidence)
    return Fraction(int(gap.sum()), (LEVELS - 1) * int(tally.confidence.sum()))


_VALUES: dict[Metric, Callable[[Tally], Fraction]] = {
    Metric.ACCURACY: _accuracy,
    Metric.BALANCED_ACCURACY: _balanced_accuracy,
    Metric.SENSITIVITY: _sensitivity,
    Metric.SPECIFICITY: _specificity,
    Metric.AUROC: _auroc,
    Metric.AVERAGE_PRECISION: _average_precision,
    Metric.CALIBRATION_ERROR: _calibration_error,
}
