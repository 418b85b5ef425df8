"""A call as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from offchain.chain._typed import encode

__all__ = ["Call"]


@dataclass(frozen=True)
class Call:
    """A call of a pallet by name. Arguments may be dataclasses, enums, bytes and other calls."""

    pallet: str
    name: str
    args: dict[str, Any] = field(default_factory=dict)

    def to_scale(self) -> dict[str, Any]:
        """What the SCALE library takes where a call is an argument."""
        return {"call_module": self.pallet, "call_function": self.name, "call_args": self.encoded_args()}

    def encoded_args(self) -> dict[str, Any]:
        """The arguments as the SCALE library takes them."""
        return {name: encode(value) for name, value in self.args.items()}

    def __str__(self) -> str:
        return f"{self.pallet}.{self.name}"
