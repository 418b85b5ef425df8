"""Authorities: who they are and how they do, keys, candidates, and reports of those who lie."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Optional

import typer

from offchain.chain import calls
from offchain.chain.authorship import authorities
from offchain.chain.client import ChainClient
from offchain.chain.deed import Actor, Deed, acts
from offchain.chain.errors import HeaderUnfit, KeyFileUnfit, MalformedEndpoint, NotEntitled, RpcError
from offchain.chain.sealed import SealedHeader, membership_proof
from offchain.chain.signer import account_bytes
from offchain.cli.options import DEFAULT_NODE, Node
from offchain.cli.output import note, prints
from offchain.cli.units import Block, Blocks, Planck, asy, parse_asy

app = typer.Typer(help="Authorities: who authors blocks, and who may.", no_args_is_help=True)

KEY_BYTES = 64
PROOF_BYTES = 128

Header = Annotated[
    str, typer.Argument(metavar="HEADER", help="A block's hash, or a file: chain_getHeader's JSON or SCALE in hex.")
]


@dataclass(frozen=True)
class AuthorityLine:
    """An account that authors blocks, or may. A dead one shows in ``silent_for``."""

    account: str
    kind: str
    authors_now: bool
    authors_next: bool
    disabled: bool
    bond_planck: Planck
    last_block: Block | None
    silent_for: Blocks | None


@app.command("list")
@prints(list[AuthorityLine])
def list_(node: Node = DEFAULT_NODE) -> list[AuthorityLine]:
    """Lists authorities and candidates: bonds, when each last authored, and for how long it has been silent."""
    with ChainClient(node) as client:
        head = client.finalized()

        def read(pallet: str, item: str) -> list[Any]:
            return list(client.interface.read(pallet, item, [], head.hash) or [])

        now = [str(who) for who in read("Session", "Validators")]
        following = {str(who) for who, _ in read("Session", "QueuedKeys")}
        disabled = {now[int(index)] for index, _ in read("Session", "DisabledValidators")}
        invulnerable = [str(who) for who in read("CollatorSelection", "Invulnerables")]
        bonds = {str(one["who"]): int(one["deposit"]) for one in read("CollatorSelection", "CandidateList")}
        last = client.read_map(str, int, "CollatorSelection", "LastAuthoredBlock", at=head.hash)
        silent = {one.account: Blocks(one.slots_since) for one in authorities(client) if one.last_block is None}

    def line(who: str) -> AuthorityLine:
        kind = "invulnerable" if who in invulnerable else "candidate" if who in bonds else "leaving"
        # The block of a candidate that has authored nothing yet lies ahead: it is given time.
        seen = last.get(who)
        authored = seen is not None and seen <= head.number
        since = Blocks(head.number - seen) if seen is not None and authored else silent.get(who)
        return AuthorityLine(
            account=who,
            kind=kind,
            authors_now=who in now,
            authors_next=who in following,
            disabled=who in disabled,
            bond_planck=Planck(bonds.get(who, 0)),
            last_block=Block(seen) if seen is not None and authored else None,
            silent_for=since,
        )

    everyone = dict.fromkeys([*invulnerable, *reversed(bonds), *now])
    return [line(who) for who in everyone]


@app.command("rotate-keys")
@prints(Deed)
@acts
def rotate_keys(
    actor: Actor,
    keys_file: Annotated[
        Path | None,
        typer.Option(
            "--keys-file",
            metavar="FILE",
            help="Keys that were made elsewhere: the JSON that author_rotateKeysWithOwner answered.",
        ),
    ] = None,
) -> Deed:
    """Makes new session keys in the node and registers them for the account. They count from the session after next.

    The node must be the account's own, and answer unsafe RPC (only on loopback).
    """
    if keys_file is not None:
        keys, proof = _key_parts(_read_keys(keys_file))
        deed = actor.act(calls.authority.set_keys(keys, proof), f"Make these the session keys of {actor.account}?")
    else:
        # The fee of any keys is the same, and making them fills the node's keystore: not before the answer is yes.
        any_call = calls.authority.set_keys(bytes(KEY_BYTES), bytes(PROOF_BYTES))
        if actor.dry_run:
            return actor.act(any_call)
        node = _own_node(actor.client)
        actor.ask(any_call, f"Have {node} make new session keys for {actor.account}?")
        owner = "0x" + account_bytes(actor.address).hex()
        keys, proof = _key_parts(actor.client.connection.call("author_rotateKeysWithOwner", [owner]))
        deed = actor.act(calls.authority.set_keys(keys, proof))
    if deed.done:
        note(f"new keys 0x{keys.hex()}: keep the old ones in the node until the session after next")
    return deed


@app.command("candidate")
@prints(Deed)
@acts
def candidate(
    actor: Actor,
    bond: Annotated[
        str | None, typer.Option("--bond", metavar="AMOUNT", help="In ASY; by default the least there may be.")
    ] = None,
) -> Deed:
    """Bonds, and stands as a candidate, with session keys registered. Who authors nothing is dropped."""
    head = actor.client.head()
    least = actor.client.read(int, "CollatorSelection", "CandidacyBond", at=head)
    amount = least if bond is None else parse_asy(bond)
    call = calls.authority.register()
    if amount != least:
        call = calls.utility.batch_all([call, calls.authority.update_bond(amount)])
    return actor.act(call, f"Stand as a candidate with {asy(amount)}? They can be slashed, weeks after leaving too.")


@app.command("leave")
@prints(Deed)
@acts
def leave(actor: Actor) -> Deed:
    """Stands no more. The bond stays on hold for as long as what was authored can be reported."""
    return actor.act(calls.authority.leave(), f"Take {actor.account} off the candidates?")


@app.command("withdraw")
@prints(Deed)
@acts
def withdraw(actor: Actor) -> Deed:
    """Pays out a bond that can no longer be slashed."""
    return actor.act(calls.authority.withdraw_unbonded(), f"Withdraw what is free of the bond of {actor.account}?")


@app.command("report-equivocation")
@prints(Deed)
@acts
def report_equivocation(actor: Actor, first: Header, second: Header) -> Deed:
    """Reports an authority that sealed two blocks in one slot. Free where the report holds."""
    headers = [SealedHeader.find(source, actor.client) for source in (first, second)]
    slot = headers[0].slot
    if headers[0].hash == headers[1].hash:
        raise HeaderUnfit("both are the same block", subject=headers[0].hash)
    if headers[1].slot != slot:
        raise HeaderUnfit("the blocks are of different slots", subject=f"{slot} and {headers[1].slot}")
    offender = _author(headers, actor.client)
    proof = membership_proof(_proof(slot, offender, headers, actor.client))
    one, other = (header.to_scale() for header in headers)
    call = calls.authority.report_aura(offender, one, other, proof)
    return actor.act(call, f"Report that 0x{offender.hex()} sealed two blocks in slot {slot}?")


def _blocks_of(headers: list[SealedHeader], client: ChainClient) -> list[str]:
    """Where the session's keys may be found: now, or on top of what the headers stand on."""
    return [client.head(), *("0x" + header.parent.hex() for header in headers)]


