"""Agents while governance pauses a duty: they wait, lose no fee, and go on to the block when it is unpaused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import calls
from offchain.chain.calls import Call
from offchain.chain.errors import CallFiltered
from offchain.chain.types import State
from tests.validators.scene import ASY, DEVELOPER, STEWARD, VALIDATORS, Quiet, Scene
from validators._health import Health
from validators._log import Log
from validators._outbox import ATTEMPTS, Outbox

VOTERS = ("//Alice", STEWARD, *VALIDATORS)
"""The emergency track asks for more than a tenth of all tokens."""
TRANSFER = "Balances.transfer_keep_alive"


def switch(scene: Scene, name: str, call: str) -> None:
    """Pauses or unpauses a call by a referendum on the emergency track."""
    client = scene.client
    argument = "full_name" if name == "pause" else "ident"
    names = tuple("0x" + part.encode().hex() for part in call.split("."))
    index = int(client.read(int, "Referenda", "ReferendumCount"))
    client.interface.for_signing()
    proposal = client.interface.compose("TxPause", name, {argument: names}).data.to_hex()
    vote = {"Standard": {"vote": {"aye": True, "conviction": "None"}, "balance": 9_000_000 * ASY}}
    terms = {"proposal_origin": {"Origins": "Emergency"}, "proposal": {"Inline": proposal}}
    scene.do("//Alice", Call("Referenda", "submit", {**terms, "enactment_moment": {"After": 0}}))
    scene.do("//Alice", Call("Referenda", "place_decision_deposit", {"index": index}))
    for who in VOTERS:
        scene.do(who, Call("ConvictionVoting", "vote", {"poll_index": index, "vote": vote}))
    for _ in range(60):
        if (call in paused(scene)) is (name == "pause"):
            return
        scene.chain.run_to(scene.chain.height + 1)
    raise AssertionError("the referendum is not over")


def paused(scene: Scene) -> set[str]:
    """Every call that is paused."""
    entries = scene.client.read_map(Any, Any, "TxPause", "PausedCalls")
    return {".".join(part.decode() if isinstance(part, bytes) else str(part) for part in key) for key in entries}


@pytest.fixture
def tidy(scene: Scene) -> Iterator[None]:
    """Nothing stays paused for the other tests of the chain."""
    yield
    for call in paused(scene):
        switch(scene, "unpause", call)


@pytest.mark.usefixtures("tidy")
def test_agents_wait_and_go_on_when_reveals_are_paused_past_their_deadline(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    reader = scene.client.evaluation
    stream = Quiet()
    workers = [scene.worker(uri, folders(uri), log=Log(uri, stream)) for uri in VALIDATORS]
    switch(scene, "pause", "Evaluation.reveal")
    with scene.running(*workers, scene.steward(folders("steward"))):
        round_ = scene.submit(*scene.checkpoint(seed))
        scene.wait(lambda: reader.round(round_).state.state is State.REVEALING, "all to commit")
        deadline = reader.round(round_).deadline
        scene.chain.run_to(deadline + 20)
        scene.wait(lambda: sum('"transaction.held_up"' in line for line in stream.lines) >= 3, "all to be held up")
        assert reader.round(round_).state.state is State.REVEALING
        assert reader.round(round_).deadline > scene.chain.height
        switch(scene, "unpause", "Evaluation.reveal")
        assert scene.wait_for_end(round_).state.state is State.SETTLED
    assert not [line for line in stream.lines if '"transaction.failed"' in line], "nobody lost a fee"
    assert not scene.events(round_, "Missed")
    validators = reader.validators()
    assert not any(validators[scene.signer(uri).address].misses for uri in VALIDATORS)


@pytest.mark.usefixtures("tidy")
def test_outbox_does_a_deed_anew_when_a_pause_fell_between_sending_and_the_block(scene: Scene, tmp_path: Path) -> None:
    stream = Quiet()
    path = tmp_path / "outbox.sqlite"

    def outbox() -> Outbox:
        signer = scene.signer(DEVELOPER)
        log = Log("outbox", stream)
        return Outbox(scene.client, signer, path, on_behalf_of=None, log=log, health=Health("validator"))

    def told() -> list[str]:
        return [json.loads(line)["event"] for line in stream.lines]

    gift = calls.balances.transfer(scene.signer(STEWARD).address, ASY)
    switch(scene, "pause", TRANSFER)
    mine = outbox()
    mine.send("round/1/gift", gift)
    mine.paused = frozenset({TRANSFER})
    scene.wait(lambda: mine.send("round/1/gift", gift) or "transaction.held_up" in told(), "the deed to be held up")
    assert told() == ["transaction.failed", "transaction.held_up"]
    switch(scene, "unpause", TRANSFER)
    another = outbox()  # as after a restart: the journal says that the first attempt failed
    scene.wait(lambda: another.send("round/1/gift", gift), "the deed")
    assert another.send("round/1/gift", gift)


@pytest.mark.usefixtures("tidy")
def test_outbox_gives_up_when_a_call_is_filtered_that_nobody_is_known_to_have_paused(
    scene: Scene, tmp_path: Path
) -> None:
    switch(scene, "pause", TRANSFER)
    signer = scene.signer(DEVELOPER)
    stream = Quiet()
    log = Log("outbox", stream)
    outbox = Outbox(scene.client, signer, tmp_path / "o", on_behalf_of=None, log=log, health=Health("validator"))
    gift = calls.balances.transfer(scene.signer(STEWARD).address, ASY)
    with pytest.raises(CallFiltered):
        scene.wait(lambda: outbox.send("round/1/gift", gift), "the end")
    assert len(stream.lines) == ATTEMPTS
