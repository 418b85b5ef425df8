"""95 % intervals by resampling groups: the percentile bootstrap of Efron, clusters drawn whole.

Field and Welsh, J. R. Stat. Soc. B 69 (2007) 369-390, for clusters; strata keep every class present. Draws come from
SHAKE-256 of the round's hash, so that every member of a committee resamples alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ._analytic import Bounds
from ._metric import Metric
from ._samples import Samples
from ._values import to_ppm, value

__all__ = ["RESAMPLES", "bootstrap"]

RESAMPLES = 1999
"""One less than a multiple of 40, so that the 2.5 % and 97.5 % points are order statistics."""

_DOMAIN = b"assay/bootstrap/1"
_TAIL = (RESAMPLES + 1) // 40


def bootstrap(samples: Samples, metrics: Sequence[Metric], seed: bytes) -> dict[Metric, Bounds]:
    """The interval of each metric over the same resamples of groups, drawn within strata of equal class sets."""
    if not metrics:
        return {}
    strata = _strata(samples)
    drawn: dict[Metric, list[int]] = {metric: [] for metric in metrics}
    for resample in range(RESAMPLES):
        tally = samples.tally(_weights(strata, samples.group_count, seed, resample))
        for metric in metrics:
            drawn[metric].append(to_ppm(value(metric, tally)))
    ordered = {metric: sorted(values) for metric, values in drawn.items()}
    return {metric: (values[_TAIL - 1], values[-_TAIL]) for metric, values in ordered.items()}


def _strata(samples: Samples) -> list[NDArray[np.int64]]:
    """Groups by the set of classes they hold, in order of that set."""
    holds = np.zeros(samples.group_count, dtype=np.int64)
    np.bitwise_or.at(holds, samples.groups, np.left_shift(1, samples.labels))
    return [np.flatnonzero(holds == classes) for classes in np.unique(holds)]


def _weights(strata: list[NDArray[np.int64]], groups: int, seed: bytes, resample: int) -> NDArray[np.int64]:
    stream = hashlib.shake_256(_DOMAIN + seed + resample.to_bytes(4, "little")).digest(4 * groups)
    words = np.frombuffer(stream, dtype="<u4").astype(np.uint64)
    weights = np.zeros(groups, dtype=np.int64)
    start = 0
    for members in strata:
        size = len(members)
        picks = (words[start : start + size] * np.uint64(size)) >> np.uint64(32)
        weights[members] = np.bincount(picks.astype(np.int64), minlength=size)
        start += size
    return weights
