"""How a referendum stands: what it has, what it needs now, what it lacks, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass

from governance._arithmetic import ONE, rational
from governance._forecast import Forecast, approval, elapsed_share, forecast, support
from governance._referenda import Ongoing, Referendum, ongoing, referenda
from governance._tracks import Track, periods, track_of
from offchain.chain import ChainClient

__all__ = ["Standing", "active_issuance", "standing", "votes_missing"]


@dataclass(frozen=True)
class Standing:
    """An ongoing referendum at a finalized block. Shares in parts per billion, votes and tokens in planck.

    Attributes:
        now: the block.
        share: how much of the decision period has passed; nothing before the decision begins.
        approval, support: what it has.
        approval_needed, support_needed: what the curves ask for at ``share``.
        ayes_missing: aye votes, counting conviction, without which approval is too low now.
        support_missing: tokens of ayes or abstentions without which support is too low now.
        issuance: the active issuance, of which support is a share.
        enacted_at: the block that dispatches the call, if it is approved as forecast.
    """

    index: int
    track: Track
    status: Ongoing
    now: int
    issuance: int
    share: int
    approval: int
    support: int
    approval_needed: int
    support_needed: int
    ayes_missing: int
    support_missing: int
    forecast: Forecast
    enacted_at: int | None

    @property
    def is_passing(self) -> bool:
        """Whether both curves are reached now."""
        return self.approval >= self.approval_needed and self.support >= self.support_needed


def active_issuance(client: ChainClient, *, at: str | None = None) -> int:
    """All tokens but those that governance counts as out of circulation, in planck."""
    block = at or client.head()
    total = client.balances.issuance(at=block)
    return total - int(client.read(int, "Balances", "InactiveIssuance", at=block))


def standing(client: ChainClient, index: int, *, at: str | None = None) -> Standing:
    """How a referendum stands.

    Raises:
        ReferendumUnknown: there is none of that number.
        ReferendumOver: it has ended.
    """
    block = at or client.head()
    status = ongoing(client, index, at=block)
    track = track_of(client, status.track, at=block)
    now, issuance = client.header(block).number, active_issuance(client, at=block)
    elapsed = 0 if status.deciding is None else now - status.deciding.since
    share, tally = elapsed_share(track, elapsed), status.tally
    approval_needed, support_needed = track.min_approval.threshold(share), track.min_support.threshold(share)
    expected = _forecasts(client, track, referenda(client, at=block), issuance, block)[index]
    approved = expected.at if expected.end.value == "approved" else None
    return Standing(
        index=index,
        track=track,
        status=status,
        now=now,
        issuance=issuance,
        share=share,
        approval=approval(tally),
        support=support(tally, issuance),
        approval_needed=approval_needed,
        support_needed=support_needed,
        ayes_missing=votes_missing(tally.ayes, tally.nays, approval_needed),
        support_missing=max(_least(support_needed, issuance) - tally.support, 0),
        forecast=expected,
        enacted_at=None if approved is None else status.enacted(approved, track.min_enactment_period),
    )


def votes_missing(ayes: int, nays: int, needed: int) -> int:
    """The fewest ayes that must be added for approval to reach ``needed`` parts per billion.

    With nays and a threshold of one there is no such number: the votes to be turned around are then returned.
    """
    if needed == 0:
        return 0
    if ayes + nays > 0 and rational(ayes, ayes + nays) >= needed:
        return 0
    if ayes + nays == 0:
        return 1
    if needed >= ONE:
        return nays
    # floor(ONE * a / (a + n)) >= needed  <=>  ONE * a >= needed * (a + n)
    return max(-(-needed * nays // (ONE - needed)) - ayes, 1)


def _least(share: int, whole: int) -> int:
    """The smallest part whose share of the whole is at least ``share``."""
    return -(-share * whole // ONE)


def _forecasts(
    client: ChainClient, track: Track, known: dict[int, Referendum], issuance: int, block: str
) -> dict[int, Forecast]:
    same = {
        index: status for index, status in known.items() if isinstance(status, Ongoing) and status.track == track.id
    }
    queue = client.interface.read("Referenda", "TrackQueue", [track.id], block) or []
    return forecast(
        track,
        same,
        issuance=issuance,
        timeout=periods(client, at=block).undeciding_timeout,
        queue=tuple(int(entry[0]) for entry in queue),
        deciding_count=int(client.read(int, "Referenda", "DecidingCount", track.id, at=block)),
    )
