"""Models: check and pack checkpoints, register, submit, have them evaluated, pay for their use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from offchain.chain import calls
from offchain.chain._files import home
from offchain.chain.client import ChainClient
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.signing import resolve_address
from offchain.chain.transactions import TransactionManager
from offchain.chain.types import CheckpointSpec, Licence, Text
from offchain.chain.workflows import submit_checkpoint
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node, confirm
from offchain.cli.output import note, prints
from offchain.cli.units import Block, Planck, Ppm, asy, parse_asy
from offchain.models import check, read_card
from offchain.models.cli import app, read_bounded
from offchain.store import open_store

__all__ = ["CheckpointLine", "ModelLine", "Submission", "app"]

_Checkpoint = Annotated[str, typer.Argument(metavar="CHECKPOINT", help="Its id: 0x and 64 digits.")]

_BLANK_CID = bytes.fromhex("01551220") + bytes(32)


@dataclass(frozen=True)
class ModelLine:
    """A registered model."""

    model: int
    name: str
    licence: str
    usage_price_planck: Planck
    checkpoints: int
    owner: str
    contributors: dict[str, Ppm]


@dataclass(frozen=True)
class CheckpointLine:
    """A submitted checkpoint."""

    checkpoint: bytes
    model: int
    status: str
    architecture: str
    size_bytes: int
    opened_at: Block
    uses: int
    owner: str
    parent: bytes | None


@dataclass(frozen=True)
class Submission:
    """A checkpoint that is on chain or, with --dry-run, fit to be."""

    checkpoint: bytes
    model: int
    size_bytes: int
    architecture: str
    fee_planck: Planck
    done: bool
    block: Block | None


@app.command("list")
@prints(list[ModelLine])
def list_(node: Node = DEFAULT_NODE) -> list[ModelLine]:
    """List registered models."""
    with ChainClient(node) as client:
        return [
            ModelLine(
                model=number,
                name=found.name,
                licence=str(found.licence),
                usage_price_planck=Planck(found.usage_price),
                checkpoints=found.checkpoints,
                owner=found.owner,
                contributors={account: Ppm(share) for account, share in found.contributors},
            )
            for number, found in sorted(client.models.all().items())
        ]


@app.command()
@prints(list[CheckpointLine])
def checkpoints(
    model: Annotated[int | None, typer.Option("--model", help="Only of this model.")] = None,
    node: Node = DEFAULT_NODE,
) -> list[CheckpointLine]:
    """List submitted checkpoints, the newest first."""
    with ChainClient(node) as client:
        found = client.models.checkpoints()
    return [
        CheckpointLine(
            checkpoint=identifier,
            model=entry.model,
            status=entry.status.value,
            architecture=entry.spec.architecture,
            size_bytes=entry.spec.size_bytes,
            opened_at=Block(entry.opened_at),
            uses=entry.uses,
            owner=entry.owner,
            parent=entry.spec.parent,
        )
        for identifier, entry in sorted(found.items(), key=lambda item: -item[1].opened_at)
        if model is None or entry.model == model
    ]


@app.command()
@prints(Deed)
@acts
def register(
    actor: Actor,
    name: Annotated[str, typer.Argument()],
    licence: Annotated[str, typer.Option(help="SPDX identifier.")],
    contributor: Annotated[
        list[str] | None, typer.Option(help="ACCOUNT=PERCENT, repeated; you alone without it.")
    ] = None,
    usage_price: Annotated[str, typer.Option(help="Of one use, in ASY.")] = "0.01",
) -> Deed:
    """Register a model; contributors share its usage fees."""
    shares = [_share(text) for text in contributor or [f"{actor.account}=100"]]
    call = calls.models.register(name, Licence(spdx=licence), shares, parse_asy(usage_price))
    return actor.act(call, f"Register model {name!r}?", makes=("Registered", "model"))


@app.command()
@prints(Submission)
@acts
def submit(
    actor: Actor,
    model: Annotated[int, typer.Argument(metavar="MODEL", min=0)],
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="Canonical safetensors.")],
    card_file: Annotated[Path, typer.Argument(metavar="CARD", exists=True, dir_okay=False, help="Its model card.")],
    store: Annotated[
        str | None,
        typer.Option(
            "--store", envvar="ASSAY_STORE", metavar="URL", help="file:///path or kubo:///ip4/.. [~/.assay/store]."
        ),
    ] = None,
    parent: Annotated[str | None, typer.Option(help="Checkpoint it was derived from.")] = None,
) -> Submission:
    """Submit a checkpoint: a sealed claim, opened five blocks later. Run again after an interruption, it goes on."""
    data, card = read_bounded(file), read_card(read_bounded(card_file))
    facts = check(data, card.architecture)
    manager = TransactionManager(actor.client)
    spec = CheckpointSpec(
        id=facts.id,
        cid=_BLANK_CID,
        size_bytes=len(data),
        architecture=Text(card.architecture),
        card_cid=_BLANK_CID,
        card_hash=card.hash(),
        operating_point_ppm=card.operating_point_ppm,
        parent=None if parent is None else _checkpoint_id(parent),
    )
    fee = sum(
        manager.estimate(call, actor.address)
        for call in (calls.models.claim(bytes(32)), calls.models.open_claim(model, bytes(32), spec))
    )
    block = None
    if not actor.dry_run:
        what = f"0x{facts.id.hex()} as a version of model {model}"
        confirm(f"Submit {what} (transaction fees {asy(fee)})?", yes=actor.yes)
        signer = actor.signer()
        where = open_store(store or (home() / "store").resolve().as_uri())
        cid, card_cid = where.put(data), where.put(card.canonical())
        where.pin(cid)
        where.pin(card_cid)
        spec = replace(spec, cid=cid.binary, card_cid=card_cid.binary)
        block = Block(submit_checkpoint(manager, signer, model, spec, told=note).block_number)
    return Submission(
        checkpoint=facts.id,
        model=model,
        size_bytes=len(data),
        architecture=card.architecture,
        fee_planck=Planck(fee),
        done=block is not None,
        block=block,
    )


@app.command()
@prints(Deed)
@acts
def evaluate(
    actor: Actor,
    checkpoint: _Checkpoint,
    benchmark: Annotated[int, typer.Option(help="On which benchmark.")],
    max_fee: Annotated[str | None, typer.Option(help="Most you pay, in ASY; the present price by default.")] = None,
) -> Deed:
    """Request the evaluation of a checkpoint; `assay round watch` follows it."""
    identifier = _checkpoint_id(checkpoint)
    size = actor.client.models.checkpoint(identifier).spec.size_bytes
    quote = actor.client.evaluation.quote(benchmark, size)
    limit = quote.total if max_fee is None else parse_asy(max_fee)
    note(f"evaluation fee {asy(quote.total)}: compute {asy(quote.compute)}, steward {asy(quote.steward)}")
    return actor.act(
        calls.evaluation.request_evaluation(benchmark, identifier, limit),
        f"Request an evaluation for {asy(quote.total)}, at most {asy(limit)}?",
        makes=("EvaluationRequested", "round"),
    )


@app.command()
@prints(Deed)
@acts
def use(
    actor: Actor,
    checkpoint: _Checkpoint,
    uses: Annotated[int, typer.Option(min=1)] = 1,
) -> Deed:
    """Pay for uses of an available checkpoint; the fee is split among its contributors."""
    identifier = _checkpoint_id(checkpoint)
    each = actor.client.models.get(actor.client.models.checkpoint(identifier).model).usage_price
    return actor.act(calls.models.pay_usage(identifier, uses, each), f"Pay {asy(each * uses)} for {uses} uses?")


@app.command("claim-fees")
@prints(Deed)
@acts
def claim_fees(
    actor: Actor,
) -> Deed:
    """Take out the usage fees owed to an account."""
    call = calls.models.claim_fees(actor.address)
    return actor.act(call)


@app.command()
@prints(Deed)
@acts
def price(
    actor: Actor,
    model: Annotated[int, typer.Argument(metavar="MODEL", min=0)],
    usage: Annotated[str, typer.Argument(metavar="ASY", help="Of one use from now on.")],
) -> Deed:
    """Set the price of later uses of a model."""
    call = calls.models.set_terms(model, parse_asy(usage))
    return actor.act(call)


@app.command()
@prints(Deed)
@acts
def deprecate(
    actor: Actor,
    checkpoint: _Checkpoint,
) -> Deed:
    """Withdraw a checkpoint for good: it can no longer be evaluated or paid for."""
    return actor.act(calls.models.deprecate(_checkpoint_id(checkpoint)), f"Withdraw {checkpoint} for good?")


def _share(text: str) -> tuple[str, int]:
    who, _, share = text.rpartition("=")
    try:
        return resolve_address(who), round(float(share) * 10_000)
    except ValueError:
        raise MalformedValue("not a contributor", subject=text, hint="write ACCOUNT=PERCENT") from None


def _checkpoint_id(text: str) -> bytes:
    try:
        identifier = bytes.fromhex(text.removeprefix("0x"))
    except ValueError:
        identifier = b""
    if len(identifier) != 32:
        raise MalformedValue("not a checkpoint's id", subject=text, hint="it is 0x and 64 hexadecimal digits")
    return identifier
