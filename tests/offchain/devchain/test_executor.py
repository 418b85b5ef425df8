"""Calls, traps, isolation, memory and the module cache, on small runtimes written in WAT."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
import wasmtime
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.devchain._executor import Executor
from offchain.devchain._executor_errors import (
    HostFunctionError,
    InvalidRuntime,
    RuntimeTrap,
    UnknownRuntimeMethod,
)
from offchain.devchain._executor_globals import expose_mutable_globals
from offchain.devchain._overlay import Overlay
from offchain.devchain._state import State
from offchain.scale import option, vec

COMPRESSED = bytes.fromhex("52bc537646db8e05")

# `dirt` writes to static memory, to the heap, to a global and to storage, then traps if its argument begins with 1.
# `look` returns what is left of that: static memory, global, the first allocation's address and eight bytes there.
RUNTIME = """(module
  (import "env" "memory" (memory 2))
  (import "env" "ext_allocator_malloc_version_1" (func $malloc (param i32) (result i32)))
  (import "env" "ext_allocator_free_version_1" (func $free (param i32)))
  (import "env" "ext_storage_set_version_1" (func $set (param i64 i64)))
  (import "env" "ext_logging_log_version_1" (func $log (param i32 i64 i64)))
  (import "env" "ext_misc_runtime_version_version_1" (func $version (param i64) (result i64)))
  (global $stack (mut i32) (i32.const 1048576))
  (global $other (mut i64) (i64.const -7))
  (global (export "__heap_base") i32 (i32.const 70000))
  (data (i32.const 64) "static")
  (func (export "echo") (param $p i32) (param $n i32) (result i64)
    (i64.or (i64.extend_i32_u (local.get $p)) (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32))))
  (func (export "dirt") (param $p i32) (param $n i32) (result i64) (local $h i32)
    (i32.store (i32.const 64) (i32.const 0x21212121))
    (i32.store (i32.const 4096) (i32.const -1))
    (global.set $stack (i32.const 5))
    (global.set $other (i64.const 5))
    (local.set $h (call $malloc (i32.const 100000)))
    (memory.fill (i32.sub (local.get $h) (i32.const 8)) (i32.const 0xff) (i32.const 100008))
    (call $free (local.get $h))
    (call $set (i64.const 0x400000040) (i64.const 0x400000040))
    (if (i32.eq (i32.load8_u (local.get $p)) (i32.const 1)) (then
      (call $log (i32.const 0) (i64.const 0) (i64.const 0x400000040)) unreachable))
    (i64.const 0))
  (func (export "look") (param i32 i32) (result i64) (local $h i32)
    (local.set $h (call $malloc (i32.const 64)))
    (i64.store (i32.add (local.get $h) (i32.const 32)) (i64.load (local.get $h)))
    (i64.store (local.get $h) (i64.load (i32.const 64)))
    (i32.store (i32.add (local.get $h) (i32.const 8)) (global.get $stack))
    (i64.store (i32.add (local.get $h) (i32.const 12)) (global.get $other))
    (i32.store (i32.add (local.get $h) (i32.const 20)) (local.get $h))
    (i64.store (i32.add (local.get $h) (i32.const 24)) (i64.load (i32.const 4096)))
    (i64.or (i64.extend_i32_u (local.get $h)) (i64.const 0x2800000000)))
  (func (export "take") (param $p i32) (param i32) (result i64) (local $h i32)
    (local.set $h (call $malloc (i32.load (local.get $p))))
    (i32.store8 (i32.sub (i32.add (local.get $h) (i32.load (local.get $p))) (i32.const 1)) (i32.const 9))
    (i64.or (i64.extend_i32_u (local.get $h)) (i64.const 0)))
  (func (export "version_of") (param $p i32) (param $n i32) (result i64)
    (call $version (i64.or (i64.extend_i32_u (local.get $p))
      (i64.shl (i64.extend_i32_u (local.get $n)) (i64.const 32)))))
  (func (export "Core_version") (param i32 i32) (result i64) (i64.const 0x600000040))
  (func (export "spin") (param i32 i32) (result i64) (call $deep (i64.const 0)))
  (func $deep (param i64) (result i64) (i64.add (call $deep (local.get 0)) (i64.const 1))))"""

WASM = bytes(wasmtime.wat2wasm(RUNTIME))


@pytest.fixture(scope="module")
def executor() -> Executor:
    return Executor(WASM, cache_dir=None)


def test_call_returns_what_the_runtime_returns(executor: Executor) -> None:
    for argument in (b"", b"x", bytes(range(256)) * 4000):
        assert executor.call("echo", argument, Overlay(State())) == argument


def test_unknown_method_is_refused_when_called(executor: Executor) -> None:
    for name in ("absent", "__heap_base"):
        with pytest.raises(UnknownRuntimeMethod, match=name):
            executor.call(name, b"", Overlay(State()))
    assert executor.call("echo", b"still there", Overlay(State())) == b"still there"


def test_trap_names_the_panic_and_drops_the_writes_when_the_runtime_panics(executor: Executor) -> None:
    overlay = Overlay(State())
    overlay.set(b"kept", b"1")
    with pytest.raises(RuntimeTrap, match="panicked: !!!!") as trap:
        executor.call("dirt", b"\x01", overlay)
    assert trap.value.subject == "dirt"
    assert overlay.changes() == {b"kept": b"1"}
    assert overlay.depth == 0


def test_trap_is_typed_when_the_stack_overflows(executor: Executor) -> None:
    with pytest.raises(RuntimeTrap, match="call stack exhausted"):
        executor.call("spin", b"", Overlay(State()))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([("dirt", b"\x00"), ("dirt", b"\x01"), ("echo", b"z" * 300), ("look", b"")]), max_size=6)
)
def test_calls_see_a_fresh_instance_when_others_went_before(calls: list[tuple[str, bytes]]) -> None:
    reused, fresh = Executor(WASM, cache_dir=None), Executor(WASM, cache_dir=None, reuse=False)
    for method, argument in [*calls, ("look", b"")]:
        outcomes: list[tuple[object, object]] = []
        for executor in (reused, fresh):
            overlay = Overlay(State())
            try:
                outcomes.append((executor.call(method, argument, overlay), overlay.changes()))
            except RuntimeTrap as trap:
                outcomes.append((trap.as_json(), overlay.changes()))
        assert outcomes[0] == outcomes[1]


def test_globals_are_put_back_when_a_call_left_them_changed(executor: Executor) -> None:
    executor.call("dirt", b"\x00", Overlay(State()))
    seen = executor.call("look", b"", Overlay(State()))
    assert seen[:6] == b"static"
    assert int.from_bytes(seen[8:12], "little") == 1048576
    assert int.from_bytes(seen[12:20], "little", signed=True) == -7
    assert seen[24:40] == bytes(16)


def test_allocations_keep_eight_bytes_free_before_them_and_are_aligned(executor: Executor) -> None:
    address = int.from_bytes(executor.call("look", b"", Overlay(State()))[20:24], "little")
    assert address % 8 == 0
    assert address - 8 >= 70000 + 16


def test_memory_grows_when_an_allocation_needs_it(executor: Executor) -> None:
    assert executor.call("take", (200 << 20).to_bytes(4, "little"), Overlay(State())) == b""
    assert executor.call("echo", b"after", Overlay(State())) == b"after"


@pytest.mark.parametrize("size", [(1 << 30) + 1, (1 << 32) - 1])
def test_allocation_is_refused_when_it_passes_what_a_call_may_use(executor: Executor, size: int) -> None:
    with pytest.raises((HostFunctionError, RuntimeTrap)):
        executor.call("take", size.to_bytes(4, "little"), Overlay(State()))
    assert executor.call("echo", b"after", Overlay(State())) == b"after"


def test_version_of_another_runtime_is_told_when_it_has_one(executor: Executor) -> None:
    blob = COMPRESSED + zstandard.compress(WASM)
    assert executor.call("version_of", blob, Overlay(State())) == option(b"static")
    assert executor.call("version_of", b"no runtime", Overlay(State())) == option(None)


def test_calls_follow_each_other_when_threads_call_at_once(executor: Executor) -> None:
    answers: dict[int, list[bytes]] = {}

    def work(number: int) -> None:
        answers[number] = [executor.call("echo", bytes([number]) * 1000, Overlay(State())) for _ in range(50)]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: [bytes([number]) * 1000] * 50 for number in range(4)}


def test_blob_runs_alike_when_it_is_compressed(tmp_path: Path) -> None:
    blob = COMPRESSED + zstandard.compress(WASM)
    executor = Executor(blob, cache_dir=tmp_path)
    assert executor.call("echo", b"x", Overlay(State())) == b"x"
    assert executor.code == blob


@pytest.mark.parametrize(
    ("blob", "reason"),
    [
        (b"", "no WebAssembly"),
        (b"#!/bin/sh", "no WebAssembly"),
        (COMPRESSED + b"rubbish", "does not decompress"),
        (COMPRESSED + zstandard.compress(bytes(51 << 20)), "larger than 50 MiB"),
        (WASM[:-20], "cut off"),
        (WASM[:8] + b"\x01\xff\xff", "cut off"),
        (bytes(wasmtime.wat2wasm("(module (memory 1))")), "imports no memory"),
        (WASM[:8] + b"\x0b\x03\x01\x00\x00" + WASM[8:], "does not compile"),
    ],
)
def test_blob_is_refused_when_it_is_no_runtime(blob: bytes, reason: str) -> None:
    with pytest.raises(InvalidRuntime, match=reason):
        Executor(blob, cache_dir=None)


def test_runtime_is_refused_when_it_does_not_say_where_its_heap_begins() -> None:
    wasm = bytes(wasmtime.wat2wasm('(module (import "env" "memory" (memory 1)) (func (export "f")))'))
    with pytest.raises(InvalidRuntime, match="__heap_base"):
        Executor(wasm, cache_dir=None).call("f", b"", Overlay(State()))


def test_compiled_module_is_kept_and_used_when_the_cache_is_writable(tmp_path: Path) -> None:
    Executor(WASM, cache_dir=tmp_path / "modules")
    (kept,) = (tmp_path / "modules").iterdir()
    before = kept.stat().st_mtime_ns
    assert Executor(WASM, cache_dir=tmp_path / "modules").call("echo", b"x", Overlay(State())) == b"x"
    assert kept.stat().st_mtime_ns == before


def test_compiled_module_is_made_anew_when_the_kept_one_is_damaged(tmp_path: Path) -> None:
    Executor(WASM, cache_dir=tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for damage in (whole[: len(whole) // 2], b"", b"\x7fELF" + bytes(100)):
        kept.write_bytes(damage)
        assert Executor(WASM, cache_dir=tmp_path).call("echo", b"x", Overlay(State())) == b"x"
        assert [path.name for path in tmp_path.iterdir()] == [kept.name]
        assert len(kept.read_bytes()) == len(whole)


def test_runtime_loads_when_the_cache_cannot_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    assert Executor(WASM, cache_dir=blocked).call("echo", b"x", Overlay(State())) == b"x"


def test_exposed_globals_leave_the_module_as_it_was_when_none_is_mutable() -> None:
    for wat in (
        "(module)",
        '(module (global i32 (i32.const 1)) (func (export "f")))',
        '(module (import "e" "g" (global i32)) (import "e" "t" (table 1 2 funcref)) (func (export "f")))',
    ):
        wasm = bytes(wasmtime.wat2wasm(wat))
        assert expose_mutable_globals(wasm) == wasm


def test_exposed_globals_are_counted_after_the_imported_ones() -> None:
    wat = """(module (import "e" "f" (func)) (import "e" "m" (memory 1 2)) (import "e" "g" (global i32))
      (global i64 (i64.const 3)) (global (mut f64) (f64.const 1.5)) (global (mut i32) (global.get 0))
      (global (mut f32) (f32.const 2)) (func (export "f")))"""
    module = wasmtime.Module(wasmtime.Engine(), expose_mutable_globals(bytes(wasmtime.wat2wasm(wat))))
    names = [export.name for export in module.exports]
    assert names == ["f", *(f"assay_mutable_global_{index}" for index in (2, 3, 4))]


def test_option_and_vec_agree_when_a_value_is_there() -> None:
    assert option(b"x") == b"\x01" + vec(b"x")
