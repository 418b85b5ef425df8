"""Accounts: make, import, fund, look at, pay from."""

from __future__ import annotations

import sys
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.chain import calls
from offchain.chain._files import write_new
from offchain.chain.client import ChainClient
from offchain.chain.deed import Actor, Deed
from offchain.chain.errors import DevelopmentKeyRefused, KeyFileUnfit
from offchain.chain.keystore import KeyStore
from offchain.chain.passphrase import read_passphrase
from offchain.chain.signing import open_signer, resolve_address
from offchain.chain.transactions import TransactionManager
from offchain.cli.options import DEFAULT_NODE, DryRun, Node, PassphraseFile, Yes, confirm
from offchain.cli.output import note, prints
from offchain.cli.units import Block, Planck, asy, parse_asy

app = typer.Typer(help="Accounts: make, import, fund, look at, pay from.", no_args_is_help=True)

Who = Annotated[
    str, typer.Argument(metavar="ACCOUNT", help="A key's name, an address, or //Alice on development chains.")
]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help="In ASY: 12.5")]
FUND_DEFAULT = "1000"
FUNDER = "//Alice"


@dataclass(frozen=True)
class AccountLine:
    """A key on this machine."""

    name: str
    address: str
    path: Path


@dataclass(frozen=True)
class Balance:
    """What an account has, at a finalized block."""

    address: str
    at: Block
    free_planck: Planck
    spendable_planck: Planck
    on_hold_planck: Planck
    holds: dict[str, Planck]
    owed_for_evaluations_planck: Planck
    owed_for_usage_planck: Planck
    nonce: int


@dataclass(frozen=True)
class Payment:
    """A transfer, made or tried out."""

    sender: str
    receiver: str
    amount_planck: Planck
    fee_planck: Planck
    done: bool
    block: Block | None
    block_hash: str | None


@app.command("new")
@prints(AccountLine)
def new(
    name: Annotated[str, typer.Argument(help="What to call it.")],
    passphrase_file: PassphraseFile = None,
    words_file: Annotated[
        Path | None,
        typer.Option("--words-file", metavar="FILE", help="Write the 12 secret words here, not to the screen."),
    ] = None,
) -> AccountLine:
    """Makes a key, encrypted on disk. Shows the 12 words that can make it again, once."""
    store = KeyStore()
    signer, words = store.create(name, read_passphrase(f"the new key {name}", file=passphrase_file, new=True))
    if words_file is not None:
        write_new(words_file, (words + "\n").encode())
        note(f"the secret words are in {words_file}: keep them off this machine")
    else:
        note(f"Secret words, shown this once; whoever has them has the account:\n\n    {words}\n")
    return AccountLine(name, signer.address, store.folder / f"{name}.json")


