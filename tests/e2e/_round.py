"""A round as its members, its steward and anybody drive it: by real calls, with real keys and commitments."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field

from offchain.chain import Receipt, calls
from offchain.chain.types import DeclineReason, Member, Reveal, Round, State, Why, shard_indices
from offchain.crypto import OneTimeKey, ScoreCommitment, SecretBytes, blake2b_256, merkle_root

from ._scene import STEWARD, Scene

__all__ = ["HONEST", "LIE", "Drive", "opening"]

HONEST = (900_000, 880_000, 920_000)
LIE = (990_000, 995_000, 985_000)
"""Scores that a liar claims: out of tolerance of the honest ones."""


def opening(scores: tuple[int, ...] = HONEST, *, width: int = 50_000) -> Reveal:
    """A reveal of these scores with a fresh salt."""
    predictions = [score.to_bytes(4, "little") for score in scores]
    return Reveal(
        scores=scores,
        lower_ppm=scores[0] - width,
        upper_ppm=min(scores[0] + width, 1_000_000),
        prediction_root=merkle_root(predictions),
        env_digest=blake2b_256(b"an environment"),
        salt=secrets.token_bytes(32),
    )


@dataclass
class Drive:
    """One round. Members go by the URI of their development key."""

    scene: Scene
    id: int
    keys: dict[str, OneTimeKey] = field(default_factory=dict)
    reveals: dict[str, Reveal] = field(default_factory=dict)

    # What the chain says

    @property
    def round(self) -> Round:
        """The round."""
        return self.scene.client.evaluation.round(self.id)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self.round.state.state

    @property
    def why(self) -> Why:
        """What it waits for."""
        return self.scene.client.evaluation.why(self.id)

    @property
    def seats(self) -> dict[str, int]:
        """Members and their seats, in ascending order of their accounts."""
        members = self.scene.client.evaluation.members(self.id)
        names = {self.scene.signer(name).public_key: name for name in map(self.scene.name, members)}
        return {names[key]: members[self.scene.address(names[key])].seats for key in sorted(names)}

    @property
    def members(self) -> list[str]:
        """Members, in ascending order of their accounts."""
        return list(self.seats)

    def member(self, who: str) -> Member:
        """A member's part."""
        found = self.scene.client.evaluation.member(self.id, self.scene.address(who))
        assert found is not None
        return found

    def owed(self, who: str) -> int:
        """What the account is owed for evaluations, in planck."""
        return self.scene.client.evaluation.claimable(self.scene.address(who))

    # What people do

    def advance(self, who: str = STEWARD) -> Receipt:
        """Moves the round on, once its window has passed."""
        self.scene.pass_deadline(self.id)
        return self.scene.send(who, calls.evaluation.advance(self.id))

    def draw(self) -> list[str]:
        """Waits for the blocks that feed the draw and for the draw after them, and returns the members."""
        self.pass_draw()
        assert self.state is State.ACCEPTING
        return self.members

    def pass_draw(self) -> None:
        """Waits until the draw was made, at the beginning of the block after the round's deadline."""
        if self.scene.ground.is_ours:
            assert self.state is State.REQUESTED
        while self.state is State.REQUESTED:
            self.scene.run_to(self.round.deadline + 1)

    def accepting(self, who: str) -> calls.Call:
        """The member's acceptance, with its own one-time key."""
        key = self.keys.setdefault(who, OneTimeKey())
        self.scene.secrets.append(key.secret)
        return calls.evaluation.accept(self.id, key.public)

    def accept(self, *names: str) -> list[Receipt]:
        """Members accept; all of them unless named."""
        return self.scene.send_all([(who, self.accepting(who)) for who in names or self.members])

    def sealed(self, who: str) -> list[bytes]:
        """The keys of the round's shards, sealed to the member by the steward."""
        shards = shard_indices(self.round.terms.shards)
        return self.scene.packed.keys.release(shards, self.keys[who].public)

    def releasing(self, who: str) -> calls.Call:
        """The steward's release to the member."""
        return calls.datasets.release_key(self.id, self.scene.address(who), self.sealed(who))

    def release(self, *names: str) -> list[Receipt]:
        """The steward releases keys to these members; to all who accepted unless named."""
        return self.scene.send_all([(STEWARD, self.releasing(who)) for who in names or self.keys])

    def open_keys(self, who: str) -> list[SecretBytes]:
        """The shard keys that the chain holds for the member, each held against its commitment."""
        sealed = self.scene.client.datasets.sealed_keys(self.id, self.scene.address(who))
        assert sealed is not None
        headers = self.scene.packed.manifest.shards
        commitments = [headers[shard].key_commitment for shard in shard_indices(self.round.terms.shards)]
        return self.keys[who].open_all(sealed, commitments)

    def digest(self, who: str, reveal: Reveal) -> bytes:
        """What this account must commit to in order to reveal this."""
        terms = self.round.terms
        return ScoreCommitment(
            genesis=self.scene.client.genesis,
            round=self.id,
            checkpoint=terms.checkpoint,
            dataset=terms.dataset,
            version=terms.version,
            env_digest=reveal.env_digest,
            scores=reveal.scores,
            lower=reveal.lower_ppm,
            upper=reveal.upper_ppm,
            prediction_root=reveal.prediction_root,
            salt=reveal.salt,
            account=self.scene.signer(who).public_key,
        ).digest()

    def committing(self, who: str, scores: tuple[int, ...] = HONEST) -> calls.Call:
        """The member's commitment to these scores."""
        reveal = self.reveals.setdefault(who, opening(scores))
        self.scene.secrets.append(SecretBytes(reveal.salt))
        return calls.evaluation.commit(self.id, self.digest(who, reveal))

    def commit(self, *names: str, liars: Iterable[str] = ()) -> list[Receipt]:
        """Members commit; all who accepted unless named."""
        lying = set(liars)
        whose = names or tuple(self.keys)
        return self.scene.send_all([(who, self.committing(who, LIE if who in lying else HONEST)) for who in whose])

    def revealing(self, who: str) -> calls.Call:
        """The member's opening of its own commitment."""
        return calls.evaluation.reveal(self.id, self.reveals[who])

    def reveal(self, *names: str) -> list[Receipt]:
        """Members reveal; all who committed unless named."""
        return self.scene.send_all([(who, self.revealing(who)) for who in names or self.reveals])

    def decline(self, reason: DeclineReason, *names: str) -> list[Receipt]:
        """These members decline for this reason."""
        return self.scene.send_all([(who, calls.evaluation.decline(self.id, reason)) for who in names])

    def to_committing(self) -> list[str]:
        """Draws, has all accept, releases to all; returns the members."""
        members = self.draw()
        self.accept()
        self.release()
        assert self.state is State.COMMITTING
        return members

    def to_revealing(self, *, liars: Iterable[str] = ()) -> list[str]:
        """On to where all have committed; returns the members."""
        members = self.to_committing()
        self.commit(liars=liars)
        assert self.state is State.REVEALING
        return members
