"""Packing: the plan carried out. The public side goes out as it is, the held-out side only as ciphertext."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from offchain.crypto import (
    VAULT_LOG2_COST,
    MerkleTree,
    SecretBytes,
    VaultInvalid,
    label_leaf,
    merkle_root,
    seal_frame,
    shallow_json,
    shard_key_commitment,
)
from offchain.datasets._errors import ManifestRefused
from offchain.datasets._images import read_again
from offchain.datasets._manifest import HeldOutManifest, ShardEntry, ShardHeader
from offchain.datasets._plan import PackPlan, chain_counts
from offchain.datasets._public import publish_public
from offchain.datasets._samples import HeldOutSample, encode_frame
from offchain.datasets._steward import LabelOpening, StewardKeys
from offchain.store import Cid, CidInvalid, Progress, Store

__all__ = ["PackedDataset", "pack"]

KIND = "packed/1"


@dataclass(frozen=True, slots=True)
class PackedDataset:
    """A data set in the store, ready to be published on chain.

    Attributes:
        manifest: object id of the held-out manifest.
        public_split: object id of the public index.
        version_spec: the fields of the chain's `VersionSpec`, ids and hashes as ``0x`` hex.
        pins: objects that the steward keeps in its store.
        keyfile: where the steward's secrets are.
    """

    task: str
    classes: tuple[str, ...]
    manifest: Cid
    public_split: Cid
    version_spec: dict[str, Any]
    pins: tuple[Cid, ...]
    keyfile: Path
    synthetic: bool

    def save(self, path: Path) -> None:
        """Write it as a new JSON file; nothing in it is secret."""
        fields = {
            "assay": KIND,
            "task": self.task,
            "classes": list(self.classes),
            "manifest": str(self.manifest),
            "public_split": str(self.public_split),
            "version_spec": self.version_spec,
            "pins": [str(cid) for cid in self.pins],
            "keyfile": str(self.keyfile.resolve()),
            "synthetic": self.synthetic,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            json.dump(fields, file, indent=1, ensure_ascii=False)

    @classmethod
    def load(cls, path: Path) -> PackedDataset:
        """Read it back. Raises ManifestRefused for another kind of file."""
        try:
            fields = shallow_json(path.read_bytes(), max_depth=16)
            if fields["assay"] != KIND:
                raise ValueError(KIND)
            return cls(
                task=fields["task"],
                classes=tuple(fields["classes"]),
                manifest=Cid.parse(fields["manifest"]),
                public_split=Cid.parse(fields["public_split"]),
                version_spec=dict(fields["version_spec"]),
                pins=tuple(Cid.parse(text) for text in fields["pins"]),
                keyfile=Path(fields["keyfile"]),
                synthetic=fields["synthetic"] is True,
            )
        except (OSError, ValueError, TypeError, KeyError, CidInvalid):
            raise ManifestRefused(
                "this is no file that `assay dataset pack` wrote", subject=str(path), hint="name its pack.json"
            ) from None


def pack(
    plan: PackPlan,
    store: Store,
    *,
    seed: int,
    keyfile: Path,
    passphrase: SecretBytes,
    progress: Progress | None = None,
    log2_cost: int = VAULT_LOG2_COST,
) -> PackedDataset:
    """Encrypt, store and pin a planned data set and write the steward's key file. Plain held-out bytes stay in memory.

    Args:
        plan: see `plan_pack`.
        store: where everything goes.
        seed: of the split, kept in the key file: with the sources it tells who is held out.
        keyfile: a new file for the steward's secrets.
        passphrase: what opens it.
        progress: called after each held-out sample.
        log2_cost: of the key file's scrypt.

    Raises VaultInvalid when the key file exists already, ImageRejected when a file changed, and the store's errors.
    """
    if keyfile.exists():
        raise VaultInvalid("a file lies there already", subject=str(keyfile), hint="name another key file")
    items = plan.held_out
    salts = [SecretBytes.random() for _ in items]
    leaves = (
        label_leaf(salt.reveal(), at, item.row.label) for at, (salt, item) in enumerate(zip(salts, items, strict=True))
    )
    labels = MerkleTree(leaves)
    keys = [SecretBytes.random() for _ in plan.shards]
    manifest = HeldOutManifest(
        split_id=secrets.token_bytes(32),
        task=plan.task,
        classes=plan.classes,
        frame_bytes=plan.frame_bytes,
        groups=len({item.row.group for item in items}),
        label_root=labels.root,
        shards=tuple(
            ShardHeader(len(shard), sum(map(len, shard)), shard_key_commitment(key.reveal()))
            for shard, key in zip(plan.shards, keys, strict=True)
        ),
    )
    ciphertext = []
    samples = _samples(plan, labels, salts)
    done = 0
    for shard, key in enumerate(keys):
        frames = []
        for at, frame in enumerate(plan.shards[shard]):
            plain = encode_frame([next(samples) for _ in frame])
            frames.append(seal_frame(plain, key, manifest.binding.place(shard, at, plan.frame_bytes)))
            done += len(frame)
            if progress is not None:
                progress(done, len(items))
        ciphertext.append(ShardEntry(store.put(frames), merkle_root(frames)))
    manifest = replace(manifest, ciphertext=tuple(ciphertext))
    group_salt = SecretBytes.random()
    index, data = publish_public(
        store,
        plan.public,
        task=plan.task,
        classes=plan.classes,
        synthetic=plan.synthetic,
        group_salt=group_salt.reveal(),
    )
    cid = store.put(manifest.encode())
    openings = tuple(
        LabelOpening(at, item.row.label, salt, item.row.file)
        for at, (item, salt) in enumerate(zip(items, salts, strict=True))
    )
    StewardKeys(cid, manifest.split_id, seed, group_salt, tuple(keys), openings).save(
        keyfile, passphrase, log2_cost=log2_cost
    )
    pins = (cid, index, data, *(entry.object for entry in ciphertext))
    for each in pins:
        store.pin(each)
    return PackedDataset(
        task=plan.task,
        classes=plan.classes,
        manifest=cid,
        public_split=index,
        version_spec=_version_spec(plan, manifest, cid, index),
        pins=pins,
        keyfile=keyfile,
        synthetic=plan.synthetic,
    )


def _samples(plan: PackPlan, labels: MerkleTree, salts: list[SecretBytes]) -> Iterator[HeldOutSample]:
    groups = sorted({item.row.group for item in plan.held_out})
    secrets.SystemRandom().shuffle(groups)
    numbers = {group: number for number, group in enumerate(groups)}
    for index, item in enumerate(plan.held_out):
        yield HeldOutSample(
            index=index,
            label=item.row.label,
            group=numbers[item.row.group],
            salt=salts[index].reveal(),
            proof=labels.proof(index),
            image=read_again(item),
        )


def _version_spec(plan: PackPlan, manifest: HeldOutManifest, cid: Cid, public: Cid) -> dict[str, Any]:
    return {
        "manifest": "0x" + cid.binary.hex(),
        "public_split": "0x" + public.binary.hex(),
        "label_root": "0x" + manifest.label_root.hex(),
        "frame_bytes": manifest.frame_bytes,
        **chain_counts(plan),
        "shards": manifest.chain_shards(),
    }
