"""Builders that the tests of this folder share."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from offchain.models import build, encode, weights_of

CARD: dict[str, Any] = {
    "schema": "assay/model-card/1",
    "name": "Test",
    "architecture": "small_cnn",
    "classes": ["normal", "pneumonia"],
    "preprocessing": {"side": 64, "channels": 1, "resize": "stretch"},
    "normalisation": {"mean_ppm": [500_000], "deviation_ppm": [250_000]},
    "operating_point_ppm": 500_000,
    "intended_use": "Tests.",
    "training_data": "None.",
    "licence": "CC0-1.0",
}


def safetensors(header: object, body: bytes = b"", *, length: int | None = None) -> bytes:
    """A file with the given header, as JSON or as raw bytes."""
    text = header if isinstance(header, bytes) else json.dumps(header, separators=(",", ":")).encode()
    return (len(text) if length is None else length).to_bytes(8, "little") + text + body


def tensor(start: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, Any]:
    """One entry of a header."""
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def untrained(architecture: str, channels: int = 1, classes: int = 2, seed: int = 0) -> bytes:
    """Canonical bytes of an untrained model."""
    import torch

    torch.manual_seed(seed)
    return encode(weights_of(build(architecture, channels, classes)))


def arrays(seed: int = 0) -> dict[str, np.ndarray]:
    """A few named arrays."""
    rng = np.random.default_rng(seed)
    return {f"layer.{n}": rng.normal(size=(n + 1, 3)).astype(np.float32) for n in range(4)}
