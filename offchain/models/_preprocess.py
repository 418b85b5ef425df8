"""From decoded pixels to a model's input, by the card. Stewards, trainers and validators share it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from ._card import Normalisation, Preprocessing

__all__ = ["prepare"]

_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)  # ITU-R BT.601
_PPM = np.float32(1_000_000)


def prepare(
    pixels: NDArray[np.float32], preprocessing: Preprocessing, normalisation: Normalisation
) -> NDArray[np.float32]:
    """The model's input for one image.

    Args:
        pixels: height x width x channels (1 or 3), within 0..1.
        preprocessing: side, channels and kind of resizing. Resizing is Pillow's bilinear filter, with its support
            widened when shrinking, on 32-bit floats.
        normalisation: mean and deviation of each channel.

    Returns:
        channels x side x side.
    """
    planes = [_resized(plane, preprocessing) for plane in _with_channels(pixels, preprocessing.channels)]
    mean = np.array(normalisation.mean_ppm, dtype=np.float32) / _PPM
    deviation = np.array(normalisation.deviation_ppm, dtype=np.float32) / _PPM
    normal: NDArray[np.float32] = (np.stack(planes) - mean[:, None, None]) / deviation[:, None, None]
    return normal


def _with_channels(pixels: NDArray[np.float32], channels: int) -> list[NDArray[np.float32]]:
    if pixels.shape[2] == channels:
        return [np.ascontiguousarray(pixels[:, :, c]) for c in range(channels)]
    if channels == 3:
        return [np.ascontiguousarray(pixels[:, :, 0])] * 3
    red, green, blue = (pixels[:, :, c] * _LUMA[c] for c in range(3))
    return [red + green + blue]


def _resized(plane: NDArray[np.float32], preprocessing: Preprocessing) -> NDArray[np.float32]:
    height, width = plane.shape
    side = preprocessing.side
    image = PillowImage.fromarray(plane)
    box: tuple[float, float, float, float] = (0, 0, width, height)
    to_height = to_width = side
    if preprocessing.resize == "crop":
        short = min(height, width)
        left, top = (width - short) / 2, (height - short) / 2
        box = (left, top, left + short, top + short)
    elif preprocessing.resize == "pad":
        long = max(height, width)
        to_height, to_width = (max(1, round(side * length / long)) for length in (height, width))
    scaled = np.asarray(image.resize((to_width, to_height), PillowImage.Resampling.BILINEAR, box=box))
    if scaled.shape == (side, side):
        return scaled
    padded = np.zeros((side, side), dtype=np.float32)
    top, left = (side - to_height) // 2, (side - to_width) // 2
    padded[top : top + to_height, left : left + to_width] = scaled
    return padded