def _author(headers: list[SealedHeader], client: ChainClient) -> bytes:
    """The authority's key that sealed both."""
    for block in _blocks_of(headers, client):
        try:
            keys = client.ask(tuple[bytes, ...], "AuraApi", "authorities", at=block)
        except RpcError:
            continue  # the node knows no such block, or has forgotten its state
        for key in keys:
            if all(header.sealed_by(key) for header in headers):
                return bytes(key)
    raise NotEntitled(
        "no authority sealed both blocks", subject=headers[0].hash, hint="ask a node that keeps older states: --node"
    )


def _proof(slot: int, offender: bytes, headers: list[SealedHeader], client: ChainClient) -> bytes:
    for block in _blocks_of(headers, client):
        try:
            found = client.ask(
                Optional[bytes],  # noqa: UP045  (a value here, not an annotation)
                "AuraEquivocationApi",
                "generate_key_ownership_proof",
                slot,
                offender,
                at=block,
            )
        except RpcError:
            continue  # as above
        if found is not None:
            return bytes(found)
    raise NotEntitled(
        "no proof that the key was an authority's then",
        subject="0x" + offender.hex(),
        hint="ask a node that keeps the states of that session: --node",
    )


def _own_node(client: ChainClient) -> str:
    """The one node that is named: another that takes over would make the keys in its own keystore."""
    urls = client.endpoints.urls
    if len(urls) > 1:
        raise MalformedEndpoint("keys are made in one node", subject=", ".join(urls), hint="name yours alone: --node")
    return urls[0]


def _read_keys(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return dict(document.get("result", document))
    except (OSError, ValueError, TypeError, AttributeError) as error:
        hint = "expected what author_rotateKeysWithOwner answered: keys and proof"
        raise KeyFileUnfit("the file holds no session keys", subject=str(path), hint=hint) from error


def _key_parts(answer: dict[str, Any]) -> tuple[bytes, bytes]:
    try:
        keys, proof = (bytes.fromhex(answer[name].removeprefix("0x")) for name in ("keys", "proof"))
    except (KeyError, ValueError, AttributeError, TypeError) as error:
        raise KeyFileUnfit("these are no session keys", hint="expected keys and proof, in hex") from error
    if (len(keys), len(proof)) != (KEY_BYTES, PROOF_BYTES):
        raise KeyFileUnfit("these are not the session keys of this chain", hint=f"{KEY_BYTES} and {PROOF_BYTES} bytes")
    return keys, proof
