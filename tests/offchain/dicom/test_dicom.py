"""DICOM: values, windows, colours, and files made to harm."""

from __future__ import annotations

import csv
import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEGBaseline8Bit

from offchain.dicom import Image, ImageCaps, ImageError, ImageRefused, ImageTooLarge, ImageUnsupported, read_image

DEFLATED = UID("1.2.840.10008.1.2.1.99")


def scan(pixels: np.ndarray, **attributes: object) -> Dataset:
    header = Dataset()
    header.file_meta = FileMetaDataset()
    header.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    header.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    header.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3")
    header.SOPClassUID, header.SOPInstanceUID = UID("1.2.840.10008.5.1.4.1.1.7"), UID("1.2.3")
    header.Rows, header.Columns = pixels.shape[:2]
    header.SamplesPerPixel = 1
    header.PhotometricInterpretation = "MONOCHROME2"
    header.BitsAllocated = header.BitsStored = 8 * pixels.itemsize
    header.HighBit = header.BitsStored - 1
    header.PixelRepresentation = int(pixels.dtype.kind == "i")
    header.PixelData = pixels.tobytes() + b"\0" * (pixels.nbytes % 2)
    for name, value in attributes.items():
        setattr(header, name, value)
    return header


def saved(header: Dataset) -> bytes:
    buffer = io.BytesIO()
    header.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()


def outcome(data: bytes) -> Image | ImageError:
    try:
        return read_image(data, name="torn")
    except ImageError as error:
        return error


def grey(header: Dataset) -> np.ndarray:
    return read_image(saved(header), name="x").pixels[:, :, 0]


RAMP = np.arange(16, dtype=np.uint16).reshape(4, 4)


def test_read_image_decodes_every_real_file_when_its_pixels_are_known_to_decode(real_data: Path) -> None:
    folder = real_data / "dicom"
    rows = list(csv.DictReader((folder / "labels.csv").read_text().splitlines()))
    decoded = 0
    for row in rows:
        data = (folder / row["file"]).read_bytes()
        if not row["pixels_decode"].startswith("ok"):
            with pytest.raises(ImageUnsupported, match=row["file"]):
                read_image(data, name=row["file"])
            continue
        image = read_image(data, name=row["file"])
        assert (image.height, image.width) == (int(row["rows"]), int(row["columns"]))
        assert image.channels == (1 if row["photometric"].startswith("MONOCHROME") else 3)
        assert image.frames == int(row["frames"] or 1)
        assert 0.0 <= image.pixels.min() < image.pixels.max() <= 1.0
        decoded += 1
    assert (len(rows), decoded) == (32, 31)


def test_read_image_agrees_across_transfer_syntaxes_when_the_real_picture_is_one(real_data: Path) -> None:
    files = real_data / "dicom" / "files"
    one, other, third = (
        read_image((files / f"dicom-pub-{n}.dcm").read_bytes(), name=n).pixels for n in ("006", "012", "019")
    )
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one, third)


def test_read_image_spreads_the_range_when_there_is_no_window() -> None:
    np.testing.assert_allclose(grey(scan(RAMP)), RAMP / 15, atol=1e-6)


def test_read_image_inverts_when_monochrome1() -> None:
    np.testing.assert_allclose(grey(scan(RAMP, PhotometricInterpretation="MONOCHROME1")), 1 - RAMP / 15, atol=1e-6)


def test_read_image_windows_rescaled_values_when_both_are_given() -> None:
    header = scan(RAMP.astype(np.int16), RescaleSlope=2, RescaleIntercept=-10, WindowCenter=[4, 90], WindowWidth=[9, 5])
    expected = np.clip((RAMP * 2.0 - 10 - 3.5) / 8 + 0.5, 0, 1)
    np.testing.assert_allclose(grey(header), expected, atol=1e-6)


@pytest.mark.parametrize(("function", "middle"), [("LINEAR_EXACT", 0.5), ("SIGMOID", 0.5), ("LINEAR", 0.5 + 0.5 / 7)])
def test_read_image_follows_the_function_when_the_window_names_one(function: str, middle: float) -> None:
    header = scan(RAMP, WindowCenter=8, WindowWidth=8, VOILUTFunction=function)
    assert grey(header)[2, 0] == pytest.approx(middle, abs=1e-6)


def test_read_image_paints_padding_black_when_it_lies_outside_the_anatomy() -> None:
    pixels = RAMP.astype(np.int16)
    pixels[0, 0] = -2000
    result = grey(scan(pixels, PixelPaddingValue=-2000, PhotometricInterpretation="MONOCHROME1"))
    assert result[0, 0] == 0.0
    assert (result[0, 1], result[3, 3]) == (1.0, 0.0)


def test_read_image_looks_values_up_when_there_is_a_voi_table() -> None:
    table = Dataset()
    table.LUTDescriptor = [16, 0, 8]
    table.LUTData = list(range(255, 255 - 16, -1))
    table["LUTDescriptor"].VR = "US"
    table["LUTData"].VR = "US"
    np.testing.assert_allclose(grey(scan(RAMP, VOILUTSequence=[table])), (255 - RAMP) / 255, atol=1e-6)


