"""Builds the runtime's Wasm with its benchmarks, for `make weights`: into a folder of its own, and no artifact."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from compiling import Build, compile_runtime
from sources import WORKSPACE
from toolchain import ToolchainMissing, find_toolchain


def main() -> None:
    """Builds, and prints where the Wasm lies."""
    parser = argparse.ArgumentParser(description="Build the runtime's Wasm with its benchmarks.")
    parser.add_argument("out", type=Path, help="file to write")
    arguments = parser.parse_args()
    try:
        toolchain = find_toolchain()
    except ToolchainMissing as missing:
        raise SystemExit(str(missing)) from missing
    print(f"Building the Wasm with its benchmarks, with {toolchain.rustc} ({toolchain.kind})", file=sys.stderr)
    wasm = compile_runtime(Build(toolchain, WORKSPACE, features=("runtime-benchmarks",)))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_bytes(wasm)
    print(f"{arguments.out}: {len(wasm):,} bytes")


if __name__ == "__main__":
    main()
