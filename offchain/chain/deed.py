"""One transaction of a command: tried out with ``--dry-run``, confirmed, sent, awaited."""

from __future__ import annotations

import functools
import inspect
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import typer

from offchain.chain.calls import Call
from offchain.chain.client import ChainClient
from offchain.chain.signer import Signer
from offchain.chain.signing import open_signer, resolve_address
from offchain.chain.transactions import TransactionManager
from offchain.cli.options import DEFAULT_NODE, DryRun, Node, PassphraseFile, Yes, confirm
from offchain.cli.units import Block, Planck, asy

__all__ = ["Actor", "Deed", "acts"]

P = ParamSpec("P")
R = TypeVar("R")

Account = Annotated[str, typer.Option("--account", "-a", help="Who does it: a key's name, or //Alice.")]


@dataclass(frozen=True)
class Deed:
    """A transaction that is final or, with --dry-run, what it would cost. ``made`` names what it made."""

    call: str
    account: str
    fee_planck: Planck
    done: bool
    block: Block | None
    made: dict[str, int]


@dataclass(frozen=True)
class Actor:
    """Who acts in a command, and how: what :func:`acts` makes of the options that all such commands have.

    Its ``account`` is a key's name, an address or ``//Alice``.
    """

    client: ChainClient
    account: str
    dry_run: bool
    yes: bool
    passphrase_file: Path | None

    @property
    def address(self) -> str:
        """The account's address."""
        return resolve_address(self.account)

    def signer(self) -> Signer:
        """Opens the account's key: asks for its passphrase where it has one."""
        return open_signer(self.account, self.client, passphrase_file=self.passphrase_file)

    def ask(self, call: Call, question: str) -> None:
        """Asks whether to do what a call does, and tells its fee."""
        fee = TransactionManager(self.client).estimate(call, self.address)
        confirm(f"{question} (transaction fee {asy(fee)})", yes=self.yes)

    def act(self, call: Call, question: str = "", *, makes: tuple[str, str] | None = None) -> Deed:
        """Tells the fee of a call, or asks, sends it and waits until it is final.

        Args:
            call: what to do.
            question: what to ask before it is sent; nothing is asked where it is empty.
            makes: the event that names what was made, with its pallet where that is not the call's, and its field.
        """
        manager = TransactionManager(self.client)
        if self.dry_run:
            fee = Planck(manager.estimate(call, self.address))
            return Deed(str(call), self.address, fee, done=False, block=None, made={})
        if question:
            self.ask(call, question)
        signer = self.signer()
        receipt = manager.submit(f"cli/{uuid.uuid4()}", call, signer)
        made = {}
        if makes is not None:
            pallet, _, name = makes[0].rpartition(".")
            event = receipt.event(pallet or call.pallet, name)
            if event is not None:
                made[makes[1]] = int(event.fields[makes[1]])
        block = Block(receipt.block_number)
        return Deed(str(call), signer.address, Planck(receipt.fee), done=True, block=block, made=made)


def acts(command: Callable[Concatenate[Actor, P], R]) -> Callable[P, R]:
    """Gives a command ``--account``, ``--node``, ``--passphrase-file``, ``--dry-run`` and ``--yes``.

    They reach the command as its first argument, an :class:`Actor` whose client is open while the command runs::

        @app.command()
        @prints(Deed)
        @acts
        def retire(actor: Actor, benchmark: int) -> Deed: ...
    """

    @functools.wraps(command)
    def acting(*args: Any, **kwargs: Any) -> R:
        chosen = {name: kwargs.pop(name) for name in ("account", "dry_run", "yes", "passphrase_file")}
        with ChainClient(kwargs.pop("node")) as client:
            return command(Actor(client, **chosen), *args, **kwargs)

    signature = inspect.signature(command, eval_str=True)
    own = list(signature.parameters.values())[1:]
    option = functools.partial(inspect.Parameter, kind=inspect.Parameter.KEYWORD_ONLY)
    parameters = [
        *(one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own),
        option("account", annotation=Account),
        option("node", default=DEFAULT_NODE, annotation=Node),
        option("passphrase_file", default=None, annotation=PassphraseFile),
        option("dry_run", default=False, annotation=DryRun),
        option("yes", default=False, annotation=Yes),
    ]
    acting.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    acting.__annotations__ = {one.name: one.annotation for one in parameters}
    return acting
