"""Model cards and what they make of an image."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.errors import AssayError
from offchain.models import CardInvalid, Normalisation, Preprocessing, encode, prepare, read_card
from offchain.models.cli import check_file, describe_card, pack_file

from .checkpoints import CARD, arrays, untrained


def changed(**changes: Any) -> bytes:
    return json.dumps({**CARD, **changes}).encode()


def test_read_card_gives_one_canonical_form_when_keys_come_in_any_order() -> None:
    card = read_card(json.dumps(dict(reversed(CARD.items())), indent=2).encode())
    assert card.canonical() == json.dumps(CARD, sort_keys=True, separators=(",", ":")).encode()
    assert read_card(card.canonical(), canonical=True) == card
    assert len(describe_card(card).hash) == 32


def test_read_card_refuses_other_forms_when_a_hash_stands_for_it() -> None:
    with pytest.raises(CardInvalid, match="canonical"):
        read_card(changed(), canonical=True)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 60_000,
        b" " * 70_000,
        changed(extra=1),
        changed(name=""),
        changed(name="\ud800"),
        changed(schema="assay/model-card/2"),
        changed(architecture="vit_b_16"),
        changed(classes=["one"]),
        changed(classes=["same", "same"]),
        changed(operating_point_ppm=0.5),
        changed(operating_point_ppm=1_000_001),
        changed(operating_point_ppm=True),
        changed(licence="all rights reserved"),
        changed(preprocessing={"side": 8, "channels": 1, "resize": "stretch"}),
        changed(preprocessing={"side": 64, "channels": 3, "resize": "stretch"}),
        changed(preprocessing={"side": 64, "channels": 1, "resize": "zoom"}),
        changed(architecture="lenet5"),
        changed(normalisation={"mean_ppm": [0], "deviation_ppm": [0]}),
        changed(normalisation={"mean_ppm": [0, 0], "deviation_ppm": [1]}),
        changed(normalisation={"mean_ppm": [float("nan")], "deviation_ppm": [1]}),
    ],
)
def test_read_card_refuses_when_against_the_schema(data: bytes) -> None:
    with pytest.raises(CardInvalid):
        read_card(data)


def plain(side: int, channels: int, resize: Any) -> tuple[Preprocessing, Normalisation]:
    return Preprocessing(side, channels, resize), Normalisation((0,) * channels, (1_000_000,) * channels)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([1, 3]), st.sampled_from([1, 3]))
@settings(max_examples=60, deadline=None)
def test_prepare_has_the_cards_shape_and_range_when_the_image_has_any(
    height: int, width: int, channels: int, wanted: int
) -> None:
    pixels = np.random.default_rng(height * 41 + width).random((height, width, channels), dtype=np.float32)
    for resize in ("stretch", "pad", "crop"):
        result = prepare(pixels, *plain(32, wanted, resize))
        assert (result.shape, result.dtype) == ((wanted, 32, 32), np.float32)
        assert -1e-5 < result.min() <= result.max() < 1 + 1e-5


def test_prepare_changes_nothing_when_sizes_agree() -> None:
    pixels = np.random.default_rng(0).random((32, 32, 3), dtype=np.float32)
    for resize in ("stretch", "pad", "crop"):
        np.testing.assert_array_equal(prepare(pixels, *plain(32, 3, resize)), pixels.transpose(2, 0, 1))


def test_prepare_normalises_each_channel() -> None:
    pixels = np.full((16, 16, 3), 0.5, np.float32)
    normalisation = Normalisation((500_000, 0, 250_000), (1_000_000, 500_000, 250_000))
    result = prepare(pixels, Preprocessing(16, 3, "stretch"), normalisation)
    assert result[:, 0, 0].tolist() == [0.0, 1.0, 1.0]


def test_prepare_pads_or_crops_when_the_image_is_wide() -> None:
    pixels = np.zeros((10, 30, 1), np.float32)
    pixels[:, 10:20] = 1.0
    padded, cropped = (prepare(pixels, *plain(30, 1, kind))[0] for kind in ("pad", "crop"))
    assert padded[15, 15] == 1.0
    assert padded[:10].max() == padded[20:].max() == 0.0
    assert cropped[:, 3:-3].min() == 1.0


def test_prepare_takes_no_more_memory_than_the_square_when_the_image_is_a_line() -> None:
    result = prepare(np.ones((1, 1_000_000, 1), np.float32), *plain(64, 1, "crop"))
    assert result.shape == (1, 64, 64)


def test_pack_file_writes_what_check_file_accepts(tmp_path: Path) -> None:
    source, out = tmp_path / "in.safetensors", tmp_path / "out.safetensors"
    data = untrained("lenet5")
    length = int.from_bytes(data[:8], "little")
    loose = data[8 : 8 + length].rstrip() + b"  "
    source.write_bytes(len(loose).to_bytes(8, "little") + loose + data[8 + length :])
    with pytest.raises(AssayError, match="canonical"):
        check_file(source, "lenet5")
    packed = pack_file(source, out)
    assert out.read_bytes() == data
    assert check_file(out, "lenet5").id == packed.id
    assert packed.size_bytes == len(data) != len(encode(arrays()))
