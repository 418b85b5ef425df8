"""The state in memory against a sorted dictionary."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.devchain._state import RootedState, State
from offchain.devchain._trie_build import trie_root

KEYS = st.lists(st.sampled_from(b"abc"), max_size=4).map(bytes)
BATCHES = st.lists(st.dictionaries(KEYS, st.one_of(st.none(), st.binary(max_size=40)), max_size=10), max_size=6)


def applied(model: dict[bytes, bytes], changes: dict[bytes, bytes | None]) -> dict[bytes, bytes]:
    merged = {**model, **changes}
    return {key: value for key, value in merged.items() if value is not None}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(KEYS, st.binary(max_size=40), max_size=10), BATCHES, KEYS, KEYS, st.integers(0, 5))
def test_state_reads_like_a_sorted_dictionary_when_changes_were_applied(
    first: dict[bytes, bytes], batches: list[dict[bytes, bytes | None]], probe: bytes, prefix: bytes, limit: int
) -> None:
    state, model = State(first), dict(first)
    for batch in batches:
        state.apply(batch)
        model = applied(model, batch)
    order = sorted(model)
    assert state.items() == model
    assert len(state) == len(model)
    assert state.root == trie_root(model)
    assert state.get(probe) == model.get(probe)
    assert state.next_key(probe) == next((key for key in order if key > probe), None)
    assert state.keys() == order
    assert state.keys(prefix) == [key for key in order if key.startswith(prefix)]
    assert state.keys(prefix, probe, limit) == [key for key in order if key.startswith(prefix) and key > probe][:limit]


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(KEYS, st.binary(max_size=40), max_size=10), BATCHES)
def test_root_after_foretells_the_root_when_the_same_or_other_changes_follow(
    first: dict[bytes, bytes], batches: list[dict[bytes, bytes | None]]
) -> None:
    state, model = State(first), dict(first)
    for batch in batches:
        root_before = state.root
        assert state.root_after(batch) == trie_root(applied(model, batch))
        assert state.root == root_before
        actual = {**batch, b"more": b"value"} if len(batch) % 2 else batch
        state.apply(actual)
        model = applied(model, actual)
        assert state.root == trie_root(model)


def test_copy_stays_as_it_was_when_the_original_changes() -> None:
    state = State({b"a": b"1", b"b": b"2"})
    twin = state.copy()
    state.apply({b"a": None, b"c": b"3"})
    twin.apply({b"d": b"4"})
    assert state.items() == {b"b": b"2", b"c": b"3"}
    assert twin.items() == {b"a": b"1", b"b": b"2", b"d": b"4"}
    assert twin.keys() == [b"a", b"b", b"d"]
    assert twin.root == trie_root(twin.items())


def test_state_is_rooted_when_asked_by_protocol() -> None:
    assert isinstance(State(), RootedState)
