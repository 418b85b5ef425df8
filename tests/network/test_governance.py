"""Governance on a native network at the pace Dev: what the embedded chain does, four nodes do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offchain.chain import ChainClient
from tests.governance.contract import GovernanceContract, Place

from .conftest import MakeTestnet

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def client(make_testnet: MakeTestnet, fast_spec: Path) -> Iterator[ChainClient]:
    """A client of four nodes."""
    network = make_testnet(chain=fast_spec)
    with ChainClient(network.endpoints) as connected:
        connected.wait_for_block(2, timeout_s=120.0)
        yield connected


@pytest.fixture(scope="module")
def place(client: ChainClient, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two token holders of that network."""
    return Place.at(client, tmp_path_factory.mktemp("governor"))


class TestNativeNetwork(GovernanceContract):
    """The contract, on four nodes."""
