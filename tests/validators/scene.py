"""Everything around an agent: a chain with a sealed data set, a benchmark, three validators and a developer."""

from __future__ import annotations

import secrets
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, calls, development_signer
from offchain.chain.calls import Call
from offchain.chain.types import (
    Admission,
    BenchmarkSpec,
    CheckpointSpec,
    ClassCount,
    Description,
    Licence,
    Limits,
    Metric,
    Modality,
    Prices,
    Round,
    Shard,
    Text,
    VersionSpec,
)
from offchain.crypto import SecretBytes, blake2b_256, claim_hash
from offchain.datasets import (
    PackedDataset,
    StewardKeys,
    pack,
    plan_pack,
    read_labels,
    split_rows,
    synthesise,
)
from offchain.devchain import DevChain, Node
from offchain.models import ModelCard, Normalisation, Preprocessing, build, encode, weights_of
from offchain.store import Store, open_store
from validators import EvaluationJob, Finding, StewardAgent, Worker
from validators._agent import Agent
from validators._log import Log

ASY = 10**12
PASSPHRASE = SecretBytes(b"correct horse battery")
STEWARD, DEVELOPER = "//Bob", "//Ferdie"
VALIDATORS = ("//Charlie", "//Dave", "//Eve")
LONG_S = 120.0


