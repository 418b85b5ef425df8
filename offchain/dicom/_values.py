"""From stored values to grey within 0..1: DICOM PS3.3 C.11.1 (modality) and C.11.2 (VOI)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.pixels import apply_modality_lut, apply_voi

from ._errors import ImageRefused

__all__ = ["to_grey"]


def to_grey(stored: NDArray[Any], header: Dataset, name: str) -> NDArray[np.float32]:
    """Grey of the first frame, 0 black; padding is black.

    Args:
        stored: height x width stored values.
        header: the data set they came from.
        name: what errors call the file.
    """
    padding = _padding(stored, header)
    transform = _functional(header, "PixelValueTransformationSequence")
    window = _functional(header, "FrameVOILUTSequence")
    values = np.asarray(apply_modality_lut(stored, transform), dtype=np.float64)
    if "VOILUTSequence" in window:
        grey = _by_table(apply_modality_lut(stored, transform), window)
    elif window.get("WindowCenter") is not None and window.get("WindowWidth") is not None:
        grey = _by_window(values, window)
    else:
        grey = _by_range(values, ~padding)
    if not np.isfinite(grey).all():
        raise ImageRefused("rescale or window give values that are not numbers", subject=name)
    if header.PhotometricInterpretation == "MONOCHROME1":
        grey = 1.0 - grey
    grey[padding] = 0.0
    return grey.astype(np.float32)


def _functional(header: Dataset, sequence: str) -> Dataset:
    """Where an enhanced file keeps the attributes of its first frame; the header itself in a classic one."""
    for groups in ("PerFrameFunctionalGroupsSequence", "SharedFunctionalGroupsSequence"):
        if header.get(groups) and header[groups][0].get(sequence):
            return Dataset(header[groups][0][sequence][0])
    return header


def _padding(stored: NDArray[Any], header: Dataset) -> NDArray[np.bool_]:
    """Where the stored value is padding: PS3.3 C.7.5.1.1.2."""
    first = header.get("PixelPaddingValue")
    if first is None:
        return np.zeros(stored.shape, dtype=bool)
    last = header.get("PixelPaddingRangeLimit", first)
    low, high = sorted((int(first), int(last)))
    return (stored >= low) & (stored <= high)


def _first(value: Any) -> float:
    return float(value[0] if isinstance(value, MultiValue) else value)


def _by_window(values: NDArray[np.float64], window: Dataset) -> NDArray[np.float64]:
    """The first window, by its function: PS3.3 C.11.2.1.2 and C.11.2.1.3."""
    centre, width = _first(window.WindowCenter), _first(window.WindowWidth)
    function = str(window.get("VOILUTFunction", "LINEAR"))
    if function == "SIGMOID":
        exponent = np.clip(-4.0 * (values - centre) / max(width, 1e-6), -700, 700)
        return np.asarray(1.0 / (1.0 + np.exp(exponent)), dtype=np.float64)
    if function == "LINEAR_EXACT":
        return np.clip((values - centre) / max(width, 1e-6) + 0.5, 0.0, 1.0)
    return np.clip((values - (centre - 0.5)) / max(width - 1.0, 1e-6) + 0.5, 0.0, 1.0)


def _by_table(values: NDArray[Any], window: Dataset) -> NDArray[np.float64]:
    bits = int(window.VOILUTSequence[0].LUTDescriptor[2])
    looked_up: NDArray[np.float64] = apply_voi(values, window).astype(np.float64)
    return np.clip(looked_up / float(2**bits - 1), 0.0, 1.0)


def _by_range(values: NDArray[np.float64], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    if not inside.any():
        return np.zeros_like(values)
    low, high = values[inside].min(), values[inside].max()
    return np.clip((values - low) / (high - low), 0.0, 1.0) if high > low else np.zeros_like(values)
