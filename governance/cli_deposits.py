"""Commands for deposits of referenda, and for preimages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from governance._deposits import refund
from governance._describe import call_text
from governance._errors import CallUnreadable
from governance._preimages import Preimage, check_unneeded, note, note_deposit, preimage, unnote
from governance._preimages import preimages as every_preimage
from governance._propose import place_deposit
from governance._referenda import BoundedCall, call_of
from offchain.chain import ChainClient
from offchain.chain.deed import Actor, Deed, acts
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note as tell
from offchain.cli.output import prints
from offchain.cli.units import Planck, asy

__all__ = ["app", "preimages"]

app = typer.Typer(help="Deposits of referenda: place, refund.", no_args_is_help=True)
preimages = typer.Typer(help="Preimages: calls deposited beside referenda.", no_args_is_help=True)

Index = Annotated[int, typer.Argument(metavar="REFERENDUM", min=0)]
Hash = Annotated[str, typer.Argument(metavar="HASH", help="blake2b-256 of the call, as hex.")]


@dataclass(frozen=True)
class PreimageLine:
    """A deposited call, or one that is asked for and not there yet."""

    hash: bytes
    length: int | None
    depositor: str | None
    deposit_planck: Planck
    requests: int
    call: str


@dataclass(frozen=True)
class Noted(Deed):
    """A call that was deposited or, with --dry-run, what that would cost."""

    hash: bytes
    preimage_deposit_planck: Planck


@app.command("place")
@prints(Deed)
@acts
def place(actor: Actor, index: Index) -> Deed:
    """Places a referendum's decision deposit: anybody may. It comes back when the referendum is over."""
    call, amount = place_deposit(actor.client, index)
    return actor.act(call, f"Place the decision deposit of referendum {index}, {asy(amount)}?")


@app.command("refund")
@prints(Deed)
@acts
def give_back(actor: Actor, index: Index) -> Deed:
    """Gives back what can be had of a referendum's deposits, to whoever placed them."""
    call, amounts = refund(actor.client, index)
    owed = ", ".join(f"{asy(amount)} to {who}" for who, amount in amounts.items())
    return actor.act(call, f"Give back the deposits of referendum {index}: {owed}?")


@preimages.command("note")
@prints(Noted)
@acts
def note_(
    actor: Actor, call: Annotated[str, typer.Argument(metavar="HEX|@FILE", help="A call in SCALE; @FILE holds it.")]
) -> Noted:
    """Deposits a call, for a referendum that names its hash."""
    client, data = actor.client, _read(call)
    bounded, shown = BoundedCall.of(data, inline=False), call_text(call_of(client, data))
    deposit = Planck(note_deposit(client, data, actor.address))
    tell(f"0x{bounded.hash.hex()}, {len(data)} bytes: {shown}")
    deed = actor.act(note(data), f"Deposit this call of {len(data)} bytes? {asy(deposit)} go on hold.")
    return Noted(**vars(deed), hash=bounded.hash, preimage_deposit_planck=deposit)


@preimages.command("unnote")
@prints(Deed)
@acts
def unnote_(
    actor: Actor,
    hash_: Hash,
    anyway: Annotated[bool, typer.Option("--anyway", help="Even where a referendum that runs needs it.")] = False,
) -> Deed:
    """Takes a deposited call back, with its deposit. A call that the chain has scheduled stays there all the same."""
    client = actor.client
    found, _data = preimage(client, _digest(hash_))
    if not anyway:
        check_unneeded(client, found.hash)
    return actor.act(unnote(found.hash), f"Take the preimage back? {asy(found.deposit)} are freed.")


@preimages.command("show")
@prints(PreimageLine)
def show(hash_: Hash, node: Node = DEFAULT_NODE) -> PreimageLine:
    """Shows a deposited call, decoded."""
    with ChainClient(node) as client:
        return _line(client, *preimage(client, _digest(hash_)))


@preimages.command("list")
@prints(list[PreimageLine])
def list_(node: Node = DEFAULT_NODE) -> list[PreimageLine]:
    """Lists the preimages that the chain holds or asks for."""
    with ChainClient(node) as client:
        return [_line(client, *preimage(client, one.hash)) for one in every_preimage(client)]


def _line(client: ChainClient, found: Preimage, data: bytes | None) -> PreimageLine:
    try:
        shown = "-" if data is None else call_text(call_of(client, data))
    except CallUnreadable:
        shown = "bytes that are no call of this runtime"
    return PreimageLine(found.hash, found.length, found.depositor, Planck(found.deposit), found.requests, shown)


def _read(text: str) -> bytes:
    if text.startswith("@"):
        try:
            return Path(text[1:]).read_bytes()
        except OSError as error:
            raise MalformedValue("the file cannot be read", subject=text[1:], hint=str(error)) from error
    try:
        return bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError as error:
        raise MalformedValue("not hexadecimal", subject=text[:64]) from error


def _digest(text: str) -> bytes:
    data = _read(text)
    if len(data) != 32:
        raise MalformedValue("a hash has 32 bytes", subject=text[:72])
    return data
