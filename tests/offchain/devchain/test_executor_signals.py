"""A trap is an error of ours even where someone else handles the signals that processors raise."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import faulthandler
from offchain.devchain import RuntimeTrap, default_spec
from offchain.devchain._overlay import Overlay
from offchain.devchain._runtime import runtime_of

state = default_spec().state
executor = runtime_of(state.get(b":code")).executor
executor.call("Core_version", b"", Overlay(state))
faulthandler.enable()  # as Ray does when a process connects to it
try:
    executor.call("TaggedTransactionQueue_validate_transaction", b"\\xff", Overlay(state))
except RuntimeTrap as trap:
    print(f"refused with {trap.code}")
"""


def test_executor_reports_a_trap_when_faulthandler_took_the_signals_over() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, "refused with 911\n"), done.stderr
