"""The host side of the runtime interface: what host functions are, what they see, and how they are registered.

The binary interface is ``sp-runtime-interface``'s: byte slices are passed as one u64, the pointer below and the length
above; fixed arrays as a u32 pointer; results are allocated in the runtime's heap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, ParamSpec, TypeVar

from ._host_memory import HostMemory
from ._overlay import Overlay
from ._state import State

__all__ = ["FUNCTIONS", "Host", "HostFunction", "Kind", "fixed", "host_function", "logger"]

P = ParamSpec("P")
R = TypeVar("R")

logger: Final = logging.getLogger("assay.runtime")


class Kind(Enum):
    """How a value crosses the boundary."""

    BYTES = "slice of bytes, as u64"
    FIXED = "array of bytes, as u32"
    U32 = "u32"
    U64 = "u64"


@dataclass(frozen=True)
class Parameter:
    kind: Kind
    length: int = 0


@dataclass(frozen=True)
class HostFunction:
    """One import of the runtime.

    Args:
        run: gets the host and one value for each parameter.
        parameters: how each is passed.
        result: how the result is passed; None when there is none.
    """

    run: Callable[..., Any]
    parameters: tuple[Parameter, ...]
    result: Kind | None


class Host:
    """What host functions act on during one call of the runtime."""

    def __init__(self, memory: HostMemory) -> None:
        self.memory = memory
        self.overlay = Overlay(State())
        self.floor = 0
        self.errors: list[str] = []
        self.runtime_version: Callable[[bytes], bytes | None] = lambda _wasm: None

    def begin(self, overlay: Overlay) -> None:
        """Opens the call's own transaction over ``overlay``."""
        self.overlay = overlay
        self.errors = []
        overlay.start()
        self.floor = overlay.depth

    def end(self, *, keep: bool) -> None:
        """Closes it; transactions that the runtime left open are dropped."""
        while self.overlay.depth > self.floor:
            self.overlay.rollback()
        if keep:
            self.overlay.commit()
        else:
            self.overlay.rollback()


FUNCTIONS: Final[dict[str, HostFunction]] = {}


def fixed(length: int) -> Parameter:
    """A parameter that points to an array of ``length`` bytes."""
    return Parameter(Kind.FIXED, length)


def host_function(
    name: str, *parameters: Kind | Parameter, returns: Kind | None = None
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Registers the decorated function as the import ``name`` of module ``env``."""

    def register(run: Callable[P, R]) -> Callable[P, R]:
        plain = tuple(one if isinstance(one, Parameter) else Parameter(one) for one in parameters)
        FUNCTIONS[name] = HostFunction(run, plain, returns)
        return run

    return register