@dataclass
class Scene:
    """A chain with all that a round needs; every deed of its people goes through one transaction manager."""

    chain: DevChain
    node: Node
    client: ChainClient
    manager: TransactionManager
    folder: Path
    packed: PackedDataset
    dataset: int = 0
    benchmark: int = 0
    model: int = 0
    _deeds: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))

    @property
    def store_url(self) -> str:
        """Where blocks lie."""
        return f"file://{self.folder / 'store'}"

    @property
    def store(self) -> Store:
        """The store at ``store_url``."""
        return open_store(self.store_url)

    @property
    def keys(self) -> StewardKeys:
        """The steward's secrets."""
        return StewardKeys.load(self.packed.keyfile, PASSPHRASE)

    def signer(self, uri: str) -> Signer:
        """A well-known key."""
        return development_signer(uri, self.client)

    def do(self, uri: str, call: Call) -> Receipt:
        """Carries a call out and waits until it is final."""
        return self.manager.submit(f"scene/{next(self._deeds)}", call, self.signer(uri), timeout_s=60)

    def checkpoint(self, seed: int, architecture: str = "lenet5", side: int = 32) -> tuple[bytes, ModelCard]:
        """An untrained model and its card."""
        import torch

        torch.manual_seed(seed)
        card = ModelCard(
            name=f"{architecture} {seed}",
            architecture=architecture,
            classes=self.packed.classes,
            preprocessing=Preprocessing(side=side, channels=1, resize="stretch"),
            normalisation=Normalisation((500_000,), (250_000,)),
            operating_point_ppm=500_000,
            intended_use="Tests.",
            training_data="None.",
            licence="CC0-1.0",
        )
        return encode(weights_of(build(architecture, 1, 2))), card

    def submit(
        self, data: bytes, card: ModelCard, *, cid: bytes | None = None, id_: bytes | None = None, benchmark: int = 0
    ) -> int:
        """Claims, opens and requests; returns the round. ``cid`` and ``id_`` are for checkpoints that lie."""
        developer, salt = self.signer(DEVELOPER), secrets.token_bytes(32)
        spec = CheckpointSpec(
            id=id_ or blake2b_256(data),
            cid=cid or self.store.put(data).binary,
            size_bytes=len(data),
            architecture=Text(card.architecture),
            card_cid=self.store.put(card.canonical()).binary,
            card_hash=card.hash(),
            operating_point_ppm=card.operating_point_ppm,
            parent=None,
        )
        self.do(DEVELOPER, calls.models.claim(claim_hash(spec.id, developer.public_key, salt)))
        self.chain.run_to(self.chain.height + 5)
        self.do(DEVELOPER, calls.models.open_claim(self.model, salt, spec))
        quote = self.client.evaluation.quote(benchmark, spec.size_bytes)
        receipt = self.do(DEVELOPER, calls.evaluation.request_evaluation(benchmark, spec.id, quote.total))
        requested = receipt.event("Evaluation", "EvaluationRequested")
        assert requested is not None
        return int(requested.fields["round"])

    def publish(self, dataset: int, spec: dict[str, Any]) -> int:
        """Publishes a version and makes a benchmark on it; returns the benchmark."""
        version = self.client.datasets.get(dataset).versions
        self.do(STEWARD, calls.datasets.publish_version(dataset, version_spec(spec)))
        wanted = BenchmarkSpec(
            name=Text("tiny"),
            dataset=dataset,
            version=version,
            metrics=(Metric.ACCURACY, Metric.AUROC),
            main=0,
            tolerance_ppm=200_000,
            threshold_ppm=900_000,
            precision_ppm=10_000,
            seats=3,
        )
        receipt = self.do(STEWARD, calls.evaluation.create_benchmark(wanted))
        made = receipt.event("Evaluation", "BenchmarkCreated")
        assert made is not None
        return int(made.fields["benchmark"])

    def events(self, round_: int, name: str) -> list[dict[str, Any]]:
        """Fields of every finalized event of that name that concerns a round."""
        first, last = self.client.evaluation.round(round_).requested_at, self.client.finalized().number
        return [
            event.fields
            for number in range(first, last + 1)
            for event in self.client.events(self.client.block_hash(number))
            if event.name == name and event.fields.get("round") == round_
        ]

    def claims(self, uri: str, since: int) -> int:
        """How often an account was paid what it was owed, from a block on."""
        blocks = range(since, self.client.finalized().number + 1)
        events = (event for number in blocks for event in self.client.events(self.client.block_hash(number)))
        paid = [event for event in events if event.name == "RewardsClaimed"]
        return sum(event.fields["beneficiary"] == self.signer(uri).address for event in paid)

    def wait(self, done: Callable[[], bool], what: str) -> None:
        """Waits until something is so."""
        until = time.monotonic() + LONG_S
        while not done():
            assert time.monotonic() < until, f"waited in vain for {what}"
            time.sleep(0.1)

    def wait_for_end(self, round_: int) -> Round:
        """A round, once it has ended."""
        self.wait(lambda: self.client.evaluation.round(round_).state.is_final, f"the end of round {round_}")
        return self.client.evaluation.round(round_)

    def worker(self, uri: str, folder: Path, **options: Any) -> Worker:
        """A validator's worker with an evaluation in this process."""
        options = {"evaluate": evaluate_here, "poll_s": 0.05, "log": Log(uri, Quiet()), **options}
        evaluate = options.pop("evaluate")
        store_url = options.pop("store_url", self.store_url)
        client = ChainClient(options.pop("url", self.node.ws_url), timeout_s=options.pop("timeout_s", 30.0))
        return Worker(client, self.signer(uri), store_url, evaluate, folder=folder, **options)

    def steward(self, folder: Path, keys: Iterable[StewardKeys] | None = None) -> StewardAgent:
        """The steward's key agent."""
        client = ChainClient(self.node.ws_url)
        mine = [self.keys] if keys is None else keys
        return StewardAgent(client, self.signer(STEWARD), mine, folder=folder, poll_s=0.05, log=Log("steward", Quiet()))

    @contextmanager
    def running(self, *agents: Agent) -> Iterator[None]:
        """The agents, each in a thread, until the block ends; an agent that failed fails the test."""
        stop, failures = threading.Event(), []

        def run(agent: Agent) -> None:
            try:
                agent.run(stop)
            except BaseException as error:
                failures.append(error)
            finally:
                agent.client.close()

        threads = [threading.Thread(target=run, args=(agent,), daemon=True) for agent in agents]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            stop.set()
            for thread in threads:
                thread.join(timeout=60)
        assert not failures, failures
        assert not any(thread.is_alive() for thread in threads)

    def claimed(self, uri: str) -> bool:
        """Whether an account is owed nothing."""
        return self.client.evaluation.claimable(self.signer(uri).address) == 0


