"""A local network of four native nodes, four validators and a steward."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints, table

from ._kubo_binary import kubo_binary
from ._plan import Wishes
from ._testnet import ProcessLine, Testnet, default_folder, prepare_chain

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)

_Folder = Annotated[
    Path | None, typer.Option("--dir", file_okay=False, metavar="DIR", help="Where it lives [~/.assay/testnet].")
]
_Name = Annotated[str, typer.Argument(metavar="NAME", help="As `assay testnet status` shows it.")]


@dataclass(frozen=True)
class Network:
    """A network that is up."""

    folder: Path
    endpoints: list[str]
    store: str | None
    processes: list[ProcessLine]


@dataclass(frozen=True)
class Changed:
    """A process, or the whole network, and what it is now."""

    name: str
    state: str


def _network(network: Testnet) -> Network:
    return Network(network.folder, network.endpoints, network.store, network.status())


def _view(network: Network) -> None:
    table(network.processes)
    store = f" ASSAY_STORE={network.store}" if network.store else ""
    note(f"\nexport ASSAY_NODE={','.join(network.endpoints)}{store}")


@app.command()
@prints(Network, view=_view)
def up(
    folder: _Folder = None,
    nodes: Annotated[int, typer.Option(min=1, max=4, help="Authorities.")] = 4,
    validators: Annotated[int, typer.Option(min=0, max=4, help="Workers; 0: nodes alone.")] = 4,
    chain: Annotated[
        str | None, typer.Option(metavar="SPEC", help="Raw chain spec, or a name that the node knows (local).")
    ] = None,
) -> Network:
    """Start it, and wait until blocks are final and the workers follow them. It goes on when this command ends."""
    wishes = Wishes(ipfs=kubo_binary())
    return _network(
        Testnet.up(folder or default_folder(), nodes=nodes, validators=validators, chain=chain, wishes=wishes)
    )


@app.command()
@prints(Changed)
def down(
    folder: _Folder = None,
    purge: Annotated[bool, typer.Option("--purge", help="Delete its directory, with the chain.")] = False,
) -> Changed:
    """End every process of it. `up` goes on with the same chain."""
    network = Testnet(folder or default_folder())
    network.down(purge=purge)
    return Changed(str(network.folder), "purged" if purge else "down")


@app.command()
@prints(Network, view=_view)
def status(folder: _Folder = None) -> Network:
    """Show every process: its state, address and blocks."""
    return _network(Testnet(folder or default_folder()))


@app.command()
def logs(
    name: _Name,
    folder: _Folder = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=1, help="How many.")] = 40,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
) -> None:
    """Print the last lines that a process wrote."""
    network = Testnet(folder or default_folder())
    if follow:
        subprocess.run(("tail", "-n", str(lines), "-F", str(network.log(name))), check=False)
        return
    for line in network.logs(name, lines):
        typer.echo(line)


@app.command()
@prints(Changed)
def prepare(
    folder: _Folder = None,
    node: Node = DEFAULT_NODE,
    validators: Annotated[int, typer.Option(min=1, max=4, help="Workers.")] = 4,
) -> Changed:
    """Make keys, a data set, a benchmark and bonded validators on a chain that others run; `up` does so by itself."""
    where = (folder or default_folder()).resolve()
    prepare_chain(where, node, validators)
    return Changed(str(where), "prepared")


@app.command()
@prints(Changed)
def kill(name: _Name, folder: _Folder = None) -> Changed:
    """End a process by SIGKILL. It stays down until it is restarted."""
    Testnet(folder or default_folder()).kill(name)
    return Changed(name, "killed")


@app.command()
@prints(Changed)
def restart(name: _Name, folder: _Folder = None) -> Changed:
    """Start a process that is down, or stop and start one that runs."""
    Testnet(folder or default_folder()).restart(name)
    return Changed(name, "running")
