"""Secrets, sealed keys, key files and BLS keys."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.crypto import (
    BlsKey,
    KeyInvalid,
    OneTimeKey,
    PossessionInvalid,
    SecretBytes,
    SecretExposed,
    VaultInvalid,
    VaultLocked,
    check_possession,
    check_shard_key,
    read_vault,
    seal_key,
    shard_key_commitment,
    write_vault,
)

PASSPHRASE = SecretBytes(b"correct horse")


def test_secret_shows_nothing_when_printed_logged_or_formatted(caplog: pytest.LogCaptureFixture) -> None:
    secret = SecretBytes(b"plain-secret-bytes")
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r", secret, [secret])
    for text in (repr(secret), str(secret), f"{secret}", f"{secret!r:>40}", caplog.text):
        assert "plain" not in text
        assert "hidden" in text


@pytest.mark.parametrize("leak", [pickle.dumps, copy.copy, copy.deepcopy])
def test_secret_refuses_when_copied_or_pickled(leak: Callable[[object], object]) -> None:
    with pytest.raises(SecretExposed):
        leak(SecretBytes(b"x"))


@pytest.mark.parametrize("leak", [pickle.dumps, copy.deepcopy])
def test_one_time_key_refuses_when_pickled_or_deeply_copied(leak: Callable[[object], object]) -> None:
    with pytest.raises(SecretExposed):
        leak(OneTimeKey())


def test_secret_is_gone_when_wiped() -> None:
    secret = SecretBytes(b"abc")
    buffer = secret._buffer
    secret.wipe()
    assert buffer == bytearray(3)
    with pytest.raises(SecretExposed):
        secret.reveal()


def test_secret_equals_when_bytes_do() -> None:
    assert SecretBytes(b"abc") == SecretBytes(b"abc")
    assert SecretBytes(b"abc") != SecretBytes(b"abd")
    assert SecretBytes(b"abc") != b"abc"


def test_sealed_key_opens_when_one_time_key_and_commitment_fit() -> None:
    member, key = OneTimeKey(), SecretBytes.random()
    sealed = seal_key(key, member.public)
    assert len(sealed) == 80
    assert key.reveal() not in sealed
    assert member.open(sealed, shard_key_commitment(key.reveal())) == key
    restored = OneTimeKey(SecretBytes(member.secret.reveal()))
    assert restored.open(sealed) == key


def test_sealed_key_refuses_when_it_is_for_another_member() -> None:
    sealed = seal_key(SecretBytes.random(), OneTimeKey().public)
    with pytest.raises(KeyInvalid):
        OneTimeKey().open(sealed)


@given(st.integers(0, 79), st.integers(1, 255))
@settings(max_examples=25)
def test_sealed_key_refuses_when_a_byte_is_changed(at: int, flip: int) -> None:
    member = OneTimeKey()
    sealed = bytearray(seal_key(SecretBytes.random(), member.public))
    sealed[at] ^= flip
    with pytest.raises(KeyInvalid):
        member.open(bytes(sealed))


def test_sealed_keys_name_the_bad_one_when_a_steward_releases_garbage() -> None:
    member, keys = OneTimeKey(), [SecretBytes.random() for _ in range(3)]
    commitments = [shard_key_commitment(key.reveal()) for key in keys]
    sealed = [seal_key(key, member.public) for key in keys]
    assert member.open_all(sealed, commitments) == keys
    sealed[1] = seal_key(SecretBytes.random(), member.public)
    with pytest.raises(KeyInvalid) as caught:
        member.open_all(sealed, commitments)
    assert caught.value.subject == "sealed key 1"
    with pytest.raises(KeyInvalid):
        member.open_all(sealed[:2], commitments)


@pytest.mark.parametrize("size", [0, 31, 33, 79, 81])
def test_sealing_refuses_when_sizes_are_wrong(size: int) -> None:
    with pytest.raises(KeyInvalid):
        seal_key(SecretBytes(bytes(size)), OneTimeKey().public)
    with pytest.raises(KeyInvalid):
        seal_key(SecretBytes.random(), bytes(size))
    with pytest.raises(KeyInvalid):
        OneTimeKey().open(bytes(size))
    with pytest.raises(KeyInvalid):
        OneTimeKey(SecretBytes(bytes(size)))


def test_sealing_refuses_when_the_public_key_is_a_point_of_low_order() -> None:
    with pytest.raises(KeyInvalid):
        seal_key(SecretBytes.random(), bytes(32))


def test_shard_key_refuses_when_commitment_is_of_another() -> None:
    key = SecretBytes.random()
    check_shard_key(key, shard_key_commitment(key.reveal()))
    with pytest.raises(KeyInvalid):
        check_shard_key(key, shard_key_commitment(bytes(32)))


def test_one_time_key_opens_nothing_when_wiped() -> None:
    member = OneTimeKey()
    sealed = seal_key(SecretBytes.random(), member.public)
    member.wipe()
    with pytest.raises(SecretExposed):
        member.open(sealed)


def test_vault_round_trips_when_passphrase_fits(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    write_vault(path, b"the secret content", PASSPHRASE, log2_cost=12)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert b"secret content" not in path.read_bytes()
    assert read_vault(path, PASSPHRASE) == b"the secret content"
    assert [entry.name for entry in path.parent.iterdir()] == ["keys.json"]


def test_vault_locks_when_passphrase_or_file_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_vault(path, b"content", PASSPHRASE, log2_cost=12)
    with pytest.raises(VaultLocked):
        read_vault(path, SecretBytes(b"wrong"))
    fields = json.loads(path.read_text())
    fields["salt"] = "00" * 32
    path.write_text(json.dumps(fields))
    with pytest.raises(VaultLocked):
        read_vault(path, PASSPHRASE)


def test_vault_refuses_when_a_file_lies_there(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    write_vault(path, b"first", PASSPHRASE, log2_cost=12)
    with pytest.raises(VaultInvalid):
        write_vault(path, b"second", PASSPHRASE, log2_cost=12)
    assert read_vault(path, PASSPHRASE) == b"first"
    write_vault(path, b"third", PASSPHRASE, log2_cost=12, replace=True)
    assert read_vault(path, PASSPHRASE) == b"third"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"format": "assay-vault/1", "log2_cost": 40, "salt": "00", "box": ""}',
        '{"format": "assay-vault/1", "log2_cost": true, "salt": "00", "box": ""}',
        '{"format": "assay-vault/1", "log2_cost": 12, "salt": 3, "box": ""}',
        '{"format": "other", "log2_cost": 12, "salt": "00", "box": ""}',
    ],
)
def test_vault_refuses_when_the_file_is_something_else(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(VaultInvalid):
        read_vault(path, PASSPHRASE)
    with pytest.raises(VaultInvalid):
        read_vault(tmp_path / "absent", PASSPHRASE)


def test_vault_refuses_when_passphrase_is_empty(tmp_path: Path) -> None:
    with pytest.raises(VaultInvalid):
        write_vault(tmp_path / "keys.json", b"content", SecretBytes(b""))


def test_bls_key_proves_possession_when_fresh_and_restored() -> None:
    key = BlsKey.generate()
    assert (len(key.public), len(key.proof)) == (48, 96)
    check_possession(key.public, key.proof)
    again = BlsKey.restore(SecretBytes(key.secret.reveal()))
    assert (again.public, again.proof) == (key.public, key.proof)
    other = BlsKey.generate()
    with pytest.raises(PossessionInvalid):
        check_possession(key.public, other.proof)


@pytest.mark.parametrize("scalar", [bytes(32), b"\xff" * 32, b"\x01" * 31])
def test_bls_key_refuses_when_scalar_is_outside_the_group(scalar: bytes) -> None:
    with pytest.raises(PossessionInvalid):
        BlsKey.restore(SecretBytes(scalar))


def test_possession_refuses_when_lengths_are_wrong() -> None:
    with pytest.raises(PossessionInvalid):
        check_possession(bytes(47), bytes(96))


def test_nested_json_raises_and_does_not_crash_when_bls_is_loaded() -> None:
    code = "import json; from offchain.crypto import BlsKey; BlsKey.generate()\n"
    code += "try: json.loads('[' * 500_000)\nexcept RecursionError: print('refused')"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (result.returncode, result.stdout) == (0, "refused\n")
