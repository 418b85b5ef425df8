"""From an address to a store."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from offchain.store._embedded import EmbeddedStore
from offchain.store._errors import StoreAddressInvalid
from offchain.store._store import Store

__all__ = ["open_store"]


def open_store(url: str, *, max_bytes: int | None = None) -> Store:
    """The store at ``file:///path`` (embedded) or ``kubo:///ip4/127.0.0.1/tcp/5001`` (a Kubo daemon's RPC).

    Args:
        url: the address.
        max_bytes: cap on an embedded store; a daemon has its own.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in {"", "localhost"} and len(parts.path) > 1:
        return EmbeddedStore(Path(unquote(parts.path)), max_bytes=max_bytes)
    if parts.scheme == "kubo" and not parts.netloc and len(parts.path) > 1:
        from offchain.store._kubo import KuboStore

        return KuboStore(parts.path)
    raise StoreAddressInvalid(
        "this is no address of a store", subject=url, hint="use file:///path or kubo:///ip4/127.0.0.1/tcp/5001"
    )
