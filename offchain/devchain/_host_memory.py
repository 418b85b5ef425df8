"""The runtime's linear memory as the host reads and writes it."""

from __future__ import annotations

import ctypes
from typing import Any, Final

from wasmtime import _bindings as ffi

from ._allocator import CELL_BYTES, HEADER_BYTES, PAGE_BYTES, aligned
from ._executor_errors import HostFunctionError

__all__ = ["MAX_PAGES", "HostMemory"]

MAX_PAGES: Final = 16384
"""A call may use 1 GiB."""

_GROWTH_PAGES: Final = 64


class HostMemory:
    """The memory of the instance at hand, with the bump pointer of its heap.

    The base address is kept; only ``grow`` can move it, and it looks again.
    """

    __slots__ = ("_address", "_cell", "_memory", "_store", "_top", "_view", "data", "heap_start", "size_bytes")

    def __init__(self, store: Any, memory: Any) -> None:
        self._store = store
        self._memory = memory
        self._cell = 0
        self.heap_start = 0
        self._refresh()

    def open_heap(self, base: int) -> int:
        """Puts an empty heap at ``base``, its bump pointer in a cell there; returns the cell's address."""
        self._cell = aligned(base)
        self.heap_start = self._cell + CELL_BYTES
        if self.size_bytes < self.heap_start:
            self.grow(self.heap_start)
        self._refresh()
        self._top.value = self.heap_start
        return self._cell

    def grow(self, end: int) -> None:
        """Makes the memory at least ``end`` bytes long; HostFunctionError past 1 GiB."""
        pages = self.size_bytes // PAGE_BYTES
        missing = -(-end // PAGE_BYTES) - pages
        if pages + missing > MAX_PAGES:
            raise HostFunctionError("the runtime asked for more memory than a call may use", subject=f"{end} bytes")
        self._memory.grow(self._store, min(missing + max(_GROWTH_PAGES, pages // 4), MAX_PAGES - pages))
        self._refresh()

    def allocate(self, data: bytes) -> int:
        """Copies ``data`` into the heap; returns its address."""
        start = ((self._top.value + 7) & -8) + HEADER_BYTES
        end = start + len(data)
        if end > self.size_bytes:
            self.grow(end)
        self._view[start:end] = data
        self._top.value = end
        return start

    def write(self, address: int, data: bytes) -> None:
        """Copies ``data`` to ``address``; HostFunctionError outside the memory."""
        end = address + len(data)
        if end > self.size_bytes:
            raise HostFunctionError("the runtime passed a slice outside its memory", subject=f"end {end}")
        self._view[address:end] = data

    def read(self, address: int, length: int) -> bytes:
        """The bytes at ``address``; HostFunctionError outside the memory."""
        end = address + length
        if end > self.size_bytes:
            raise HostFunctionError("the runtime passed a slice outside its memory", subject=f"end {end}")
        found: bytes = self.data[address:end]
        return found

    def restore(self, image: bytes) -> None:
        """Puts ``image`` at the bottom and zeroes the rest up to the end of the heap, which is empty afterwards."""
        end = self._top.value
        ctypes.memmove(self._address, image, len(image))
        ctypes.memset(self._address + len(image), 0, max(0, end - len(image)))
        self._top.value = self.heap_start

    def _refresh(self) -> None:
        context = self._store._context()
        raw = ctypes.byref(self._memory._memory)
        self.size_bytes = ffi.wasmtime_memory_data_size(context, raw)
        self._address = ctypes.addressof(ffi.wasmtime_memory_data(context, raw).contents)
        self.data = (ctypes.c_char * self.size_bytes).from_address(self._address)
        self._view = memoryview(self.data).cast("B")
        self._top = ctypes.c_uint32.from_address(self._address + self._cell)
