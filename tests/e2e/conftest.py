"""A data set packed once, a chain prepared once, and a copy of it for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from offchain.crypto import SecretBytes
from offchain.datasets import StewardKeys, pack, plan_pack, read_labels, read_manifest, split_rows, synthesise
from offchain.devchain import DevChain, default_spec
from offchain.errors import AssayError
from offchain.store import EmbeddedStore

from ._round import Drive
from ._scene import Packed, Scene, open_scene, prepare
from ._silence import Silence

PASSPHRASE = SecretBytes(b"the steward's own passphrase")


@pytest.fixture(scope="session")
def packed(tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """40 synthetic patients with an image of 32 x 32 each, half of them held out in three shards."""
    home = tmp_path_factory.mktemp("steward")
    synthesise(home / "images", patients=40, side=32, seed=11)
    store = EmbeddedStore(home / "store")
    table = read_labels(home / "images")
    plan = plan_pack(table, split_rows(table, held_out=0.5, seed=5), seed=5, shards=3)
    dataset = pack(plan, store, seed=5, keyfile=home / "keys.json", passphrase=PASSPHRASE, log2_cost=12)
    manifest = read_manifest(store, dataset.manifest, spec=dataset.version_spec)
    return Packed(home, store, dataset, manifest, StewardKeys.load(home / "keys.json", PASSPHRASE))


@pytest.fixture(scope="session")
def prepared(packed: Packed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a chain on which a round can be requested."""
    folder = tmp_path_factory.mktemp("prepared")
    with DevChain(default_spec(), folder / "chain"):
        pass
    with open_scene(packed, folder, chain_folder=folder / "chain") as scene:
        prepare(scene)
    return folder / "chain"


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> Iterator[Silence]:
    """Holds that no error that arises in a test tells a secret."""
    heard = Silence([PASSPHRASE])
    monkeypatch.setattr(AssayError, "__init__", heard.listening(AssayError.__init__))
    yield heard
    heard.check()


@pytest.fixture
def fresh(packed: Packed, tmp_path: Path, silence: Silence) -> Iterator[Scene]:
    """A scene at genesis."""
    with open_scene(packed, tmp_path) as scene:
        silence.keep(scene.secrets)
        yield scene


@pytest.fixture
def scene(packed: Packed, prepared: Path, tmp_path: Path, silence: Silence) -> Iterator[Scene]:
    """A scene in which the developer can request rounds on its checkpoint 0."""
    shutil.copytree(prepared, tmp_path / "chain")
    with open_scene(packed, tmp_path, chain_folder=tmp_path / "chain") as copied:
        silence.keep(copied.secrets)
        yield copied


@pytest.fixture
def drive(scene: Scene) -> Drive:
    """A round on that checkpoint that was just requested."""
    return Drive(scene, scene.request(scene.checkpoint()))
