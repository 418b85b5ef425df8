"""Where a validator or a steward stands, read at one finalized block."""

from __future__ import annotations

from offchain.chain import ChainClient, TransactionManager, calls
from offchain.chain.types import State
from offchain.cli.units import Block, Planck, Ppm
from validators._cli_records import DatasetLine, Estimate, RoundLine, Status, StewardStatus, UnlockingLine
from validators._errors import NotRegistered

__all__ = ["reckon", "standing", "standing_of_steward"]

PPM = 1_000_000


def standing(client: ChainClient, account: str) -> Status:
    """A validator's bond, limits, misses, open rounds and what it is owed.

    Raises:
        NotRegistered: the account is no validator.
    """
    head = client.finalized()
    entry = client.evaluation.validator(account, at=head.hash)
    if entry is None:
        raise NotRegistered("the account is no validator", subject=account, hint="assay validator register")
    rounds = []
    for number, each in sorted(client.evaluation.rounds(at=head.hash).items()):
        member = None if each.state.is_final else client.evaluation.member(number, account, at=head.hash)
        if member is not None:
            part = type(member.progress).__name__.lower()
            rounds.append(RoundLine(number, str(each.state), part, member.seats, Block(each.deadline)))
    return Status(
        account=account,
        at=Block(head.number),
        active=entry.active,
        bond_planck=Planck(entry.bond),
        unlocking=[UnlockingLine(Planck(part.amount), Block(part.at)) for part in entry.unlocking],
        max_checkpoint_mb=entry.limits.max_checkpoint_mb,
        max_concurrent=entry.limits.max_concurrent,
        misses=entry.misses,
        absences=entry.absences,
        owed_planck=Planck(client.evaluation.claimable(account, at=head.hash)),
        free_planck=Planck(client.accounts.get(account, at=head.hash).free),
        rounds=rounds,
    )


def reckon(client: ChainClient, benchmark: int, bond: int, size_bytes: int) -> Estimate:
    """What a round would bring: seats in proportion to the bond, none over a third of them."""
    seats = client.evaluation.benchmark(benchmark).spec.seats
    quote = client.evaluation.quote(benchmark, size_bytes)
    validators = client.evaluation.validators()
    active = client.evaluation.active()
    others = sum(validators[account].bond for account in active if account in validators)
    most = max(1, seats // 3)
    expected = min(most * PPM, seats * PPM * bond // max(bond + others, 1))
    somebody = active[0] if active else client.evaluation.benchmark(benchmark).owner
    fee = TransactionManager(client).estimate(calls.evaluation.claim_rewards(somebody), somebody)
    return Estimate(
        benchmark=benchmark,
        seats=seats,
        most_seats_an_account_may_hold=most,
        reward_per_seat_planck=Planck(quote.per_seat),
        subsidy_per_round_planck=Planck(quote.subsidy),
        bond_planck=Planck(bond),
        bond_of_others_planck=Planck(others),
        others=len(active),
        share_of_seats_expected_ppm=Ppm(expected // seats),
        reward_expected_planck=Planck(quote.per_seat * expected // PPM),
        fee_of_claiming_planck=Planck(fee),
    )


def standing_of_steward(client: ChainClient, account: str) -> StewardStatus:
    """A steward's data sets, faults, and the rounds that wait for its keys.

    Raises:
        NotRegistered: the account is no steward.
    """
    head = client.finalized()
    own = {number: each for number, each in client.datasets.all(at=head.hash).items() if each.steward == account}
    if not own:
        raise NotRegistered("the account has no data sets", subject=account, hint="assay dataset register")
    lines = []
    for number, each in sorted(own.items()):
        usage = client.datasets.usage(number, at=head.hash)
        lines.append(
            DatasetLine(
                dataset=number,
                name=each.description.name,
                versions=each.versions,
                evaluations=usage.evaluations,
                releases=usage.releases,
                faults=each.faults,
                suspended=each.suspended,
                bond_planck=Planck(each.bond),
            )
        )
    rounds = client.evaluation.rounds(at=head.hash)
    return StewardStatus(
        account=account,
        at=Block(head.number),
        owed_planck=Planck(client.evaluation.claimable(account, at=head.hash)),
        datasets=lines,
        rounds_waiting_for_keys=sorted(
            number
            for number, each in rounds.items()
            if each.terms.steward == account and each.state.state is State.RELEASING
        ),
    )
