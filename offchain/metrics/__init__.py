"""Scores of a model on a split, exact and the same on every machine.

Class scores are quantised to ten bits; every metric is then a ratio of integer counts, rounded once to parts per
million (half up). Intervals are computed in decimal arithmetic of fixed precision, or from a bootstrap whose draws
come from a hash: no result depends on a processor, a library's summation order or a random generator's version.

With two classes, class 1 is the positive one and a sample counts as positive from the operating point on. With more,
the prediction is the class of the greatest score (ties to the lowest index), and sensitivity, specificity, AUROC and
average precision are the unweighted mean over one-against-the-rest problems.
"""

from ._errors import MetricError, MetricUndefined, ScoresMalformed
from ._metric import Metric
from ._quantise import LEVELS, quantise
from ._report import Report, Reveal, Score, measure

__all__ = [
    "LEVELS",
    "Metric",
    "MetricError",
    "MetricUndefined",
    "Report",
    "Reveal",
    "Score",
    "ScoresMalformed",
    "measure",
    "quantise",
]
