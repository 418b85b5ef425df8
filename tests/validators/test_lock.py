"""One process per account."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from validators._errors import AlreadyRunning
from validators._lock import AccountLock


def test_lock_refuses_a_second_process_and_names_the_first(tmp_path: Path) -> None:
    script = f"""
import sys
from pathlib import Path
from validators._lock import AccountLock
with AccountLock(Path({str(tmp_path)!r}), "5Grw"):
    print("held", flush=True)
    sys.stdin.read()
"""
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert holder.stdin is not None
    assert holder.stdout is not None
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning, match=str(holder.pid)), AccountLock(tmp_path, "5Grw"):
            pass
        with AccountLock(tmp_path, "5Other"):
            pass
    finally:
        holder.kill()
        holder.wait(timeout=30)
        holder.stdin.close()
        holder.stdout.close()
    with AccountLock(tmp_path, "5Grw"):
        pass
