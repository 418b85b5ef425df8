"""The validator's worker: one loop over finalized blocks that takes each of its rounds from draw to reward."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from offchain.chain import BlockRef, ChainClient, Signer, account_bytes, calls
from offchain.chain.calls import Call
from offchain.chain.errors import DeadlineExceeded, DispatchFailed, IntentConflict, NodeUnreachable
from offchain.chain.types import Committed, DeclineReason, Keyed, Limits, Member, Reveal, Round, State
from offchain.crypto import OneTimeKey, ScoreCommitment, SecretBytes, blake2b_256
from offchain.errors import AssayError
from offchain.store import StoreUnreachable, open_store
from ray_jobs import ActorDied, RayUnavailable
from validators._agent import Agent
from validators._background import Finished, Lane
from validators._errors import NotRegistered
from validators._follow import Moment
from validators._journal import Journal, RoundEntry, Stage
from validators._log import Log
from validators._member import Step, duty_of, next_step, stage_on_chain
from validators._ray_state import RayState
from validators._work import (
    Evaluate,
    Finding,
    Subject,
    check_checkpoint,
    evaluation_job,
    reason_after_keys,
    reason_before_keys,
)

__all__ = ["Worker"]

PAUSE_S = 5.0
"""How long to leave a round alone in which something unforeseen went wrong."""
LEAST_EVALUATION_S = 60.0
"""Blocks may come in bursts: their pace so far never cuts an evaluation shorter than this."""
EXCUSE_BLOCKS = 20
"""How long before its deadline a duty is declined that this process cannot do."""
MAY_PASS = (ActorDied, RayUnavailable, StoreUnreachable)
"""What ends an evaluation without saying anything of the next: somebody starts Ray or the store again."""


@dataclass(frozen=True, slots=True)
class Part:
    """What this account is in a round, as of the finalized head."""

    id: int
    round: Round
    member: Member


class Worker(Agent):
    """A validator's worker. See :class:`Agent` for the arguments that are not here.

    Args:
        store_url: where blocks lie, as for :func:`offchain.store.open_store`.
        evaluate: scores a checkpoint; :class:`RayEvaluation` in production.
        fetch_deadline_s: seconds for one object to arrive.
        evaluation_deadline_s: most seconds for one evaluation; the round's window may leave less.
        ray_state: tells how Ray is, where ``evaluate`` uses one.
    """

    kind: ClassVar[str] = "validator"

    def __init__(
        self,
        client: ChainClient,
        signer: Signer,
        store_url: str,
        evaluate: Evaluate,
        *,
        folder: Path,
        on_behalf_of: str | None = None,
        log: Log | None = None,
        metrics_port: int | None = None,
        poll_s: float = 0.5,
        fetch_deadline_s: float = 600.0,
        evaluation_deadline_s: float = 3600.0,
        ray_state: Callable[[], RayState] | None = None,
    ) -> None:
        super().__init__(
            client,
            signer,
            folder=folder,
            on_behalf_of=on_behalf_of,
            log=log,
            metrics_port=metrics_port,
            poll_s=poll_s,
        )
        self._store_url = store_url
        self._evaluate = evaluate
        self._fetch_deadline_s = fetch_deadline_s
        self._evaluation_deadline_s = evaluation_deadline_s
        self._ray_state = ray_state
        self._checks: Lane[None] = Lane("checks")
        self._evaluations: Lane[Finding] = Lane("evaluations")
        self._parts: dict[int, Part] = {}
        self._paused: dict[int, float] = {}
        self._claiming: int | None = None
        self._journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        """The journal, while the worker runs."""
        if self._journal is None:
            raise NotRegistered("the worker is not running", subject=self.account)
        return self._journal

    def _unfinished(self) -> list[int]:
        if self._journal is None:
            self._journal = Journal(
                self.journals["agent"], account=self.account, genesis="0x" + self.client.genesis.hex()
            )
        return [entry.round for entry in self._journal.unfinished()]

    def _shut(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    def _note(self, moment: Moment) -> None:
        for number, round_ in moment.changed.items():
            member = self.client.evaluation.member(number, self.account, at=moment.head.hash) if round_.drawn else None
            if member is None:
                continue
            entry = self.journal.entry(number)
            if entry is None and round_.state.is_final:
                continue
            if entry is None:
                entry = self.journal.drawn(number)
                self.log("round.drawn", round=number, seats=member.seats, until=round_.deadline)
            if entry.stage is not Stage.DONE:
                self._parts[number] = Part(number, round_, member)
        self.journal.cursor = moment.head.number

    def _duties(self) -> tuple[int, dict[tuple[int, str], int]]:
        owed = {part.id: duty_of(part.round, part.member) for part in self._parts.values()}
        deadlines = {(id_, duty): self._parts[id_].round.deadline for id_, duty in owed.items() if duty is not None}
        return len(self._parts), deadlines

    def _report_own(self, _head: BlockRef) -> None:
        if self._ray_state is not None:
            self.health.show_ray(self._ray_state())

    def _tend(self, head: BlockRef) -> None:
        for part in list(self._parts.values()):
            if time.monotonic() < self._paused.get(part.id, 0.0):
                continue
            try:
                self._tend_round(part, head)
            except (NodeUnreachable, DeadlineExceeded):
                raise
            except (DispatchFailed, IntentConflict) as error:
                self._trouble(part.id, error)
                self._close(part.id, f"{error.subject or error.what}")
            except AssayError as error:  # of this round alone: the others go on
                self._trouble(part.id, error)
                self._paused[part.id] = time.monotonic() + PAUSE_S

    def _tend_round(self, part: Part, head: BlockRef) -> None:
        entry = self._caught_up(part)
        step = next_step(entry.stage, part.round, part.member, head.number)
        _STEPS.get(step, Worker._wait)(self, part, entry)

    def _caught_up(self, part: Part) -> RoundEntry:
        """The journal's row, brought forward to what the chain shows."""
        entry = self.journal.drawn(part.id)
        stage = stage_on_chain(entry.stage, part.member)
        if stage is entry.stage:
            return entry
        if stage is Stage.ACCEPTED:
            self.journal.accepted(part.id)
        elif stage is Stage.REVEALED:
            self.journal.revealed(part.id)
        elif isinstance(part.member.progress, Committed) and part.member.progress.commitment != entry.commitment:
            self.log("round.foreign_commitment", round=part.id)
            self.journal.done(part.id, "another process committed with this key")
        else:
            self.journal.committed(part.id)
        self.log(f"round.{stage.value}", round=part.id)
        return self.journal.drawn(part.id)

    def _wait(self, part: Part, entry: RoundEntry) -> None:
        """Others have to act."""

    def _check(self, part: Part, _entry: RoundEntry) -> None:
        finished = self._checks.take(part.id, lambda: self._check_job(part))
        if finished is None:
            return
        self._checks.forget(part.id)
        if finished.error is not None:
            self._decline(part.id, reason_before_keys(finished.error), finished.error)
            return
        self.journal.checked(part.id, SecretBytes.random().reveal())
        self.log("round.checked", round=part.id)

    def _check_job(self, part: Part) -> Callable[[], None]:
        subject, limits = self._subject(part), self._limits()
        return lambda: check_checkpoint(open_store(self._store_url), subject, limits, deadline_s=self._fetch_deadline_s)

    def _accept(self, part: Part, entry: RoundEntry) -> None:
        public = OneTimeKey(SecretBytes(entry.secret or b"")).public
        self._send(part.id, "accept", calls.evaluation.accept(part.id, public))

    def _score(self, part: Part, entry: RoundEntry) -> None:
        secret, progress = entry.secret, part.member.progress
        if secret is None or not isinstance(progress, Keyed) or OneTimeKey(SecretBytes(secret)).public != progress.key:
            self._excuse(part, entry)
            return
        finished = self._evaluations.take(part.id, lambda: self._evaluation_job(part, secret))
        if finished is not None:
            self._evaluations.forget(part.id)
            self._note_finding(part, finished)

    def _evaluation_job(self, part: Part, secret: bytes) -> Callable[[], Finding]:
        subject = self._subject(part)
        sealed = self.client.datasets.sealed_keys(part.id, self.account) or ()
        store_url, deadline_s, evaluate = self._store_url, self._seconds_left(part), self._evaluate
        self.log("round.evaluating", round=part.id, deadline_s=round(deadline_s))

        def job() -> Finding:
            with self.health.evaluation_seconds.time():
                return evaluate(
                    evaluation_job(store_url, subject, secret=secret, sealed_keys=sealed, deadline_s=deadline_s)
                )

        return job

    def _note_finding(self, part: Part, finished: Finished[Finding]) -> None:
        finding = finished.value
        self.health.evaluations.labels("failed" if finding is None else "scored").inc()
        if finding is None:
            error = finished.error or RuntimeError("no finding")
            if isinstance(error, MAY_PASS) and self._has_time(part):
                self._trouble(part.id, error)
                self._paused[part.id] = time.monotonic() + PAUSE_S
            else:
                self._decline(part.id, reason_after_keys(error), error)
            return
        salt = SecretBytes.random().reveal()
        terms = part.round.terms
        commitment = ScoreCommitment(
            genesis=self.client.genesis,
            round=part.id,
            checkpoint=terms.checkpoint,
            dataset=terms.dataset,
            version=terms.version,
            env_digest=finding.env_digest,
            scores=finding.scores,
            lower=finding.lower_ppm,
            upper=finding.upper_ppm,
            prediction_root=finding.prediction_root,
            salt=salt,
            account=account_bytes(self.account),
        ).digest()
        reveal = {
            "scores": list(finding.scores),
            "lower_ppm": finding.lower_ppm,
            "upper_ppm": finding.upper_ppm,
            "prediction_root": finding.prediction_root.hex(),
            "env_digest": finding.env_digest.hex(),
        }
        self.journal.evaluated(part.id, salt=salt, reveal=reveal, commitment=commitment)
        self.log("round.evaluated", round=part.id)

    def _commit(self, part: Part, entry: RoundEntry) -> None:
        self._send(part.id, "commit", calls.evaluation.commit(part.id, entry.commitment or b""))

    def _reveal(self, part: Part, entry: RoundEntry) -> None:
        opening = _opening(entry)
        if opening is None:
            self._close(part.id, "the journal lost the salt")
            return
        self._send(part.id, "reveal", calls.evaluation.reveal(part.id, opening))

    def _excuse(self, part: Part, _entry: RoundEntry) -> None:
        """Declines late: it may be another process with the same key that accepted, and it can do what we cannot."""
        if self._has_time(part):
            return
        error = NotRegistered("the journal has no one-time secret for this round", subject=f"round {part.id}")
        self._decline(part.id, DeclineReason.RESOURCES, error)

    def _say_no(self, part: Part, entry: RoundEntry) -> None:
        self._send(part.id, "decline", calls.evaluation.decline(part.id, DeclineReason(entry.reason)))

    def _finish(self, part: Part, _entry: RoundEntry) -> None:
        if not part.round.state.is_final:
            self._close(part.id, "declined or missed")
            return
        if self._claiming not in {None, part.id}:
            return
        if self._claiming is None and not self.client.evaluation.claimable(self.account):
            self._close(part.id, str(part.round.state))
            return
        self._claiming = part.id
        try:
            claimed = self._send(part.id, "claim", calls.evaluation.claim_rewards(self.account), own_name=True)
        except (DispatchFailed, IntentConflict):
            self._claiming = None
            raise
        if claimed:
            self._claiming = None
            self._close(part.id, str(part.round.state))

    def _send(self, round_: int, deed: str, call: Call, *, own_name: bool = False) -> bool:
        return self.outbox.send(f"round/{round_}/{deed}", call, own_name=own_name)

    def _decline(self, round_: int, reason: DeclineReason, error: Exception) -> None:
        self.journal.declining(round_, reason.value)
        self._trouble(round_, error)
        self.log("round.declining", round=round_, reason=reason.value)

    def _close(self, round_: int, reason: str) -> None:
        self.journal.done(round_, reason)
        self._parts.pop(round_, None)
        self._paused.pop(round_, None)
        self._checks.forget(round_)
        self._evaluations.forget(round_)
        self.log("round.done", round=round_, reason=reason)

    def _trouble(self, round_: int, error: Exception) -> None:
        """Log an error: its own words where it is ours, only its kind and place where they might quote a secret."""
        code, what = (error.code, error.what) if isinstance(error, AssayError) else (0, _kind_and_place(error))
        self.health.errors.labels(str(code)).inc()
        self.log("round.trouble", round=round_, code=code, what=what)

    def _subject(self, part: Part) -> Subject:
        terms = part.round.terms
        block = self.client.block_hash(part.round.requested_at)
        return Subject(
            round=part.id,
            terms=terms,
            checkpoint=self.client.models.checkpoint(terms.checkpoint).spec,
            dataset=self.client.datasets.get(terms.dataset),
            version=self.client.datasets.version(terms.dataset, terms.version),
            seed=blake2b_256(
                b"assay/bootstrap/1",
                self.client.genesis,
                part.id.to_bytes(4, "little"),
                bytes.fromhex(block.removeprefix("0x")),
            ),
        )

    def _limits(self) -> Limits:
        entry = self.client.evaluation.validator(self.account)
        if entry is None:
            raise NotRegistered("the account is no validator", subject=self.account, hint="assay validator register")
        return entry.limits

    def _has_time(self, part: Part) -> bool:
        """Whether what this process cannot do now may still become possible."""
        return self.head is None or part.round.deadline - self.head.number > EXCUSE_BLOCKS

    def _seconds_left(self, part: Part) -> float:
        """Until the commit window shuts, at the pace of the blocks seen so far."""
        if part.round.state.state is not State.COMMITTING or self.head is None:
            return self._evaluation_deadline_s
        blocks = max(part.round.deadline - self.head.number, 1)
        return min(max(blocks * self.follower.pace_s, LEAST_EVALUATION_S), self._evaluation_deadline_s)


