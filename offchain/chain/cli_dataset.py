"""Data sets: pack and pull them, register and publish them, say who may evaluate on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.chain import calls
from offchain.chain.client import ChainClient
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.signing import resolve_address
from offchain.chain.types import Admission, Description, Licence, Modality, Prices, Text
from offchain.chain.workflows import version_spec
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import prints, table
from offchain.cli.units import Planck, parse_asy
from offchain.datasets import PackedDataset
from offchain.datasets.cli import app
from offchain.store import Cid

__all__ = ["DatasetDetail", "DatasetLine", "app"]

_Id = Annotated[int, typer.Argument(metavar="DATASET", min=0)]


@dataclass(frozen=True)
class DatasetLine:
    """A registered data set."""

    dataset: int
    name: str
    modality: str
    task: str
    classes: list[str]
    licence: str
    admission: str
    price_planck: Planck
    versions: int
    faults: int
    suspended: bool
    steward: str


@dataclass(frozen=True)
class VersionLine:
    """A published version: counts per class as samples/groups, and who ever held each shard's key."""

    version: int
    public: list[str]
    held_out: list[str]
    held_out_groups: int
    shards: int
    exposure: list[int]
    retired: bool
    manifest: str
    public_split: str


@dataclass(frozen=True)
class DatasetDetail:
    """A data set and its versions."""

    about: DatasetLine
    uses: dict[str, int]
    accredited: list[str]
    versions: list[VersionLine]


def _lines(client: ChainClient) -> list[DatasetLine]:
    return [
        DatasetLine(
            dataset=number,
            name=found.description.name,
            modality=found.description.modality.value,
            task=found.description.task,
            classes=list(found.description.classes),
            licence=str(found.description.licence),
            admission=found.admission.value,
            price_planck=Planck(found.prices.evaluate),
            versions=found.versions,
            faults=found.faults,
            suspended=found.suspended,
            steward=found.steward,
        )
        for number, found in sorted(client.datasets.all().items())
    ]


@app.command("list")
@prints(list[DatasetLine])
def list_(node: Node = DEFAULT_NODE) -> list[DatasetLine]:
    """List registered data sets."""
    with ChainClient(node) as client:
        return _lines(client)


def _view(detail: DatasetDetail) -> None:
    table(detail.about)
    uses = ", ".join(f"{count} {name}" for name, count in detail.uses.items())
    typer.echo(f"\nused: {uses}\naccredited: {', '.join(detail.accredited) or 'nobody yet'}")
    for version in detail.versions:
        typer.echo(f"\nversion {version.version}{' (retired)' if version.retired else ''}")
        for name, public, held_out in zip(detail.about.classes, version.public, version.held_out, strict=True):
            typer.echo(f"  {name}: public {public}, held out {held_out} (samples/groups)")
        typer.echo(f"  {version.shards} sealed shards; accounts that ever held each key: {_counts(version.exposure)}")
        typer.echo(f"  public split {version.public_split}")


def _counts(numbers: list[int]) -> str:
    return ", ".join(map(str, numbers)) if len(set(numbers)) > 1 else f"{numbers[0] if numbers else 0} for every shard"


@app.command()
@prints(DatasetDetail, view=_view)
def show(dataset: _Id, node: Node = DEFAULT_NODE) -> DatasetDetail:
    """Show a data set: versions, counts, uses, exposure."""
    with ChainClient(node) as client:
        client.datasets.get(dataset)
        about = next(line for line in _lines(client) if line.dataset == dataset)
        usage = client.datasets.usage(dataset)
        versions = []
        for number in range(about.versions):
            found = client.datasets.version(dataset, number)
            versions.append(
                VersionLine(
                    version=number,
                    public=[f"{count.samples}/{count.groups}" for count in found.spec.public_counts],
                    held_out=[f"{count.samples}/{count.groups}" for count in found.spec.held_out_counts],
                    held_out_groups=found.spec.held_out_groups,
                    shards=len(found.spec.shards),
                    exposure=list(client.datasets.exposure(dataset, number)),
                    retired=found.retired,
                    manifest=str(Cid.from_binary(found.spec.manifest)),
                    public_split=str(Cid.from_binary(found.spec.public_split)),
                )
            )
        return DatasetDetail(
            about=about,
            uses={
                "evaluations": usage.evaluations,
                "trainings": usage.trainings,
                "inferences": usage.inferences,
                "key releases": usage.releases,
            },
            accredited=list(client.datasets.accredited(dataset)),
            versions=versions,
        )


