"""Curves and shares, against numbers that the pallet itself computed, and against their own laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import LinearDecreasing, Reciprocal, SteppedDecreasing
from governance._arithmetic import ONE, mul_ceil, rational
from governance._curves import decode_curve
from governance._standing import votes_missing
from offchain.chain.errors import Undecodable

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[1] / "fixtures" / "vectors" / "curves.json").read_text()
)
SHARE = st.integers(min_value=0, max_value=ONE)


@pytest.mark.parametrize("known", VECTORS["curves"], ids=lambda known: json.dumps(known["curve"]))
def test_curve_is_what_the_pallet_evaluates(known: dict[str, Any]) -> None:
    curve = decode_curve(known["curve"])
    assert [curve.threshold(x) for x in VECTORS["shares"]] == known["thresholds"]
    assert [curve.delay(y) for y in VECTORS["shares"]] == known["delays"]


def test_shares_and_blocks_are_what_the_pallet_computes() -> None:
    for known in VECTORS["rationals"]:
        share = rational(int(known["tokens"]), int(VECTORS["issuance"]))
        assert (share, mul_ceil(share, 403_200)) == (known["share"], known["blocks"])


def test_curve_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Undecodable, match="unknown kind"):
        decode_curve({"Spiral": {}})


@given(length=st.integers(min_value=1, max_value=ONE), bounds=st.tuples(SHARE, SHARE), x=SHARE, later=SHARE)
def test_linear_curve_never_rises_and_keeps_its_bounds(
    length: int, bounds: tuple[int, int], x: int, later: int
) -> None:
    floor, ceil = sorted(bounds)
    curve = LinearDecreasing(length, floor, ceil)
    first, second = sorted((x, later))
    assert ceil >= curve.threshold(first) >= curve.threshold(second) >= floor
    assert curve.threshold(0) == ceil
    assert curve.threshold(ONE) == floor


@given(bounds=st.tuples(SHARE, SHARE), y=SHARE)
def test_linear_curve_over_the_whole_period_passes_at_its_delay_when_it_ever_does(
    bounds: tuple[int, int], y: int
) -> None:
    floor, ceil = sorted(bounds)
    curve = LinearDecreasing(ONE, floor, ceil)
    delay = curve.delay(y)
    assert curve.passing(delay, y) == (y >= floor)
    if delay > 0 and y >= floor and ceil - floor > 2:
        assert not curve.passing(max(delay - ONE // (ceil - floor) - 2, 0), y) or y >= ceil


@given(
    begin=SHARE,
    end=SHARE,
    step=st.integers(min_value=1, max_value=ONE),
    period=st.integers(min_value=1, max_value=ONE),
    x=SHARE,
    later=SHARE,
)
def test_stepped_curve_never_rises_and_keeps_its_end(
    begin: int, end: int, step: int, period: int, x: int, later: int
) -> None:
    end, begin = sorted((begin, end))
    curve = SteppedDecreasing(begin, end, step, period)
    first, second = sorted((x, later))
    assert begin >= curve.threshold(first) >= curve.threshold(second) >= end


@given(y=SHARE)
def test_reciprocal_curve_passes_at_its_delay_when_it_ever_does(y: int) -> None:
    curve = Reciprocal(31_250_000, 36_330_684, 139_845_532)
    delay = curve.delay(y)
    assert delay == ONE or curve.passing(delay, y)


@given(ayes=st.integers(min_value=0, max_value=10**20), nays=st.integers(min_value=0, max_value=10**20), needed=SHARE)
def test_missing_votes_are_the_fewest_that_suffice(ayes: int, nays: int, needed: int) -> None:
    missing = votes_missing(ayes, nays, needed)

    def passes(more: int) -> bool:
        total = ayes + more + nays
        return (rational(ayes + more, total) if total else 0) >= needed

    if missing is None:
        assert nays > 0
        assert not passes(10**40)
    else:
        assert passes(missing)
        assert missing == 0 or not passes(missing - 1)


@given(ayes=st.integers(min_value=0, max_value=10**20), nays=st.integers(min_value=1, max_value=10**20))
def test_no_number_of_ayes_suffices_when_all_votes_must_be_ayes(ayes: int, nays: int) -> None:
    assert votes_missing(ayes, nays, ONE) is None
    assert votes_missing(ayes, 0, ONE) == (0 if ayes else 1)
