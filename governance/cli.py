"""Tracks, referenda, votes: what token holders decide, and what it would do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from governance import cli_deposits, cli_enactment, cli_proposing, cli_voting
from governance._cards import Passed, ReferendumLine, Report, StandingCard, TrackLine, passed, report, track_line
from governance._cards import card as standing_card
from governance._cards import line as referendum_line
from governance._describe import call_text
from governance._errors import CallUnreadable
from governance._parameters import PARAMETERS, parameters
from governance._referenda import Ended, call_bytes, call_of, ongoing, referenda, referendum
from governance._simulate import TIMEOUT_S, simulate
from governance._standing import Standing, standing, standings
from governance._tracks import Origin, Track, periods, track_of, tracks
from governance._views import report_view, standing_view
from offchain.chain import ChainClient
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints, table
from offchain.cli.units import Planck, asy, blocks

app = typer.Typer(help="Tracks, referenda, votes: what token holders decide.", no_args_is_help=True)
app.add_typer(cli_proposing.app, name="propose")
app.add_typer(cli_deposits.preimages, name="preimage")
app.add_typer(cli_deposits.app, name="deposit")
cli_voting.register(app)
cli_enactment.register(app)

Index = Annotated[int, typer.Argument(metavar="REFERENDUM", min=0)]
Png = Annotated[Path | None, typer.Option("--png", metavar="FILE", help="Draw the curves into a PNG file.")]
Plot = Annotated[bool, typer.Option("--plot", help="Draw the curves as text.")]


@dataclass(frozen=True)
class ParameterLine:
    """An economic constant: its value in force, its bounds, its value at genesis; in planck or parts per million."""

    parameter: str
    now: str
    least: str
    genesis: str
    greatest: str
    meaning: str
    now_raw: Planck


@dataclass(frozen=True)
class _ParameterRow:
    parameter: str
    now: str
    least: str
    genesis: str
    greatest: str
    meaning: str


def _parameter_table(lines: list[ParameterLine]) -> None:
    table([_ParameterRow(one.parameter, one.now, one.least, one.genesis, one.greatest, one.meaning) for one in lines])


@app.command("tracks")
@prints(list[TrackLine])
def tracks_(
    plot: Annotated[str | None, typer.Option("--plot", metavar="TRACK", help="Draw a track's curves as text.")] = None,
    png: Annotated[
        Path | None,
        typer.Option("--png", metavar="FILE", help="Draw the curves of that track, or of all, into a PNG file."),
    ] = None,
    node: Node = DEFAULT_NODE,
) -> list[TrackLine]:
    """Shows the tracks: what each may do, its deposit, its periods, its curves."""
    _check_writable(png)
    with ChainClient(node) as client:
        common = periods(client)
        _draw(tracks(client) if plot is None else [track_of(client, plot)], None, text=plot is not None, path=png)
        note(
            f"submitting a referendum takes a deposit of {asy(common.submission_deposit)} besides; without a decision "
            f"deposit it is dropped after {blocks(common.undeciding_timeout)}; conviction locks for multiples of "
            f"{blocks(common.vote_locking)}"
        )
        return [track_line(track) for track in tracks(client)]


@app.command("parameters")
@prints(list[ParameterLine], view=_parameter_table)
def parameters_(node: Node = DEFAULT_NODE) -> list[ParameterLine]:
    """Shows the economic constants in force, and the bounds that nobody can leave."""
    with ChainClient(node) as client:
        now = parameters(client)
    return [
        ParameterLine(
            parameter=one.name,
            now=one.show(now[one.name]),
            least=one.show(one.least),
            genesis=one.show(one.genesis),
            greatest=one.show(one.greatest),
            meaning=one.meaning,
            now_raw=Planck(now[one.name]),
        )
        for one in PARAMETERS.values()
    ]


@app.command("list")
@prints(list[ReferendumLine])
def list_(
    every: Annotated[bool, typer.Option("--all", help="Those that are over too.")] = False, node: Node = DEFAULT_NODE
) -> list[ReferendumLine]:
    """Lists referenda, and how each ends if nobody votes any more."""
    with ChainClient(node) as client:
        block = client.head()
        known, running = referenda(client, at=block), standings(client, at=block)
        return [
            referendum_line(client, index, found, running.get(index), block)
            for index, found in known.items()
            if every or index in running
        ]


@app.command()
@prints(StandingCard | Passed, view=standing_view)
def show(index: Index, plot: Plot = False, png: Png = None, node: Node = DEFAULT_NODE) -> StandingCard | Passed:
    """Shows how a referendum stands: what it has, what it lacks, and when it ends, in blocks and days."""
    _check_writable(png)
    with ChainClient(node) as client:
        block = client.head()
        found = referendum(client, index, at=block)
        if isinstance(found, Ended):
            return passed(index, found)
        stands = standing(client, index, at=block)
        _draw([stands.track], stands, text=plot, path=png)
        return standing_card(client, stands, block)


@app.command("simulate")
@prints(Report, view=report_view)
def simulate_(
    index: Annotated[int | None, typer.Argument(metavar="[REFERENDUM]", min=0)] = None,
    call: Annotated[
        str | None, typer.Option("--call", metavar="HEX", help="A call in SCALE, not yet proposed.")
    ] = None,
    track: Annotated[str | None, typer.Option("--track", help="With --call: in the name of which track.")] = None,
    wasm: Annotated[
        Path | None, typer.Option("--wasm", metavar="FILE", help="Where an upgrade is authorized: apply it, migrate.")
    ] = None,
    timeout: Annotated[float, typer.Option("--timeout", help="Deadline in seconds.", min=1)] = TIMEOUT_S,
    node: Node = DEFAULT_NODE,
) -> Report:
    """Tries a referendum's call on a fork of the chain: what would happen, what would change in storage."""
    if (index is None) == (call is None) or (call is None) != (track is None):
        raise typer.BadParameter("give a referendum, or --call and --track")
    code = None if wasm is None else _code(wasm)
    with ChainClient(node) as client:
        block = client.head()
        if index is None:
            origin, data = track_of(client, track or "").origin, _hex(call or "")
        else:
            status = ongoing(client, index, at=block)
            origin, data = Origin.from_scale(status.origin), call_bytes(client, status.proposal, at=block)
        shown = call_text(call_of(client, data, at=block))
        return report(simulate(client, data, origin, at=block, code=code, timeout_s=timeout), shown, origin)


def _draw(shown: Sequence[Track], stands: Standing | None, *, text: bool, path: Path | None) -> None:
    """Pictures go to standard error and into files: standard output holds the record."""
    from governance import _plot

    if text:
        note(_plot.text(shown[0], stands))
    if path is not None:
        try:
            _plot.png(path, shown, stands)
        except OSError as error:
            raise MalformedValue("the picture cannot be written", subject=str(path), hint=str(error)) from error
        note(f"the curves are drawn in {path}")


def _check_writable(path: Path | None) -> None:
    """Checks before any work that a picture can be written."""
    if path is None:
        return
    if path.is_dir() or not path.parent.is_dir():
        hint = "it is a folder" if path.is_dir() else f"there is no folder {path.parent}"
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        hint = "permission denied"
    else:
        return
    raise MalformedValue("the picture cannot be written", subject=str(path), hint=hint)


def _code(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise MalformedValue("the file cannot be read", subject=str(path), hint=str(error)) from error


def _hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text.strip().removeprefix("0x"))
    except ValueError as error:
        raise CallUnreadable("not hexadecimal", subject=text[:64]) from error
