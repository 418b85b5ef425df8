"""The real runtime on an embedded chain, with people on it who act through the real client.

A :class:`Scene` sends each transaction through the :class:`TransactionManager`, seals a block by hand and reads the
outcome from it. :func:`prepare` takes a chain from genesis to where a round can be requested; a scene of that chain can
be copied, so that each test begins there at the cost of a file copy.
"""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import xxhash

from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, address_of, calls, development_signer
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
from offchain.devchain import DevChain, Node, Sealing
from offchain.models import checkpoint_id, encode
from offchain.store import Cid, EmbeddedStore

__all__ = [
    "ASY",
    "AUTHOR",
    "BOND",
    "DEVELOPER",
    "EVALUATION",
    "LIMITS",
    "MODELS",
    "PPM",
    "PRICES",
    "SPARES",
    "STEWARD",
    "TREASURY",
    "VALIDATORS",
    "Packed",
    "Scene",
    "fee_shares",
    "open_scene",
    "prepare",
]

ASY = 10**12
PPM = 1_000_000
AUTHOR = "//Alice"
STEWARD = "//Bob"
DEVELOPER = "//Ferdie"
VALIDATORS = ("//Charlie", "//Dave", "//Eve", "//One")
SPARES = ("//Two", "//Alice//stash", "//Bob//stash")
"""Enough to widen a committee of three."""
BOND = 1_000 * ASY
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


def twox_128(text: str) -> bytes:
    """Where a pallet's storage begins."""
    return b"".join(xxhash.xxh64_intdigest(text.encode(), seed).to_bytes(8, "little") for seed in (0, 1))


PROTOCOL = (*map(twox_128, ("Datasets", "Models", "Evaluation")), twox_128("Balances") + twox_128("Holds"))


def fee_shares(fee: int) -> tuple[int, int]:
    """What the treasury and the block's author have of a transaction's fee."""
    return fee * 80 // 100, fee - fee * 80 // 100


