"""Files that hold secrets: for their owner only, written whole or not at all, never overwritten."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

__all__ = ["home", "private_folder", "write_new"]


def home() -> Path:
    """Where keys and journals live: ``$ASSAY_HOME``, by default ``~/.assay``."""
    return Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay")


def private_folder(folder: Path) -> Path:
    """The folder, made for its owner only where it is not there."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def write_new(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes a new file that is complete, and on disk, before it appears under its name.

    Raises:
        FileExistsError: something has that name.
    """
    private_folder(path.parent)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
