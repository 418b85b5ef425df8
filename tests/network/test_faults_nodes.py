"""Nodes that die, lie, stall, or live in another time: the others go on, and the network heals within a minute."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import ChainClient, TransactionManager, address_of, calls, development_signer
from offchain.devchain._executor_module import plain_wasm
from offchain.testnet import Testnet, Wishes

from .observe import RECOVERY_S, eventually, finalized, heads, same_chain, slot_of

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(900)]

NODES = ("alice", "bob", "charlie", "dave")
FOUR_SLOTS_S = 12.0


def goes_on(network: Testnet, name: str = "alice", *, blocks: int = 2, within_s: float = RECOVERY_S) -> int:
    """Waits until a node has finalized some more blocks, and returns its height."""
    before = eventually("an answer", lambda: heads(network, name))[1]
    eventually("finality to go on", lambda: finalized(network, name) >= before + blocks, within_s=within_s)
    return before + blocks


def whole(network: Testnet) -> None:
    """Waits until all nodes have finalized the same new blocks."""
    height = goes_on(network, blocks=3)
    eventually("all nodes on one chain", lambda: same_chain(network, height))


def test_network_goes_on_without_a_node_that_is_killed_and_takes_it_back(testnet: Testnet) -> None:
    testnet.kill("dave")
    goes_on(testnet, blocks=4)
    testnet.restart("dave")
    height = finalized(testnet, "alice")
    eventually("the node to catch up", lambda: finalized(testnet, "dave") >= height)
    whole(testnet)


def test_finality_stalls_without_a_third_of_the_nodes_and_resumes_with_them(testnet: Testnet) -> None:
    testnet.kill("charlie")
    testnet.kill("dave")
    time.sleep(FOUR_SLOTS_S)  # what was being voted on when they died may still be finalized
    best, final = heads(testnet, "alice")
    eventually("blocks without finality", lambda: heads(testnet, "alice")[0] >= best + 4)
    assert finalized(testnet, "alice") == final
    for name in ("charlie", "dave"):
        testnet.restart(name)
    eventually("finality to resume", lambda: finalized(testnet, "alice") >= best + 4)
    whole(testnet)


def test_transaction_is_included_once_when_the_node_it_was_sent_to_dies(testnet: Testnet, tmp_path: Path) -> None:
    with ChainClient([testnet.endpoint("dave"), testnet.endpoint("alice")]) as client:
        alice = development_signer("//Alice", client)
        bob = development_signer("//Bob", client)
        manager = TransactionManager(client, tmp_path / "transactions.sqlite")
        pending = manager.send("gift", calls.balances.transfer(bob.address, 10**12), alice)
        testnet.kill("dave")
        receipt = pending.wait(timeout_s=180)
        assert manager.send("gift", calls.balances.transfer(bob.address, 10**12), alice).wait(timeout_s=180) == receipt
    testnet.restart("dave")
    whole(testnet)


def test_client_goes_to_another_node_when_its_own_takes_connections_and_says_nothing(testnet: Testnet) -> None:
    with ChainClient([testnet.endpoint("bob"), testnet.endpoint("alice")]) as client:
        client.finalized()
        os.kill(testnet.pid("bob"), signal.SIGSTOP)
        try:
            begun = time.monotonic()
            client.finalized()
            assert time.monotonic() - begun <= 30  # the deadline of a call, not a measurement
            assert client.url == testnet.endpoint("alice")
        finally:
            os.kill(testnet.pid("bob"), signal.SIGCONT)
    whole(testnet)


def constant(text: bytes) -> bytes:
    """Eight bytes as the operand of ``i64.const``: signed LEB128."""
    value, encoded = int.from_bytes(text, "little"), b""
    while value > 0x3F:
        encoded += bytes([value & 0x7F | 0x80])
        value >>= 7
    return encoded + bytes([value])


@pytest.fixture
def liars_runtime(tmp_path: Path, local_wasm: bytes) -> Path:
    """A folder with the same version of the runtime, but one that keeps the treasury's money in another account."""
    plain = plain_wasm(local_wasm)
    lying = plain.replace(constant(b"py/trsry"), constant(b"py/thief"))
    assert lying != plain
    folder = tmp_path / "override"
    folder.mkdir()
    (folder / "lying.wasm").write_bytes(lying)
    return folder


