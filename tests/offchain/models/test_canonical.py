"""The canonical form, and every file that is refused for not being it."""

from __future__ import annotations

import io
import json
import pickle

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.models import (
    CheckpointCaps,
    CheckpointForeign,
    CheckpointMalformed,
    CheckpointNotCanonical,
    CheckpointTooLarge,
    ModelError,
    TensorEntry,
    checkpoint_id,
    encode,
    pack,
    read_canonical,
)

from .checkpoints import arrays, safetensors, tensor

F = np.float32


def header_of(data: bytes) -> dict[str, dict[str, object]]:
    length = int.from_bytes(data[:8], "little")
    return json.loads(data[8 : 8 + length])


def body_of(data: bytes) -> bytes:
    return data[8 + int.from_bytes(data[:8], "little") :]


def test_encode_writes_the_documented_bytes() -> None:
    data = encode({"b": np.array([1.0], F), "a": np.array([[2.0, 3.0]], F)})
    text = b'{"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},'
    text += b'"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}'
    text += b" " * (-len(text) % 8)
    assert data == len(text).to_bytes(8, "little") + text + np.array([2, 3, 1], "<f4").tobytes()
    assert checkpoint_id(data).hex() == "00f6cd910ab886ab5b8b3c97e4175c891d423e5b1db073f782c8baf551381958"


