"""The Rust toolchain that builds Wasm: rustup's target, or Debian's packages, whichever is there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TARGET: Final = "wasm32v1-none"
_OLDEST: Final = (1, 84)
_OLDEST_LINKER: Final = 19

_HELP: Final = f"""\
No Rust toolchain here can build for {TARGET}. Either
  - with rustup:     rustup toolchain install stable && rustup target add {TARGET}
  - on Debian 12:    apt-get install rustc-web cargo-web rust-web-src lld-19
and run `make runtime` again. The artifacts in runtime-specs/artifacts are committed: nothing else needs this."""


class ToolchainMissing(Exception):
    """No toolchain can build the Wasm; the text says what to install."""


@dataclass(frozen=True)
class Toolchain:
    """A toolchain that can build the Wasm.

    Args:
        kind: ``rustup`` or ``debian``.
        cargo: the cargo to run.
        rustc: what ``rustc --version`` prints.
        sysroot: rustc's own folder.
        linker: program that links Wasm; None for the one that comes with rustc.
        arguments: what cargo needs besides the target.
        environment: variables cargo needs.
    """

    kind: str
    cargo: str
    rustc: str
    sysroot: Path
    linker: str | None
    arguments: tuple[str, ...]
    environment: Mapping[str, str]

    @property
    def name(self) -> str:
        """What decides over the bytes of the Wasm: compiler and linker, with their versions."""
        if self.linker is None:
            return f"{self.rustc}, {self.kind}"
        version = _output([self.linker, "--version"]) or "unknown"
        return f"{self.rustc}, {self.kind}, {version}"


def find_toolchain() -> Toolchain:
    """The toolchain to use; ToolchainMissing where there is none."""
    found = _rustup() or _debian()
    if found is None:
        raise ToolchainMissing(_HELP)
    return found


def _rustup() -> Toolchain | None:
    cargo, rustc = shutil.which("cargo"), shutil.which("rustc")
    if cargo is None or rustc is None:
        return None
    version, sysroot = _output([rustc, "--version"]), _output([rustc, "--print", "sysroot"])
    if version is None or sysroot is None or _number(version) < _OLDEST:
        return None
    if not (Path(sysroot) / "lib" / "rustlib" / TARGET / "lib").is_dir():
        return None
    return Toolchain("rustup", cargo, version, Path(sysroot), None, (), {})


def _debian() -> Toolchain | None:
    cargo, rustc = "/usr/bin/cargo", "/usr/bin/rustc"
    version = _output([rustc, "--version"])
    library = Path("/usr/lib/rustlib/src/rust/library")
    linker = next((name for name in _linkers() if shutil.which(name)), None)
    if version is None or _number(version) < _OLDEST or not library.is_dir() or linker is None:
        return None
    if not Path(cargo).is_file():
        return None
    # Building the standard library is an unstable option, which a stable compiler takes under this name.
    path = os.pathsep.join(["/usr/bin", os.environ.get("PATH", "")])
    environment = {"RUSTC_BOOTSTRAP": "1", "PATH": path}
    return Toolchain("debian", cargo, version, Path("/usr"), linker, ("-Zbuild-std=core,alloc",), environment)


def _linkers() -> list[str]:
    return [f"wasm-ld-{version}" for version in range(_OLDEST_LINKER + 11, _OLDEST_LINKER - 1, -1)]


def _number(version: str) -> tuple[int, int]:
    """``rustc 1.95.0 (...)`` as (1, 95)."""
    major, minor = version.split()[1].split(".")[:2]
    return int(major), int(minor)


def _output(command: list[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()
