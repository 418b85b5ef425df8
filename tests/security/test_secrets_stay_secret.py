"""Keys, salts and passphrases show in no text: neither in what errors say nor where an object is printed or logged."""

from __future__ import annotations

import copy
import logging
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import KeyStore, Signer
from offchain.chain.backup import create_backup, restore_backup
from offchain.chain.errors import BackupUnfit, KeyFileUnfit, KeyStoreError, WrongPassphrase
from offchain.crypto import (
    BlsKey,
    KeyInvalid,
    OneTimeKey,
    ScoreCommitment,
    SecretBytes,
    SecretExposed,
    VaultInvalid,
    VaultLocked,
    read_vault,
    seal_key,
    write_vault,
)
from offchain.datasets import StewardKeys, StewardKeysInvalid
from tests.e2e._scene import Packed
from tests.e2e._silence import Silence, forms
from validators._journal import RoundEntry, Stage

MNEMONIC = "legal winner thank year wave sausage worth useful legal winner thank yellow"
PASSPHRASE = "correct horse battery staple"
SALT, SECRET = bytes(range(1, 33)), bytes(range(101, 133))


@pytest.fixture(autouse=True)
def known(silence: Silence) -> None:
    """What no error of this module may tell, beside the secrets that a test makes."""
    silence.keep([SecretBytes(PASSPHRASE.encode()), SecretBytes(MNEMONIC.encode()), SecretBytes(SALT)])
    silence.keep([SecretBytes(SECRET)])


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def shown(thing: object, caplog: pytest.LogCaptureFixture) -> str:
    """An object as a person, a log and a debugger see it."""
    with caplog.at_level(logging.INFO):
        logging.getLogger("test").info("%s %r %s", thing, thing, [thing])
    return f"{thing} {thing!r} {[thing]} {caplog.text}"


def test_secrets_do_not_show_when_their_holders_are_printed_or_logged(
    packed: Packed, caplog: pytest.LogCaptureFixture, home: Path
) -> None:
    one_time = OneTimeKey(SecretBytes(SECRET))
    bls = BlsKey(SecretBytes(SECRET), bytes(48), bytes(96))
    keys = packed.keys
    commitment = ScoreCommitment(
        bytes(32), 0, bytes(32), 0, 0, bytes(32), (900_000,), 0, 1, bytes(32), salt=SALT, account=bytes(32)
    )
    entry = RoundEntry(round=0, stage=Stage.CHECKED, secret=SECRET, salt=SALT)
    signer = KeyStore().import_secret("mine", MNEMONIC, PASSPHRASE)
    everything = "".join(
        shown(thing, caplog)
        for thing in (one_time, bls, keys, keys.labels[0], commitment, entry, signer, one_time.secret)
    )
    private = SecretBytes(signer.pair.private_key)
    hidden = [SecretBytes(SECRET), SecretBytes(SALT), private, keys.group_salt, *keys.shard_keys, keys.labels[0].salt]
    assert not [form for secret in hidden for form in forms(secret) if form in everything]
    assert MNEMONIC not in everything


@pytest.mark.parametrize("take", [copy.copy, copy.deepcopy, pickle.dumps])
def test_secret_is_neither_copied_nor_pickled(take: Callable[[Any], Any], packed: Packed) -> None:
    for holder in (SecretBytes(SECRET), packed.keys.shard_keys[0]):
        with pytest.raises(SecretExposed):
            take(holder)
    with pytest.raises(SecretExposed):
        pickle.dumps(packed.keys)


def test_signer_does_not_leave_its_process(home: Path) -> None:
    signer: Signer = KeyStore().import_secret("mine", MNEMONIC, PASSPHRASE)
    with pytest.raises(TypeError):
        pickle.dumps(signer)


def test_nothing_is_told_when_a_key_file_does_not_open(home: Path) -> None:
    store = KeyStore()
    store.import_secret("mine", MNEMONIC, PASSPHRASE)
    with pytest.raises(WrongPassphrase):
        store.open("mine", PASSPHRASE + "!")
    for bad in (MNEMONIC.replace("yellow", "purple"), MNEMONIC + " more", "0x" + SECRET.hex() + "00", MNEMONIC.upper()):
        with pytest.raises(KeyStoreError):
            store.import_secret("other", bad, PASSPHRASE)
    with pytest.raises(KeyStoreError):
        store.import_secret("other", MNEMONIC, "short")
    with pytest.raises(KeyFileUnfit):
        store.import_json('{"encoded": "' + SECRET.hex() + '"}', PASSPHRASE)


def test_nothing_is_told_when_a_backup_does_not_open(home: Path, tmp_path: Path) -> None:
    KeyStore().import_secret("mine", MNEMONIC, PASSPHRASE)
    (home / "claims").mkdir()
    (home / "claims" / "a.salt").write_bytes(SALT)
    archive = tmp_path / "backup"
    create_backup(home, archive, PASSPHRASE)
    assert SALT not in archive.read_bytes()
    with pytest.raises(WrongPassphrase):
        restore_backup(tmp_path / "elsewhere", archive, PASSPHRASE + "!")
    with pytest.raises(BackupUnfit):
        restore_backup(home, archive, PASSPHRASE)


def test_nothing_is_told_when_a_stewards_key_file_is_wrong_or_damaged(packed: Packed, tmp_path: Path) -> None:
    path, passphrase = tmp_path / "keys.json", SecretBytes(PASSPHRASE.encode())
    packed.keys.save(path, passphrase, log2_cost=12)
    with pytest.raises(VaultLocked):
        StewardKeys.load(path, SecretBytes(b"another passphrase"))
    text = path.read_text()
    path.write_text(text.replace('"box": "', '"box": "AAAA'))
    with pytest.raises(VaultLocked):
        StewardKeys.load(path, passphrase)
    for content in (SECRET.hex().encode(), b'{"assay": "' + SALT.hex().encode() + b'"}', SECRET):
        other = tmp_path / content.hex()[:8]
        write_vault(other, content, passphrase, log2_cost=12)
        with pytest.raises(StewardKeysInvalid):
            StewardKeys.load(other, passphrase)
    with pytest.raises(VaultInvalid):
        write_vault(path, SECRET, passphrase, log2_cost=12)
    path.write_bytes(SECRET)
    with pytest.raises(VaultInvalid):
        read_vault(path, passphrase)


def test_nothing_is_told_when_a_key_does_not_fit(packed: Packed) -> None:
    own, key = OneTimeKey(SecretBytes(SECRET)), packed.keys.shard_keys[0]
    box = seal_key(key, own.public)
    with pytest.raises(KeyInvalid):
        own.open(box, packed.manifest.shards[1].key_commitment)
    with pytest.raises(KeyInvalid):
        own.open_all([box, box], [shard.key_commitment for shard in packed.manifest.shards[:2]])
    with pytest.raises(KeyInvalid):
        seal_key(SecretBytes(key.reveal() + SALT), own.public)
    with pytest.raises(KeyInvalid):
        OneTimeKey(SecretBytes(SECRET + SALT))
    with pytest.raises(StewardKeysInvalid):
        replace(packed.keys).release([7], own.public)
