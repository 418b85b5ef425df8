"""A chain with a thousand rounds waiting for commits, as the genesis of a network that is to bear load.

The rounds are real: requested, drawn, accepted and given keys by transactions on the embedded chain, whose state then
becomes block 0 of the network. Only what tells the time is left out, so that the network's clock begins anew.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from substrateinterface import Keypair

from offchain.chain import ChainClient, calls
from offchain.chain.calls import Call
from offchain.chain.types import (
    BenchmarkSpec,
    CheckpointSpec,
    ClassCount,
    Description,
    Licence,
    Limits,
    Metric,
    Modality,
    Prices,
    Shard,
    Text,
    VersionSpec,
)
from offchain.chain.types import (
    State as RoundStage,
)
from offchain.crypto import SEALED_KEY_BYTES, OneTimeKey, claim_hash
from offchain.devchain import ChainSpec, DevChain, Node, Sealing
from offchain.devchain._spec import ARTIFACTS
from offchain.devchain._state import State
from offchain.storage_key import twox_128
from offchain.store import Cid

from . import encoded
from .wallet import Facts, Wallet

__all__ = ["ASY", "Round", "Stage", "dress"]

ASY = 10**12
CLOCK = (
    ("System", "Number"),
    ("System", "ParentHash"),
    ("System", "Digest"),
    ("System", "BlockHash"),
    ("System", "Events"),
    ("System", "EventCount"),
    ("System", "EventTopics"),
    ("System", "ExecutionPhase"),
    ("Timestamp", "Now"),
    ("Aura", "CurrentSlot"),
)
"""What a chain writes of its own blocks and time."""
AGE = 2_000
"""Blocks before the first request: deadlines come out later than any block of the network to be loaded."""


@dataclass(frozen=True)
class Round:
    """A round that waits for commits, and the names of its members' wallets."""

    id: int
    checkpoint: bytes
    members: tuple[str, ...]


@dataclass(frozen=True)
class Stage:
    """A network to be: its chain spec, its rounds, its people, and how often each has signed."""

    spec: ChainSpec
    rounds: tuple[Round, ...]
    validators: tuple[str, ...]
    stewards: tuple[str, ...]
    people: tuple[str, ...]
    referenda: int
    nonces: dict[str, int]

    def write_spec(self, path: Path) -> Path:
        """The raw chain spec that native nodes take."""
        path.write_text(json.dumps(self.spec.as_json()), encoding="utf-8")
        return path


class _Builder:
    """Sends on an embedded chain, many transactions to a block."""

    def __init__(self, chain: DevChain, client: ChainClient) -> None:
        self.chain = chain
        self.client = client
        version = client.connection.call("state_getRuntimeVersion", [])
        self.facts = Facts(version["specVersion"], version["transactionVersion"], chain.genesis_hash)
        self.wallets: dict[str, Wallet] = {}

    def wallet(self, name: str) -> Wallet:
        return self.wallets.setdefault(name, Wallet(name))

    def encode(self, call: Call) -> bytes:
        interface = self.client.interface
        interface.for_signing()
        return bytes(interface.compose(call.pallet, call.name, call.encoded_args()).data.data)

    def submit(self, name: str, call: bytes) -> None:
        self.chain.submit(self.wallet(name).sign(self.facts, call))

    def settle(self) -> None:
        """Seals until the pool is empty; a failed transaction ends the staging."""
        while len(self.chain.pool):
            self.seal()

    def seal(self) -> None:
        self.chain.seal()
        failed = [event for event in self.client.events(self.client.head()) if str(event) == "System.ExtrinsicFailed"]
        if failed:
            raise RuntimeError(f"block {self.chain.height} holds a transaction that failed: {failed[0].fields}")


