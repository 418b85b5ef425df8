"""``system_*`` and the list of methods."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from ._chain import DevChain
from ._jsonrpc import Handler, RpcError, hex_bytes
from ._rpc_context import Context
from ._session import Session
from ._ss58 import decode_account

__all__ = ["system_methods"]


def system_methods(context: Context) -> dict[str, Handler]:
    """The methods by name."""
    chain = context.chain

    async def next_index(_session: Session, account: object) -> int:
        try:
            public = decode_account(account if isinstance(account, str) else "")
        except ValueError as error:
            raise RpcError.invalid_params(str(error)) from error
        return await context.work(lambda: _next_nonce(chain, public))

    async def dry_run(_session: Session, extrinsic: object, at: object = None) -> str:
        data, number = hex_bytes(extrinsic), context.number(at)
        result = await context.work(lambda: chain.dry_run(data, number))
        return "0x" + result.hex()

    def sync_state(_session: Session) -> dict[str, int]:
        return {"startingBlock": 0, "currentBlock": chain.height, "highestBlock": chain.height}

    def health(_session: Session) -> dict[str, Any]:
        return {"peers": 0, "isSyncing": False, "shouldHavePeers": False}

    return {
        "system_name": lambda _session: "Assay embedded chain",
        "system_version": lambda _session: _version(),
        "system_chain": lambda _session: chain.name,
        "system_chainType": lambda _session: chain.chain_type,
        "system_properties": lambda _session: chain.properties,
        "system_health": health,
        "system_syncState": sync_state,
        "system_nodeRoles": lambda _session: ["Authority"],
        "system_peers": lambda _session: [],
        "system_reservedPeers": lambda _session: [],
        "system_localPeerId": lambda _session: "",
        "system_localListenAddresses": lambda _session: [],
        **dict.fromkeys(("system_accountNextIndex", "account_nextIndex"), next_index),
        **dict.fromkeys(("system_dryRun", "system_dryRunAt"), dry_run),
    }


def _next_nonce(chain: DevChain, account: bytes) -> int:
    """The account's nonce after its ready transactions: their tags are the account and each nonce."""
    with chain.lock:
        nonce = int.from_bytes(chain.read("AccountNonceApi_account_nonce", account), "little")
        while chain.pool.provides(account + nonce.to_bytes(4, "little")):
            nonce += 1
        return nonce


def _version() -> str:
    try:
        return version("assay")
    except PackageNotFoundError:
        return "0.0.0"
