"""``assay doctor``: is this machine fit to be a validator?"""

from __future__ import annotations

import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

__all__ = ["CHECKS", "Check", "Verdict", "examine"]

_GIB = 2**30
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - where Ray keeps its object store


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report."""

    name: str
    verdict: Verdict
    detail: str
    hint: str = ""


def _python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] != (3, 11):
        return Check("python", Verdict.FAIL, found, "install CPython 3.11")
    return Check("python", Verdict.OK, found)


def _memory() -> Check:
    import psutil

    free = psutil.virtual_memory().available
    verdict = Verdict.OK if free >= 4 * _GIB else Verdict.WARN if free >= 2 * _GIB else Verdict.FAIL
    return Check("memory", verdict, f"{free / _GIB:.1f} GiB available", "" if verdict is Verdict.OK else "free 4 GiB")


def _disk() -> Check:
    home = Path(os.environ.get("ASSAY_HOME", Path.home()))
    while not home.is_dir():
        home = home.parent
    free = shutil.disk_usage(home).free
    verdict = Verdict.OK if free >= 10 * _GIB else Verdict.WARN if free >= 2 * _GIB else Verdict.FAIL
    return Check(
        "disk", verdict, f"{free / _GIB:.1f} GiB free at {home}", "" if verdict is Verdict.OK else "free 10 GiB"
    )


def _core_dumps() -> Check:
    soft, _ = resource.getrlimit(resource.RLIMIT_CORE)
    if soft == 0:
        return Check("core dumps", Verdict.OK, "off")
    return Check(
        "core dumps", Verdict.WARN, "on in this shell; Assay turns them off in its own processes", "ulimit -c 0"
    )


def _clock() -> Check:
    """A clock may be off: Assay counts in blocks. A clock that runs backwards breaks every deadline."""
    started_wall, started = time.time(), time.monotonic()
    time.sleep(0.2)
    drift = abs((time.time() - started_wall) - (time.monotonic() - started))
    if drift > 0.05:
        return Check("clock", Verdict.WARN, f"moved {drift * 1000:.0f} ms against the monotonic clock", "check NTP")
    return Check("clock", Verdict.OK, time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()))


def _ports() -> Check:
    try:
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen(1)
            with socket.create_connection(server.getsockname(), timeout=5):
                pass
    except OSError as error:
        return Check("loopback", Verdict.FAIL, str(error), "allow connections to 127.0.0.1")
    return Check("loopback", Verdict.OK, "a port opens and answers")


def _gpu() -> Check:
    import torch

    if not torch.cuda.is_available():
        return Check("gpu", Verdict.WARN, "none: evaluation runs on the CPU", "a CUDA device makes rounds faster")
    names = [torch.cuda.get_device_name(index) for index in range(torch.cuda.device_count())]
    return Check("gpu", Verdict.OK, ", ".join(names))


_DETERMINISM = """
import hashlib, torch
torch.use_deterministic_algorithms(True); torch.set_num_threads(1); torch.manual_seed(7)
net = torch.nn.Sequential(torch.nn.Conv2d(1, 8, 3), torch.nn.ReLU(), torch.nn.Flatten(), torch.nn.LazyLinear(2))
with torch.inference_mode():
    print(hashlib.blake2b(net(torch.rand(8, 1, 64, 64)).numpy().tobytes(), digest_size=32).hexdigest())
"""


def _determinism() -> Check:
    """The same network in two fresh processes must give the same bytes."""
    environment = {**os.environ, "CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
    digests = set()
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _DETERMINISM],
            capture_output=True,
            text=True,
            timeout=120,
            env=environment,
        )
        if done.returncode != 0:
            return Check("determinism", Verdict.FAIL, done.stderr.strip().splitlines()[-1], "reinstall torch")
        digests.add(done.stdout.strip())
    if len(digests) != 1:
        return Check(
            "determinism", Verdict.FAIL, "two runs gave different bytes", "this machine would lose its rewards"
        )
    return Check("determinism", Verdict.OK, f"two processes agree: {next(iter(digests))[:16]}")


_RAY = """
from ray_jobs import connect, disconnect
connect(cpus=1)
disconnect()
"""


def _ray() -> Check:
    """A Ray of our own must start; in a process of its own, since it stays in one that imported it."""
    found = version("ray")
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", _RAY], capture_output=True, text=True, timeout=180)
    if done.returncode != 0:
        return Check("ray", Verdict.FAIL, (done.stderr.strip() or "no answer").splitlines()[-1], "is loopback open?")
    free = shutil.disk_usage(_SHARED_MEMORY).free if _SHARED_MEMORY.is_dir() else 0
    if free < _GIB:
        return Check("ray", Verdict.WARN, f"{found}, /dev/shm has {free / _GIB:.1f} GiB", "mount a larger /dev/shm")
    return Check("ray", Verdict.OK, f"{found} starts, /dev/shm has {free / _GIB:.1f} GiB")


CHECKS: tuple[Callable[[], Check], ...] = (
    _python, _memory, _disk, _core_dumps, _clock, _ports, _gpu, _determinism, _ray,
)  # fmt: skip


def examine(report: Callable[[Check], None] | None = None) -> list[Check]:
    """Run every check, in order; ``report`` hears of each as it ends."""
    checks = []
    for run in CHECKS:
        check = run()
        if report is not None:
            report(check)
        checks.append(check)
    return checks
