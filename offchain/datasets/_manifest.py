"""The manifest of a held-out split: everything about it that may be known, and what its frames are bound to.

Canonical JSON in two parts. ``header`` is fixed before the first frame is encrypted and every frame is bound to its
hash; ``ciphertext`` names, for each shard, the object that holds its frames and the Merkle root over them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from offchain.crypto import FRAME_SIZES, SplitBinding, shallow_json
from offchain.datasets._errors import ManifestRefused
from offchain.datasets._split import MAX_SHARDS
from offchain.store import Cid, CidInvalid, Store

__all__ = ["MAX_MANIFEST_BYTES", "HeldOutManifest", "ShardEntry", "ShardHeader", "read_manifest"]

KIND = "held-out/1"
MAX_MANIFEST_BYTES = 64 << 10
MAX_FRAMES = 1 << 24
MAX_SAMPLES = (1 << 32) - 1


@dataclass(frozen=True, slots=True)
class ShardHeader:
    """What is known of a shard before it is encrypted."""

    frames: int
    samples: int
    key_commitment: bytes


@dataclass(frozen=True, slots=True)
class ShardEntry:
    """Where a shard's ciphertext lies: the object of its frames end to end, and the Merkle root over them."""

    object: Cid
    ciphertext_root: bytes


@dataclass(frozen=True)
class HeldOutManifest:
    """A held-out split as anyone may see it."""

    split_id: bytes
    task: str
    classes: tuple[str, ...]
    frame_bytes: int
    groups: int
    label_root: bytes
    shards: tuple[ShardHeader, ...]
    ciphertext: tuple[ShardEntry, ...] = ()

    @property
    def samples(self) -> int:
        """Samples in all shards."""
        return sum(shard.samples for shard in self.shards)

    @cached_property
    def binding(self) -> SplitBinding:
        """What every frame is bound to."""
        return SplitBinding.of_header(_canonical(self._header()))

    def indices(self, shard: int) -> range:
        """The sample indices that a shard holds."""
        first = sum(each.samples for each in self.shards[:shard])
        return range(first, first + self.shards[shard].samples)

    def encode(self) -> bytes:
        """The canonical bytes."""
        ciphertext = [{"object": str(each.object), "root": each.ciphertext_root.hex()} for each in self.ciphertext]
        return _canonical({"assay": KIND, "header": self._header(), "ciphertext": ciphertext})

    @classmethod
    def decode(cls, data: bytes) -> HeldOutManifest:
        """The manifest in these bytes. Raises ManifestRefused for anything that `encode` would not write."""
        try:
            fields = shallow_json(data)
            header = fields["header"]
            manifest = cls(
                split_id=_hash(header["split"]),
                task=_text(header["task"], 64),
                classes=tuple(_text(name, 32) for name in header["classes"]),
                frame_bytes=_count(header["frame_bytes"], FRAME_SIZES[-1]),
                groups=_count(header["groups"], MAX_SAMPLES),
                label_root=_hash(header["label_root"]),
                shards=tuple(
                    ShardHeader(
                        _count(each["frames"], MAX_FRAMES),
                        _count(each["samples"], MAX_SAMPLES),
                        _hash(each["key_commitment"]),
                    )
                    for each in header["shards"]
                ),
                ciphertext=tuple(
                    ShardEntry(Cid.parse(each["object"]), _hash(each["root"])) for each in fields["ciphertext"]
                ),
            )
            canonical = manifest.encode()
        except (ValueError, TypeError, KeyError, AttributeError, CidInvalid):
            raise ManifestRefused("the object is no manifest of a held-out split") from None
        if canonical != data:
            raise ManifestRefused("the manifest is not in canonical form")
        fits = len(manifest.ciphertext) == len(manifest.shards) and 1 <= len(manifest.shards) <= MAX_SHARDS
        if not fits or manifest.frame_bytes not in FRAME_SIZES or not 2 <= len(manifest.classes) <= 16:
            raise ManifestRefused("the manifest's shards, frame size or classes are out of range")
        if manifest.samples > MAX_SAMPLES:
            raise ManifestRefused("the manifest lists more samples than an index counts")
        return manifest

    def chain_shards(self) -> list[dict[str, Any]]:
        """The `Shard` entries of the chain's `VersionSpec`."""
        return [
            {
                "ciphertext_root": "0x" + entry.ciphertext_root.hex(),
                "key_commitment": "0x" + shard.key_commitment.hex(),
                "frames": shard.frames,
                "samples": shard.samples,
            }
            for shard, entry in zip(self.shards, self.ciphertext, strict=True)
        ]

    def check_chain(self, spec: Mapping[str, Any]) -> None:
        """Raise ManifestRefused unless the manifest is the one that the chain's `VersionSpec` describes.

        Args:
            spec: ``label_root``, ``frame_bytes`` and ``shards`` with the field names of the chain; hashes as bytes or
                as hex with or without ``0x``.
        """
        own = {"label_root": self.label_root, "frame_bytes": self.frame_bytes, "shards": self.chain_shards()}
        for name, value in own.items():
            if _plain(spec[name]) != _plain(value):
                raise ManifestRefused(
                    f"the manifest's {name} is not what the chain holds",
                    hint="decline the round with DataCorrupt: the steward published another split",
                )

    def _header(self) -> dict[str, Any]:
        return {
            "split": self.split_id.hex(),
            "task": self.task,
            "classes": list(self.classes),
            "frame_bytes": self.frame_bytes,
            "groups": self.groups,
            "label_root": self.label_root.hex(),
            "shards": [
                {"frames": each.frames, "samples": each.samples, "key_commitment": each.key_commitment.hex()}
                for each in self.shards
            ],
        }


def read_manifest(
    store: Store, cid: Cid, *, spec: Mapping[str, Any] | None = None, deadline_s: float = 60.0
) -> HeldOutManifest:
    """Fetch and check a split's manifest; with ``spec``, the chain's `VersionSpec`, against the chain too."""
    manifest = HeldOutManifest.decode(store.get(cid, max_bytes=MAX_MANIFEST_BYTES, deadline_s=deadline_s))
    if spec is not None:
        manifest.check_chain(spec)
    return manifest


def _canonical(fields: object) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _hash(value: object) -> bytes:
    if not isinstance(value, str) or len(value) != 64:
        raise ValueError(value)
    return bytes.fromhex(value)


def _text(value: object, max_bytes: int) -> str:
    if not isinstance(value, str) or not value.isprintable() or not 0 < len(value.encode()) <= max_bytes:
        raise ValueError(value)
    return value


def _count(value: object, limit: int) -> int:
    if type(value) is not int or not 0 < value <= limit:
        raise ValueError(value)
    return value


def _plain(value: object) -> object:
    """Bytes, hex and numbers of a chain's record in one spelling."""
    if isinstance(value, bytes | bytearray):
        return value.hex()
    if isinstance(value, str):
        return value.removeprefix("0x").lower()
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_plain(each) for each in value]
    return value
