"""Events of blocks, and what became of a transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from offchain.chain._runtime import Runtime
from offchain.chain._typed import plain
from offchain.chain.errors import DispatchFailed

__all__ = ["Event", "dispatch_failure", "failure_of", "inner_error", "parse_events"]


@dataclass(frozen=True)
class Event:
    """Something that happened in a block; ``extrinsic`` is the index of the transaction that caused it, if one did.

    Byte fields are ``bytes``, accounts SS58 text, enums a name or ``{name: payload}``, structs dicts.
    """

    pallet: str
    name: str
    fields: dict[str, Any]
    extrinsic: int | None

    def __str__(self) -> str:
        return f"{self.pallet}.{self.name}"


def parse_events(records: Any) -> tuple[Event, ...]:
    """Events from the library's value of ``System.Events``."""
    events = []
    for record in records or ():
        fields = record["attributes"]
        if not isinstance(fields, dict):
            fields = {} if fields is None else {"value": fields}
        events.append(Event(record["module_id"], record["event_id"], plain(fields), record["extrinsic_idx"]))
    return tuple(events)


def failure_of(events: tuple[Event, ...], runtime: Runtime) -> DispatchFailed | None:
    """Why a transaction with these events did not do all that it was sent for; nothing where it did.

    A transaction that was included may have failed; one that succeeded may hold calls that failed.
    """
    for event in events:
        error = inner_error(event)
        if error is not None:
            return dispatch_failure(error, runtime)
    if not any(str(event) == "System.ExtrinsicSuccess" for event in events):
        return DispatchFailed.of("System", "Unknown", "the block holds no outcome of the transaction")
    return None


def dispatch_failure(error: Any, runtime: Runtime) -> DispatchFailed:
    """The typed error of a ``DispatchError``: ``BadOrigin``, ``{"Token": "NoFunds"}``, ``{"Module": ...}``."""
    if isinstance(error, str):
        return DispatchFailed.of("System", error)
    kind, payload = next(iter(error.items()))
    if kind != "Module":
        return DispatchFailed.of(kind, payload if isinstance(payload, str) else str(payload))
    index = payload["error"]
    number = index[0] if isinstance(index, bytes | bytearray) else int(str(index)[2:4], 16)
    pallet = next((p for p in runtime.metadata.pallets if p.value["index"] == payload["index"]), None)
    known = next((e for e in (pallet.errors if pallet else None) or () if e.value["index"] == number), None)
    if pallet is None or known is None:
        return DispatchFailed.of(f"pallet {payload['index']}", f"error {number}")
    return DispatchFailed.of(pallet.value["name"], known.value["name"], " ".join(known.value["docs"]).strip())


def inner_error(event: Event) -> Any:
    """The dispatch error that an event carries, if it carries one."""
    match (event.pallet, event.name):
        case ("System", "ExtrinsicFailed"):
            return event.fields["dispatch_error"]
        case ("Utility", "ItemFailed" | "BatchInterrupted"):
            return event.fields["error"]
        case (
            ("Proxy", "ProxyExecuted")
            | ("Multisig", "MultisigExecuted")
            | ("Scheduler", "Dispatched")
            | ("Utility", "DispatchedAs")
        ):
            result = event.fields["result"]
            return result["Err"] if isinstance(result, dict) and "Err" in result else None
    return None
