"""Where Kubo is: on ``PATH``, or built by ``make kubo`` into the cache, under a key of everything it is built from."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Final

__all__ = ["kubo_binary", "kubo_cache"]

_SUMS: Final = Path(__file__).resolve().parents[2] / "local-testnet" / "kubo" / "go.sum"


def kubo_cache() -> Path:
    """Where ``make kubo`` puts it."""
    cache = Path(os.environ.get("ASSAY_CACHE") or Path.home() / ".cache" / "assay")
    key = hashlib.blake2b(_SUMS.read_bytes() if _SUMS.is_file() else b"", digest_size=16).hexdigest()
    return cache / "kubo" / key / "ipfs"


def kubo_binary() -> str | None:
    """The Kubo to use; None where there is none."""
    cached = kubo_cache()
    return shutil.which("ipfs") or (str(cached) if os.access(cached, os.X_OK) else None)
