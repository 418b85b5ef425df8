"""Splits: no patient on both sides, whatever the data."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from offchain.datasets import (
    MIN_GROUPS,
    LabelTable,
    Row,
    Split,
    SplitImpossible,
    deal_shards,
    default_shards,
    split_rows,
)


def _table(groups: list[list[int]], classes: int = 2, guard: int = 0) -> LabelTable:
    rows = [
        Row(f"{group}-{at}", Path("x"), label, f"patient {group}")
        for group, labels in enumerate(groups)
        for at, label in enumerate(labels)
    ]
    return LabelTable("task", tuple(f"class {label}" for label in range(classes)), tuple(rows), guard)


def _try(table: LabelTable, held_out: float, seed: int) -> Split | None:
    try:
        return split_rows(table, held_out=held_out, seed=seed)
    except SplitImpossible:
        return None


GROUPS = st.lists(st.lists(st.integers(0, 2), min_size=1, max_size=5), min_size=30, max_size=80)


@given(GROUPS, st.floats(0.2, 0.8), st.integers(0, 2**63))
@settings(max_examples=60, deadline=None)
def test_split_parts_whole_groups_when_it_succeeds(groups: list[list[int]], held_out: float, seed: int) -> None:
    table = _table(groups, classes=3)
    split = _try(table, held_out, seed)
    assume(split is not None)
    assert split is not None
    public, inside = ({row.group for row in side} for side in (split.public, split.held_out))
    assert not public & inside
    assert len(public) >= MIN_GROUPS
    assert len(inside) >= MIN_GROUPS
    assert {row.label for row in split.public} == {row.label for row in split.held_out} == {0, 1, 2}
    assert Counter(row.file for row in (*split.public, *split.held_out)) == Counter(row.file for row in table.rows)
    assert split == split_rows(table, held_out=held_out, seed=seed)


@given(st.integers(0, 2**32), st.sampled_from([0.2, 0.3, 0.5]))
@settings(max_examples=20, deadline=None)
def test_split_keeps_class_shares_when_groups_are_single_images(seed: int, held_out: float) -> None:
    split = split_rows(_table([[0]] * 100 + [[1]] * 60), held_out=held_out, seed=seed)
    counts = Counter(row.label for row in split.held_out)
    assert counts == {0: round(100 * held_out), 1: round(60 * held_out)}


def test_split_differs_when_the_seed_does() -> None:
    table = _table([[0], [1]] * 50)
    assert split_rows(table, held_out=0.3, seed=1) != split_rows(table, held_out=0.3, seed=2)


def test_split_is_refused_with_every_reason_when_groups_are_few() -> None:
    with pytest.raises(SplitImpossible) as caught:
        split_rows(_table([[0]] * 12 + [[1]]), held_out=0.3, seed=0)
    assert "the held-out side has" in caught.value.what
    assert "lacks class 'class 1'" in caught.value.what
    assert "the public side has 9 groups, under 10" in caught.value.what


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5, float("nan")])
def test_split_is_refused_when_the_fraction_is_none(fraction: float) -> None:
    with pytest.raises(SplitImpossible):
        split_rows(_table([[0], [1]] * 50), held_out=fraction, seed=0)


@given(st.integers(0, 10), st.integers(0, 2**32), st.lists(st.integers(0, 3), min_size=120, max_size=120))
@settings(max_examples=30, deadline=None)
def test_split_leaves_a_gap_when_numbers_are_guarded(guard: int, seed: int, steps: list[int]) -> None:
    rows, number = [], 0
    for at, step in enumerate(steps):
        number += step
        rows.append(Row(str(at), Path("x"), at % 2, f"block {at // 3}", sequence="s", number=number))
    split = _try(LabelTable("task", ("a", "b"), tuple(rows), guard), 0.3, seed)
    assume(split is not None)
    assert split is not None
    distance = min(abs((a.number or 0) - (b.number or 0)) for a in split.public for b in split.held_out)
    assert distance > guard
    assert len(split.public) + len(split.held_out) + len(split.left_out) == len(rows)


@given(GROUPS, st.integers(1, 30), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_shards_hold_whole_groups_and_every_row_once_when_dealt(
    groups: list[list[int]], shards: int, seed: int
) -> None:
    rows = _table(groups, classes=3).rows
    dealt = deal_shards(rows, shards, seed=seed)
    assert Counter(row.file for shard in dealt for row in shard) == Counter(row.file for row in rows)
    owners = Counter((row.group, at) for at, shard in enumerate(dealt) for row in shard)
    assert len(owners) == len({row.group for row in rows})
    assert all(dealt)


def test_shards_are_stratified_when_groups_are_single_images() -> None:
    rows = _table([[0]] * 40 + [[1]] * 20).rows
    for shard in deal_shards(rows, 10, seed=5):
        assert Counter(row.label for row in shard) == {0: 4, 1: 2}


def test_shards_are_refused_when_groups_do_not_fill_them() -> None:
    rows = _table([[0], [1]]).rows
    for shards in (0, 3, 65):
        with pytest.raises(SplitImpossible):
            deal_shards(rows, shards, seed=0)


def test_default_shards_keep_two_groups_of_each_class_when_chosen() -> None:
    assert default_shards(_table([[0]] * 100 + [[1]] * 9).rows) == 4
    assert default_shards(_table([[0]] * 100 + [[1]] * 90).rows) == 16
    assert default_shards(_table([[0], [1]]).rows) == 1
