"""Object manifests: one canonical JSON block that lists the blocks of an object, or manifests that do.

``{"assay":"object/1","depth":0,"links":[["bafkrei...",1048576],...],"size":N}``. At depth 0 links are data blocks; at
depth d they are manifests of depth d - 1, each with the object bytes under it. Only the canonical bytes are read, so
that one list of blocks has one id in every store.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from offchain.crypto import shallow_json
from offchain.store._cid import Cid
from offchain.store._errors import CidInvalid, ManifestInvalid

__all__ = ["FANOUT", "MAX_BLOCK_BYTES", "MAX_DEPTH", "Link", "ObjectManifest"]

MAX_BLOCK_BYTES = 1 << 20
# 78 bytes at most for each link: a full manifest has 640 KB, lists 8 GiB, and two levels list 64 TiB.
FANOUT = 8192
MAX_DEPTH = 2
KIND = "object/1"


@dataclass(frozen=True, slots=True)
class Link:
    """A block, or a manifest, and how many bytes of the object lie in or under it."""

    cid: Cid
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ObjectManifest:
    """The blocks of one object, in order."""

    depth: int
    links: tuple[Link, ...]

    @classmethod
    def over(cls, depth: int, links: Sequence[Link]) -> ObjectManifest:
        """A manifest over links of one depth."""
        return cls(depth, tuple(links))

    @property
    def size_bytes(self) -> int:
        """Bytes of the object."""
        return sum(link.size_bytes for link in self.links)

    def encode(self) -> bytes:
        """The canonical bytes, at most one block."""
        fields = {
            "assay": KIND,
            "depth": self.depth,
            "links": [[str(link.cid), link.size_bytes] for link in self.links],
            "size": self.size_bytes,
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")

    @classmethod
    def decode(cls, block: bytes) -> ObjectManifest:
        """The manifest in these bytes. Raises ManifestInvalid for anything that `encode` would not write."""
        try:
            fields = shallow_json(block)
            links = tuple(Link(Cid.parse(text), _size(size)) for text, size in fields["links"])
            manifest = cls(_size(fields["depth"]), links)
        except (ValueError, TypeError, KeyError, AttributeError, CidInvalid):
            raise ManifestInvalid("the block is no object manifest") from None
        limit = MAX_BLOCK_BYTES if manifest.depth == 0 else 1 << 63
        if manifest.depth > MAX_DEPTH or any(not 0 < link.size_bytes <= limit for link in links):
            raise ManifestInvalid("the manifest lists sizes or a depth out of range")
        if manifest.encode() != block:
            raise ManifestInvalid("the manifest is not in canonical form")
        return manifest


def _size(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(value)
    return value
