"""Check, pack and describe models."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.cli.output import prints

from ._canonical import checkpoint_id
from ._canonical import pack as to_canonical
from ._card import ModelCard, read_card
from ._header import CheckpointCaps
from ._load import CheckpointFacts
from ._load import check as check_checkpoint

__all__ = ["CardFacts", "PackedFile", "app", "check_file", "describe_card", "pack_file", "read_bounded"]

app = typer.Typer(no_args_is_help=True)


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A checkpoint written in canonical form."""

    file: Path
    id: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CardFacts:
    """A model card that fits its schema."""

    name: str
    architecture: str
    classes: list[str]
    hash: bytes
    size_bytes: int


def read_bounded(file: Path) -> bytes:
    """The file's bytes, one more than the cap at most: what is larger is refused by the reader, not by memory."""
    with file.open("rb") as source:
        return source.read(CheckpointCaps().file_bytes + 1)


def check_file(file: Path, architecture: str) -> CheckpointFacts:
    """Checks a checkpoint as validators do; raises a `ModelError` that names the first offence."""
    return check_checkpoint(read_bounded(file), architecture)


def pack_file(file: Path, out: Path) -> PackedFile:
    """Writes the canonical form of any safetensors file."""
    data = to_canonical(read_bounded(file))
    out.write_bytes(data)
    return PackedFile(out, checkpoint_id(data), len(data))


def describe_card(card: ModelCard) -> CardFacts:
    """The facts that people and the chain want of a card."""
    data = card.canonical()
    return CardFacts(card.name, card.architecture, list(card.classes), card.hash(), len(data))


_File = Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A safetensors file.")]


@app.command()
@prints(CheckpointFacts)
def check(
    file: _File,
    architecture: Annotated[str, typer.Option("--arch", "-A", help="Architecture on the allowlist.")],
) -> CheckpointFacts:
    """Check a checkpoint as validators do, and name the first key or shape that does not fit."""
    return check_file(file, architecture)


@app.command()
@prints(PackedFile)
def pack(
    file: _File,
    out: Annotated[Path, typer.Argument(metavar="OUT", dir_okay=False, help="Where the canonical form goes.")],
) -> PackedFile:
    """Write the canonical form of a safetensors file: the form that has an id on chain."""
    return pack_file(file, out)


@app.command()
@prints(CardFacts)
def card(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A model card in JSON.")],
    out: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="Write the canonical form here.")] = None,
) -> CardFacts:
    """Check a model card against its schema, and show the hash that goes on chain."""
    checked = read_card(read_bounded(file))
    if out is not None:
        out.write_bytes(checked.canonical())
    return describe_card(checked)
