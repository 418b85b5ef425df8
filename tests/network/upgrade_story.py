"""An upgrade of a running network from the last release to the current runtime, told once for many tests."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from governance import apply_upgrade, check_upgrade, propose, upgrade
from offchain.chain import ChainClient, TransactionManager, development_signer
from offchain.chain.calls import Call
from offchain.devchain import ChainSpec
from offchain.testnet import Testnet
from tests.clients.suite import Outcome, Suite, read

from .developer import Developer
from .observe import eventually, slot_of
from .upgrade_load import ASY, Traffic

__all__ = ["ARTIFACTS", "CURRENT", "Block", "Story", "last_release", "release_spec", "tell"]

ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
CURRENT = ARTIFACTS / "runtime.compact.compressed.wasm"
PROPOSER = "//Eve"
WHALES = (
    "//Alice//stash",
    "//Bob//stash",
    "//Charlie//stash",
    "//Dave//stash",
    "//Eve//stash",
    "//Ferdie//stash",
    "//One",
    "//Two",
)
EACH = 9_500_000 * ASY
BEFORE_S, AFTER_S = 20.0, 30.0
"""How long people act before the vote and after the upgrade."""


@dataclass(frozen=True)
class Block:
    """What the tests ask of a finalized block."""

    number: int
    hash: str
    parent: str
    slot: int
    time_s: float
    extrinsics: tuple[str, ...]
    events: tuple[str, ...]


@dataclass
class Story:
    """What happened.

    Args:
        network: still up.
        traffic: everybody's deeds.
        old: a client that means the old version only.
        watcher: the polkadot.js that stayed connected, where Node.js is installed.
        pids: of each process, before and after.
        rounds: the round that was open during the upgrade, and the one requested after it.
        steps: what was done, and when, by the clock of this process.
        blocks: every finalized block from before the first deed to after the last.
    """

    network: Testnet
    traffic: Traffic
    old: ChainClient
    watcher: subprocess.Popen[str] | None
    pids: tuple[dict[str, int | None], dict[str, int | None]] = field(default=({}, {}))
    rounds: dict[str, Any] = field(default_factory=dict)
    steps: list[tuple[str, float]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    clients: Outcome | None = None

    def first(self, event: str) -> Block:
        """The first block with an event."""
        return next(block for block in self.blocks if event in block.events)


def last_release() -> Path:
    """The runtime before the current one."""
    return max(
        (ARTIFACTS / "releases").glob("assay-*.wasm"), key=lambda path: int(path.name.split("-")[1].split(".")[0])
    )


def release_spec(folder: Path, pace_key: str) -> Path:
    """Four authorities at the pace Dev, on the last release."""
    spec = ChainSpec.from_runtime(last_release().read_bytes(), "local_testnet").as_json()
    spec["genesis"]["raw"]["top"][pace_key] = "0x00"
    spec |= {"name": "Assay Local Upgrade", "id": "assay_local_upgrade", "chainType": "Local"}
    target = folder / "release.json"
    target.write_text(json.dumps(spec))
    return target


def tell(network: Testnet, folder: Path, suite: Suite | None, developer: Developer) -> Story:
    """Everything from the first transfer to the last, and a look at every block between them."""
    with ExitStack() as ending, ChainClient(network.endpoints) as client:
        return _tell(network, folder, suite, developer, client, ending)


def _tell(
    network: Testnet, folder: Path, suite: Suite | None, developer: Developer, client: ChainClient, ending: ExitStack
) -> Story:
    manager = TransactionManager(client, folder / "driver.sqlite")
    proposer = development_signer(PROPOSER, client)
    traffic = Traffic(network.endpoints, folder)
    traffic.fund(manager, proposer)
    first = client.finalized().number
    version = int(client.connection.call("state_getRuntimeVersion", [])["specVersion"])
    watcher = None if suite is None else suite.start(network.endpoint("charlie"), ["upgrade"], block_s=3.0)
    if watcher is not None:
        ending.callback(lambda: (watcher.kill(), watcher.communicate()))
    story = Story(network, traffic, ChainClient(network.endpoint("dave"), spec_version=version), watcher)
    story.old.accounts.get(proposer.address)
    step = _stepper(story)
    before = _pids(network)
    step("people begin")
    ending.callback(traffic.end)
    traffic.start()
    time.sleep(BEFORE_S)

    new = check_upgrade(client, CURRENT)
    step("referendum is submitted")
    index = propose(manager, proposer, upgrade(new.code_hash, new.version_after), intent="upgrade", deposit=False)
    traffic.poll = index
    vote = {"Standard": {"vote": {"aye": True, "conviction": "None"}, "balance": EACH}}
    ayes = [
        manager.send(
            f"upgrade/vote/{whale}",
            Call("ConvictionVoting", "vote", {"poll_index": index, "vote": vote}),
            development_signer(whale, client),
        )
        for whale in WHALES
    ]
    for aye in ayes:
        aye.wait()
    traffic.poll = None  # a referendum that has ended takes no votes
    step("votes are final, decision deposit is placed")
    manager.submit("upgrade/deposit", Call("Referenda", "place_decision_deposit", {"index": index}), proposer)
    story.rounds["open"] = developer.request(2_000_001)
    eventually(
        "the authorization",
        lambda: client.interface.read("System", "AuthorizedUpgrade", [], client.head()),
        within_s=240,
    )
    traffic.sign_ahead(client)
    step("authorization is final, code is handed in")
    manager.submit("upgrade/apply", apply_upgrade(client, CURRENT), proposer)
    step("new code is final")
    eventually(
        "the new version",
        lambda: client.interface.version_after(client.head()) == new.version_after,
        within_s=120,
    )
    traffic.send_late()
    step("what was signed before is done after")
    time.sleep(AFTER_S)
    story.rounds["open"] = developer.wait(story.rounds["open"])
    step("round that was open has ended")
    story.rounds["new"] = developer.wait(developer.request(2_000_002))
    step("round of the new version has ended")
    traffic.stop()
    step("last deed is final")
    story.pids = before, _pids(network)
    if watcher is not None:
        story.clients = read(*watcher.communicate(timeout=300))
    client.wait_for_block(client.best().number, timeout_s=60)
    story.blocks = [_block(client, number) for number in range(first, client.finalized().number + 1)]
    return story


def _stepper(story: Story) -> Callable[[str], None]:
    begun = time.monotonic()

    def step(what: str) -> None:
        story.steps.append((what, time.monotonic() - begun))

    return step


def _pids(network: Testnet) -> dict[str, int | None]:
    return {line.name: line.pid for line in network.status()}


def _block(client: ChainClient, number: int) -> Block:
    block_hash = client.block_hash(number)
    header = client.header(block_hash)
    return Block(
        number=number,
        hash=block_hash,
        parent=str(client.connection.call("chain_getHeader", [block_hash])["parentHash"]),
        slot=slot_of(client, number),
        time_s=int(client.interface.read("Timestamp", "Now", [], header.hash)) / 1000,
        extrinsics=client.extrinsics(block_hash),
        events=tuple(str(event) for event in client.events(block_hash)),
    )
