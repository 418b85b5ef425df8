"""The canonical form of a checkpoint: one sequence of bytes for one set of weights.

Float32 only, tensors sorted by name and stored in that order, no metadata, a header without white space whose fields
come as ``dtype``, ``shape``, ``data_offsets``, padded with spaces to a multiple of 8 bytes. Counters that no output
depends on (``num_batches_tracked``) are left out. Every safetensors reader can read it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._errors import CheckpointMalformed, CheckpointNotCanonical
from ._header import CheckpointCaps, TensorEntry, read_header

__all__ = ["IGNORED_SUFFIX", "checkpoint_id", "encode", "pack", "read_canonical"]

IGNORED_SUFFIX = ".num_batches_tracked"
_ALIGNMENT = 8
_PACK_HINT = "`assay model pack` writes the canonical form"


def checkpoint_id(data: bytes) -> bytes:
    """The 32-byte id of a checkpoint in canonical form; the form itself is `read_canonical`'s matter."""
    return hashlib.blake2b(data, digest_size=32).digest()


def read_canonical(data: bytes, caps: CheckpointCaps | None = None) -> list[TensorEntry]:
    """Checks every rule of the canonical form; the tensors by name.

    Raises:
        CheckpointForeign, CheckpointTooLarge, CheckpointMalformed: as for any safetensors file.
        CheckpointNotCanonical: the same weights have another, canonical form.
    """
    entries = read_header(data, caps or CheckpointCaps())
    if not entries:
        raise CheckpointMalformed("the checkpoint has no tensors")
    for entry in entries:
        if entry.dtype != "F32" or entry.name.endswith(IGNORED_SUFFIX):
            raise CheckpointNotCanonical(
                "a canonical checkpoint holds float32 weights only", subject=entry.name, hint=_PACK_HINT
            )
    header = _header([(entry.name, entry.shape) for entry in sorted(entries, key=lambda entry: entry.name)])
    if data[: len(header)] != header:
        raise CheckpointNotCanonical("the safetensors header is not in canonical form", hint=_PACK_HINT)
    for entry in entries:
        _check_finite(np.frombuffer(data, "<f4", (entry.end - entry.start) // 4, entry.start), entry.name)
    return entries


def encode(tensors: Mapping[str, NDArray[np.float32]]) -> bytes:
    """The canonical form of named float32 arrays."""
    names = sorted(tensors)
    parts = [_header([(name, tensors[name].shape) for name in names])]
    for name in names:
        array = np.asarray(tensors[name])
        if array.dtype != np.float32:
            raise CheckpointMalformed(f"weights must be float32, not {array.dtype}", subject=name)
        parts.append(np.ascontiguousarray(array, dtype="<f4").tobytes())
    data = b"".join(parts)
    read_canonical(data)
    return data


def pack(data: bytes, caps: CheckpointCaps | None = None) -> bytes:
    """The canonical form of any safetensors file.

    Metadata and batch counters are dropped; float64, float16 and bfloat16 become float32.

    Raises:
        CheckpointForeign, CheckpointTooLarge, CheckpointMalformed: the file is refused.
    """
    entries = read_header(data, caps or CheckpointCaps())
    return encode(
        {entry.name: _as_float32(data, entry) for entry in entries if not entry.name.endswith(IGNORED_SUFFIX)}
    )


def _header(tensors: list[tuple[str, tuple[int, ...]]]) -> bytes:
    at, described = 0, {}
    for name, shape in tensors:
        end = at + 4 * int(np.prod(shape, dtype=np.int64))
        described[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [at, end]}
        at = end
    text = json.dumps(described, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    text += b" " * (-len(text) % _ALIGNMENT)
    return len(text).to_bytes(8, "little") + text


def _check_finite(values: NDArray[Any], name: str) -> None:
    if not np.isfinite(values).all():
        raise CheckpointMalformed("a weight is not a finite number", subject=name)


def _as_float32(data: bytes, entry: TensorEntry) -> NDArray[np.float32]:
    raw = data[entry.start : entry.end]
    wide: NDArray[Any]
    if entry.dtype == "BF16":
        wide = (np.frombuffer(raw, "<u2").astype(np.uint32) << 16).view(np.float32)
    elif entry.dtype == "I64":
        raise CheckpointMalformed("whole numbers are no weights", subject=entry.name)
    else:
        wide = np.frombuffer(raw, {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[entry.dtype])
    with np.errstate(over="ignore"):
        narrow = wide.astype(np.float32).reshape(entry.shape)
    _check_finite(narrow, entry.name)
    return narrow
