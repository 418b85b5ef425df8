"""The liar lies within the rules of the chain; the copycat's file differs and its checkpoint does not."""

from __future__ import annotations

import contextlib
import signal
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.models import ModelCard, Normalisation, Preprocessing, build, checkpoint_id, encode, weights_of
from validators._work import EvaluationJob, Finding
from validators.demo._actor import lying
from validators.demo._checkpoints import Candidate, disguised_copy, untrained
from validators.demo._data import choose_source
from validators.demo._interrupt import Interrupt
from validators.demo._limits import LIE_PPM

CARD = ModelCard(
    name="small",
    architecture="lenet5",
    classes=("normal", "pneumonia"),
    preprocessing=Preprocessing(32, 1, "stretch"),
    normalisation=Normalisation((0,), (1_000_000,)),
    operating_point_ppm=500_000,
    intended_use="a test",
    training_data="none",
    licence="CC-BY-4.0",
)


def _lie(score: int, lower: int, upper: int, precision: int) -> Finding:
    job = cast("EvaluationJob", SimpleNamespace(terms=SimpleNamespace(main=0, precision_ppm=precision)))
    honest = Finding((score,), lower, upper, bytes(32), bytes(32))
    return lying(lambda _job: honest)(job)


@given(st.data())
def test_liar_reveals_what_the_chain_takes_and_what_is_out_of_tolerance(data: Any) -> None:
    precision = data.draw(st.sampled_from([5_000, 20_000, 55_000, 100_000]))
    steps = 1_000_000 // precision
    lower, score, upper = (n * precision for n in sorted(data.draw(st.tuples(*[st.integers(0, steps)] * 3))))
    lie = _lie(score, lower, upper, precision)
    assert lie.lower_ppm <= lie.scores[0] <= lie.upper_ppm
    assert all(ppm % precision == 0 and 0 <= ppm <= 1_000_000 for ppm in (*lie.scores, lie.lower_ppm, lie.upper_ppm))
    assert abs(lie.scores[0] - score) >= LIE_PPM - precision


def test_copy_is_another_file_with_the_same_id() -> None:
    original = Candidate("one", encode(weights_of(build("lenet5", 1, 2))), CARD)
    copy = disguised_copy(original)
    assert copy.name != original.name
    assert copy.card.hash() != original.card.hash()
    assert checkpoint_id(copy.checkpoint) == checkpoint_id(original.checkpoint)


def test_untrained_differs_by_seed_and_not_by_run() -> None:
    ids = [checkpoint_id(untrained(CARD, seed).checkpoint) for seed in (1, 1, 2)]
    assert ids[0] == ids[1] != ids[2]


def test_source_is_synthetic_and_says_so_when_there_are_no_images(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSAY_DATA", str(tmp_path / "nowhere"))
    source = choose_source(None, None, tmp_path)
    assert source.synthetic
    assert "synthetic" in source.task.lower()
    assert (source.folder / "labels.csv").is_file()


def test_interrupt_is_not_lost_when_its_exception_is() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupt() as interrupt:
        interrupt.check()
        with contextlib.suppress(KeyboardInterrupt):  # as a callback from C would
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            interrupt.check()
    assert signal.getsignal(signal.SIGINT) == before
