"""Where the workspace lies, and which files enter the Wasm."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

WORKSPACE: Final = Path(__file__).resolve().parents[1]
ARTIFACTS: Final = WORKSPACE / "artifacts"

_MEMBERS: Final = ("math", "pallets", "primitives", "runtime")
_TESTS: Final = frozenset({"tests", "tests.rs", "mock.rs", "benchmarking", "benchmarking.rs", "benchmarks.rs"})


def source_files(workspace: Path = WORKSPACE) -> Iterator[Path]:
    """Files that enter the Wasm, sorted: Rust sources and manifests, less tests and benchmarks."""
    files = [workspace / "Cargo.lock", workspace / "Cargo.toml"]
    for member in _MEMBERS:
        files += (workspace / member).rglob("*.rs")
        files += (workspace / member).rglob("Cargo.toml")
    for file in sorted(files, key=lambda file: file.relative_to(workspace).as_posix()):
        if _TESTS.isdisjoint(file.relative_to(workspace).parts):
            yield file


def source_hash(workspace: Path = WORKSPACE) -> str:
    """blake2b-256, as hexadecimal, over path and content of each of :func:`source_files`, each led by its length."""
    digest = blake2b(digest_size=32)
    for file in source_files(workspace):
        for part in (file.relative_to(workspace).as_posix().encode(), file.read_bytes()):
            digest.update(len(part).to_bytes(8, "little"))
            digest.update(part)
    return digest.hexdigest()
