"""Five minutes of load on four native nodes; ``benchmarks/load.py`` goes on longer, and looks for the highest rate."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.testnet import Testnet
from tests.load.run import load
from tests.load.stage import dress

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(1500)]

PER_S = 50
SECONDS = float(os.environ.get("ASSAY_LOAD_SECONDS", "300"))
ROUNDS = 300
"""Enough duties for five minutes: a third of the transactions, 21 to a round."""


def test_network_bears_fifty_transactions_a_second(
    make_testnet: Callable[..., Testnet], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = dress(rounds=ROUNDS)
    network = make_testnet(chain=stage.write_spec(tmp_path / "spec.json"))
    (verdict,) = load(network.endpoints, stage, loads=[(PER_S, SECONDS)])
    with capsys.disabled():
        print(f"\n{verdict}")
    assert verdict.lost == 0
    assert verdict.doubled == 0
    assert verdict.failed == 0
    assert verdict.missed_share <= 0.01
    assert verdict.lag_p99 <= 3
    network.down()
