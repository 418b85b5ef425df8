"""Changes over a state, with nested transactions: what ``sp-state-machine``'s overlay does for the runtime.

One flat mapping holds the current changes, so a read is one look-up however deep the nesting; each open transaction
keeps what it overwrote. Appended lists are kept as shared cells and joined only when somebody reads them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from dataclasses import dataclass
from typing import Final

from offchain.scale import compact, decode_compact

from ._executor_errors import HostFunctionError
from ._state import RootedState, StateReader

__all__ = ["Overlay", "Removal"]


class _Absent:
    """Marks a key without a change."""


_ABSENT: Final = _Absent()


class _Appended:
    """A SCALE list that grew by one encoded element; immutable, shared by transactions."""

    __slots__ = ("before", "count", "element")

    def __init__(self, before: _Appended | bytes, count: int, element: bytes) -> None:
        self.before = before
        self.count = count
        self.element = element

    def joined(self) -> bytes:
        parts = []
        cell: _Appended | bytes = self
        while isinstance(cell, _Appended):
            parts.append(cell.element)
            cell = cell.before
        parts.append(cell)
        parts.append(compact(self.count))
        return b"".join(reversed(parts))


_Value = bytes | _Appended | None


@dataclass(frozen=True)
class Removal:
    """What ``clear_prefix`` did (``sp_externalities::MultiRemovalResults``).

    Args:
        cursor: the first key of the state that was left, or None when none was.
        backend: keys removed that the state holds.
        unique: those and the keys that only the overlay held.
        loops: keys of the state that were looked at.
    """

    cursor: bytes | None
    backend: int
    unique: int
    loops: int


class Overlay:
    """Changes over ``state``, which is only read."""

    __slots__ = ("_changes", "_order", "_undo", "state")

    def __init__(self, state: StateReader) -> None:
        self.state = state
        self._changes: dict[bytes, _Value] = {}
        self._undo: list[dict[bytes, _Value | _Absent]] = []
        self._order: list[bytes] | None = None

    def changes(self) -> dict[bytes, bytes | None]:
        """All current changes, those of open transactions included; None is a removed key."""
        return {key: value.joined() if isinstance(value, _Appended) else value for key, value in self._changes.items()}

    def root(self) -> bytes:
        """The trie root of the state with the changes applied; HostFunctionError if the state knows no roots."""
        if not isinstance(self.state, RootedState):
            raise HostFunctionError("this state is a view without a trie: it has no storage root")
        return self.state.root_after(self.changes())

    def get(self, key: bytes) -> bytes | None:
        try:
            value = self._changes[key]
        except KeyError:
            return self.state.get(key)
        if isinstance(value, _Appended):
            value = self._changes[key] = value.joined()
        return value

    def set(self, key: bytes, value: bytes | None) -> None:
        """Sets ``key``, or removes it where ``value`` is None."""
        self._put(key, value)

    def append(self, key: bytes, element: bytes) -> None:
        """Appends one encoded element to the SCALE list at ``key``; what is no list is replaced by ``[element]``."""
        try:
            value = self._changes[key]
        except KeyError:
            value = self.state.get(key)
        if isinstance(value, _Appended):
            self._put(key, _Appended(value, value.count + 1, element))
            return
        count, start = 0, 0
        if value:
            try:
                count, start = decode_compact(value)
            except ValueError:
                value = b""
        self._put(key, _Appended((value or b"")[start:], count + 1, element))

    def next_key(self, key: bytes) -> bytes | None:
        """The first key after ``key`` that has a value."""
        order = self._ordered()
        position = bisect_right(order, key)
        below = self.state.next_key(key)
        while position < len(order):
            above = order[position]
            if below is not None and below < above:
                return below
            if self._changes[above] is not None:
                return above
            if below == above:
                below = self.state.next_key(above)
            position += 1
        return below

    def clear_prefix(self, prefix: bytes, limit: int | None = None, cursor: bytes | None = None) -> Removal:
        """Removes the keys with ``prefix``: all the overlay holds, and up to ``limit`` that the state holds.

        ``cursor`` is that of the result before this one. Keys the overlay has removed already count as looked at.
        """
        order = self._ordered()
        position = bisect_left(order, prefix)
        unique = 0
        while position < len(order) and order[position].startswith(prefix):
            if self._changes[order[position]] is not None:
                unique += 1
                self._put(order[position], None)
            position += 1
        below = self.state.keys(prefix, cursor, None if limit is None else limit + 1)
        if cursor is not None and cursor.startswith(prefix) and self.state.get(cursor) is not None:
            below.insert(0, cursor)
        taken = below if limit is None else below[:limit]
        backend = 0
        for key in taken:
            if self._changes.get(key, _ABSENT) is not None:
                self._put(key, None)
                backend += 1
        left = below[len(taken)] if len(taken) < len(below) else None
        return Removal(left, backend, unique + backend, len(taken))

    @property
    def depth(self) -> int:
        """How many transactions are open."""
        return len(self._undo)

    def start(self) -> None:
        """Opens a transaction."""
        self._undo.append({})

    def commit(self) -> None:
        """Closes the innermost transaction and keeps its changes; IndexError when none is open."""
        undo = self._undo.pop()
        if self._undo:
            outer = self._undo[-1]
            for key, value in undo.items():
                outer.setdefault(key, value)

    def rollback(self) -> None:
        """Closes the innermost transaction and drops its changes; IndexError when none is open."""
        for key, value in self._undo.pop().items():
            if isinstance(value, _Absent):
                del self._changes[key]
                self._order = None
            else:
                self._changes[key] = value

    def _put(self, key: bytes, value: _Value) -> None:
        changes = self._changes
        before = changes.get(key, _ABSENT)
        if self._undo:
            undo = self._undo[-1]
            if key not in undo:
                undo[key] = before
        if before is _ABSENT and self._order is not None:
            insort(self._order, key)
        changes[key] = value

    def _ordered(self) -> list[bytes]:
        if self._order is None:
            self._order = sorted(self._changes)
        return self._order
