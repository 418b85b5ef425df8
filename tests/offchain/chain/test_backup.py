"""A lost key file is a lost identity: what a backup holds comes back whole, and nothing is overwritten."""

from __future__ import annotations

import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path

import nacl.secret
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offchain.chain import backup as archive_format
from offchain.chain.backup import create_backup, restore_backup, worth_keeping
from offchain.chain.errors import BackupUnfit, WrongPassphrase

PASSPHRASE = "a good passphrase"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "machine"
    (home / "keys").mkdir(parents=True)
    (home / "keys" / "mine.json").write_text("account key")
    (home / "validators" / "bls").mkdir(parents=True)
    (home / "validators" / "bls" / "key").write_bytes(bytes(range(256)))
    (home / "steward").mkdir()
    (home / "steward" / "shard-keys.json").write_text("shard keys")
    for left_out in ("cache", "store", "chain", "logs", "testnet"):
        (home / left_out).mkdir()
        (home / left_out / "bulk").write_text("bulk")
    return home


def contents(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def sealed(tmp_path: Path, files: dict[str, bytes], *, count: int | None = None) -> Path:
    """An archive that says whatever a test wants."""
    body = b"".join(struct.pack("<HQ", len(name), len(data)) + name.encode() + data for name, data in files.items())
    packed = zlib.compress(struct.pack("<I", len(files) if count is None else count) + body)
    salt = bytes(16)
    path = tmp_path / "forged"
    box = nacl.secret.SecretBox(archive_format._key(PASSPHRASE, salt)).encrypt(packed)
    path.write_bytes(archive_format.MAGIC + salt + bytes(box))
    return path


def test_backup_restores_every_key_when_the_home_is_lost(home: Path, tmp_path: Path) -> None:
    archive, elsewhere = tmp_path / "backup", tmp_path / "new machine"
    names = create_backup(home, archive, PASSPHRASE)
    assert set(names) == {"keys/mine.json", "validators/bls/key", "steward/shard-keys.json"}
    assert restore_backup(elsewhere, archive, PASSPHRASE) == names
    assert contents(elsewhere) == {name: data for name, data in contents(home).items() if name in names}
    assert all((elsewhere / name).stat().st_mode & 0o777 == 0o600 for name in names)
    assert archive.stat().st_mode & 0o777 == 0o600


def test_backup_tells_nothing_when_read_without_its_passphrase(home: Path, tmp_path: Path) -> None:
    archive = tmp_path / "backup"
    create_backup(home, archive, PASSPHRASE)
    assert b"key" not in archive.read_bytes()
    with pytest.raises(WrongPassphrase):
        restore_backup(tmp_path / "other", archive, "another passphrase")
    assert not (tmp_path / "other").exists()


def test_backup_holds_what_a_database_held_when_it_was_open(home: Path, tmp_path: Path) -> None:
    path = home / "validators" / "journal.sqlite"
    with closing(sqlite3.connect(path)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("CREATE TABLE salts (salt BLOB)")
        writer.execute("INSERT INTO salts VALUES (?)", (b"in the log only",))
        writer.commit()
        assert path.with_name("journal.sqlite-wal").stat().st_size > 0
        create_backup(home, tmp_path / "backup", PASSPHRASE)
    restore_backup(tmp_path / "other", tmp_path / "backup", PASSPHRASE)
    with closing(sqlite3.connect(tmp_path / "other" / "validators" / "journal.sqlite")) as restored:
        assert restored.execute("SELECT salt FROM salts").fetchall() == [(b"in the log only",)]


def test_restore_writes_nothing_when_one_file_is_in_the_way(home: Path, tmp_path: Path) -> None:
    archive, other = tmp_path / "backup", tmp_path / "other"
    create_backup(home, archive, PASSPHRASE)
    (other / "steward").mkdir(parents=True)
    (other / "steward" / "shard-keys.json").write_text("newer")
    with pytest.raises(BackupUnfit):
        restore_backup(other, archive, PASSPHRASE)
    assert contents(other) == {"steward/shard-keys.json": b"newer"}


def test_restore_writes_nothing_when_only_tried_out(home: Path, tmp_path: Path) -> None:
    create_backup(home, tmp_path / "backup", PASSPHRASE)
    assert len(restore_backup(tmp_path / "other", tmp_path / "backup", PASSPHRASE, write=False)) == 3
    assert not (tmp_path / "other").exists()


def test_backup_overwrites_no_file_when_it_exists(home: Path, tmp_path: Path) -> None:
    (tmp_path / "backup").write_text("precious")
    with pytest.raises(BackupUnfit):
        create_backup(home, tmp_path / "backup", PASSPHRASE)
    assert (tmp_path / "backup").read_text() == "precious"


def test_backup_is_refused_when_there_is_nothing_to_keep(tmp_path: Path) -> None:
    with pytest.raises(BackupUnfit):
        create_backup(tmp_path / "empty", tmp_path / "backup", PASSPHRASE)


def test_backup_is_refused_before_anything_is_read_when_it_is_too_much(home: Path, tmp_path: Path) -> None:
    with (home / "keys" / "photo").open("wb") as file:
        file.truncate(archive_format.MAX_BYTES + 1)
    with pytest.raises(BackupUnfit, match="too much"):
        create_backup(home, tmp_path / "backup", PASSPHRASE)
    assert not (tmp_path / "backup").exists()


def test_backup_says_so_when_a_file_goes_away_meanwhile(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_format, "worth_keeping", lambda home: (*worth_keeping(home), "keys/gone"))
    with pytest.raises(BackupUnfit, match="went away"):
        create_backup(home, tmp_path / "backup", PASSPHRASE)


def test_backup_leaves_out_what_each_machine_makes_for_itself_when_it_collects(home: Path, tmp_path: Path) -> None:
    (home / "ray_token").write_text("of this machine")
    (home / "validators" / "agent.lock").write_text("1234")
    archive, other = tmp_path / "backup", tmp_path / "other"
    assert not {"ray_token", "validators/agent.lock"} & set(create_backup(home, archive, PASSPHRASE))
    other.mkdir()
    (other / "ray_token").write_text("of the other machine")
    restore_backup(other, archive, PASSPHRASE)
    assert (other / "ray_token").read_text() == "of the other machine"


def test_backup_follows_no_links_when_it_collects(home: Path, tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("not ours")
    (home / "keys" / "link.json").symlink_to(tmp_path / "outside")
    assert "keys/link.json" not in worth_keeping(home)


@pytest.mark.parametrize("name", ["../escape", "/etc/passwd", "a/../../b", "", "a//b", "./a"])
def test_restore_refuses_an_archive_when_a_path_leads_elsewhere(tmp_path: Path, name: str) -> None:
    with pytest.raises(BackupUnfit):
        restore_backup(tmp_path / "other", sealed(tmp_path, {name: b"x"}), PASSPHRASE)
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("count", [0, 2, 2**32 - 1])
def test_restore_refuses_an_archive_when_its_count_is_wrong(tmp_path: Path, count: int) -> None:
    with pytest.raises(BackupUnfit):
        restore_backup(tmp_path / "other", sealed(tmp_path, {"a": b"x"}, count=count), PASSPHRASE)


def test_restore_refuses_a_file_when_it_is_no_backup(tmp_path: Path) -> None:
    (tmp_path / "photo").write_bytes(b"JFIF" * 100)
    with pytest.raises(BackupUnfit):
        restore_backup(tmp_path / "other", tmp_path / "photo", PASSPHRASE)
    with pytest.raises(BackupUnfit):
        restore_backup(tmp_path / "other", tmp_path / "absent", PASSPHRASE)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(position=st.integers(0, 200), flip=st.integers(1, 255))
def test_restore_refuses_a_backup_when_any_byte_is_changed(
    home: Path, tmp_path: Path, position: int, flip: int
) -> None:
    archive = tmp_path / "backup"
    if not archive.exists():
        create_backup(home, archive, PASSPHRASE)
    data = bytearray(archive.read_bytes())
    data[position % len(data)] ^= flip
    (tmp_path / "changed").write_bytes(data)
    with pytest.raises((BackupUnfit, WrongPassphrase)):
        restore_backup(tmp_path / "other", tmp_path / "changed", PASSPHRASE, write=False)
