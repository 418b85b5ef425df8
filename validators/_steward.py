"""The steward's key agent: releases the keys of a round's shards to the members that accepted, and to nobody else."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from offchain.chain import BlockRef, ChainClient, Signer, calls
from offchain.chain.errors import DeadlineExceeded, NodeUnreachable
from offchain.chain.types import Accepted, Round, State, shard_indices
from offchain.crypto import check_shard_key
from offchain.datasets import StewardKeys
from offchain.errors import AssayError
from validators._agent import Agent
from validators._errors import KeysUnfit, NotRegistered
from validators._follow import Moment
from validators._log import Log
from validators._releases import Releases

__all__ = ["StewardAgent"]

PAUSE_S = 5.0
"""How long to leave a release alone that went wrong."""


class StewardAgent(Agent):
    """A steward's key agent. See :class:`Agent` for the arguments that are not here.

    Args:
        keys: the secrets of each version that it may release.
    """

    kind: ClassVar[str] = "steward"

    def __init__(
        self,
        client: ChainClient,
        signer: Signer,
        keys: Iterable[StewardKeys],
        *,
        folder: Path,
        on_behalf_of: str | None = None,
        log: Log | None = None,
        metrics_port: int | None = None,
        poll_s: float = 0.5,
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
        self._keys = {each.manifest.binary: each for each in keys}
        self._versions: dict[tuple[int, int], StewardKeys] = {}
        self._due: dict[tuple[int, str], bytes] = {}
        self._rounds: dict[int, Round] = {}
        self._paused: dict[tuple[int, str], float] = {}
        self._releases: Releases | None = None

    @property
    def releases(self) -> Releases:
        """The journal of releases, while the agent runs."""
        if self._releases is None:
            raise NotRegistered("the key agent is not running", subject=self.account)
        return self._releases

    def _unfinished(self) -> list[int]:
        if self._releases is None:
            self._releases = Releases(
                self.journals["agent"], account=self.account, genesis="0x" + self.client.genesis.hex()
            )
        return []

    def _shut(self) -> None:
        if self._releases is not None:
            self._releases.close()
            self._releases = None

    def _note(self, moment: Moment) -> None:
        for number, round_ in moment.changed.items():
            if round_.terms.steward != self.account:
                continue
            waiting = {}
            if round_.state.state is State.RELEASING:
                members = self.client.evaluation.members(number, at=moment.head.hash)
                waiting = {who: each.progress for who, each in members.items() if isinstance(each.progress, Accepted)}
            self._due = {key: public for key, public in self._due.items() if key[0] != number}
            self._paused = {key: until for key, until in self._paused.items() if key[0] != number or waiting}
            self._due |= {(number, who): progress.key for who, progress in waiting.items()}
            self._rounds.pop(number, None)
            if waiting:
                self._rounds[number] = round_

    def _report_own(self, head: BlockRef) -> None:
        every = self.client.datasets.all(at=head.hash)
        self.health.show_faults({number: each.faults for number, each in every.items() if each.steward == self.account})

    def _duties(self) -> tuple[int, dict[tuple[int, str], int]]:
        return len(self._rounds), {(number, "release"): each.deadline for number, each in self._rounds.items()}

    def _tend(self, head: BlockRef) -> None:
        for (number, member), public in list(self._due.items()):
            round_ = self._rounds[number]
            if head.number >= round_.deadline or time.monotonic() < self._paused.get((number, member), 0.0):
                continue
            try:
                boxes = self._boxes(number, round_, member, public)
                call = calls.datasets.release_key(number, member, boxes)
                self.outbox.send(f"round/{number}/{member}/release", call)
            except (NodeUnreachable, DeadlineExceeded):
                raise
            except AssayError as error:  # of this release alone: the others go on
                self.health.errors.labels(str(error.code)).inc()
                self.log("release.trouble", round=number, member=member, code=error.code, what=error.what)
                self._paused[number, member] = time.monotonic() + PAUSE_S

    def _boxes(self, number: int, round_: Round, member: str, public: bytes) -> list[bytes]:
        """The sealed keys of exactly the round's shards: those journalled before, where there are any."""
        kept = self.releases.find(number, member)
        if kept is not None:
            return kept
        keys = self._keys_of(round_.terms.dataset, round_.terms.version)
        boxes = keys.release(shard_indices(round_.terms.shards), public)
        self.log("release.sealed", round=number, member=member, shards=len(boxes))
        return self.releases.keep(number, member, boxes)

    def _keys_of(self, dataset: int, version: int) -> StewardKeys:
        """The secrets of a version, held against its commitments: a wrong key file releases nothing."""
        found = self._versions.get((dataset, version))
        if found is not None:
            return found
        spec = self.client.datasets.version(dataset, version).spec
        keys = self._keys.get(spec.manifest)
        if keys is None or len(keys.shard_keys) != len(spec.shards):
            raise KeysUnfit(
                "no key file belongs to this version",
                subject=f"version {version} of data set {dataset}",
                hint="name its key file with --keys",
            )
        for key, shard in zip(keys.shard_keys, spec.shards, strict=True):
            check_shard_key(key, shard.key_commitment)
        self._versions[dataset, version] = keys
        return keys
