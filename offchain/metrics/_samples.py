"""Labelled, quantised predictions and the counts that every metric is made of."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ._errors import ScoresMalformed
from ._quantise import LEVELS

__all__ = ["Samples", "Tally"]

_PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts, all int64.

    Attributes:
        confusion: true class x predicted class.
        levels: problems x 2 x 1024: for each one-against-the-rest problem (the positive class alone where there are
            two), how many other samples and how many samples of the class have each score.
        confidence: 2 x 1024: how many wrong and right (with two classes: negative and positive) samples have each
            confidence (with two classes: score of the positive class).
    """

    confusion: NDArray[np.int64]
    levels: NDArray[np.int64]
    confidence: NDArray[np.int64]


class Samples:
    """Labels, class scores and groups of a split, in canonical order.

    Args:
        labels: the true class of each sample.
        scores: samples x classes, 0..1023.
        groups: what each sample belongs to (a patient, a block).
        operating_point_ppm: score of class 1 from which a sample counts as positive; used with two classes.
    """

    def __init__(
        self,
        labels: Sequence[int] | NDArray[np.integer],
        scores: NDArray[np.uint16],
        groups: Sequence[Hashable],
        operating_point_ppm: int,
    ) -> None:
        self.labels = np.asarray(labels, dtype=np.int64)
        self.scores = np.asarray(scores).astype(np.int64)
        self._check(groups)
        self.classes = int(self.scores.shape[1])
        names: dict[Hashable, int] = {}
        self.groups = np.array([names.setdefault(group, len(names)) for group in groups], dtype=np.int64)
        self.group_count = len(names)
        self.predictions = self._predict(operating_point_ppm)
        problems = [1] if self.classes == 2 else range(self.classes)
        self._codes = [(self.labels == k) * LEVELS + self.scores[:, k] for k in problems]
        if self.classes == 2:
            self._confidence = self._codes[0]
        else:
            self._confidence = (self.labels == self.predictions) * LEVELS + self.scores.max(axis=1)

    def _check(self, groups: Sequence[Hashable]) -> None:
        if self.scores.ndim != 2 or self.scores.shape[1] < 2 or not len(self.scores):
            raise ScoresMalformed("class scores must be a table of at least one sample and two classes")
        if self.labels.shape != (len(self.scores),) or len(groups) != len(self.scores):
            raise ScoresMalformed("there must be one label and one group for each row of class scores")
        if (self.labels < 0).any() or (self.labels >= self.scores.shape[1]).any():
            raise ScoresMalformed("a label is not the index of a class")
        if (self.scores < 0).any() or (self.scores >= LEVELS).any():
            raise ScoresMalformed(f"a class score is outside 0..{LEVELS - 1}")

    def _predict(self, operating_point_ppm: int) -> NDArray[np.int64]:
        if self.classes == 2:
            return (self.scores[:, 1] * _PPM >= operating_point_ppm * (LEVELS - 1)).astype(np.int64)
        return np.asarray(self.scores.argmax(axis=1), dtype=np.int64)

    def tally(self, weights: NDArray[np.int64] | None = None) -> Tally:
        """The counts; with ``weights`` (one for each group) as if each group were there so many times."""
        each = None if weights is None else weights[self.groups]

        def count(codes: NDArray[np.int64], kinds: int) -> NDArray[np.int64]:
            # Weighted counts pass through float64, which is exact below 2**53.
            counted: NDArray[np.int64] = np.bincount(codes, weights=each, minlength=kinds).astype(np.int64)
            return counted

        k = self.classes
        return Tally(
            confusion=count(self.labels * k + self.predictions, k * k).reshape(k, k),
            levels=np.stack([count(codes, 2 * LEVELS).reshape(2, LEVELS) for codes in self._codes]),
            confidence=count(self._confidence, 2 * LEVELS).reshape(2, LEVELS),
        )

    def class_samples(self) -> tuple[int, ...]:
        """Samples of each class."""
        return tuple(int(n) for n in np.bincount(self.labels, minlength=self.classes))

    def class_groups(self) -> tuple[int, ...]:
        """Groups with at least one sample of each class."""
        return tuple(len(np.unique(self.groups[self.labels == k])) for k in range(self.classes))
