"""Governance on the embedded chain, whose blocks come by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from offchain.chain import ChainClient
from offchain.devchain import Node, Sealing
from offchain.devchain.testing import fresh_chain
from tests.governance.contract import GovernanceContract, Place


class TestEmbeddedChain(GovernanceContract):
    @pytest.fixture
    def place(self, tmp_path: Path) -> Iterator[Place]:
        with (
            fresh_chain() as chain,
            Node(chain, sealing=Sealing.INTERVAL, block_time_s=0.4) as node,
            ChainClient(node.ws_url) as client,
        ):
            yield Place.at(client, tmp_path)
