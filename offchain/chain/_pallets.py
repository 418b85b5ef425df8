"""What each pallet holds, by name. Reads are of the finalized head unless ``at`` names a block's hash."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

from offchain.chain._typed import Address, Text
from offchain.chain.errors import NotOnChain
from offchain.chain.types import (
    Benchmark,
    Checkpoint,
    Claim,
    Dataset,
    DatasetVersion,
    FeeQuote,
    LeaderboardEntry,
    Member,
    Model,
    Outcome,
    Round,
    UsageCounts,
    Validator,
    Why,
)

__all__ = ["Account", "Accounts", "Balances", "Datasets", "Evaluation", "Models"]


T = TypeVar("T")

DUTIES: Final = frozenset(
    {
        "Datasets.release_key",
        "Evaluation.accept",
        "Evaluation.advance",
        "Evaluation.commit",
        "Evaluation.decline",
        "Evaluation.reveal",
    }
)
"""Calls whose pause stops the clock of rounds."""
INDEXED: Final = 1
"""Version of the evaluation's storage from which on it has an index of open rounds."""


class Reader(Protocol):
    """The part of the client that reads state."""

    def read(self, kind: Any, pallet: str, item: str, *params: Any, at: str | None = None) -> Any:
        """A storage value."""

    def read_map(
        self, key: Any, kind: Any, pallet: str, item: str, *params: Any, at: str | None = None
    ) -> dict[Any, Any]:
        """Entries of a storage map."""

    def read_many(self, kind: Any, pallet: str, item: str, keys: Any, *, at: str | None = None) -> list[Any]:
        """Values under several keys of a map."""

    def keeps(self, pallet: str, item: str, *, at: str | None = None) -> bool:
        """Whether there is such a storage item."""

    def storage_version(self, pallet: str, *, at: str | None = None) -> int:
        """The version of a pallet's storage."""

    def head(self) -> str:
        """Hash of the finalized head."""

    def ask(self, kind: Any, api: str, method: str, *params: Any, at: str | None = None) -> Any:
        """The answer of a runtime API."""


class _Pallet:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader


class Datasets(_Pallet):
    """Data sets, versions, accreditations and key releases."""

    def count(self, *, at: str | None = None) -> int:
        """Number of data sets; their ids run from 0."""
        return int(self._reader.read(int, "Datasets", "NextDataset", at=at))

    def get(self, dataset: int, *, at: str | None = None) -> Dataset:
        """A data set."""
        found: Dataset | None = self._reader.read(Dataset | None, "Datasets", "Datasets", dataset, at=at)
        return _there(found, f"data set {dataset}")

    def version(self, dataset: int, version: int, *, at: str | None = None) -> DatasetVersion:
        """A version of a data set."""
        found: DatasetVersion | None = self._reader.read(
            DatasetVersion | None, "Datasets", "Versions", dataset, version, at=at
        )
        return _there(found, f"version {version} of data set {dataset}")

    def all(self, *, at: str | None = None) -> dict[int, Dataset]:
        """Every data set by its id."""
        return self._reader.read_map(int, Dataset, "Datasets", "Datasets", at=at)

    def usage(self, dataset: int, *, at: str | None = None) -> UsageCounts:
        """How often a data set was used."""
        counts: UsageCounts = self._reader.read(UsageCounts, "Datasets", "Usage", dataset, at=at)
        return counts

    def accredited(self, dataset: int, *, at: str | None = None) -> tuple[str, ...]:
        """Accounts that may sit on the data set's committees."""
        return tuple(self._reader.read_map(Address, int, "Datasets", "Accreditations", dataset, at=at))

    def sealed_keys(self, round_id: int, member: str, *, at: str | None = None) -> tuple[bytes, ...] | None:
        """Keys of a round's shards sealed to a member, in ascending shard order, while the chain holds them."""
        keys: tuple[bytes, ...] | None = self._reader.read(
            tuple[bytes, ...] | None, "Datasets", "KeyReleases", round_id, member, at=at
        )
        return keys

    def exposure(self, dataset: int, version: int, *, at: str | None = None) -> tuple[int, ...]:
        """How many accounts ever held the key of each shard."""
        counts: tuple[int, ...] = self._reader.ask(
            tuple[int, ...], "EvaluationApi", "exposure", dataset, version, at=at
        )
        return counts