@given(
    st.dictionaries(
        st.text("abcz._-09", min_size=1, max_size=12),
        st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=1, max_size=6),
        min_size=1,
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_pack_gives_one_form_whatever_order_and_metadata_came(tensors: dict[str, list[float]], random: object) -> None:
    values = {name: np.array(v, F) for name, v in tensors.items() if not name.endswith(".num_batches_tracked")}
    shuffled = list(values)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    described: dict[str, object] = {"__metadata__": {"format": "pt", "note": str(shuffled)}}
    body = b""
    for name in shuffled:
        described[name] = tensor(len(body), len(body) + values[name].nbytes, [len(values[name])])
        body += values[name].astype("<f4").tobytes()
    packed = pack(safetensors(json.dumps(described, indent=1).encode() + b"   ", body))
    assert packed == encode(values)
    assert pack(packed) == packed
    assert [entry.name for entry in read_canonical(packed)] == sorted(values)


def test_pack_widens_half_precision_and_drops_counters() -> None:
    halves = np.array([1.5, -2.25], "<f2").tobytes()
    brain = np.array([1.5, -2.25], "<f4").view("<u4") >> 16
    doubles = np.array([1.5, -2.25], "<f8").tobytes()
    data = safetensors(
        {
            "h": tensor(0, 4, [2], "F16"),
            "b": tensor(4, 8, [2], "BF16"),
            "d": tensor(8, 24, [2], "F64"),
            "n.num_batches_tracked": tensor(24, 32, [], "I64"),
        },
        halves + brain.astype("<u2").tobytes() + doubles + bytes(8),
    )
    assert pack(data) == encode({name: np.array([1.5, -2.25], F) for name in "hbd"})


def pickled() -> bytes:
    return pickle.dumps({"weight": [1, 2, 3]})


def torch_saved() -> bytes:
    buffer = io.BytesIO()
    torch.save({"weight": torch.zeros(1)}, buffer)
    return buffer.getvalue()


class Trap:
    """Unpickling it would fail the test."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return pytest.fail, ("a pickle was interpreted",)


@pytest.mark.parametrize(
    "data", [pickled(), torch_saved(), pickle.dumps(Trap()), b"\x89HDF\r\n\x1a\n", b"GGUF" + bytes(99)]
)
def test_read_refuses_by_type_when_the_file_could_run_code(data: bytes) -> None:
    for reader in (read_canonical, pack):
        with pytest.raises(CheckpointForeign):
            reader(data)


A, B = tensor(0, 4, [1]), tensor(4, 8, [1])

MALFORMED = {
    "empty": b"",
    "short": b"\x01\x02",
    "noise": bytes(range(200)),
    "no tensors": safetensors({}),
    "header cut": safetensors({"a": A}, length=500),
    "not JSON": safetensors(b'{"a":'),
    "deep JSON": safetensors(b'{"a":' + b"[" * 100_000),
    "not UTF-8": safetensors(b'{"\xff":1}'),
    "duplicate tensor": safetensors(
        b'{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}',
        bytes(8),
    ),
    "duplicate field": safetensors(b'{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', bytes(4)),
    "unknown field": safetensors({"a": {**A, "stride": [1]}}, bytes(4)),
    "missing field": safetensors({"a": {"dtype": "F32", "shape": [1]}}, bytes(4)),
    "wrong dtype": safetensors({"a": tensor(0, 4, [4], "I8")}, bytes(4)),
    "dtype no string": safetensors({"a": {**A, "dtype": ["F32"]}}, bytes(4)),
    "overlap": safetensors({"a": A, "b": tensor(0, 4, [1])}, bytes(4)),
    "partial overlap": safetensors({"a": tensor(0, 8, [2]), "b": tensor(4, 12, [2])}, bytes(12)),
    "gap": safetensors({"a": A, "b": tensor(8, 12, [1])}, bytes(12)),
    "trailing bytes": safetensors({"a": A}, bytes(5)),
    "cut body": safetensors({"a": A, "b": B}, bytes(7)),
    "beyond the end": safetensors({"a": tensor(0, 4 * 10**12, [10**12])}, bytes(4)),
    "negative": safetensors({"a": tensor(-4, 0, [1])}, bytes(4)),
    "backwards": safetensors({"a": tensor(4, 0, [1])}, bytes(4)),
    "shape lies": safetensors({"a": tensor(0, 4, [2])}, bytes(4)),
    "empty tensor": safetensors({"a": tensor(0, 0, [0])}),
    "fraction": safetensors(b'{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}', bytes(4)),
    "truth for one": safetensors(b'{"a":{"dtype":"F32","shape":[true],"data_offsets":[0,4]}}', bytes(4)),
    "giant number": safetensors(b'{"a":{"dtype":"F32","shape":[' + b"9" * 5000 + b'],"data_offsets":[0,4]}}', bytes(4)),
    "name with a path": safetensors({"../a": A}, bytes(4)),
    "name with a line": safetensors({"a\nb": A}, bytes(4)),
    "empty name": safetensors({"": A}, bytes(4)),
    "metadata no strings": safetensors({"__metadata__": {"a": 1}, "a": A}, bytes(4)),
    "NaN": safetensors({"a": A}, np.array([np.nan], "<f4").tobytes()),
    "infinity": safetensors({"a": A}, np.array([-np.inf], "<f4").tobytes()),
}


@pytest.mark.parametrize("kind", MALFORMED)
def test_read_refuses_when_malformed(kind: str) -> None:
    for reader in (read_canonical, pack):
        with pytest.raises((CheckpointMalformed, CheckpointNotCanonical)) as caught:
            reader(MALFORMED[kind])
        assert isinstance(caught.value, CheckpointMalformed) or reader is read_canonical


def test_pack_refuses_when_a_double_overflows() -> None:
    with pytest.raises(CheckpointMalformed, match="finite"):
        pack(safetensors({"a": tensor(0, 8, [1], "F64")}, np.array([1e300]).tobytes()))


TOO_LARGE = {
    "header over 1 MB": safetensors(b'{"a":' + b" " * 2**20 + b"1}"),
    "header announces 100 MB": safetensors(b"{", bytes(16), length=100_000_000),
    "100,000 tensors": safetensors({str(n): 0 for n in range(100_000)}),
    "dimensions": safetensors({"a": tensor(0, 4, [1] * 9)}, bytes(4)),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_read_refuses_when_over_a_cap(kind: str) -> None:
    with pytest.raises(CheckpointTooLarge):
        read_canonical(TOO_LARGE[kind])


def test_read_refuses_100_000_tensors_when_a_greater_header_is_allowed() -> None:
    names = {f"t{n}": tensor(4 * n, 4 * n + 4, [1]) for n in range(100_000)}
    data = safetensors(names, bytes(400_000))
    with pytest.raises(CheckpointTooLarge, match="header"):
        read_canonical(data)
    with pytest.raises(CheckpointTooLarge, match="100000 tensors"):
        read_canonical(data, CheckpointCaps(header_bytes=100 * 2**20))


def test_read_refuses_when_the_file_is_over_the_cap() -> None:
    with pytest.raises(CheckpointTooLarge):
        read_canonical(encode(arrays()), CheckpointCaps(file_bytes=100))


def other_forms() -> dict[str, bytes]:
    data = encode(arrays())
    header, body = header_of(data), body_of(data)
    text = data[8 : -len(body)].rstrip(b" ")
    names = list(header)
    reversed_fields = {name: dict(reversed(entry.items())) for name, entry in header.items()}
    escaped = text.replace(b"layer.0", b"\\u006cayer.0")
    return {
        "metadata": safetensors({"__metadata__": {"author": "copy"}, **header}, body),
        "other order": safetensors({name: header[name] for name in reversed(names)}, body),
        "white space": safetensors(json.dumps(header).encode(), body),
        "other padding": safetensors(text + b" " * (-len(text) % 8 + 8), body),
        "no padding": safetensors(text if len(text) % 8 else text + b" ", body),
        "other fields' order": safetensors(reversed_fields, body),
        "escaped name": safetensors(escaped + b" " * (-len(escaped) % 8), body),
        "leading zero offsets order": safetensors(
            {name: header[name] for name in sorted(names, key=lambda n: header[n]["data_offsets"], reverse=True)}, body
        ),
        "half precision": safetensors({"a": tensor(0, 2, [1], "F16")}, bytes(2)),
        "counter": safetensors({"a.num_batches_tracked": A}, bytes(4)),
    }


@pytest.mark.parametrize("kind", other_forms())
def test_read_refuses_when_the_same_weights_come_in_another_form(kind: str) -> None:
    with pytest.raises(CheckpointNotCanonical) as caught:
        read_canonical(other_forms()[kind])
    assert "pack" in caught.value.hint


def entries_or_none(data: bytes) -> list[TensorEntry] | None:
    try:
        return read_canonical(data)
    except ModelError:
        return None


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_read_accepts_no_other_header_bytes_when_any_one_is_changed(data: st.DataObject) -> None:
    good = encode(arrays())
    header_bytes = 8 + int.from_bytes(good[:8], "little")
    at = data.draw(st.integers(0, header_bytes - 1))
    changed = bytearray(good)
    changed[at] = data.draw(st.integers(0, 255).filter(lambda b: b != good[at]))
    entries = entries_or_none(bytes(changed))
    # What is accepted is a file in its own right: other names, in the same canonical form.
    assert entries is None or changed == encode(
        {e.name: np.frombuffer(changed[e.start : e.end], "<f4").reshape(e.shape) for e in entries}
    )


def test_encode_refuses_doubles() -> None:
    with pytest.raises(CheckpointMalformed):
        encode({"a": np.zeros(3)})  # type: ignore[dict-item]
