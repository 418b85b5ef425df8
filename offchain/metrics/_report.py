"""The scores of a model with their intervals and counts, and their rounding for the chain."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ._analytic import Bounds, logit_delong, newcombe, wilson
from ._bootstrap import bootstrap
from ._errors import ScoresMalformed
from ._metric import Metric
from ._samples import Samples, Tally
from ._values import to_ppm, value

__all__ = ["Method", "Report", "Reveal", "Score", "measure"]

_PPM = 1_000_000

Method = Literal["wilson", "logit-delong", "newcombe", "group-bootstrap"]


@dataclass(frozen=True, slots=True)
class Score:
    """One metric with its 95 % interval, in ppm, and how the interval was made."""

    metric: Metric
    value_ppm: int
    lower_ppm: int
    upper_ppm: int
    method: Method


@dataclass(frozen=True, slots=True)
class Reveal:
    """Scores as the chain takes them: multiples of the benchmark's precision.

    Attributes:
        scores_ppm: each metric's score, rounded half up.
        lower_ppm: lower bound of the main metric's interval, rounded down.
        upper_ppm: upper bound of the main metric's interval, rounded up, at most a million.
    """

    scores_ppm: tuple[int, ...]
    lower_ppm: int
    upper_ppm: int


@dataclass(frozen=True, slots=True)
class Report:
    """What a model scored, and on how much.

    Attributes:
        scores: one for each metric asked for, in that order.
        samples: images.
        groups: patients or blocks.
        class_samples: images of each class.
        class_groups: patients or blocks with at least one image of each class.
    """

    scores: tuple[Score, ...]
    samples: int
    groups: int
    class_samples: tuple[int, ...]
    class_groups: tuple[int, ...]

    def reveal(self, main: int, precision_ppm: int) -> Reveal:
        """Rounds for the chain; ``main`` is the index of the main metric."""
        if precision_ppm < 1:
            raise ScoresMalformed("the precision must be at least 1 ppm")
        chosen = self.scores[main]
        return Reveal(
            tuple(_nearest(score.value_ppm, precision_ppm) for score in self.scores),
            chosen.lower_ppm // precision_ppm * precision_ppm,
            min(-(-chosen.upper_ppm // precision_ppm) * precision_ppm, _PPM),
        )


def _nearest(ppm: int, precision_ppm: int) -> int:
    return min((2 * ppm + precision_ppm) // (2 * precision_ppm) * precision_ppm, _PPM)


def measure(
    labels: Sequence[int] | NDArray[np.integer],
    scores: NDArray[np.uint16],
    groups: Sequence[Hashable],
    *,
    metrics: Sequence[Metric],
    operating_point_ppm: int,
    seed: bytes,
) -> Report:
    """Scores with 95 % intervals.

    Proportions (accuracy; with two classes sensitivity and specificity) have Wilson's interval and AUROC of two
    classes the logit-DeLong one, as long as no group has two samples; all else, and every metric once a group has
    several, a bootstrap of whole groups. A bootstrap that never moves is replaced by the closed form over groups,
    the cautious choice. Intervals are widened to hold the value itself.

    Args:
        labels: the true class of each sample.
        scores: samples x classes, 0..1023, as `quantise` gives them.
        groups: what each sample belongs to.
        metrics: what to compute.
        operating_point_ppm: score of class 1 from which a sample counts as positive; used with two classes.
        seed: bytes that decide the bootstrap's draws: the round's hash.

    Raises:
        ScoresMalformed: shapes or values that are no class scores.
        MetricUndefined: a metric needs a class that no sample has.
    """
    samples = Samples(labels, scores, groups, operating_point_ppm)
    tally = samples.tally()
    values = {metric: value(metric, tally) for metric in metrics}
    closed = {} if samples.group_count < len(samples.labels) else _closed_forms(values, tally)
    drawn = bootstrap(samples, [metric for metric in values if metric not in closed], seed)
    for metric, bounds in drawn.items():
        closed[metric] = (bounds, "group-bootstrap") if bounds[0] < bounds[1] else _over_groups(metric, values, samples)
    return Report(
        tuple(_score(metric, values[metric], *closed[metric]) for metric in metrics),
        len(samples.labels),
        samples.group_count,
        samples.class_samples(),
        samples.class_groups(),
    )


def _score(metric: Metric, exact: Fraction, bounds: Bounds, method: Method) -> Score:
    ppm = to_ppm(exact)
    return Score(metric, ppm, min(bounds[0], ppm), max(bounds[1], ppm), method)


def _closed_forms(values: dict[Metric, Fraction], tally: Tally) -> dict[Metric, tuple[Bounds, Method]]:
    """Intervals in closed form of the metrics that have one when samples are independent."""
    per_class = tally.confusion.sum(axis=1)
    trials = {Metric.ACCURACY: int(per_class.sum())}
    if len(per_class) == 2:
        trials |= {Metric.SENSITIVITY: int(per_class[1]), Metric.SPECIFICITY: int(per_class[0])}
    forms: dict[Metric, tuple[Bounds, Method]] = {
        metric: (wilson(values[metric], n), "wilson") for metric, n in trials.items() if metric in values
    }
    if Metric.AUROC in values and len(per_class) == 2:
        delong = logit_delong(*tally.levels[0])
        forms[Metric.AUROC] = (
            (delong, "logit-delong")
            if delong is not None
            else (newcombe(values[Metric.AUROC], int(per_class[1]), int(per_class[0])), "newcombe")
        )
    return forms


def _over_groups(metric: Metric, values: dict[Metric, Fraction], samples: Samples) -> tuple[Bounds, Method]:
    """The closed form as if each group were one trial."""
    class_groups = samples.class_groups()
    if metric is Metric.AUROC and len(class_groups) == 2:
        return newcombe(values[metric], class_groups[1], class_groups[0]), "newcombe"
    return wilson(values[metric], samples.group_count), "wilson"
