"""PNG, JPEG and TIFF."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from offchain.dicom import Image, ImageCaps, ImageError, ImageTooLarge, ImageUnreadable, ImageUnsupported, read_image


def encoded(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    PillowImage.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def png_announcing(width: int, height: int) -> bytes:
    def chunk(tag: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + tag + body + struct.pack(">I", zlib.crc32(tag + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


def outcome(data: bytes) -> Image | ImageError:
    try:
        return read_image(data, name="torn")
    except ImageError as error:
        return error


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@given(seed=st.integers(0, 2**32 - 1), height=st.integers(1, 20), width=st.integers(1, 20))
@settings(max_examples=20, deadline=None)
def test_read_image_gives_back_every_grey_value_when_8_bit(kind: str, seed: int, height: int, width: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)
    image = read_image(encoded(pixels, kind), name="x")
    assert (image.height, image.width, image.channels, image.bits, image.frames) == (height, width, 1, 8, 1)
    assert image.pixels.dtype == np.float32
    np.testing.assert_array_equal(np.rint(image.pixels[:, :, 0] * 255), pixels)


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_read_image_keeps_16_bits_when_grey(kind: str) -> None:
    pixels = np.arange(0, 65536, 64, dtype=np.uint16).reshape(32, 32)
    image = read_image(encoded(pixels, kind), name="x")
    assert image.bits == 16
    np.testing.assert_array_equal(np.rint(image.pixels[:, :, 0] * 65535), pixels)


def test_read_image_gives_rgb_when_colour_has_a_palette_or_alpha() -> None:
    rgb = np.random.default_rng(1).integers(0, 256, (9, 7, 3), dtype=np.uint8)
    plain = read_image(encoded(rgb, "PNG"), name="x").pixels
    alpha = np.concatenate([rgb, np.full((9, 7, 1), 128, np.uint8)], axis=2)
    np.testing.assert_array_equal(read_image(encoded(alpha, "PNG"), name="x").pixels, plain)
    buffer = io.BytesIO()
    PillowImage.fromarray(rgb).convert("P", palette=PillowImage.Palette.ADAPTIVE).save(buffer, "PNG")
    assert read_image(buffer.getvalue(), name="x").channels == 3


def test_read_image_turns_upright_when_exif_says_so() -> None:
    pixels = np.zeros((8, 16), np.uint8)
    exif = PillowImage.Exif()
    exif[0x0112] = 6
    image = read_image(encoded(pixels, "JPEG", exif=exif), name="x")
    assert (image.height, image.width) == (16, 8)


def test_read_image_reads_the_first_frame_when_there_are_several() -> None:
    frames = [PillowImage.fromarray(np.full((4, 4), shade, np.uint8)) for shade in (51, 102)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    image = read_image(buffer.getvalue(), name="x")
    assert image.frames == 2
    assert np.unique(image.pixels).tolist() == [np.float32(0.2)]


def test_read_image_goes_by_the_bytes_when_the_name_lies() -> None:
    image = read_image(encoded(np.zeros((2, 2), np.uint8), "PNG"), name="scan.dcm")
    assert image.format == "png"


@pytest.mark.parametrize("size", [(100_000, 100_000), (15_000, 15_000), (2_000, 2_000)])
def test_read_image_refuses_a_bomb_when_the_header_announces_too_many_pixels(size: tuple[int, int]) -> None:
    with pytest.raises(ImageTooLarge) as caught:
        read_image(png_announcing(*size), name="bomb.png", caps=ImageCaps(pixels=1_000_000))
    assert caught.value.subject == "bomb.png"


def test_read_image_refuses_when_the_file_is_over_the_cap() -> None:
    with pytest.raises(ImageTooLarge):
        read_image(b"\xff\xd8\xff" + bytes(100), name="x", caps=ImageCaps(file_bytes=100))


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(64), b"%PDF-1.7", bytes(200), b"MZ" + bytes(300)])
def test_read_image_names_the_file_when_the_format_is_unknown(data: bytes) -> None:
    with pytest.raises(ImageUnsupported, match=r"odd\.bin"):
        read_image(data, name="odd.bin")


def test_read_image_refuses_floats_when_they_have_no_range() -> None:
    with pytest.raises(ImageUnsupported):
        read_image(encoded(np.zeros((4, 4), np.float32), "TIFF"), name="x")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=25, deadline=None)
def test_read_image_raises_nothing_untyped_when_bytes_are_cut_or_flipped(kind: str, seed: int) -> None:
    random = np.random.default_rng(seed)
    data = bytearray(encoded(random.integers(0, 256, (16, 16), dtype=np.uint8), kind))
    for at in random.integers(0, len(data), 4):
        data[at] = int(random.integers(0, 256))
    result = outcome(bytes(data[: int(random.integers(1, len(data) + 1))]))
    assert result.subject == "torn" if isinstance(result, ImageError) else np.isfinite(result.pixels).all()


def test_read_image_calls_it_broken_when_truncated() -> None:
    whole = encoded(np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8), "PNG")
    with pytest.raises(ImageUnreadable, match=r"torn\.png"):
        read_image(whole[: len(whole) // 2], name="torn.png")
