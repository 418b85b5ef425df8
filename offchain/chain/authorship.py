"""Who makes the blocks, read from the chain itself: authorities, and when each made its last block.

A block's header carries its slot (the Aura pre-runtime digest); the slot, modulo the number of authorities, is the
place of its author among the session's validators, as ``pallet_session::FindAccountFromAuthorIndex`` has it.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from offchain.chain._typed import Address
from offchain.chain.client import ChainClient
from offchain.chain.errors import RpcError

__all__ = ["Authority", "authorities"]

AURA = "0x0661757261" + "20"
"""A pre-runtime digest of the engine ``aura``, with eight bytes."""
TURNS = 8
"""How many turns of each authority to look at."""
MISSED_TURNS = 2
"""An authority that missed so many turns is silent."""


@dataclass(frozen=True)
class Authority:
    """An authority of the current session.

    Args:
        account: who it is.
        last_block: the last block it made, of those looked at.
        slots_since: slots between that block and the head, or all that were looked at.
        made: blocks that it made among those looked at.
        is_silent: whether it let its last turns pass.
    """

    account: str
    last_block: int | None
    slots_since: int
    made: int
    is_silent: bool


def authorities(client: ChainClient) -> list[Authority]:
    """The authorities in order, as of the best chain. Reads eight headers for each.

    Blocks of an earlier session with other authorities are not counted.
    """
    head = client.connection.call("chain_getHeader", [])
    best = client.connection.call("chain_getBlockHash", [int(head["number"], 16)])
    found: tuple[str, ...] = client.read(tuple[Address, ...], "Session", "Validators", at=best)
    if not found:
        return []
    headers = _theirs(_back_from(head, TURNS * len(found), client), found, client)
    last: dict[int, tuple[int, int]] = {}
    made = [0] * len(found)
    for slot, header in headers:
        place = slot % len(found)
        made[place] += 1
        last.setdefault(place, (int(header["number"], 16), slot))
    newest = headers[0][0] if headers else 0
    seen = newest - headers[-1][0] + 1 if headers else 0
    return [
        _authority(account, last.get(place), made[place], newest, seen, len(found))
        for place, account in enumerate(found)
    ]


def _back_from(head: Any, count: int, client: ChainClient) -> list[tuple[int, Any]]:
    """Slots and headers, the newest first, down to the first block."""
    headers: list[tuple[int, Any]] = []
    header = head
    while header is not None and len(headers) < count:
        slot = slot_of(header)
        if slot is None:
            break
        headers.append((slot, header))
        is_first = int(header["number"], 16) <= 1
        header = None if is_first else client.connection.call("chain_getHeader", [header["parentHash"]])
    return headers


def _theirs(headers: list[tuple[int, Any]], found: tuple[str, ...], client: ChainClient) -> list[tuple[int, Any]]:
    """Those of the headers, newest first, whose block was authored by these authorities: a search by halves."""

    def is_another(header: Any) -> bool:
        try:
            then: tuple[str, ...] = client.read(tuple[Address, ...], "Session", "Validators", at=header["parentHash"])
        except RpcError as refused:
            if refused.is_of_discarded_state:
                return True
            raise
        return then != found

    return headers[: bisect_left(headers, True, key=lambda each: is_another(each[1]))]


def _authority(account: str, last: tuple[int, int] | None, made: int, newest: int, seen: int, count: int) -> Authority:
    since = seen if last is None else newest - last[1]
    return Authority(account, None if last is None else last[0], since, made, since >= MISSED_TURNS * count)


def slot_of(header: Any) -> int | None:
    """The slot of a block's header; none where its digest names none, as at genesis."""
    for log in (header or {}).get("digest", {}).get("logs", []):
        if log.startswith(AURA):
            return int.from_bytes(bytes.fromhex(log[len(AURA) :]), "little")
    return None
