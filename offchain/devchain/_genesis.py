"""Genesis states, from a runtime's preset or a chain spec, and raw chain specs of them.

Source: ``sc_chain_spec::GenesisConfigBuilderRuntimeCaller``: a preset is a patch on the runtime's default config.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from offchain.scale import decode_compact, decode_vec, option, vec

from ._executor import Executor
from ._executor_errors import GenesisError
from ._overlay import Overlay
from ._state import State

__all__ = ["CODE_KEY", "chain_spec", "from_chain_spec", "genesis_config", "genesis_state", "preset_names"]

CODE_KEY = b":code"


def preset_names(executor: Executor) -> list[str]:
    """The names of the presets the runtime carries."""
    encoded = executor.call("GenesisBuilder_preset_names", b"", Overlay(State()))
    count, offset = decode_compact(encoded)
    names = []
    for _ in range(count):
        name, offset = decode_vec(encoded, offset)
        names.append(name.decode())
    return names


def genesis_config(executor: Executor, preset: str) -> dict[str, Any]:
    """The whole genesis config of a preset; GenesisError when the runtime has no such preset."""
    config = _preset(executor, None)
    patch = _preset(executor, preset)
    if config is None or patch is None:
        names = ", ".join(preset_names(executor))
        raise GenesisError("the runtime has no such genesis preset", subject=preset, hint=f"it has {names}")
    _merge(config, patch)
    return config


def genesis_state(executor: Executor, preset: str) -> State:
    """The state of block 0 that the runtime builds from its ``preset``, with the runtime's code as given."""
    overlay = Overlay(State())
    config = json.dumps(genesis_config(executor, preset), separators=(",", ":")).encode()
    result = executor.call("GenesisBuilder_build_state", vec(config), overlay)
    if result != b"\x00":
        reason = decode_vec(result, 1)[0].decode("utf-8", "replace")
        raise GenesisError("the runtime refused the genesis config", subject=preset, hint=reason)
    overlay.set(CODE_KEY, executor.code)
    return State({key: value for key, value in overlay.changes().items() if value is not None})


def from_chain_spec(spec: Mapping[str, Any]) -> State:
    """The genesis state of a raw chain spec; GenesisError when it is not raw or has child storage."""
    raw = spec.get("genesis", {}).get("raw")
    if not isinstance(raw, dict) or not isinstance(raw.get("top"), dict):
        raise GenesisError("the chain spec is not raw", hint="export it with --raw")
    if raw.get("childrenDefault"):
        raise GenesisError("the chain spec has child storage, which the embedded chain does not keep")
    try:
        return State({_bytes(key): _bytes(value) for key, value in raw["top"].items()})
    except ValueError as error:
        raise GenesisError("the chain spec has a key or value that is not hexadecimal", hint=str(error)) from error


def chain_spec(
    name: str,
    identifier: str,
    state: State,
    *,
    chain_type: str = "Development",
    properties: Mapping[str, str | int] | None = None,
    boot_nodes: Sequence[str] = (),
) -> dict[str, Any]:
    """The raw chain spec of a genesis state, as a native node reads it.

    Args:
        name: what people see.
        identifier: the chain's id, in data paths and protocol names.
        state: block 0's state.
        chain_type: ``Development``, ``Local`` or ``Live``.
        properties: token symbol, decimals and SS58 format for user interfaces.
        boot_nodes: multiaddresses of first peers.
    """
    top = {"0x" + key.hex(): "0x" + value.hex() for key, value in sorted(state.items().items())}
    return {
        "name": name,
        "id": identifier,
        "chainType": chain_type,
        "bootNodes": list(boot_nodes),
        "telemetryEndpoints": None,
        "protocolId": None,
        "properties": dict(properties or {}),
        "codeSubstitutes": {},
        "genesis": {"raw": {"top": top, "childrenDefault": {}}},
    }


def _preset(executor: Executor, name: str | None) -> dict[str, Any] | None:
    argument = option(None if name is None else name.encode())
    encoded = executor.call("GenesisBuilder_get_preset", argument, Overlay(State()))
    if encoded == b"\x00":
        return None
    config: dict[str, Any] = json.loads(decode_vec(encoded, 1)[0])
    return config


def _merge(config: dict[str, Any], patch: Mapping[str, Any]) -> None:
    """Applies an RFC 7396 merge patch in place."""
    for key, value in patch.items():
        if value is None:
            config.pop(key, None)
        elif isinstance(value, dict):
            inner = config.get(key)
            if not isinstance(inner, dict):
                inner = config[key] = {}
            _merge(inner, value)
        else:
            config[key] = value


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
