"""The embedded store: one file per block, nothing to install."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from offchain.store._cid import Cid
from offchain.store._errors import BlockMissing, CidInvalid, StoreFull, StoreUnreachable
from offchain.store._manifest import MAX_BLOCK_BYTES
from offchain.store._store import Garbage, Store

__all__ = ["EmbeddedStore"]

GRACE_S = 3600.0


class EmbeddedStore(Store):
    """Blocks as files under ``root/blocks/<two letters>/<cid>``, several processes at once.

    A block is written to a temporary file, flushed to disk, renamed, and its folder flushed: after a kill or a power
    cut a block is there whole or not at all. A file lock keeps collections and writers apart.

    Args:
        root: the store's folder; made if absent.
        max_bytes: cap on the sum of all blocks; none without it.
        grace_s: how long after its last put an unpinned block is safe, so that an object can be pinned after it.
    """

    def __init__(self, root: Path, *, max_bytes: int | None = None, grace_s: float = GRACE_S) -> None:
        self._root = root.expanduser().resolve()
        self._blocks, self._pins, self._temporary = (self._root / name for name in ("blocks", "pins", "tmp"))
        self._max_bytes, self._grace_s = max_bytes, grace_s
        try:
            for folder in (self._blocks, self._pins, self._temporary):
                folder.mkdir(parents=True, exist_ok=True)
            (self._root / "lock").touch()
        except OSError as error:
            raise StoreUnreachable(f"the store's folder cannot be used ({error.strerror})", subject=str(root)) from None

    @property
    def root(self) -> Path:
        """The store's folder."""
        return self._root

    def has(self, cid: Cid) -> bool:
        return self._path(cid).is_file()

    def _write_block(self, cid: Cid, block: bytes) -> None:
        path = self._path(cid)
        with self._locked(fcntl.LOCK_SH):
            if path.is_file() and path.read_bytes() == block:
                os.utime(path)
                return
            if self._max_bytes is not None and self._used() + len(block) > self._max_bytes:
                raise StoreFull(
                    f"the store holds its {self._max_bytes} bytes",
                    subject=str(self._root),
                    hint="unpin objects and collect garbage, or raise the cap",
                )
            self._write(path, block)

    def _read_block(self, cid: Cid, timeout_s: float) -> bytes:
        del timeout_s
        try:
            with self._path(cid).open("rb") as file:
                return file.read(MAX_BLOCK_BYTES + 1)
        except FileNotFoundError:
            raise BlockMissing("the store does not hold this block", subject=str(cid)) from None
        except OSError as error:
            raise StoreUnreachable(f"the block cannot be read ({error.strerror})", subject=str(cid)) from None

    def pin(self, cid: Cid) -> None:
        with self._locked(fcntl.LOCK_SH):
            for each in self.reachable(cid):
                if not self.has(each):
                    raise BlockMissing("an object is pinned only when it is here whole", subject=str(each))
            self._write(self._pins / str(cid), b"")

    def unpin(self, cid: Cid) -> None:
        (self._pins / str(cid)).unlink(missing_ok=True)

    def pins(self) -> set[Cid]:
        return {Cid.parse(entry.name) for entry in self._pins.iterdir()}

    def collect_garbage(self) -> Garbage:
        with self._locked(fcntl.LOCK_EX):
            kept = {each for root in self.pins() for each in self.reachable(root)}
            before, blocks, size_bytes = time.time() - self._grace_s, 0, 0
            for path in self._temporary.iterdir():
                if path.stat().st_mtime <= before:
                    path.unlink()
            for path in self._files():
                status = path.stat()
                if status.st_mtime <= before and _cid_of(path) not in kept:
                    path.unlink()
                    blocks, size_bytes = blocks + 1, size_bytes + status.st_size
            return Garbage(blocks, size_bytes)

    def _path(self, cid: Cid) -> Path:
        text = str(cid)
        return self._blocks / text[-3:-1] / text

    def _files(self) -> Iterator[Path]:
        for folder in self._blocks.iterdir():
            yield from folder.iterdir()

    def _used(self) -> int:
        return sum(path.stat().st_size for path in self._files())

    def _write(self, path: Path, content: bytes) -> None:
        try:
            new_folder = not path.parent.is_dir()
            path.parent.mkdir(exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self._temporary)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                    file.flush()
                    os.fsync(file.fileno())
                Path(temporary).replace(path)
            except BaseException:
                Path(temporary).unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)
            if new_folder:
                _sync_folder(path.parent.parent)
        except OSError as error:
            raise StoreUnreachable(f"the store cannot be written ({error.strerror})", subject=str(path)) from None

    @contextmanager
    def _locked(self, kind: int) -> Iterator[None]:
        with (self._root / "lock").open("rb") as file:
            fcntl.flock(file, kind)
            yield


def _cid_of(path: Path) -> Cid | None:
    try:
        return Cid.parse(path.name)
    except CidInvalid:
        return None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
