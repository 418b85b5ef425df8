"""The decoded image and the caps that it was read under."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ._errors import ImageTooLarge

__all__ = ["Format", "Image", "ImageCaps"]

Format = Literal["png", "jpeg", "tiff", "dicom"]


@dataclass(frozen=True, slots=True)
class ImageCaps:
    """Limits checked before memory is taken.

    Attributes:
        file_bytes: size of the file; also of a deflated DICOM data set once inflated.
        pixels: height times width of one frame.
        elements: DICOM elements at the top level.
    """

    file_bytes: int = 64 * 2**20
    pixels: int = 40_000_000
    elements: int = 20_000

    def check_bytes(self, size: int, name: str) -> None:
        """Raises `ImageTooLarge` where a file of ``size`` bytes is over the cap."""
        if size > self.file_bytes:
            raise ImageTooLarge(f"the image has more than {self.file_bytes} bytes", subject=name)

    def check_pixels(self, height: int, width: int, name: str) -> None:
        """Raises `ImageTooLarge` where a frame of this size is over the cap."""
        if height * width > self.pixels:
            raise ImageTooLarge(f"the image has {width} x {height} pixels, over {self.pixels}", subject=name)


@dataclass(frozen=True, slots=True)
class Image:
    """A decoded image.

    Attributes:
        pixels: float32, height x width x channels, within 0..1; 1 channel is grey with 0 black, 3 are RGB.
        format: what the bytes were.
        bits: bits per sample that the file stored.
        frames: frames in the file; only the first is in ``pixels``.
    """

    pixels: NDArray[np.float32]
    format: Format
    bits: int
    frames: int

    @property
    def height(self) -> int:
        """Rows."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns."""
        return int(self.pixels.shape[1])

    @property
    def channels(self) -> int:
        """1 for grey, 3 for RGB."""
        return int(self.pixels.shape[2])
