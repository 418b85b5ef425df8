"""A runtime upgrade on the embedded chain, driven by polkadot.js and seen by a polkadot.js that stays connected."""

from __future__ import annotations

from pathlib import Path

import pytest

from offchain.devchain import ChainSpec, DevChain, Node, Sealing, runtime_version

from .suite import Outcome, Suite, checks_of

ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
CURRENT = ARTIFACTS / "runtime.compact.compressed.wasm"
BLOCK_S = 0.1
GROUPS = ("upgrade", "upgrade-vote")

pytestmark = pytest.mark.timeout(600)  # the first test waits for the whole run


def last_release() -> Path:
    """The runtime before the current one."""
    return max(
        (ARTIFACTS / "releases").glob("assay-*.wasm"), key=lambda path: int(path.name.split("-")[1].split(".")[0])
    )


@pytest.fixture(scope="module")
def outcome(suite: Suite) -> Outcome:
    """Both groups on a chain that began with the last release."""
    spec = ChainSpec.from_runtime(last_release().read_bytes(), "local_testnet")
    with (
        DevChain.fresh(spec) as chain,
        Node(chain, sealing=Sealing.INTERVAL, block_time_s=BLOCK_S) as node,
    ):
        outcome = suite.run(node.ws_url, GROUPS, block_s=BLOCK_S, wasm=CURRENT, within_s=560)
        assert chain.runtime.version == runtime_version(CURRENT.read_bytes())
        return outcome


@pytest.mark.parametrize("name", checks_of(*GROUPS))
def test_check_passes_while_the_runtime_is_upgraded(outcome: Outcome, name: str) -> None:
    outcome.assert_passed(name)


def test_every_check_of_an_upgrade_was_run(outcome: Outcome) -> None:
    assert sorted(outcome.checks) == sorted(checks_of(*GROUPS))
    told = outcome.checks["client is told of the new version and takes it up by itself"]["told"]
    assert told["to"] == told["from"] + 1
