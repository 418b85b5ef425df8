"""An agent's transactions, where the node cannot say what became of one."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from offchain.chain import ChainClient, calls, development_signer
from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain.testing import chain
from tests.offchain.chain.wire import Wire, discarding
from validators._health import Health
from validators._log import Log
from validators._outbox import Outbox

__all__ = ["chain"]

ASY = 10**12


@pytest.fixture
def wire(chain: DevChain) -> Iterator[Wire]:
    """A wire to a node that seals when the test says so."""
    with Node(chain, sealing=Sealing.MANUAL) as node, Wire(node.ws_url) as between:
        yield between


def test_agent_goes_on_when_a_deed_s_block_is_too_old_to_tell_of_it(
    wire: Wire, chain: DevChain, tmp_path: Path
) -> None:
    stream = io.StringIO()
    with ChainClient(wire.url, timeout_s=5) as client:
        alice, dave = (development_signer(name, client) for name in ("//Alice", "//Dave"))
        gift = calls.balances.transfer(dave.address, ASY)

        def outbox() -> Outbox:
            log = Log("outbox", stream)
            path = tmp_path / "outbox.sqlite"
            return Outbox(client, alice, path, on_behalf_of=None, log=log, health=Health("validator"))

        def told() -> list[str]:
            return [json.loads(line)["event"] for line in stream.getvalue().splitlines()]

        mine = outbox()
        assert not mine.send("round/1/gift", gift)
        chain.seal()
        block_hash = client.head()
        chain.seal()
        discarding(wire, block_hash)
        mine.settle()
        assert told() == ["transaction.untold"]
        mine.settle()
        assert told() == ["transaction.untold"]

        another = outbox()  # as after a restart
        assert not another.send("round/1/gift", gift)
        assert told() == ["transaction.untold"] * 2
        assert not another.send("round/1/gift", gift)
        chain.seal()
        assert another.send("round/1/gift", gift)
        assert told()[2:] == ["transaction.final"]
