"""The baseline trainer and the two commands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.cli.errors import MalformedValue
from offchain.datasets import read_labels, split_rows
from offchain.metrics import LEVELS, Metric
from offchain.models import CardInvalid, check, read_card
from ray_jobs import PublicSplit, SplitUnusable, TrainingRequest, evaluate, read_split, train
from ray_jobs._fit import Epoch, Recipe, Trained, fit, hold_back, operating_point
from ray_jobs.cli import evaluate_files, train_folder

from .conftest import Sealed


def small(seed: int = 3) -> list[Epoch | Trained]:
    rng = np.random.default_rng(0)
    labels = np.arange(48, dtype=np.int64) % 2
    inputs = rng.random((48, 1, 32, 32), dtype=np.float32) * 0.5 + labels[:, None, None, None].astype(np.float32) * 0.3
    return list(fit(inputs, labels, [str(n) for n in range(48)], Recipe("lenet5", 2, seed, 3, 1)))


def test_fit_gives_the_same_checkpoint_when_the_seed_is_the_same() -> None:
    state = torch.get_rng_state()
    first, again, other = small(), small(), small(4)
    assert first == again
    assert isinstance(first[-1], Trained)
    assert isinstance(other[-1], Trained)
    assert first[-1].checkpoint != other[-1].checkpoint
    assert [item.number for item in first[:-1] if isinstance(item, Epoch)] == [1, 2, 3]
    assert torch.equal(torch.get_rng_state(), state)
    assert check(first[-1].checkpoint, "lenet5").classes == 2


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 1)), min_size=1, max_size=200), st.integers(0, 99))
@settings(deadline=None)
def test_hold_back_never_parts_a_group(pairs: list[tuple[int, int]], seed: int) -> None:
    groups, labels = [str(g) for g, _ in pairs], np.array([label for _, label in pairs], dtype=np.int64)
    back = hold_back(labels, groups, seed)
    inside = {g for g, b in zip(groups, back, strict=True) if b}
    assert inside.isdisjoint(g for g, b in zip(groups, back, strict=True) if not b)
    first = dict(reversed(list(zip(groups, labels.tolist(), strict=True))))
    enough = all(list(first.values()).count(label) >= 10 for label in set(labels.tolist()))
    assert not enough or 0 < back.sum() < len(back)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, LEVELS - 1)), min_size=2, max_size=40))
@settings(max_examples=50, deadline=None)
def test_operating_point_has_the_best_balanced_accuracy(pairs: list[tuple[int, int]]) -> None:
    labels = np.array([0, 1, *(label for label, _ in pairs)])
    scores = np.array([100, 900, *(score for _, score in pairs)], dtype=np.uint16)

    def balanced(point: int) -> float:
        called = scores.astype(np.int64) * 1_000_000 >= point * (LEVELS - 1)
        return float(called[labels == 1].mean() + (~called[labels == 0]).mean())

    best = max(balanced(level * 1_000_000 // (LEVELS - 1)) for level in range(1, LEVELS))
    assert balanced(operating_point(labels, scores)) == pytest.approx(best)


@pytest.mark.ray
def test_train_finds_pneumonia_on_x_rays_of_patients_it_never_saw(real_data: Path, local_ray: str) -> None:
    where = {"task": "pneumonia_vs_normal"}
    whole = read_split(real_data / "cxr", where=where)
    sides = split_rows(read_labels(real_data / "cxr", where=where), held_out=0.3, seed=1)
    public = {row.file for row in sides.public}
    seen: list[int] = []
    trained = train(
        PublicSplit(whole.task, whole.classes, tuple(s for s in whole.samples if s.name in public), synthetic=False),
        TrainingRequest("Baseline", epochs=12, threads=1),
        progress=lambda done, _total, _loss: seen.append(done),
    )
    assert seen == list(range(1, 13))
    unseen = [s for s in whole.samples if s.name not in public]
    found = evaluate(trained.checkpoint, trained.card, unseen, metrics=[Metric.AUROC], seed=b"")
    assert found.report.scores[0].value_ppm > 900_000
    assert trained.trained_on + trained.held_back == len(public)


@pytest.mark.ray
def test_commands_train_write_and_evaluate_when_given_a_folder(sealed: Sealed, local_ray: str, tmp_path: Path) -> None:
    record = train_folder(sealed.public, tmp_path / "model", architecture="lenet5", side=32, epochs=2)
    assert record.synthetic
    data = record.checkpoint_file.read_bytes()
    card = read_card(record.card_file.read_bytes(), canonical=True)
    assert (check(data, card.architecture).id, card.hash()) == (record.checkpoint, record.card_hash)
    assert "SYNTHETIC" in card.training_data
    scored = evaluate_files(record.checkpoint_file, record.card_file, sealed.public, metrics=[Metric.AUROC])
    assert scored.synthetic
    assert scored.samples == 330
    assert scored.class_groups == {"clear": 55, "opacity": 55}
    assert [line.metric for line in scored.scores] == [Metric.AUROC]


def test_train_refuses_before_the_work_when_the_card_would_be_invalid(sealed: Sealed) -> None:
    with pytest.raises(CardInvalid, match="side"):
        train(read_split(sealed.public), TrainingRequest("x", architecture="lenet5", side=64))


def test_train_refuses_when_a_class_has_one_image(sealed: Sealed) -> None:
    whole = read_split(sealed.public)
    lone = next(s for s in whole.samples if s.label == 1)
    few = PublicSplit(whole.task, whole.classes, (*(s for s in whole.samples if s.label == 0), lone), synthetic=True)
    with pytest.raises(SplitUnusable, match="opacity"):
        train(few, TrainingRequest("x", architecture="lenet5", side=32))


def test_evaluate_files_refuses_when_a_condition_has_no_value(sealed: Sealed, tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"")
    with pytest.raises(MalformedValue):
        evaluate_files(tmp_path / "x", tmp_path / "x", sealed.public, where=["task"])
