"""A leaderboard as people should read it: with intervals and counts, and ties shown as ties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from offchain.chain.client import ChainClient
from offchain.chain.types import LeaderboardEntry
from offchain.cli.units import Block, Ppm

__all__ = ["LeaderboardLine", "leaderboard", "ranks"]


@dataclass(frozen=True)
class LeaderboardLine:
    """A line of a leaderboard. ``exposure`` is the greatest number of accounts that ever held one shard's key."""

    rank: str
    model: str
    checkpoint: bytes
    owner: str
    score_ppm: Ppm
    lower_ppm: Ppm
    upper_ppm: Ppm
    scores: dict[str, Ppm]
    samples: int
    groups: int
    seats: str
    exposure: int
    status: str
    round: int
    settled_at: Block


def ranks(scores: Sequence[int]) -> list[str]:
    """Ranks of scores that are sorted from best to worst: equal scores share a rank, marked ``2=``."""
    found = []
    for score in scores:
        place = scores.index(score) + 1
        found.append(f"{place}=" if scores.count(score) > 1 else str(place))
    return found


def leaderboard(client: ChainClient, benchmark: int, *, limit: int = 100) -> list[LeaderboardLine]:
    """The first ``limit`` lines of a benchmark's leaderboard at the finalized head, best first."""
    head = client.head()
    spec = client.evaluation.benchmark(benchmark, at=head).spec
    entries: list[LeaderboardEntry] = []
    while len(entries) < limit:
        page = client.evaluation.leaderboard(
            benchmark, offset=len(entries), limit=min(100, limit - len(entries)), at=head
        )
        if not page:
            break
        entries.extend(page)
    groups = client.datasets.version(spec.dataset, spec.version, at=head).spec.held_out_groups
    exposure = max(client.datasets.exposure(spec.dataset, spec.version, at=head), default=0)
    lines = []
    for rank, entry in zip(ranks([entry.scores[spec.main] for entry in entries]), entries, strict=True):
        lines.append(
            LeaderboardLine(
                rank=rank,
                model=client.models.get(entry.model, at=head).name,
                checkpoint=entry.checkpoint,
                owner=entry.owner,
                score_ppm=Ppm(entry.scores[spec.main]),
                lower_ppm=Ppm(entry.lower_ppm),
                upper_ppm=Ppm(entry.upper_ppm),
                scores={metric.value: Ppm(score) for metric, score in zip(spec.metrics, entry.scores, strict=True)},
                samples=entry.samples,
                groups=groups,
                seats=f"{entry.seats_agreed} of {entry.seats_accepted}",
                exposure=exposure,
                status=client.models.checkpoint(entry.checkpoint, at=head).status.value,
                round=entry.round,
                settled_at=Block(entry.settled_at),
            )
        )
    return lines
