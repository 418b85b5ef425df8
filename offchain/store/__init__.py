"""Content-addressed storage: raw blocks, objects of many blocks, pins; on disk or in Kubo under the same ids."""

from offchain.store._cid import CID_BYTES, Cid
from offchain.store._embedded import EmbeddedStore
from offchain.store._errors import (
    BlockCorrupt,
    BlockMissing,
    BlockTooLarge,
    CidInvalid,
    DeadlinePassed,
    ManifestInvalid,
    ObjectTooLarge,
    StoreAddressInvalid,
    StoreError,
    StoreFull,
    StoreUnreachable,
)
from offchain.store._kubo import KuboStore
from offchain.store._manifest import MAX_BLOCK_BYTES, Link, ObjectManifest
from offchain.store._open import open_store
from offchain.store._store import Garbage, Progress, Store

__all__ = [
    "CID_BYTES",
    "MAX_BLOCK_BYTES",
    "BlockCorrupt",
    "BlockMissing",
    "BlockTooLarge",
    "Cid",
    "CidInvalid",
    "DeadlinePassed",
    "EmbeddedStore",
    "Garbage",
    "KuboStore",
    "Link",
    "ManifestInvalid",
    "ObjectManifest",
    "ObjectTooLarge",
    "Progress",
    "Store",
    "StoreAddressInvalid",
    "StoreError",
    "StoreFull",
    "StoreUnreachable",
    "open_store",
]
