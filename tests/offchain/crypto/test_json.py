"""JSON from strangers."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.crypto import shallow_json

VALUES = st.recursive(
    st.none() | st.integers() | st.text(max_size=8), lambda inner: st.lists(inner, max_size=3), max_leaves=8
)


def _depth(value: object) -> int:
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


@given(VALUES, st.integers(0, 5), st.booleans())
def test_json_is_read_when_shallow_and_refused_when_deep(value: object, max_depth: int, ascii_only: bool) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    if _depth(value) <= max_depth:
        assert shallow_json(data, max_depth=max_depth) == value
    else:
        with pytest.raises(ValueError):
            shallow_json(data, max_depth=max_depth)


def test_json_counts_no_brackets_when_they_are_text() -> None:
    assert shallow_json(b'["[[[[", "\\"[[[["]', max_depth=1) == ["[[[[", '"[[[[']


@pytest.mark.parametrize("data", [b"", b"[", b"\xff", b'"', b"]" * 100 + b"[" * 50, '["é"]'.encode("latin-1")])
def test_json_is_refused_when_broken(data: bytes) -> None:
    with pytest.raises(ValueError):
        shallow_json(data)


def test_json_is_refused_and_nothing_crashes_when_the_recursion_limit_is_high() -> None:
    code = "import sys; sys.setrecursionlimit(100_000); from offchain.crypto import shallow_json\n"
    code += "brackets, quotes = b'[' * 1_000_000, b'\\x22' + b'\\x5c\\x22' * 500_000\n"
    code += "hidden, objects = b'\\x22' + b']' * 200_000 + b'[' * 200_000, b'{\\x22a\\x22:' * 200_000\n"
    code += "for data in (brackets, quotes, hidden, objects):\n"
    code += "    try: shallow_json(data)\n    except ValueError: print('refused')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout.split()) == (0, ["refused"] * 4)
