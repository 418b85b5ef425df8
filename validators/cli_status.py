"""See how the chain, its authorities, rounds, validators and your account stand."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live

from offchain.chain import ChainClient
from offchain.chain.signing import resolve_address
from offchain.cli.options import DEFAULT_NODE, AsJson, Node
from offchain.cli.output import emit, note
from validators._agent import PASSING
from validators._serve import agents_folder
from validators._status import Overview, overview
from validators._status_view import draw, trouble

__all__ = ["app"]

app = typer.Typer()

WIDTH = 140
"""Columns where nobody watches."""


@app.command()
def status(
    account: Annotated[
        str | None, typer.Option("--account", "-a", metavar="ACCOUNT", help="Show its balance: a key's name, //Alice.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", "-w", help="Go on until Ctrl-C; with --json, a document each time.")
    ] = False,
    every: Annotated[float, typer.Option(min=0.2, metavar="S", help="Seconds between looks.")] = 3.0,
    most_rounds: Annotated[int, typer.Option("--rounds", min=0, help="Open rounds to show one by one.")] = 20,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Journals of agents [~/.assay/agents].")
    ] = None,
    node: Node = DEFAULT_NODE,
    as_json: AsJson = False,
) -> None:
    """Show chain and finality, authorities, rounds with deadline and next actor, validators, and your account."""
    address = None if account is None else resolve_address(account)
    with ChainClient(node) as client:

        def look() -> Overview:
            return overview(client, account=address, most_rounds=most_rounds, folder=folder or agents_folder())

        if as_json:
            emit(look(), Overview, as_json=True)
            while watch:
                time.sleep(every)
                try:
                    emit(look(), Overview, as_json=True)
                except PASSING as error:
                    note(f"{error}")
        elif watch:
            _go_on(look, every)
        else:
            _console().print(draw(look()))


status.__assay_record__ = Overview  # type: ignore[attr-defined]


def _go_on(look: Callable[[], Overview], every: float) -> None:
    """Draws again and again in place; a node that is away for a while is waited for."""
    last = draw(look())
    with Live(last, console=_console(), auto_refresh=False, screen=False) as live:
        while True:
            live.update(last, refresh=True)
            time.sleep(every)
            try:
                last = draw(look())
            except PASSING as error:
                live.update(trouble(last, error), refresh=True)


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
