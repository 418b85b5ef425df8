"""What can be proposed: a call, in whose name it is to be dispatched, and what it is for in words."""

from __future__ import annotations

from dataclasses import dataclass

from governance._parameters import Change, parameter_call
from governance._tracks import Origin
from offchain.chain import calls
from offchain.chain.calls import Call
from offchain.cli.errors import MalformedValue
from offchain.cli.units import asy

__all__ = [
    "DUTIES",
    "Proposal",
    "cancel",
    "change_parameters",
    "kill",
    "parse_names",
    "pause",
    "raw",
    "retire_benchmark",
    "spend",
    "unpause",
    "upgrade",
    "verify_benchmark",
]

DUTIES = (
    ("Evaluation", "accept"),
    ("Evaluation", "decline"),
    ("Evaluation", "commit"),
    ("Evaluation", "reveal"),
    ("Evaluation", "advance"),
    ("Datasets", "release_key"),
)
"""What members and stewards of a round owe it. While any of them is paused, the clock of rounds stands still."""


@dataclass(frozen=True)
class Proposal:
    """A call for a referendum."""

    origin: Origin
    call: Call
    title: str


def change_parameters(changes: tuple[Change, ...]) -> Proposal:
    """Sets economic constants, all or none."""
    title = "set " + ", ".join(map(str, changes))
    return Proposal(Origin.PARAMETERS, parameter_call(changes), title)


def spend(
    amount: int, beneficiary: str, *, valid_from: int | None = None, origin: Origin = Origin.TREASURER
) -> Proposal:
    """Pays from the treasury; the beneficiary, or anybody, collects it by ``Treasury.payout``. In planck."""
    args = {"asset_kind": (), "amount": amount, "beneficiary": beneficiary, "valid_from": valid_from}
    return Proposal(origin, Call("Treasury", "spend", args), f"pay {asy(amount)} from the treasury to {beneficiary}")


def verify_benchmark(benchmark: int, *, verified: bool = True) -> Proposal:
    """Marks a benchmark as verified, or takes that back."""
    call = calls.evaluation.set_verified(benchmark, verified=verified)
    title = f"mark benchmark {benchmark} as {'verified' if verified else 'not verified'}"
    return Proposal(Origin.BENCHMARKS, call, title)


def retire_benchmark(benchmark: int) -> Proposal:
    """Ends requests on a benchmark and gives its deposit back."""
    call = calls.evaluation.retire_benchmark(benchmark)
    return Proposal(Origin.BENCHMARKS, call, f"retire benchmark {benchmark}")


def upgrade(code_hash: bytes, version: int) -> Proposal:
    """Lets anybody apply the runtime whose code has this blake2b-256 hash."""
    call = Call("System", "authorize_upgrade", {"code_hash": code_hash})
    return Proposal(Origin.ROOT, call, f"upgrade the runtime to version {version}, code 0x{code_hash.hex()}")


def pause(names: tuple[tuple[str, str], ...]) -> Proposal:
    """Pauses calls, each given as pallet and call."""
    each = [Call("TxPause", "pause", {"full_name": _full(name)}) for name in names]
    return Proposal(Origin.EMERGENCY, _together(each), "pause " + _listed(names))


def unpause(names: tuple[tuple[str, str], ...]) -> Proposal:
    """Ends pauses."""
    each = [Call("TxPause", "unpause", {"ident": _full(name)}) for name in names]
    return Proposal(Origin.EMERGENCY, _together(each), "unpause " + _listed(names))


def cancel(index: int) -> Proposal:
    """Ends a referendum; its deposits can be taken back."""
    return Proposal(Origin.EMERGENCY, Call("Referenda", "cancel", {"index": index}), f"cancel referendum {index}")


def kill(index: int) -> Proposal:
    """Ends a referendum and slashes its deposits."""
    return Proposal(Origin.ROOT, Call("Referenda", "kill", {"index": index}), f"kill referendum {index}")


def raw(origin: Origin, call: Call) -> Proposal:
    """Any call, in the name of any track."""
    return Proposal(origin, call, f"{call} as {origin.value}")


def parse_names(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names of calls from ``Evaluation.commit``; ``duties`` stands for all of :data:`DUTIES`.

    Raises:
        MalformedValue: a text that is no ``Pallet.call``.
    """
    found: list[tuple[str, str]] = []
    for text in texts:
        pallet, dot, call = text.partition(".")
        if text == "duties":
            found.extend(DUTIES)
        elif dot and pallet and call:
            found.append((pallet, call))
        else:
            raise MalformedValue("not the name of a call", subject=text, hint="write Evaluation.commit, or duties")
    return tuple(dict.fromkeys(found))


def _full(name: tuple[str, str]) -> tuple[bytes, bytes]:
    return name[0].encode(), name[1].encode()


def _listed(names: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"{pallet}.{call}" for pallet, call in names)


def _together(each: list[Call]) -> Call:
    return each[0] if len(each) == 1 else calls.utility.batch_all(each)
