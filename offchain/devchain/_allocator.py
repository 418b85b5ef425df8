"""The runtime's heap: a bump allocator in Wasm that shares its memory with the host.

Every call starts from a fresh heap, so nothing is ever reused within one and ``free`` does nothing. The first free byte
stands in a cell at the bottom of the heap: the Wasm half and the host move it without a call into each other.
Eight bytes before each pointer stay free: the runtime's own allocator writes its alignment offset into the last two.
"""

from __future__ import annotations

from typing import Final

__all__ = ["ALLOCATOR_WAT", "CELL_BYTES", "HEADER_BYTES", "PAGE_BYTES", "aligned"]

PAGE_BYTES: Final = 65536
CELL_BYTES: Final = 16
HEADER_BYTES: Final = 8

ALLOCATOR_WAT: Final = """
(module
  (import "env" "memory" (memory 0))
  (import "host" "grow" (func $grow (param i32)))
  (global $cell (export "cell") (mut i32) (i32.const 0))
  (func (export "malloc") (param $size i32) (result i32)
    (local $start i32) (local $end i32)
    (local.set $start
      (i32.add (i32.and (i32.add (i32.load (global.get $cell)) (i32.const 7)) (i32.const -8)) (i32.const 8)))
    (local.set $end (i32.add (local.get $start) (local.get $size)))
    (if (i32.lt_u (local.get $end) (local.get $start)) (then unreachable))
    (if (i64.gt_u (i64.extend_i32_u (local.get $end)) (i64.shl (i64.extend_i32_u (memory.size)) (i64.const 16)))
      (then (call $grow (local.get $end))))
    (i32.store (global.get $cell) (local.get $end))
    (local.get $start))
  (func (export "free") (param i32)))
"""


def aligned(address: int) -> int:
    """The first multiple of eight that is not below ``address``."""
    return (address + 7) & ~7
