"""Splits: by group, stratified by class, seeded; refused where they would measure nothing."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from offchain.datasets._blocks import within_guard
from offchain.datasets._errors import SplitImpossible
from offchain.datasets._labels import LabelTable, Row

__all__ = ["MAX_SHARDS", "MIN_GROUPS", "Split", "deal_shards", "default_shards", "split_rows"]

MIN_GROUPS = 10
MAX_SHARDS = 64


@dataclass(frozen=True, slots=True)
class Split:
    """The two sides, and the rows that the guard left out."""

    public: tuple[Row, ...]
    held_out: tuple[Row, ...]
    left_out: tuple[Row, ...] = ()


def split_rows(table: LabelTable, *, held_out: float, seed: int) -> Split:
    """Hold out about the fraction ``held_out`` of every class, whole groups at a time.

    Groups come in a seeded random order; one is held out while that brings the classes nearer to their shares.

    Raises SplitImpossible with every reason at once.
    """
    if not 0 < held_out < 1:
        raise SplitImpossible(f"the held-out fraction lies between 0 and 1, not at {held_out:g}")
    groups = _by_group(table.rows)
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    totals = Counter(row.label for row in table.rows)
    have: Counter[int] = Counter()
    chosen = set()
    for name in order:
        counts = Counter(row.label for row in groups[name])
        if _distance(have + counts, totals, held_out) < _distance(have, totals, held_out):
            chosen.add(name)
            have += counts
    inside = tuple(row for row in table.rows if row.group in chosen)
    outside = [row for row in table.rows if row.group not in chosen]
    near = _near(outside, inside, table.guard)
    public = tuple(row for row in outside if row.file not in near)
    split = Split(public, inside, tuple(row for row in outside if row.file in near))
    _check(split, table.classes)
    return split


def default_shards(rows: Sequence[Row]) -> int:
    """As many shards as keep two groups of the rarest class in each, at most 16."""
    rarest = min(len({row.group for row in rows if row.label == label}) for label in {row.label for row in rows})
    return max(1, min(16, rarest // 2))


def deal_shards(rows: Sequence[Row], shards: int, *, seed: int) -> list[list[Row]]:
    """Deal whole groups out to shards so that each has about the same number of every class.

    Raises SplitImpossible where there are fewer groups than shards, or more shards than a chain's bit set holds.
    """
    groups = _by_group(rows)
    if not 1 <= shards <= MAX_SHARDS:
        raise SplitImpossible(f"a held-out split has 1 to {MAX_SHARDS} shards, not {shards}")
    if len(groups) < shards:
        raise SplitImpossible(f"{len(groups)} groups do not fill {shards} shards", hint="ask for fewer shards")
    order = sorted(groups)
    random.Random(seed).shuffle(order)
    order.sort(key=lambda name: -len(groups[name]))
    totals = Counter(row.label for row in rows)
    dealt: list[list[Row]] = [[] for _ in range(shards)]
    have: list[Counter[int]] = [Counter() for _ in range(shards)]
    for name in order:
        counts = Counter(row.label for row in groups[name])

        def load(shard: int, counts: Counter[int] = counts) -> tuple[float, int, int]:
            own = have[shard]
            crowding = sum(own[label] * number / totals[label] ** 2 for label, number in counts.items())
            return crowding, own.total(), shard

        best = min(range(shards), key=load)
        dealt[best] += groups[name]
        have[best] += counts
    return dealt


def _by_group(rows: Iterable[Row]) -> dict[str, list[Row]]:
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(row)
    return groups


def _distance(have: Counter[int], totals: Counter[int], fraction: float) -> float:
    return sum((have[label] / total - fraction) ** 2 for label, total in totals.items())


def _near(outside: Sequence[Row], inside: Sequence[Row], guard: int) -> set[str]:
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for row in inside:
        if row.number is not None:
            numbers[row.sequence].append(row.number)
    for each in numbers.values():
        each.sort()
    return {
        row.file
        for row in outside
        if row.number is not None and within_guard((row.sequence, row.number), numbers, guard)
    }


def _check(split: Split, classes: Sequence[str]) -> None:
    reasons = []
    for side, rows in (("public", split.public), ("held-out", split.held_out)):
        present = {row.label for row in rows}
        reasons += [
            f"the {side} side lacks class {name!r}" for label, name in enumerate(classes) if label not in present
        ]
        groups = len({row.group for row in rows})
        if groups < MIN_GROUPS:
            reasons.append(f"the {side} side has {groups} groups, under {MIN_GROUPS}")
    if reasons:
        raise SplitImpossible(
            "; ".join(reasons),
            hint="collect more groups, hold out another fraction, or use --block-column where groups are unknown",
        )
