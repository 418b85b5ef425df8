"""Native networks for tests: one of nodes alone, one with all agents, and others as a test wants them.

A network is started once for the session and ended with it. Tests that hurt one heal it before they end, or take one of
their own from :func:`make_testnet`.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from offchain.storage_key import storage_prefix
from offchain.testnet import AUTHORITIES, NodeBinaryAbsent, Testnet, Wishes, kubo_binary, node_binary
from tests.e2e.conftest import packed

from .developer import Developer

__all__ = ["packed"]

ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
LOCAL_SPEC = ARTIFACTS / "chain-spec-local.json"
"""Four authorities at the pace Local, with the runtime as it is now."""

PACE = "0x" + storage_prefix("Evaluation", "CurrentPace").hex()
"""Where the chain keeps how long its periods are."""

MakeTestnet = Callable[..., Testnet]


def with_storage(spec: Path, target: Path, changes: dict[str, str], *, name: str) -> Path:
    """A copy of a raw chain spec with other values in its genesis.

    Args:
        spec: the original.
        target: where to write.
        changes: storage keys and values, as ``0x`` hex.
        name: of the chain; its identifier is made from it.
    """
    described: dict[str, Any] = json.loads(spec.read_bytes())
    described["genesis"]["raw"]["top"] |= changes
    described |= {"name": name, "id": name.lower().replace(" ", "_")}
    target.write_text(json.dumps(described))
    return target


@pytest.fixture(scope="session")
def native_node() -> Path:
    """The native node; skips where it is not built, fails where ``ASSAY_REQUIRE_NODE`` is set."""
    try:
        return node_binary()
    except NodeBinaryAbsent as absent:
        if os.environ.get("ASSAY_REQUIRE_NODE"):
            pytest.fail(str(absent))
        pytest.skip(str(absent))


@pytest.fixture(scope="session")
def local_spec() -> Path:
    """Four authorities at the pace Local: governance takes minutes."""
    return LOCAL_SPEC


@pytest.fixture(scope="session")
def fast_spec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four authorities at the pace Dev: a referendum is over in a minute."""
    target = tmp_path_factory.mktemp("specs") / "fast.json"
    return with_storage(LOCAL_SPEC, target, {PACE: "0x00"}, name="Assay Local Fast")


@pytest.fixture(scope="session")
def make_testnet(native_node: Path) -> Iterator[MakeTestnet]:
    """Starts networks: ``make_testnet(nodes=4, validators=0, chain=SPEC, wishes=Wishes(...))``; ends them all."""
    made: list[Testnet] = []
    home = Path(tempfile.mkdtemp(prefix="assay-net-"))  # short: sockets lie in it

    def make(
        *,
        nodes: int = 4,
        validators: int = 0,
        chain: Path = LOCAL_SPEC,
        wishes: Wishes = Wishes(),
        folder: Path | None = None,
    ) -> Testnet:
        where = folder or home / f"net-{len(made)}"
        network = Testnet.up(where, nodes=nodes, validators=validators, chain=str(chain), wishes=wishes)
        made.append(network)
        return network

    yield make
    try:
        for network in made:
            network.down()
    finally:
        kept = os.environ.get("ASSAY_KEEP_LOGS")
        if kept:
            for log in home.glob("*/*/log"):
                target = Path(kept) / log.parent.parent.name / f"{log.parent.name}.log"
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(log, target)
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def testnet(make_testnet: MakeTestnet) -> Testnet:
    """Four nodes at the pace Local, without agents."""
    return make_testnet()


@pytest.fixture(scope="session")
def full_testnet(make_testnet: MakeTestnet) -> Testnet:
    """Four nodes, four workers, a steward; data set 0 and benchmark 0 on chain. Kubo peers where there is a Kubo.

    The nodes keep every state: tests read the events of many blocks when all is over.
    """
    extra = dict.fromkeys(AUTHORITIES, ("--state-pruning=archive",))
    return make_testnet(validators=4, wishes=Wishes(ipfs=kubo_binary(), extra=extra))


@pytest.fixture
def developer(full_testnet: Testnet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Developer]:
    """Who submits checkpoints to the network with agents."""
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))
    found = Developer(full_testnet, tmp_path)
    yield found
    found.close()