class Models(_Pallet):
    """Models, claims and checkpoints."""

    def count(self, *, at: str | None = None) -> int:
        """Number of models; their ids run from 0."""
        return int(self._reader.read(int, "Models", "NextModel", at=at))

    def get(self, model: int, *, at: str | None = None) -> Model:
        """A model."""
        found: Model | None = self._reader.read(Model | None, "Models", "Models", model, at=at)
        return _there(found, f"model {model}")

    def all(self, *, at: str | None = None) -> dict[int, Model]:
        """Every model by its id."""
        return self._reader.read_map(int, Model, "Models", "Models", at=at)

    def checkpoint(self, checkpoint: bytes, *, at: str | None = None) -> Checkpoint:
        """A checkpoint."""
        found: Checkpoint | None = self._reader.read(Checkpoint | None, "Models", "Checkpoints", checkpoint, at=at)
        return _there(found, f"checkpoint 0x{checkpoint.hex()}")

    def checkpoints(self, *, at: str | None = None) -> dict[bytes, Checkpoint]:
        """Every checkpoint by its id."""
        return self._reader.read_map(bytes, Checkpoint, "Models", "Checkpoints", at=at)

    def claim(self, account: str, claim_hash: bytes, *, at: str | None = None) -> Claim | None:
        """A sealed claim, while it stands."""
        found: Claim | None = self._reader.read(Claim | None, "Models", "Claims", account, claim_hash, at=at)
        return found

    def claimable(self, account: str, *, at: str | None = None) -> int:
        """Usage fees owed to an account, in planck."""
        return int(self._reader.read(int, "Models", "Claimables", account, at=at))


class Evaluation(_Pallet):
    """Benchmarks, validators, rounds and results.

    The clock of rounds stands still while the chain halts the duties of members and stewards. What the chain keeps by
    that clock is told in blocks here, as of the block that is read: the deadlines of rounds, and when bonds unlock.
    """

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader)
        self._stopped = "", 0

    def stopped_blocks(self, *, at: str | None = None) -> int:
        """Blocks in which the clock of rounds stood still, since genesis; 0 on a chain that has no such clock."""
        at = at or self._reader.head()
        known, stopped = self._stopped
        if known != at:
            has_clock = self._reader.keeps("Evaluation", "StoppedBlocks", at=at)
            stopped = int(self._reader.read(int, "Evaluation", "StoppedBlocks", at=at)) if has_clock else 0
            self._stopped = at, stopped
        return stopped

    def paused_duties(self, *, at: str | None = None) -> frozenset[str]:
        """Calls of members, stewards and whoever advances that governance has paused, as ``Evaluation.reveal``."""
        entries = self._reader.read_map(tuple[Text, Text], Any, "TxPause", "PausedCalls", at=at)
        return frozenset(f"{pallet}.{call}" for pallet, call in entries) & DUTIES

    def benchmark(self, benchmark: int, *, at: str | None = None) -> Benchmark:
        """A benchmark."""
        found: Benchmark | None = self._reader.read(Benchmark | None, "Evaluation", "Benchmarks", benchmark, at=at)
        return _there(found, f"benchmark {benchmark}")

    def benchmarks(self, *, at: str | None = None) -> dict[int, Benchmark]:
        """Every benchmark by its id."""
        return self._reader.read_map(int, Benchmark, "Evaluation", "Benchmarks", at=at)

    def validator(self, account: str, *, at: str | None = None) -> Validator | None:
        """A validator, where the account is one."""
        at = at or self._reader.head()
        found: Validator | None = self._reader.read(Validator | None, "Evaluation", "Validators", account, at=at)
        return found and found.later(self.stopped_blocks(at=at))

    def validators(self, *, at: str | None = None) -> dict[str, Validator]:
        """Every validator by its account."""
        at = at or self._reader.head()
        stopped = self.stopped_blocks(at=at)
        found: dict[str, Validator] = self._reader.read_map(Address, Validator, "Evaluation", "Validators", at=at)
        return {account: each.later(stopped) for account, each in found.items()}

    def active(self, *, at: str | None = None) -> tuple[str, ...]:
        """Validators that can be drawn."""
        accounts: tuple[str, ...] = self._reader.read(tuple[Address, ...], "Evaluation", "Active", at=at)
        return accounts

    def round_count(self, *, at: str | None = None) -> int:
        """Number of rounds ever requested; their ids run from 0."""
        return int(self._reader.read(int, "Evaluation", "NextRound", at=at))

    def round(self, round_id: int, *, at: str | None = None) -> Round:
        """A round."""
        at = at or self._reader.head()
        found: Round | None = self._reader.read(Round | None, "Evaluation", "Rounds", round_id, at=at)
        return _there(found, f"round {round_id}").later(self.stopped_blocks(at=at))

    def rounds(self, *, at: str | None = None) -> dict[int, Round]:
        """Every round by its id."""
        at = at or self._reader.head()
        stopped = self.stopped_blocks(at=at)
        found: dict[int, Round] = self._reader.read_map(int, Round, "Evaluation", "Rounds", at=at)
        return {number: each.later(stopped) for number, each in found.items()}

    def open_rounds(self, *, at: str | None = None) -> dict[int, Round]:
        """Rounds that have not ended, by id: from the chain's index where it has one, from all rounds otherwise."""
        at = at or self._reader.head()
        if self._reader.storage_version("Evaluation", at=at) < INDEXED:
            return {number: each for number, each in self.rounds(at=at).items() if not each.state.is_final}
        numbers = sorted(self._reader.read_map(int, Any, "Evaluation", "OpenRounds", at=at))
        stopped = self.stopped_blocks(at=at)
        found: list[Round] = self._reader.read_many(Round, "Evaluation", "Rounds", numbers, at=at)
        return {number: each.later(stopped) for number, each in zip(numbers, found, strict=True)}

    def round_of(self, benchmark: int, checkpoint: bytes, *, at: str | None = None) -> int | None:
        """The open or settled round of a checkpoint on a benchmark."""
        found: int | None = self._reader.read(int | None, "Evaluation", "RoundOf", benchmark, checkpoint, at=at)
        return found

    def members(self, round_id: int, *, at: str | None = None) -> dict[str, Member]:
        """Members of a round by account."""
        return self._reader.read_map(Address, Member, "Evaluation", "Members", round_id, at=at)

    def member(self, round_id: int, account: str, *, at: str | None = None) -> Member | None:
        """An account's part in a round, where it has one."""
        found: Member | None = self._reader.read(Member | None, "Evaluation", "Members", round_id, account, at=at)
        return found

    def result(self, benchmark: int, checkpoint: bytes, *, at: str | None = None) -> Outcome | None:
        """A checkpoint's result on a benchmark, where it has one."""
        found: Outcome | None = self._reader.read(Outcome | None, "Evaluation", "Results", benchmark, checkpoint, at=at)
        return found

    def claimable(self, account: str, *, at: str | None = None) -> int:
        """What the account is owed for evaluations, in planck."""
        return int(self._reader.read(int, "Evaluation", "Claimables", account, at=at))

    def why(self, round_id: int, *, at: str | None = None) -> Why:
        """What a round waits for, from whom, until which block."""
        found: Why | None = self._reader.ask(Why | None, "EvaluationApi", "why", round_id, at=at)
        return _there(found, f"round {round_id}")

    def leaderboard(
        self, benchmark: int, *, offset: int = 0, limit: int = 100, at: str | None = None
    ) -> tuple[LeaderboardEntry, ...]:
        """A page of a benchmark's results, best first; at most 100 at a time."""
        page: tuple[LeaderboardEntry, ...] = self._reader.ask(
            tuple[LeaderboardEntry, ...], "EvaluationApi", "leaderboard", benchmark, offset, limit, at=at
        )
        return page

    def quote(self, benchmark: int, size_bytes: int, *, at: str | None = None) -> FeeQuote:
        """What evaluating a checkpoint of this size on the benchmark costs now."""
        found: FeeQuote | None = self._reader.ask(
            FeeQuote | None, "EvaluationApi", "quote", benchmark, size_bytes, at=at
        )
        return _there(found, f"benchmark {benchmark}")


