"""The stamp beside the artifacts: which sources they belong to, and what built them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

STAMP: Final = "stamp.json"


@dataclass(frozen=True)
class Stamp:
    """What was built, from what, with what. Hashes are blake2b-256 as hexadecimal.

    Args:
        sources: hash of the sources that enter the Wasm.
        wasm: hash of the compressed Wasm.
        plain_wasm: hash of the plain Wasm.
        metadata_hash: RFC 78 digest of the metadata, which the Wasm carries.
        toolchain: compiler and linker with their versions.
        zstd: version of zstd that compressed the Wasm.
    """

    sources: str
    wasm: str
    plain_wasm: str
    metadata_hash: str
    toolchain: str
    zstd: str

    def as_json(self) -> str:
        """The stamp's file."""
        return json.dumps(asdict(self), indent=2) + "\n"


def read_stamp(artifacts: Path) -> Stamp | None:
    """The stamp in a folder, None where there is none of this form."""
    try:
        return Stamp(**json.loads((artifacts / STAMP).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
