"""A data set packed once, a chain prepared once, and a copy of it for each test.

``--chain`` (or ``ASSAY_CHAIN``) takes another chain than the embedded one; see :mod:`tests.e2e._ground`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from offchain.crypto import SecretBytes
from offchain.datasets import StewardKeys, pack, plan_pack, read_labels, read_manifest, split_rows, synthesise
from offchain.devchain import DevChain, default_spec
from offchain.errors import AssayError
from offchain.store import EmbeddedStore

from ._native import sealing_node
from ._round import Drive
from ._scene import Packed, Scene
from ._silence import Silence
from ._stages import live_scene, open_scene, prepare, scene_at

PASSPHRASE = SecretBytes(b"the steward's own passphrase")
FUNDERS = ("//Alice", "//Bob", "//Charlie", "//Dave", "//Eve", "//Ferdie", "//One", "//Two", "//Alice//stash")


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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--chain", metavar="native|WS_URL", help="run the end-to-end suite there [the embedded chain]")


@pytest.fixture(scope="session")
def chain(pytestconfig: pytest.Config) -> str | None:
    """Where the suite runs: ``native``, the address of a network, or None for the embedded chain."""
    return pytestconfig.getoption("--chain", default=None) or os.environ.get("ASSAY_CHAIN")


@pytest.fixture(scope="session")
def funder(worker_number: int) -> str:
    """The account that pays for people on a network: one for each process, for the sake of its nonces."""
    return FUNDERS[worker_number % len(FUNDERS)]


@pytest.fixture(scope="session")
def worker_number() -> int:
    """The number of this process among those that run the suite."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:])


@pytest.fixture(scope="session")
def prepared(chain: str | None, packed: Packed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a chain on which a round can be requested: embedded, or a native node's."""
    folder = tmp_path_factory.mktemp("prepared")
    if chain == "native":
        with sealing_node(folder / "chain") as url, scene_at(url, packed, folder) as scene:
            prepare(scene)
        return folder / "chain"
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


@contextmanager
def _passing_node(folder: Path) -> Iterator[str]:
    """A node for one test: its database, hundreds of megabytes, goes with it."""
    try:
        with sealing_node(folder) as url:
            yield url
    finally:
        shutil.rmtree(folder / "data", ignore_errors=True)


@pytest.fixture(autouse=True)
def _needs_a_chain_of_its_own(request: pytest.FixtureRequest, chain: str | None) -> None:
    mark = request.node.get_closest_marker("ours")
    if mark is not None and chain not in (None, "native"):
        pytest.skip(f"on a chain that others use: {mark.args[0]}")


@pytest.fixture
def fresh(chain: str | None, packed: Packed, tmp_path: Path, silence: Silence, funder: str) -> Iterator[Scene]:
    """A scene in which nothing has happened yet: at genesis, or of new people on a network."""
    with ExitStack() as stack:
        if chain is None:
            scene = stack.enter_context(open_scene(packed, tmp_path))
        elif chain == "native":
            url = stack.enter_context(_passing_node(tmp_path / "chain"))
            scene = stack.enter_context(scene_at(url, packed, tmp_path))
        else:
            scene = stack.enter_context(live_scene(chain, packed, tmp_path, funder=funder))
        silence.keep(scene.secrets)
        yield scene


@pytest.fixture
def scene(
    request: pytest.FixtureRequest, chain: str | None, packed: Packed, tmp_path: Path, silence: Silence
) -> Iterator[Scene]:
    """A scene in which the developer can request rounds on its checkpoint 0."""
    if chain not in (None, "native"):
        scene = request.getfixturevalue("fresh")
        prepare(scene)
        yield scene
        return
    shutil.copytree(request.getfixturevalue("prepared"), tmp_path / "chain")
    with ExitStack() as stack:
        if chain is None:
            copied = stack.enter_context(open_scene(packed, tmp_path, chain_folder=tmp_path / "chain"))
        else:
            url = stack.enter_context(_passing_node(tmp_path / "chain"))
            copied = stack.enter_context(scene_at(url, packed, tmp_path))
        copied.datasets, copied.benchmarks, copied.models = [0], [0], [0]
        silence.keep(copied.secrets)
        yield copied


@pytest.fixture
def drive(scene: Scene) -> Drive:
    """A round on that checkpoint that was just requested."""
    return Drive(scene, scene.request(scene.checkpoint()))
