"""Commands for what follows an approved referendum: applying an upgrade, collecting a spend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from governance._upgrade import apply_upgrade
from offchain.chain import ChainClient
from offchain.chain.calls import Call
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.errors import NotOnChain
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import prints
from offchain.cli.units import Block, Planck

__all__ = ["register"]


@dataclass(frozen=True)
class SpendLine:
    """An approved spend of the treasury, to be collected between two blocks."""

    spend: int
    amount_planck: Planck
    beneficiary: str
    collect_from: Block
    collect_until: Block
    status: str


def register(app: typer.Typer) -> None:
    """Hangs the commands into the noun."""
    for name, command in (("apply-upgrade", apply), ("spends", spends), ("payout", payout)):
        app.command(name)(command)


@prints(Deed)
@acts
def apply(actor: Actor, wasm: Annotated[Path, typer.Argument(metavar="WASM", help="The authorized runtime.")]) -> Deed:
    """Applies the upgrade that a referendum has authorized. Anybody may; no fee is charged."""
    call = apply_upgrade(actor.client, wasm)
    return actor.act(call, f"Apply {wasm}? The next block runs on it.")


@prints(list[SpendLine])
def spends(node: Node = DEFAULT_NODE) -> list[SpendLine]:
    """Lists the spends of the treasury that referenda approved."""
    with ChainClient(node) as client:
        found = client.interface.read_map("Treasury", "Spends", [], client.head())
        return [_line(int(number), value) for number, value in sorted(found, key=lambda one: int(one[0]))]


@prints(Deed)
@acts
def payout(actor: Actor, spend: Annotated[int, typer.Argument(metavar="SPEND", min=0)]) -> Deed:
    """Has an approved spend paid to its beneficiary. Anybody may ask for it."""
    found = actor.client.interface.read("Treasury", "Spends", [spend], actor.client.head())
    if found is None:
        raise NotOnChain("the treasury owes no such spend", subject=str(spend), hint="assay governance spends")
    return actor.act(Call("Treasury", "payout", {"index": spend}), f"Have spend {spend} paid?")


def _line(number: int, value: dict[str, object]) -> SpendLine:
    status = value["status"]
    return SpendLine(
        spend=number,
        amount_planck=Planck(int(str(value["amount"]))),
        beneficiary=str(value["beneficiary"]),
        collect_from=Block(int(str(value["valid_from"]))),
        collect_until=Block(int(str(value["expire_at"]))),
        status=next(iter(status)) if isinstance(status, dict) else str(status),
    )