def _kind_and_place(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = "" if place is None else f" at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}"
    return type(error).__name__ + where


def _opening(entry: RoundEntry) -> Reveal | None:
    """What was journalled before the commit, as the chain takes it."""
    found, salt = entry.reveal, entry.salt
    if found is None or salt is None:
        return None
    scores, lower, upper = found["scores"], found["lower_ppm"], found["upper_ppm"]
    if not isinstance(scores, list) or not isinstance(lower, int) or not isinstance(upper, int):
        return None
    return Reveal(
        scores=tuple(int(score) for score in scores),
        lower_ppm=lower,
        upper_ppm=upper,
        prediction_root=bytes.fromhex(str(found["prediction_root"])),
        env_digest=bytes.fromhex(str(found["env_digest"])),
        salt=salt,
    )


_STEPS: dict[Step, Callable[[Worker, Part, RoundEntry], None]] = {
    Step.WAIT: Worker._wait,
    Step.CHECK: Worker._check,
    Step.ACCEPT: Worker._accept,
    Step.EVALUATE: Worker._score,
    Step.COMMIT: Worker._commit,
    Step.REVEAL: Worker._reveal,
    Step.DECLINE: Worker._say_no,
    Step.EXCUSE: Worker._excuse,
    Step.CLOSE: Worker._finish,
}