@app.command("import")
@prints(AccountLine)
def import_(
    source: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-", help="polkadot.js JSON, or a file (or -, standard input) with the secret words."
        ),
    ],
    name: Annotated[str | None, typer.Option("--name", help="What to call it.")] = None,
    passphrase_file: PassphraseFile = None,
) -> AccountLine:
    """Imports a key that polkadot.js exported, or makes it again from its secret words."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileUnfit("the file cannot be read", subject=source) from error
    store = KeyStore()
    if text.lstrip().startswith("{"):
        signer = store.import_json(text, read_passphrase("the exported key", file=passphrase_file), name)
    else:
        if name is None:
            raise KeyFileUnfit("a key made from words needs a name", hint="add --name")
        signer = store.import_secret(name, text, read_passphrase(f"the new key {name}", file=passphrase_file, new=True))
    return AccountLine(signer.name, signer.address, store.folder / f"{signer.name}.json")


@app.command("export")
def export(account: Who) -> None:
    """Prints a key as it lies on disk, encrypted: what polkadot.js imports."""
    typer.echo(KeyStore().export(account))


@app.command("list")
@prints(list[AccountLine])
def list_() -> list[AccountLine]:
    """Lists the keys on this machine."""
    return [AccountLine(key.name, key.address, key.path) for key in KeyStore().list()]


@app.command("show")
@prints(Balance)
def show(account: Who, node: Node = DEFAULT_NODE) -> Balance:
    """Shows what an account has, what is on hold, and what it can claim."""
    address = resolve_address(account)
    with ChainClient(node) as client:
        head = client.finalized()
        found = client.accounts.get(address, at=head.hash)
        holds = client.balances.holds(address, at=head.hash)
        return Balance(
            address=address,
            at=Block(head.number),
            free_planck=Planck(found.free),
            spendable_planck=Planck(found.spendable),
            on_hold_planck=Planck(found.reserved),
            holds={reason: Planck(amount) for reason, amount in holds.items()},
            owed_for_evaluations_planck=Planck(client.evaluation.claimable(address, at=head.hash)),
            owed_for_usage_planck=Planck(client.models.claimable(address, at=head.hash)),
            nonce=found.nonce,
        )


app.command("balance", hidden=True)(show)


@app.command("fund")
@prints(Payment)
def fund(account: Who, amount: Amount = FUND_DEFAULT, *, node: Node = DEFAULT_NODE, dry_run: DryRun = False) -> Payment:
    """Gives an account play money from //Alice. On development chains only."""
    with ChainClient(node) as client:
        if not client.is_development():
            raise DevelopmentKeyRefused("there is no play money on this chain", subject=", ".join(node))
        return _pay(client, FUNDER, account, amount, dry_run=dry_run, passphrase_file=None)


@app.command("transfer")
@prints(Payment)
def transfer(
    sender: Annotated[str, typer.Argument(metavar="FROM", help="A key's name or address.")],
    receiver: Annotated[str, typer.Argument(metavar="TO", help="A key's name or an address.")],
    amount: Amount,
    *,
    node: Node = DEFAULT_NODE,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Payment:
    """Pays from one account to another, and waits until that is final."""
    planck = parse_asy(amount)
    with ChainClient(node) as client:
        if not dry_run:
            confirm(f"Pay {asy(planck)} from {sender} to {receiver}?", yes=yes)
        return _pay(client, sender, receiver, amount, dry_run=dry_run, passphrase_file=passphrase_file)


@app.command("delegate")
@prints(Deed)
def delegate(
    account: Who,
    hot_key: Annotated[str, typer.Argument(metavar="HOTKEY", help="A key's name or an address.")],
    revoke: Annotated[bool, typer.Option("--revoke", help="Take it back.")] = False,
    *,
    node: Node = DEFAULT_NODE,
    passphrase_file: PassphraseFile = None,
    dry_run: DryRun = False,
    yes: Yes = False,
) -> Deed:
    """Lets a hot key do an account's round duties, and nothing else: a `Validating` proxy."""
    address = resolve_address(hot_key)
    call = calls.proxy.remove_proxy(address) if revoke else calls.proxy.add_proxy(address)
    with ChainClient(node) as client:
        actor = Actor(client, account, dry_run, yes, passphrase_file)
        return actor.act(call, f"{'Revoke' if revoke else 'Make'} {address} a hot key of {account}?")


def _pay(
    client: ChainClient, sender: str, receiver: str, amount: str, *, dry_run: bool, passphrase_file: Path | None
) -> Payment:
    planck, to = parse_asy(amount), resolve_address(receiver)
    call, manager = calls.balances.transfer(to, planck), TransactionManager(client)
    if dry_run:
        payer = resolve_address(sender)
        return Payment(
            payer, to, planck, Planck(manager.estimate(call, payer)), done=False, block=None, block_hash=None
        )
    signer = open_signer(sender, client, passphrase_file=passphrase_file)
    receipt = manager.submit(f"transfer/{uuid.uuid4()}", call, signer)
    return Payment(
        sender=signer.address,
        receiver=to,
        amount_planck=planck,
        fee_planck=Planck(receipt.fee),
        done=True,
        block=Block(receipt.block_number),
        block_hash=receipt.block_hash,
    )
