"""Be a steward: run the key agent, see who waits for keys, claim what the data earned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from offchain.chain import ChainClient, calls
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.passphrase import read_passphrase
from offchain.chain.signing import open_signer, resolve_address
from offchain.cli.options import DEFAULT_NODE, Node, PassphraseFile
from offchain.cli.output import note, prints, table
from offchain.cli.units import asy
from validators._cli_records import StewardStatus
from validators._serve import agents_folder

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)

Account = Annotated[str, typer.Option("--account", "-a", help="Who does it: a key's name, or //Alice.")]


@app.command()
def run(
    account: Account,
    keys: Annotated[
        list[Path],
        typer.Option("--keys", exists=True, dir_okay=False, help="Key file of a version; repeat for several."),
    ],
    on_behalf_of: Annotated[
        str | None, typer.Option("--on-behalf-of", metavar="ACCOUNT", help="Act for it, as its Validating proxy.")
    ] = None,
    metrics_port: Annotated[int, typer.Option(min=0, max=65535, help="Prometheus on 127.0.0.1; 0: a free one.")] = 9616,
    folder: Annotated[
        Path | None, typer.Option("--folder", metavar="DIR", help="Journals of agents [~/.assay/agents].")
    ] = None,
    node: Node = DEFAULT_NODE,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Run the key agent until Ctrl-C: it releases a round's keys to the members that accepted, once each."""
    from offchain.crypto import SecretBytes
    from offchain.datasets import StewardKeys
    from validators._serve import run_until_told
    from validators._steward import StewardAgent

    passphrase = SecretBytes(read_passphrase("the steward's key files", file=passphrase_file).encode())
    opened = [StewardKeys.load(path, passphrase) for path in keys]
    with ChainClient(node) as client:
        agent = StewardAgent(
            client,
            open_signer(account, client, passphrase_file=passphrase_file),
            opened,
            folder=folder or agents_folder(),
            on_behalf_of=None if on_behalf_of is None else resolve_address(on_behalf_of),
            metrics_port=metrics_port,
        )
        run_until_told(agent)


def _view(found: StewardStatus) -> None:
    table(found.datasets)
    waiting = ", ".join(map(str, found.rounds_waiting_for_keys)) or "none"
    note(f"{asy(found.owed_planck)} owed at block {found.at}; rounds that wait for keys: {waiting}")


@app.command()
@prints(StewardStatus, view=_view)
def status(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="A key's name, an address, or //Alice.")],
    node: Node = DEFAULT_NODE,
) -> StewardStatus:
    """Show a steward: data sets, uses, faults, rounds that wait for keys, what it is owed."""
    from validators._standing import standing_of_steward

    with ChainClient(node) as client:
        return standing_of_steward(client, resolve_address(account))


@app.command()
@prints(Deed)
@acts
def claim(
    actor: Actor,
) -> Deed:
    """Have everything paid out that is owed for uses of the data."""
    call = calls.evaluation.claim_rewards(actor.address)
    return actor.act(call)
