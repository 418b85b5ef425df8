"""``author_*``, ``payment_*``, and the blocks that are made on request."""

from __future__ import annotations

from typing import Any, Final

from offchain.scale import decode_compact

from ._authors import development_authors
from ._jsonrpc import Handler, RpcError, hex_bytes
from ._pool import Status
from ._rpc_context import Context, unsubscribe
from ._session import Session, Subscription, TooManySubscriptions
from ._trie_codec import blake2_256

__all__ = ["author_methods"]

_CLASSES: Final = ("normal", "operational", "mandatory")


class _Author:
    """The handlers."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._chain = context.chain

    async def submit(self, _session: Session, extrinsic: object) -> str:
        data = hex_bytes(extrinsic)
        return "0x" + (await self._context.work(lambda: self._chain.submit(data))).hex()

    async def submit_and_watch(self, session: Session, extrinsic: object) -> Subscription:
        if not session.is_persistent:
            raise RpcError(-32601, "Method not found", "subscriptions need a WebSocket")
        data = hex_bytes(extrinsic)
        try:
            subscription = session.subscribe("author_extrinsicUpdate")
        except TooManySubscriptions:
            raise RpcError(-32006, "Too many subscriptions on the connection") from None

        def watcher(status: Status) -> None:
            self._context.hub.call(subscription.send, status.as_json())

        pool = self._chain.pool
        subscription.on_close(lambda: self._context.worker.do(lambda: pool.unwatch(blake2_256(data), watcher)))
        try:
            await self._context.work(lambda: self._chain.submit(data, watcher))
        except BaseException:
            session.unsubscribe(subscription.identifier)
            raise
        return subscription

    async def pending(self, _session: Session) -> list[str]:
        return ["0x" + data.hex() for data in await self._context.work(self._chain.pool.pending)]

    async def remove(self, _session: Session, bytes_or_hash: object) -> list[str]:
        if not isinstance(bytes_or_hash, list) or not all(isinstance(one, dict) for one in bytes_or_hash):
            raise RpcError.invalid_params("expected a list of objects with a hash or an extrinsic")
        hashes = [
            hex_bytes(one["hash"]) if "hash" in one else blake2_256(hex_bytes(one.get("extrinsic")))
            for one in bytes_or_hash
        ]
        removed = await self._context.work(lambda: self._chain.pool.drop_invalid(hashes))
        return ["0x" + one.hex() for one in removed]

    def has_key(self, _session: Session, public_key: object, key_type: object) -> bool:
        return key_type == "aura" and hex_bytes(public_key) in development_authors()

    async def query_info(self, _session: Session, encoded_xt: object, at: object = None) -> dict[str, Any]:
        data = await self._payment("query_info", encoded_xt, at)
        ref_time, offset = decode_compact(data)
        proof_size, offset = decode_compact(data, offset)
        return {
            "weight": {"ref_time": ref_time, "proof_size": proof_size},
            "class": _CLASSES[data[offset]],
            "partialFee": str(int.from_bytes(data[offset + 1 : offset + 17], "little")),
        }

    async def query_fee_details(self, _session: Session, encoded_xt: object, at: object = None) -> dict[str, Any]:
        data = await self._payment("query_fee_details", encoded_xt, at)
        if data[0] == 0:
            return {"inclusionFee": None}
        fees = [hex(int.from_bytes(data[start : start + 16], "little")) for start in (1, 17, 33)]
        return {"inclusionFee": dict(zip(("baseFee", "lenFee", "adjustedWeightFee"), fees, strict=True))}

    async def create_block(
        self, _session: Session, create_empty: object, _finalize: object = True, parent_hash: object = None
    ) -> dict[str, Any]:
        """Seals now. All blocks are final, and there are no forks to build on."""
        if parent_hash is not None and hex_bytes(parent_hash) != self._chain.head.hash:
            raise RpcError.invalid_params("a block can only follow the last one")

        def job() -> bytes:
            if not create_empty and not self._chain.pool.ready:
                raise RpcError(6000, "Transaction pool is empty, set create_empty to true to create empty blocks")
            return self._chain.seal().header.hash

        return {"hash": "0x" + (await self._context.work(job)).hex(), "aux": {"is_new_best": True}}

    def finalize_block(self, _session: Session, block: object, _justification: object = None) -> bool:
        self._context.number(block)
        return True

    async def _payment(self, method: str, extrinsic: object, at: object) -> bytes:
        data, number = hex_bytes(extrinsic), self._context.number(at)
        argument = data + len(data).to_bytes(4, "little")
        return await self._context.work(lambda: self._chain.read(f"TransactionPaymentApi_{method}", argument, number))


def author_methods(context: Context) -> dict[str, Handler]:
    """The methods by name."""
    author = _Author(context)
    return {
        "author_submitExtrinsic": author.submit,
        "author_submitAndWatchExtrinsic": author.submit_and_watch,
        "author_unwatchExtrinsic": unsubscribe,
        "author_pendingExtrinsics": author.pending,
        "author_removeExtrinsic": author.remove,
        "author_hasKey": author.has_key,
        "payment_queryInfo": author.query_info,
        "payment_queryFeeDetails": author.query_fee_details,
        "engine_createBlock": author.create_block,
        "engine_finalizeBlock": author.finalize_block,
    }