@dataclass
class Scene:
    """A chain with people on it. Accounts go by the URI of their development key."""

    chain: DevChain
    node: Node
    client: ChainClient
    manager: TransactionManager
    packed: Packed
    secrets: list[SecretBytes] = field(default_factory=list)
    _intents: Iterator[int] = field(default_factory=itertools.count)
    _signers: dict[str, Signer] = field(default_factory=dict)

    def signer(self, who: str) -> Signer:
        """The key pair of a development account."""
        if who not in self._signers:
            self._signers[who] = development_signer(who, self.client)
        return self._signers[who]

    def address(self, who: str) -> Address:
        """Its SS58 text."""
        return Address(self.signer(who).address)

    def name(self, address: str) -> str:
        """The URI behind a validator's address."""
        return next(name for name in (*VALIDATORS, *SPARES) if self.address(name) == address)

    @property
    def height(self) -> int:
        """Number of the last block."""
        return self.chain.height

    def seal(self) -> None:
        """Seals what was sent: at once, or a block later where a session begins, whose first block takes nothing."""
        self.chain.seal()
        if self.chain.pool.ready:
            self.chain.seal()

    def send(self, who: str, call: Call, *, on_behalf_of: str | None = None) -> Receipt:
        """Does a deed in a block of its own."""
        real = None if on_behalf_of is None else self.address(on_behalf_of)
        pending = self.manager.send(f"deed/{next(self._intents)}", call, self.signer(who), on_behalf_of=real)
        self.seal()
        return pending.wait(timeout_s=20)

    def send_all(self, deeds: Sequence[tuple[str, Call]]) -> list[Receipt]:
        """Does several deeds in one block."""
        under_way = [self.manager.send(f"deed/{next(self._intents)}", call, self.signer(who)) for who, call in deeds]
        self.seal()
        return [pending.wait(timeout_s=20) for pending in under_way]

    def refused(self, who: str, call: Call, kind: type[E_], error: str, *, on_behalf_of: str | None = None) -> E_:
        """The runtime refuses the deed with this error, and the block changes nothing but what its fee moves."""
        protocol, books = self.protocol(), self.books()
        with pytest.raises(kind) as caught:
            self.send(who, call, on_behalf_of=on_behalf_of)
        assert type(caught.value) is kind
        assert f"{caught.value.pallet}.{caught.value.name}" == error
        assert self.protocol() == protocol
        fee = self.fee_of_last_block()
        treasury, author = fee_shares(fee)
        books.subtract({self.address(who): fee, TREASURY: -treasury, self.address(AUTHOR): -author})
        assert self.books() == books
        return caught.value

    def books(self) -> Counter[str]:
        """What each account has, on hold or not, in planck. Sums to the issuance."""
        accounts = self.client.read_map(Any, Any, "System", "Account")
        books = Counter({who: entry["data"]["free"] + entry["data"]["reserved"] for who, entry in accounts.items()})
        assert books.total() == self.client.balances.issuance()
        return books

    def protocol(self) -> dict[bytes, bytes | None]:
        """Everything that our pallets store, and all holds, as raw bytes."""
        height = self.height
        keys = [key for prefix in PROTOCOL for key in self.chain.store.keys(prefix, None, None, height)]
        return {key: self.chain.get(key, height) for key in keys}

    def fee_of_last_block(self) -> int:
        """Fees paid in the last block, in planck."""
        events = self.client.events(self.client.head())
        return sum(
            event.fields["actual_fee"] for event in events if str(event) == "TransactionPayment.TransactionFeePaid"
        )

    def stored_bytes(self, pallet: str, item: str, suffix: bytes) -> int:
        """Length of a stored value whose key ends so."""
        prefix = twox_128(pallet) + twox_128(item)
        (key,) = (key for key in self.chain.store.keys(prefix, None, None, self.height) if key.endswith(suffix))
        return len(self.chain.get(key) or b"")

    def delegates(self, who: str) -> set[str]:
        """The addresses that are proxies of an account."""
        listed, _ = self.client.read(Any, "Proxy", "Proxies", self.address(who))
        return {entry["delegate"] for entry in listed}

    def pass_deadline(self, round_id: int) -> None:
        """Seals until the round's window is shut: the next block is the first one past it."""
        self.chain.run_to(max(self.height, self.client.evaluation.round(round_id).deadline))

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
        return self.send(STEWARD, calls.datasets.register(description, PRICES, admission))

    def publish(self, dataset: int = 0) -> Receipt:
        """The steward publishes what was packed."""
        spec = version_spec(self.packed.dataset.version_spec)
        return self.send(STEWARD, calls.datasets.publish_version(dataset, spec))

    def register_validators(self, names: Sequence[str] = VALIDATORS, *, accredit: bool = True) -> list[Receipt]:
        """Validators bond, and the steward accredits them, in one block."""
        keys = b"\x97" * 48, b"\x98" * 96
        deeds = [(name, calls.evaluation.register_validator(LIMITS, *keys, BOND)) for name in names]
        if accredit:
            deeds += [(STEWARD, calls.datasets.accredit(0, self.address(name))) for name in names]
        return self.send_all(deeds)

    def create_benchmark(self, **changes: Any) -> Receipt:
        """The steward makes a benchmark of three seats on AUROC."""
        spec = BenchmarkSpec(
            name=Text("Opacity"),
            dataset=0,
            version=0,
            metrics=(Metric.AUROC, Metric.SENSITIVITY, Metric.SPECIFICITY),
            main=0,
            tolerance_ppm=10_000,
            threshold_ppm=800_000,
            precision_ppm=5_000,
            seats=3,
        )
        return self.send(STEWARD, calls.evaluation.create_benchmark(replace(spec, **changes)))

    def register_model(self, who: str = DEVELOPER, contributors: Sequence[tuple[str, int]] | None = None) -> Receipt:
        """A developer registers a model; all its fees are the developer's unless others contributed."""
        shares = [(self.address(name), share) for name, share in contributors or [(who, PPM)]]
        return self.send(who, calls.models.register(f"Model of {who}", Licence(spdx="Apache-2.0"), shares, ASY // 7))

    def checkpoint(self, seed: int = 0) -> CheckpointSpec:
        """A checkpoint in canonical form in the store, and what its owner says of it."""
        data = encode({"weight": np.random.default_rng(seed).normal(size=(4, 4)).astype(np.float32)})
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
        """Claims, waits until the claim is ripe, and opens it."""
        salt = self.claim(who, spec)
        self.chain.run_to(self.height + 4)
        self.send(who, calls.models.open_claim(model, salt.reveal(), spec))

    def request(self, spec: CheckpointSpec, *, who: str = DEVELOPER, benchmark: int = 0) -> int:
        """Requests an evaluation for exactly what is quoted, and returns the round."""
        quote = self.client.evaluation.quote(benchmark, spec.size_bytes)
        receipt = self.send(who, calls.evaluation.request_evaluation(benchmark, spec.id, quote.total))
        requested = receipt.event("Evaluation", "EvaluationRequested")
        assert requested is not None
        return int(requested.fields["round"])


def prepare(scene: Scene) -> None:
    """From genesis to where the developer can request rounds on checkpoint 0."""
    scene.register_dataset()
    scene.publish()
    scene.register_validators()
    scene.create_benchmark()
    scene.register_model()
    scene.submit_checkpoint(scene.checkpoint())


@contextmanager
def open_scene(packed: Packed, folder: Path, *, chain_folder: Path | None = None) -> Iterator[Scene]:
    """A scene on the chain in a folder, or on a new one in memory; ``folder`` keeps the transactions' journal."""
    with ExitStack() as stack:
        chain = DevChain.fresh() if chain_folder is None else DevChain(None, chain_folder)
        stack.enter_context(chain)
        node = stack.enter_context(Node(chain, sealing=Sealing.MANUAL))
        client = stack.enter_context(ChainClient(node.ws_url))
        scene = Scene(chain, node, client, TransactionManager(client, folder / "transactions.sqlite"), packed)
        scene.secrets += [*packed.keys.shard_keys, packed.keys.group_salt, *(each.salt for each in packed.keys.labels)]
        yield scene
