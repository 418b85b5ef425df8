"""The Node.js suite: installs polkadot.js by its lock file, runs checks against a chain, reads what they say."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

__all__ = ["EVERYDAY", "FOLDER", "Outcome", "Suite", "checks_of", "require_suite"]

FOLDER = Path(__file__).resolve().parent
EVERYDAY = (
    "metadata",
    "storage",
    "subscriptions",
    "sending",
    "accounts",
    "governance",
    "pallets",
    "errors",
    "derive",
    "metadata-hash",
)
"""The groups that leave the chain's runtime as it is."""

_NAME = re.compile(r"^check\('([^']+)'", re.MULTILINE)
_INSTALL_S = 240


def checks_of(*groups: str) -> list[str]:
    """Names of the groups' checks, as their sources have them: known without Node.js."""
    return [name for group in groups for name in _NAME.findall((FOLDER / "checks" / f"{group}.mjs").read_text())]


@dataclass(frozen=True)
class Outcome:
    """What a run said: each check's line by its name, and the line that counts them."""

    checks: dict[str, dict[str, Any]]
    total: dict[str, Any]

    def assert_passed(self, name: str) -> None:
        """Fails with the check's own error when it failed or was not run."""
        assert name in self.checks, f"not run: {name}"
        line = self.checks[name]
        assert line["ok"], line["error"]


@dataclass(frozen=True)
class Suite:
    """The scripts beside an installed polkadot.js."""

    folder: Path

    def run(
        self, url: str, groups: Sequence[str], *, block_s: float, wasm: Path | None = None, within_s: float = 280
    ) -> Outcome:
        """Runs the groups side by side against the chain at ``url``.

        Args:
            url: WebSocket of a node.
            groups: files of ``checks/``.
            block_s: seconds between blocks; deadlines of checks follow from it.
            wasm: the runtime of the group ``upgrade-vote``.
            within_s: seconds until the run is ended.
        """
        process = self.start(url, groups, block_s=block_s, wasm=wasm)
        try:
            stdout, stderr = process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            process.kill()
            stdout, stderr = process.communicate()
        return read(stdout, stderr)

    def start(
        self, url: str, groups: Sequence[str], *, block_s: float, wasm: Path | None = None
    ) -> subprocess.Popen[str]:
        """The same, under way; :func:`read` takes what it writes."""
        command = ["node", "run.mjs", "--url", url, "--block-ms", str(round(block_s * 1000)), "--run", uuid.uuid4().hex]
        command += [part for group in groups for part in ("--group", group)]
        if wasm is not None:
            command += ["--wasm", str(wasm)]
        return subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def keys(self, **request: Any) -> dict[str, Any]:
        """One deed of ``keys.mjs``."""
        done = subprocess.run(
            ["node", "keys.mjs"],
            cwd=self.folder,
            input=json.dumps(request),
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer


def read(stdout: str, stderr: str) -> Outcome:
    """The JSON lines of a run; fails where it did not come to its end."""
    lines = [json.loads(line) for line in stdout.splitlines()]
    ended = bool(lines) and "done" in lines[-1]
    assert ended, f"the run did not end:\n{stdout[-2000:]}\n{stderr[-2000:]}"
    return Outcome({line["check"]: line for line in lines[:-1]}, lines[-1])


def require_suite(target: Path) -> Suite:
    """The suite in ``target``; skips, or fails under ASSAY_REQUIRE_NODEJS, without Node.js or what npm downloads."""
    try:
        modules = _installed()
    except _Absent as absent:
        if os.environ.get("ASSAY_REQUIRE_NODEJS"):
            pytest.fail(str(absent))
        pytest.skip(str(absent))
    for part in ("checks", "lib"):
        shutil.copytree(FOLDER / part, target / part)
    for script in FOLDER.glob("*.mjs"):
        shutil.copy(script, target)
    (target / "node_modules").symlink_to(modules)
    return Suite(target)


class _Absent(Exception):
    """Node.js, npm, or what they download."""


def _installed() -> Path:
    """``node_modules`` of the lock file, outside the clone: made once for each lock file."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            raise _Absent(f"polkadot.js was not run: {tool} is absent (apt install nodejs npm)")
    lock = (FOLDER / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("ASSAY_CACHE", Path.home() / ".cache" / "assay")) / "clients"
    cache.mkdir(parents=True, exist_ok=True)
    home = cache / blake2b(lock, digest_size=12).hexdigest()
    with (cache / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not home.is_dir():
            staged = cache / f"{home.name}.{os.getpid()}"
            shutil.rmtree(staged, ignore_errors=True)
            staged.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(FOLDER / name, staged)
            done = subprocess.run(
                ["npm", "ci", "--ignore-scripts"], cwd=staged, capture_output=True, text=True, timeout=_INSTALL_S
            )
            if done.returncode:
                shutil.rmtree(staged)
                raise _Absent(f"polkadot.js was not run: npm cannot install it: {done.stderr[-500:]}")
            staged.rename(home)
    return home / "node_modules"
