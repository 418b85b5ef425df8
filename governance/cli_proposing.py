"""Commands that propose: parameters, spends, benchmarks, upgrades, pauses, cancellations, any other call."""

from __future__ import annotations

import functools
import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, cast

import typer

from governance._cards import Report, report
from governance._describe import call_text
from governance._errors import CallUnreadable
from governance._means import Cost, check_means
from governance._parameters import read_sheet
from governance._preimages import note_deposit
from governance._proposals import (
    Proposal,
    cancel,
    change_parameters,
    kill,
    parse_names,
    pause,
    raw,
    retire_benchmark,
    spend,
    unpause,
    upgrade,
    verify_benchmark,
)
from governance._propose import Enactment, Prepared, deposit_call, prepare, submit, try_out
from governance._referenda import call_of, ongoing
from governance._tracks import Origin, track_of
from governance._upgrade import check_upgrade
from governance._views import report_view
from offchain.chain import TransactionManager, resolve_address
from offchain.chain.deed import Actor, acts
from offchain.chain.inspection import encode_call
from offchain.cli.errors import MalformedValue
from offchain.cli.options import confirm
from offchain.cli.output import note, prints, table
from offchain.cli.units import Block, Planck, parse_asy

__all__ = ["app"]

app = typer.Typer(help="Propose a referendum.", no_args_is_help=True)
P = ParamSpec("P")

Benchmark = Annotated[int, typer.Argument(metavar="BENCHMARK", min=0)]
Referendum = Annotated[int, typer.Argument(metavar="REFERENDUM", min=0)]
Names = Annotated[
    list[str], typer.Argument(metavar="PALLET.CALL...", help="Calls by name; `duties` for those of rounds.")
]


@dataclass(frozen=True)
class Proposed:
    """A referendum that was submitted or, with --dry-run, what it would be and cost.

    ``preimage_deposit_planck`` is zero where no preimage is deposited. ``would`` is what its call does on a fork of the
    chain now; nothing with --anyway.
    """

    referendum: int | None
    track: str
    title: str
    call: str
    call_hash: bytes
    call_bytes: int
    is_preimage: bool
    submission_deposit_planck: Planck
    preimage_deposit_planck: Planck
    decision_deposit_planck: Planck
    decision_deposit_placed: bool
    fee_planck: Planck
    done: bool
    block: Block | None
    would: Report | None


@dataclass(frozen=True)
class _Bill:
    """The part of it that people read as a table."""

    referendum: int | None
    track: str
    title: str
    call: str
    call_hash: bytes
    submission_deposit_planck: Planck
    preimage_deposit_planck: Planck
    decision_deposit_planck: Planck
    decision_deposit_placed: bool
    fee_planck: Planck
    done: bool
    block: Block | None


@dataclass(frozen=True)
class _Draft:
    """A proposal, and the runtime that it is about where it is about one."""

    proposal: Proposal
    code: bytes | None = None


def _view(found: Proposed) -> None:
    table(_Bill(**{name: getattr(found, name) for name in _Bill.__dataclass_fields__}))
    if found.would is not None:
        note("\nOn a fork of the chain the call does this:")
        report_view(found.would)


def proposes(command: Callable[Concatenate[Actor, P], Proposal | _Draft]) -> Callable[P, Proposed]:
    """Gives a command the options of all proposals, and submits what it returns."""

    @functools.wraps(command)
    def proposing(actor: Actor, *args: P.args, **kwargs: P.kwargs) -> Proposed:
        after, at, anyway, deposit = (cast(Any, kwargs.pop(name)) for name in ("after", "at", "anyway", "deposit"))
        draft = command(actor, *args, **kwargs)
        if isinstance(draft, Proposal):
            draft = _Draft(draft)
        return _submit(actor, draft, Enactment(after, at), anyway=anyway, deposit=deposit)

    signature = inspect.signature(command, eval_str=True)
    option = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    first, *own = signature.parameters.values()
    parameters = [
        first,
        *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own),
        option("after", default=0, annotation=After),
        option("at", default=None, annotation=At),
        option("deposit", default=True, annotation=WithDeposit),
        option("anyway", default=False, annotation=Anyway),
    ]
    proposing.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    proposing.__annotations__ = {one.name: one.annotation for one in parameters}
    wrapped: Callable[Concatenate[Actor, P], Proposed] = cast(Any, proposing)
    return prints(Proposed, view=_view)(acts(wrapped))


After = Annotated[int, typer.Option("--after", min=0, help="Enact so many blocks after the approval, or later.")]
At = Annotated[int | None, typer.Option("--at", min=1, help="Enact at this block, or later.")]
WithDeposit = Annotated[
    bool, typer.Option("--deposit/--no-deposit", help="Place the decision deposit too, in a second transaction.")
]
Anyway = Annotated[bool, typer.Option("--anyway", help="Do not try the call on a fork of the chain first.")]


def _submit(actor: Actor, draft: _Draft, enactment: Enactment, *, anyway: bool, deposit: bool) -> Proposed:
    client, proposal = actor.client, draft.proposal
    prepared, manager = prepare(client, proposal, enactment), TransactionManager(client)
    cost = _cost(actor, manager, prepared, deposit=deposit)
    check_means(client, actor.address, cost)
    would = None if anyway else report(try_out(client, prepared, code=draft.code), _shown(prepared), proposal.origin)
    told = _proposed(prepared, cost, would)
    if actor.dry_run:
        return told
    confirm(f"Propose on track {prepared.track.name}: {proposal.title}? ({cost})", yes=actor.yes)
    done = submit(manager, actor.signer(), prepared, intent=f"cli/{uuid.uuid4()}", deposit=deposit)
    return replace(
        told,
        referendum=done.referendum,
        decision_deposit_placed=deposit,
        fee_planck=Planck(done.fees),
        done=True,
        block=Block(done.block),
    )


