"""What is made of a Wasm: its compressed form, metadata, API types, chain specs and the stamp."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

import zstandard
from compiling import Build, run_metadata_tool
from stamp import STAMP, Stamp

from offchain.devchain._executor import Executor
from offchain.devchain._genesis import chain_spec, genesis_state
from offchain.devchain._overlay import Overlay
from offchain.devchain._state import State
from offchain.scale import decode_vec

COMPRESSED: Final = bytes.fromhex("52bc537646db8e05")
"""``sp_maybe_compressed_blob::ZSTD_PREFIX``."""

_LEVEL: Final = 19
_SS58_PREFIX: Final = 42
_DECIMALS: Final = 12
_SYMBOL: Final = "ASY"
_SPECS: Final = {
    "chain-spec-dev.json": ("development", "Assay Development", "assay_dev", "Development"),
    "chain-spec-local.json": ("local_testnet", "Assay Local", "assay_local", "Local"),
}


@dataclass(frozen=True)
class Artifacts:
    """The files to write, by name, and the digest of their metadata."""

    files: dict[str, bytes]
    metadata_hash: str
    summary: str


def describe(wasm: bytes, build: Build, sources: str) -> Artifacts:
    """Runs the Wasm to learn its metadata and genesis states, and makes the files."""
    compressed = COMPRESSED + zstandard.ZstdCompressor(level=_LEVEL).compress(wasm)
    executor = Executor(compressed, cache_dir=None)
    metadata = {version: _metadata(executor, version) for version in (14, 15)}
    name, version = _name_and_version(executor)
    digest = ["digest", name, str(version), str(_SS58_PREFIX), str(_DECIMALS), _SYMBOL]
    metadata_hash = run_metadata_tool(build, metadata[15], digest).strip()
    stamp = Stamp(
        sources=sources,
        wasm=_hash(compressed),
        plain_wasm=_hash(wasm),
        metadata_hash=metadata_hash,
        toolchain=build.toolchain.name,
        zstd=".".join(str(part) for part in zstandard.ZSTD_VERSION),
    )
    files = {
        "runtime.compact.compressed.wasm": compressed,
        "metadata.scale": metadata[14],
        "metadata_v15.scale": metadata[15],
        "runtime_api.json": run_metadata_tool(build, metadata[15], ["apis"]).encode(),
        STAMP: stamp.as_json().encode(),
    }
    for file, (preset, title, identifier, kind) in _SPECS.items():
        properties: dict[str, str | int] = {
            "ss58Format": _SS58_PREFIX,
            "tokenDecimals": _DECIMALS,
            "tokenSymbol": _SYMBOL,
        }
        spec = chain_spec(title, identifier, genesis_state(executor, preset), chain_type=kind, properties=properties)
        files[file] = (json.dumps(spec, indent=1) + "\n").encode()
    summary = f"Wasm {len(wasm):,} bytes, compressed {len(compressed):,}, metadata digest {metadata_hash}"
    return Artifacts(files, metadata_hash, summary)


def write(artifacts: Artifacts, folder: Path) -> None:
    """Puts every file in place, the stamp last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in sorted(artifacts.files.items(), key=lambda item: item[0] == STAMP):
        temporary = folder / f".{name}.new"
        temporary.write_bytes(content)
        temporary.replace(folder / name)


def _metadata(executor: Executor, version: int) -> bytes:
    """Metadata without the length before it."""
    answer = executor.call("Metadata_metadata_at_version", version.to_bytes(4, "little"), Overlay(State()))
    if answer[:1] != b"\x01":
        raise SystemExit(f"The runtime has no metadata V{version}.")
    return decode_vec(answer, 1)[0]


def _name_and_version(executor: Executor) -> tuple[str, int]:
    """Name and version of the runtime's specification."""
    answer = executor.call("Core_version", b"", Overlay(State()))
    name, offset = decode_vec(answer)
    _, offset = decode_vec(answer, offset)
    offset += 4
    return name.decode(), int.from_bytes(answer[offset : offset + 4], "little")


def _hash(data: bytes) -> str:
    return blake2b(data, digest_size=32).hexdigest()