class Quiet:
    """A stream that keeps what is written, for tests that look."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def write(self, text: str) -> int:
        """Keep a line, and show it where the test fails."""
        self.lines.append(text)
        sys.stdout.write(text)
        return len(text)

    def flush(self) -> None:
        """Nothing to do."""


def evaluate_here(job: EvaluationJob) -> Finding:
    """The evaluation without Ray: the same pure function, in this process."""
    from offchain.datasets import open_shard
    from ray_jobs import evaluate

    sealed = job.sealed
    store = open_store(sealed.store_url)
    samples = [
        each
        for shard, key in zip(sealed.shards, sealed.keys, strict=True)
        for each in open_shard(store, sealed.manifest, shard, key)
    ]
    found = evaluate(sealed.checkpoint, sealed.card, samples, metrics=sealed.metrics, seed=sealed.seed)
    reveal = found.reveal(job.terms.main, job.terms.precision_ppm)
    return Finding(reveal.scores_ppm, reveal.lower_ppm, reveal.upper_ppm, found.prediction_root, found.env_digest)


def lie(job: EvaluationJob) -> Finding:
    """An evaluation that adds a third to every score."""
    honest = evaluate_here(job)
    scores = tuple(score - 400_000 if score >= 500_000 else score + 400_000 for score in honest.scores)
    return replace(honest, scores=scores, lower_ppm=0, upper_ppm=1_000_000)


def version_spec(fields: dict[str, Any]) -> VersionSpec:
    """The chain's dataclass of what packing gives."""

    def hexed(value: str) -> bytes:
        return bytes.fromhex(value.removeprefix("0x"))

    def counts(side: str) -> tuple[ClassCount, ...]:
        return tuple(ClassCount(**each) for each in fields[f"{side}_counts"])

    return VersionSpec(
        manifest=hexed(fields["manifest"]),
        public_split=hexed(fields["public_split"]),
        label_root=hexed(fields["label_root"]),
        frame_bytes=fields["frame_bytes"],
        public_counts=counts("public"),
        held_out_counts=counts("held_out"),
        held_out_groups=fields["held_out_groups"],
        shards=tuple(
            Shard(hexed(each["ciphertext_root"]), hexed(each["key_commitment"]), each["frames"], each["samples"])
            for each in fields["shards"]
        ),
    )


def prepare(chain: DevChain, node: Node, client: ChainClient, folder: Path) -> Scene:
    """Packs and publishes a synthetic data set, and registers everybody."""
    synthesise(folder / "images", patients=48, side=32, seed=5)
    table = read_labels(folder / "images")
    plan = plan_pack(table, split_rows(table, held_out=0.5, seed=1), seed=1, shards=3)
    store = open_store(f"file://{folder / 'store'}")
    packed = pack(plan, store, seed=1, keyfile=folder / "steward.keys", passphrase=PASSPHRASE, log2_cost=12)
    scene = Scene(chain, node, client, TransactionManager(client, folder / "scene.sqlite"), folder, packed)
    description = Description(
        name=Text("Synthetic"),
        modality=Modality.XRAY,
        task=Text(packed.task),
        classes=tuple(Text(name) for name in packed.classes),
        licence=Licence(spdx="CC0-1.0"),
    )
    scene.do(STEWARD, calls.datasets.register(description, Prices(ASY, ASY, ASY), Admission.ACCREDITED))
    scene.benchmark = scene.publish(0, packed.version_spec)
    for number, uri in enumerate(VALIDATORS):
        address = scene.signer(uri).address
        scene.do(STEWARD, calls.datasets.accredit(0, address))
        limits = Limits(max_checkpoint_mb=64, max_concurrent=16)
        register = calls.evaluation.register_validator(limits, bytes([number]) * 48, bytes(96), 1_000 * ASY)
        scene.do(uri, register)
    developer = scene.signer(DEVELOPER).address
    scene.do(DEVELOPER, calls.models.register("Tiny", Licence(spdx="CC0-1.0"), [(developer, 1_000_000)], ASY))
    return scene