def test_read_image_takes_the_first_frames_window_when_the_file_is_enhanced() -> None:
    window, groups = Dataset(), Dataset()
    window.WindowCenter, window.WindowWidth, window.VOILUTFunction = 8, 8, "LINEAR_EXACT"
    groups.FrameVOILUTSequence = [window]
    header = scan(RAMP, SharedFunctionalGroupsSequence=[groups])
    np.testing.assert_allclose(grey(header), np.clip((RAMP - 8.0) / 8 + 0.5, 0, 1), atol=1e-6)


def test_read_image_keeps_colour_when_rgb() -> None:
    rgb = np.random.default_rng(3).integers(0, 256, (4, 6, 3), dtype=np.uint8)
    header = scan(rgb, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    np.testing.assert_array_equal(np.rint(read_image(saved(header), name="x").pixels * 255), rgb)


def deflated(plain_file: bytes, body: bytes | None = None) -> bytes:
    """The file with its data set (or ``body``) deflated."""
    length = struct.unpack("<I", plain_file[140:144])[0]
    meta_end = 144 + length
    meta = plain_file[:meta_end]
    uid = bytes(ExplicitVRLittleEndian, "ascii") + b"\0"
    element = b"\x02\x00\x10\x00UI"
    longer = bytes(DEFLATED, "ascii")
    meta = meta.replace(element + struct.pack("<H", len(uid)) + uid, element + struct.pack("<H", len(longer)) + longer)
    meta = meta[:140] + struct.pack("<I", length + len(longer) - len(uid)) + meta[144:]
    packer = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    return meta + packer.compress(plain_file[meta_end:] if body is None else body) + packer.flush()


def test_read_image_inflates_when_the_data_set_is_deflated() -> None:
    plain = saved(scan(RAMP))
    np.testing.assert_array_equal(read_image(deflated(plain), name="x").pixels, read_image(plain, name="x").pixels)


def test_read_image_stops_inflating_when_over_the_cap() -> None:
    bomb = deflated(saved(scan(RAMP)), bytes(30_000_000))
    assert len(bomb) < 100_000
    with pytest.raises(ImageTooLarge, match=r"bomb\.dcm"):
        read_image(bomb, name="bomb.dcm", caps=ImageCaps(file_bytes=1_000_000))


def test_read_image_refuses_when_sequences_nest_deeply() -> None:
    plain = saved(scan(RAMP))
    meta_end = 144 + struct.unpack("<I", plain[140:144])[0]
    opening = b"\x08\x00\x40\x11SQ\x00\x00\xff\xff\xff\xff" + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    with pytest.raises(ImageRefused, match=r"deep\.dcm"):
        read_image(plain[:meta_end] + opening * 5_000 + plain[meta_end:], name="deep.dcm")


def test_read_image_refuses_when_there_are_too_many_elements() -> None:
    header = scan(RAMP)
    for element in range(0x1000, 0x1100):
        header.add_new((0x0009, element), "LO", "x")
    with pytest.raises(ImageRefused):
        read_image(saved(header), name="x", caps=ImageCaps(elements=100))


def test_read_image_refuses_when_rows_and_columns_are_over_the_cap() -> None:
    with pytest.raises(ImageTooLarge):
        read_image(saved(scan(RAMP, Rows=65_000, Columns=65_000)), name="x")


def test_read_image_refuses_when_the_codestream_contradicts_the_header() -> None:
    from PIL import Image as PillowImage

    buffer = io.BytesIO()
    PillowImage.fromarray(np.zeros((512, 512), np.uint8)).save(buffer, "JPEG")
    header = scan(np.zeros((4, 4), np.uint8))
    header.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    header.PixelData = encapsulate([buffer.getvalue()])
    header["PixelData"].is_undefined_length = True
    with pytest.raises(ImageRefused):
        read_image(saved(header), name="x")


def test_read_image_refuses_when_the_transfer_syntax_is_video() -> None:
    header = scan(RAMP)
    header.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.4.100")
    header.PixelData = encapsulate([b"\0\0\1\0"])
    header["PixelData"].is_undefined_length = True
    with pytest.raises(ImageUnsupported):
        read_image(saved(header), name="x")


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=80, deadline=None)
def test_read_image_raises_nothing_untyped_when_a_dicom_file_is_cut_or_flipped(seed: int) -> None:
    random = np.random.default_rng(seed)
    data = bytearray(saved(scan(RAMP, WindowCenter=8, WindowWidth=8, RescaleSlope=1, RescaleIntercept=0)))
    for at in random.integers(132, len(data), 4):
        data[at] = int(random.integers(0, 256))
    result = outcome(bytes(data[: int(random.integers(140, len(data) + 1))]))
    assert result.subject == "torn" if isinstance(result, ImageError) else np.isfinite(result.pixels).all()