@app.command()
@prints(Deed)
@acts
def register(
    actor: Actor,
    name: Annotated[str, typer.Argument()],
    modality: Annotated[Modality, typer.Option(case_sensitive=False)],
    licence: Annotated[str, typer.Option(help="SPDX identifier, or 0x and the blake2b-256 of the text.")],
    pack_file: Annotated[
        Path | None, typer.Option("--pack", exists=True, dir_okay=False, help="Take task and classes from a pack.json.")
    ] = None,
    task: Annotated[str | None, typer.Option(help="What is to be told apart, without --pack.")] = None,
    classes: Annotated[str | None, typer.Option(help="Class names in label order, without --pack: a,b")] = None,
    price: Annotated[str, typer.Option(help="Of one evaluation, in ASY.")] = "1",
    admission: Annotated[
        Admission | None, typer.Option(case_sensitive=False, help="Who may evaluate; medical: accredited validators.")
    ] = None,
) -> Deed:
    """Register a data set; a deposit and the steward's bond are put on hold."""
    terms = Licence(text_hash=bytes.fromhex(licence[2:])) if licence.startswith("0x") else Licence(spdx=licence)
    if pack_file is not None:
        packed = PackedDataset.load(pack_file)
        about, labels = packed.task, packed.classes
    elif task and classes:
        about, labels = task, tuple(each.strip() for each in classes.split(","))
    else:
        raise MalformedValue("the task and its classes are missing", hint="add --pack, or --task and --classes")
    description = Description(Text(name), modality, Text(about), tuple(Text(label) for label in labels), terms)
    call = calls.datasets.register(description, Prices(parse_asy(price), 0, 0), admission)
    return actor.act(call, f"Register data set {name!r}?", makes=("Registered", "dataset"))


@app.command()
@prints(Deed)
@acts
def publish(
    actor: Actor,
    dataset: _Id,
    pack_file: Annotated[Path, typer.Argument(metavar="PACK.JSON", exists=True, dir_okay=False)],
) -> Deed:
    """Publish what `assay dataset pack` packed as a version."""
    packed = PackedDataset.load(pack_file)
    call = calls.datasets.publish_version(dataset, version_spec(packed.version_spec))
    return actor.act(
        call,
        f"Publish {pack_file} as a version of data set {dataset}?",
        makes=("VersionPublished", "version"),
    )


@app.command()
@prints(Deed)
@acts
def accredit(
    actor: Actor,
    dataset: _Id,
    validator: Annotated[str, typer.Argument(metavar="VALIDATOR", help="A key's name or an address.")],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take it back.")] = False,
) -> Deed:
    """Let a validator sit on the data set's committees, or take that back."""
    address = resolve_address(validator)
    call = calls.datasets.revoke_accreditation if revoke else calls.datasets.accredit
    return actor.act(call(dataset, address))


@app.command()
@prints(Deed)
@acts
def price(
    actor: Actor,
    dataset: _Id,
    evaluate: Annotated[str, typer.Argument(metavar="ASY", help="Of one evaluation from now on.")],
) -> Deed:
    """Set the price of later evaluations; rounds that were requested keep theirs."""
    prices = actor.client.datasets.get(dataset).prices
    call = calls.datasets.set_prices(dataset, Prices(parse_asy(evaluate), prices.train, prices.infer))
    return actor.act(call)


@app.command()
@prints(Deed)
@acts
def retire(
    actor: Actor,
    dataset: _Id,
    version: Annotated[int, typer.Argument(metavar="VERSION", min=0)],
    shard: Annotated[int | None, typer.Option(min=0, max=63, help="Only this shard of it.")] = None,
) -> Deed:
    """Begin no new rounds on a version, or use one of its shards in none; for good."""
    if shard is None:
        call, what = calls.datasets.retire_version(dataset, version), f"version {version}"
    else:
        call, what = calls.datasets.retire_shard(dataset, version, shard), f"shard {shard} of version {version}"
    return actor.act(call, f"Retire {what} of data set {dataset} for good?")


@app.command("top-up")
@prints(Deed)
@acts
def top_up(
    actor: Actor,
    dataset: _Id,
    amount: Annotated[str, typer.Argument(metavar="ASY")],
) -> Deed:
    """Add to the steward's bond of a data set."""
    call = calls.datasets.top_up_bond(dataset, parse_asy(amount))
    return actor.act(call)