def dress(
    *,
    rounds: int = 1_000,
    seats: int = 11,
    validators: int = 100,
    stewards: int = 10,
    people: int = 400,
    referenda: int = 4,
) -> Stage:
    """Sets the stage, from the preset ``local_testnet`` with its four authorities."""
    spec = ChainSpec.load(ARTIFACTS / "chain-spec-local.json")
    with DevChain.fresh(spec) as chain, Node(chain, sealing=Sealing.MANUAL) as node, ChainClient(node.ws_url) as client:
        builder = _Builder(chain, client)
        names = {
            "validator": tuple(f"validator/{each}" for each in range(validators)),
            "steward": tuple(f"steward/{each}" for each in range(stewards)),
            "person": tuple(f"person/{each}" for each in range(people)),
        }
        _fund(builder, names)
        _register(builder, names, seats)
        chain.run_to(AGE)
        played = _play(builder, names["validator"], rounds)
        _referenda(builder, referenda)
        state = _without_clock(chain)
        nonces = {name: wallet.nonce for name, wallet in builder.wallets.items()}
        staged = replace(spec, name="Assay Load", identifier="assay_load", state=state)
        return Stage(staged, played, names["validator"], names["steward"], names["person"], referenda, nonces)


def _fund(builder: _Builder, names: dict[str, tuple[str, ...]]) -> None:
    pair = Keypair.create_from_uri("//Alice")
    builder.wallets["alice"] = Wallet("alice", (bytes(pair.public_key), bytes(pair.private_key)))
    amounts = {"validator": 2_000 * ASY, "steward": 5_000 * ASY, "person": 100 * ASY}
    payments = [
        encoded.transfer(builder.wallet(name).public, amounts[kind]) for kind, every in names.items() for name in every
    ]
    payments.append(encoded.transfer(builder.wallet("developer").public, 300_000 * ASY))
    for part in _parts(payments, 100):
        builder.submit("alice", encoded.batch(part))
    builder.settle()


def _register(builder: _Builder, names: dict[str, tuple[str, ...]], seats: int) -> None:
    """Data sets with a version each, bonded validators accredited for the first, and its benchmark."""
    prices = Prices(evaluate=ASY, train=ASY, infer=ASY)
    description = Description(
        name=Text("Synthetic load"),
        modality=Modality.XRAY,
        task=Text("binary"),
        classes=(Text("no"), Text("yes")),
        licence=Licence(spdx="CC0-1.0"),
    )
    register = builder.encode(calls.datasets.register(description, prices))
    for dataset, steward in enumerate(names["steward"]):
        builder.submit(steward, register)
        builder.settle()
        builder.submit(steward, builder.encode(calls.datasets.publish_version(dataset, _version())))
    bond = builder.encode(
        calls.evaluation.register_validator(Limits(64, 1_000), b"\x97" * 48, b"\x98" * 96, 1_000 * ASY)
    )
    for validator in names["validator"]:
        builder.submit(validator, bond)
        builder.submit(names["steward"][0], encoded.accredit(0, builder.wallet(validator).public))
    builder.settle()
    benchmark = BenchmarkSpec(
        name=Text("Load"),
        dataset=0,
        version=0,
        metrics=(Metric.AUROC,),
        main=0,
        tolerance_ppm=10_000,
        threshold_ppm=800_000,
        precision_ppm=5_000,
        seats=seats,
    )
    builder.submit(names["steward"][0], builder.encode(calls.evaluation.create_benchmark(benchmark)))
    own = [(Keypair(public_key=builder.wallet("developer").public, ss58_format=42).ss58_address, 1_000_000)]
    builder.submit("developer", builder.encode(calls.models.register("Load", Licence(spdx="Apache-2.0"), own, ASY)))
    builder.settle()


def _referenda(builder: _Builder, count: int) -> None:
    """Referenda in decision on the track of parameters, for a remark that this track may not even make."""
    interface = builder.client.interface
    interface.for_signing()
    remark = "0x" + builder.encode(calls.system.remark(b"load")).hex()
    for index in range(count):
        call = interface.compose(
            "Referenda",
            "submit",
            {
                "proposal_origin": {"Origins": "Parameters"},
                "proposal": {"Inline": remark},
                "enactment_moment": {"After": 10},
            },
        )
        builder.submit("alice", bytes(call.data.data))
        deposit = interface.compose("Referenda", "place_decision_deposit", {"index": index})
        builder.submit("alice", bytes(deposit.data.data))
    builder.settle()


