"""A fresh embedded chain behind JSON-RPC, a client of it, signers, and a wire that can be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from offchain.chain import ChainClient, Signer, TransactionManager, _polkadot_js, backup, development_signer
from offchain.chain._transport import Connection
from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain.testing import chain, node
from tests.offchain.chain.wire import Wire

__all__ = ["chain", "node"]


@pytest.fixture(autouse=True)
def assay_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, and no passphrase from the environment."""
    home = tmp_path / "home"
    monkeypatch.setenv("ASSAY_HOME", str(home))
    monkeypatch.delenv("ASSAY_PASSPHRASE", raising=False)
    return home


@pytest.fixture
def manual_node(chain: DevChain) -> Iterator[Node]:
    """The chain behind JSON-RPC; it seals when the test says so."""
    with Node(chain, sealing=Sealing.MANUAL) as served:
        yield served


@pytest.fixture(autouse=True)
def cheap_scrypt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys and archives of tests need not be costly to guess."""
    monkeypatch.setattr(_polkadot_js, "COST", (1 << 13, 10, 8))
    monkeypatch.setitem(backup.SCRYPT, "n", 1 << 10)


@pytest.fixture
def connect() -> Iterator[Callable[..., Connection]]:
    """Opens connections that are closed when the test ends."""
    with ExitStack() as stack:
        yield lambda url, **options: stack.enter_context(Connection(url, **options))


@pytest.fixture
def client(node: Node) -> Iterator[ChainClient]:
    """A client of the node that seals at once."""
    with ChainClient(node.ws_url) as connected:
        yield connected


@pytest.fixture
def manager(client: ChainClient) -> TransactionManager:
    """Sends transactions to that node."""
    return TransactionManager(client)


@pytest.fixture
def wire(node: Node) -> Iterator[Wire]:
    """A wire to the node that seals at once."""
    with Wire(node.ws_url) as between:
        yield between


@pytest.fixture
def manual_wire(manual_node: Node) -> Iterator[Wire]:
    """A wire to the node that seals when the test says so."""
    with Wire(manual_node.ws_url) as between:
        yield between


@pytest.fixture
def alice(node: Node) -> Iterator[Signer]:
    """A rich account."""
    with ChainClient(node.ws_url) as connected:
        yield development_signer("//Alice", connected)
