"""What polkadot.js users click, on four native nodes: the checks of ``tests/clients``, against blocks that take 3 s."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clients.suite import EVERYDAY, Outcome, checks_of, require_suite

from .conftest import MakeTestnet

BLOCK_S = 3.0

pytestmark = [pytest.mark.network, pytest.mark.timeout(1_200)]  # the first test waits for the whole run


@pytest.fixture(scope="module")
def outcome(make_testnet: MakeTestnet, fast_spec: Path, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All groups, run once, at the pace of a development chain: a lock of 10 blocks takes half a minute here."""
    suite = require_suite(tmp_path_factory.mktemp("clients"))
    network = make_testnet(chain=fast_spec)
    try:
        return suite.run(network.endpoint("bob"), EVERYDAY, block_s=BLOCK_S, within_s=1_100)
    finally:
        network.down()


@pytest.mark.parametrize("name", checks_of(*EVERYDAY))
def test_check_passes_on_native_nodes(outcome: Outcome, name: str) -> None:
    outcome.assert_passed(name)


def test_every_check_was_run_on_native_nodes(outcome: Outcome) -> None:
    assert sorted(outcome.checks) == sorted(checks_of(*EVERYDAY))
