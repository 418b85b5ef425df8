"""Builds the runtime and everything Python and nodes read of it into ``runtime-specs/artifacts``: `make runtime`.

The Wasm carries the digest of its own metadata (``CheckMetadataHash``), so it is built twice: the first build says the
metadata, the second carries the digest. Where the first already carried it, because the stamp of the last build knew
it, the second would be the same build and is left out.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from artifacts import Artifacts, describe, write
from compiling import Build, compile_runtime
from sources import ARTIFACTS, WORKSPACE, source_hash
from stamp import read_stamp
from toolchain import ToolchainMissing, find_toolchain

PASSES = 3


def build(workspace: Path, metadata_hash: str | None, target: Path | None = None) -> Artifacts:
    """The artifacts of the workspace's sources, built until the Wasm carries the digest of its own metadata.

    Args:
        workspace: the Rust workspace.
        metadata_hash: the digest that the first pass carries.
        target: cargo's target folder; None for the usual one.
    """
    toolchain = find_toolchain()
    sources = source_hash(workspace)
    for number in range(1, PASSES + 1):
        print(f"Building the Wasm with {toolchain.rustc} ({toolchain.kind}), pass {number}", file=sys.stderr)
        this = Build(toolchain, workspace, metadata_hash, target)
        artifacts = describe(compile_runtime(this), this, sources)
        if artifacts.metadata_hash == metadata_hash:
            if source_hash(workspace) != sources:
                raise SystemExit("The sources changed while they were built: build again.")
            return artifacts
        metadata_hash = artifacts.metadata_hash
    raise SystemExit("The metadata changes with the digest it carries: this is a defect in the runtime.")


def main() -> None:
    """Builds, and writes the artifacts only when everything succeeded."""
    parser = argparse.ArgumentParser(description="Build the runtime's Wasm, metadata, API types and chain specs.")
    parser.add_argument("--out", type=Path, default=ARTIFACTS, help="folder to write (default: %(default)s)")
    parser.add_argument("--workspace", type=Path, default=WORKSPACE, help="Rust workspace (default: %(default)s)")
    parser.add_argument("--fresh", action="store_true", help="compile in a new target folder, from nothing")
    arguments = parser.parse_args()
    stamp = read_stamp(ARTIFACTS)
    try:
        if arguments.fresh:
            with tempfile.TemporaryDirectory(prefix="assay-target-") as target:
                artifacts = build(arguments.workspace, None, Path(target))
        else:
            artifacts = build(arguments.workspace, stamp.metadata_hash if stamp else None)
    except ToolchainMissing as missing:
        raise SystemExit(str(missing)) from missing
    write(artifacts, arguments.out)
    print(f"{arguments.out}: {artifacts.summary}", file=sys.stderr)


if __name__ == "__main__":
    main()
