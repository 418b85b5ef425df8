"""Calls, events and stored values in words."""

from __future__ import annotations

from typing import Any

from governance._parameters import PARAMETERS
from offchain.chain.calls import Call
from offchain.chain.inspection import StorageEntry
from offchain.cli.units import asy

__all__ = ["call_text", "entry_text", "value_text"]

_AMOUNTS = frozenset({"amount", "value", "balance", "free", "reserved", "frozen", "deposit", "bond", "usage_price"})
_LONGEST = 72


def call_text(call: Call) -> str:
    """A call as a person reads it: ``Treasury.spend(amount=5 ASY, beneficiary=5Grw...)``."""
    if call.pallet == "Utility" and "calls" in call.args:
        return "; ".join(call_text(one) for one in call.args["calls"])
    if (call.pallet, call.name) == ("Parameters", "set_parameter"):
        return "set " + value_text(call.args["key_value"]).removeprefix("Economics (").removesuffix(")")
    arguments = (f"{name}={value_text(value, name)}" for name, value in call.args.items())
    return f"{call}({', '.join(arguments)})"


def entry_text(entry: StorageEntry) -> str:
    """A storage key as a person reads it: ``Parameters.Parameters[Economics (BaseFee)]``."""
    keys = f"[{', '.join(value_text(key) for key in entry.keys)}]" if entry.keys else ""
    return f"{entry.pallet}.{entry.item}{keys}"


def value_text(value: Any, name: str = "") -> str:
    """A decoded value as a person reads it; long bytes are cut."""
    if isinstance(value, Call):
        return call_text(value)
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "-"}[value]
    if isinstance(value, int):
        return asy(value) if name in _AMOUNTS else f"{value:,}"
    if isinstance(value, bytes):
        return _bytes(value)
    if isinstance(value, dict):
        return ", ".join(_pair(key, inner) for key, inner in value.items())
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_text(inner) for inner in value) + "]" if value else "-"
    return str(value)


def _pair(key: Any, value: Any) -> str:
    if key in PARAMETERS:
        number = value[1] if isinstance(value, tuple | list) and len(value) == 2 else value
        if isinstance(number, int):
            return f"{key} = {PARAMETERS[key].show(number)}"
        return f"{key} = the runtime's own" if isinstance(value, tuple | list) else str(key)
    if value in ({}, (), []):
        return str(key)
    inner = value_text(value, str(key))
    return f"{key} ({inner})" if isinstance(value, dict) else f"{key} {inner}"


def _bytes(data: bytes) -> str:
    if data and all(32 <= byte < 127 for byte in data):
        text = data.decode()
        return repr(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")
    text = "0x" + data.hex()
    return text if len(text) <= _LONGEST else f"{text[:20]}… ({len(data)} bytes)"
