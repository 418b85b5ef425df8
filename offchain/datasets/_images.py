"""Images on their way into a data set: read once, decoded once, and looked at for what must not be published."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from offchain.datasets._errors import ImageRejected
from offchain.datasets._labels import Row

__all__ = ["KINDS", "Item", "examine", "read_again"]

KINDS = {"png": ".png", "jpeg": ".jpg", "tiff": ".tif"}
MAX_IMAGE_BYTES = 64 << 20
# What Pillow reports of every plain image; anything beside these may name a person, a place or a device.
HARMLESS = frozenset(
    (
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "dpi",
        "gamma",
        "srgb",
        "chromaticity",
        "aspect",
        "interlace",
        "transparency",
        "compression",
        "progressive",
        "progression",
        "adobe",
        "adobe_transform",
        "icc_profile",
        "resolution",
    )
)
# Chunks of a PNG that hold pixels, colours or the time of writing, and those that Pillow reports.
PNG_CHUNKS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP bKGD pHYs sBIT hIST sPLT tIME tEXt zTXt iTXt eXIf".split()
)
TIFF_TEXT_TAGS = frozenset((269, 270, 271, 272, 285, 305, 306, 315, 316, 700, 33432, 33723, 34377, 34665, 34853))


@dataclass(frozen=True, slots=True)
class Item:
    """A row with what its file was when it was examined."""

    row: Row
    kind: str
    size_bytes: int
    sha256: str
    metadata: tuple[str, ...]


def examine(row: Row) -> Item:
    """Decode one image and note its size, digest and metadata.

    Raises ImageRejected for DICOM and for what is too large, and the image reader's own errors.
    """
    from offchain.dicom import read_image, sniff

    data = _read(row.path)
    kind = sniff(data)
    if kind == "dicom":
        raise ImageRejected(
            "a DICOM file carries its header to whoever opens the sample",
            subject=row.file,
            hint="de-identify it and pack its pixels as PNG or TIFF",
        )
    read_image(data, name=row.file)
    metadata = tuple(_metadata(data))
    return Item(row, str(kind), len(data), hashlib.sha256(data).hexdigest(), metadata)


def read_again(item: Item) -> bytes:
    """The bytes that were examined. Raises ImageRejected where the file has changed since."""
    data = _read(item.row.path)
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise ImageRejected("the file changed after it was examined", subject=item.row.file, hint="pack again")
    return data


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_IMAGE_BYTES + 1)
    except OSError as error:
        raise ImageRejected(f"the image cannot be read ({error.strerror})", subject=str(path)) from None
    if len(data) > MAX_IMAGE_BYTES:
        raise ImageRejected(f"the image has more than {MAX_IMAGE_BYTES >> 20} MiB", subject=str(path))
    return data


def _metadata(data: bytes) -> list[str]:
    """Names of what an image carries beside its pixels."""
    from PIL import Image

    with Image.open(io.BytesIO(data)) as image:
        names = {str(name).lower() for name in image.info} - HARMLESS | _passed_over(data)
        if image.format == "TIFF":
            names |= {f"tag {tag}" for tag in TIFF_TEXT_TAGS if tag in image.getexif()}
    return sorted(names)


def _passed_over(data: bytes) -> set[str]:
    """What decoders pass over in silence: other chunks of a PNG, and bytes behind the end of a PNG or JPEG."""
    if data.startswith(b"\xff\xd8"):
        return set() if data.endswith(b"\xff\xd9") else {"bytes behind the end"}
    found: set[str] = set()
    at = 8 if data.startswith(b"\x89PNG") else len(data)
    while at < len(data):
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        found |= set() if name in PNG_CHUNKS else {f"chunk {name.decode('latin-1')}"}
        if name == b"IEND" and at < len(data):
            return found | {"bytes behind the end"}
    return found
