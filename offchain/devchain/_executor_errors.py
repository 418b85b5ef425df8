"""What can go wrong when the runtime is loaded or called."""

from __future__ import annotations

from typing import ClassVar

from offchain.errors import AssayError

__all__ = ["GenesisError", "HostFunctionError", "InvalidRuntime", "RuntimeTrap", "UnknownRuntimeMethod"]


class InvalidRuntime(AssayError):
    """The blob is no runtime this host can load."""

    code: ClassVar[int] = 910


class RuntimeTrap(AssayError):
    """A runtime call stopped; ``what`` carries the panic message that the runtime logged."""

    code: ClassVar[int] = 911


class HostFunctionError(AssayError):
    """The runtime asked its host for something that the embedded chain does not offer."""

    code: ClassVar[int] = 912


class UnknownRuntimeMethod(AssayError):
    """The runtime exports no such method."""

    code: ClassVar[int] = 913


class GenesisError(AssayError):
    """A preset or a chain spec from which no genesis state can be built."""

    code: ClassVar[int] = 914
