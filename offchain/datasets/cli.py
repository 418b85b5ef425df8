"""Data sets: pack a held-out split, pull a public one, draw synthetic images.

Everything here works without a chain; publishing what was packed is a transaction of its own.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.cli.options import DryRun, PassphraseFile, Yes, confirm
from offchain.cli.output import note, prints, progress
from offchain.crypto import SecretBytes
from offchain.datasets._blocks import BlockRule
from offchain.datasets._errors import LabelsInvalid, StewardKeysInvalid
from offchain.datasets._labels import read_labels
from offchain.datasets._pack import pack
from offchain.datasets._plan import PackPlan, plan_pack
from offchain.datasets._public import pull_public, read_public
from offchain.datasets._split import split_rows
from offchain.datasets._synthetic import SYNTHETIC_TASK, synthesise
from offchain.store import Cid, Progress, open_store

__all__ = ["PackReport", "PullReport", "SynthesisReport", "app", "default_store"]

app = typer.Typer(no_args_is_help=True)

StoreAddress = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="ASSAY_STORE",
        metavar="URL",
        help="file:///path or kubo:///ip4/127.0.0.1/tcp/5001 [~/.assay/store].",
    ),
]


@dataclass(frozen=True)
class PackReport:
    """What was packed, or with --dry-run would be."""

    plan: list[str]
    published: bool
    synthetic: bool
    pack_file: Path | None = None
    keyfile: Path | None = None
    manifest: str | None = None
    public_split: str | None = None


@dataclass(frozen=True)
class PullReport:
    """A public split that was written into a folder."""

    folder: Path
    task: str
    images: int
    synthetic: bool


@dataclass(frozen=True)
class SynthesisReport:
    """Synthetic images that were drawn."""

    folder: Path
    task: str
    images: int
    synthetic: bool = True


def default_store() -> str:
    """Address of the store that is used when none is named."""
    return (_home() / "store").resolve().as_uri()


def default_keyfile(task: str) -> Path:
    """Where a steward's keys go when no file is named: in a folder that `assay keys backup` includes."""
    return _home() / "steward" / f"{re.sub(r'[^A-Za-z0-9._-]', '-', task)}.json"


def _home() -> Path:
    return Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay")


def _view_pack(report: PackReport) -> None:
    if report.published:
        note(f"packed: manifest {report.manifest}, public split {report.public_split}")
        note(f"{report.pack_file} holds what goes on chain; {report.keyfile} holds the keys: back it up")
    else:
        note("nothing was published (--dry-run)")


@app.command("pack")
@prints(PackReport, view=_view_pack)
def pack_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of the images.", exists=True, file_okay=False)],
    labels: Annotated[Path | None, typer.Option(help="CSV of labels [DIR/labels.csv].")] = None,
    where: Annotated[list[str] | None, typer.Option(metavar="COLUMN=VALUE", help="Take only these rows.")] = None,
    file_column: Annotated[str, typer.Option(help="Column of file paths.")] = "file",
    label_column: Annotated[str, typer.Option(help="Column of class names.")] = "label",
    group_column: Annotated[str, typer.Option(help="Column of patients, or of numbered sequences.")] = "group",
    block_column: Annotated[
        str | None, typer.Option(metavar="EXPR", help="Make blocks of these numbers the groups: extra.number")
    ] = None,
    guard: Annotated[int, typer.Option(min=0, help="Leave out images this near to a held-out number.")] = 0,
    blocks: Annotated[int, typer.Option(min=2, help="Blocks to cut, with --block-column.")] = 40,
    held_out: Annotated[float, typer.Option(help="Fraction to hold out.")] = 0.3,
    shards: Annotated[int | None, typer.Option(min=1, max=64, help="Shards of the held-out split.")] = None,
    seed: Annotated[int | None, typer.Option(help="Of the split; drawn and kept in the key file if not given.")] = None,
    keep_metadata: Annotated[
        bool, typer.Option("--keep-metadata", help="Accept images that carry EXIF or text.")
    ] = False,
    store: StoreAddress = None,
    out: Annotated[Path, typer.Option(help="File to write, for publishing on chain.")] = Path("pack.json"),
    keyfile: Annotated[Path | None, typer.Option(help="Key file to write [~/.assay/steward/TASK.json].")] = None,
    passphrase_file: PassphraseFile = None,
    yes: Yes = False,
    dry_run: DryRun = False,
) -> PackReport:
    """Split, encrypt and store a data set; prints what will be published before it does."""
    rule = BlockRule(block_column, guard, blocks) if block_column else None
    chosen = secrets.randbits(63) if seed is None else seed
    table = read_labels(
        folder,
        labels=labels,
        where=_conditions(where or ()),
        file_column=file_column,
        label_column=label_column,
        group_column=group_column,
        blocks=rule,
    )
    split = split_rows(table, held_out=held_out, seed=chosen)
    with _bar("reading images") as bar:
        plan = plan_pack(table, split, seed=chosen, shards=shards, keep_metadata=keep_metadata, progress=bar)
    for line in plan.describe():
        note(line)
    if dry_run:
        return PackReport(plan.describe(), published=False, synthetic=plan.synthetic)
    if out.exists():
        raise LabelsInvalid("a file lies there already", subject=str(out), hint="name another with --out")
    confirm("Publish this?", yes=yes)
    keys = keyfile or default_keyfile(plan.task)
    return _publish(plan, store or default_store(), chosen, keys, _passphrase(passphrase_file), out)


