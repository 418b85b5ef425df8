"""Encrypted frames: equal sizes, one place each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.crypto import (
    FRAME_OVERHEAD_BYTES,
    FRAME_SIZES,
    FrameMalformed,
    FrameTampered,
    SecretBytes,
    SplitBinding,
    open_frame,
    seal_frame,
)

KEY = SecretBytes(b"k" * 32)
PLACE = SplitBinding.of_header(b"header").place(shard=3, frame=5, frame_bytes=4096)


@given(st.binary(max_size=4096 - FRAME_OVERHEAD_BYTES))
@settings(max_examples=40)
def test_frame_has_its_one_size_and_opens_when_in_place(plain: bytes) -> None:
    frame = seal_frame(plain, KEY, PLACE)
    assert len(frame) == 4096
    assert open_frame(frame, KEY, PLACE) == plain.ljust(PLACE.capacity, b"\x00")


@pytest.mark.parametrize("size", FRAME_SIZES)
def test_frame_fills_to_the_last_byte_when_plain_is_as_large_as_it_holds(size: int) -> None:
    place = replace(PLACE, frame_bytes=size)
    plain = b"\xff" * place.capacity
    assert open_frame(seal_frame(plain, KEY, place), KEY, place) == plain
    with pytest.raises(FrameMalformed):
        seal_frame(plain + b"x", KEY, place)


def test_frame_differs_when_the_same_bytes_are_sealed_twice() -> None:
    assert seal_frame(b"same", KEY, PLACE) != seal_frame(b"same", KEY, PLACE)


@given(st.integers(0, 4095), st.integers(1, 255))
@settings(max_examples=40)
def test_frame_is_tampered_when_a_byte_is_changed(at: int, flip: int) -> None:
    frame = bytearray(seal_frame(b"plain", KEY, PLACE))
    frame[at] ^= flip
    with pytest.raises(FrameTampered):
        open_frame(bytes(frame), KEY, PLACE)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLACE, shard=4),
        replace(PLACE, frame=6),
        replace(PLACE, shard=5, frame=3),
        SplitBinding.of_header(b"another split").place(3, 5, 4096),
    ],
)
def test_frame_is_tampered_when_it_stands_elsewhere(other: object) -> None:
    with pytest.raises(FrameTampered):
        open_frame(seal_frame(b"plain", KEY, PLACE), KEY, other)  # type: ignore[arg-type]


def test_frame_is_tampered_when_key_is_another_or_bytes_are_missing() -> None:
    frame = seal_frame(b"plain", KEY, PLACE)
    with pytest.raises(FrameTampered):
        open_frame(frame, SecretBytes.random(), PLACE)
    for cut in (b"", frame[:10], frame[:-1], frame + b"\x00"):
        with pytest.raises(FrameTampered):
            open_frame(cut, KEY, PLACE)


@pytest.mark.parametrize("size", [0, 2048, 4097, 1 << 21])
def test_frame_refuses_when_size_is_no_power_of_two_in_range(size: int) -> None:
    place = replace(PLACE, frame_bytes=size)
    with pytest.raises(FrameMalformed):
        seal_frame(b"", KEY, place)
    with pytest.raises((FrameMalformed, FrameTampered)):
        open_frame(bytes(size), KEY, place)
