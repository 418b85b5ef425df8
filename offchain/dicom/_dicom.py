"""DICOM pixel data, from bytes to values. Only this package imports pydicom."""

from __future__ import annotations

import io
import warnings
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.filereader import read_dataset, read_partial, read_preamble
from pydicom.pixels import apply_color_lut, pixel_array
from pydicom.tag import BaseTag
from pydicom.uid import UID

from ._codestream import announced_size
from ._errors import ImageRefused, ImageTooLarge, ImageUnsupported
from ._image import Image, ImageCaps
from ._values import to_grey

__all__ = ["read_dicom"]

_PIXEL_DATA = 0x7FE00010
_DEFLATED = UID("1.2.840.10008.1.2.1.99")
_EXPLICIT = UID("1.2.840.10008.1.2.1")
_NATIVE = frozenset({"1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"})
_RLE = "1.2.840.10008.1.2.5"
_MAX_RLE_BYTES = 16 * 2**20  # two bytes become up to 128, and the decoder sets no bound of its own
_CODESTREAMS = frozenset(f"1.2.840.10008.1.2.4.{number}" for number in (50, 51, 57, 70, 80, 81, 90, 91))
_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


def read_dicom(data: bytes, name: str, caps: ImageCaps) -> Image:
    """Decodes the first frame of a DICOM file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom warns of every irregular value, and quotes it
        header = _parse(_inflated(data, name, caps), name, caps)
        frames = _check(header, name, caps)
        values = pixel_array(header, index=0)
        photometric = str(header.PhotometricInterpretation)
        if photometric in _GREY:
            grey = to_grey(values, header, name)
            pixels = grey[:, :, None]
        else:
            if photometric == "PALETTE COLOR":
                values = apply_color_lut(values, header)
            pixels = _colour(values, header)
    return Image(pixels, "dicom", int(header.BitsStored), frames)


def _colour(values: NDArray[Any], header: Dataset) -> NDArray[np.float32]:
    """RGB of the depth of its own type (palettes widen to 8 or 16 bits), to 0..1."""
    bits = int(header.BitsStored) if str(header.PhotometricInterpretation) != "PALETTE COLOR" else 8 * values.itemsize
    scaled = values.astype(np.float64) / float(2**bits - 1)
    return np.clip(scaled, 0.0, 1.0).astype(np.float32)


def _inflated(data: bytes, name: str, caps: ImageCaps) -> bytes:
    """The file with a deflated data set inflated, bounded; other files as they are."""
    file = io.BytesIO(data)
    read_preamble(file, force=False)
    meta = read_dataset(file, is_implicit_VR=False, is_little_endian=True, stop_when=_past_the_meta)
    if meta.get("TransferSyntaxUID") != _DEFLATED:
        return data
    start = file.tell()
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = inflate.decompress(data[start:], caps.file_bytes + 1)
    if len(plain) > caps.file_bytes:
        raise ImageTooLarge(f"the deflated data set inflates to more than {caps.file_bytes} bytes", subject=name)
    head = data[:start].replace(_DEFLATED.encode(), _EXPLICIT.encode().ljust(len(_DEFLATED), b"\0"))
    return head + plain


def _past_the_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return int(tag) >> 16 != 2


def _parse(data: bytes, name: str, caps: ImageCaps) -> Dataset:
    seen = 0

    def past_the_pixels(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        nonlocal seen
        seen += 1
        if seen > caps.elements:
            raise ImageRefused(f"the file has over {caps.elements} elements", subject=name)
        return int(tag) > _PIXEL_DATA

    try:
        return read_partial(io.BytesIO(data), past_the_pixels)
    except RecursionError:
        raise ImageRefused("the file nests sequences too deeply", subject=name) from None


def _check(header: Dataset, name: str, caps: ImageCaps) -> int:
    """Refuses what would not decode to an image within the caps; the number of frames."""
    syntax = str(header.file_meta.get("TransferSyntaxUID", ""))
    if syntax not in _NATIVE | _CODESTREAMS | {_RLE, str(_DEFLATED)}:
        raise ImageUnsupported(f"transfer syntax {syntax or 'missing'} is not read", subject=name)
    if "PixelData" not in header:
        raise ImageUnsupported("the file has no integer pixel data", subject=name)
    if header.get("PhotometricInterpretation") not in _GREY + _COLOUR:
        raise ImageUnsupported("the photometric interpretation is not read", subject=name)
    if header.BitsAllocated not in (1, 8, 16, 32):
        raise ImageUnsupported(f"{header.BitsAllocated} bits per sample are not read", subject=name)
    rows, columns = int(header.Rows), int(header.Columns)
    caps.check_pixels(rows, columns, name)
    frames = int(header.get("NumberOfFrames", 1) or 1)
    if syntax == _RLE and len(get_frame(header.PixelData, 0, number_of_frames=frames)) > _MAX_RLE_BYTES:
        raise ImageTooLarge(f"the run-length encoded frame has more than {_MAX_RLE_BYTES} bytes", subject=name)
    if syntax in _CODESTREAMS:
        announced = announced_size(get_frame(header.PixelData, 0, number_of_frames=frames))
        if announced != (rows, columns):
            raise ImageRefused("the compressed frame announces another size than the header", subject=name)
    return frames
