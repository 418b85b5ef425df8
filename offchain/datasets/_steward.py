"""What a steward keeps to itself: shard keys, label openings, and who is behind a pseudonym."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from offchain.crypto import VAULT_LOG2_COST, SecretBytes, read_vault, seal_key, write_vault
from offchain.datasets._errors import StewardKeysInvalid
from offchain.store import Cid, CidInvalid

__all__ = ["LabelOpening", "StewardKeys"]

KIND = "steward-keys/1"


@dataclass(frozen=True, slots=True)
class LabelOpening:
    """How the steward opens one label, and the file it belongs to."""

    index: int
    label: int
    salt: SecretBytes
    file: str


@dataclass(frozen=True, slots=True)
class StewardKeys:
    """The secrets of one version of a data set."""

    manifest: Cid
    split_id: bytes
    seed: int
    group_salt: SecretBytes
    shard_keys: tuple[SecretBytes, ...]
    labels: tuple[LabelOpening, ...]

    def release(self, shards: Iterable[int], public: bytes) -> list[bytes]:
        """The keys of these shards in ascending order, each sealed (80 bytes) to the X25519 key ``public``.

        Raises StewardKeysInvalid for a shard that the version does not have.
        """
        wanted = sorted(set(shards))
        if wanted and not 0 <= wanted[0] <= wanted[-1] < len(self.shard_keys):
            raise StewardKeysInvalid(f"this version has {len(self.shard_keys)} shards", subject=str(wanted))
        return [seal_key(self.shard_keys[shard], public) for shard in wanted]

    def save(self, path: Path, passphrase: SecretBytes, *, log2_cost: int = VAULT_LOG2_COST) -> None:
        """Write them to a new encrypted key file that only its owner reads."""
        fields = {
            "assay": KIND,
            "manifest": str(self.manifest),
            "split": self.split_id.hex(),
            "seed": self.seed,
            "group_salt": self.group_salt.reveal().hex(),
            "shard_keys": [key.reveal().hex() for key in self.shard_keys],
            "labels": [[each.index, each.label, each.salt.reveal().hex(), each.file] for each in self.labels],
        }
        write_vault(path, json.dumps(fields).encode(), passphrase, log2_cost=log2_cost)

    @classmethod
    def load(cls, path: Path, passphrase: SecretBytes) -> StewardKeys:
        """Read them back. Raises VaultLocked, VaultInvalid or StewardKeysInvalid."""
        content = read_vault(path, passphrase)
        try:
            fields = json.loads(content)
            if fields["assay"] != KIND:
                raise ValueError(KIND)
            return cls(
                manifest=Cid.parse(fields["manifest"]),
                split_id=bytes.fromhex(fields["split"]),
                seed=int(fields["seed"]),
                group_salt=SecretBytes(bytes.fromhex(fields["group_salt"])),
                shard_keys=tuple(SecretBytes(bytes.fromhex(key)) for key in fields["shard_keys"]),
                labels=tuple(
                    LabelOpening(index, label, SecretBytes(bytes.fromhex(salt)), file)
                    for index, label, salt, file in fields["labels"]
                ),
            )
        except (ValueError, TypeError, KeyError, CidInvalid):
            # `from None`: the words of a parser may quote what it read.
            raise StewardKeysInvalid("the key file holds no steward's keys", subject=str(path)) from None
