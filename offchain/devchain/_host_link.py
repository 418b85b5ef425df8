"""Binds host functions to a linker through wasmtime's C interface.

The package's own ``Func`` spends 30 to 60 us of Python on each crossing; these callbacks read their arguments straight
from the array that wasmtime passes, and cost about two.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any, Final

from wasmtime import WasmtimeError
from wasmtime import _bindings as ffi

from ._executor_errors import HostFunctionError, InvalidRuntime
from ._host import FUNCTIONS, Host, HostFunction, Kind, Parameter

__all__ = ["Bindings"]

_CALLBACK: Final = ctypes.CFUNCTYPE(ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t)
_NO_FINALIZER: Final = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(0)
_SLOTS: Final = ctypes.c_uint64 * 16
"""Eight values of 16 bytes: more than any host function takes."""

_LOW: Final = 0xFFFFFFFF
_VALUE_TYPES: Final = {Kind.BYTES: "i64", Kind.U64: "i64", Kind.FIXED: "i32", Kind.U32: "i32"}

_Read = Callable[[Any], Any]


class Bindings:
    """The callbacks of one linker: they act on ``host``, which the executor sets before it enters the runtime.

    What a host function raises stops the runtime with a trap, and stays in ``failure`` for the caller.
    """

    host: Host

    def __init__(self, linker: Any, imports: list[Any]) -> None:
        self.failure: BaseException | None = None
        self._callbacks: list[Any] = []
        for wanted in imports:
            self._define(linker, wanted.module, wanted.name, wanted.type)

    def _define(self, linker: Any, module: str, name: str, signature: Any) -> None:
        function = FUNCTIONS.get(name) if module == "env" else None
        if function is None:
            function = _refused(name, [str(one) for one in signature.params], [str(one) for one in signature.results])
        else:
            _check(name, function, signature)
        self.define(linker, module, name, signature, function)

    def define(self, linker: Any, module: str, name: str, signature: Any, function: HostFunction) -> None:
        """Defines one import."""
        callback = _CALLBACK(self._wrapped(function))
        self._callbacks.append(callback)
        raw_module, raw_name = module.encode(), name.encode()
        error = ffi.wasmtime_linker_define_func_unchecked(
            linker.ptr(),
            ctypes.create_string_buffer(raw_module, len(raw_module)),
            len(raw_module),
            ctypes.create_string_buffer(raw_name, len(raw_name)),
            len(raw_name),
            signature.ptr(),
            ctypes.cast(callback, ffi.wasmtime_func_unchecked_callback_t),
            None,
            _NO_FINALIZER,
        )
        if error:
            raise WasmtimeError._from_ptr(error)

    def _wrapped(self, function: HostFunction) -> Callable[[Any, Any, int, int], int]:
        run = function.run
        readers = [self._reader(index, parameter) for index, parameter in enumerate(function.parameters)]
        result = function.result
        seen: dict[int, Any] = {}

        def callback(_environment: Any, _caller: Any, address: int, _count: int) -> int:
            try:
                slots = seen.get(address)
                if slots is None:
                    if len(seen) > 1024:
                        seen.clear()
                    slots = seen[address] = _SLOTS.from_address(address)
                host = self.host
                value = run(host, *[read(slots) for read in readers])
                if result is Kind.BYTES:
                    slots[0] = host.memory.allocate(value) | len(value) << 32
                elif result is Kind.FIXED:
                    slots[0] = host.memory.allocate(value)
                elif result is not None:
                    slots[0] = value
                return 0
            except BaseException as failure:
                self.failure = failure
                return _trap(str(failure))

        return callback

    def _reader(self, index: int, parameter: Parameter) -> _Read:
        slot = 2 * index
        kind, length = parameter.kind, parameter.length

        def read_bytes(slots: Any) -> bytes:
            span: int = slots[slot]
            return self.host.memory.read(span & _LOW, span >> 32)

        def read_fixed(slots: Any) -> bytes:
            return self.host.memory.read(slots[slot] & _LOW, length)

        def read_u32(slots: Any) -> int:
            value: int = slots[slot] & _LOW
            return value

        def read_u64(slots: Any) -> int:
            value: int = slots[slot]
            return value

        return {Kind.BYTES: read_bytes, Kind.FIXED: read_fixed, Kind.U32: read_u32, Kind.U64: read_u64}[kind]


def _trap(message: str) -> int:
    raw = message.encode()
    trap = ffi.wasmtime_trap_new(ctypes.create_string_buffer(raw, len(raw)), len(raw))
    return ctypes.cast(trap, ctypes.c_void_p).value or 0


def _check(name: str, function: HostFunction, signature: Any) -> None:
    """InvalidRuntime when the runtime means another binary interface by the name."""
    ours = [_VALUE_TYPES[one.kind] for one in function.parameters]
    result = [] if function.result is None else [_VALUE_TYPES[function.result]]
    theirs = [str(one) for one in signature.params], [str(one) for one in signature.results]
    if (ours, result) != theirs:
        raise InvalidRuntime(
            "the runtime imports a host function with another signature",
            subject=f"{name}: {theirs}, ours {(ours, result)}",
        )


def _refused(name: str, parameters: list[str], results: list[str]) -> HostFunction:
    """What stands in for an import the embedded chain does not offer: it fails when it is called."""

    def refuse(_host: Host, *_values: int) -> int:
        if name.startswith("ext_default_child_storage_"):
            raise HostFunctionError("the embedded chain has no child storage", subject=name)
        if name.startswith("ext_offchain_"):
            raise HostFunctionError("the embedded chain runs no offchain workers", subject=name)
        raise HostFunctionError("the embedded chain does not offer this host function", subject=name)

    kinds = [Kind.U64 if one == "i64" else Kind.U32 for one in parameters]
    return HostFunction(refuse, tuple(Parameter(kind) for kind in kinds), Kind.U64 if results else None)
