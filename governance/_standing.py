"""How a referendum stands: what it has, what it needs now, what it lacks, and when it ends."""

from __future__ import annotations

from dataclasses import dataclass

from governance._arithmetic import ONE, rational
from governance._forecast import End, Forecast, approval, elapsed_share, forecast, support
from governance._referenda import Ongoing, ongoing, referenda
from governance._tracks import Track, periods, tracks
from offchain.chain import ChainClient
from offchain.chain.inspection import Decoder

__all__ = ["Standing", "active_issuance", "standing", "standings", "votes_missing"]


@dataclass(frozen=True)
class Standing:
    """An ongoing referendum at a finalized block. Shares in parts per billion, votes and tokens in planck.

    Attributes:
        now: the block.
        share: how much of the decision period has passed; nothing before the decision begins.
        approval, support: what it has.
        approval_needed, support_needed: what the curves ask for at ``share``.
        ayes_missing: aye votes, counting conviction, without which approval is too low now; None where no number of
            them suffices, for nothing but no nays at all would.
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
    ayes_missing: int | None
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
    ongoing(client, index, at=block)
    return standings(client, at=block)[index]


def standings(client: ChainClient, *, at: str | None = None) -> dict[int, Standing]:
    """How every referendum stands that is not over, by number."""
    block = at or client.head()
    now, issuance = client.header(block).number, active_issuance(client, at=block)
    running = {index: one for index, one in referenda(client, at=block).items() if isinstance(one, Ongoing)}
    found: dict[int, Standing] = {}
    for track in tracks(client, at=block):
        same = {index: status for index, status in running.items() if status.track == track.id}
        if same:
            expected = _forecasts(client, track, same, now, issuance, block)
            found |= {
                index: _standing(index, track, status, now, issuance, expected[index]) for index, status in same.items()
            }
    return dict(sorted(found.items()))


def _standing(index: int, track: Track, status: Ongoing, now: int, issuance: int, expected: Forecast) -> Standing:
    tally = status.tally
    share = elapsed_share(track, 0 if status.deciding is None else now - status.deciding.since)
    approval_needed, support_needed = track.min_approval.threshold(share), track.min_support.threshold(share)
    approved = expected.at if expected.end is End.APPROVED else None
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


def votes_missing(ayes: int, nays: int, needed: int) -> int | None:
    """The fewest ayes that must be added for approval to reach ``needed`` parts per billion.

    With nays and a threshold of one there is no such number.
    """
    if needed == 0:
        return 0
    if ayes + nays > 0 and rational(ayes, ayes + nays) >= needed:
        return 0
    if ayes + nays == 0:
        return 1
    if needed >= ONE:
        return None
    # floor(ONE * a / (a + n)) >= needed  <=>  ONE * a >= needed * (a + n)
    return max(-(-needed * nays // (ONE - needed)) - ayes, 1)


def _least(share: int, whole: int) -> int:
    """The smallest part whose share of the whole is at least ``share``."""
    return -(-share * whole // ONE)


def _forecasts(
    client: ChainClient, track: Track, running: dict[int, Ongoing], now: int, issuance: int, block: str
) -> dict[int, Forecast]:
    queue = client.interface.read("Referenda", "TrackQueue", [track.id], block) or []
    common = periods(client, at=block)
    return forecast(
        track,
        running,
        now=now,
        issuance=issuance,
        timeout=common.undeciding_timeout,
        queue=tuple((int(index), int(ayes)) for index, ayes in queue),
        max_queued=common.max_queued,
        deciding_count=int(client.read(int, "Referenda", "DecidingCount", track.id, at=block)),
        endings=_endings(client, track, now + 1, block),
    )


def _endings(client: ChainClient, track: Track, when: int, block: str) -> tuple[int, ...]:
    """Where in a block's agenda the track is told that one fewer is being decided."""
    told = Decoder.at(client, block)
    agenda = client.interface.read("Scheduler", "Agenda", [when], block) or []
    return tuple(
        place
        for place, task in enumerate(agenda)
        if task is not None and "Inline" in task["call"] and _is_ending(told, task["call"]["Inline"], track)
    )


def _is_ending(told: Decoder, encoded: str, track: Track) -> bool:
    call = told.call(bytes.fromhex(encoded[2:]))
    return str(call) == "Referenda.one_fewer_deciding" and call.args["track"] == track.id
