"""Authorities of a native network: new keys made in a node, one that is caught lying, and one that is dead."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import ChainClient
from offchain.chain.sealed import SealedHeader
from offchain.cli import run
from offchain.testnet import Testnet
from tests.offchain.chain.lying import address, author, twin

from .conftest import MakeTestnet

pytestmark = [pytest.mark.network, pytest.mark.timeout(600)]

Assay = Callable[..., Any]
NODES = ("alice", "bob", "charlie", "dave")


@pytest.fixture(scope="module")
def network(make_testnet: MakeTestnet) -> Testnet:
    """Four nodes of its own: what happens here cannot be undone."""
    made = make_testnet()
    with ChainClient(made.endpoints) as client:
        client.wait_for_block(2, timeout_s=120.0)
    return made


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assay:
    """Runs ``assay authority ...`` and returns its JSON."""
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))

    def invoke(*argv: str) -> Any:
        capsys.readouterr()
        assert run(["authority", *argv, "--json"]) == 0, capsys.readouterr().err
        return json.loads(capsys.readouterr().out)

    return invoke


def endpoint(network: Testnet, name: str) -> str:
    """The WebSocket of a node."""
    return network.endpoints[NODES.index(name)]


def test_rotation_registers_keys_that_the_node_made(network: Testnet, assay: Assay) -> None:
    url = endpoint(network, "dave")
    assert assay("rotate-keys", "--account", "//Dave", "--yes", "--node", url)["done"]
    with ChainClient(url) as client:
        keys = client.read(Any, "Session", "NextKeys", address("Dave"))
        assert keys["aura"] != author("Dave").public
        both = "0x" + keys["aura"].hex() + keys["grandpa"].hex()
        assert client.connection.call("author_hasSessionKeys", [both]) is True


def test_network_goes_on_without_an_authority_that_was_caught(network: Testnet, assay: Assay, tmp_path: Path) -> None:
    url = endpoint(network, "alice")
    with ChainClient(url) as client:
        header = next(
            found
            for block in client.blocks(idle_s=60.0)
            if (found := SealedHeader.find(block.hash, client)).sealed_by(author("Bob").public)
        )
        lie = tmp_path / "lie"
        lie.write_text("0x" + twin("Bob", header).encode().hex())
        assert assay("report-equivocation", header.hash, str(lie), "--account", "//Ferdie", "--yes", "--node", url)[
            "done"
        ]
        at = client.finalized().number
        client.wait_for_block(at + 9, timeout_s=120.0)
    bob = {line["account"]: line for line in assay("list", "--node", url)}[address("Bob")]
    assert (bob["kind"], bob["disabled"]) == ("leaving", True)
    assert bob["silent_for"] >= 8


def test_list_shows_an_authority_that_is_dead(network: Testnet, assay: Assay) -> None:
    url = endpoint(network, "alice")
    network.kill("charlie")
    try:
        with ChainClient(url) as client:
            client.wait_for_block(client.best().number + 8, timeout_s=120.0)
        charlie = {line["account"]: line for line in assay("list", "--node", url)}[address("Charlie")]
        assert charlie["authors_now"]
        assert charlie["silent_for"] >= 8
    finally:
        network.restart("charlie")
    with ChainClient(url) as client:
        client.wait_for_block(client.height() + 2, timeout_s=120.0)
    charlie = {line["account"]: line for line in assay("list", "--node", url)}[address("Charlie")]
    assert (charlie["kind"], charlie["authors_now"]) == ("invulnerable", True)
