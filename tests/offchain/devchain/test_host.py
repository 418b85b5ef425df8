"""Each host function through a small Wasm module that imports and calls it, over the real binary interface."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

import ed25519_zebra  # type: ignore[import-untyped]
import pytest
import sr25519
import wasmtime
from Crypto.Hash import keccak
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.devchain._executor import Executor
from offchain.devchain._executor_errors import HostFunctionError, InvalidRuntime, RuntimeTrap
from offchain.devchain._host import FUNCTIONS, Kind
from offchain.devchain._overlay import Overlay
from offchain.devchain._state import State
from offchain.devchain._trie_build import ordered_trie_root, trie_root
from offchain.scale import compact, option, vec

Value = bytes | int
_IN_WASM = {Kind.BYTES: "i64", Kind.U64: "i64", Kind.FIXED: "i32", Kind.U32: "i32"}


def probe_wat(name: str, kinds: list[Kind], result: str, fixed_bytes: int) -> str:
    """A runtime whose ``run`` passes its argument on to the import: eight bytes a parameter, then the byte values."""
    parameters = "".join(f" (param {_IN_WASM[kind]})" for kind in kinds)
    loads = {
        Kind.BYTES: "(i64.add (i64.load offset={0} (local.get $p)) (i64.extend_i32_u (local.get $p)))",
        Kind.FIXED: "(i32.add (i32.load offset={0} (local.get $p)) (local.get $p))",
        Kind.U32: "(i32.load offset={0} (local.get $p))",
        Kind.U64: "(i64.load offset={0} (local.get $p))",
    }
    call = f"(call $f {' '.join(loads[kind].format(8 * index) for index, kind in enumerate(kinds))})"
    body = {
        "none": f"{call} (i64.const 0)",
        "bytes": call,
        "fixed": f"(i64.or (i64.extend_i32_u {call}) (i64.const {fixed_bytes << 32}))",
        "u32": f"(i64.store (i32.const 0) (i64.extend_i32_u {call})) (i64.const {8 << 32})",
        "u64": f"(i64.store (i32.const 0) {call}) (i64.const {8 << 32})",
    }[result]
    returned = {"none": "", "bytes": "(result i64)", "u64": "(result i64)"}.get(result, "(result i32)")
    return f"""(module
      (import "env" "memory" (memory 1))
      (import "env" "{name}" (func $f{parameters} {returned}))
      (global (export "__heap_base") i32 (i32.const 1024))
      (func (export "run") (param $p i32) (param $n i32) (result i64) {body}))"""


class Probe:
    """Calls host functions of the embedded chain over one overlay."""

    def __init__(self, values: dict[bytes, bytes] | None = None) -> None:
        self.overlay = Overlay(State(values))

    def __call__(self, name: str, *values: Value, fixed_bytes: int = 0) -> bytes:
        function = FUNCTIONS[name]
        kinds = [parameter.kind for parameter in function.parameters]
        heads, tail = [], b""
        for kind, value in zip(kinds, values, strict=True):
            if isinstance(value, int):
                heads.append(value.to_bytes(8, "little"))
            else:
                length = len(value) << 32 if kind is Kind.BYTES else 0
                heads.append((8 * len(kinds) + len(tail) | length).to_bytes(8, "little"))
                tail += value
        result = "none" if function.result is None else function.result.name.lower()
        wasm = wasmtime.wat2wasm(probe_wat(name, kinds, result, fixed_bytes))
        executor = Executor(bytes(wasm), cache_dir=None)
        return executor.call("run", b"".join(heads) + tail, self.overlay)


@pytest.fixture
def probe() -> Probe:
    return Probe({b"a": b"one", b"ab": b"two", b"b": b"three"})


def test_get_returns_an_option_when_keys_are_there_or_not(probe: Probe) -> None:
    assert probe("ext_storage_get_version_1", b"ab") == option(b"two")
    assert probe("ext_storage_get_version_1", b"zz") == b"\x00"
    assert probe("ext_storage_exists_version_1", b"ab") == bytes([1, 0, 0, 0, 0, 0, 0, 0])
    assert probe("ext_storage_exists_version_1", b"zz") == bytes(8)


def test_get_returns_the_whole_value_when_the_memory_must_grow_for_it() -> None:
    value = bytes(range(256)) * 20_000
    assert Probe({b"big": value})("ext_storage_get_version_1", b"big") == option(value)


@pytest.mark.parametrize(
    ("offset", "written", "left"), [(0, b"three", 5), (2, b"ree\0\0", 3), (5, b"\0" * 5, 0), (9, b"\0" * 5, 0)]
)
def test_read_copies_from_the_offset_on_and_tells_what_is_left(offset: int, written: bytes, left: int) -> None:
    wat = """(module
      (import "env" "memory" (memory 1))
      (import "env" "ext_storage_read_version_1" (func $f (param i64 i64 i32) (result i64)))
      (global (export "__heap_base") i32 (i32.const 1024))
      (func (export "run") (param $p i32) (param $n i32) (result i64) (local $r i32)
        (local.set $r (i32.wrap_i64 (call $f
          (i64.or (i64.extend_i32_u (i32.add (local.get $p) (i32.const 4))) (i64.const 0x100000000))
          (i64.const 0x500000008) (i32.load (local.get $p)))))
        (i64.store (i32.const 13) (i64.load (local.get $r)))
        (i64.const 0xa00000008)))"""
    overlay = Overlay(State({b"b": b"three"}))
    executor = Executor(bytes(wasmtime.wat2wasm(wat)), cache_dir=None)
    out = executor.call("run", offset.to_bytes(4, "little") + b"b", overlay)
    assert out == written + b"\x01" + left.to_bytes(4, "little")
    missing = executor.call("run", offset.to_bytes(4, "little") + b"x", overlay)
    assert missing[:6] == b"\0" * 6


def test_writes_change_the_overlay_when_the_call_returns(probe: Probe) -> None:
    probe("ext_storage_set_version_1", b"c", b"four")
    probe("ext_storage_clear_version_1", b"b")
    probe("ext_storage_append_version_1", b"list", b"x")
    assert probe.overlay.changes() == {b"c": b"four", b"b": None, b"list": compact(1) + b"x"}
    assert probe("ext_storage_next_key_version_1", b"ab") == option(b"c")
    assert probe("ext_storage_next_key_version_1", b"list") == b"\x00"
    expected = trie_root({b"a": b"one", b"ab": b"two", b"c": b"four", b"list": compact(1) + b"x"})
    assert probe("ext_storage_root_version_2", 1) == expected
    assert probe("ext_storage_changes_root_version_1", bytes(32)) == b"\x00"


def test_child_storage_keys_stay_untouched_when_written_directly(probe: Probe) -> None:
    probe("ext_storage_set_version_1", b":child_storage:default:x", b"v")
    probe("ext_storage_clear_version_1", b":child_storage:default:x")
    assert probe("ext_storage_clear_prefix_version_2", b":child", b"\x00") == bytes(5)
    assert probe.overlay.changes() == {}


def test_clear_prefix_encodes_its_results_by_version(probe: Probe) -> None:
    one = b"\x01" + (1).to_bytes(4, "little")
    assert probe("ext_storage_clear_prefix_version_2", b"a", one) == b"\x01" + (1).to_bytes(4, "little")
    assert probe.overlay.changes() == {b"a": None}
    counts = (1, 1, 1)
    encoded = b"".join(count.to_bytes(4, "little") for count in counts)
    assert probe("ext_storage_clear_prefix_version_3", b"a", b"\x00", option(b"ab")) == b"\x00" + encoded
    probe("ext_storage_clear_prefix_version_1", b"b")
    assert probe.overlay.changes() == {b"a": None, b"ab": None, b"b": None}


@pytest.mark.parametrize(
    "name", ["ext_storage_commit_transaction_version_1", "ext_storage_rollback_transaction_version_1"]
)
def test_transaction_cannot_be_closed_when_the_runtime_opened_none(probe: Probe, name: str) -> None:
    probe.overlay.start()
    with pytest.raises(HostFunctionError, match="had not opened"):
        probe(name)
    assert probe.overlay.depth == 1


def test_transaction_is_dropped_when_the_runtime_leaves_it_open(probe: Probe) -> None:
    probe("ext_storage_start_transaction_version_1")
    assert probe.overlay.depth == 0


def test_root_is_refused_when_asked_in_layout_0(probe: Probe) -> None:
    with pytest.raises(HostFunctionError, match="layout 1"):
        probe("ext_storage_root_version_2", 0)
    with pytest.raises(HostFunctionError, match="layout 1"):
        probe("ext_storage_root_version_1")


HASHES: dict[str, tuple[int, Callable[[bytes], bytes]]] = {
    "blake2_128": (16, lambda data: hashlib.blake2b(data, digest_size=16).digest()),
    "blake2_256": (32, lambda data: hashlib.blake2b(data, digest_size=32).digest()),
    "sha2_256": (32, lambda data: hashlib.sha256(data).digest()),
    "keccak_256": (32, lambda data: keccak.new(digest_bits=256, data=data).digest()),
    "keccak_512": (64, lambda data: keccak.new(digest_bits=512, data=data).digest()),
}


@pytest.mark.parametrize("name", HASHES)
@pytest.mark.parametrize("data", [b"", b"abc", b"x" * 1000])
def test_hash_is_the_algorithms_when_called(probe: Probe, name: str, data: bytes) -> None:
    size, expected = HASHES[name]
    assert probe(f"ext_hashing_{name}_version_1", data, fixed_bytes=size) == expected(data)


def test_twox_is_as_in_storage_prefixes_when_it_hashes_their_names(probe: Probe) -> None:
    """Well-known prefixes: twox_128 of ``System`` and of ``Account``; the hash of nothing under seed 0."""
    assert (
        probe("ext_hashing_twox_128_version_1", b"System", fixed_bytes=16).hex() == "26aa394eea5630e07c48ae0c9558cef7"
    )
    account = probe("ext_hashing_twox_128_version_1", b"Account", fixed_bytes=16)
    assert account.hex() == "b99d880ec681799c0cf30e8886371da9"
    assert probe("ext_hashing_twox_64_version_1", b"", fixed_bytes=8).hex() == "99e9d85137db46ef"
    assert probe("ext_hashing_twox_64_version_1", b"Account", fixed_bytes=8) == account[:8]
    assert probe("ext_hashing_twox_256_version_1", b"Account", fixed_bytes=32)[:16] == account


def test_trie_roots_are_those_of_the_layout_when_computed_by_the_host(probe: Probe) -> None:
    pairs = {b"k": b"v", b"key": b"w" * 40}
    encoded = compact(2) + b"".join(vec(key) + vec(value) for key, value in pairs.items())
    for version in (0, 1):
        assert probe("ext_trie_blake2_256_root_version_2", encoded, version, fixed_bytes=32) == trie_root(
            pairs, version
        )
    assert probe("ext_trie_blake2_256_root_version_1", encoded, fixed_bytes=32) == trie_root(pairs, 0)
    values = [b"v", b"w" * 40]
    encoded = compact(2) + b"".join(map(vec, values))
    for version in (0, 1):
        name = "ext_trie_blake2_256_ordered_root_version_2"
        assert probe(name, encoded, version, fixed_bytes=32) == ordered_trie_root(values, version)
    name = "ext_trie_blake2_256_ordered_root_version_1"
    assert probe(name, encoded, fixed_bytes=32) == ordered_trie_root(values, 0)


def verified(answer: bytes) -> bool:
    return answer == bytes([1, 0, 0, 0, 0, 0, 0, 0])


def test_sr25519_verifies_only_the_signed_message(probe: Probe) -> None:
    public, secret = sr25519.pair_from_seed(bytes(range(32)))
    signature = sr25519.sign((public, secret), b"message")
    name = "ext_crypto_sr25519_verify_version_2"
    assert verified(probe(name, signature, b"message", public))
    assert not verified(probe(name, signature, b"another", public))
    assert not verified(probe(name, bytes(64), b"message", public))


def test_ed25519_verifies_by_zip_215(probe: Probe) -> None:
    """The all-zero signature under the all-zero key verifies natively too (``sp_io``: ``use_dalek_ext_works``)."""
    secret, public = ed25519_zebra.ed_from_seed(bytes(range(32)))
    signature = ed25519_zebra.ed_sign(secret, b"message")
    name = "ext_crypto_ed25519_verify_version_1"
    assert verified(probe(name, signature, b"message", public))
    assert not verified(probe(name, signature, b"another", public))
    assert not verified(probe(name, b"\xff" * 64, b"message", public))
    assert verified(probe(name, bytes(64), b"", bytes(32)))


def recoverable(key: ec.EllipticCurvePrivateKey, digest: bytes, parity: int) -> bytes:
    r, s = decode_dss_signature(key.sign(digest, ec.ECDSA(Prehashed(hashes.SHA256()))))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big") + bytes([parity])


@settings(max_examples=5, deadline=None)
@given(st.integers(1, 1 << 255), st.binary(max_size=40))
def test_ecdsa_recovers_the_signers_key_when_the_parity_is_right(secret: int, message: bytes) -> None:
    probe = Probe()
    key = ec.derive_private_key(secret, ec.SECP256K1())
    plain = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)[1:]
    compressed = key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    digest = hashlib.blake2b(message, digest_size=32).digest()
    signature = recoverable(key, digest, 0)
    outcomes = []
    for parity in (0, 1, 27, 28):
        signed = signature[:64] + bytes([parity])
        found = probe("ext_crypto_secp256k1_ecdsa_recover_version_2", signed, digest)
        right = found == b"\x00" + plain
        short = probe("ext_crypto_secp256k1_ecdsa_recover_compressed_version_2", signed, digest)
        assert (short == b"\x00" + compressed) is right
        assert verified(probe("ext_crypto_ecdsa_verify_version_2", signed, message, compressed)) is right
        assert verified(probe("ext_crypto_ecdsa_verify_prehashed_version_1", signed, digest, compressed)) is right
        outcomes.append(right)
    assert outcomes in ([True, False, True, False], [False, True, False, True])


@pytest.mark.parametrize(
    ("signature", "error"),
    [
        (bytes(63) + b"\x01" + b"\x04", 1),
        (b"\xff" * 32 + bytes(31) + b"\x01" + b"\x00", 0),
        (bytes(64) + b"\x00", 2),
        (bytes(31) + b"\x05" + bytes(31) + b"\x01" + b"\x00", 2),
        (b"\xee" * 16 + bytes(15) + b"\x05" + bytes(31) + b"\x01" + b"\x02", 2),
    ],
)
def test_ecdsa_names_what_is_wrong_when_no_key_can_be_recovered(probe: Probe, signature: bytes, error: int) -> None:
    """``EcdsaVerifyError``: 0 r or s, 1 the recovery id, 2 the signature; x = 5 is on no point of the curve."""
    assert probe("ext_crypto_secp256k1_ecdsa_recover_version_2", signature, bytes(32)) == bytes([1, error])
    assert not verified(probe("ext_crypto_ecdsa_verify_prehashed_version_1", signature, bytes(32), bytes(33)))


def test_log_passes_the_message_on_when_the_level_is_enabled(probe: Probe, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "assay.runtime"):
        probe("ext_logging_log_version_1", 1, b"pallet", b"careful")
        probe("ext_misc_print_num_version_1", 7)
        probe("ext_misc_print_utf8_version_1", b"text")
        probe("ext_misc_print_hex_version_1", b"\xab")
        assert probe("ext_logging_max_level_version_1")[0] == 4
    assert [record.getMessage() for record in caplog.records] == ["pallet: careful", "7", "text", "ab"]
    assert caplog.records[0].levelno == logging.WARNING
    with caplog.at_level(logging.CRITICAL, "assay.runtime"):
        assert probe("ext_logging_max_level_version_1")[0] == 0


def test_panic_stops_the_call_when_the_runtime_aborts(probe: Probe) -> None:
    with pytest.raises(RuntimeTrap, match="panicked: out of luck"):
        probe("ext_panic_handler_abort_on_panic_version_1", b"out of luck")


def test_tracing_and_indexing_leave_no_trace_when_called(probe: Probe) -> None:
    assert probe("ext_wasm_tracing_enabled_version_1", b"") == bytes(8)
    assert probe("ext_wasm_tracing_enter_span_version_1", b"") == bytes(8)
    probe("ext_wasm_tracing_event_version_1", b"")
    probe("ext_wasm_tracing_exit_version_1", 0)
    probe("ext_offchain_index_set_version_1", b"k", b"v")
    probe("ext_offchain_index_clear_version_1", b"k")
    probe("ext_transaction_index_index_version_1", 0, 0, bytes(32))
    probe("ext_transaction_index_renew_version_1", 0, bytes(32))
    assert probe.overlay.changes() == {}


def test_call_stops_with_a_typed_error_when_a_host_function_cannot_decode_its_argument(probe: Probe) -> None:
    with pytest.raises(RuntimeTrap, match="a host function failed: ValueError"):
        probe("ext_trie_blake2_256_ordered_root_version_2", compact(3) + vec(b"one"), 1, fixed_bytes=32)


def refusing(name: str) -> Executor:
    wat = f"""(module (import "env" "memory" (memory 1)) (import "env" "{name}" (func $f (param i64 i32) (result i32)))
      (global (export "__heap_base") i32 (i32.const 1024))
      (func (export "fine") (param i32 i32) (result i64) (i64.const 0))
      (func (export "run") (param i32 i32) (result i64) (i64.extend_i32_u (call $f (i64.const 0) (i32.const 0)))))"""
    return Executor(bytes(wasmtime.wat2wasm(wat)), cache_dir=None)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("ext_default_child_storage_get_version_1", "no child storage"),
        ("ext_offchain_http_request_start_version_1", "no offchain workers"),
        ("ext_crypto_sr25519_generate_version_1", "does not offer"),
    ],
)
def test_unknown_import_is_refused_only_when_it_is_called(name: str, reason: str) -> None:
    executor = refusing(name)
    assert executor.call("fine", b"", Overlay(State())) == b""
    with pytest.raises(HostFunctionError, match=reason) as refusal:
        executor.call("run", b"", Overlay(State()))
    assert refusal.value.subject == name


def test_runtime_is_refused_when_it_means_another_signature() -> None:
    with pytest.raises(InvalidRuntime, match="another signature"):
        refusing("ext_storage_get_version_1")


def test_slice_is_refused_when_it_ends_outside_the_memory() -> None:
    wat = """(module (import "env" "memory" (memory 1)) (import "env" "ext_storage_get_version_1"
        (func $f (param i64) (result i64)))
      (global (export "__heap_base") i32 (i32.const 1024))
      (func (export "run") (param i32 i32) (result i64) (call $f (i64.const 0x7fffffffffffff))))"""
    with pytest.raises(HostFunctionError, match="outside its memory"):
        Executor(bytes(wasmtime.wat2wasm(wat)), cache_dir=None).call("run", b"", Overlay(State()))
