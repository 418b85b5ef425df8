"""The end-to-end suite, which the embedded chain passes in ``make test``, on native nodes.

On a node of its own, which seals on demand, every test. On a network, whose blocks come every three seconds and which
others use, the main path; all that do not need a chain of their own with ``ASSAY_E2E=all`` (``make test-e2e-network``).
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from offchain.testnet import Testnet

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(4 * 3600)]

SUITE = Path(__file__).resolve().parents[1] / "e2e"
EVERYTHING = os.environ.get("ASSAY_E2E") == "all"


def run(chain: str, *what: str, workers: int) -> None:
    """Runs it in processes of its own; fails with its last words."""
    done = subprocess.run(
        (sys.executable, "-m", "pytest", *what, f"--chain={chain}", "-q", f"-n{workers}", "--timeout=3600"),
        capture_output=True,
        text=True,
        cwd=SUITE.parents[1],
    )
    assert done.returncode == 0, done.stdout[-8000:]
    assert " passed" in done.stdout


def test_end_to_end_suite_passes_on_a_native_node(native_node: Path) -> None:
    assert native_node.is_file()
    run("native", str(SUITE), workers=2)


def test_end_to_end_suite_passes_on_a_network(testnet: Testnet) -> None:
    run(testnet.endpoints[0], str(SUITE if EVERYTHING else SUITE / "test_path_balances.py"), workers=8)
