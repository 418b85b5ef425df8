"""``chain_*`` and ``chainSpec_v1_*``."""

from __future__ import annotations

from typing import Any, Final

from ._errors import UnknownBlock
from ._jsonrpc import Handler, RpcError, block_number
from ._rpc_context import Context, subscription_of, unsubscribe
from ._session import Session

__all__ = ["chain_methods"]

_MAX_NUMBERS: Final = 1000


def chain_methods(context: Context) -> dict[str, Handler]:
    """The methods by name."""
    chain, hub = context.chain, context.hub

    def header(_session: Session, block: object = None) -> dict[str, Any] | None:
        number = _height(context, block)
        found = None if number is None else chain.store.header(number)
        return None if found is None else found.as_json()

    def signed_block(_session: Session, block: object = None) -> dict[str, Any] | None:
        number = _height(context, block)
        if number is None:
            return None
        found = chain.block(number)
        extrinsics = ["0x" + extrinsic.hex() for extrinsic in found.extrinsics]
        return {"block": {"header": found.header.as_json(), "extrinsics": extrinsics}, "justifications": None}

    def block_hash(_session: Session, block: object = None) -> object:
        if isinstance(block, list):
            if len(block) > _MAX_NUMBERS:
                raise RpcError.invalid_params(f"at most {_MAX_NUMBERS} numbers at a time")
            return [_hash(context, one) for one in block]
        return "0x" + chain.head.hash.hex() if block is None else _hash(context, block)

    def finalized_head(_session: Session) -> str:
        return "0x" + chain.head.hash.hex()

    def heads(method: str) -> Handler:
        return subscription_of(lambda session: hub.heads(session, method))

    return {
        "chain_getHeader": header,
        "chain_getBlock": signed_block,
        "chain_getBlockHash": block_hash,
        "chain_getHead": block_hash,
        "chain_getFinalizedHead": finalized_head,
        "chain_getFinalisedHead": finalized_head,
        "chain_subscribeAllHeads": heads("chain_allHead"),
        "chain_unsubscribeAllHeads": unsubscribe,
        **dict.fromkeys(
            ("chain_subscribeNewHeads", "chain_subscribeNewHead", "subscribe_newHead"), heads("chain_newHead")
        ),
        **dict.fromkeys(("chain_unsubscribeNewHeads", "chain_unsubscribeNewHead", "unsubscribe_newHead"), unsubscribe),
        **dict.fromkeys(
            ("chain_subscribeFinalizedHeads", "chain_subscribeFinalisedHeads"), heads("chain_finalizedHead")
        ),
        **dict.fromkeys(("chain_unsubscribeFinalizedHeads", "chain_unsubscribeFinalisedHeads"), unsubscribe),
        "chainSpec_v1_chainName": lambda _session: chain.name,
        "chainSpec_v1_genesisHash": lambda _session: "0x" + chain.genesis_hash.hex(),
        "chainSpec_v1_properties": lambda _session: chain.properties,
    }


def _height(context: Context, block: object) -> int | None:
    """Height of a block given by its hash, None where there is no such block."""
    try:
        return context.number(block)
    except UnknownBlock:
        return None


def _hash(context: Context, number: object) -> str | None:
    found = context.chain.store.hash_at(block_number(number))
    return None if found is None else "0x" + found.hex()