def _cost(actor: Actor, manager: TransactionManager, prepared: Prepared, *, deposit: bool) -> Cost:
    deposits = {"submission deposit": prepared.submission_deposit}
    if prepared.preimage_is_noted:
        deposits["preimage deposit"] = note_deposit(actor.client, prepared.encoded, actor.address)
    fees = manager.estimate(prepared.submission, actor.address)
    if deposit:
        deposits["decision deposit"] = prepared.track.decision_deposit
        fees += manager.estimate(deposit_call(0), actor.address)
    return Cost(deposits, fees)


def _proposed(prepared: Prepared, cost: Cost, would: Report | None) -> Proposed:
    return Proposed(
        referendum=None,
        track=prepared.track.name,
        title=prepared.proposal.title,
        call=_shown(prepared),
        call_hash=prepared.bounded.hash,
        call_bytes=len(prepared.encoded),
        is_preimage=prepared.bounded.inline is None,
        submission_deposit_planck=Planck(prepared.submission_deposit),
        preimage_deposit_planck=Planck(cost.deposits.get("preimage deposit", 0)),
        decision_deposit_planck=Planck(prepared.track.decision_deposit),
        decision_deposit_placed=False,
        fee_planck=Planck(cost.fees),
        done=False,
        block=None,
        would=would,
    )


def _shown(prepared: Prepared) -> str:
    return call_text(prepared.proposal.call)


@app.command("parameters")
@proposes
def parameters_(
    _actor: Actor, sheet: Annotated[Path, typer.Argument(metavar="SHEET", help="TOML with one table, `economics`.")]
) -> Proposal:
    """Proposes the values of a parameter sheet, all or none; checked against the bounds first."""
    return change_parameters(read_sheet(sheet))


@app.command("spend")
@proposes
def spend_(
    _actor: Actor,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="In ASY.")],
    to: Annotated[str, typer.Argument(metavar="TO", help="A key's name or an address.")],
    valid_from: Annotated[
        int | None, typer.Option("--valid-from", help="Block from which it can be collected.")
    ] = None,
    track: Annotated[str, typer.Option("--track", help="treasury, up to its limit, or root.")] = "treasury",
) -> Proposal:
    """Proposes a spend of the treasury; once approved, anybody has it paid by `assay governance payout`."""
    origin = next((one for one in (Origin.TREASURER, Origin.ROOT) if one.track == track), None)
    if origin is None:
        raise MalformedValue("this track spends nothing", subject=track, hint="treasury or root")
    return spend(parse_asy(amount), resolve_address(to), valid_from=valid_from, origin=origin)


@app.command("benchmark")
@proposes
def benchmark_(
    actor: Actor,
    benchmark: Benchmark,
    revoke: Annotated[bool, typer.Option("--revoke", help="Take the verification back.")] = False,
    retire: Annotated[bool, typer.Option("--retire", help="End requests on it.")] = False,
) -> Proposal:
    """Proposes to verify a benchmark, which anybody makes by `assay benchmark create`."""
    actor.client.evaluation.benchmark(benchmark)
    if retire:
        return retire_benchmark(benchmark)
    return verify_benchmark(benchmark, verified=not revoke)


@app.command("upgrade")
@proposes
def upgrade_(actor: Actor, wasm: Annotated[Path, typer.Argument(metavar="WASM", help="The new runtime.")]) -> _Draft:
    """Proposes a runtime upgrade: runs the file first, shows both versions, and tries its migrations on a fork."""
    found = check_upgrade(actor.client, wasm)
    note(
        f"{found.spec_name}: version {found.version_before} is in force, the file is version {found.version_after}"
        f" (transaction version {found.transaction_version_before}, then {found.transaction_version_after})"
    )
    return _Draft(upgrade(found.code_hash, found.version_after), found.code)


@app.command("pause")
@proposes
def pause_(_actor: Actor, names: Names) -> Proposal:
    """Proposes to pause calls, on the fast track `emergency`."""
    return pause(parse_names(tuple(names)))


@app.command("unpause")
@proposes
def unpause_(_actor: Actor, names: Names) -> Proposal:
    """Proposes to end pauses, on the fast track `emergency`."""
    return unpause(parse_names(tuple(names)))


@app.command("cancel")
@proposes
def cancel_(actor: Actor, index: Referendum) -> Proposal:
    """Proposes to cancel a referendum, on the fast track `emergency`; its deposits can be taken back."""
    ongoing(actor.client, index)
    return cancel(index)


@app.command("kill")
@proposes
def kill_(actor: Actor, index: Referendum) -> Proposal:
    """Proposes to kill a referendum, on the track `root`; its deposits go to the treasury."""
    ongoing(actor.client, index)
    return kill(index)


@app.command("call")
@proposes
def call_(
    actor: Actor,
    call: Annotated[str, typer.Argument(metavar="HEX", help="A call in SCALE, as polkadot.js shows it.")],
    track: Annotated[str, typer.Option("--track", "-t", help="In the name of which track.")],
) -> Proposal:
    """Proposes any call, in the name of any track."""
    try:
        data = bytes.fromhex(call.strip().removeprefix("0x"))
    except ValueError as error:
        raise CallUnreadable("not hexadecimal", subject=call[:64]) from error
    origin, found = track_of(actor.client, track).origin, call_of(actor.client, data)
    if encode_call(actor.client, found) != data:
        hint = "the chain takes a call in one encoding only; decoded and encoded again, it is another"
        raise CallUnreadable(
            "the bytes are not the encoding of the call that they decode to", subject=call[:64], hint=hint
        )
    return raw(origin, found)
