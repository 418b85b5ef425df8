"""Rounds on a network whose processes are killed, silenced or doubled: each duty is done once, each reward paid once.

``ASSAY_KILL_POINTS`` says at how many random moments of rounds each kind of process is killed: one by default, 20 in
``make test-chaos``.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from substrateinterface import Keypair

from offchain.chain import ChainClient
from offchain.chain.types import State
from offchain.testnet import Testnet
from offchain.testnet._roster import programs

from .developer import Developer
from .observe import eventually, heads, slot_of

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(3600)]

POINTS = int(os.environ.get("ASSAY_KILL_POINTS", "1"))
ROUND_S = 45.0
"""About as long as an undisturbed round takes on this network: kills fall within it."""
NEXT_S = 20.0
"""The longest pause before the next kill; there is always a round under way."""
FOUR_SLOTS_S = 12.0
VALIDATORS = ("//Bob", "//Charlie", "//Dave", "//Eve")
seeds = iter(range(1_000_000, 2_000_000))


def works(network: Testnet, name: str) -> bool:
    """Whether a process runs and keeps up: a node with the others, an agent with its node."""
    line = next(line for line in network.status() if line.name == name)
    if line.state != "RUNNING":
        return False
    if line.finalized is None:
        return name not in {node.name for node in network.plan.nodes} and name not in network.plan.agents
    others = [heads(network, node.name)[1] for node in network.plan.nodes if node.name != name]
    return line.finalized >= min(others) - 3


def evaluating(network: Testnet) -> psutil.Process | None:
    """One of the processes in which Ray evaluates, if there is one."""
    processes = psutil.Process(network.pid("ray")).children(recursive=True)
    actors = [process for process in processes if _title(process) == "ray::EvaluationWorker"]
    return random.choice(actors) if actors else None


def _title(process: psutil.Process) -> str:
    try:
        return process.cmdline()[0].split(".")[0]
    except (psutil.NoSuchProcess, IndexError):
        return ""


def strike(network: Testnet, victim: str) -> None:
    """Kills a process, and starts it again as a supervisor would."""
    network.kill(victim)
    time.sleep(2)
    network.restart(victim, wait=False)


def victims_of(network: Testnet, kind: str) -> list[str]:
    """The processes of a kind."""
    nodes = [node.name for node in network.plan.nodes]
    return {
        "node": nodes[1:],  # the steward, and whoever asks through it alone, is at the first
        "author": nodes,
        "worker": list(network.plan.workers),
        "ray": ["ray"],
        "ray actor": ["ray actor"],
        "steward": ["steward"],
        "store": list(network.plan.store_ports),
    }[kind]


def author_of(network: Testnet) -> str:
    """The node that made the last block, by its place among four authorities."""
    with ChainClient(network.endpoints) as client:
        slot = slot_of(client, client.best().number)
    nodes = network.plan.nodes
    return nodes[slot % len(nodes)].name


def ledger(developer: Developer, since: int, until: int) -> tuple[dict[int, Counter[str]], Counter[str]]:
    """What was credited for each round to each account, and what is left of that after claims; in blocks of a span."""
    of_round: dict[int, Counter[str]] = defaultdict(Counter)
    balance: Counter[str] = Counter()
    client = developer.client
    for number in range(since + 1, until + 1):
        for event in client.events(client.block_hash(number)):
            if str(event) == "Evaluation.Credited":
                of_round[event.fields["round"]][event.fields["who"]] += event.fields["amount"]
                balance[event.fields["who"]] += event.fields["amount"]
            if str(event) == "Evaluation.RewardsClaimed":
                balance[event.fields["beneficiary"]] -= event.fields["amount"]
    return of_round, balance


@pytest.mark.parametrize("kind", ["node", "author", "worker", "ray", "ray actor", "steward", "store"])
def test_rounds_settle_with_every_duty_done_once_when_processes_are_killed(
    full_testnet: Testnet, developer: Developer, kind: str
) -> None:
    choices = victims_of(full_testnet, kind)
    if not choices:
        pytest.skip("NOT RUN: the store is a folder on this machine; with `ipfs` on the path it is a process")
    chance = random.Random(kind)
    client = developer.client
    first = client.finalized()
    accounts = [str(account) for account in client.evaluation.active()]
    owed = {account: client.evaluation.claimable(account, at=first.hash) for account in accounts}
    rounds = [developer.request(next(seeds))]
    recovered_s = []
    for point in range(1 if kind == "ray" else POINTS):
        time.sleep(chance.uniform(0, ROUND_S if point == 0 else NEXT_S))
        if client.evaluation.round(rounds[-1]).state.is_final:
            rounds.append(developer.request(next(seeds)))
        victim = author_of(full_testnet) if kind == "author" else chance.choice(choices)
        struck = time.monotonic()
        if victim == "ray actor":
            # Who evaluates next starts another: that its round settles is the proof.
            eventually("an actor", lambda: evaluating(full_testnet), within_s=2 * ROUND_S).kill()
            continue
        strike(full_testnet, victim)
        eventually(f"{victim} to be back", lambda who=victim: works(full_testnet, who))
        recovered_s.append(time.monotonic() - struck)
    for number in rounds:
        assert developer.wait(number).state.state is State.SETTLED
    last = client.finalized()
    of_round, balance = ledger(developer, first.number, last.number)
    for number in rounds:
        members = {str(account) for account in client.evaluation.members(number)}
        deeds = developer.deeds(number, first.number)
        assert {who for deed, who in deeds if deed == "Revealed"} == members
        assert set(deeds.values()) == {1}
        assert set(of_round[number]) >= members
    assert all(client.evaluation.claimable(who, at=last.hash) == owed[who] + balance[who] for who in accounts)
    back = f", back in {statistics.median(recovered_s):.0f} s, at most {max(recovered_s):.0f} s" if recovered_s else ""
    print(f"{kind}: {point + 1} kills in {len(rounds)} rounds{back}")


def test_workers_wait_for_finality_and_go_on_with_it(full_testnet: Testnet, developer: Developer) -> None:
    """A round is requested, then a third of the authorities and more is gone: nobody acts on what may be undone."""
    since = developer.client.finalized().number
    round_id = developer.request(next(seeds))
    for name in ("charlie", "dave"):
        full_testnet.kill(name)
    with ChainClient(full_testnet.endpoint("alice")) as client:
        settled = _nonces_at_rest(client)
        final, best = client.finalized().number, client.best().number
        eventually("blocks without finality", lambda: client.best().number >= best + 6)
        assert client.finalized().number == final
        assert _nonces(client) == settled
    for name in ("charlie", "dave"):
        full_testnet.restart(name)
    ended = developer.wait(round_id)
    assert ended.state.state is State.SETTLED
    assert set(developer.deeds(round_id, since).values()) == {1}


def _nonces_at_rest(client: ChainClient) -> dict[str, int]:
    """How many transactions each validator has sent, once what finality still allowed has been sent."""
    seen = [_nonces(client)]

    def is_at_rest() -> bool:
        time.sleep(FOUR_SLOTS_S)
        seen.append(_nonces(client))
        return seen[-1] == seen[-2]

    eventually("the validators to be at rest", is_at_rest, within_s=120)
    return seen[-1]


def _nonces(client: ChainClient) -> dict[str, int]:
    accounts = {uri: Keypair.create_from_uri(uri).ss58_address for uri in VALIDATORS}
    return {uri: int(client.connection.call("system_accountNextIndex", [who])) for uri, who in accounts.items()}


@contextmanager
def twin(network: Testnet, name: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A second worker of an account, as on another machine: with a home and a journal of its own."""
    program = next(program for program in programs(network.plan) if program.name == name)
    command = [word for word in program.command if not word.startswith("--metrics-port")]
    folder.mkdir()
    environment = {**os.environ, **program.environment, "ASSAY_HOME": str(folder)}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*command, "--metrics-port=0"], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(timeout=60)


def test_second_worker_with_the_same_key_harms_nobody(
    full_testnet: Testnet, developer: Developer, tmp_path: Path
) -> None:
    since = developer.client.finalized().number
    with twin(full_testnet, "validator-2", tmp_path / "twin") as second:
        round_id = developer.request(next(seeds))
        ended = developer.wait(round_id)
        assert second.poll() is None, (tmp_path / "twin" / "log").read_text()
    assert ended.state.state is State.SETTLED
    deeds = developer.deeds(round_id, since)
    members = {str(account) for account in developer.client.evaluation.members(round_id)}
    assert {who for deed, who in deeds if deed == "Revealed"} == members
    assert set(deeds.values()) == {1}
    assert round_id not in _missed(developer, since)


def _missed(developer: Developer, since: int) -> list[int]:
    client = developer.client
    return [
        int(event.fields["round"])
        for number in range(since, client.finalized().number + 1)
        for event in client.events(client.block_hash(number))
        if str(event) == "Evaluation.Missed"
    ]
