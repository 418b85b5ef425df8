"""Runtime upgrades: what a Wasm file is, and whether it may follow the runtime in force."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from governance._errors import UpgradeRefused
from governance._forked import version_of
from offchain.chain import ChainClient
from offchain.chain.calls import Call
from offchain.errors import AssayError

__all__ = ["Upgrade", "apply_upgrade", "check_upgrade"]


@dataclass(frozen=True)
class Upgrade:
    """A runtime that may follow the one in force. ``code`` is what the chain would hold, compressed or not."""

    code: bytes
    code_hash: bytes
    spec_name: str
    version_before: int
    version_after: int
    transaction_version_before: int
    transaction_version_after: int


def check_upgrade(client: ChainClient, wasm: Path) -> Upgrade:
    """Runs a Wasm file in the embedded host, in another process, and compares it with the chain's runtime.

    Raises:
        UpgradeRefused: it is no runtime, another chain's, or not of a later version.
    """
    try:
        code = wasm.read_bytes()
        new = version_of(wasm)
    except (OSError, AssayError) as error:
        what = error.what if isinstance(error, AssayError) else str(error)
        raise UpgradeRefused("the file cannot be run as a runtime", subject=str(wasm), hint=what) from error
    old = client.connection.call("state_getRuntimeVersion", [])
    both = f"{old['specName']} {old['specVersion']} is in force, the file is {new['specName']} {new['specVersion']}"
    if new["specName"] != old["specName"]:
        raise UpgradeRefused("the file is the runtime of another chain", subject=str(wasm), hint=both)
    if new["specVersion"] <= old["specVersion"]:
        raise UpgradeRefused("the file is not a later version", subject=str(wasm), hint=both)
    return Upgrade(
        code=code,
        code_hash=blake2b(code, digest_size=32).digest(),
        spec_name=new["specName"],
        version_before=old["specVersion"],
        version_after=new["specVersion"],
        transaction_version_before=old["transactionVersion"],
        transaction_version_after=new["transactionVersion"],
    )


def apply_upgrade(client: ChainClient, wasm: Path) -> Call:
    """The call with which anybody applies an upgrade that a referendum has authorized; it pays no fee.

    Raises:
        UpgradeRefused: no upgrade is authorized, or that of another file.
    """
    try:
        code = wasm.read_bytes()
    except OSError as error:
        raise UpgradeRefused("the file cannot be read", subject=str(wasm), hint=str(error)) from error
    found = client.interface.read("System", "AuthorizedUpgrade", [], client.head())
    digest = "0x" + blake2b(code, digest_size=32).hexdigest()
    if found is None:
        raise UpgradeRefused(
            "no upgrade is authorized", hint="a referendum does that: assay governance propose upgrade"
        )
    if found["code_hash"] != digest:
        raise UpgradeRefused("the authorized upgrade is another one", subject=found["code_hash"], hint=f"not {digest}")
    return Call("System", "apply_authorized_upgrade", {"code": code})
