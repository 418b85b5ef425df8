"""Be a validator: register, run the worker, look after the bond."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from offchain.chain import ChainClient, calls
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.passphrase import read_passphrase
from offchain.chain.signing import open_signer, resolve_address
from offchain.chain.types import Limits
from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, Node, PassphraseFile
from offchain.cli.output import prints
from offchain.cli.units import asy, parse_asy
from validators._cli_records import Estimate, Status
from validators._serve import agents_folder, default_store

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)

Account = Annotated[str, typer.Option("--account", "-a", help="Who does it: a key's name, or //Alice.")]
Folder = Annotated[
    Path | None, typer.Option("--folder", metavar="DIR", help="Journals and keys of agents [~/.assay/agents].")
]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In ASY: 12.5")]
MaxMb = Annotated[int, typer.Option("--max-checkpoint-mb", min=1, help="Largest checkpoint to take on, in MiB.")]
MaxConcurrent = Annotated[int, typer.Option("--max-concurrent", min=1, help="Most rounds at a time.")]


@app.command()
def run(
    account: Account,
    on_behalf_of: Annotated[
        str | None, typer.Option("--on-behalf-of", metavar="ACCOUNT", help="Act for it, as its Validating proxy.")
    ] = None,
    store: Annotated[
        str | None,
        typer.Option(
            "--store", envvar="ASSAY_STORE", metavar="URL", help="file:///DIR or kubo:///ip4/.. [~/.assay/store]."
        ),
    ] = None,
    ray: Annotated[
        str | None, typer.Option("--ray", envvar="RAY_ADDRESS", help="Ray to evaluate on; one is started by default.")
    ] = None,
    actors: Annotated[int | None, typer.Option(min=1, help="Actors (one for each GPU, or CPU).")] = None,
    cpus_per_actor: Annotated[float, typer.Option(min=0.1, help="What each takes of Ray's CPUs.")] = 1.0,
    metrics_port: Annotated[int, typer.Option(min=0, max=65535, help="Prometheus on 127.0.0.1; 0: a free one.")] = 9615,
    folder: Folder = None,
    node: Node = DEFAULT_NODE,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Run the worker until Ctrl-C: follow, check, accept, evaluate, commit, reveal, claim. Logs to standard error."""
    from validators._ray_evaluation import RayEvaluation
    from validators._serve import run_until_told
    from validators._worker import Worker

    with ChainClient(node) as client:
        signer = open_signer(account, client, passphrase_file=passphrase_file)
        evaluate = RayEvaluation(ray, actors=actors, cpus_per_actor=cpus_per_actor)
        try:
            worker = Worker(
                client,
                signer,
                store or default_store(),
                evaluate,
                folder=folder or agents_folder(),
                on_behalf_of=None if on_behalf_of is None else resolve_address(on_behalf_of),
                metrics_port=metrics_port,
                ray_state=evaluate.state,
            )
            run_until_told(worker)
        finally:
            evaluate.close()


@app.command()
@prints(Deed)
@acts
def register(
    actor: Actor,
    bond: Annotated[str, typer.Option("--bond", metavar="AMOUNT", help="In ASY.")],
    max_checkpoint_mb: MaxMb = 128,
    max_concurrent: MaxConcurrent = 4,
    folder: Folder = None,
) -> Deed:
    """Register with a bond. Makes the BLS key that later certificates need, encrypted on disk."""
    from offchain.crypto import SecretBytes
    from validators._bls_file import bls_key

    amount, limits = parse_asy(bond), Limits(max_checkpoint_mb, max_concurrent)
    public, proof = bytes(48), bytes(96)
    if not actor.dry_run:
        passphrase = SecretBytes(read_passphrase("the validator's BLS key", file=actor.passphrase_file).encode())
        key = bls_key(folder or agents_folder(), actor.address, passphrase)
        public, proof = key.public, key.proof
    call = calls.evaluation.register_validator(limits, public, proof, amount)
    return actor.act(call, f"Bond {asy(amount)}?")


@app.command()
@prints(Status)
def status(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="A key's name, an address, or //Alice.")],
    node: Node = DEFAULT_NODE,
) -> Status:
    """Show a validator: bond, limits, misses, open rounds, what it is owed."""
    from validators._standing import standing

    with ChainClient(node) as client:
        return standing(client, resolve_address(account))


@app.command()
@prints(Deed)
@acts
def chill(
    actor: Actor,
) -> Deed:
    """Keep out of draws. Open rounds go on."""
    return actor.act(calls.evaluation.chill())


@app.command()
@prints(Deed)
@acts
def activate(
    actor: Actor,
    max_checkpoint_mb: MaxMb = 128,
    max_concurrent: MaxConcurrent = 4,
) -> Deed:
    """Be drawn again, or change the limits."""
    call = calls.evaluation.activate(Limits(max_checkpoint_mb, max_concurrent))
    return actor.act(call)


@app.command()
@prints(Deed)
@acts
def bond(
    actor: Actor,
    amount: Amount,
) -> Deed:
    """Add to the bond."""
    planck = parse_asy(amount)
    call = calls.evaluation.bond_more(planck)
    return actor.act(call, f"Bond {asy(planck)} more?")


@app.command()
@prints(Deed)
@acts
def unbond(
    actor: Actor,
    amount: Amount,
) -> Deed:
    """Begin to take bond out; it can be withdrawn when the unbonding period is over, and slashed until then."""
    planck = parse_asy(amount)
    call = calls.evaluation.unbond(planck)
    return actor.act(call, f"Unbond {asy(planck)}?")


@app.command()
@prints(Deed)
@acts
def withdraw(
    actor: Actor,
) -> Deed:
    """Take out what has unlocked."""
    return actor.act(calls.evaluation.withdraw_unbonded())


@app.command()
@prints(Deed)
@acts
def claim(
    actor: Actor,
    beneficiary: Annotated[
        str | None, typer.Option("--for", metavar="ACCOUNT", help="Who is paid (the account).")
    ] = None,
) -> Deed:
    """Have everything paid out that is owed for evaluations. The worker does so after each round."""
    call = calls.evaluation.claim_rewards(resolve_address(beneficiary or actor.account))
    return actor.act(call)


@app.command()
@prints(Estimate)
def estimate(
    benchmark: Annotated[int, typer.Argument(metavar="BENCHMARK", min=0)],
    bond: Annotated[str, typer.Option("--bond", metavar="AMOUNT", help="Bond to reckon with, in ASY.")] = "1000",
    size_mb: Annotated[float, typer.Option("--size-mb", min=0.001, help="Size of the checkpoint in MiB.")] = 10.0,
    node: Node = DEFAULT_NODE,
) -> Estimate:
    """Reckon what a round on a benchmark would bring with this bond. Duties are free of fees."""
    from validators._standing import reckon

    size_bytes = int(size_mb * 2**20)
    if size_bytes >= 2**32:
        raise MalformedValue("a checkpoint has under 4 GiB", subject=f"{size_mb} MiB")
    with ChainClient(node) as client:
        return reckon(client, benchmark, parse_asy(bond), size_bytes)