def _publish(plan: PackPlan, store: str, seed: int, keyfile: Path, passphrase: SecretBytes, out: Path) -> PackReport:
    with _bar("encrypting") as bar:
        packed = pack(plan, open_store(store), seed=seed, keyfile=keyfile, passphrase=passphrase, progress=bar)
    packed.save(out)
    return PackReport(
        plan.describe(),
        published=True,
        synthetic=plan.synthetic,
        pack_file=out,
        keyfile=keyfile,
        manifest=str(packed.manifest),
        public_split=str(packed.public_split),
    )


@app.command()
@prints(PullReport)
def pull(
    cid: Annotated[str, typer.Argument(metavar="CID", help="Id of the public split (bafkrei...).")],
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder for images and labels.csv.")],
    store: StoreAddress = None,
    deadline_s: Annotated[float, typer.Option(help="Seconds to wait for all of it.")] = 3600.0,
) -> PullReport:
    """Fetch the public split of a data set: images and labels.csv."""
    source, wanted = open_store(store or default_store()), Cid.parse(cid)
    index = read_public(source, wanted)
    with _bar("fetching") as bar:
        images = pull_public(source, wanted, folder, deadline_s=deadline_s, progress=bar)
    if index.synthetic:
        note("SYNTHETIC images: nothing measured on them says anything about patients")
    return PullReport(folder, index.task, images, index.synthetic)


@app.command("synthesise")
@prints(SynthesisReport)
def synthesise_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New folder for images and labels.csv.")],
    patients: Annotated[int, typer.Option(min=2, help="Synthetic patients, one class each.")] = 200,
    per_patient: Annotated[int, typer.Option(min=1, max=100, help="Images of each.")] = 1,
    side: Annotated[int, typer.Option(min=32, max=1024, help="Pixels per side.")] = 128,
    seed: Annotated[int, typer.Option(min=0, help="The same seed draws the same images.")] = 0,
) -> SynthesisReport:
    """Draw chest-like images in two classes, marked SYNTHETIC everywhere."""
    images = synthesise(folder, patients=patients, per_patient=per_patient, side=side, seed=seed)
    note("SYNTHETIC images: nothing measured on them says anything about patients")
    return SynthesisReport(folder, SYNTHETIC_TASK, images)


def _conditions(texts: Sequence[str]) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for text, (column, equals, _) in zip(texts, pairs, strict=True):
        if not column or not equals:
            raise LabelsInvalid("a condition is COLUMN=VALUE", subject=text)
    return {column: value for column, _, value in pairs}


def _passphrase(file: Path | None) -> SecretBytes:
    if file is not None:
        lines = file.read_text(encoding="utf-8").splitlines()
        text = lines[0] if lines else ""
    else:
        text = os.environ.get("ASSAY_PASSPHRASE") or typer.prompt(
            "Passphrase of the key file", hide_input=True, confirmation_prompt=True, err=True
        )
    if not text:
        raise StewardKeysInvalid("a key file needs a passphrase", hint="set ASSAY_PASSPHRASE or --passphrase-file")
    return SecretBytes(text.encode())


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """A bar that learns its length from the first step."""
    with progress(what, 1_000) as show:
        yield lambda done, total: show(done * 1_000 // max(total, 1))
