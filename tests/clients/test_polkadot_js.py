"""What polkadot.js users click, on the embedded chain: each check of the Node.js suite is a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from offchain.devchain import ChainSpec, DevChain, Node, Sealing

from .suite import EVERYDAY, Outcome, Suite, checks_of

LOCAL_SPEC = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts" / "chain-spec-local.json"
BLOCK_S = 0.1

pytestmark = pytest.mark.timeout(600)  # the first test waits for the whole run


@pytest.fixture(scope="module")
def outcome(suite: Suite) -> Outcome:
    """All groups, run once at the pace of a local network, whose periods are long enough for a busy machine."""
    spec = ChainSpec.load(LOCAL_SPEC)
    with (
        DevChain.fresh(spec) as chain,
        Node(chain, sealing=Sealing.INTERVAL, block_time_s=BLOCK_S) as node,
    ):
        return suite.run(node.ws_url, EVERYDAY, block_s=BLOCK_S, within_s=560)


@pytest.mark.parametrize("name", checks_of(*EVERYDAY))
def test_check_passes_on_the_embedded_chain(outcome: Outcome, name: str) -> None:
    outcome.assert_passed(name)


def test_every_check_was_run_and_none_besides(outcome: Outcome) -> None:
    assert sorted(outcome.checks) == sorted(checks_of(*EVERYDAY))
    assert outcome.total["checks"] == len(outcome.checks)
    assert outcome.total["client"].startswith("@polkadot/api 16.")