@pytest.fixture(scope="session")
def local_wasm(local_spec: Path) -> bytes:
    """The runtime of the local network."""
    code = json.loads(local_spec.read_bytes())["genesis"]["raw"]["top"]["0x3a636f6465"]
    return bytes.fromhex(code[2:])


@pytest.mark.parametrize("liars", [("dave",), ("charlie", "dave")])
def test_lies_are_never_final_when_authorities_run_another_runtime(
    make_testnet: Callable[..., Testnet], liars_runtime: Path, liars: tuple[str, ...], tmp_path: Path
) -> None:
    extra = dict.fromkeys(liars, (f"--wasm-runtime-overrides={liars_runtime}",))
    network = make_testnet(wishes=Wishes(extra=extra))
    honest = [name for name in NODES if name not in liars]
    with ChainClient(network.endpoint("alice")) as client:
        signer = development_signer("//Alice", client)
        interface = client.interface
        interface.for_signing()
        birth = client.finalized().number
        manager = TransactionManager(client, tmp_path / "transactions.sqlite")
        # The fee goes to the treasury: from this block on, the liars' state is another.
        pending = manager.send("fee", calls.system.remark(b"pay a fee"), signer)
        if len(liars) == 1:
            fee = pending.wait(timeout_s=120).block_number
            goes_on(network, blocks=4)
            assert finalized(network, liars[0]) < fee
        else:
            eventually("honest blocks", lambda: heads(network, "alice")[0] >= birth + 8)
            time.sleep(FOUR_SLOTS_S)
            before = finalized(network, "alice")
            time.sleep(2 * FOUR_SLOTS_S)
            assert finalized(network, "alice") == before
        final = client.finalized()
        thief = client.read(Any, "System", "Account", address_of(b"modlpy/thief".ljust(32, b"\0")))
        assert thief["data"]["free"] == 0
    for name in honest:
        with ChainClient(network.endpoint(name)) as other:
            assert other.block_hash(final.number) == final.hash
    network.down()


@pytest.mark.parametrize("offset", ["+5m", "-5m"])
def test_network_goes_on_when_the_clock_of_an_authority_is_wrong(
    make_testnet: Callable[..., Testnet], offset: str
) -> None:
    if shutil.which("faketime") is None:
        pytest.fail("faketime is absent: apt install faketime")
    network = make_testnet(wishes=Wishes(prefix={"dave": ("faketime", "-f", offset)}))
    height = goes_on(network, blocks=6)
    with ChainClient(network.endpoint("alice")) as client:
        slots = [slot_of(client, number) for number in range(max(1, height - 5), height + 1)]
    assert slots == sorted(set(slots))
    now = time.time() / 3
    assert all(slot <= now + 1 for slot in slots)
    network.down()


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[None]:
    """Moves a folder's content to a file system of its own in memory, as large as it is said to be."""
    kept = folder.with_suffix(".kept")
    folder.rename(kept)
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        shutil.copytree(kept, folder, dirs_exist_ok=True)
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(path: Path) -> None:
    """Writes to a file until its disk takes no more."""
    with path.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(1 << 16))
        except OSError as full:
            assert full.errno == errno.ENOSPC  # noqa: PT017 - the loop ends in no other way


def test_node_comes_back_when_its_full_disk_has_room_again(make_testnet: Callable[..., Testnet]) -> None:
    if os.geteuid() != 0:
        pytest.fail("mounting a small disk takes root")
    network = make_testnet()
    network.kill("dave")
    with small_disk(network.folder / "dave" / "data", "512m"):
        network.restart("dave")
        whole(network)
        filler = network.folder / "dave" / "data" / "filler"
        fill(filler)
        goes_on(network, blocks=8)
        filler.unlink()
        network.restart("dave")
        whole(network)
        network.down()
