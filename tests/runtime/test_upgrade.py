"""From the last release to the current runtime, by referendum, on a chain with rounds under way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import ChainClient, calls
from offchain.chain._interface import Interface
from offchain.chain.calls import Call
from offchain.chain.errors import DispatchFailed, RpcError, RuntimeUpgraded
from offchain.chain.types import State
from offchain.devchain import ChainSpec, DevChain
from offchain.storage_key import storage_prefix, twox_64_concat
from tests.e2e._referendum import ROUGHLY_A_MINUTE
from tests.e2e._round import Drive
from tests.e2e._scene import ASY, AUTHOR, DEVELOPER, STEWARD, VALIDATORS, Packed, Scene
from tests.e2e._stages import open_scene, prepare

ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"
CURRENT = (ARTIFACTS / "runtime.compact.compressed.wasm").read_bytes()
BEFORE, NOW = 1, 2
RELEASE = (ARTIFACTS / "releases" / f"assay-{BEFORE}.compact.compressed.wasm").read_bytes()
MANY = 16_000
"""Rounds of the populated state: more than half a block can look at."""
HALF_A_BLOCK = 750_000_000_000
"""Picoseconds: a block is half a slot of three seconds."""
FINAL = ("Settled", "Inconclusive", "Expired", {"Failed": "NoCommittee"}, {"Failed": {"Declined": "HashMismatch"}})
STATES = ("Requested", "Accepting", "Releasing", "Committing", "Revealing", *FINAL)


def round_key(number: int) -> bytes:
    """Where a round lies."""
    return storage_prefix("Evaluation", "Rounds") + twox_64_concat(number)


def authorize(scene: Scene, wasm: bytes) -> None:
    """Has a referendum on the root track authorize a runtime."""
    index = int(scene.client.read(int, "Referenda", "ReferendumCount"))
    scene.client.interface.for_signing()
    code_hash = "0x" + blake2b(wasm, digest_size=32).hexdigest()
    inline = scene.client.interface.compose("System", "authorize_upgrade", {"code_hash": code_hash}).data.to_hex()
    origin = {"system": "Root"}
    vote = {"Standard": {"vote": {"aye": True, "conviction": "Locked1x"}, "balance": 9_000_000 * ASY}}
    proposal = {"proposal_origin": origin, "proposal": {"Inline": inline}, "enactment_moment": {"After": 0}}
    for deed in (
        Call("Referenda", "submit", proposal),
        Call("Referenda", "place_decision_deposit", {"index": index}),
        Call("ConvictionVoting", "vote", {"poll_index": index, "vote": vote}),
    ):
        scene.send(AUTHOR, deed)
    for _ in range(ROUGHLY_A_MINUTE):
        scene.seal()
        if scene.client.read(Any, "System", "AuthorizedUpgrade") is not None:
            return
    raise AssertionError("the referendum is not over")


def applying(wasm: bytes) -> Call:
    """What anybody may send once the runtime is authorized."""
    return Call("System", "apply_authorized_upgrade", {"code": wasm})


def migrated(scene: Scene) -> int:
    """Seals until the migrations are through, and returns how many blocks they took."""
    first = scene.height + 1
    for _ in range(100):
        scene.seal()
        events = scene.client.events(scene.client.head())
        assert not [str(event) for event in events if event.name in {"MigrationFailed", "UpgradeFailed"}]
        if any(str(event) == "MultiBlockMigrations.UpgradeCompleted" for event in events):
            return scene.height + 1 - first
    raise AssertionError("the migrations go on for ever")


@pytest.fixture
def scene(packed: Packed, tmp_path: Path) -> Iterator[Scene]:
    """A chain of the last release, on which rounds can be requested."""
    with DevChain(ChainSpec.from_runtime(RELEASE, "development"), tmp_path / "chain"):
        pass
    with open_scene(packed, tmp_path, chain_folder=tmp_path / "chain") as scene:
        assert scene.client.interface.for_signing().spec_version == BEFORE
        prepare(scene)
        yield scene


def another(scene: Scene, seed: int) -> Drive:
    """A further round, on a checkpoint of its own."""
    spec = scene.checkpoint(seed)
    scene.submit_checkpoint(spec)
    return Drive(scene, scene.request(spec))


def test_rounds_go_on_when_the_chain_is_upgraded_by_referendum(scene: Scene) -> None:
    reader = scene.client.evaluation
    settled = Drive(scene, scene.request(scene.checkpoint()))
    settled.to_revealing()
    settled.reveal()
    authorize(scene, CURRENT)
    revealing = another(scene, 1)
    revealing.to_revealing()
    committing = another(scene, 2)
    committing.to_committing()
    accepting = another(scene, 3)
    accepting.draw()
    requested = another(scene, 4)
    under_way = [revealing, committing, accepting, requested]
    assert reader.stopped_blocks() == 0
    assert reader.open_rounds().keys() == {each.id for each in under_way}
    deadlines = {each.id: each.round.deadline for each in under_way[:3]}
    late = scene.manager.sign("late", calls.balances.transfer(scene.address(STEWARD), ASY), scene.signer("//Two"))

    with ChainClient(scene.client.url, spec_version=BEFORE) as old:
        assert old.evaluation.round(revealing.id) == revealing.round
        scene.send(VALIDATORS[0], applying(CURRENT))
        assert migrated(scene) >= 1
        with pytest.raises(RuntimeUpgraded) as caught:
            old.evaluation.round(revealing.id)
        assert caught.value.code == 109
        with pytest.raises(RuntimeUpgraded):
            old.interface.for_signing()
    assert scene.client.interface.for_signing().spec_version == NOW

    stopped = reader.stopped_blocks()
    assert stopped >= 1, "no transactions were let in"
    assert {number: reader.round(number).deadline for number in deadlines} == {
        number: deadline + stopped for number, deadline in deadlines.items()
    }
    assert scene.client.storage_version("Evaluation") == 1
    indexed = scene.client.read_map(int, Any, "Evaluation", "OpenRounds")
    assert indexed.keys() == {number for number, each in reader.rounds().items() if not each.state.is_final}
    assert scene.client.read(Any, "CollatorSelection", "Invulnerables") == scene.client.read(
        Any, "Session", "Validators"
    )

    with pytest.raises(RpcError, match="bad signature"):
        scene.client.connection.call("author_submitExtrinsic", [late.extrinsic])
    pending = scene.manager.send("late", calls.balances.transfer(scene.address(STEWARD), ASY), scene.signer("//Two"))
    scene.seal()
    pending.wait(timeout_s=20)
    states = [entry.state for entry in scene.manager.journal.history("late")]
    assert states == ["expired", "succeeded"], "it was signed anew for the new version"

    revealing.reveal()
    committing.commit()
    committing.reveal()
    for drawn in (accepting, requested):
        drawn.accept()
        drawn.release()
        drawn.commit()
        drawn.reveal()
    assert {each.state for each in [settled, *under_way]} == {State.SETTLED}
    assert not any(each.misses or each.absences for each in reader.validators().values())
    assert reader.open_rounds() == {}
    assert scene.books().total() == scene.client.balances.issuance()


def test_upgrade_is_refused_when_nobody_authorized_it_or_the_version_does_not_grow(scene: Scene) -> None:
    with pytest.raises(DispatchFailed) as caught:
        scene.send(DEVELOPER, applying(CURRENT))
    assert caught.value.name == "NothingAuthorized"
    authorize(scene, CURRENT)
    with pytest.raises(DispatchFailed) as caught:
        scene.send(DEVELOPER, applying(RELEASE))
    assert caught.value.name == "Unauthorized"
    scene.send(DEVELOPER, applying(CURRENT))
    migrated(scene)
    with pytest.raises(DispatchFailed) as caught:
        scene.send(DEVELOPER, applying(CURRENT))
    assert caught.value.name == "NothingAuthorized"
    authorize(scene, CURRENT)
    receipt = scene.send(DEVELOPER, applying(CURRENT))
    rejected = receipt.event("System", "RejectedInvalidAuthorizedUpgrade")
    assert rejected is not None
    assert receipt.event("System", "CodeUpdated") is None
    before = scene.height
    scene.seal()
    assert scene.height == before + 1
    assert scene.client.interface.for_signing().spec_version == NOW


def populated(interface: Interface) -> dict[bytes, bytes]:
    """Rounds in every state, as the last release stores them."""
    runtime = interface.at(interface.connection.call("chain_getFinalizedHead", []))
    example = interface.read("Evaluation", "Rounds", [0], interface.connection.call("chain_getFinalizedHead", []))
    function = runtime.metadata.get_metadata_pallet("Evaluation").get_storage_function("Rounds")
    kind = function.get_value_type_string()
    encoded = [runtime.encode(kind, {**example, "state": state}) for state in STATES]
    rounds = {round_key(number): encoded[number % len(STATES)] for number in range(MANY)}
    return rounds | {storage_prefix("Evaluation", "NextRound"): MANY.to_bytes(4, "little")}


def test_index_is_filled_over_several_blocks_of_half_a_block_when_there_are_many_rounds(
    scene: Scene, packed: Packed, tmp_path: Path
) -> None:
    scene.request(scene.checkpoint())
    spec = ChainSpec.from_runtime(RELEASE, "development")
    state = spec.state.copy()
    state.apply(populated(scene.client.interface))
    other = tmp_path / "other"
    with DevChain(replace(spec, state=state), other / "chain"):
        pass
    with open_scene(packed, other, chain_folder=other / "chain") as full:
        authorize(full, CURRENT)
        full.send(VALIDATORS[0], applying(CURRENT))
        waiting = full.manager.send("waiting", calls.balances.transfer(full.address(STEWARD), ASY), full.signer(AUTHOR))
        first = full.height + 1
        blocks = migrated(full)
        assert blocks >= 2
        for number in range(first, first + blocks):
            block = full.client.block_hash(number)
            assert len(full.client.extrinsics(block)) == 1, "inherents alone are let in"
            weight = full.client.read(Any, "System", "BlockWeight", at=block)
            assert weight["mandatory"]["ref_time"] <= HALF_A_BLOCK, "half a block at most"
            assert weight["normal"]["ref_time"] == 0
        full.seal()
        assert waiting.wait(timeout_s=20).block_number == first + blocks, "it was not lost"
        indexed = full.client.read_map(int, Any, "Evaluation", "OpenRounds")
        assert indexed.keys() == {number for number in range(MANY) if number % len(STATES) < len(STATES) - len(FINAL)}
        assert full.client.evaluation.stopped_blocks() == blocks
