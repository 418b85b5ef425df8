"""A small synthetic data set, packed once for all tests that only read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from offchain.crypto import SecretBytes
from offchain.datasets import (
    HeldOutManifest,
    PackedDataset,
    StewardKeys,
    pack,
    plan_pack,
    read_labels,
    read_manifest,
    split_rows,
    synthesise,
)
from offchain.store import EmbeddedStore

PASSPHRASE = SecretBytes(b"a steward's passphrase")


@dataclass(frozen=True)
class Packed:
    """A packed data set with all its parts at hand."""

    folder: Path
    store: EmbeddedStore
    dataset: PackedDataset
    manifest: HeldOutManifest
    keys: StewardKeys


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 synthetic patients with two images of 32 x 32 each."""
    folder = tmp_path_factory.mktemp("synthetic")
    synthesise(folder, patients=60, per_patient=2, side=32, seed=7)
    return folder


@pytest.fixture(scope="session")
def packed(synthetic: Path, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """The synthetic set in 4 shards."""
    home = tmp_path_factory.mktemp("steward")
    store = EmbeddedStore(home / "store", grace_s=0)
    table = read_labels(synthetic)
    plan = plan_pack(table, split_rows(table, held_out=0.4, seed=3), seed=3, shards=4)
    dataset = pack(plan, store, seed=3, keyfile=home / "keys.json", passphrase=PASSPHRASE, log2_cost=12)
    manifest = read_manifest(store, dataset.manifest, spec=dataset.version_spec)
    return Packed(synthetic, store, dataset, manifest, StewardKeys.load(home / "keys.json", PASSPHRASE))
