"""The real runtime on a chain, with people on it who act through the real client.

A :class:`Scene` sends each transaction through the :class:`TransactionManager`, has a block sealed where the chain
makes blocks at our word, and reads the outcome from it. :func:`prepare` takes a scene from nothing to where a round can
be requested; the folder of such a chain can be copied, so that each test begins there at the cost of a file copy.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from numpy.typing import NDArray

from offchain.chain import (
    ChainClient,
    Pending,
    Receipt,
    Signer,
    TransactionManager,
    address_of,
    calls,
    development_signer,
)
from offchain.chain.calls import Call
from offchain.chain.errors import DispatchFailed
from offchain.chain.types import (
    Address,
    Admission,
    BenchmarkSpec,
    CheckpointSpec,
    Description,
    Licence,
    Limits,
    Metric,
    Modality,
    Prices,
    Text,
)
from offchain.chain.workflows import version_spec
from offchain.crypto import SecretBytes, blake2b_256, claim_hash
from offchain.datasets import HeldOutManifest, PackedDataset, StewardKeys
from offchain.models import checkpoint_id, encode
from offchain.storage_key import storage_prefix, twox_64_concat, twox_128
from offchain.store import Cid, EmbeddedStore

from ._ground import Ground

__all__ = [
    "ASY",
    "AUTHOR",
    "BOND",
    "DEVELOPER",
    "EVALUATION",
    "GIFT",
    "LIMITS",
    "MODELS",
    "PEOPLE",
    "PPM",
    "PRICES",
    "SPARES",
    "STEWARD",
    "TREASURY",
    "VALIDATORS",
    "Packed",
    "Scene",
    "fee_shares",
]

ASY = 10**12
PPM = 1_000_000
AUTHOR = "//Alice"
STEWARD = "//Bob"
DEVELOPER = "//Ferdie"
VALIDATORS = ("//Charlie", "//Dave", "//Eve", "//One")
SPARES = ("//Two", "//Alice//stash", "//Bob//stash")
"""Enough to widen a committee of three."""
PEOPLE = (STEWARD, DEVELOPER, *VALIDATORS, *SPARES)
"""Everybody but the author of blocks, who is nobody's own on a chain that others use."""
BOND = 1_000 * ASY
GIFT = 30_000 * ASY
"""What people begin with who were not there at genesis."""
PRICES = Prices(evaluate=3 * ASY, train=5 * ASY, infer=ASY // 100)
TREASURY, EVALUATION, MODELS = (
    address_of(name.ljust(32, b"\0")) for name in (b"modlpy/trsry", b"modlas/evalu", b"modlas/model")
)
"""The accounts of the treasury and of the pallets that owe people money."""
LIMITS = Limits(max_checkpoint_mb=64, max_concurrent=8)

E_ = TypeVar("E_", bound=DispatchFailed)


@dataclass(frozen=True)
class Packed:
    """A packed data set with all its parts at hand."""

    folder: Path
    store: EmbeddedStore
    dataset: PackedDataset
    manifest: HeldOutManifest
    keys: StewardKeys


PROTOCOL = (*map(twox_128, ("Datasets", "Models", "Evaluation")), storage_prefix("Balances", "Holds"))


def fee_shares(fee: int) -> tuple[int, int]:
    """What the treasury and the block's author have of a transaction's fee."""
    return fee * 80 // 100, fee - fee * 80 // 100


@dataclass
class Scene:
    """A chain with people on it. Accounts go by the URI of their development key.

    Args:
        ground: the chain.
        client: how people reach it.
        manager: sends their transactions.
        packed: the steward's data.
        suffix: of the key URIs of people of our own, on a chain that others use.
    """

    ground: Ground
    client: ChainClient
    manager: TransactionManager
    packed: Packed
    suffix: str = ""
    datasets: list[int] = field(default_factory=list)
    benchmarks: list[int] = field(default_factory=list)
    models: list[int] = field(default_factory=list)
    secrets: list[SecretBytes] = field(default_factory=list)
    _intents: Iterator[int] = field(default_factory=itertools.count)
    _signers: dict[str, Signer] = field(default_factory=dict)
    _before: int = 0

    @property
    def dataset(self) -> int:
        """The number of the steward's first data set."""
        return self.datasets[0]

    @property
    def benchmark(self) -> int:
        """The number of the steward's first benchmark."""
        return self.benchmarks[0]

    def signer(self, who: str) -> Signer:
        """The key pair of a development account."""
        if who not in self._signers:
            suffix = "" if who == AUTHOR else self.suffix
            self._signers[who] = development_signer(who + suffix, self.client)
        return self._signers[who]

    def address(self, who: str) -> Address:
        """Its SS58 text."""
        return Address(self.signer(who).address)

    def name(self, address: str) -> str:
        """The URI behind a validator's address."""
        return next(name for name in (*VALIDATORS, *SPARES, DEVELOPER) if self.address(name) == address)

    @property
    def height(self) -> int:
        """Number of the last block."""
        return self.ground.height

    def run_to(self, block: int) -> None:
        """Comes back when the chain is that high."""
        self.ground.run_to(block)

    def seal(self) -> None:
        """Seals a block, on a chain that makes them at our word."""
        self.ground.seal()

    def send(self, who: str, call: Call, *, on_behalf_of: str | None = None) -> Receipt:
        """Does a deed, in a block of its own where the chain is ours."""
        real = None if on_behalf_of is None else self.address(on_behalf_of)
        self._before = self.height
        pending = self.manager.send(f"deed/{next(self._intents)}", call, self.signer(who), on_behalf_of=real)
        return self._receipts([pending])[0]

    def send_all(self, deeds: Sequence[tuple[str, Call]]) -> list[Receipt]:
        """Does several deeds, in one block where the chain is ours."""
        self._before = self.height
        return self._receipts(
            [self.manager.send(f"deed/{next(self._intents)}", call, self.signer(who)) for who, call in deeds]
        )

    def _receipts(self, under_way: Sequence[Pending]) -> list[Receipt]:
        self.seal()
        for _ in range(self.ground.more_seals):
            if set(self.client.extrinsics(self.client.head())) & {pending.entry.extrinsic for pending in under_way}:
                break
            self.seal()
        return [pending.wait(timeout_s=self.ground.patience_s) for pending in under_way]

    def refused(self, who: str, call: Call, kind: type[E_], error: str, *, on_behalf_of: str | None = None) -> E_:
        """The runtime refuses the deed with this error, and the block changes nothing but what its fee moves."""
        protocol, books = self.protocol(), self.books()
        with pytest.raises(kind) as caught:
            self.send(who, call, on_behalf_of=on_behalf_of)
        assert type(caught.value) is kind, caught.value
        assert f"{caught.value.pallet}.{caught.value.name}" == error
        assert self.protocol() == protocol
        fee = self.fee_of_last_deed()
        treasury, author = fee_shares(fee)
        books.subtract({self.address(who): fee})
        if self.ground.is_ours:
            books.subtract({TREASURY: -treasury, self.address(AUTHOR): -author})
        assert self.books() == books
        return caught.value

    def books(self) -> Counter[str]:
        """What each account has, on hold or not, in planck. Sums to the issuance.

        On a chain that others use: what each of our people has.
        """
        if not self.ground.is_ours:
            at = self.client.head()
            found = {who: self.client.accounts.get(who, at=at) for who in map(self.address, PEOPLE)}
            return Counter({who: account.free + account.reserved for who, account in found.items()})
        accounts = self.client.read_map(Any, Any, "System", "Account")
        books = Counter({who: entry["data"]["free"] + entry["data"]["reserved"] for who, entry in accounts.items()})
        assert books.total() == self.client.balances.issuance()
        return books

    def chill_all(self) -> None:
        """Takes our validators out of the draws: a chain has room for 256."""
        active = set(self.client.evaluation.active())
        for who in filter(lambda who: self.address(who) in active, PEOPLE):
            self.manager.send(f"deed/{next(self._intents)}", calls.evaluation.chill(), self.signer(who))

    def treasury_is_owed(self, amount: int) -> bool:
        """Whether the treasury is owed that much for evaluations; no less, on a chain that others use."""
        return self._is(self.client.evaluation.claimable(TREASURY), amount)

    def pallet_has(self, account: str, amount: int) -> bool:
        """Whether a pallet's account has that much; no less, on a chain that others use."""
        return self._is(self.client.accounts.get(account).free, amount)

    def _is(self, found: int, amount: int) -> bool:
        return found == amount if self.ground.is_ours else found >= amount

    def protocol(self) -> dict[bytes, bytes | None]:
        """Everything that our pallets store, and all holds, as raw bytes; nothing on a chain that others use."""
        if not self.ground.is_ours:
            return {}
        return {key: self.ground.get(key) for prefix in PROTOCOL for key in self.ground.keys(prefix)}

    def fee_of_last_deed(self) -> int:
        """Fees paid by our people since before the last deed, in planck."""
        mine = {self.address(who) for who in ((*PEOPLE, AUTHOR) if self.ground.is_ours else PEOPLE)}
        heads = range(self._before + 1, self.height + 1)
        return sum(
            event.fields["actual_fee"]
            for number in heads
            for event in self.client.events(self.client.block_hash(number))
            if str(event) == "TransactionPayment.TransactionFeePaid" and event.fields["who"] in mine
        )

    def stored_bytes(self, pallet: str, item: str, *keys: int | bytes) -> int:
        """Length of the value that a map stores under these numbers, or a hash."""
        suffix = b"".join(key if isinstance(key, bytes) else twox_64_concat(key) for key in keys)
        (key,) = (key for key in self.ground.keys(storage_prefix(pallet, item)) if key.endswith(suffix))
        return len(self.ground.get(key) or b"")

    def delegates(self, who: str) -> set[str]:
        """The addresses that are proxies of an account."""
        listed, _ = self.client.read(Any, "Proxy", "Proxies", self.address(who))
        return {entry["delegate"] for entry in listed}

    def pass_deadline(self, round_id: int) -> None:
        """Seals until the round's window is shut: the next block is the first one past it."""
        self.run_to(max(self.height, self.client.evaluation.round(round_id).deadline))

    # What prepares a round

    def register_dataset(self, *, admission: Admission | None = None) -> Receipt:
        """The steward registers an X-ray data set: accredited committees unless ``admission`` says otherwise."""
        description = Description(
            name=Text("Synthetic chests"),
            modality=Modality.XRAY,
            task=Text(self.packed.dataset.task),
            classes=tuple(map(Text, self.packed.dataset.classes)),
            licence=Licence(spdx="CC0-1.0"),
        )
        receipt = self.send(STEWARD, calls.datasets.register(description, PRICES, admission))
        self.datasets.append(_made(receipt, "Datasets", "Registered", "dataset"))
        return receipt

    def publish(self) -> Receipt:
        """The steward publishes what was packed."""
        spec = version_spec(self.packed.dataset.version_spec)
        return self.send(STEWARD, calls.datasets.publish_version(self.dataset, spec))

    def register_validators(self, names: Sequence[str] = VALIDATORS, *, accredit: bool = True) -> list[Receipt]:
        """Validators bond, and the steward accredits them, in one block."""
        keys = b"\x97" * 48, b"\x98" * 96
        deeds = [(name, calls.evaluation.register_validator(LIMITS, *keys, BOND)) for name in names]
        if accredit:
            deeds += [(STEWARD, calls.datasets.accredit(self.dataset, self.address(name))) for name in names]
        return self.send_all(deeds)

    def create_benchmark(self, **changes: Any) -> Receipt:
        """The steward makes a benchmark of three seats on AUROC."""
        spec = BenchmarkSpec(
            name=Text("Opacity"),
            dataset=self.dataset,
            version=0,
            metrics=(Metric.AUROC, Metric.SENSITIVITY, Metric.SPECIFICITY),
            main=0,
            tolerance_ppm=10_000,
            threshold_ppm=800_000,
            precision_ppm=5_000,
            seats=3,
        )
        receipt = self.send(STEWARD, calls.evaluation.create_benchmark(replace(spec, **changes)))
        self.benchmarks.append(_made(receipt, "Evaluation", "BenchmarkCreated", "benchmark"))
        return receipt

    def register_model(self, who: str = DEVELOPER, contributors: Sequence[tuple[str, int]] | None = None) -> Receipt:
        """A developer registers a model; all its fees are the developer's unless others contributed."""
        shares = [(self.address(name), share) for name, share in contributors or [(who, PPM)]]
        licence = Licence(spdx="Apache-2.0")
        receipt = self.send(who, calls.models.register(f"Model of {who}", licence, shares, ASY // 7))
        self.models.append(_made(receipt, "Models", "Registered", "model"))
        return receipt

    def weights(self, seed: int = 0) -> dict[str, NDArray[np.float32]]:
        """Weights that no other scene has: a chain takes a checkpoint once."""
        own = np.random.default_rng([seed, *self.suffix.encode()])
        return {"weight": own.normal(size=(4, 4)).astype(np.float32)}

    def checkpoint(self, seed: int = 0) -> CheckpointSpec:
        """A checkpoint in canonical form in the store, and what its owner says of it."""
        data = encode(self.weights(seed))
        card = json.dumps({"name": f"card {seed}"}, sort_keys=True, separators=(",", ":")).encode()
        return CheckpointSpec(
            id=checkpoint_id(data),
            cid=self.packed.store.put(data).binary,
            size_bytes=len(data),
            architecture=Text("small_cnn"),
            card_cid=Cid.of(card).binary,
            card_hash=blake2b_256(card),
            operating_point_ppm=500_000,
            parent=None,
        )

    def claim(self, who: str, spec: CheckpointSpec) -> SecretBytes:
        """Claims a checkpoint's id under seal, and returns the salt."""
        salt = SecretBytes.random()
        self.secrets.append(salt)
        self.send(who, calls.models.claim(claim_hash(spec.id, self.signer(who).public_key, salt.reveal())))
        return salt

    def submit_checkpoint(self, spec: CheckpointSpec, *, who: str = DEVELOPER, model: int = 0) -> None:
        """Claims, waits until the claim is ripe, and opens it for the scene's first model, or another one."""
        salt = self.claim(who, spec)
        self.run_to(self.height + 4)
        self.send(who, calls.models.open_claim(self.models[model], salt.reveal(), spec))

    def request(self, spec: CheckpointSpec, *, who: str = DEVELOPER, benchmark: int = 0) -> int:
        """Requests an evaluation on the scene's first benchmark, or another one, for exactly what is quoted.

        Returns the round.
        """
        number = self.benchmarks[benchmark]
        quote = self.client.evaluation.quote(number, spec.size_bytes)
        receipt = self.send(who, calls.evaluation.request_evaluation(number, spec.id, quote.total))
        return _made(receipt, "Evaluation", "EvaluationRequested", "round")


def _made(receipt: Receipt, pallet: str, event: str, field_name: str) -> int:
    found = receipt.event(pallet, event)
    assert found is not None
    return int(found.fields[field_name])
