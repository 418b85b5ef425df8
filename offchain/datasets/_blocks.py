"""Blocks: groups for images whose patients are unknown but whose numbers are not.

Neighbouring numbers often show one patient or one object. Where no better group exists, contiguous runs of numbers
are kept on one side, and images within a guard distance of the other side are left out.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from offchain.crypto import shallow_json
from offchain.datasets._errors import LabelsInvalid

__all__ = ["BlockRule", "cut_blocks", "number_of", "within_guard"]


@dataclass(frozen=True, slots=True)
class BlockRule:
    """How numbers become blocks.

    Attributes:
        expression: ``column``, ``column.key`` for a key of JSON in the column, either followed by ``~regex`` whose
            first group is the number: ``extra.number``, ``source_path~cell([0-9]+)``.
        guard: images whose number lies within this distance of a held-out one are left out of the public side.
        count: blocks in all, shared out among the sequences by their size.
    """

    expression: str
    guard: int = 0
    count: int = 40


def number_of(line: Mapping[str, str], expression: str, subject: str) -> int:
    """The number of one row. Raises LabelsInvalid, naming the row, where there is none."""
    head, _, pattern = expression.partition("~")
    column, *keys = head.split(".")
    try:
        value: object = line[column]
        for key in keys:
            value = (shallow_json(value.encode()) if isinstance(value, str) else value)[key]  # type: ignore[index]
        if pattern:
            found = re.search(pattern, str(value))
            value = found.group(1) if found else None
        if isinstance(value, bool | float):
            raise TypeError(value)
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (KeyError, IndexError, TypeError, ValueError, re.error):
        raise LabelsInvalid(
            f"the block expression {expression!r} gives no whole number here",
            subject=subject,
            hint="use COLUMN, COLUMN.KEY for JSON, or COLUMN~REGEX with one group",
        ) from None


def cut_blocks(places: Sequence[tuple[str, int]], count: int) -> list[str]:
    """The block of each (sequence, number): contiguous runs of about equal size, equal numbers together."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for sequence, number in places:
        members[sequence].append(number)
    starts = {}
    for sequence, numbers in members.items():
        own = max(1, round(count * len(numbers) / len(places)))
        ordered = sorted(numbers)
        starts[sequence] = sorted({ordered[at * len(ordered) // own] for at in range(min(own, len(ordered)))})
    return [f"{sequence}#{_run(starts[sequence], number)}" for sequence, number in places]


def within_guard(place: tuple[str, int], others: Mapping[str, Sequence[int]], guard: int) -> bool:
    """Whether a number lies within ``guard`` of one of the sorted ``others`` of its sequence."""
    sequence, number = place
    numbers = others.get(sequence, ())
    at = bisect_left(numbers, number - guard)
    return at < len(numbers) and numbers[at] <= number + guard


def _run(starts: Sequence[int], number: int) -> int:
    return bisect_left(starts, number + 1) - 1
