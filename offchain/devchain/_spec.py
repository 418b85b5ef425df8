"""Which chain to run: a name, properties for user interfaces, and the state of block 0."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from ._errors import SpecUnreadable
from ._executor_errors import GenesisError
from ._genesis import chain_spec, from_chain_spec, genesis_state
from ._runtime import runtime_of
from ._state import State

__all__ = ["ARTIFACTS", "PROPERTIES", "ChainSpec", "default_spec"]

ARTIFACTS: Final = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
PROPERTIES: Final[Mapping[str, str | int]] = {"ss58Format": 42, "tokenDecimals": 12, "tokenSymbol": "ASY"}


@dataclass(frozen=True)
class ChainSpec:
    """A chain before its first block.

    Args:
        name: what people see.
        identifier: a word for paths and protocols.
        chain_type: ``Development``, ``Local`` or ``Live``.
        state: block 0; copy it before you change it.
        properties: token and address format.
    """

    name: str
    identifier: str
    chain_type: str
    state: State = field(repr=False)
    properties: Mapping[str, Any] = field(default_factory=lambda: dict(PROPERTIES))

    @classmethod
    def load(cls, path: Path) -> ChainSpec:
        """From a raw chain spec's file; SpecUnreadable when it is none."""
        try:
            spec = json.loads(path.read_bytes())
            return cls(
                name=spec["name"],
                identifier=spec["id"],
                chain_type=_chain_type(spec.get("chainType")),
                state=from_chain_spec(spec),
                properties=spec.get("properties") or dict(PROPERTIES),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, GenesisError) as error:
            hint = "make one with `assay chain build-spec`"
            raise SpecUnreadable(f"the chain spec cannot be used: {error}", subject=str(path), hint=hint) from error

    @classmethod
    def from_runtime(cls, wasm: bytes, preset: str) -> ChainSpec:
        """From a runtime and one of its presets."""
        kind = "Local" if preset.startswith("local") else "Development"
        state = genesis_state(runtime_of(wasm).executor, preset)
        return cls(name=f"Assay {kind}", identifier=f"assay_{preset}", chain_type=kind, state=state)

    def as_json(self) -> dict[str, Any]:
        """The raw chain spec, as a native node reads it."""
        return chain_spec(
            self.name, self.identifier, self.state, chain_type=self.chain_type, properties=self.properties
        )


def default_spec() -> ChainSpec:
    """The development chain.

    From the chain spec in ``ASSAY_DEVCHAIN_SPEC``; else from the ``development`` preset of the runtime in
    ``ASSAY_RUNTIME_WASM``; else from the chain spec among the artifacts.
    """
    runtime = os.environ.get("ASSAY_RUNTIME_WASM")
    given = os.environ.get("ASSAY_DEVCHAIN_SPEC")
    path = Path(runtime if runtime and not given else given or ARTIFACTS / "chain-spec-dev.json")
    try:
        return _loaded(path, path.stat().st_mtime_ns)
    except OSError as error:
        hint = "run `make runtime`, or give a chain spec"
        raise SpecUnreadable("there is no development chain spec", subject=str(path), hint=hint) from error


@lru_cache(maxsize=2)
def _loaded(path: Path, _modified_ns: int) -> ChainSpec:
    return ChainSpec.load(path) if path.suffix == ".json" else ChainSpec.from_runtime(path.read_bytes(), "development")


def _chain_type(value: object) -> str:
    """Custom chain types are objects in the file; they show by their name."""
    return str(next(iter(value.values()))) if isinstance(value, dict) else str(value or "Development")
