"""The interface of every store, and all that does not depend on where blocks lie."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from typing import BinaryIO

from offchain.store._cid import Cid
from offchain.store._errors import (
    BlockCorrupt,
    BlockTooLarge,
    DeadlinePassed,
    ManifestInvalid,
    ObjectTooLarge,
)
from offchain.store._manifest import FANOUT, MAX_BLOCK_BYTES, MAX_DEPTH, Link, ObjectManifest

__all__ = ["Garbage", "Progress", "Store"]

Progress = Callable[[int, int], None]
"""Called with the bytes done and the bytes in all."""

DEFAULT_MAX_BYTES = 1 << 30
DEFAULT_DEADLINE_S = 600.0
BLOCK_TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Garbage:
    """What a collection removed."""

    blocks: int
    size_bytes: int


class Store(ABC):
    """Raw blocks by content id, and objects as lists of blocks under a manifest.

    Every byte that comes out was hashed on the way. Ids do not depend on the store.
    """

    fanout: int = FANOUT

    @abstractmethod
    def _write_block(self, cid: Cid, block: bytes) -> None:
        """Keep a block durably; a block that is there already is no error."""

    @abstractmethod
    def _read_block(self, cid: Cid, timeout_s: float) -> bytes:
        """The block's bytes, unverified. Raises BlockMissing."""

    @abstractmethod
    def has(self, cid: Cid) -> bool:
        """Whether the block lies in this store itself."""

    @abstractmethod
    def pin(self, cid: Cid) -> None:
        """Keep an object, all its blocks and manifests, from being collected. Idempotent."""

    @abstractmethod
    def unpin(self, cid: Cid) -> None:
        """Let go of an object that was pinned. Idempotent."""

    @abstractmethod
    def pins(self) -> set[Cid]:
        """Manifest ids of the objects that are pinned."""

    @abstractmethod
    def collect_garbage(self) -> Garbage:
        """Remove blocks that no pinned object needs."""

    def put_block(self, block: bytes) -> Cid:
        """Keep one block of at most 1 MiB and return its id."""
        if len(block) > MAX_BLOCK_BYTES:
            raise BlockTooLarge(f"a block has at most {MAX_BLOCK_BYTES} bytes, not {len(block)}")
        cid = Cid.of(block)
        self._write_block(cid, bytes(block))
        return cid

    def get_block(self, cid: Cid, *, timeout_s: float = BLOCK_TIMEOUT_S) -> bytes:
        """One block, verified. Raises BlockMissing, BlockCorrupt or DeadlinePassed."""
        block = self._read_block(cid, timeout_s)
        if len(block) > MAX_BLOCK_BYTES or Cid.of(block) != cid:
            raise BlockCorrupt(
                "the bytes found do not hash to their id", subject=str(cid), hint="put the object again to repair it"
            )
        return block

    def put(self, data: bytes | BinaryIO | Iterable[bytes]) -> Cid:
        """Cut an object into blocks, keep them, and return the id of its manifest.

        Args:
            data: the bytes, a file opened for reading, or pieces of any size.
        """
        links = [Link(self.put_block(block), len(block)) for block in _blocks(data)]
        depth = 0
        while True:
            groups = [links[at : at + self.fanout] for at in range(0, max(len(links), 1), self.fanout)]
            manifests = [ObjectManifest.over(depth, group) for group in groups]
            above = [Link(self.put_block(each.encode()), each.size_bytes) for each in manifests]
            if len(above) == 1:
                return above[0].cid
            if depth == MAX_DEPTH:
                raise ObjectTooLarge(f"an object of {len(links)} manifests is too large")
            links, depth = above, depth + 1

    def size(self, cid: Cid, *, timeout_s: float = BLOCK_TIMEOUT_S) -> int:
        """Bytes of an object, as its manifest says."""
        return self._manifest(cid, timeout_s).size_bytes

    def get(
        self,
        cid: Cid,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        deadline_s: float = DEFAULT_DEADLINE_S,
        progress: Progress | None = None,
        workers: int = 4,
    ) -> bytes:
        """A whole object, verified; see `stream`."""
        options = {"max_bytes": max_bytes, "deadline_s": deadline_s}
        return b"".join(self.stream(cid, **options, progress=progress, workers=workers))  # type: ignore[arg-type]

    def stream(
        self,
        cid: Cid,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        deadline_s: float = DEFAULT_DEADLINE_S,
        progress: Progress | None = None,
        workers: int = 4,
    ) -> Iterator[bytes]:
        """The verified blocks of an object in order, fetched by ``workers`` threads a few blocks ahead.

        Args:
            cid: the object's manifest.
            max_bytes: cap on the object, held before any data block is fetched.
            deadline_s: seconds from the first block asked for to the last one given.
            progress: called after each block.
            workers: blocks in flight.

        Raises ObjectTooLarge, DeadlinePassed, ManifestInvalid, BlockMissing or BlockCorrupt.
        """
        deadline = _Deadline(cid, deadline_s)
        root = self._manifest(cid, deadline.left())
        total = root.size_bytes
        if total > max_bytes:
            raise ObjectTooLarge(f"the object has {total} bytes, over the {max_bytes} allowed", subject=str(cid))
        links, done = self._leaves(root, deadline), 0
        window: deque[tuple[Link, Future[bytes]]] = deque()
        pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="assay-store")
        try:
            exhausted = False
            while window or not exhausted:
                while not exhausted and len(window) < 2 * workers:
                    link = next(links, None)
                    if link is None:
                        exhausted = True
                    else:
                        window.append((link, pool.submit(self.get_block, link.cid, timeout_s=deadline.left())))
                if window:
                    link, future = window.popleft()
                    block = _sized(deadline.wait(future), link)
                    done += len(block)
                    if progress is not None:
                        progress(done, total)
                    yield block
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def reachable(self, cid: Cid) -> Iterator[Cid]:
        """Ids of an object's manifests and blocks, its own first."""
        yield from self._reach(Link(cid, -1), None)

    def _reach(self, link: Link, depth: int | None) -> Iterator[Cid]:
        manifest = self._checked(link, depth, BLOCK_TIMEOUT_S)
        yield link.cid
        for below in manifest.links:
            if manifest.depth:
                yield from self._reach(below, manifest.depth - 1)
            else:
                yield below.cid

    def _leaves(self, manifest: ObjectManifest, deadline: _Deadline) -> Iterator[Link]:
        for link in manifest.links:
            if manifest.depth:
                yield from self._leaves(self._checked(link, manifest.depth - 1, deadline.left()), deadline)
            else:
                yield link

    def _manifest(self, cid: Cid, timeout_s: float) -> ObjectManifest:
        return self._checked(Link(cid, -1), None, timeout_s)

    def _checked(self, link: Link, depth: int | None, timeout_s: float) -> ObjectManifest:
        """A manifest that holds what the one above it says; the topmost has none above."""
        manifest = ObjectManifest.decode(self.get_block(link.cid, timeout_s=timeout_s))
        if depth is not None and (manifest.depth, manifest.size_bytes) != (depth, link.size_bytes):
            raise ManifestInvalid("a nested manifest does not hold what its parent says", subject=str(link.cid))
        return manifest


