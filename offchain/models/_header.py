"""The header of a safetensors file, read as if its maker were an enemy.

The format: 8 bytes with the header's length (little endian), a JSON object of tensors, their bytes. The header may end
in spaces. Offsets count from the header's end. Everything is checked on the header alone.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from offchain.crypto import shallow_json

from ._errors import CheckpointForeign, CheckpointMalformed, CheckpointTooLarge

__all__ = ["ITEM_BYTES", "CheckpointCaps", "TensorEntry", "read_header"]

ITEM_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8}
"""Bytes of one number, by type; other types are refused."""

_LENGTH_BYTES = 8
_NAME = re.compile(r"[A-Za-z0-9_.\-]{1,256}")
_FOREIGN = (
    (b"PK\x03\x04", "a zip archive (torch.save or TorchScript)"),
    (b"\x80", "a pickle"),
    (b"\x89HDF", "an HDF5 file"),
    (b"GGUF", "a GGUF file"),
    (b"\x08", "an ONNX model"),
)


@dataclass(frozen=True, slots=True)
class CheckpointCaps:
    """Limits checked before memory is taken."""

    file_bytes: int = 512 * 2**20
    header_bytes: int = 2**20
    tensors: int = 10_000
    dimensions: int = 8


@dataclass(frozen=True, slots=True)
class TensorEntry:
    """One tensor: its bytes are ``data[start:end]`` of the file."""

    name: str
    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def read_header(data: bytes | memoryview, caps: CheckpointCaps) -> list[TensorEntry]:
    """The tensors in the order of the header; their bytes cover the rest of the file without gap or overlap.

    Raises:
        CheckpointForeign: the bytes are another type of file.
        CheckpointTooLarge: over a cap.
        CheckpointMalformed: not valid safetensors.
    """
    if len(data) > caps.file_bytes:
        raise CheckpointTooLarge(f"the checkpoint has {len(data)} bytes, over {caps.file_bytes}")
    view = memoryview(data)
    body = _LENGTH_BYTES + _header_length(view, caps)
    described = _parse(bytes(view[_LENGTH_BYTES:body]))
    if len(described) > caps.tensors:
        raise CheckpointTooLarge(f"the checkpoint has {len(described)} tensors, over {caps.tensors}")
    entries = [_entry(name, value, body, caps) for name, value in described.items()]
    _check_layout(entries, body, len(view))
    return entries


def _header_length(view: memoryview, caps: CheckpointCaps) -> int:
    length = int.from_bytes(view[:_LENGTH_BYTES], "little")
    if len(view) > _LENGTH_BYTES and view[_LENGTH_BYTES] == ord("{"):
        if length > caps.header_bytes:
            raise CheckpointTooLarge(f"the header has {length} bytes, over {caps.header_bytes}")
        if _LENGTH_BYTES + length > len(view):
            raise CheckpointMalformed("the file ends within its header")
        return length
    head = bytes(view[:8])
    kind = next((kind for magic, kind in _FOREIGN if head.startswith(magic)), None)
    if kind is not None:
        raise CheckpointForeign(f"the file is {kind}, which is never read", hint="save the weights as safetensors")
    raise CheckpointMalformed("the file is not safetensors")


def _parse(header: bytes) -> dict[str, Any]:
    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise CheckpointMalformed("the header repeats a key")
        return found

    def refuse_number(text: str) -> NoReturn:
        raise CheckpointMalformed(f"the header has a number that is not whole: {text[:20]}")

    try:
        shallow_json(header, max_depth=3)
        parsed = json.loads(
            header.decode("utf-8"),
            object_pairs_hook=refuse_duplicates,
            parse_float=refuse_number,
            parse_constant=refuse_number,
        )
    except (ValueError, RecursionError):
        raise CheckpointMalformed("the header is not JSON") from None
    if not isinstance(parsed, dict):
        raise CheckpointMalformed("the header is not an object")
    metadata = parsed.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise CheckpointMalformed("the header's metadata are not strings")
    return parsed


def _entry(name: str, value: Any, body: int, caps: CheckpointCaps) -> TensorEntry:
    if not _NAME.fullmatch(name):
        raise CheckpointMalformed(f"a tensor's name has other characters than letters, digits and _.-: {name[:40]!r}")
    if not isinstance(value, dict) or value.keys() != {"dtype", "shape", "data_offsets"}:
        raise CheckpointMalformed("a tensor has other fields than dtype, shape and data_offsets", subject=name)
    dtype, shape, offsets = value["dtype"], value["shape"], value["data_offsets"]
    if not isinstance(dtype, str) or dtype not in ITEM_BYTES:
        raise CheckpointMalformed(
            f"numbers of type {str(dtype)[:20]!r} are refused", subject=name, hint=f"known are {', '.join(ITEM_BYTES)}"
        )
    if not _are_sizes(shape) or not _are_sizes(offsets) or len(offsets) != 2:
        raise CheckpointMalformed("shape or offsets are not lists of whole numbers", subject=name)
    if len(shape) > caps.dimensions:
        raise CheckpointTooLarge(f"a tensor has over {caps.dimensions} dimensions", subject=name)
    if 0 in shape:
        raise CheckpointMalformed("a tensor is empty", subject=name)
    start, end = offsets
    if end - start != math.prod(shape) * ITEM_BYTES[dtype]:
        raise CheckpointMalformed("the offsets do not fit shape and dtype", subject=name)
    return TensorEntry(name, dtype, tuple(shape), body + start, body + end)


def _are_sizes(value: Any) -> bool:
    return isinstance(value, list) and all(type(item) is int and 0 <= item < 2**48 for item in value)


def _check_layout(entries: list[TensorEntry], body: int, size: int) -> None:
    at = body
    for entry in sorted(entries, key=lambda entry: entry.start):
        if entry.start != at:
            raise CheckpointMalformed(
                "tensors overlap" if entry.start < at else "there are bytes between tensors", subject=entry.name
            )
        at = entry.end
    if at != size:
        raise CheckpointMalformed(
            "the file ends within a tensor" if at > size else "there are bytes behind the last tensor"
        )
