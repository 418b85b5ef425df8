"""Builds the native node into the cache, and says where it is: `make node`.

The binary lies in ``~/.cache/assay/node/KEY/assay-node`` (or under ``ASSAY_CACHE``), where KEY is of everything it is
built from: see :func:`offchain.testnet.node_key`. Where the key is there already, nothing is done.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from offchain.testnet import node_cache, node_key

WORKSPACE: Final = Path(__file__).resolve().parents[1]
PROFILE: Final = "node"

_OLDEST: Final = (1, 86)
_TOOLS: Final = {"cc": "build-essential", "protoc": "protobuf-compiler"}


class Missing(Exception):
    """Something that the build needs is not installed; the text says how to get it."""


def find_cargo() -> str:
    """A cargo new enough: the one on PATH, or Debian's; Missing where there is none."""
    for cargo in filter(None, (shutil.which("cargo"), "/usr/bin/cargo")):
        try:
            said = subprocess.run([cargo, "--version"], capture_output=True, text=True, timeout=60, check=True).stdout
        except (OSError, subprocess.SubprocessError):
            continue
        major, minor = said.split()[1].split(".")[:2]
        if (int(major), int(minor)) >= _OLDEST:
            return cargo
    wanted = ".".join(map(str, _OLDEST))
    raise Missing(
        f"The node needs Rust {wanted} or newer. Either\n"
        "  - with rustup:   rustup toolchain install stable\n"
        "  - on Debian 12:  apt-get install rustc-web cargo-web"
    )


def check_tools() -> None:
    """The programs that crates of the node call when they are built; Missing says which packages bring them."""
    absent = [package for tool, package in _TOOLS.items() if shutil.which(tool) is None]
    if absent:
        raise Missing(f"The node's crates need programs that are not here: apt-get install {' '.join(absent)}")


def build() -> Path:
    """The node's binary, built if it is not in the cache."""
    binary = node_cache()
    if os.access(binary, os.X_OK):
        return binary
    cargo, key = find_cargo(), node_key()
    check_tools()
    target = Path(os.environ.get("CARGO_TARGET_DIR") or binary.parents[2] / "target")
    command = [cargo, "build", "--locked", "--package", "assay-node", "--profile", PROFILE]
    print(
        "Building the native node: about 15 minutes from nothing, a link after a change of the runtime", file=sys.stderr
    )
    began = time.monotonic()
    done = subprocess.run(command, cwd=WORKSPACE, env=os.environ | {"CARGO_TARGET_DIR": str(target)})
    if done.returncode:
        raise SystemExit("The native node does not compile; cargo says why above.")
    if node_key() != key:
        raise SystemExit("The sources changed while they were built: build again.")
    binary.parent.mkdir(parents=True, exist_ok=True)
    temporary = binary.with_suffix(".new")
    shutil.copy2(target / PROFILE / "assay-node", temporary)
    temporary.replace(binary)
    minutes, size = (time.monotonic() - began) / 60, binary.stat().st_size
    print(f"Built in {minutes:.1f} minutes, {size / 1e6:.0f} MB", file=sys.stderr)
    return binary


def main() -> None:
    """Builds, and prints the binary's path."""
    try:
        print(build())
    except Missing as missing:
        raise SystemExit(str(missing)) from missing


if __name__ == "__main__":
    main()