class _Deadline:
    def __init__(self, cid: Cid, seconds: float) -> None:
        self._cid, self._seconds, self._end = cid, seconds, time.monotonic() + seconds

    def left(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise self._passed()
        return left

    def wait(self, future: Future[bytes]) -> bytes:
        try:
            return future.result(timeout=self.left())
        except FutureTimeout:
            raise self._passed() from None

    def _passed(self) -> DeadlinePassed:
        return DeadlinePassed(
            f"the object did not arrive within {self._seconds:g} s",
            subject=str(self._cid),
            hint="check that a peer holds it, or allow more time",
        )


def _sized(block: bytes, link: Link) -> bytes:
    if len(block) != link.size_bytes:
        raise ManifestInvalid(f"a block has {len(block)} bytes, not {link.size_bytes}", subject=str(link.cid))
    return block


def _blocks(data: bytes | BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if isinstance(data, bytes | bytearray | memoryview):
        pieces: Iterable[bytes] = (bytes(data),)
    elif hasattr(data, "read"):
        file = data
        pieces = iter(lambda: file.read(MAX_BLOCK_BYTES), b"")
    else:
        pieces = data
    rest = bytearray()
    for piece in pieces:
        at = 0
        while at < len(piece):
            taken = min(MAX_BLOCK_BYTES - len(rest), len(piece) - at)
            rest += piece[at : at + taken]
            at += taken
            if len(rest) == MAX_BLOCK_BYTES:
                yield bytes(rest)
                rest.clear()
    if rest:
        yield bytes(rest)
