"""A network cut in two, each half in a network namespace of its own: both go on building, neither finalizes."""

from __future__ import annotations

import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.testnet import Testnet, Wishes

from .observe import eventually, finalized, heads, same_chain

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(900)]

DEPTH = 3
"""Blocks that the losing half has to give up."""
HALVES = (("alice", "bob"), ("charlie", "dave"))


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, timeout=10)


@dataclass(frozen=True)
class Halves:
    """Two namespaces: each with a line to this machine, and one between them that can be cut."""

    names: tuple[str, str]
    subnet: str

    def address(self, half: int) -> str:
        """Where the nodes of a half listen."""
        return f"{self.subnet}.{half + 1}.2"

    def cut(self) -> None:
        """Takes the line between the halves down."""
        ip("-n", self.names[0], "link", "set", "between", "down")

    def join(self) -> None:
        """Takes it up again; a line that was down has lost its routes."""
        ip("-n", self.names[0], "link", "set", "between", "up")
        for half in (0, 1):
            ip(
                *("-n", self.names[half], "route", "replace", f"{self.subnet}.{2 - half}.0/24"),
                *("via", f"{self.subnet}.3.{2 - half}", "dev", "between"),
            )


@pytest.fixture
def halves() -> Iterator[Halves]:
    """The namespaces, removed at the end; making them takes root and iproute2."""
    if os.geteuid() != 0:
        pytest.fail("network namespaces take root")
    tag = secrets.token_hex(3)
    found = Halves((f"assay-{tag}-a", f"assay-{tag}-b"), f"10.{77 + os.getpid() % 100}")
    try:
        for half, name in enumerate(found.names):
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
            ours, theirs = f"as{tag}{half}", "outside"
            ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
            ip("addr", "add", f"{found.subnet}.{half + 1}.1/24", "dev", ours)
            ip("link", "set", ours, "up")
            ip("-n", name, "addr", "add", f"{found.address(half)}/24", "dev", theirs)
            ip("-n", name, "link", "set", theirs, "up")
        first, second = found.names
        ip("-n", first, "link", "add", "between", "type", "veth", "peer", "name", "between", "netns", second)
        for half, name in enumerate(found.names):
            ip("-n", name, "addr", "add", f"{found.subnet}.3.{half + 1}/24", "dev", "between")
            ip("-n", name, "link", "set", "between", "up")
        found.join()
        yield found
    finally:
        for name in found.names:
            with suppress(subprocess.CalledProcessError):
                ip("netns", "del", name)


def hashes(client: ChainClient, first: int, last: int) -> list[str]:
    """Hashes of a node's best chain."""
    return [client.block_hash(number) for number in range(first, last + 1)]


def test_halves_agree_again_and_lose_no_transaction_after_a_partition(
    make_testnet: Callable[..., Testnet], halves: Halves, tmp_path: Path
) -> None:
    where = {name: half for half, names in enumerate(HALVES) for name in names}
    network = make_testnet(
        wishes=Wishes(
            prefix={name: ("ip", "netns", "exec", halves.names[half]) for name, half in where.items()},
            addresses={name: halves.address(half) for name, half in where.items()},
        )
    )
    eventually("finality", lambda: finalized(network, "alice") >= 3)
    halves.cut()
    time.sleep(6)
    with ChainClient(network.endpoint("alice")) as left, ChainClient(network.endpoint("charlie")) as right:
        fork = max(heads(network, "alice")[1], heads(network, "charlie")[1])
        # Sent to the halves while they are apart: each is in one of the two chains alone.
        managers = [TransactionManager(client, tmp_path / f"{n}.sqlite") for n, client in enumerate((left, right))]
        signers = [development_signer("//Alice", left), development_signer("//Eve", right)]
        to = development_signer("//Ferdie", left).address
        pending = [
            manager.send("gift", calls.balances.transfer(to, 10**12), signer)
            for manager, signer in zip(managers, signers, strict=True)
        ]
        eventually(
            "both halves to build alone",
            lambda: all(heads(network, name)[0] >= fork + 4 * DEPTH for name in ("alice", "charlie")),
            within_s=180,
        )
        top = min(heads(network, name)[0] for name in ("alice", "charlie"))
        stalled = [finalized(network, name) for name in ("alice", "charlie")]
        apart = [hashes(client, fork + 1, top) for client in (left, right)]
        assert [ours == theirs for ours, theirs in zip(*apart, strict=True)].count(False) >= DEPTH
        time.sleep(6)
        assert [finalized(network, name) for name in ("alice", "charlie")] == stalled
        halves.join()
        eventually("the halves to agree", lambda: same_chain(network, top), within_s=180)
        after = [hashes(client, fork + 1, top) for client in (left, right)]
        assert after[0] == after[1]
        given_up = max(sum(b != a for b, a in zip(before, after[0], strict=True)) for before in apart)
        assert given_up >= DEPTH
        receipts = [each.wait(timeout_s=180) for each in pending]
        included = [
            extrinsic
            for number in range(fork, left.finalized().number + 1)
            for extrinsic in left.extrinsics(left.block_hash(number))
        ]
        for receipt in receipts:
            assert included.count(receipt.extrinsic) == 1
    network.down()
