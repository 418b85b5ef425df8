"""Deposits of referenda: which can be taken back, and how."""

from __future__ import annotations

from governance._errors import DepositNotRefundable
from governance._referenda import Ended, Ongoing, Outcome, referendum
from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call

__all__ = ["refund"]


def refund(client: ChainClient, index: int) -> tuple[Call, dict[str, int]]:
    """The call that gives back every deposit of a referendum that can be had now, and to whom how much, in planck.

    The decision deposit comes back when the referendum is over, unless it was killed; the submission deposit only
    where it was approved or cancelled. Anybody may ask for it; it goes to whoever placed it.

    Raises:
        ReferendumUnknown: there is none of that number.
        DepositNotRefundable: it is not over yet, or nothing is left to be had.
    """
    found = referendum(client, index)
    if isinstance(found, Ongoing):
        raise DepositNotRefundable("the referendum is not over", subject=str(index))
    due = []
    if found.decision_deposit is not None:
        due.append(("refund_decision_deposit", found.decision_deposit))
    if found.submission_deposit is not None and found.outcome in {Outcome.APPROVED, Outcome.CANCELLED}:
        due.append(("refund_submission_deposit", found.submission_deposit))
    if not due:
        raise DepositNotRefundable("nothing is left to be had", subject=str(index), hint=_why(found))
    amounts: dict[str, int] = {}
    for _name, deposit in due:
        amounts[deposit.who] = amounts.get(deposit.who, 0) + deposit.amount
    each = [Call("Referenda", name, {"index": index}) for name, _deposit in due]
    return (each[0] if len(each) == 1 else calls.utility.batch_all(each)), amounts


def _why(found: Ended) -> str:
    if found.outcome is Outcome.KILLED:
        return "it was killed: both deposits went to the treasury"
    if found.submission_deposit is not None:
        return "the submission deposit comes back only where the referendum was approved or cancelled"
    return "both deposits were paid back"
