"""What the chain says happened, for the report."""

from __future__ import annotations

from typing import Any

from offchain.chain import ChainClient
from offchain.chain.leaderboard import leaderboard
from offchain.chain.types import Declined, Missed, Revealed
from validators.demo._facts import LeaderboardLine, MemberFacts, RoundFacts, TimelineEvent

__all__ = ["leaderboard_lines", "round_facts"]

_WHO = ("member", "validator", "who", "requester")


def round_facts(client: ChainClient, number: int, model: str, names: dict[str, str]) -> RoundFacts:
    """One round as the chain tells it: members, verdict, rewards and every event from the request to the end."""
    found = client.evaluation.round(number)
    outcome = client.evaluation.result(found.terms.benchmark, found.terms.checkpoint)
    timeline, rewards = _events(client, number, found.requested_at, found.deadline, names)
    members = []
    for account, member in sorted(client.evaluation.members(number).items(), key=lambda item: names.get(item[0], "")):
        score, agreed, status = None, False, type(member.progress).__name__.lower()
        match member.progress:
            case Revealed(reveal, agrees):
                score, agreed = reveal.scores[found.terms.main], bool(agrees)
            case Declined(reason):
                status = f"declined: {reason.value}"
            case Missed(stage):
                status = f"missed: {stage.value}"
        name = names.get(account, account[:8])
        members.append(MemberFacts(name, account, member.seats, status, score, agreed, rewards.get(account, 0)))
    return RoundFacts(
        round=number,
        model=model,
        checkpoint=found.terms.checkpoint.hex(),
        state=str(found.state),
        score_ppm=None if outcome is None else outcome.scores[found.terms.main],
        lower_ppm=None if outcome is None else outcome.lower_ppm,
        upper_ppm=None if outcome is None else outcome.upper_ppm,
        tolerance_ppm=found.terms.tolerance_ppm,
        members=members,
        timeline=timeline,
    )


def leaderboard_lines(client: ChainClient, benchmark: int) -> list[LeaderboardLine]:
    """The leaderboard, for the report."""
    return [
        LeaderboardLine(
            rank=line.rank,
            model=line.model,
            checkpoint=line.checkpoint.hex(),
            score_ppm=line.score_ppm,
            lower_ppm=line.lower_ppm,
            upper_ppm=line.upper_ppm,
            images=line.samples,
            seats_agreed=int(line.seats.split(" of ")[0]),
            seats_accepted=int(line.seats.split(" of ")[1]),
        )
        for line in leaderboard(client, benchmark)
    ]


def _events(
    client: ChainClient, number: int, first: int, last: int, names: dict[str, str]
) -> tuple[list[TimelineEvent], dict[str, int]]:
    """The round's events in order, and what each account was credited for its seats, in planck."""
    timeline, rewards = [], dict[str, int]()
    for block in range(first, last + 1):
        for event in client.events(client.block_hash(block)):
            if event.fields.get("round") != number:
                continue
            who = next((str(event.fields[name]) for name in _WHO if name in event.fields), "")
            timeline.append(TimelineEvent(block, _tell(event.name, event.fields), names.get(who, who[:8])))
            if event.name == "Credited" and event.fields["reason"] in {"Reward", "Subsidy"}:
                rewards[who] = rewards.get(who, 0) + int(event.fields["amount"])
    return timeline, rewards


def _tell(name: str, fields: dict[str, Any]) -> str:
    match name:
        case "RoundAdvanced":
            state = fields["state"]
            return f"state {state if isinstance(state, str) else next(iter(state))}"
        case "MemberDrawn":
            return f"drawn for {fields['seats']} seats"
        case "Credited":
            return f"credited {int(fields['amount']) / 10**12:,.4f} ASY ({fields['reason']})"
        case "Refunded":
            return f"refunded {int(fields['amount']) / 10**12:,.4f} ASY"
        case _:
            return name
