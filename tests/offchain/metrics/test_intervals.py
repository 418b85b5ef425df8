"""Intervals: closed forms against independent computations, the bootstrap's properties, rounding for the chain."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.metrics import LEVELS, Metric, Report, Score, measure
from offchain.metrics._analytic import logit_delong, newcombe, wilson

TOP = LEVELS - 1
SEED = bytes(range(32))


def split(
    count: int, separation: float, per_group: int = 1, seed: int = 5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    groups = np.arange(count) // (2 * per_group) * 2 + labels
    logits = rng.normal(size=count) + np.where(labels == 1, separation, -separation)
    positive = np.rint(TOP / (1 + np.exp(-logits))).astype(np.uint16)
    return labels, np.stack([TOP - positive, positive], axis=1).astype(np.uint16), groups


def report(count: int, separation: float, per_group: int = 1, seed: bytes = SEED) -> Report:
    labels, scores, groups = split(count, separation, per_group)
    return measure(labels, scores, groups.tolist(), metrics=list(Metric), operating_point_ppm=500_000, seed=seed)


def by(result: Report) -> dict[Metric, Score]:
    return {score.metric: score for score in result.scores}


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    # Newcombe, Stat. Med. 17 (1998) 857-872, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_gives_the_published_interval_when_given_its_counts(
    successes: int, trials: int, low: float, high: float
) -> None:
    got = wilson(Fraction(successes, trials), trials)
    assert got[0] / 1e6 == pytest.approx(low, abs=5.1e-5)
    assert got[1] / 1e6 == pytest.approx(high, abs=5.1e-5)


def test_logit_delong_equals_the_definition_when_done_over_pairs() -> None:
    labels, scores, _ = split(60, 0.6)
    x, y = scores[labels == 1, 1].astype(int), scores[labels == 0, 1].astype(int)
    kernel = (x[:, None] > y[None, :]) + 0.5 * (x[:, None] == y[None, :])
    area = kernel.mean()
    variance = kernel.mean(axis=1).var(ddof=1) / len(x) + kernel.mean(axis=0).var(ddof=1) / len(y)
    step = 1.959963984540054 * np.sqrt(variance) / (area * (1 - area))
    logit = np.log(area / (1 - area))
    histograms = [np.bincount(side, minlength=LEVELS) for side in (y, x)]
    got = logit_delong(histograms[0], histograms[1])
    assert got is not None
    assert got[0] == np.floor(1e6 / (1 + np.exp(step - logit)))
    assert got[1] == np.ceil(1e6 / (1 + np.exp(-step - logit)))


def test_logit_delong_has_no_value_when_the_classes_are_apart_or_single() -> None:
    low, high = np.bincount([1, 2, 3], minlength=LEVELS), np.bincount([7, 8], minlength=LEVELS)
    assert logit_delong(low, high) is None
    assert logit_delong(low, np.bincount([2], minlength=LEVELS)) is None


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_newcombe_solves_its_equation_when_inside(positives: int, negatives: int, thousandth: int) -> None:
    area = thousandth / 1000
    low, high = (bound / 1e6 for bound in newcombe(Fraction(thousandth, 1000), positives, negatives))
    assert low <= area <= high
    extra = (positives + negatives) / 2 - 1
    for edge in (low, high):
        if 1e-4 < edge < 1 - 1e-4:
            variance = edge * (1 - edge) / (positives * negatives)
            variance *= 1 + extra * ((1 - edge) / (2 - edge) + edge / (1 + edge))
            assert (area - edge) ** 2 == pytest.approx(1.959963984540054**2 * variance, rel=2e-2, abs=1e-6)


def test_newcombe_is_open_at_one_side_when_the_area_is_whole() -> None:
    low, high = newcombe(Fraction(1), 20, 20)
    assert 800_000 < low < 1_000_000
    assert high == 1_000_000


def test_measure_uses_closed_forms_when_every_sample_is_a_group_of_its_own() -> None:
    methods = {metric: score.method for metric, score in by(report(80, 0.7)).items()}
    assert methods[Metric.AUROC] == "logit-delong"
    assert {methods[m] for m in (Metric.ACCURACY, Metric.SENSITIVITY, Metric.SPECIFICITY)} == {"wilson"}
    assert {methods[m] for m in (Metric.BALANCED_ACCURACY, Metric.AVERAGE_PRECISION)} == {"group-bootstrap"}


def test_measure_counts_images_and_groups_when_groups_have_several() -> None:
    result = report(80, 0.7, per_group=4)
    assert (result.samples, result.groups) == (80, 20)
    assert (result.class_samples, result.class_groups) == ((40, 40), (10, 10))
    assert {score.method for score in result.scores} == {"group-bootstrap"}


def test_intervals_are_wider_when_copies_of_one_sample_share_a_group() -> None:
    labels, scores, groups = split(60, 0.5)
    metrics = [Metric.ACCURACY, Metric.AUROC]
    copied = [np.repeat(part, 5, axis=0) for part in (labels, scores, groups)]
    grouped, naive = (
        by(measure(*copied[:2], ids, metrics=metrics, operating_point_ppm=500_000, seed=SEED))
        for ids in (copied[2].tolist(), range(300))
    )
    for metric in metrics:
        assert grouped[metric].value_ppm == naive[metric].value_ppm
        widths = [s[metric].upper_ppm - s[metric].lower_ppm for s in (grouped, naive)]
        assert widths[0] > 1.7 * widths[1]


def test_bootstrap_agrees_with_delong_when_samples_are_independent() -> None:
    labels, scores, groups = split(400, 0.5)
    arguments = {"metrics": [Metric.AUROC], "operating_point_ppm": 500_000, "seed": SEED}
    closed = measure(labels, scores, groups.tolist(), **arguments).scores[0]
    # One sample more in the first group: the bootstrap takes over.
    more = [np.concatenate([part, part[:1]]) for part in (labels, scores, groups)]
    drawn = measure(more[0], more[1], more[2].tolist(), **arguments).scores[0]
    assert (closed.method, drawn.method) == ("logit-delong", "group-bootstrap")
    assert abs(closed.lower_ppm - drawn.lower_ppm) < 12_000
    assert abs(closed.upper_ppm - drawn.upper_ppm) < 12_000


def test_measure_repeats_itself_when_the_seed_is_the_same_and_only_then() -> None:
    first, again, other = report(80, 0.7, 4), report(80, 0.7, 4), report(80, 0.7, 4, seed=b"another round")
    assert first == again
    assert [s.value_ppm for s in first.scores] == [s.value_ppm for s in other.scores]
    assert first.scores != other.scores


def test_bootstrap_draws_are_frozen() -> None:
    """A change of the draws would split committees that run different releases."""
    assert [(s.lower_ppm, s.value_ppm, s.upper_ppm) for s in report(24, 0.7, 2).scores] == FROZEN


def test_intervals_never_close_when_the_model_is_perfect() -> None:
    labels = np.arange(40) % 2
    scores = np.stack([(1 - labels) * TOP, labels * TOP], axis=1).astype(np.uint16)
    for groups in (range(40), [n // 4 * 2 + n % 2 for n in range(40)]):
        result = by(measure(labels, scores, groups, metrics=list(Metric), operating_point_ppm=500_000, seed=SEED))
        for metric, score in result.items():
            if metric is Metric.CALIBRATION_ERROR:
                assert (score.value_ppm, score.lower_ppm) == (0, 0)
                assert score.upper_ppm > 0
            else:
                assert (score.value_ppm, score.upper_ppm) == (1_000_000, 1_000_000)
                assert 600_000 < score.lower_ppm < 1_000_000


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 300_000))
def test_reveal_rounds_outwards_to_the_precision(a: int, b: int, c: int, precision: int) -> None:
    low, value, high = sorted((a, b, c))
    other = Score(Metric.ACCURACY, 10**6, 0, 10**6, "wilson")
    result = Report((other, Score(Metric.AUROC, value, low, high, "wilson")), 1, 1, (1,), (1,)).reveal(1, precision)
    assert all(s % precision == 0 or s == 10**6 for s in (*result.scores_ppm, result.upper_ppm))
    assert result.lower_ppm % precision == 0
    assert 2 * abs(result.scores_ppm[1] - value) <= precision
    assert low - precision < result.lower_ppm <= low
    assert high <= result.upper_ppm < high + precision
    assert result.lower_ppm <= result.scores_ppm[1] <= result.upper_ppm <= 10**6


FROZEN = [
    (583_333, 708_333, 833_333),
    (583_333, 708_333, 833_333),
    (500_000, 583_333, 750_000),
    (666_667, 833_333, 1_000_000),
    (708_333, 847_222, 958_333),
    (777_136, 863_445, 972_222),
    (148_705, 196_888, 343_149),
]
