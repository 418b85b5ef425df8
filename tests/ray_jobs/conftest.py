"""A sealed split of synthetic images, and one local Ray for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

import ray_jobs
from offchain import datasets, models
from offchain.crypto import SecretBytes
from offchain.metrics import Metric
from offchain.store import Store, open_store

CARD = models.ModelCard(
    name="Test",
    architecture="lenet5",
    classes=datasets.SYNTHETIC_CLASSES,
    preprocessing=models.Preprocessing(32, 1, "stretch"),
    normalisation=models.Normalisation((500_000,), (250_000,)),
    operating_point_ppm=500_000,
    intended_use="Tests.",
    training_data="None.",
    licence="CC0-1.0",
)


def lenet(seed: int = 0) -> bytes:
    """An untrained checkpoint whose answers differ from image to image."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        weights = models.weights_of(models.build("lenet5", 1, 2))
    return models.encode({name: 3 * weight for name, weight in weights.items()})


@dataclass(frozen=True)
class Sealed:
    """A packed split with everything its steward knows."""

    store: Store
    job: ray_jobs.SealedJob
    samples: list[datasets.HeldOutSample]
    public: Path


@pytest.fixture(scope="session")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Sealed:
    """About 130 held-out samples, three of a group, in eight shards: five batches."""
    folder = tmp_path_factory.mktemp("sealed")
    datasets.synthesise(folder / "images", patients=110, per_patient=3, side=32)
    table = datasets.read_labels(folder / "images")
    plan = datasets.plan_pack(table, datasets.split_rows(table, held_out=0.4, seed=0), seed=0, shards=8)
    url = f"file://{folder}/store"
    store = open_store(url)
    passphrase = SecretBytes(b"correct horse")
    packed = datasets.pack(plan, store, seed=0, keyfile=folder / "keys.json", passphrase=passphrase)
    manifest = datasets.read_manifest(store, packed.manifest, spec=packed.version_spec)
    keys = datasets.StewardKeys.load(folder / "keys.json", passphrase).shard_keys
    job = ray_jobs.SealedJob(
        checkpoint=lenet(),
        card=CARD,
        store_url=url,
        manifest=manifest,
        shards=tuple(range(len(keys))),
        keys=keys,
        metrics=tuple(Metric),
        seed=bytes(range(32)),
    )
    samples = [s for shard, key in enumerate(keys) for s in datasets.open_shard(store, manifest, shard, key)]
    return Sealed(store, job, samples, folder / "images")


@pytest.fixture(scope="session")
def local_ray() -> Iterator[str]:
    """Address of a Ray with eight CPUs on paper, so that actors never wait for each other."""
    address = ray_jobs.connect(cpus=8)
    yield address
    ray_jobs.disconnect()
