"""Amounts are exact, whatever a person types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.cli.errors import MalformedValue
from offchain.cli.units import asy, blocks, parse_asy, percent


@given(st.integers(0, 10**30 - 1))
def test_amount_is_read_back_exactly_when_shown(amount: int) -> None:
    assert parse_asy(asy(amount)) == amount
    assert parse_asy(f"{amount}planck") == amount


@pytest.mark.parametrize(
    ("text", "planck"),
    [
        ("1", 10**12),
        ("0.000000000001", 1),
        ("1,000.5 asy", 1_000_500_000_000_000),
        ("7 planck", 7),
        (" 2 ", 2 * 10**12),
    ],
)
def test_amount_is_read_when_written_as_people_do(text: str, planck: int) -> None:
    assert parse_asy(text) == planck


@pytest.mark.parametrize("text", ["", "-1", "1e3", "0.0000000000001", "1.", ".5", "ten", "1 DOT", "0x10", "１"])
def test_amount_is_refused_when_it_is_not_one(text: str) -> None:
    with pytest.raises(MalformedValue):
        parse_asy(text)


def test_negative_amount_keeps_its_sign_when_shown() -> None:
    assert asy(-1_500_000_000_000) == "-1.5 ASY"


@pytest.mark.parametrize(("ppm", "text"), [(0, "0 %"), (1, "0.0001 %"), (931_000, "93.1 %"), (10**6, "100 %")])
def test_share_loses_nothing_when_shown(ppm: int, text: str) -> None:
    assert percent(ppm) == text


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (1, "1 block (3 s)"),
        (120, "120 blocks (6 min)"),
        (3_000, "3,000 blocks (2.5 h)"),
        (403_200, "403,200 blocks (14 d)"),
    ],
)
def test_duration_is_in_blocks_and_time_when_shown(count: int, text: str) -> None:
    assert blocks(count) == text
