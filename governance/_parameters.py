"""The economic constants that governance sets, their bounds, and sheets of changes to them.

Source of the bounds: ``runtime-specs/primitives/src/economics.rs``. A test sets every constant to each bound and one
past it on the runtime itself, so that this table cannot drift from it.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from governance._errors import OutOfBounds, SheetInvalid
from offchain.chain import ChainClient
from offchain.chain.calls import Call
from offchain.cli.errors import MalformedValue
from offchain.cli.units import asy, parse_asy, percent

__all__ = ["PARAMETERS", "Change", "Parameter", "check", "parameter_call", "parameters", "read_sheet"]

_ASY: Final = 10**12
_MILLI: Final = 10**9
_PPM: Final = 10**6


@dataclass(frozen=True)
class Parameter:
    """A constant. ``least``, ``genesis`` and ``greatest`` in planck, or in parts per million."""

    name: str
    is_amount: bool
    least: int
    genesis: int
    greatest: int
    meaning: str

    def show(self, value: int) -> str:
        """A value as people read it."""
        return asy(value) if self.is_amount else percent(value)


def _amount(name: str, least: int, genesis: int, greatest: int, meaning: str) -> Parameter:
    return Parameter(name, is_amount=True, least=least, genesis=genesis, greatest=greatest, meaning=meaning)


def _share(name: str, genesis: int, greatest: int, meaning: str) -> Parameter:
    return Parameter(name, is_amount=False, least=0, genesis=genesis, greatest=greatest, meaning=meaning)


PARAMETERS: Final[dict[str, Parameter]] = {
    one.name: one
    for one in (
        _amount("BaseFee", _MILLI, 10 * _ASY, 10_000 * _ASY, "part of the compute fee that every round pays"),
        _amount("FeePerMb", 0, 10 * _MILLI, 10 * _ASY, "per MiB of checkpoint, begun ones whole"),
        _amount("FeePer1000Samples", 0, _ASY, 1_000 * _ASY, "per 1,000 held-out samples, begun ones whole"),
        _share("TreasuryCutPpm", _PPM // 10, _PPM // 2, "treasury's share of the compute fee"),
        _amount("SubsidyPerRound", 0, 0, 1_000 * _ASY, "minted for a round"),
        _amount("SubsidyYearlyCap", 0, 0, 1_000_000 * _ASY, "most that is minted in a year of blocks"),
        _amount("MinBond", _ASY, 100 * _ASY, 1_000_000 * _ASY, "least bond of a validator"),
        _share("MissSlashPpm", 1_000, 50_000, "slash of a first miss; the nth in a row costs n times as much"),
        _share("MissSlashCapPpm", 10_000, 100_000, "most that one miss costs"),
        _share("WorkDonePpm", 250_000, 500_000, "of a seat's reward, in a round without a verdict"),
        _amount("ItemDeposit", _MILLI, 10 * _ASY, 10_000 * _ASY, "deposit of a data set, model, benchmark"),
        _amount("ByteDeposit", 0, _MILLI, _ASY, "deposit per stored byte"),
        _amount("ClaimDeposit", _MILLI, _ASY, 1_000 * _ASY, "deposit of a sealed claim"),
        _amount("StewardBond", 0, 50 * _ASY, 100_000 * _ASY, "a steward's bond per data set"),
    )
}


@dataclass(frozen=True)
class Change:
    """A constant and its new value; None goes back to the value of the runtime."""

    parameter: Parameter
    value: int | None

    def __str__(self) -> str:
        shown = "the runtime's own" if self.value is None else self.parameter.show(self.value)
        return f"{self.parameter.name} = {shown}"

    def to_scale(self) -> dict[str, Any]:
        """What the SCALE library takes for ``RuntimeParameters``."""
        return {"Economics": {self.parameter.name: ((), self.value)}}


def check(change: Change) -> Change:
    """The change, if the runtime takes it.

    Raises:
        OutOfBounds: it is outside of the bounds.
    """
    one, value = change.parameter, change.value
    if value is not None and not one.least <= value <= one.greatest:
        raise OutOfBounds(
            "the runtime refuses this value",
            subject=f"{one.name} = {one.show(value)}",
            hint=f"from {one.show(one.least)} to {one.show(one.greatest)}",
        )
    return change


def read_sheet(path: Path) -> tuple[Change, ...]:
    """The changes of a sheet: a TOML file with one table, ``[economics]``, checked against the bounds.

    Amounts are text (``"12.5 ASY"``), shares text (``"30 %"``) or whole parts per million; ``"default"`` goes back to
    the runtime's own value.

    Raises:
        SheetInvalid: no such table, a name that is no parameter, a value that is none.
        OutOfBounds: a value outside of its bounds.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SheetInvalid("the sheet cannot be read", subject=str(path), hint=str(error)) from error
    table = document.pop("economics", None)
    if not isinstance(table, dict) or not table or document:
        extra = f", not {', '.join(document)}" if document else ""
        raise SheetInvalid(f"a sheet has one table, [economics]{extra}", subject=str(path))
    return tuple(check(Change(_known(name, path), _value(_known(name, path), raw))) for name, raw in table.items())


def parameter_call(changes: tuple[Change, ...]) -> Call:
    """The call that makes all changes, or none of them."""
    each = [Call("Parameters", "set_parameter", {"key_value": change}) for change in changes]
    return each[0] if len(each) == 1 else Call("Utility", "batch_all", {"calls": each})


def parameters(client: ChainClient, *, at: str | None = None) -> dict[str, int]:
    """The values in force, by name, in planck or parts per million."""
    stored = client.interface.read_map("Parameters", "Parameters", [], at or client.head())
    found = {one.name: one.genesis for one in PARAMETERS.values()}
    for _key, value in stored:
        ((name, number),) = value["Economics"].items()
        found[name] = int(number)
    return found


def _known(name: str, path: Path) -> Parameter:
    try:
        return PARAMETERS[name]
    except KeyError:
        raise SheetInvalid("no such parameter", subject=f"{path}: {name}", hint=", ".join(PARAMETERS)) from None


def _value(parameter: Parameter, raw: object) -> int | None:
    if raw == "default":
        return None
    if parameter.is_amount and isinstance(raw, str):
        try:
            return int(parse_asy(raw))
        except MalformedValue as error:
            raise SheetInvalid(error.what, subject=f"{parameter.name} = {raw!r}", hint=error.hint) from error
    if not parameter.is_amount and isinstance(raw, int) and not isinstance(raw, bool):
        return raw
    if not parameter.is_amount and isinstance(raw, str) and raw.strip().endswith("%"):
        whole, _, part = raw.strip().removesuffix("%").strip().partition(".")
        if whole.isdecimal() and (not part or (part.isdecimal() and len(part) <= 4)):
            return int(whole) * 10_000 + int(part.ljust(4, "0") or 0)
    hint = 'write "12.5 ASY"' if parameter.is_amount else 'write "30 %" or 300000, in parts per million'
    raise SheetInvalid("not a value for this parameter", subject=f"{parameter.name} = {raw!r}", hint=hint)
