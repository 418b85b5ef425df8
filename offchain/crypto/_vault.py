"""Key files: JSON outside, scrypt and XSalsa20-Poly1305 (libsodium secretbox) inside, mode 0600, written atomically."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

from nacl.exceptions import CryptoError as NaclError
from nacl.secret import SecretBox

from offchain.crypto._errors import VaultInvalid, VaultLocked
from offchain.crypto._json import shallow_json
from offchain.crypto._secrets import SecretBytes

__all__ = ["VAULT_LOG2_COST", "read_vault", "write_vault"]

FORMAT = "assay-vault/1"
BLOCK_SIZE = 8
# 128 MiB of memory for each guess (OWASP's figure for scrypt); a file may ask for less or for up to 1 GiB.
VAULT_LOG2_COST = 17
LOG2_COST_RANGE = range(12, 21)
MAX_FILE_BYTES = 64 << 20


def write_vault(
    path: Path, content: bytes, passphrase: SecretBytes, *, log2_cost: int = VAULT_LOG2_COST, replace: bool = False
) -> None:
    """Encrypt ``content`` under ``passphrase`` into a new file that only its owner reads.

    Args:
        path: where the file goes.
        content: what it keeps.
        passphrase: what opens it again.
        log2_cost: scrypt's N as a power of two, 12 to 20.
        replace: write over an existing file, which is refused otherwise: a lost key file is a lost data set.
    """
    if not len(passphrase):
        raise VaultInvalid("a key file needs a passphrase", subject=str(path))
    salt = secrets.token_bytes(32)
    box = SecretBox(_derive(passphrase, salt, log2_cost)).encrypt(content)
    text = json.dumps({"format": FORMAT, "log2_cost": log2_cost, "salt": salt.hex(), "box": _b64(bytes(box))})
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        if replace:
            Path(temporary).replace(path)
        else:
            # A link, unlike a rename, never replaces a file that appeared meanwhile.
            os.link(temporary, path)
    except FileExistsError:
        raise VaultInvalid("a file lies there already", subject=str(path), hint="name another key file") from None
    finally:
        Path(temporary).unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_vault(path: Path, passphrase: SecretBytes) -> bytes:
    """The content of a key file.

    Raises VaultInvalid when it is none, VaultLocked when the passphrase is wrong or the file was changed.
    """
    fields = _fields(path)
    try:
        salt, box = bytes.fromhex(fields["salt"]), base64.b64decode(fields["box"], validate=True)
        log2_cost = fields["log2_cost"]
        if fields["format"] != FORMAT or type(log2_cost) is not int or log2_cost not in LOG2_COST_RANGE:
            raise ValueError(FORMAT)
    except (KeyError, TypeError, ValueError):
        raise VaultInvalid(f"the file is not in the format {FORMAT}", subject=str(path)) from None
    try:
        return bytes(SecretBox(_derive(passphrase, salt, log2_cost)).decrypt(box))
    except (NaclError, ValueError):
        raise VaultLocked(
            "the key file does not open", subject=str(path), hint="check the passphrase; the file may also be damaged"
        ) from None


def _fields(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise VaultInvalid(f"the key file cannot be read ({error.strerror})", subject=str(path)) from None
    try:
        fields = shallow_json(data) if len(data) <= MAX_FILE_BYTES else None
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise VaultInvalid("the file is not a key file", subject=str(path))
    return fields


def _derive(passphrase: SecretBytes, salt: bytes, log2_cost: int) -> bytes:
    memory = 128 * BLOCK_SIZE << log2_cost
    return hashlib.scrypt(
        passphrase.reveal(), salt=salt, n=1 << log2_cost, r=BLOCK_SIZE, p=1, maxmem=2 * memory, dklen=32
    )


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
