"""Runs the chain's Wasm runtime in this process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, Final

import wasmtime

from offchain.errors import AssayError

from . import _host_crypto, _host_hashing, _host_misc, _host_storage
from ._allocator import ALLOCATOR_WAT
from ._executor_errors import InvalidRuntime, RuntimeTrap, UnknownRuntimeMethod
from ._executor_globals import GLOBAL_PREFIX
from ._executor_module import compiled_module, default_cache, runtime_engine
from ._host import Host, HostFunction, Kind, Parameter
from ._host_link import Bindings
from ._host_memory import MAX_PAGES, HostMemory
from ._overlay import Overlay
from ._state import State

__all__ = ["Executor"]

_REGISTERED: Final = (_host_crypto, _host_hashing, _host_misc, _host_storage)
_ALLOCATOR: Final = {
    ("env", "ext_allocator_malloc_version_1"): "malloc",
    ("env", "ext_allocator_free_version_1"): "free",
}
_DEFAULT_CACHE: Final = default_cache()


class Executor:
    """One runtime, compiled once, its instance reused for every call.

    Before a call the instance's memory and globals are put back to what they were after instantiation, so calls do not
    see each other; an instance in which the runtime trapped is dropped. Calls from several threads follow each other.

    Args:
        wasm: the runtime, plain or compressed as chain specs carry it.
        cache_dir: where compiled modules are kept; None compiles each time.
        reuse: False instantiates anew for every call.
    """

    def __init__(self, wasm: bytes, *, cache_dir: Path | None = _DEFAULT_CACHE, reuse: bool = True) -> None:
        self.code = wasm
        self._reuse = reuse
        self._cache_dir = cache_dir
        self._engine = runtime_engine()
        self._module = compiled_module(self._engine, wasm, cache_dir)
        self._linker = wasmtime.Linker(self._engine)
        self._linker.allow_shadowing = True
        imports = list(self._module.imports)
        self._memory_type = _memory_type(imports)
        functions = [
            one
            for one in imports
            if isinstance(one.type, wasmtime.FuncType) and (one.module, one.name) not in _ALLOCATOR
        ]
        self._bindings = Bindings(self._linker, functions)
        self._allocator = wasmtime.Module(self._engine, ALLOCATOR_WAT)
        grow = HostFunction(lambda host, end: host.memory.grow(end), (Parameter(Kind.U32),), None)
        signature = wasmtime.FuncType([wasmtime.ValType.i32()], [])
        self._bindings.define(self._linker, "host", "grow", signature, grow)
        self._instance: _Instance | None = None
        self._lock = threading.RLock()

    def call(self, method: str, argument: bytes, overlay: Overlay) -> bytes:
        """Calls ``method`` with SCALE-encoded ``argument``s over ``overlay``; returns its SCALE-encoded result.

        What the call writes stays in ``overlay`` only if it returns. RuntimeTrap when the runtime panics,
        HostFunctionError when it asks for what this host lacks, UnknownRuntimeMethod when it has no such method.
        """
        with self._lock:
            instance = self._instance
            if instance is None or not self._reuse:
                instance = self._instance = _Instance(self)
            else:
                instance.restore()
            return self._call(instance, method, argument, overlay)

    def _call(self, instance: _Instance, method: str, argument: bytes, overlay: Overlay) -> bytes:
        function = instance.exports.get(method)
        if not isinstance(function, wasmtime.Func):
            raise UnknownRuntimeMethod("the runtime has no such method", subject=method)
        host = instance.host
        self._bindings.host = host
        self._bindings.failure = None
        host.begin(overlay)
        returned = False
        try:
            address = host.memory.allocate(argument) if argument else 0
            span: int = function(instance.store, address, len(argument))
            result = host.memory.read(span & 0xFFFFFFFF, span >> 32 & 0xFFFFFFFF)
            returned = True
        except (wasmtime.Trap, wasmtime.WasmtimeError) as trap:
            raise self._failure(method, host, trap) from trap
        finally:
            host.end(keep=returned)
            if not returned:
                self._instance = None
        return result

    def _failure(self, method: str, host: Host, trap: Exception) -> BaseException:
        """What stopped the call: the error of a host function if one raised, otherwise the runtime's panic."""
        failure = self._bindings.failure
        if isinstance(failure, Exception) and not isinstance(failure, AssayError):
            return RuntimeTrap(f"a host function failed: {failure!r}", subject=method)
        if failure is not None:
            return failure
        reason = str(trap).strip().splitlines()[-1]
        if host.errors and "unreachable" in reason:  # a panic is logged, then the runtime traps on purpose
            return RuntimeTrap(f"the runtime panicked: {host.errors[-1]}", subject=method)
        return RuntimeTrap(f"the runtime trapped: {reason}", subject=method)

    def _version_of(self, wasm: bytes) -> bytes | None:
        """The encoded version of another runtime, or None if it cannot be had."""
        try:
            return Executor(wasm, cache_dir=self._cache_dir).call("Core_version", b"", Overlay(State()))
        except AssayError:
            return None


class _Instance:
    """The runtime instantiated, and what it takes to put it back to that moment."""

    def __init__(self, executor: Executor) -> None:
        self.store = wasmtime.Store(executor._engine)
        raw_memory = wasmtime.Memory(self.store, executor._memory_type)
        memory = HostMemory(self.store, raw_memory)
        self.host = Host(memory)
        self.host.runtime_version = executor._version_of
        executor._bindings.host = self.host
        linker = executor._linker
        linker.define(self.store, "env", "memory", raw_memory)
        allocator = linker.instantiate(self.store, executor._allocator).exports(self.store)
        for (module, name), own in _ALLOCATOR.items():
            linker.define(self.store, module, name, allocator[own])
        self.exports: dict[str, Any] = dict(linker.instantiate(self.store, executor._module).exports(self.store))
        base = self.exports.get("__heap_base")
        if not isinstance(base, wasmtime.Global):
            raise InvalidRuntime("the runtime does not export __heap_base")
        cell = memory.open_heap(base.value(self.store))
        allocator["cell"].set_value(self.store, cell)
        self._image = memory.read(0, cell)
        self._globals = [
            (one, one.value(self.store)) for name, one in self.exports.items() if name.startswith(GLOBAL_PREFIX)
        ]

    def restore(self) -> None:
        """Back to the moment after instantiation."""
        self.host.memory.restore(self._image)
        for one, value in self._globals:
            one.set_value(self.store, value)


def _memory_type(imports: list[Any]) -> Any:
    """The memory the runtime asks for, free to grow up to 1 GiB."""
    for one in imports:
        if isinstance(one.type, wasmtime.MemoryType):
            limits = one.type.limits
            most = MAX_PAGES if limits.max is None else min(MAX_PAGES, limits.max)
            return wasmtime.MemoryType(wasmtime.Limits(limits.min, most))
    raise InvalidRuntime("the runtime imports no memory")
