"""The incremental trie: immutable nodes shared between versions, encodings remembered.

Changing a key makes new nodes along its path and leaves all others as they are, so a version costs what changed since
the one before it, copies are free, and a root is computed only when somebody asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ._trie_codec import EMPTY_NODE, EMPTY_ROOT, HASH_BYTES, HASHED_FROM, blake2_256, branch_node, leaf_node, reference

__all__ = ["Trie"]


class _Node:
    """A leaf (no children) or a branch; never changed once it is made, but for the remembered reference."""

    __slots__ = ("_reference", "children", "path", "value")

    def __init__(self, path: str, value: bytes | None, children: dict[str, _Node] | None) -> None:
        self.path = path
        self.value = value
        self.children = children
        self._reference: bytes | None = None

    def encoded(self) -> bytes:
        if self.children is None:
            return leaf_node(self.path, self.value or b"")
        children = self.children
        return branch_node(
            self.path, self.value, [(nibble, children[nibble].reference()) for nibble in sorted(children)]
        )

    def reference(self) -> bytes:
        found = self._reference
        if found is None:
            found = self._reference = reference(self.encoded())
        return found


class Trie:
    """One version of a trie in state layout 1."""

    __slots__ = ("_node", "_root")

    def __init__(self, node: _Node | None = None) -> None:
        self._node = node
        self._root: bytes | None = None

    @property
    def root(self) -> bytes:
        """The 32-byte root hash."""
        if self._root is None:
            self._root = EMPTY_ROOT if self._node is None else blake2_256(self._node.encoded())
        return self._root

    def prove(self, keys: Iterable[bytes]) -> list[bytes]:
        """What shows the values of the keys, or that there are none, to one who knows the root.

        The encoded nodes on the way to each key, without those that stand in their parents, and the values of which
        nodes hold the hash only. Source: ``sp_trie::generate_trie_proof`` without its compaction.
        """
        if self._node is None:
            return [EMPTY_NODE]
        found: dict[bytes, None] = {}
        for key in keys:
            node: _Node | None = self._node
            path, depth = key.hex(), 0
            while node is not None:
                encoded = node.encoded()
                if depth == 0 or len(encoded) >= HASH_BYTES:
                    found[encoded] = None
                rest = path[len(node.path) :]
                if not path.startswith(node.path):
                    break
                if not rest:
                    if node.value is not None and len(node.value) >= HASHED_FROM:
                        found[node.value] = None
                    break
                node, path, depth = (node.children or {}).get(rest[0]), rest[1:], depth + 1
        return list(found)

    def updated(self, changes: Mapping[bytes, bytes | None]) -> Trie:
        """The version with each key of ``changes`` set to its value, or removed where that is None."""
        node = self._node
        for key, value in changes.items():
            node = _remove(node, key.hex()) if value is None else _insert(node, key.hex(), value)
        return self if node is self._node else Trie(node)


def _shared(left: str, right: str) -> int:
    """The length of the common prefix."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _insert(node: _Node | None, path: str, value: bytes) -> _Node:
    if node is None:
        return _Node(path, value, None)
    own = node.path
    if path.startswith(own):
        rest = path[len(own) :]
        if not rest:
            return node if node.value == value else _Node(own, value, node.children)
        children = node.children or {}
        child = children.get(rest[0])
        changed = _insert(child, rest[1:], value)
        return node if changed is child else _Node(own, node.value, {**children, rest[0]: changed})
    split = _shared(own, path)
    lower = _Node(own[split + 1 :], node.value, node.children)
    if split == len(path):
        return _Node(path, value, {own[split]: lower})
    return _Node(path[:split], None, {own[split]: lower, path[split]: _Node(path[split + 1 :], value, None)})


def _remove(node: _Node | None, path: str) -> _Node | None:
    if node is None or not path.startswith(node.path):
        return node
    rest = path[len(node.path) :]
    if not rest:
        return node if node.value is None else _joined(node.path, None, node.children or {})
    children = node.children or {}
    child = children.get(rest[0])
    changed = _remove(child, rest[1:])
    if changed is child:
        return node
    remaining = {nibble: other for nibble, other in children.items() if nibble != rest[0]}
    if changed is not None:
        remaining[rest[0]] = changed
    return _joined(node.path, node.value, remaining)


def _joined(path: str, value: bytes | None, children: dict[str, _Node]) -> _Node | None:
    """The node, or what remains of it: nothing, or its only child when it holds no value itself."""
    if value is None:
        if not children:
            return None
        if len(children) == 1:
            ((nibble, only),) = children.items()
            return _Node(path + nibble + only.path, only.value, only.children)
    return _Node(path, value, children or None)