def _play(builder: _Builder, validators: Sequence[str], count: int) -> tuple[Round, ...]:
    """Brings rounds to where they wait for commits; two may be requested in a block."""
    specs = [_checkpoint(index) for index in range(count)]
    developer = builder.wallet("developer")
    salt = bytes(32)
    for spec in specs:
        builder.submit("developer", encoded.claim(claim_hash(spec.id, developer.public, salt)))
    builder.settle()
    builder.chain.run_to(builder.chain.height + 6)
    for spec in specs:
        builder.submit("developer", encoded.open_claim(0, salt, spec))
    builder.settle()
    fee = builder.client.evaluation.quote(0, specs[0].size_bytes).total
    by_address = {
        Keypair(public_key=builder.wallet(name).public, ss58_format=42).ss58_address: name for name in validators
    }
    played: list[Round] = []
    drawn = _drawn(builder, specs, fee)
    for id_, spec in drawn:
        members = tuple(by_address[str(address)] for address in builder.client.evaluation.members(id_))
        for name in members:
            builder.submit(name, encoded.accept(id_, OneTimeKey().public))
        played.append(Round(id_, spec.id, members))
    builder.settle()
    for each in played:
        assert builder.client.evaluation.round(each.id).state.state is RoundStage.COMMITTING, each.id
    return tuple(played)


def _drawn(builder: _Builder, specs: Sequence[CheckpointSpec], fee: int) -> Iterator[tuple[int, CheckpointSpec]]:
    """Requests rounds and yields each once it is drawn; releases keys to whoever has accepted in the meantime."""
    asked, given, released = 0, 0, 0
    steward = "steward/0"
    while released < len(specs):
        for _ in range(2):
            if asked < len(specs):
                builder.submit("developer", encoded.request(0, specs[asked].id, fee))
                asked += 1
        builder.seal()
        while given < asked and _stage(builder, given) is RoundStage.ACCEPTING:
            yield given, specs[given]
            given += 1
        while released < given and _stage(builder, released) is RoundStage.RELEASING:
            terms = builder.client.evaluation.round(released).terms
            sealed = [bytes(SEALED_KEY_BYTES)] * terms.shards.bit_count()
            for member in builder.client.evaluation.members(released):
                public = Keypair(ss58_address=str(member)).public_key
                builder.submit(steward, encoded.release_key(released, bytes(public), sealed))
            released += 1


def _stage(builder: _Builder, round_id: int) -> RoundStage:
    return builder.client.evaluation.round(round_id).state.state


def _checkpoint(index: int) -> CheckpointSpec:
    seed = blake2b(index.to_bytes(4, "little"), digest_size=32).digest()
    cid = Cid.of(seed).binary
    return CheckpointSpec(
        id=seed,
        cid=cid,
        size_bytes=1_000_000,
        architecture=Text("small_cnn"),
        card_cid=cid,
        card_hash=seed,
        operating_point_ppm=500_000,
        parent=None,
    )


def _version() -> VersionSpec:
    """Two shards of 500 samples of two classes."""
    cid = Cid.of(b"load").binary
    shards = tuple(Shard(bytes([1 + n]) * 32, bytes([11 + n]) * 32, frames=500, samples=500) for n in range(2))
    counts = (ClassCount(groups=500, samples=500), ClassCount(groups=500, samples=500))
    return VersionSpec(
        manifest=cid,
        public_split=cid,
        label_root=bytes([7]) * 32,
        frame_bytes=65_536,
        public_counts=counts,
        held_out_counts=counts,
        held_out_groups=1_000,
        shards=shards,
    )


def _without_clock(chain: DevChain) -> State:
    prefixes = tuple(b"".join(map(twox_128, path)) for path in CLOCK)
    state = chain.state_at(chain.height)
    return State({key: state.get(key) or b"" for key in state.keys(b"") if not key.startswith(prefixes)})


def _parts(items: Sequence[bytes], size: int) -> Iterable[Sequence[bytes]]:
    return (items[at : at + size] for at in range(0, len(items), size))