@dataclass(frozen=True)
class Account:
    """An account's nonce and balances, in planck: ``free`` includes what is frozen, not what is ``reserved``."""

    nonce: int
    free: int
    reserved: int
    frozen: int

    @property
    def total(self) -> int:
        """Everything the account has."""
        return self.free + self.reserved

    @property
    def spendable(self) -> int:
        """What is neither frozen nor on hold; paying all of it ends the account."""
        return max(self.free - max(self.frozen - self.reserved, 0), 0)


class Accounts(_Pallet):
    """Accounts."""

    def get(self, account: str, *, at: str | None = None) -> Account:
        """An account; one that never was has nothing."""
        found = self._reader.read(Any, "System", "Account", account, at=at)
        data = found["data"]
        return Account(found["nonce"], data["free"], data["reserved"], data["frozen"])


class Balances(_Pallet):
    """The currency."""

    def issuance(self, *, at: str | None = None) -> int:
        """All there is, in planck."""
        return int(self._reader.read(int, "Balances", "TotalIssuance", at=at))

    def holds(self, account: str, *, at: str | None = None) -> dict[str, int]:
        """What is on hold of an account, in planck, by reason: ``Evaluation.Bond``."""
        found = self._reader.read(Any, "Balances", "Holds", account, at=at)
        return {_reason(hold["id"]): hold["amount"] for hold in found or ()}


def _reason(value: Any) -> str:
    if isinstance(value, dict):
        pallet, inner = next(iter(value.items()))
        return f"{pallet}.{_reason(inner)}"
    return str(value)


def _there(found: T | None, what: str) -> T:
    if found is None:
        raise NotOnChain("the chain holds no such thing", subject=what)
    return found
