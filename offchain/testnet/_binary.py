"""Where the native node is: built by ``make node`` into the cache, under a key of everything it is built from."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Final

from ._errors import NodeBinaryAbsent

__all__ = ["node_binary", "node_cache", "node_key"]

_RUST: Final = Path(__file__).resolve().parents[2] / "runtime-specs"
_PARTS: Final = ("Cargo.lock", "Cargo.toml", "node", "artifacts/runtime.compact.compressed.wasm")
VARIABLE: Final = "ASSAY_NODE_BINARY"


def node_key() -> str:
    """Hash of the lock file, the workspace's manifest, the node's sources and the runtime that it embeds."""
    digest = hashlib.blake2b(digest_size=16)
    for part in _PARTS:
        path = _RUST / part
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file():
                digest.update(
                    str(file.relative_to(_RUST)).encode() + b"\0" + hashlib.blake2b(file.read_bytes()).digest()
                )
    return digest.hexdigest()


def node_cache() -> Path:
    """Where the native node of these sources lies once ``make node`` has built it."""
    cache = Path(os.environ.get("ASSAY_CACHE") or Path.home() / ".cache" / "assay")
    return cache / "node" / node_key() / "assay-node"


def node_binary() -> Path:
    """The native node: the one that ``ASSAY_NODE_BINARY`` names, or else the one in the cache.

    Raises:
        NodeBinaryAbsent: there is none.
    """
    if given := os.environ.get(VARIABLE, ""):
        found, hint = Path(given), f"{VARIABLE} names it"
    else:
        found, hint = node_cache(), "run `make node`, which takes about 15 minutes"
    if not os.access(found, os.X_OK) or not found.is_file():
        raise NodeBinaryAbsent("there is no native node", subject=str(found), hint=hint)
    return found
