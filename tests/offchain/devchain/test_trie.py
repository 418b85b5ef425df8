"""The incremental trie against the plain one, and both against encodings worked out by hand."""

from __future__ import annotations

from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.devchain._trie import Trie
from offchain.devchain._trie_build import ordered_trie_root, trie_root
from offchain.scale import compact

EMPTY = "03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314"

# Few distinct bytes, so that keys share prefixes, are prefixes of each other, and come back.
KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0x11, 0xFF]), max_size=5).map(bytes)
VALUES = st.one_of(st.binary(max_size=3), st.binary(min_size=30, max_size=36), st.just(b"\x00" * 70))
CHANGES = st.dictionaries(KEYS, st.one_of(st.none(), VALUES), max_size=12)


def hashed(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def test_root_is_that_of_an_empty_node_when_there_are_no_keys() -> None:
    assert Trie().root.hex() == trie_root({}).hex() == ordered_trie_root([]).hex() == EMPTY


def test_root_is_the_leafs_hash_when_there_is_one_key() -> None:
    leaf = bytes([0x42, 0xAA, 1 << 2, 0xBB])
    assert Trie().updated({b"\xaa": b"\xbb"}).root == trie_root({b"\xaa": b"\xbb"}) == hashed(leaf)


def test_root_is_the_branchs_hash_when_keys_part_at_the_first_nibble() -> None:
    """The example of ``sp-trie``'s own tests (``codec_trie_two_tuples_disjoint_keys``)."""
    values = {b"\x48\x19": b"\xfe", b"\x13\x14": b"\xff"}
    branch = bytes([0x80, 0x12, 0x00, 5 << 2, 0x43, 0x03, 0x14, 4, 0xFF, 5 << 2, 0x43, 0x08, 0x19, 4, 0xFE])
    assert Trie().updated(values).root == trie_root(values) == hashed(branch)


@pytest.mark.parametrize(("length", "stands_hashed"), [(32, False), (33, True)])
def test_value_stands_hashed_in_its_node_when_it_has_33_bytes(length: int, stands_hashed: bool) -> None:
    value = b"v" * length
    plain = b"\x42\xaa" + compact(length) + value
    short = b"\x22\xaa" + hashed(value)
    assert Trie().updated({b"\xaa": value}).root == hashed(short if stands_hashed else plain)
    assert trie_root({b"\xaa": value}, 0) == hashed(plain)


def test_branch_value_stands_hashed_when_it_has_33_bytes() -> None:
    value = b"w" * 40
    branch = bytes([0x12, 0xAA, 0x00, 0x02]) + hashed(value) + bytes([4 << 2, 0x41, 0x03, 1 << 2, 0x07])
    values = {b"\xaa": value, b"\xaa\x93": b"\x07"}
    assert Trie().updated(values).root == trie_root(values) == hashed(branch)


@pytest.mark.parametrize("nibbles", [62, 63, 64, 65, 317, 318, 319, 600])
def test_root_is_equal_when_a_path_is_longer_than_its_header_holds(nibbles: int) -> None:
    values = {bytes(nibbles // 2): b"a" * 40, bytes(nibbles // 2) + b"\x01": b"b", b"\x10" * (nibbles // 2): b"c"}
    assert Trie().updated(values).root == trie_root(values)


def test_header_counts_by_bytes_of_255_when_the_path_is_long() -> None:
    path = bytes(200)
    header = bytes([0x40 | 63, 255, 400 - 63 - 255])
    assert trie_root({path: b""}) == hashed(header + path + b"\x00")


@settings(max_examples=300, deadline=None)
@given(st.lists(CHANGES, max_size=8))
def test_root_is_the_plain_one_when_changes_follow_each_other(batches: list[dict[bytes, bytes | None]]) -> None:
    model: dict[bytes, bytes] = {}
    trie = Trie()
    for batch in batches:
        before, root_before = trie, trie.root
        trie = trie.updated(batch)
        for key, value in batch.items():
            if value is None:
                model.pop(key, None)
            else:
                model[key] = value
        assert trie.root == trie_root(model)
        assert before.root == root_before == Trie(before._node).root


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.binary(min_size=1, max_size=40), VALUES, min_size=1, max_size=200))
def test_root_is_that_of_nothing_when_every_key_is_removed(values: dict[bytes, bytes]) -> None:
    trie = Trie().updated(values)
    assert trie.root == trie_root(values)
    assert trie.updated(dict.fromkeys(values)).root.hex() == EMPTY


def test_trie_is_the_same_object_when_nothing_changes() -> None:
    trie = Trie().updated({b"a": b"1", b"ab": b"2"})
    assert trie.updated({b"a": b"1", b"b": None, b"abc": None, b"ab": b"2"}) is trie


def test_ordered_root_keys_values_by_compact_index_when_there_are_many() -> None:
    values = [bytes([index % 256]) * (index % 50) for index in range(300)]
    assert ordered_trie_root(values) == trie_root({compact(index): value for index, value in enumerate(values)})
    assert ordered_trie_root(values, 0) != ordered_trie_root(values, 1)
