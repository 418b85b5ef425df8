"""The validator's BLS key on disk: made once, encrypted, never overwritten."""

from __future__ import annotations

from pathlib import Path

from offchain.crypto import BlsKey, SecretBytes, read_vault, write_vault

__all__ = ["bls_key", "bls_path"]


def bls_path(folder: Path, account: str) -> Path:
    """Where an account's BLS key lies."""
    return folder / f"bls-{account}.json"


def bls_key(folder: Path, account: str, passphrase: SecretBytes) -> BlsKey:
    """The account's BLS key with its proof of possession; made where there is none.

    Raises:
        VaultLocked: the passphrase does not open the file.
    """
    path = bls_path(folder, account)
    if path.exists():
        return BlsKey.restore(SecretBytes(read_vault(path, passphrase)))
    key = BlsKey.generate()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_vault(path, key.secret.reveal(), passphrase)
    return key
