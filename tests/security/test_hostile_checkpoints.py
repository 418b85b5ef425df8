"""Files that pretend to be checkpoints, on their way through the store and the loader: a typed refusal, a decline."""

from __future__ import annotations

import io
import json
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from offchain.chain.types import DeclineReason
from offchain.models import (
    CheckpointForeign,
    CheckpointMalformed,
    CheckpointMismatch,
    CheckpointNotCanonical,
    CheckpointTooLarge,
    ModelError,
    build,
    encode,
    load,
    weights_of,
)
from offchain.store import EmbeddedStore
from validators._work import reason_before_keys

MIB = 1 << 20


def framed(header: bytes, body: bytes = b"", length: int | None = None) -> bytes:
    """A file with this header, which may say another length of itself."""
    return (len(header) if length is None else length).to_bytes(8, "little") + header + body


def as_json(fields: dict[str, Any]) -> bytes:
    return json.dumps(fields, separators=(",", ":"), sort_keys=True).encode()


def entry(start: int, end: int, shape: list[int], dtype: str = "F32") -> dict[str, Any]:
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def honest() -> dict[str, Any]:
    import torch

    torch.manual_seed(0)
    return dict(weights_of(build("small_cnn", 1, 2)))


class Bomb:
    """Runs when it is unpickled."""

    def __reduce__(self) -> Any:
        return (pytest.fail, ("code in a checkpoint was run",))


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(Bomb()))
        archive.writestr("archive/version", "3")
    return file.getvalue()


def poisoned(value: float) -> bytes:
    weights = honest()
    name = min(weights)
    flat = weights[name].copy().reshape(-1)
    flat[flat.size // 2] = value
    weights[name] = flat.reshape(weights[name].shape)
    body = b"".join(weights[key].tobytes() for key in sorted(weights))
    fields, at = {}, 0
    for key in sorted(weights):
        fields[key] = entry(at, at + weights[key].nbytes, list(weights[key].shape))
        at += weights[key].nbytes
    return framed(as_json(fields), body)


def padded() -> bytes:
    data = encode(honest())
    length = int.from_bytes(data[:8], "little")
    return framed(data[8 : 8 + length] + b" " * 8, data[8 + length :])


HOSTILE: dict[str, tuple[Callable[[], bytes], tuple[type[ModelError], ...]]] = {
    "pickle": (lambda: pickle.dumps(Bomb()), (CheckpointForeign,)),
    "torch_zip": (zipped, (CheckpointForeign,)),
    "empty": (lambda: b"", (ModelError,)),
    "header_of_2_gib": (lambda: framed(b"{}", length=2 << 30), (CheckpointTooLarge, CheckpointMalformed)),
    "header_of_2_to_the_63": (lambda: framed(b"{}", length=1 << 63), (CheckpointTooLarge, CheckpointMalformed)),
    "header_over_1_mib": (lambda: framed(b"{" + b" " * MIB + b"}"), (CheckpointTooLarge,)),
    "header_that_nests": (lambda: framed(b'{"a":' * 100_000), (CheckpointMalformed, CheckpointTooLarge)),
    "header_past_the_end": (lambda: framed(b'{"a"', length=400), (CheckpointMalformed,)),
    "100_000_tensors": (
        lambda: framed(as_json({f"{n}": entry(0, 0, [0]) for n in range(100_000)})),
        (CheckpointTooLarge,),
    ),
    "overlapping_offsets": (
        lambda: framed(as_json({"a": entry(0, 8, [2]), "b": entry(4, 12, [2])}), bytes(12)),
        (CheckpointMalformed, CheckpointNotCanonical),
    ),
    "offsets_past_the_end": (lambda: framed(as_json({"a": entry(0, 1 << 40, [1 << 38])}), bytes(4)), (ModelError,)),
    "negative_offsets": (lambda: framed(as_json({"a": entry(-4, 0, [1])}), bytes(4)), (CheckpointMalformed,)),
    "shape_that_overflows": (
        lambda: framed(as_json({"a": entry(0, 4, [1 << 33, 1 << 33])}), bytes(4)),
        (ModelError,),
    ),
    "wrong_dtype": (lambda: framed(as_json({"a": entry(0, 8, [1], "F64")}), bytes(8)), (ModelError,)),
    "unknown_dtype": (lambda: framed(as_json({"a": entry(0, 8, [1], "EVIL")}), bytes(8)), (ModelError,)),
    "not_a_number": (lambda: poisoned(np.nan), (ModelError,)),
    "infinity": (lambda: poisoned(np.inf), (ModelError,)),
    "padded_header": (padded, (CheckpointNotCanonical,)),
    "bytes_behind_the_end": (lambda: encode(honest()) + b"\0" * 64, (CheckpointMalformed, CheckpointNotCanonical)),
    "missing_tensor": (
        lambda: encode({name: value for name, value in honest().items() if name != min(honest())}),
        (CheckpointMismatch,),
    ),
    "smuggled_tensor": (
        lambda: encode({**honest(), "zz.payload": np.zeros(1_000, np.float32)}),
        (CheckpointMismatch,),
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_checkpoint_is_refused_by_type_and_declined_when_hostile(kind: str, tmp_path: Path) -> None:
    make, expected = HOSTILE[kind]
    store = EmbeddedStore(tmp_path)
    data = store.get(store.put(make()))
    build("small_cnn", 1, 2)  # torch is loaded before memory is counted
    tracemalloc.start()
    try:
        with pytest.raises(expected) as caught:
            load(data, "small_cnn", channels=1, classes=2)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reason_before_keys(caught.value) is DeclineReason.UNLOADABLE
    assert peak < 4 * len(data) + 64 * MIB


def test_honest_checkpoint_loads_so_the_refusals_mean_something(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    module = load(store.get(store.put(encode(honest()))), "small_cnn", channels=1, classes=2)
    assert not module.training
