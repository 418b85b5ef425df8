"""Rounds on a network whose processes are killed, silenced or doubled: each duty is done once, each reward paid once.

``ASSAY_KILL_POINTS`` says at how many random moments of a round each kind of process is killed: one by default, 20 in
``make test-chaos``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections import Counter
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


def kill_ray_actor(network: Testnet) -> None:
    """Kills one of the processes in which Ray evaluates, if there is one at the moment."""
    raylets = psutil.Process(network.pid("ray")).children(recursive=True)
    actors = [process for process in raylets if any("ray::" in word for word in process.cmdline()[:1])]
    if actors:
        random.choice(actors).send_signal(signal.SIGKILL)


def strike(network: Testnet, victim: str) -> None:
    """Kills a process, and starts it again as a supervisor would."""
    if victim == "ray actor":
        kill_ray_actor(network)
        return
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


def credited(developer: Developer, round_id: int, since: int) -> tuple[Counter[str], Counter[str]]:
    """What each account was credited for a round, and what each was credited and paid in all, since a height."""
    of_round: Counter[str] = Counter()
    balance: Counter[str] = Counter()
    client = developer.client
    for number in range(since + 1, client.finalized().number + 1):
        for event in client.events(client.block_hash(number)):
            if str(event) == "Evaluation.Credited":
                balance[event.fields["who"]] += event.fields["amount"]
                if event.fields["round"] == round_id:
                    of_round[event.fields["who"]] += event.fields["amount"]
            if str(event) == "Evaluation.RewardsClaimed":
                balance[event.fields["beneficiary"]] -= event.fields["amount"]
    return of_round, balance


@pytest.mark.parametrize("point", range(POINTS))
@pytest.mark.parametrize("kind", ["node", "author", "worker", "ray actor", "steward", "store"])
def test_round_settles_with_every_duty_done_once_when_a_process_is_killed(
    full_testnet: Testnet, developer: Developer, kind: str, point: int
) -> None:
    choices = victims_of(full_testnet, kind)
    if not choices:
        pytest.skip("NOT RUN: the store is a folder on this machine; with `ipfs` on the path it is a process")
    chance = random.Random(f"{kind}/{point}")
    since = developer.client.finalized().number
    accounts = [str(account) for account in developer.client.evaluation.active()]
    owed = {account: developer.client.evaluation.claimable(account) for account in accounts}
    round_id = developer.request(next(seeds))
    time.sleep(chance.uniform(0, ROUND_S))
    victim = author_of(full_testnet) if kind == "author" else chance.choice(choices)
    strike(full_testnet, victim)
    if victim != "ray actor":
        eventually(f"{victim} to be back", lambda: works(full_testnet, victim))
    ended = developer.wait(round_id)
    assert ended.state.state is State.SETTLED
    members = {str(account) for account in developer.client.evaluation.members(round_id)}
    deeds = developer.deeds(round_id, since)
    assert {who for deed, who in deeds if deed == "Revealed"} == members
    assert set(deeds.values()) == {1}
    of_round, _ = credited(developer, round_id, since)
    assert {who for who in of_round if who in members} == members

    def settled_up() -> bool:
        _, balance = credited(developer, round_id, since)
        return all(developer.client.evaluation.claimable(who) == owed[who] + balance[who] for who in accounts)

    assert settled_up()


def test_workers_wait_for_finality_and_go_on_with_it(full_testnet: Testnet, developer: Developer) -> None:
    """A round is requested, then a third of the authorities and more is gone: nobody acts on what may be undone."""
    since = developer.client.finalized().number
    round_id = developer.request(next(seeds))
    for name in ("charlie", "dave"):
        full_testnet.kill(name)
    time.sleep(12)
    with ChainClient(full_testnet.endpoint("alice")) as client:
        final = client.finalized().number
        nonces = {uri: _nonce(client, uri) for uri in VALIDATORS}
        best = client.best().number
        eventually("blocks without finality", lambda: client.best().number >= best + 6)
        assert client.finalized().number == final
        late = {uri: _nonce(client, uri) for uri in VALIDATORS}
        # What was sent before finality stalled may still go in; nothing is begun after it.
        assert sum(late.values()) - sum(nonces.values()) <= len(VALIDATORS)
    for name in ("charlie", "dave"):
        full_testnet.restart(name)
    ended = developer.wait(round_id)
    assert ended.state.state is State.SETTLED
    assert set(developer.deeds(round_id, since).values()) == {1}


def _nonce(client: ChainClient, uri: str) -> int:
    return int(client.connection.call("system_accountNextIndex", [Keypair.create_from_uri(uri).ss58_address]))


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
