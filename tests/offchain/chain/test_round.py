"""One round on the real runtime, from registration to reward, read back through every typed reader."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from offchain.chain import ChainClient, Signer, TransactionManager, account_bytes, calls, development_signer
from offchain.chain.errors import AlreadyDone, NotEntitled, NotOnChain, OutOfState, TooEarly
from offchain.chain.types import (
    Accepted,
    Admission,
    BenchmarkSpec,
    CheckpointSpec,
    CheckpointStatus,
    ClassCount,
    Committed,
    Description,
    Drawn,
    Keyed,
    Licence,
    Limits,
    Metric,
    Modality,
    Prices,
    Reveal,
    Revealed,
    Shard,
    State,
    VersionSpec,
    WaitsFor,
    shard_indices,
)
from offchain.crypto import OneTimeKey, ScoreCommitment, SecretBytes, claim_hash, seal_key, shard_key_commitment
from offchain.devchain import DevChain, Node

ASY = 10**12
SHARD_KEYS = [bytes([index + 1] * 32) for index in range(2)]
CHECKPOINT = bytes([7] * 32)
REVEAL = Reveal((905_000, 850_000), 880_000, 930_000, bytes([8] * 32), bytes([9] * 32), bytes([10] * 32))
DESCRIPTION = Description("weld seams", Modality.INDUSTRIAL, "crack?", ("sound", "crack"), Licence("CC-BY-4.0"))  # type: ignore[arg-type]
BENCHMARK = BenchmarkSpec("cracks", 0, 0, (Metric.AUROC, Metric.SENSITIVITY), 0, 10_000, 800_000, 5_000, 3)  # type: ignore[arg-type]
SPEC = VersionSpec(
    manifest=b"\x01\x55\x12\x20" + bytes([1] * 32),
    public_split=b"\x01\x55\x12\x20" + bytes([2] * 32),
    label_root=bytes([3] * 32),
    frame_bytes=65_536,
    public_counts=(ClassCount(1_000, 20),) * 2,
    held_out_counts=(ClassCount(500, 20),) * 2,
    held_out_groups=30,
    shards=tuple(
        Shard(bytes([index]) * 32, shard_key_commitment(key), 10, 500) for index, key in enumerate(SHARD_KEYS)
    ),
)
SUBMISSION = CheckpointSpec(
    id=CHECKPOINT,
    cid=b"\x01\x55\x12\x20" + bytes([4] * 32),
    size_bytes=3 << 20,
    architecture="small_cnn",  # type: ignore[arg-type]
    card_cid=b"\x01\x55\x12\x20" + bytes([5] * 32),
    card_hash=bytes([6] * 32),
    operating_point_ppm=500_000,
    parent=None,
)


class Cast:
    """A steward, a developer and four validators on a chain that moves when told to."""

    def __init__(self, client: ChainClient, chain: DevChain) -> None:
        self.client, self.chain = client, chain
        self.manager = TransactionManager(client)
        names = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
        self.steward, self.developer, *self.validators = [development_signer(f"//{name}", client) for name in names]

    def do(self, intent: str, call: calls.Call, *signers: Signer) -> None:
        """Everyone does it in one block."""
        pending = [self.manager.send(f"{intent}/{signer.address}", call, signer) for signer in signers]
        self.chain.seal()
        for one in pending:
            one.wait(timeout_s=30)

    def forward(self, count: int) -> None:
        self.chain.run_to(self.chain.height + count)

    def committee(self) -> list[Signer]:
        members = self.client.evaluation.members(0)
        return [validator for validator in self.validators if validator.address in members]


@pytest.fixture
def cast(manual_node: Node, chain: DevChain) -> Iterator[Cast]:
    with ChainClient(manual_node.ws_url) as client:
        yield Cast(client, chain)


def requested(cast: Cast) -> int:
    """Registers everything and requests the round; returns the fee."""
    cast.do("dataset", calls.datasets.register(DESCRIPTION, Prices(3 * ASY, ASY, ASY)), cast.steward)
    cast.do("version", calls.datasets.publish_version(0, SPEC), cast.steward)
    cast.do("benchmark", calls.evaluation.create_benchmark(BENCHMARK), cast.steward)
    bond = calls.evaluation.register_validator(Limits(64, 2), bytes([1] * 48), bytes([2] * 96), 200 * ASY)
    cast.do("bond", bond, *cast.validators)
    licence, salt = Licence(text_hash=bytes([11] * 32)), bytes([12] * 32)
    cast.do("model", calls.models.register("seam net", licence, [(cast.developer.address, 10**6)], ASY), cast.developer)
    claim = claim_hash(CHECKPOINT, account_bytes(cast.developer.address), salt)
    cast.do("claim", calls.models.claim(claim), cast.developer)
    assert cast.client.models.claim(cast.developer.address, claim) is not None
    opening = calls.models.open_claim(0, salt, SUBMISSION)
    with pytest.raises(TooEarly):
        cast.do("open early", opening, cast.developer)
    cast.forward(5)
    cast.do("open", opening, cast.developer)
    fee = cast.client.evaluation.quote(0, SUBMISSION.size_bytes).total
    cast.do("request", calls.evaluation.request_evaluation(0, CHECKPOINT, fee), cast.developer)
    return fee


def test_registrations_are_read_back_when_written(cast: Cast) -> None:
    requested(cast)
    client, developer = cast.client, cast.developer.address
    dataset = client.datasets.get(0)
    assert (dataset.description, dataset.steward) == (DESCRIPTION, cast.steward.address)
    assert (dataset.admission, dataset.versions, dataset.suspended) == (Admission.BONDED, 1, False)
    version = client.datasets.version(0, 0)
    assert (version.spec, version.retired, version.retired_shards) == (SPEC, False, 0)
    assert client.evaluation.benchmark(0).spec == BENCHMARK
    assert set(client.evaluation.active()) == {validator.address for validator in cast.validators}
    validator = client.evaluation.validators()[cast.validators[0].address]
    assert (validator.bond, validator.limits, validator.active) == (200 * ASY, Limits(64, 2), True)
    assert client.balances.holds(cast.validators[0].address) == {"Evaluation.Bond": 200 * ASY}
    model = client.models.get(0)
    assert (model.name, model.contributors) == ("seam net", ((developer, 10**6),))
    assert model.licence == Licence(text_hash=bytes([11] * 32))
    checkpoint = client.models.checkpoint(CHECKPOINT)
    assert (checkpoint.spec, checkpoint.status) == (SUBMISSION, CheckpointStatus.SUBMITTED)
    assert client.models.checkpoints() == {CHECKPOINT: checkpoint}
    assert client.evaluation.round_of(0, CHECKPOINT) == 0


def test_absent_things_are_typed_when_asked_for(cast: Cast) -> None:
    client = cast.client
    for ask in (
        lambda: client.datasets.get(9),
        lambda: client.datasets.version(9, 9),
        lambda: client.evaluation.benchmark(9),
        lambda: client.evaluation.round(9),
        lambda: client.evaluation.why(9),
        lambda: client.evaluation.quote(9, 1),
        lambda: client.models.checkpoint(bytes(32)),
        lambda: client.block_hash(10**6),
        lambda: client.header("0x" + "00" * 32),
    ):
        with pytest.raises(NotOnChain):
            ask()
    assert client.evaluation.validator(cast.steward.address) is None
    assert client.evaluation.claimable(cast.steward.address) == 0
    assert client.evaluation.leaderboard(0) == ()


def test_round_is_told_at_every_state_when_it_goes_from_request_to_reward(cast: Cast) -> None:
    client, reader = cast.client, cast.client.evaluation
    requested(cast)
    why = reader.why(0)
    assert (why.state.state, why.waits_for.on) == (State.REQUESTED, WaitsFor.BLOCKS)
    cast.chain.run_to(why.until + 1)
    committee = cast.committee()
    addresses = {member.address for member in committee}
    why = reader.why(0)
    assert (why.state.state, why.waits_for.on) == (State.ACCEPTING, WaitsFor.MEMBERS)
    assert set(why.waits_for.members) == addresses
    assert {member.progress for member in reader.members(0).values()} == {Drawn()}
    assert sum(member.seats for member in reader.members(0).values()) == 3
    with pytest.raises(NotEntitled):
        cast.do("intrude", calls.evaluation.accept(0, bytes([1] * 32)), cast.steward)

    secrets = {member.address: OneTimeKey() for member in committee}
    for member in committee:
        cast.do("accept", calls.evaluation.accept(0, secrets[member.address].public), member)
    first = committee[0]
    found = reader.member(0, first.address)
    assert found is not None
    assert found.progress == Accepted(secrets[first.address].public)
    why = reader.why(0)
    assert (why.state.state, why.waits_for.on, why.waits_for.steward) == (
        State.RELEASING,
        WaitsFor.STEWARD,
        cast.steward.address,
    )
    with pytest.raises(OutOfState):
        cast.do("too late", calls.evaluation.accept(0, bytes([1] * 32)), first)

    assert shard_indices(reader.round(0).terms.shards) == (0, 1)
    for member in committee:
        sealed = [seal_key(SecretBytes(key), secrets[member.address].public) for key in SHARD_KEYS]
        cast.do(f"release/{member.address}", calls.datasets.release_key(0, member.address, sealed), cast.steward)
        assert client.datasets.sealed_keys(0, member.address) == tuple(sealed)
    assert client.datasets.exposure(0, 0) == (len(committee),) * 2
    found = reader.member(0, first.address)
    assert found is not None
    assert isinstance(found.progress, Keyed)

    for member in committee:
        commitment = ScoreCommitment(
            genesis=client.genesis,
            round=0,
            checkpoint=CHECKPOINT,
            dataset=0,
            version=0,
            env_digest=REVEAL.env_digest,
            scores=REVEAL.scores,
            lower=REVEAL.lower_ppm,
            upper=REVEAL.upper_ppm,
            prediction_root=REVEAL.prediction_root,
            salt=REVEAL.salt,
            account=member.public_key,
        ).digest()
        cast.do("commit", calls.evaluation.commit(0, commitment), member)
        found = reader.member(0, member.address)
        assert found is not None
        assert found.progress == Committed(commitment)
    assert reader.why(0).state.state is State.REVEALING
    for member in committee:
        cast.do("reveal", calls.evaluation.reveal(0, REVEAL), member)

    assert reader.round(0).state.state is State.SETTLED
    assert reader.why(0).waits_for.on is WaitsFor.NOBODY
    assert {member.progress for member in reader.members(0).values()} == {Revealed(REVEAL, agrees=True)}
    outcome = reader.result(0, CHECKPOINT)
    (line,) = reader.leaderboard(0)
    assert outcome is not None
    assert (outcome.scores, outcome.lower_ppm, outcome.samples) == (REVEAL.scores, REVEAL.lower_ppm, 1_000)
    assert (line.checkpoint, line.scores, line.seats_agreed) == (CHECKPOINT, REVEAL.scores, 3)
    assert client.models.checkpoint(CHECKPOINT).status is CheckpointStatus.AVAILABLE
    owed = {member.address: reader.claimable(member.address) for member in committee}
    assert all(amount > 0 for amount in owed.values())
    free = client.accounts.get(first.address).free
    cast.do("claim", calls.evaluation.claim_rewards(first.address), cast.steward)
    assert client.accounts.get(first.address).free == free + owed[first.address]
    with pytest.raises(AlreadyDone):
        cast.do("again", calls.evaluation.request_evaluation(0, CHECKPOINT, 1_000 * ASY), cast.developer)


def test_duties_are_free_of_fees_when_done_by_a_proxy_too(cast: Cast) -> None:
    requested(cast)
    cast.chain.run_to(cast.client.evaluation.why(0).until + 1)
    member = cast.committee()[0]
    hot = cast.developer
    cast.do("proxy", calls.proxy.add_proxy(hot.address), member)
    pending = cast.manager.send("accept", calls.evaluation.accept(0, bytes([1] * 32)), hot, on_behalf_of=member.address)
    cast.chain.seal()
    receipt = pending.wait(timeout_s=30)
    assert receipt.event("Evaluation", "Accepted") is not None
    found = cast.client.evaluation.member(0, member.address)
    assert found is not None
    assert found.progress == Accepted(bytes([1] * 32))


def test_blocks_are_followed_in_order_and_resumed_when_asked(cast: Cast) -> None:
    cast.forward(5)
    follower = cast.client.blocks(2, poll_s=0.01)
    assert [next(follower).number for _ in range(4)] == [2, 3, 4, 5]
    cast.forward(2)
    blocks = [next(follower) for _ in range(2)]
    assert [block.number for block in blocks] == [6, 7]
    assert blocks[1].parent == blocks[0].hash
    assert [event.pallet for event in cast.client.events(blocks[1].hash)][:1] == ["System"]


def test_two_threads_read_through_one_client_when_each_has_its_connection(cast: Cast) -> None:
    from concurrent.futures import ThreadPoolExecutor

    address = cast.steward.address
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: cast.client.accounts.get(address), range(20)))
    assert found == [cast.client.accounts.get(address)] * 20
