"""What a network needs before its agents can work: a data set, a benchmark on it, bonded and accredited validators.

Every step is a command that a person could type, run as a process, so that this package needs nothing of the others.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from ._errors import SetUpFailed
from ._plan import STEWARD_ACCOUNT, VALIDATOR_ACCOUNTS, Plan
from ._programs import MARK
from ._roster import tool

__all__ = ["STEPS", "pack", "set_up"]

STEPS: Final = 3
"""How often :func:`set_up` says that it has come further."""
_PATIENCE_S: Final = 240.0
_PATIENTS: Final = 120
_SIDE: Final = 64
_SHARDS: Final = 4
_PRICE_ASY: Final = 2
_BOND_ASY: Final = 1_000
_ALREADY_DONE: Final = "[112]"
"""How the chain refuses to register or accredit somebody twice."""


def pack(plan: Plan) -> None:
    """Draws synthetic images, and packs and encrypts them into the store. Needs no chain.

    Raises:
        SetUpFailed: a command did not succeed, or an earlier one was broken off.
    """
    folder = plan.folder / "steward"
    if (folder / "pack.json").is_file():
        return
    for leftover in ("keys.json", "images"):
        if (folder / leftover).exists():
            raise SetUpFailed(
                "the data set's packing was broken off",
                subject=str(folder),
                hint="delete this directory, and try again",
            )
    folder.mkdir(parents=True, exist_ok=True)
    _assay(plan, "steward", "dataset", "synthesise", "images", f"--patients={_PATIENTS}", f"--side={_SIDE}")
    files = ("--out=pack.json", "--keyfile=keys.json")
    _assay(plan, "steward", "dataset", "pack", "images", *files, f"--shards={_SHARDS}", "--yes")


def set_up(plan: Plan, told: Callable[[], None]) -> None:
    """Registers everything on a chain that finalizes blocks; what is on chain already stays as it is.

    Args:
        plan: of the network.
        told: called after each of :data:`STEPS` steps.

    Raises:
        SetUpFailed: a command did not succeed.
    """
    steward = f"--account={STEWARD_ACCOUNT}"
    accounts = dict(zip(plan.workers, VALIDATOR_ACCOUNTS, strict=False))
    goes_on = bool(_assay(plan, "steward", "dataset", "list"))
    about = ("--modality=xray", "--licence=CC0-1.0", f"--price={_PRICE_ASY}", "--pack=pack.json")
    deeds: list[tuple[str, ...]] = [
        (worker, "validator", "register", f"--account={account}", f"--bond={_BOND_ASY}", "--yes")
        for worker, account in accounts.items()
    ]
    if not goes_on:
        deeds.append(("steward", "dataset", "register", "Testnet", *about, steward, "--yes"))
    _all(plan, deeds)
    told()
    found = _assay(plan, "steward", "dataset", "show", "0") if goes_on else {"versions": [], "accredited": []}
    deeds = []
    if not found["versions"]:
        deeds.append(("steward", "dataset", "publish", "0", "pack.json", steward, "--yes"))
    if len(found["accredited"]) < len(accounts):
        deeds += [("steward", "dataset", "accredit", "0", account, steward) for account in accounts.values()]
    _all(plan, deeds)
    told()
    if not goes_on or not _assay(plan, "steward", "benchmark", "list"):
        _assay(plan, "steward", "benchmark", "create", "Testnet", "--dataset=0", steward, "--yes")
    told()


def _all(plan: Plan, deeds: Sequence[tuple[str, ...]]) -> None:
    """Several commands at once: what takes time is to wait for finality. What was done before is done."""

    def do(who: str, *command: str) -> None:
        try:
            _assay(plan, who, *command)
        except SetUpFailed as refusal:
            if _ALREADY_DONE not in refusal.what:
                raise

    with ThreadPoolExecutor(max_workers=max(len(deeds), 1)) as pool:
        for done in [pool.submit(do, *deed) for deed in deeds]:
            done.result()


def _assay(plan: Plan, who: str, *command: str) -> Any:
    """Runs a command in an agent's folder, with its keys, and returns what it prints as JSON."""
    folder = plan.folder / who
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        MARK: str(plan.folder),
        "ASSAY_HOME": str(folder),
        "ASSAY_NODE": plan.node_of(who),
        "ASSAY_STORE": plan.store_of(who),
        "ASSAY_PASSPHRASE_FILE": str(plan.passphrase),
    }
    words = " ".join(word for word in command if not word.startswith("-"))
    try:
        done = subprocess.run(
            (tool("assay"), *command, "--json"),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise SetUpFailed(f"`assay {words}` did not end within {_PATIENCE_S:.0f} s", subject=str(folder)) from None
    if done.returncode:
        raise SetUpFailed(f"`assay {words}` failed: {_reason(done.stderr)}", subject=str(folder))
    return json.loads(done.stdout)


def _reason(text: str) -> str:
    """What a command said of its failure: the JSON of an error, or its last line."""
    lines = text.strip().splitlines()
    if not lines:
        return "it says nothing"
    try:
        error = json.loads(lines[-1])
        return f"[{error['code']}] {error['what']}: {error['subject']}"
    except (ValueError, KeyError, TypeError):
        return lines[-1]
