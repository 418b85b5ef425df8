"""Rounds on the whole network, by its own agents: real keys, real images, real finality."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from offchain.chain import ChainClient
from offchain.chain.types import State
from offchain.testnet import Testnet

from .developer import Developer
from .observe import eventually

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(2400)]


def test_two_rounds_settle_by_workers_in_processes_of_their_own(full_testnet: Testnet, developer: Developer) -> None:
    since = developer.client.finalized().number
    seed = int.from_bytes(os.urandom(3), "big")
    rounds = [developer.request(seed), developer.request(seed + 1)]
    for number in rounds:
        found = developer.wait(number, State.SETTLED, within_s=900)
        assert found.state.state is State.SETTLED
        members = developer.client.evaluation.members(number)
        deeds = Counter(name for (name, _), _ in developer.deeds(number, since).items())
        assert deeds["Revealed"] == deeds["Committed"] == len(members)
        assert all(count == 1 for count in developer.deeds(number, since).values())

    def is_paid() -> bool:
        owed = developer.client.evaluation.claimable
        return all(owed(account) == 0 for number in rounds for account in developer.client.evaluation.members(number))

    eventually("workers claim what they are owed", is_paid, within_s=300)
    lines = {line.name: line for line in full_testnet.status()}
    assert all(line.state == "RUNNING" for line in lines.values())


def test_every_node_tells_the_same_verdict(full_testnet: Testnet, developer: Developer) -> None:
    number = developer.request(int.from_bytes(os.urandom(3), "big"))
    developer.wait(number, State.SETTLED, within_s=900)
    height = developer.client.finalized().number

    def verdicts() -> list[object]:
        found = []
        for url in full_testnet.endpoints:
            with ChainClient(url) as client:
                client.wait_for_block(height, timeout_s=60)
                found.append((client.evaluation.round(number), client.evaluation.leaderboard(0)))
        return found

    first, *others = verdicts()
    assert all(other == first for other in others)
