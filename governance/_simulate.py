"""What a call would do: it is dispatched in the name of its track on a fork of the chain, before anybody votes.

The call is written into the scheduler's agenda of the next block, as the pallet does when a referendum passes, and
the block is made. The same block is made without the call: what both have in common is not the call's doing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from governance._describe import entry_text
from governance._errors import SimulationFailed
from governance._forked import ForkBlock, ForkResult, ForkStep, run_fork
from governance._referenda import BoundedCall
from offchain.chain import ChainClient, Event
from offchain.chain.calls import Call
from offchain.chain.inspection import Decoder, StorageEntry, encode_argument, encode_call, plain_key, storage_key
from offchain.scale import vec

__all__ = ["Simulation", "StorageChange", "simulate"]

INLINE_BYTES = 128
"""The longest call that a referendum or an agenda holds itself; a longer one is a preimage."""
TIMEOUT_S = 120.0
MIGRATING = plain_key("MultiBlockMigrations", "Cursor")
"""Has a value while a migration over several blocks is under way, in this runtime or the next."""
_BARE = b"\x05"
_CODE = b":code"
_BOOKKEEPING = frozenset({"Events", "EventCount", "BlockWeight", "ParentHash", "Digest", "BlockHash", "BlockSize"})


@dataclass(frozen=True)
class StorageChange:
    """A value that would change, decoded; bytes where this version cannot read it, None where there is none."""

    entry: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Simulation:
    """What a call would do to the state after block ``at``.

    Attributes:
        refused: why the runtime would refuse it, or a call in it; None where it would not.
        events: what it would cause.
        changes: storage that would differ from what it is now, and from what it would be without the call.
        blocks: how many blocks that takes; more than one where a runtime upgrade migrates.
        version_before, version_after: of the runtime.
    """

    at: int
    refused: str | None
    events: tuple[Event, ...]
    changes: tuple[StorageChange, ...]
    blocks: int
    version_before: int
    version_after: int


def simulate(
    client: ChainClient,
    call: bytes,
    origin: Any,
    *,
    at: str | None = None,
    code: bytes | None = None,
    timeout_s: float = TIMEOUT_S,
) -> Simulation:
    """Dispatches a call on a fork of the state after a finalized block.

    Args:
        client: the node whose state it is; the embedded chain or a native node.
        call: in SCALE.
        origin: in whose name: an ``Origin``, or the library's value of the runtime's origin.
        at: hash of the block, the finalized head by default.
        code: where the call authorizes an upgrade, the runtime: it is then applied too, and its migrations run.
        timeout_s: deadline of everything.

    Raises:
        SimulationOverdue: it was not done in time.
        SimulationFailed: the fork broke.
    """
    block = at or client.head()
    number = client.header(block).number
    scale = origin.to_scale() if hasattr(origin, "to_scale") else origin
    in_scale = encode_argument(client, "Referenda", "submit", "proposal_origin", scale)
    first = ForkStep(_agenda(client, block, number + 1, call, in_scale))
    steps = (first,) if code is None else (first, ForkStep({}, (_applying(client, code),)))
    if code is not None:
        steps = (*steps, ForkStep({}))
    empty = ForkStep({storage_key(client, "Scheduler", "Agenda", number + 1): None})
    done, without = run_fork(client, block, number, steps, empty, while_set=MIGRATING, timeout_s=timeout_s)
    return _compare(client, block, number, BoundedCall.of(call, inline=False).hash, done, without)


def _agenda(client: ChainClient, block: str, when: int, call: bytes, origin: bytes) -> dict[bytes, bytes | None]:
    """Storage in which a call is due at a block, alone, as ``Scheduler::schedule`` would have left it."""
    bounded = BoundedCall.of(call, inline=len(call) <= INLINE_BYTES)
    writes: dict[bytes, bytes | None] = {}
    if bounded.inline is not None:
        held = b"\x01" + vec(call)
    else:
        held = b"\x02" + bounded.hash + bounded.length.to_bytes(4, "little")
        writes.update(_preimage(client, block, bounded, call))
    # One task: no name, the highest priority, its call, not periodic, its origin.
    task = b"\x04\x01" + b"\x00" + b"\x00" + held + b"\x00" + origin
    writes[storage_key(client, "Scheduler", "Agenda", when)] = task
    return writes


def _preimage(client: ChainClient, block: str, bounded: BoundedCall, call: bytes) -> dict[bytes, bytes | None]:
    """Storage in which a preimage is there and requested once, with the ticket of whoever deposited it."""
    hash_, length = "0x" + bounded.hash.hex(), bounded.length.to_bytes(4, "little")
    status_key = storage_key(client, "Preimage", "RequestStatusFor", hash_)
    bytes_key = storage_key(client, "Preimage", "PreimageFor", (hash_, bounded.length))
    found = client.connection.call("state_getStorage", ["0x" + status_key.hex(), block])
    status = b"" if found is None else bytes.fromhex(found[2:])
    if status[:1] == b"\x01":
        return {bytes_key: vec(call)}
    ticket = b"\x01" + status[1:-4] if status[:1] == b"\x00" else b"\x00"
    requested = b"\x01" + ticket + (1).to_bytes(4, "little") + b"\x01" + length
    return {status_key: requested, bytes_key: vec(call)}


def _applying(client: ChainClient, code: bytes) -> bytes:
    """The transaction, signed by nobody, with which anybody applies an authorized upgrade."""
    call = encode_call(client, Call("System", "apply_authorized_upgrade", {"code": code}))
    body = _BARE + call
    return vec(body)


def _compare(
    client: ChainClient, block: str, number: int, call_hash: bytes, done: ForkResult, without: ForkResult
) -> Simulation:
    now = Decoder.at(client, block)
    after = now if done.metadata is None else Decoder.of(client, done.spec_version, done.metadata)
    events = _only(
        [event for one in done.blocks for event in _events(one, now, after)],
        [event for one in without.blocks for event in now.events(one.events)],
        call_hash,
    )
    refused = next((text for one in done.blocks for text in one.refusals if text is not None), None)
    failure = now.failure(events)
    dispatched = [event for event in events if str(event) == "Scheduler.Dispatched"]
    rejected = next((event for event in events if event.name == "RejectedInvalidAuthorizedUpgrade"), None)
    if failure is not None:
        refused = str(failure)
    elif rejected is not None:
        refused = f"the runtime rejects the code: {rejected.fields['error']}"
    elif not dispatched and refused is None:
        told = next((str(event) for event in events if event.pallet == "Scheduler"), None)
        if told is None:
            raise SimulationFailed("the fork's scheduler did not take up the call", subject=f"block {number + 1}")
        refused = f"the scheduler would not dispatch it: {told}"
    changes = [
        _change(key, before, new, now, after)
        for key, (before, new) in sorted(done.changes.items())
        if without.changes.get(key) != (before, new) and not _is_bookkeeping(now.entry(key))
    ]
    return Simulation(
        at=number,
        refused=refused,
        events=events,
        changes=tuple(changes),
        blocks=len(done.blocks),
        version_before=now.runtime.spec_version,
        version_after=done.spec_version,
    )


def _events(block: ForkBlock, now: Decoder, after: Decoder) -> tuple[Event, ...]:
    """A block's events, by the runtime that executed it."""
    return (now if block.spec_version == now.runtime.spec_version else after).events(block.events)


