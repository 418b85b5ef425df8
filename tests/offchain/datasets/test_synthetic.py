"""Synthetic radiographs say so, and are the same for the same seed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from offchain.datasets import LabelsInvalid, read_labels, synthesise


def test_every_row_says_synthetic_when_drawn(synthetic: Path) -> None:
    with (synthetic / "labels.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 120
    for line in lines:
        assert line["synthetic"] == "true"
        for column in ("file", "task", "group", "group_basis"):
            assert "synthetic" in line[column]
        assert line["attribution"].startswith("SYNTHETIC")
    assert Counter(row.label for row in read_labels(synthetic).rows) == {0: 60, 1: 60}


def test_images_are_the_same_when_the_seed_is(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        synthesise(tmp_path / name, patients=4, side=48, seed=seed)
    first, again, other = (
        [path.read_bytes() for path in sorted((tmp_path / name / "images").iterdir())] for name in "abc"
    )
    assert first == again
    assert first != other
    assert (tmp_path / "a" / "labels.csv").read_bytes() == (tmp_path / "b" / "labels.csv").read_bytes()


def test_classes_can_be_told_apart_when_a_linear_model_looks(tmp_path: Path) -> None:
    from PIL import Image

    synthesise(tmp_path / "set", patients=300, side=32, seed=5)
    rows = read_labels(tmp_path / "set").rows
    pixels = np.stack([np.asarray(Image.open(io.BytesIO(row.path.read_bytes())), float).ravel() / 255 for row in rows])
    labels = np.array([row.label for row in rows])
    x = np.hstack([pixels, np.ones((len(rows), 1))])
    train, test = slice(0, 200), slice(200, None)
    weights = np.linalg.solve(x[train].T @ x[train] + 3 * np.eye(x.shape[1]), x[train].T @ (2 * labels[train] - 1))
    scores = x[test] @ weights
    auroc = np.mean([a > b for a in scores[labels[test] == 1] for b in scores[labels[test] == 0]])
    assert 0.6 < auroc < 0.99


@pytest.mark.parametrize("options", [{"patients": 1}, {"side": 16}, {"side": 2000}, {"per_patient": 0}])
def test_generator_refuses_when_numbers_make_no_sense(tmp_path: Path, options: dict[str, int]) -> None:
    with pytest.raises(LabelsInvalid):
        synthesise(tmp_path / "set", **options)


def test_generator_refuses_when_the_folder_holds_something(synthetic: Path) -> None:
    with pytest.raises(LabelsInvalid):
        synthesise(synthetic)
