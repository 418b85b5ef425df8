"""Preimages: calls that are too long for a referendum to hold, deposited beside it."""

from __future__ import annotations

from dataclasses import dataclass

from governance._errors import PreimageMissing, PreimageNeeded, ProposalWouldFail
from governance._referenda import Ongoing, referenda
from governance._simulate import simulate
from governance._tracks import Origin
from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call
from offchain.chain.inspection import encode_call
from offchain.chain.types import Address

__all__ = ["Preimage", "check_unneeded", "note", "note_deposit", "preimage", "preimages", "unnote"]


_RICH = 10**30
"""More planck than any deposit."""


@dataclass(frozen=True)
class Preimage:
    """A deposited call, or one that is asked for and not there yet.

    Attributes:
        length: in bytes; None where nobody has deposited it.
        depositor: who did, and can take it back while nothing asks for it.
        deposit: what that keeps on hold, in planck.
        requests: how many things on the chain ask for it.
    """

    hash: bytes
    length: int | None
    depositor: Address | None
    deposit: int
    requests: int


def preimages(client: ChainClient, *, at: str | None = None) -> tuple[Preimage, ...]:
    """Every preimage that the chain holds or asks for."""
    found = []
    for key, value in client.interface.read_map("Preimage", "RequestStatusFor", [], at or client.head()):
        kind, fields = next(iter(value.items()))
        ticket = fields["ticket"] if kind == "Unrequested" else fields["maybe_ticket"]
        found.append(
            Preimage(
                hash=bytes.fromhex(key[2:]),
                length=fields["len"] if kind == "Unrequested" else fields["maybe_len"],
                depositor=None if ticket is None else Address(ticket[0]),
                deposit=0 if ticket is None else int(ticket[1]),
                requests=0 if kind == "Unrequested" else int(fields["count"]),
            )
        )
    return tuple(sorted(found, key=lambda one: one.hash))


def preimage(client: ChainClient, hash_: bytes, *, at: str | None = None) -> tuple[Preimage, bytes | None]:
    """A preimage, and its bytes where somebody has deposited it.

    Raises:
        PreimageMissing: the chain knows nothing of it.
    """
    block = at or client.head()
    for one in preimages(client, at=block):
        if one.hash == hash_:
            if one.length is None:
                return one, None
            key = ("0x" + hash_.hex(), one.length)
            return one, client.read(bytes | None, "Preimage", "PreimageFor", key, at=block)
    raise PreimageMissing("the chain knows no such preimage", subject="0x" + hash_.hex())


def check_unneeded(client: ChainClient, hash_: bytes, *, at: str | None = None) -> None:
    """Checks that no referendum that runs is about this preimage.

    The pallet asks for a preimage only when the referendum was approved: until then whoever deposited it can take it
    back, and the approved call is then dropped.

    Raises:
        PreimageNeeded: one is.
    """
    needing = [
        index
        for index, one in referenda(client, at=at).items()
        if isinstance(one, Ongoing) and one.proposal.inline is None and one.proposal.hash == hash_
    ]
    if needing:
        raise PreimageNeeded(
            "a referendum that runs would lose its call",
            subject=", ".join(f"referendum {index}" for index in needing),
            hint="--anyway takes it back all the same",
        )


def note(data: bytes) -> Call:
    """Deposits a call, in SCALE. The deposit comes back with :func:`unnote`."""
    return Call("Preimage", "note_preimage", {"bytes": data})


def note_deposit(client: ChainClient, data: bytes, account: str) -> int:
    """What depositing a call keeps on hold of an account, in planck.

    The pallet has no constant that tells it: the call is deposited on a fork of the chain, where the account is rich.

    Raises:
        ProposalWouldFail: the runtime does not take it.
    """
    rich = Call("Balances", "force_set_balance", {"who": account, "new_free": _RICH})
    signed = {"system": {"Signed": account}}
    noting = Call("Utility", "dispatch_as", {"as_origin": signed, "call": note(data)})
    told = simulate(client, encode_call(client, calls.utility.batch_all([rich, noting])), Origin.ROOT)
    if told.refused is not None:
        raise ProposalWouldFail("tried on a fork of the chain, the preimage is refused", subject=told.refused)
    return sum(int(event.fields["amount"]) for event in told.events if str(event) == "Balances.Held")


def unnote(hash_: bytes) -> Call:
    """Takes it back: the deposit, and the call with it where nothing on the chain asks for it."""
    return Call("Preimage", "unnote_preimage", {"hash": hash_})
