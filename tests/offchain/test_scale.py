"""SCALE below the metadata: our bytes are the library's, and what is cut off is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scalecodec.base import ScaleBytes
from scalecodec.types import Compact

from offchain.scale import compact, decode_compact, decode_vec, option, vec


@given(st.integers(0, 2**120))
def test_compact_has_the_library_s_bytes(value: int) -> None:
    scale = Compact()
    scale.sub_type = None
    assert compact(value) == bytes(Compact().encode(value).data)
    assert Compact(ScaleBytes(compact(value))).decode() == value


@given(st.integers(0, 2**536 - 1), st.binary(max_size=8), st.binary(max_size=8))
def test_compact_comes_back_with_where_it_ends(value: int, before: bytes, after: bytes) -> None:
    coded = compact(value)
    assert decode_compact(before + coded + after, len(before)) == (value, len(before) + len(coded))


@given(st.binary(max_size=300), st.binary(max_size=8))
def test_vec_comes_back_with_where_it_ends(data: bytes, after: bytes) -> None:
    assert decode_vec(vec(data) + after) == (data, len(vec(data)))
    assert option(data) == b"\x01" + vec(data)


@given(st.integers(0, 2**120), st.binary(min_size=1, max_size=300), st.data())
def test_what_is_cut_off_is_refused(value: int, data: bytes, draw: st.DataObject) -> None:
    for coded, decode in ((compact(value), decode_compact), (vec(data), decode_vec)):
        kept = draw.draw(st.integers(0, len(coded) - 1))
        with pytest.raises(ValueError, match=r"cut off|at least one byte"):
            decode(coded[:kept])
