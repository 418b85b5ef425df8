"""The Kubo store: the same blocks, under the same ids, in an IPFS daemon."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from offchain.store._cid import Cid
from offchain.store._errors import (
    BlockCorrupt,
    BlockMissing,
    CidInvalid,
    DeadlinePassed,
    StoreAddressInvalid,
    StoreError,
    StoreUnreachable,
)
from offchain.store._manifest import MAX_BLOCK_BYTES
from offchain.store._store import Garbage, Store

__all__ = ["KuboStore"]

PINS = "/assay/pins"
RAW_BLOCK = {"cid-codec": "raw", "mhtype": "sha2-256", "mhlen": "-1"}


class KuboStore(Store):
    """Blocks in a Kubo daemon, spoken to over its RPC address.

    A raw block has no links, so a recursive pin of a manifest would keep the manifest alone. A pinned object is a
    folder of Kubo's mutable file system instead, ``/assay/pins/<manifest>``, with one entry for each of its blocks:
    the daemon never collects what lies there, shared blocks included. The folder is filled beside its place and moved
    in at the end, so that a pin is whole or absent.

    Args:
        address: multiaddr of the RPC, such as ``/ip4/127.0.0.1/tcp/5001``.
        timeout_s: seconds for calls that move no block.
    """

    def __init__(self, address: str, *, timeout_s: float = 30.0) -> None:
        import ipfshttpclient

        # ipfshttpclient 0.7 passes urllib3 2 a parameter that it has no use for and warns of on each call.
        warnings.filterwarnings("ignore", message="The 'strict' parameter", category=FutureWarning)
        self._errors = ipfshttpclient.exceptions
        try:
            # `connect` refuses a current Kubo by its version; a plain client speaks to it.
            self._client: Any = ipfshttpclient.Client(address, timeout=timeout_s)
        except (self._errors.AddressError, ValueError) as error:
            raise StoreAddressInvalid("this is no address of a Kubo RPC", subject=address, hint=str(error)) from None
        self._address, self._timeout_s = address, timeout_s

    def has(self, cid: Cid) -> bool:
        try:
            with self._calling(str(cid)):
                self._client.block.stat(str(cid), offline=True)
        except BlockMissing:
            return False
        return True

    def _write_block(self, cid: Cid, block: bytes) -> None:
        with self._calling(str(cid)):
            answer = self._client.block.put(io.BytesIO(block), opts=RAW_BLOCK)
        if answer["Key"] != str(cid):
            raise StoreUnreachable(
                f"the daemon gave the block another id: {answer['Key']}",
                subject=str(cid),
                hint="Kubo 0.43 and its `block put` with cid-codec=raw are known to work",
            )

    def _read_block(self, cid: Cid, timeout_s: float) -> bytes:
        block = bytearray()
        with self._calling(str(cid)), self._client.block.get(str(cid), stream=True, timeout=timeout_s) as pieces:
            for piece in pieces:
                block += piece
                if len(block) > MAX_BLOCK_BYTES:
                    raise BlockCorrupt("the daemon sent more than a block holds", subject=str(cid))
        return bytes(block)

    def pin(self, cid: Cid) -> None:
        if cid in self.pins():
            return
        beside = f"/assay/incoming/{cid}"
        self._remove(beside)
        with self._calling(str(cid)):
            self._client.files.mkdir(beside, parents=True)
            self._client.files.mkdir(PINS, parents=True)
        for each in dict.fromkeys(self.reachable(cid)):
            with self._calling(str(each)):
                self._client.files.cp(f"/ipfs/{each}", f"{beside}/{each}")
        with self._calling(str(cid)):
            self._client.files.mv(beside, f"{PINS}/{cid}")

    def unpin(self, cid: Cid) -> None:
        self._remove(f"{PINS}/{cid}")

    def pins(self) -> set[Cid]:
        try:
            with self._calling(PINS):
                entries = self._client.files.ls(PINS)["Entries"] or []
        except BlockMissing:
            return set()
        try:
            return {Cid.parse(str(entry["Name"])) for entry in entries}
        except CidInvalid as error:
            raise StoreError(f"{PINS} holds something that Assay did not put there", subject=error.subject) from None

    def collect_garbage(self) -> Garbage:
        """Let the daemon collect, its own unpinned blocks included; it names no sizes, so they count as zero."""
        with self._calling(self._address):
            removed = list(self._client.repo.gc())
        return Garbage(len(removed), 0)

    def _remove(self, path: str) -> None:
        # Kubo answers success, with a complaint for a body, when it is to remove what is not there.
        try:
            with self._calling(path):
                self._client.files.stat(path)
        except BlockMissing:
            return
        with self._calling(path):
            self._client.files.rm(path, recursive=True)

    @contextmanager
    def _calling(self, subject: str) -> Iterator[None]:
        try:
            yield
        except self._errors.TimeoutError:
            raise DeadlinePassed("the Kubo daemon did not answer in time", subject=subject) from None
        except self._errors.ErrorResponse as error:
            text = str(error)
            if "not found" in text or "does not exist" in text or "could not find" in text:
                raise BlockMissing("the Kubo daemon does not hold this", subject=subject) from None
            raise StoreUnreachable(f"the Kubo daemon refused: {text[:200]}", subject=subject) from None
        except self._errors.Error as error:
            raise StoreUnreachable(
                f"the Kubo daemon cannot be used ({type(error).__name__})",
                subject=self._address,
                hint="start it with `ipfs daemon`, or use file:///path for the embedded store",
            ) from None
