"""The demo, step by step: what a steward, a developer and four validators do, on one chain."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import ray_jobs
from offchain.chain import ChainClient, Signer, TransactionManager, calls, development_signer
from offchain.chain.cli_benchmark import default_precision_ppm, default_tolerance_ppm
from offchain.chain.cli_round import describe
from offchain.chain.errors import DispatchFailed
from offchain.chain.signing import resolve_address
from offchain.chain.types import (
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
from offchain.chain.workflows import (
    create_benchmark,
    publish_version,
    register_dataset,
    register_model,
    request_evaluation,
    submit_checkpoint,
    version_spec,
)
from offchain.cli.output import progress
from offchain.cli.units import asy, percent
from offchain.crypto import BlsKey, SecretBytes
from offchain.datasets import PackedDataset, plan_pack, pull_public, read_labels, split_rows
from offchain.datasets import pack as pack_dataset
from offchain.devchain import DevChain, Node, Sealing, default_spec
from offchain.models import checkpoint_id, read_card
from offchain.store import open_store
from ray_jobs import PublicSplit, read_split
from ray_jobs.cli import train_folder
from validators._errors import AgentError
from validators.demo._checkpoints import Candidate, disguised_copy, roc_of, untrained
from validators.demo._collect import leaderboard_lines, round_facts
from validators.demo._data import Source, choose_source
from validators.demo._facts import DemoFacts, Step
from validators.demo._interrupt import Interrupt
from validators.demo._limits import (
    BLOCK_TIME_S,
    BOND_PLANCK,
    DEVELOPER,
    EPOCHS,
    FUNDS_PLANCK,
    HELD_OUT,
    LIAR,
    PRICE_PLANCK,
    ROUND_TIMEOUT_S,
    SEATS,
    SEED,
    SIDE,
    STEWARD,
    THIEF,
    THRESHOLD_PPM,
    VALIDATORS,
)
from validators.demo._narrator import Narrator
from validators.demo._processes import Processes
from validators.demo._report import render

__all__ = ["Demo"]

_METRICS = (Metric.AUROC, Metric.BALANCED_ACCURACY, Metric.SENSITIVITY, Metric.SPECIFICITY)
_MEDICAL = Modality.XRAY


@dataclass
class Demo:
    """One run.

    Args:
        data: folder with labels.csv, or None for the default one.
        task: task in it.
        out: folder for the report and the logs; what an earlier run left in it is replaced.
        tell: writes for people.
    """

    data: Path | None
    task: str | None
    out: Path
    tell: Narrator
    steps: list[Step] = field(default_factory=list)
    interrupt: Interrupt = field(default_factory=Interrupt)

    def run(self) -> DemoFacts:
        """Everything, in order; leaves no process behind.

        Raises:
            AssayError: what went wrong, of whichever part.
        """
        if self.out.exists():
            shutil.rmtree(self.out)
        work = self.out / "work"
        work.mkdir(parents=True)
        source = choose_source(self.data, self.task, work)
        with ExitStack() as stack:
            stack.enter_context(self.interrupt)
            with self._step("chain"):
                chain = stack.enter_context(DevChain(default_spec(), work / "chain"))
                node = stack.enter_context(Node(chain, sealing=Sealing.INTERVAL, block_time_s=BLOCK_TIME_S))
                client = stack.enter_context(ChainClient(node.ws_url))
                manager = TransactionManager(client, work / "transactions.sqlite")
                people = {uri: development_signer(uri, client) for uri in (STEWARD, DEVELOPER, THIEF, *VALIDATORS)}
                self._fund(manager, client, people)
                self.tell.say(
                    f"embedded chain at {node.ws_url}, a block every {BLOCK_TIME_S} s, {len(people)} accounts"
                )
            with self._step("steward"):
                packed, facts = self._publish(manager, people, source, work)
            processes = stack.enter_context(Processes(self.out / "logs"))
            with self._step("training"):
                stack.callback(ray_jobs.disconnect)
                address = ray_jobs.connect(cpus=4)
                trained, public = self._train(packed, work)
            with self._step("validators"):
                self._start_agents(manager, people, packed, processes, node.ws_url, address, work)
            with self._step("submissions"):
                checkpoints = self._submit(manager, people, trained, work, facts)
            with self._step("rounds"):
                self._evaluate(manager, people, checkpoints, client, processes, facts)
            with self._step("report"):
                facts.roc = roc_of(trained, public.samples, "public split, which the model was trained on")
                facts.leaderboard = leaderboard_lines(client, 0)
                facts.exposure = list(client.datasets.exposure(0, 0))
                facts.blocks = client.finalized().number
            with self._step("shut down"):
                processes.stop()
        facts.steps = self.steps
        report = self.out / "report.html"
        facts.report = str(report)
        report.write_text(render(facts), encoding="utf-8")
        shutil.rmtree(work)
        return facts

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self.interrupt.check()
        self.tell.begin(name)
        started = time.monotonic()
        yield
        self.interrupt.check()
        self.steps.append(Step(name, round(time.monotonic() - started, 1)))
        self.tell.end(self.steps[-1].seconds)

    def _fund(self, manager: TransactionManager, client: ChainClient, people: dict[str, Signer]) -> None:
        gifts = [calls.balances.transfer(signer.address, FUNDS_PLANCK) for signer in people.values()]
        manager.submit("fund", calls.utility.batch_all(gifts), development_signer("//Alice", client))

    def _publish(
        self, manager: TransactionManager, people: dict[str, Signer], source: Source, work: Path
    ) -> tuple[PackedDataset, DemoFacts]:
        table = read_labels(source.folder, where=source.where)
        split = split_rows(table, held_out=HELD_OUT, seed=SEED)
        plan = plan_pack(table, split, seed=SEED)
        for line in plan.describe():
            self.tell.say(line)
        passphrase = SecretBytes.random()
        (work / "steward").mkdir(mode=0o700)
        (work / "steward" / "passphrase").write_bytes(passphrase.reveal())
        with progress("encrypting", len(plan.held_out)) as bar:
            packed = pack_dataset(
                plan,
                open_store(_store(work)),
                seed=SEED,
                keyfile=work / "steward" / "keys.json",
                passphrase=passphrase,
                progress=lambda done, _total: bar(done),
            )
        steward = people[STEWARD]
        licences = {item.row.notice.licence for item in plan.held_out}
        description = Description(
            name=Text(plan.task[:64]),
            modality=_MEDICAL,
            task=Text(plan.task[:64]),
            classes=tuple(Text(name) for name in plan.classes),
            licence=Licence(spdx="CC-BY-4.0") if licences == {"CC BY 4.0"} else Licence(spdx="LicenseRef-per-image"),
        )
        dataset = register_dataset(manager, steward, description, Prices(PRICE_PLANCK, 0, 0), intent="register-dataset")
        version = publish_version(manager, steward, dataset, version_spec(packed.version_spec), intent="publish")
        accredit = [calls.datasets.accredit(dataset, people[uri].address) for uri in VALIDATORS]
        manager.submit("accredit", calls.utility.batch_all(accredit), steward)
        counts = [count["samples"] for count in plan.counts(plan.held_out)]
        precision = default_precision_ppm(counts)
        spec = BenchmarkSpec(
            name=Text(plan.task[:64]),
            dataset=dataset,
            version=version,
            metrics=_METRICS,
            main=0,
            tolerance_ppm=default_tolerance_ppm(counts, precision),
            threshold_ppm=THRESHOLD_PPM,
            precision_ppm=precision,
            seats=SEATS,
        )
        benchmark = create_benchmark(manager, steward, spec, intent="benchmark")
        self.tell.say(
            f"data set {dataset} and benchmark {benchmark} on chain: {spec.metrics[0].value} rounded to "
            f"{percent(precision)}, tolerance {percent(spec.tolerance_ppm)}, {SEATS} seats, {asy(PRICE_PLANCK)} a use"
        )
        facts = DemoFacts(
            synthetic=plan.synthetic,
            source=str(source.folder),
            task=plan.task,
            main_metric=spec.metrics[0].value,
            threshold_ppm=THRESHOLD_PPM,
            public_images=len(plan.public),
            public_groups=len({item.row.group for item in plan.public}),
            held_out_images=len(plan.held_out),
            held_out_groups=len({item.row.group for item in plan.held_out}),
            shards=len(plan.shards),
        )
        return packed, facts

    def _start_agents(
        self,
        manager: TransactionManager,
        people: dict[str, Signer],
        packed: PackedDataset,
        processes: Processes,
        node: str,
        ray: str,
        work: Path,
    ) -> None:
        limits = Limits(max_checkpoint_mb=64, max_concurrent=4)
        pending = []
        for uri in VALIDATORS:
            key = BlsKey.generate()
            call = calls.evaluation.register_validator(limits, key.public, key.proof, BOND_PLANCK)
            pending.append(manager.send(f"bond/{uri}", call, people[uri]))
        for each in pending:
            each.wait()
        common = ("--node", node, "--store", _store(work))
        steward = ("--keyfile", str(packed.keyfile), "--passphrase-file", str(work / "steward" / "passphrase"))
        folder = ("--folder", str(work / "agents"))
        processes.start("steward", "steward", "--uri", STEWARD, *common, *steward, *folder)
        for uri in VALIDATORS:
            role = "liar" if uri == LIAR else "validator"
            processes.start(uri.strip("/").lower(), role, "--uri", uri, *common, "--ray", ray, *folder)
        self.tell.say(
            f"{len(VALIDATORS)} validators bonded {asy(BOND_PLANCK)} each and run in processes of their own, sharing "
            f"one Ray; {LIAR.strip('/')} will lie about its scores"
        )

    def _train(self, packed: PackedDataset, work: Path) -> tuple[Candidate, PublicSplit]:
        folder = work / "public"
        pull_public(open_store(_store(work)), packed.public_split, folder)
        record = train_folder(
            folder, work / "trained", name="small_cnn", side=SIDE, epochs=EPOCHS, seed=SEED, threads=1
        )
        held_back = "–" if record.held_back_auroc_ppm is None else percent(record.held_back_auroc_ppm)
        self.tell.say(
            f"the developer trained small_cnn on {record.trained_on} public images; AUROC {held_back} on "
            f"{record.held_back} it held back itself"
        )
        card = read_card(record.card_file.read_bytes())
        return Candidate("small_cnn", record.checkpoint_file.read_bytes(), card), read_split(folder)

    def _submit(
        self,
        manager: TransactionManager,
        people: dict[str, Signer],
        trained: Candidate,
        work: Path,
        facts: DemoFacts,
    ) -> dict[str, bytes]:
        submitted = {}
        for candidate in (trained, untrained(trained.card, SEED)):
            submitted[candidate.name] = self._submit_one(manager, people[DEVELOPER], candidate, work)
            self.tell.say(f"submitted {candidate.name} as 0x{submitted[candidate.name].hex()[:16]}")
        copy = disguised_copy(trained)
        try:
            self._submit_one(manager, people[THIEF], copy, work)
        except DispatchFailed as refusal:
            facts.refused.append({"what": "a copy under another name, with changed metadata", "error": str(refusal)})
            self.tell.say(f"the chain refused the copy: {refusal.what}")
        else:
            raise AgentError("the chain took a copy of a checkpoint", hint="this is a bug: report it")
        return submitted

    def _submit_one(self, manager: TransactionManager, signer: Signer, candidate: Candidate, work: Path) -> bytes:
        store = open_store(_store(work))
        name = candidate.name
        model = register_model(
            manager,
            signer,
            name,
            Licence(spdx="CC-BY-4.0"),
            [(signer.address, 1_000_000)],
            10**10,
            intent=f"model/{name}",
        )
        spec = CheckpointSpec(
            id=checkpoint_id(candidate.checkpoint),
            cid=store.put(candidate.checkpoint).binary,
            size_bytes=len(candidate.checkpoint),
            architecture=Text(candidate.card.architecture),
            card_cid=store.put(candidate.card.canonical()).binary,
            card_hash=candidate.card.hash(),
            operating_point_ppm=candidate.card.operating_point_ppm,
            parent=None,
        )
        submit_checkpoint(manager, signer, model, spec)
        return spec.id

    def _evaluate(
        self,
        manager: TransactionManager,
        people: dict[str, Signer],
        checkpoints: dict[str, bytes],
        client: ChainClient,
        processes: Processes,
        facts: DemoFacts,
    ) -> None:
        rounds = {}
        for name, checkpoint in checkpoints.items():
            quote = client.evaluation.quote(0, client.models.checkpoint(checkpoint).spec.size_bytes)
            rounds[name] = request_evaluation(
                manager, people[DEVELOPER], 0, checkpoint, max_fee=quote.total, intent=f"request/{name}"
            )
            self.tell.say(f"round {rounds[name]} for {name}: {asy(quote.total)}, {asy(quote.per_seat)} a seat")
        self._watch(client, processes, rounds)
        names = {signer.address: uri.strip("/") for uri, signer in people.items()}
        names[resolve_address("//Alice")] = "Alice"
        for name, number in rounds.items():
            found = round_facts(client, number, name, names)
            facts.rounds.append(found)
            if found.state != "Settled":
                raise AgentError(f"round {number} ended {found.state}", subject=name, hint=f"see {self.out / 'logs'}")
            self.tell.round(found)

    def _watch(self, client: ChainClient, processes: Processes, rounds: dict[str, int]) -> None:
        deadline = time.monotonic() + ROUND_TIMEOUT_S
        states: dict[int, str] = {}
        while True:
            self.interrupt.check()
            processes.check()
            details = [describe(client, number) for number in rounds.values()]
            for detail in details:
                if states.get(detail.round) != detail.state:
                    states[detail.round] = detail.state
                    self.tell.say(f"block {detail.head}: round {detail.round} is {detail.state}")
            if all(detail.waits_for == "nobody" for detail in details):
                break
            if time.monotonic() >= deadline:
                waiting = "; ".join(f"round {one.round} waits for {one.waits_for}" for one in details)
                raise AgentError("the rounds did not end in time", subject=waiting, hint=f"see {self.out / 'logs'}")
            time.sleep(0.5)
        while any(client.evaluation.claimable(resolve_address(uri)) for uri in VALIDATORS):
            processes.check()
            if time.monotonic() >= deadline:
                raise AgentError("the rewards were not claimed in time", hint=f"see {self.out / 'logs'}")
            time.sleep(0.5)


def _store(work: Path) -> str:
    return (work / "store").resolve().as_uri()
