"""Everything under ``$ASSAY_HOME`` that cannot be made again, in one encrypted file.

Keys of every kind, journals with their commit salts, and settings; not what a folder of public, bulky or passing
things holds (:data:`LEFT_OUT`). The archive is a header, a salt and an XSalsa20-Poly1305 box whose key is scrypt of
the passphrase. Inside: a count, and for each file its path, its length and its bytes; no links, no modes, no owners.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import struct
import zlib
from contextlib import closing
from pathlib import Path, PurePosixPath

import nacl.exceptions
import nacl.secret

from offchain.chain._files import private_folder, write_new
from offchain.chain.errors import BackupUnfit, WrongPassphrase

__all__ = ["LEFT_OUT", "create_backup", "restore_backup", "worth_keeping"]

MAGIC = b"assay/backup/1\n"
SALT = 16
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1, "dklen": 32, "maxmem": 1 << 28}
LEFT_OUT = frozenset({"cache", "chain", "chains", "logs", "run", "store", "testnet", "tmp"})
"""Folders directly under the home that hold nothing secret and much that is large."""
MACHINES_OWN = frozenset({"ray_token"})
"""Files directly under the home that each machine makes for itself."""
MAX_FILES = 100_000
MAX_BYTES = 1 << 30
SQLITE = b"SQLite format 3\x00"
SHORTEST_PASSPHRASE = 8


def create_backup(home: Path, archive: Path, passphrase: str) -> tuple[str, ...]:
    """Writes an archive and returns the paths in it.

    Databases are copied as of one moment, whoever is writing to them.

    Raises:
        BackupUnfit: there is nothing to back up, it is too large, or the archive exists.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WrongPassphrase(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters")
    names = worth_keeping(home)
    if not names:
        raise BackupUnfit("there is nothing to back up", subject=str(home))
    try:
        if len(names) > MAX_FILES or sum((home / name).stat().st_size for name in names) > MAX_BYTES:
            raise BackupUnfit("too much to back up", subject=str(home), hint="is something large among the keys?")
        files = {name: _content(home / name) for name in names}
    except FileNotFoundError as gone:
        raise BackupUnfit("a file went away meanwhile", subject=str(gone.filename), hint="run it again") from gone
    body = b"".join(
        struct.pack("<HQ", len(name.encode()), len(data)) + name.encode() + data for name, data in files.items()
    )
    salt = os.urandom(SALT)
    packed = zlib.compress(struct.pack("<I", len(files)) + body)
    try:
        write_new(archive, MAGIC + salt + bytes(nacl.secret.SecretBox(_key(passphrase, salt)).encrypt(packed)))
    except FileExistsError:
        raise BackupUnfit("the file exists, and nothing overwrites a backup", subject=str(archive)) from None
    return tuple(files)


def restore_backup(home: Path, archive: Path, passphrase: str, *, write: bool = True) -> tuple[str, ...]:
    """Puts back what an archive holds and returns the paths in it; touches nothing where a file is in the way.

    Args:
        home: where to put it.
        archive: the archive.
        passphrase: what it was made with.
        write: whether to write; otherwise only says what would be written.

    Raises:
        BackupUnfit: the file is no backup, or a file of that name exists.
        WrongPassphrase: the passphrase does not open it, or the file is damaged.
    """
    files = _unpack(_decrypt(archive, passphrase), str(archive))
    for name in files:
        if (home / name).exists() or (home / name).is_symlink():
            raise BackupUnfit(
                "a file of that name exists, and nothing overwrites a key",
                subject=str(home / name),
                hint="restore into an empty ASSAY_HOME",
            )
    if write:
        private_folder(home)
        for name, data in files.items():
            write_new(home / name, data)
    return tuple(files)


def worth_keeping(home: Path) -> tuple[str, ...]:
    """Paths below the home of what a backup would hold."""
    found = []
    for folder, names, files in os.walk(home):
        here = Path(folder)
        if here == home:
            names[:] = [name for name in names if name not in LEFT_OUT]
        names.sort()
        for name in sorted(files):
            path = here / name
            passing = name.endswith(("-wal", "-shm", "-journal", ".lock")) or name.startswith(".")
            own = here == home and name in MACHINES_OWN
            if path.is_file() and not path.is_symlink() and not passing and not own:
                found.append(path.relative_to(home).as_posix())
    return tuple(found)


def _content(path: Path) -> bytes:
    with path.open("rb") as file:
        if file.read(len(SQLITE)) != SQLITE:
            file.seek(0)
            return file.read(MAX_BYTES + 1)
    readonly = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(readonly, uri=True)) as source, closing(sqlite3.connect(":memory:")) as copy:
        source.backup(copy)
        return copy.serialize()


def _decrypt(archive: Path, passphrase: str) -> bytes:
    try:
        if archive.stat().st_size > MAX_BYTES:
            raise BackupUnfit("too large for a backup", subject=str(archive))
        sealed = archive.read_bytes()
    except OSError as error:
        raise BackupUnfit("the file cannot be read", subject=str(archive)) from error
    if not sealed.startswith(MAGIC):
        raise BackupUnfit("not a backup of Assay", subject=str(archive))
    salt, box = sealed[len(MAGIC) : len(MAGIC) + SALT], sealed[len(MAGIC) + SALT :]
    try:
        return bytes(nacl.secret.SecretBox(_key(passphrase, salt)).decrypt(box))
    except (nacl.exceptions.CryptoError, ValueError):
        raise WrongPassphrase(
            "the passphrase does not open the backup, or it is damaged", subject=str(archive)
        ) from None


def _unpack(packed: bytes, source: str) -> dict[str, bytes]:
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(packed, MAX_BYTES + MAX_FILES * 1_024)
        if not inflater.eof:
            raise BackupUnfit("the backup is cut short or too large", subject=source)
        (count,) = struct.unpack_from("<I", body)
        files, at = {}, 4
        for _ in range(min(count, MAX_FILES)):
            name_length, length = struct.unpack_from("<HQ", body, at)
            name = body[at + 10 : at + 10 + name_length].decode()
            at += 10 + name_length
            files[_safe(name, source)] = body[at : at + length]
            at += length
    except (zlib.error, struct.error, UnicodeDecodeError) as error:
        raise BackupUnfit("the backup is damaged", subject=source) from error
    if at != len(body) or len(files) != count:
        raise BackupUnfit("the backup is damaged", subject=source)
    return files


def _safe(name: str, source: str) -> str:
    """A path that stays below the home."""
    path = PurePosixPath(name)
    if path.is_absolute() or not path.parts or ".." in path.parts or "\x00" in name or path.as_posix() != name:
        raise BackupUnfit("the backup holds a path that leads elsewhere", subject=source)
    return name


def _key(passphrase: str, salt: bytes) -> bytes:
    return hashlib.scrypt(passphrase.encode(), salt=salt, **SCRYPT)
