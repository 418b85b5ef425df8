"""PNG, JPEG and TIFF through Pillow."""

from __future__ import annotations

import io
import warnings

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage
from PIL import ImageOps

from ._errors import ImageTooLarge, ImageUnsupported
from ._image import Format, Image, ImageCaps

__all__ = ["read_raster"]

_GREY_16 = ("I;16", "I;16L", "I;16B", "I;16N")
_GREY_8 = ("1", "L", "LA", "La")
_COLOUR = ("RGB", "RGBA", "RGBX", "RGBa", "P", "PA", "CMYK", "YCbCr", "LAB", "HSV")


def read_raster(data: bytes, kind: Format, name: str, caps: ImageCaps) -> Image:
    """Decodes the first frame, upright by its EXIF orientation; transparency is dropped."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", PillowImage.DecompressionBombWarning)
        try:
            opened = PillowImage.open(io.BytesIO(data), formats=(kind.upper(),))
        except (PillowImage.DecompressionBombWarning, PillowImage.DecompressionBombError):
            raise ImageTooLarge(f"the image has more than {caps.pixels} pixels", subject=name) from None
        with opened as image:
            caps.check_pixels(image.height, image.width, name)
            frames = int(getattr(image, "n_frames", 1))
            image.load()
            pixels, bits = _to_floats(ImageOps.exif_transpose(image), name)
    return Image(pixels, kind, bits, frames)


def _to_floats(image: PillowImage.Image, name: str) -> tuple[NDArray[np.float32], int]:
    if image.mode in _GREY_16:
        return (np.asarray(image).astype(np.float32) / np.float32(65535))[:, :, None], 16
    if image.mode in _GREY_8:
        grey = np.asarray(image.convert("L"), dtype=np.float32) / np.float32(255)
        return grey[:, :, None], 1 if image.mode == "1" else 8
    if image.mode in _COLOUR:
        return np.asarray(image.convert("RGB"), dtype=np.float32) / np.float32(255), 8
    raise ImageUnsupported(
        f"pixels of kind {image.mode!r} have no defined range",
        subject=name,
        hint="store grey with 8 or 16 bits, or RGB with 8",
    )
