"""What becomes of referenda if nobody votes any more: ``pallet-referenda`` replayed alarm by alarm.

Source: ``service_referendum``, ``begin_deciding``, ``decision_time`` and ``one_fewer_deciding`` of pallet-referenda 50.
The chain looks at a referendum only when its alarm goes off, so curves decide *when*, alarms decide *whether anybody
looks*: both are followed here, the queue of a full track included.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from itertools import count

from governance._arithmetic import mul_ceil, rational
from governance._referenda import Deciding, Ongoing, Tally
from governance._tracks import Track

__all__ = ["End", "Forecast", "approval", "decision_time", "elapsed_share", "forecast", "passing", "support"]


class End(Enum):
    """How it ends if nothing changes."""

    APPROVED = "approved"
    REJECTED = "rejected"
    TIMED_OUT = "timed out"
    QUEUED = "waits in the queue"
    STALLED = "sleeps until somebody votes"


@dataclass(frozen=True)
class Forecast:
    """What happens if nobody votes any more, in blocks. Nothing where it does not come to that."""

    end: End
    decided_from: int | None
    confirming_from: int | None
    at: int | None


def approval(tally: Tally) -> int:
    """Ayes over ayes and nays in parts per billion; nothing where nobody voted."""
    total = tally.ayes + tally.nays
    return 0 if total == 0 else rational(tally.ayes, total)


def support(tally: Tally, issuance: int) -> int:
    """Support over the active issuance in parts per billion."""
    return rational(tally.support, issuance)


def elapsed_share(track: Track, elapsed: int) -> int:
    """The share of the decision period that has passed, in parts per billion."""
    return rational(min(elapsed, track.decision_period), track.decision_period)


def passing(track: Track, tally: Tally, issuance: int, elapsed: int) -> bool:
    """Whether both curves are reached so many blocks into the decision."""
    x = elapsed_share(track, elapsed)
    return track.min_support.passing(x, support(tally, issuance)) and track.min_approval.passing(x, approval(tally))


def decision_time(track: Track, deciding: Deciding, tally: Tally, issuance: int) -> int:
    """The block for which the pallet sets its alarm while a referendum is decided."""
    if deciding.confirming is not None:
        return deciding.confirming
    wait = max(track.min_approval.delay(approval(tally)), track.min_support.delay(support(tally, issuance)))
    return deciding.since + mul_ceil(wait, track.decision_period)


def forecast(
    track: Track,
    referenda: Mapping[int, Ongoing],
    *,
    now: int,
    issuance: int,
    timeout: int,
    queue: tuple[tuple[int, int], ...],
    max_queued: int,
    deciding_count: int,
    endings: tuple[int, ...],
) -> dict[int, Forecast]:
    """What becomes of each ongoing referendum of one track.

    Args:
        track: the track.
        referenda: those of the track that are not over, by number.
        now: the last block.
        issuance: active issuance in planck, as it is now.
        timeout: blocks after which one without a decision deposit is dropped.
        queue: ``TrackQueue``: numbers, and their ayes when they were put there; the next one last.
        max_queued: how many it holds.
        deciding_count: ``DecidingCount``: how many are being decided, those among them that ended in this block.
        endings: where in the next block's agenda each of these is counted off.
    """
    replay = _Replay(track, issuance, timeout, _Queue(list(queue), max_queued), dict(referenda), deciding_count)
    replay.begin(now, endings)
    return replay.run()


class _Queue:
    """``TrackQueue``: referenda and their ayes when they were put there, the next one last.

    Source: ``service_referendum``, ``insert_sorted_by_key``, and ``force_insert_keep_right`` and ``slide`` of
    bounded-collections 0.3.
    """

    def __init__(self, entries: list[tuple[int, int]], longest: int) -> None:
        self._entries = entries
        self._longest = longest

    def put(self, index: int, ayes: int) -> None:
        """Takes one in; a full queue drops the last in rank."""
        place = self._place(ayes)
        if len(self._entries) == self._longest:
            if place == 0:
                return
            del self._entries[0]
            place -= 1
        self._entries.insert(place, (index, ayes))

    def move(self, index: int, ayes: int) -> None:
        """Moves one to where its ayes belong, or takes in again one that was dropped."""
        place = self._place(ayes)
        old = next((place for place, (one, _) in enumerate(self._entries) if one == index), None)
        if old is not None:
            del self._entries[old]
            self._entries.insert(place if place <= old else place - 1, (index, ayes))
        elif place > 0:
            self.put(index, ayes)

    def take(self) -> int | None:
        """Takes the next one out."""
        return self._entries.pop()[0] if self._entries else None

    def _place(self, ayes: int) -> int:
        """What ``binary_search_by_key`` of Rust 1.82 and later answers: among equals, it is none of both ends."""
        base, size = 0, len(self._entries)
        if size == 0:
            return 0
        while size > 1:
            half = size // 2
            if self._entries[base + half][1] <= ayes:
                base += half
            size -= half
        return base + (self._entries[base][1] < ayes)


class _Replay:
    def __init__(
        self,
        track: Track,
        issuance: int,
        timeout: int,
        queue: _Queue,
        referenda: dict[int, Ongoing],
        slots: int,
    ) -> None:
        self.track = track
        self.issuance = issuance
        self.timeout = timeout
        self.queue = queue
        self.open = referenda
        self.slots = slots
        self.ends: dict[int, Forecast] = {}
        self._alarms: list[tuple[int, int, int | None]] = []
        self._order = count()

    def begin(self, now: int, endings: tuple[int, ...]) -> None:
        """Sets the alarms that the chain has set, in the order of its agendas."""
        for place in endings:
            heapq.heappush(self._alarms, (now + 1, place, None))
        for index, status in self.open.items():
            if status.alarm is not None and status.alarm > now:
                heapq.heappush(self._alarms, (status.alarm, status.alarm_place, index))
        self._order = count(1 + max((place for _, place, _ in self._alarms), default=0))

    def run(self) -> dict[int, Forecast]:
        while self._alarms:
            now, _, index = heapq.heappop(self._alarms)
            if index is None:
                self._one_fewer(now)
            elif index in self.open and self.open[index].alarm == now:
                self._service(now, index)
        for index, status in self.open.items():
            self.ends[index] = self._forecast(End.QUEUED if status.in_queue else End.STALLED, status, None)
        return self.ends

    def wake(self, index: int | None, when: int) -> None:
        heapq.heappush(self._alarms, (when, next(self._order), index))

    def _service(self, now: int, index: int) -> None:
        status, track = replace(self.open[index], alarm=None), self.track
        alarm: int | None = None
        if status.deciding is None:
            if status.in_queue:
                self.queue.move(index, status.tally.ayes)
                self.open[index] = status
                return
            if status.decision_deposit is None:
                alarm = status.submitted + self.timeout
            elif now < status.submitted + track.prepare_period:
                alarm = status.submitted + track.prepare_period
            elif self.slots < track.max_deciding:
                self.slots += 1
                status, alarm = self._begin(now, status)
            else:
                self.queue.put(index, status.tally.ayes)
                status = replace(status, in_queue=True)
            if status.deciding is None and not status.in_queue and now >= status.submitted + self.timeout:
                self._end(index, End.TIMED_OUT, status, now)
                return
        else:
            deciding = status.deciding
            if passing(track, status.tally, self.issuance, now - deciding.since):
                if deciding.confirming is not None and now >= deciding.confirming:
                    self._end(index, End.APPROVED, status, now)
                    return
                if deciding.confirming is None:
                    deciding = Deciding(deciding.since, now + track.confirm_period)
            elif now >= deciding.since + track.decision_period:
                self._end(index, End.REJECTED, status, now)
                return
            else:
                deciding = Deciding(deciding.since, None)
            status = replace(status, deciding=deciding)
            alarm = decision_time(track, deciding, status.tally, self.issuance)
        self._keep(now, index, status, alarm)

    def _begin(self, now: int, status: Ongoing) -> tuple[Ongoing, int]:
        confirming = now + self.track.confirm_period if passing(self.track, status.tally, self.issuance, 0) else None
        deciding = Deciding(now, confirming)
        alarm = max(decision_time(self.track, deciding, status.tally, self.issuance), now + 1)
        return replace(status, in_queue=False, deciding=deciding), alarm

    def _one_fewer(self, now: int) -> None:
        while (index := self.queue.take()) is not None:
            if index in self.open:
                status, alarm = self._begin(now, self.open[index])
                self._keep(now, index, status, alarm)
                return
        self.slots -= 1

    def _keep(self, now: int, index: int, status: Ongoing, alarm: int | None) -> None:
        """The scheduler takes no alarm for a block that has begun: the referendum then sleeps."""
        if alarm is not None and alarm > now:
            status = replace(status, alarm=alarm)
            self.wake(index, alarm)
        self.open[index] = status

    def _end(self, index: int, end: End, status: Ongoing, now: int) -> None:
        del self.open[index]
        self.ends[index] = self._forecast(end, status, now)
        if end is not End.TIMED_OUT:
            self.wake(None, now + 1)

    def _forecast(self, end: End, status: Ongoing, at: int | None) -> Forecast:
        deciding = status.deciding
        since = None if deciding is None else deciding.since
        confirming = None
        if deciding is not None and deciding.confirming is not None:
            confirming = deciding.confirming - self.track.confirm_period
        return Forecast(end, since, confirming, at)
