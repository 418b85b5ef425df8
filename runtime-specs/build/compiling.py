"""Runs cargo so that the same sources and toolchain give the same bytes, wherever they lie."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from toolchain import TARGET, Toolchain

_LINK: Final = ("--export-table", "--import-memory", "--export=__heap_base")
_MEDDLING: Final = (
    "RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "RUSTC_BOOTSTRAP",
    "RUNTIME_METADATA_HASH",
)


@dataclass(frozen=True)
class Build:
    """What to build, with what.

    Args:
        toolchain: compiler and linker.
        workspace: the Rust workspace.
        metadata_hash: digest for ``CheckMetadataHash`` as hexadecimal, None for none.
        target: cargo's target folder; None for the usual one.
        features: the runtime's features to turn on.
    """

    toolchain: Toolchain
    workspace: Path
    metadata_hash: str | None = None
    target: Path | None = None
    features: tuple[str, ...] = ()

    @property
    def target_folder(self) -> Path:
        """Where cargo puts what it makes."""
        usual = os.environ.get("CARGO_TARGET_DIR") or Path.home() / ".cache" / "assay" / "target"
        return self.target or Path(usual)


def compile_runtime(build: Build) -> bytes:
    """The runtime's plain Wasm; CalledProcessError when it does not compile."""
    arguments = ["rustc", "--package", "assay-runtime", "--crate-type", "cdylib", "--target", TARGET, "--release"]
    flags = [f"-Clink-arg={argument}" for argument in _LINK]
    flags += ["--cfg", "substrate_runtime", *_remapped(build)]
    if build.toolchain.linker is not None:
        flags.append(f"-Clinker={build.toolchain.linker}")
    environment = {"CARGO_ENCODED_RUSTFLAGS": "\x1f".join(flags)}
    if build.metadata_hash is not None:
        environment["RUNTIME_METADATA_HASH"] = build.metadata_hash
    arguments += ["--no-default-features", "--features", ",".join(build.features)]
    _cargo(build, [*arguments, *build.toolchain.arguments], environment)
    return (build.target_folder / TARGET / "release" / "assay_runtime.wasm").read_bytes()


def run_metadata_tool(build: Build, metadata: bytes, arguments: Sequence[str]) -> str:
    """What ``assay-metadata-tool`` prints about metadata V15."""
    command = ["run", "--quiet", "--package", "assay-metadata-tool", "--", *arguments]
    return _cargo(build, command, {}, metadata).decode()


def _cargo(build: Build, arguments: Sequence[str], environment: Mapping[str, str], given: bytes = b"") -> bytes:
    command = [build.toolchain.cargo, arguments[0], "--locked", *arguments[1:]]
    inherited = {name: value for name, value in os.environ.items() if name not in _MEDDLING}
    own = {"CARGO_TARGET_DIR": str(build.target_folder), **build.toolchain.environment, **environment}
    done = subprocess.run(
        command, cwd=build.workspace, env=inherited | own, input=given, stdout=subprocess.PIPE, check=True
    )
    return done.stdout


def _remapped(build: Build) -> list[str]:
    """Flags that keep this machine's paths out of the Wasm."""
    home = Path(os.environ.get("CARGO_HOME") or Path.home() / ".cargo")
    places = {
        build.workspace.resolve(): "/assay",
        build.target_folder.resolve(): "/target",
        home.resolve(): "/cargo",
        build.toolchain.sysroot / "lib" / "rustlib" / "src" / "rust": "/rust",
    }
    return [f"--remap-path-prefix={place}={name}" for place, name in places.items()]
