"""A round that nobody works on: blocks come by themselves to the end of each of its windows, and no further."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from offchain.chain import ChainClient, TransactionManager, account_bytes, calls, development_signer
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
    State,
    VersionSpec,
    WaitsFor,
)
from offchain.crypto import claim_hash
from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain._deadlines import Deadlines

from .conftest import eventually

ASY = 10**12
RAW_CID = b"\x01\x55\x12\x20"
CHECKPOINT, SALT = bytes([7] * 32), bytes([12] * 32)
DESCRIPTION = Description("seams", Modality.INDUSTRIAL, "crack?", ("sound", "crack"), Licence("CC-BY-4.0"))  # type: ignore[arg-type]
BENCHMARK = BenchmarkSpec("cracks", 0, 0, (Metric.AUROC,), 0, 10_000, 800_000, 5_000, 3)  # type: ignore[arg-type]
VERSION = VersionSpec(
    manifest=RAW_CID + bytes([1] * 32),
    public_split=RAW_CID + bytes([2] * 32),
    label_root=bytes([3] * 32),
    frame_bytes=65_536,
    public_counts=(ClassCount(1_000, 20),) * 2,
    held_out_counts=(ClassCount(500, 20),) * 2,
    held_out_groups=30,
    shards=tuple(Shard(bytes([index]) * 32, bytes([index]) * 32, 10, 500) for index in (4, 5)),
)
SUBMISSION = CheckpointSpec(
    id=CHECKPOINT,
    cid=RAW_CID + bytes([4] * 32),
    size_bytes=3 << 20,
    architecture="small_cnn",  # type: ignore[arg-type]
    card_cid=RAW_CID + bytes([5] * 32),
    card_hash=bytes([6] * 32),
    operating_point_ppm=500_000,
    parent=None,
)


class Scene:
    """Sends what makes a round, a block at a time."""

    def __init__(self, client: ChainClient, chain: DevChain) -> None:
        self.client, self.chain = client, chain
        self._manager = TransactionManager(client)
        self._sent = 0

    def do(self, who: str, *all_of_it: calls.Call) -> None:
        for call in all_of_it:
            self._sent += 1
            pending = self._manager.send(f"{self._sent}", call, development_signer(who, self.client))
            self.chain.seal()
            pending.wait(timeout_s=30)

    def request(self) -> None:
        self.do(
            "//Alice",
            calls.datasets.register(DESCRIPTION, Prices(3 * ASY, ASY, ASY)),
            calls.datasets.publish_version(0, VERSION),
            calls.evaluation.create_benchmark(BENCHMARK),
        )
        for who in ("//Charlie", "//Dave", "//Eve"):
            self.do(
                who, calls.evaluation.register_validator(Limits(64, 2), bytes([1] * 48), bytes([2] * 96), 200 * ASY)
            )
        bob = development_signer("//Bob", self.client).address
        self.do(
            "//Bob",
            calls.models.register("net", Licence(text_hash=bytes([11] * 32)), [(bob, 10**6)], ASY),
            calls.models.claim(claim_hash(CHECKPOINT, account_bytes(bob), SALT)),
        )
        self.chain.run_to(self.chain.height + 5)
        self.do("//Bob", calls.models.open_claim(0, SALT, SUBMISSION))
        fee = self.client.evaluation.quote(0, SUBMISSION.size_bytes).total
        self.do("//Bob", calls.evaluation.request_evaluation(0, CHECKPOINT, fee))


@pytest.fixture
def scene(chain: DevChain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path))  # where transactions are journalled
    with Node(chain, sealing=Sealing.MANUAL) as node, ChainClient(node.ws_url) as client:
        yield Scene(client, chain)


def test_each_window_is_waited_for_until_the_round_has_ended(scene: Scene) -> None:
    deadlines, chain, reader = Deadlines(), scene.chain, scene.client.evaluation
    scene.request()
    states = []
    while (deadline := deadlines(chain)) is not None:
        states.append(reader.why(0).state.state)
        assert deadline == reader.why(0).until + 1
        chain.run_to(deadline)
        if reader.why(0).waits_for.on is WaitsFor.ANYONE:
            assert deadlines(chain) is None
            scene.do("//Ferdie", calls.evaluation.advance(0))
    assert states == [State.REQUESTED, State.ACCEPTING, State.REQUESTED]  # widened once, among others
    assert reader.why(0).state.state is State.EXPIRED
    assert deadlines(chain) is None


def test_empty_blocks_come_until_somebody_must_act_when_nothing_is_sent(scene: Scene) -> None:
    scene.request()
    reader = scene.client.evaluation
    with Node(scene.chain, sealing=Sealing.INSTANT, block_time_s=0.01):
        eventually(lambda: reader.why(0).waits_for.on is WaitsFor.ANYONE)
        height = scene.chain.height
        time.sleep(0.1)
        assert scene.chain.height == height == reader.why(0).until + 1