def _only(events: list[Event], others: list[Event], call_hash: bytes) -> tuple[Event, ...]:
    """The events that the others do not have, without the success of inherents and what befalls the call's preimage."""
    common = Counter((str(event), repr(event.fields)) for event in others)
    own: list[Event] = []
    for event in events:
        name = (str(event), repr(event.fields))
        if common[name]:
            common[name] -= 1
        elif str(event) != "System.ExtrinsicSuccess" and not _is_of_preimage(event, call_hash):
            own.append(event)
    return tuple(own)


def _is_of_preimage(event: Event, call_hash: bytes) -> bool:
    return event.pallet == "Preimage" and event.fields.get("hash") == call_hash


def _change(key: bytes, before: bytes | None, new: bytes | None, now: Decoder, after: Decoder) -> StorageChange:
    if key == _CODE:
        return StorageChange(":code", _digest(before), _digest(new))
    entry = now.entry(key) or after.entry(key)
    name = "0x" + key.hex() if entry is None else entry_text(entry)
    source = now if now.entry(key) is not None else after
    return StorageChange(name, source.value(key, before), after.value(key, new))


def _digest(code: bytes | None) -> str | None:
    if code is None:
        return None
    return f"{len(code)} bytes, blake2 0x{BoundedCall.of(code, inline=False).hash.hex()}"


def _is_bookkeeping(entry: StorageEntry | None) -> bool:
    if entry is None:
        return False
    if entry.pallet == "Scheduler":
        return entry.item in {"Agenda", "IncompleteSince"}
    return entry.pallet == "System" and entry.item in _BOOKKEEPING
