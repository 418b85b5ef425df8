"""One transaction of a command: tried out with ``--dry-run``, confirmed, sent, awaited."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from pathlib import Path

from offchain.chain.calls import Call
from offchain.chain.client import ChainClient
from offchain.chain.signing import open_signer, resolve_address
from offchain.chain.transactions import TransactionManager
from offchain.cli.options import confirm
from offchain.cli.units import Block, Planck, asy

__all__ = ["Deed", "act"]


@dataclass(frozen=True)
class Deed:
    """A transaction that is final or, with --dry-run, what it would cost. ``made`` names what it made."""

    call: str
    account: str
    fee_planck: Planck
    done: bool
    block: Block | None
    made: dict[str, int]


def act(
    client: ChainClient,
    account: str,
    call: Call,
    *,
    dry_run: bool,
    yes: bool = True,
    question: str = "",
    passphrase_file: Path | None = None,
    makes: tuple[str, str] | None = None,
) -> Deed:
    """Does what a command was asked to do.

    Args:
        client: the node.
        account: who does it: a key's name, an address or ``//Alice``.
        call: what.
        dry_run: only tell the fee.
        yes: do not ask.
        question: what to ask before it is sent, unless ``yes``.
        passphrase_file: where the passphrase of the key is.
        makes: the event that names what was made, and its field.
    """
    manager = TransactionManager(client)
    if dry_run:
        address = resolve_address(account)
        fee = Planck(manager.estimate(call, address))
        return Deed(str(call), address, fee, done=False, block=None, made={})
    if question:
        fee_text = asy(manager.estimate(call, resolve_address(account)))
        confirm(f"{question} (transaction fee {fee_text})", yes=yes)
    signer = open_signer(account, client, passphrase_file=passphrase_file)
    receipt = manager.submit(f"cli/{uuid.uuid4()}", call, signer)
    made = {}
    if makes is not None:
        event = receipt.event(call.pallet, makes[0])
        if event is not None:
            made[makes[1]] = int(event.fields[makes[1]])
    return Deed(str(call), signer.address, Planck(receipt.fee), done=True, block=Block(receipt.block_number), made=made)
