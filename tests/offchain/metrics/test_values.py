"""Values against scikit-learn, and against counts done by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference
from sklearn.calibration import calibration_curve

from offchain.metrics import LEVELS, Metric, MetricUndefined, ScoresMalformed, measure, quantise
from offchain.metrics._samples import Samples
from offchain.metrics._values import CALIBRATION_BINS, to_ppm, value

TOP = LEVELS - 1


@st.composite
def splits(draw: st.DrawFn, classes: int) -> tuple[np.ndarray, np.ndarray, int]:
    """Labels with every class present, scores (often tied), and an operating point."""
    count = draw(st.integers(2 * classes, 80))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = np.concatenate([np.arange(classes), rng.integers(0, classes, count - classes)])
    coarse = draw(st.sampled_from([1, 7, 64, 1023]))
    scores = rng.integers(0, TOP // coarse + 1, (count, classes)) * coarse
    if classes == 2:
        scores[:, 0] = TOP - scores[:, 1]
    return labels, scores.astype(np.uint16), draw(st.integers(0, 1_000_000))


def ppm(labels: np.ndarray, scores: np.ndarray, point: int, metric: Metric) -> int:
    return to_ppm(value(metric, Samples(labels, scores, range(len(labels)), point).tally()))


@given(splits(2))
@settings(max_examples=150, deadline=None)
def test_values_equal_scikit_learn_to_1_ppm_when_there_are_two_classes(
    split: tuple[np.ndarray, np.ndarray, int],
) -> None:
    labels, scores, point = split
    positive = scores[:, 1].astype(int)
    called = positive * 1_000_000 >= point * TOP
    expected = {
        Metric.ACCURACY: reference.accuracy_score(labels, called),
        Metric.BALANCED_ACCURACY: reference.balanced_accuracy_score(labels, called),
        Metric.SENSITIVITY: reference.recall_score(labels, called, pos_label=1, zero_division=0),
        Metric.SPECIFICITY: reference.recall_score(labels, called, pos_label=0, zero_division=0),
        Metric.AUROC: reference.roc_auc_score(labels, positive),
        Metric.AVERAGE_PRECISION: reference.average_precision_score(labels, positive),
    }
    for metric, share in expected.items():
        assert abs(ppm(labels, scores, point, metric) - share * 1e6) <= 1, metric


@given(splits(4))
@settings(max_examples=100, deadline=None)
def test_values_equal_scikit_learn_to_1_ppm_when_there_are_four_classes(
    split: tuple[np.ndarray, np.ndarray, int],
) -> None:
    labels, scores, point = split
    predicted = scores.argmax(axis=1)
    matrices = reference.multilabel_confusion_matrix(labels, predicted, labels=range(4))
    one_hot = np.eye(4, dtype=int)[labels]
    expected = {
        Metric.ACCURACY: reference.accuracy_score(labels, predicted),
        Metric.BALANCED_ACCURACY: reference.balanced_accuracy_score(labels, predicted),
        Metric.SENSITIVITY: reference.recall_score(labels, predicted, average="macro", zero_division=0),
        Metric.SPECIFICITY: np.mean([m[0, 0] / (m[0, 0] + m[0, 1]) for m in matrices]),
        Metric.AUROC: reference.roc_auc_score(one_hot, scores, average="macro"),
        Metric.AVERAGE_PRECISION: reference.average_precision_score(one_hot, scores, average="macro"),
    }
    for metric, share in expected.items():
        assert abs(ppm(labels, scores, point, metric) - share * 1e6) <= 1, metric


@given(splits(2))
@settings(max_examples=100, deadline=None)
def test_calibration_error_equals_scikit_learns_curve_when_there_are_two_classes(
    split: tuple[np.ndarray, np.ndarray, int],
) -> None:
    labels, scores, point = split
    # The reference bins by edges on 0..1; levels moved to bin centres fall where (level // 64) puts them.
    bins = scores[:, 1] // (LEVELS // CALIBRATION_BINS)
    right, _ = calibration_curve(labels, (bins + 0.5) / CALIBRATION_BINS, n_bins=CALIBRATION_BINS)
    filled = np.unique(bins)
    counts = np.array([(bins == b).sum() for b in filled])
    confidence = np.array([scores[bins == b, 1].mean() / TOP for b in filled])
    share = float((counts * np.abs(right - confidence)).sum() / len(labels))
    assert abs(ppm(labels, scores, point, Metric.CALIBRATION_ERROR) - share * 1e6) <= 1


def test_values_are_those_counted_by_hand_when_scores_tie() -> None:
    labels = np.array([0, 0, 1, 1, 1])
    scores = np.array([[900, 100], [500, 500], [500, 500], [200, 800], [900, 100]], np.uint16)
    got = {m: ppm(labels, scores, 488_759, m) for m in Metric}  # 500/1023 = 0.488758..: just missed
    assert got[Metric.ACCURACY] == 600_000
    assert got[Metric.SENSITIVITY] == 333_333
    assert got[Metric.SPECIFICITY] == 1_000_000
    assert got[Metric.AUROC] == 666_667  # pairs won 3, tied 2, of 6
    assert got[Metric.AVERAGE_PRECISION] == 755_556  # (1 + 2/3 + 3/5) / 3


def test_operating_point_is_met_exactly_when_the_score_equals_it() -> None:
    labels, scores = np.array([0, 1]), np.array([[TOP, 0], [0, TOP]], np.uint16)
    assert ppm(labels, scores, 1_000_000, Metric.ACCURACY) == 1_000_000
    assert ppm(labels, scores, 0, Metric.SPECIFICITY) == 0


def test_prediction_is_the_lowest_class_when_three_tie() -> None:
    labels, scores = np.array([0, 1, 2]), np.full((3, 3), 341, np.uint16)
    assert ppm(labels, scores, 0, Metric.ACCURACY) == 333_333


@pytest.mark.parametrize(
    "metric", [Metric.AUROC, Metric.SPECIFICITY, Metric.BALANCED_ACCURACY, Metric.AVERAGE_PRECISION]
)
def test_value_is_undefined_when_a_class_is_absent(metric: Metric) -> None:
    with pytest.raises(MetricUndefined, match="class 0"):
        ppm(np.array([1, 1]), np.array([[1, 2], [3, 4]], np.uint16), 0, metric)


@given(st.integers(0, TOP))
def test_quantise_gives_a_level_back_when_it_is_one(level: int) -> None:
    assert quantise(np.array([[level / TOP]], np.float32)).item() == level


def test_quantise_rounds_half_up() -> None:
    assert quantise(np.array([[0.5 / TOP, 1.4999 / TOP, 1.0]])).tolist() == [[1, 1, TOP]]


@pytest.mark.parametrize("bad", [[[np.nan, 1.0]], [[np.inf, 0.0]], [[-0.1, 1.1]], [0.5]])
def test_quantise_refuses_when_values_are_no_probabilities(bad: list[object]) -> None:
    with pytest.raises(ScoresMalformed):
        quantise(np.array(bad, dtype=np.float64))


@pytest.mark.parametrize(
    ("labels", "scores", "groups"),
    [
        ([0, 2], [[1, 2], [3, 4]], "ab"),
        ([0, -1], [[1, 2], [3, 4]], "ab"),
        ([0], [[1, 2], [3, 4]], "ab"),
        ([0, 1], [[1, 2], [3, 1024]], "ab"),
        ([0, 1], [[1], [3]], "ab"),
        ([0, 1], [[1, 2], [3, 4]], "a"),
        ([], np.zeros((0, 2)), ""),
    ],
)
def test_measure_refuses_when_shapes_or_values_do_not_fit(labels: list[int], scores: object, groups: str) -> None:
    with pytest.raises(ScoresMalformed):
        measure(labels, np.array(scores, np.uint16), groups, metrics=[Metric.ACCURACY], operating_point_ppm=0, seed=b"")
