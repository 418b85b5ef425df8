"""The current key-value state and what the overlay needs of any state, current or historic."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Mapping
from typing import Protocol, runtime_checkable

from ._trie import Trie

__all__ = ["RootedState", "State", "StateReader"]


class StateReader(Protocol):
    """A state that a runtime call can read."""

    def get(self, key: bytes) -> bytes | None: ...

    def next_key(self, key: bytes) -> bytes | None: ...

    def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]: ...


@runtime_checkable
class RootedState(StateReader, Protocol):
    """A state that also knows its trie root: calls that ask for the storage root need one."""

    def root_after(self, changes: Mapping[bytes, bytes | None]) -> bytes: ...


class State:
    """Keys and values in memory, their order, and their trie in layout 1.

    Not safe for use by several threads at once while one of them applies changes.
    """

    __slots__ = ("_ahead", "_order", "_trie", "_values")

    def __init__(self, values: Mapping[bytes, bytes] | None = None) -> None:
        self._values: dict[bytes, bytes] = dict(values or {})
        self._order = sorted(self._values)
        self._trie = Trie().updated(self._values)
        self._ahead: tuple[dict[bytes, bytes | None], Trie] | None = None

    @property
    def root(self) -> bytes:
        """The 32-byte trie root."""
        return self._trie.root

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: bytes) -> bytes | None:
        return self._values.get(key)

    def next_key(self, key: bytes) -> bytes | None:
        """The first key after ``key``, which itself need not exist."""
        position = bisect_right(self._order, key)
        return self._order[position] if position < len(self._order) else None

    def keys(self, prefix: bytes = b"", start: bytes | None = None, limit: int | None = None) -> list[bytes]:
        """The keys with ``prefix`` in order, after ``start`` if given, at most ``limit``."""
        position = bisect_left(self._order, prefix)
        if start is not None:
            position = max(position, bisect_right(self._order, start))
        found: list[bytes] = []
        while position < len(self._order) and self._order[position].startswith(prefix):
            if limit is not None and len(found) >= limit:
                break
            found.append(self._order[position])
            position += 1
        return found

    def items(self) -> dict[bytes, bytes]:
        """A copy of all keys and values."""
        return self._values.copy()

    def prove(self, keys: Iterable[bytes]) -> list[bytes]:
        """The nodes, each once, that lead from the root to the keys or to where they would be; see ``Trie.prove``."""
        return self._trie.prove(keys)

    def root_after(self, changes: Mapping[bytes, bytes | None]) -> bytes:
        """The root this state would have with ``changes`` applied; remembered for the ``apply`` that follows."""
        if self._ahead is None or self._ahead[0] != changes:
            self._ahead = dict(changes), self._trie.updated(changes)
        return self._ahead[1].root

    def apply(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Sets each key to its value, or removes it where the value is None."""
        if self._ahead is not None and self._ahead[0] == changes:
            self._trie = self._ahead[1]
        else:
            self._trie = self._trie.updated(changes)
        self._ahead = None
        values, order = self._values, self._order
        for key, value in changes.items():
            if value is not None:
                if key not in values:
                    insort(order, key)
                values[key] = value
            elif key in values:
                del values[key]
                del order[bisect_left(order, key)]

    def copy(self) -> State:
        """An independent state that shares the trie's nodes with this one."""
        twin = State.__new__(State)
        twin._values = self._values.copy()
        twin._order = self._order.copy()
        twin._trie = self._trie
        twin._ahead = self._ahead
        return twin
