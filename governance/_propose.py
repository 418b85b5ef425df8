"""From a proposal to a referendum: preimage, submission, decision deposit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from governance._errors import DecisionDepositDue, ProposalWouldFail, ReferendumOver
from governance._proposals import Proposal
from governance._referenda import BoundedCall, ongoing
from governance._simulate import INLINE_BYTES, Simulation, simulate
from governance._tracks import Track, periods, track_of
from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, calls
from offchain.chain.calls import Call
from offchain.chain.errors import NotOnChain
from offchain.chain.inspection import encode_call
from offchain.errors import AssayError

__all__ = [
    "Enactment",
    "Prepared",
    "Submitted",
    "deposit_call",
    "place_deposit",
    "prepare",
    "propose",
    "submit",
    "try_out",
]


@dataclass(frozen=True)
class Enactment:
    """When an approved call is dispatched: so many blocks after its approval, or at a block; never sooner than the
    track's least enactment period.
    """

    after: int | None = 0
    at: int | None = None

    def to_scale(self) -> dict[str, int]:
        """What the SCALE library takes."""
        return {"At": self.at} if self.at is not None else {"After": self.after or 0}


@dataclass(frozen=True)
class Prepared:
    """A proposal, encoded, with the transaction that submits it. Deposits in planck."""

    proposal: Proposal
    track: Track
    encoded: bytes
    bounded: BoundedCall
    submission: Call
    submission_deposit: int

    @property
    def preimage_is_noted(self) -> bool:
        """Whether the transaction deposits the call as a preimage too."""
        return self.submission.pallet == "Utility"


def prepare(client: ChainClient, proposal: Proposal, enactment: Enactment = Enactment()) -> Prepared:
    """Encodes a proposal. A call over 128 bytes becomes a preimage, deposited in the same transaction.

    Raises:
        Undecodable: the runtime has no such call, or it takes other arguments.
    """
    encoded = encode_call(client, proposal.call)
    bounded = BoundedCall.of(encoded, inline=len(encoded) <= INLINE_BYTES)
    submission = Call(
        "Referenda",
        "submit",
        {"proposal_origin": proposal.origin, "proposal": bounded, "enactment_moment": enactment},
    )
    if bounded.inline is None and not _is_noted(client, bounded):
        submission = calls.utility.batch_all([Call("Preimage", "note_preimage", {"bytes": encoded}), submission])
    return Prepared(
        proposal=proposal,
        track=track_of(client, proposal.origin),
        encoded=encoded,
        bounded=bounded,
        submission=submission,
        submission_deposit=periods(client).submission_deposit,
    )


def try_out(client: ChainClient, prepared: Prepared, *, code: bytes | None = None) -> Simulation:
    """What the proposed call would do now.

    Raises:
        ProposalWouldFail: the runtime refuses it.
    """
    found = simulate(client, prepared.encoded, prepared.proposal.origin, code=code)
    if found.refused is not None:
        raise ProposalWouldFail(
            "tried on a fork of the chain, the call is refused",
            subject=found.refused,
            hint="--anyway proposes it all the same",
        )
    return found


def propose(
    manager: TransactionManager,
    signer: Signer,
    proposal: Proposal,
    *,
    intent: str,
    enactment: Enactment = Enactment(),
    deposit: bool = True,
) -> int:
    """Submits a proposal, by default with its decision deposit, and returns the referendum's number.

    Repeating it with the same intent resumes it.

    Raises:
        DecisionDepositDue: it was submitted, and the second transaction failed or is not final yet.
    """
    prepared = prepare(manager.client, proposal, enactment)
    return submit(manager, signer, prepared, intent=intent, deposit=deposit).referendum


@dataclass(frozen=True)
class Submitted:
    """A referendum that was submitted: its number, the block, and the fees that were paid, in planck."""

    referendum: int
    block: int
    fees: int


def submit(manager: TransactionManager, signer: Signer, prepared: Prepared, *, intent: str, deposit: bool) -> Submitted:
    """Submits a proposal and, in a second transaction, places its decision deposit.

    Raises:
        DecisionDepositDue: it was submitted, and the second transaction failed or is not final yet.
    """
    receipt = manager.submit(f"{intent}/submit", prepared.submission, signer)
    index, fees = _submitted_index(receipt), receipt.fee
    if deposit:
        try:
            fees += manager.submit(f"{intent}/deposit", deposit_call(index), signer).fee
        except AssayError as error:
            raise DecisionDepositDue(
                f"referendum {index} was submitted, its decision deposit is not placed",
                subject=str(error),
                hint=f"assay governance deposit place {index}",
            ) from error
    return Submitted(index, receipt.block_number, fees)


def _submitted_index(receipt: Receipt) -> int:
    event = receipt.event("Referenda", "Submitted")
    if event is None:
        raise NotOnChain("the transaction submitted no referendum", subject=receipt.intent)
    return int(event.fields["index"])


def deposit_call(index: int) -> Call:
    """Places a referendum's decision deposit."""
    return Call("Referenda", "place_decision_deposit", {"index": index})


def place_deposit(client: ChainClient, index: int) -> tuple[Call, int]:
    """The call that places a referendum's decision deposit, and how much that is, in planck.

    Raises:
        ReferendumOver: it has ended, or somebody has placed it.
    """
    status = ongoing(client, index)
    if status.decision_deposit is not None:
        raise ReferendumOver(
            "the decision deposit is placed already", subject=str(index), hint=f"by {status.decision_deposit.who}"
        )
    return deposit_call(index), track_of(client, status.track).decision_deposit


def _is_noted(client: ChainClient, bounded: BoundedCall) -> bool:
    key: Any = ("0x" + bounded.hash.hex(), bounded.length)
    return client.read(bytes | None, "Preimage", "PreimageFor", key) is not None
