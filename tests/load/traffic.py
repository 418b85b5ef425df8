"""What is sent: a third commits and reveals, the rest votes, accreditations and transfers."""

from __future__ import annotations

import itertools
import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b

from offchain.chain.types import Reveal
from offchain.crypto import ScoreCommitment

from . import encoded
from .stage import ASY, Round, Stage
from .wallet import Facts, Wallet

__all__ = ["Sent", "Traffic"]


@dataclass
class Sent:
    """A transaction on its way. Times are seconds of the monotonic clock."""

    kind: str
    sender: str
    extrinsic: bytes
    sent_at: float = 0.0
    round_id: int | None = None
    refusals: list[str] = field(default_factory=list)

    @property
    def hash(self) -> str:
        """blake2b-256 of the extrinsic as blocks hold it, as ``0x`` hex."""
        return "0x" + blake2b(self.extrinsic, digest_size=32).hexdigest()


class Traffic:
    """An endless mix. A round's reveals follow when :meth:`included` has seen all of its commits.

    Args:
        stage: who is there.
        genesis: hash of the loaded network's block 0, which commitments cover.
        seed: of the order of things.
    """

    def __init__(self, stage: Stage, genesis: bytes, *, seed: int = 0) -> None:
        self._genesis = genesis
        self._wallets = {name: Wallet(name) for name in (*stage.validators, *stage.stewards, *stage.people)}
        for name, wallet in self._wallets.items():
            wallet.nonce = stage.nonces.get(name, 0)
        self._random = random.Random(seed)
        self._rounds = {each.id: each for each in stage.rounds}
        self._commits = deque((each, name) for each in stage.rounds for name in each.members)
        self._reveals: deque[tuple[Round, str]] = deque()
        self._awaited = {each.id: set(each.members) for each in stage.rounds}
        self._stage = stage
        self._people = itertools.cycle(stage.people)
        self._accreditations = self._accredit_and_revoke()
        self._votes = itertools.count()
        self._kinds = itertools.cycle(
            ["duty", "vote", "transfer", "duty", "accredit", "vote", "duty", "transfer", "accredit"]
        )

    def next(self, facts: Facts) -> Sent:
        """The next transaction, signed. A transfer stands in where no duty is open."""
        kind = next(self._kinds)
        if kind == "duty" and self._reveals:
            each, name = self._reveals.popleft()
            return self._sent("reveal", name, encoded.reveal(each.id, _opening(each, name)), facts, each.id)
        if kind == "duty" and self._commits:
            each, name = self._commits.popleft()
            return self._sent("commit", name, encoded.commit(each.id, self._commitment(each, name)), facts, each.id)
        if kind == "vote":
            number = next(self._votes)
            call = encoded.vote(
                number % self._stage.referenda, aye=number % 3 == 0, amount=self._random.randrange(1, ASY)
            )
            return self._sent("vote", next(self._people), call, facts)
        if kind == "accredit":
            steward, call = next(self._accreditations)
            return self._sent("accredit", steward, call, facts)
        to = self._wallets[self._random.choice(self._stage.people)].public
        return self._sent("transfer", next(self._people), encoded.transfer(to, self._random.randrange(1, ASY)), facts)

    def included(self, sent: Sent) -> None:
        """Hears that a block holds the transaction."""
        if sent.kind == "commit" and sent.round_id is not None:
            waiting = self._awaited[sent.round_id]
            waiting.discard(sent.sender)
            if not waiting:
                self._reveals += [(self._rounds[sent.round_id], name) for name in self._rounds[sent.round_id].members]

    def _sent(self, kind: str, name: str, call: bytes, facts: Facts, round_id: int | None = None) -> Sent:
        return Sent(kind, name, self._wallets[name].sign(facts, call), round_id=round_id)

    def _accredit_and_revoke(self) -> Iterator[tuple[str, bytes]]:
        """Each steward but the first, whose data set the rounds use, lets a validator in and out again, in turns."""
        stewards = list(enumerate(self._stage.stewards))[1:]
        for name in itertools.cycle(self._stage.validators):
            validator = self._wallets[name].public
            for call in (encoded.accredit, encoded.revoke):
                for dataset, steward in stewards:
                    yield steward, call(dataset, validator)

    def _commitment(self, each: Round, name: str) -> bytes:
        opening = _opening(each, name)
        return ScoreCommitment(
            genesis=self._genesis,
            round=each.id,
            checkpoint=each.checkpoint,
            dataset=0,
            version=0,
            env_digest=opening.env_digest,
            scores=opening.scores,
            lower=opening.lower_ppm,
            upper=opening.upper_ppm,
            prediction_root=opening.prediction_root,
            salt=opening.salt,
            account=self._wallets[name].public,
        ).digest()


def _opening(each: Round, name: str) -> Reveal:
    """The same scores for all members of a round; a salt for each."""
    salt = blake2b(f"{each.id}/{name}".encode(), digest_size=32).digest()
    same = blake2b(each.id.to_bytes(4, "little"), digest_size=32).digest()
    return Reveal(
        scores=(900_000,), lower_ppm=880_000, upper_ppm=920_000, prediction_root=same, env_digest=same, salt=salt
    )
