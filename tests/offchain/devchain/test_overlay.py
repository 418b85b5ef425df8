"""The overlay against a model that copies the whole mapping for every transaction."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from offchain.devchain._executor_errors import HostFunctionError
from offchain.devchain._overlay import Overlay, Removal
from offchain.devchain._state import State
from offchain.devchain._trie_build import trie_root
from offchain.scale import compact, decode_compact

KEYS = st.lists(st.sampled_from(b"abc"), max_size=3).map(bytes)
VALUES = st.one_of(st.binary(max_size=4), st.integers(0, 70).map(compact), st.just(b"\x03\x01"))


def appended(value: bytes | None, element: bytes) -> bytes:
    """``[*value, element]``, or ``[element]`` where ``value`` is no list."""
    try:
        count, start = decode_compact(value or b"")
    except ValueError:
        return compact(1) + element
    return compact(count + 1) + (value or b"")[start:] + element


class OverlayMachine(RuleBasedStateMachine):
    """Random operations on the overlay and on the model, compared after each."""

    @initialize(values=st.dictionaries(KEYS, VALUES, max_size=8))
    def begin(self, values: dict[bytes, bytes]) -> None:
        self.state = State(values)
        self.overlay = Overlay(self.state)
        self.model: list[dict[bytes, bytes]] = [dict(values)]

    @rule(key=KEYS, value=VALUES)
    def set(self, key: bytes, value: bytes) -> None:
        self.overlay.set(key, value)
        self.model[-1][key] = value

    @rule(key=KEYS)
    def clear(self, key: bytes) -> None:
        self.overlay.set(key, None)
        self.model[-1].pop(key, None)

    @rule(key=KEYS, elements=st.lists(st.binary(min_size=1, max_size=2), min_size=1, max_size=3))
    def append(self, key: bytes, elements: list[bytes]) -> None:
        for element in elements:
            self.overlay.append(key, element)
            self.model[-1][key] = appended(self.model[-1].get(key), element)

    @rule(prefix=KEYS)
    def clear_prefix(self, prefix: bytes) -> None:
        gone = {key for key in self.model[-1] if key.startswith(prefix)}
        removal = self.overlay.clear_prefix(prefix)
        assert removal.cursor is None
        assert removal.unique == len(gone)
        assert removal.loops == len(self.state.keys(prefix))
        for key in gone:
            del self.model[-1][key]

    @rule()
    def start(self) -> None:
        self.overlay.start()
        self.model.append(dict(self.model[-1]))

    @precondition(lambda self: len(self.model) > 1)
    @rule()
    def commit(self) -> None:
        self.overlay.commit()
        self.model[-2:] = self.model[-1:]

    @precondition(lambda self: len(self.model) > 1)
    @rule()
    def rollback(self) -> None:
        self.overlay.rollback()
        self.model.pop()

    @rule(key=KEYS)
    def read(self, key: bytes) -> None:
        assert self.overlay.get(key) == self.model[-1].get(key)

    @rule(key=KEYS)
    def look_for_the_next_key(self, key: bytes) -> None:
        assert self.overlay.next_key(key) == min((one for one in self.model[-1] if one > key), default=None)

    @rule()
    def ask_for_the_root(self) -> None:
        assert self.overlay.root() == trie_root(self.model[-1])

    @invariant()
    def holds_what_the_model_holds(self) -> None:
        if not hasattr(self, "model"):
            return
        assert self.overlay.depth == len(self.model) - 1
        merged = {**self.state.items(), **self.overlay.changes()}
        assert {key: value for key, value in merged.items() if value is not None} == self.model[-1]


TestOverlay = OverlayMachine.TestCase
TestOverlay.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(KEYS, st.binary(max_size=2), max_size=10),
    st.dictionaries(KEYS, st.one_of(st.none(), st.binary(max_size=2)), max_size=6),
    st.lists(st.sampled_from(b"abc"), max_size=1).map(bytes),
    st.integers(1, 4),
)
def test_clear_prefix_empties_the_prefix_when_its_cursors_are_followed(
    values: dict[bytes, bytes], changes: dict[bytes, bytes | None], prefix: bytes, limit: int
) -> None:
    state = State(values)
    overlay = Overlay(state)
    for key, value in changes.items():
        overlay.set(key, value)
    below = state.keys(prefix)
    cursor = None
    for round_number in range(len(below) // limit + 2):
        removal = overlay.clear_prefix(prefix, limit, cursor)
        looked = below[round_number * limit :][:limit]
        assert removal.loops == len(looked)
        assert removal.backend <= removal.unique
        cursor = removal.cursor
        assert cursor == next(iter(below[(round_number + 1) * limit :]), None)
        if cursor is None:
            break
    assert cursor is None
    merged = {**values, **overlay.changes()}
    assert not any(value is not None for key, value in merged.items() if key.startswith(prefix))


def test_clear_prefix_counts_as_the_native_node_when_limited_without_a_cursor() -> None:
    """Keys that this block has removed already are looked at again, and count towards the limit."""
    overlay = Overlay(State({b"pa": b"1", b"pb": b"2", b"pc": b"3"}))
    overlay.set(b"px", b"new")
    assert overlay.clear_prefix(b"p", 2) == Removal(cursor=b"pc", backend=2, unique=3, loops=2)
    assert overlay.clear_prefix(b"p", 2) == Removal(cursor=b"pc", backend=0, unique=0, loops=2)
    assert overlay.clear_prefix(b"p", 0) == Removal(cursor=b"pa", backend=0, unique=0, loops=0)
    assert overlay.get(b"pc") == b"3"
    assert overlay.clear_prefix(b"p", 2, b"pc") == Removal(cursor=None, backend=1, unique=1, loops=1)
    assert overlay.get(b"pc") is None


def test_commit_and_rollback_are_refused_when_no_transaction_is_open() -> None:
    overlay = Overlay(State())
    with pytest.raises(IndexError):
        overlay.commit()
    with pytest.raises(IndexError):
        overlay.rollback()


def test_append_keeps_the_outer_list_when_the_inner_transaction_is_dropped() -> None:
    overlay = Overlay(State({b"k": compact(1) + b"a"}))
    overlay.start()
    overlay.append(b"k", b"b")
    overlay.start()
    overlay.append(b"k", b"c")
    assert overlay.get(b"k") == compact(3) + b"abc"
    overlay.rollback()
    overlay.append(b"k", b"d")
    overlay.commit()
    assert overlay.changes() == {b"k": compact(3) + b"abd"}


def test_append_counts_in_two_bytes_when_a_list_passes_63_elements() -> None:
    overlay = Overlay(State())
    for index in range(70):
        overlay.append(b"k", bytes([index]))
    assert overlay.get(b"k") == compact(70) + bytes(range(70))


def test_root_is_refused_when_the_state_is_a_view() -> None:
    class View:
        """A historic view: it reads, but has no trie."""

        def get(self, key: bytes) -> bytes | None:
            return None

        def next_key(self, key: bytes) -> bytes | None:
            return None

        def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]:
            return []

    with pytest.raises(HostFunctionError, match="without a trie"):
        Overlay(View()).root()
