"""A runtime upgrade by referendum on a running network of four nodes with workers, under load.

What is counted: a *deed* is a transfer, a sealed claim or a vote that a sender meant to do once. It may be signed more
than once: a signature is for one version of the runtime, so what waits in a pool while the version changes can never be
included, is refused by its type, and is signed anew. Of all signatures of a deed exactly one is in a finalized block.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections import Counter
from collections.abc import Iterator

import pytest

from offchain.chain import ChainClient, development_signer
from offchain.chain.errors import NodeUnreachable, RuntimeUpgraded, TransactionRefused
from offchain.chain.types import State
from tests.clients.suite import Suite, checks_of, require_suite

from .conftest import PACE, MakeTestnet
from .developer import Developer
from .upgrade_load import AMOUNT
from .upgrade_story import Story, last_release, release_spec, tell

pytestmark = [
    pytest.mark.network,
    pytest.mark.slow,
    pytest.mark.timeout(1_800),
]  # the first test waits for the whole story

AUTHORITIES = 4
MIGRATION_BLOCKS = 20
MOST_SLOTS = 20
"""A minute without a block at the most: four nodes compile the runtime at once, on two cores."""
TYPED = frozenset({NodeUnreachable.code, TransactionRefused.code})
"""What a sender may be told on the way."""


@pytest.fixture(scope="module")
def story(make_testnet: MakeTestnet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole upgrade, once."""
    folder = tmp_path_factory.mktemp("upgrade")
    suite: Suite | None
    try:
        suite = require_suite(tmp_path_factory.mktemp("clients"))
    except pytest.skip.Exception:
        suite = None
    home = os.environ.get("ASSAY_HOME")
    os.environ["ASSAY_HOME"] = tempfile.mkdtemp(dir=folder)
    network = make_testnet(validators=4, chain=release_spec(folder, PACE))
    developer = Developer(network, folder)
    try:
        told = tell(network, folder, suite, developer)
        yield told
        told.old.close()
    finally:
        developer.close()
        network.down()
        if home is None:
            del os.environ["ASSAY_HOME"]
        else:
            os.environ["ASSAY_HOME"] = home


def test_timeline_of_the_upgrade_is_told(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    begun = story.blocks[0].time_s
    marks = {
        "referendum submitted": "Referenda.Submitted",
        "decision begins": "Referenda.DecisionStarted",
        "confirmation begins": "Referenda.ConfirmStarted",
        "approved": "Referenda.Confirmed",
        "upgrade authorized": "System.UpgradeAuthorized",
        "code replaced": "System.CodeUpdated",
        "migration begins": "MultiBlockMigrations.UpgradeStarted",
        "migration ends": "MultiBlockMigrations.UpgradeCompleted",
    }
    told = [(what, story.first(event)) for what, event in marks.items()]
    heights = [block.number for _, block in told]
    assert heights == sorted(heights)
    after = next(block for block in story.blocks if block.number > heights[-1] and has_transactions(block.extrinsics))
    told.append(("first transaction of the new version", after))
    final = [deed for deed in story.traffic.deeds if deed.receipt is not None]
    with capsys.disabled():
        print(f"\n{'step':<40} block   seconds")
        for what, block in told:
            print(f"{what:<40} {block.number:>5} {block.time_s - begun:>9.0f}")
        for what, seconds in story.steps:
            print(f"  {what:<60} {seconds:>6.1f} s by the driver's clock")
        took = story.blocks[-1].time_s - begun
        print(f"{len(story.blocks)} blocks, {missed(story)} slots missed, {len(final)} deeds in {took:.0f} s")
        print(f"signed anew {sum(deed.attempts - 1 for deed in final)}, refused {dict(story.traffic.codes)}")
        kinds = Counter(deed.kind for deed in final)
        print(f"{dict(kinds)}, {len(final) / took:.1f} deeds a second")


def test_slots_are_missed_while_nodes_compile_the_runtime_and_no_longer(story: Story) -> None:
    gaps = [block.slot - parent.slot for parent, block in itertools.pairwise(story.blocks)]
    assert max(gaps) <= MOST_SLOTS
    assert missed(story) <= MOST_SLOTS


def has_transactions(extrinsics: tuple[str, ...]) -> bool:
    """Whether a block has more than what its author puts there: a signed extrinsic has the first bit set."""
    return any(bytes.fromhex(one[2:])[_prefix(one)] & 0x80 for one in extrinsics)


def _prefix(extrinsic: str) -> int:
    return (1, 2, 4, 5)[int(extrinsic[2:4], 16) & 3]


def missed(story: Story) -> int:
    """Slots without a block between the first block and the last."""
    return story.blocks[-1].slot - story.blocks[0].slot - (len(story.blocks) - 1)


def test_no_block_is_lost_and_each_slot_has_one_at_most(story: Story) -> None:
    blocks = story.blocks
    assert [block.number for block in blocks] == list(range(blocks[0].number, blocks[0].number + len(blocks)))
    for parent, block in itertools.pairwise(blocks):
        assert block.parent == parent.hash
        assert block.slot > parent.slot
    authors = Counter(block.slot % AUTHORITIES for block in blocks)
    assert len(authors) == AUTHORITIES
    for url in story.network.endpoints:
        with ChainClient(url) as client:
            client.wait_for_block(blocks[-1].number, timeout_s=60)
            assert [client.block_hash(block.number) for block in blocks] == [block.hash for block in blocks]


def test_no_block_is_missing_around_the_upgrade_for_longer_than_its_migration(story: Story) -> None:
    begun, ended = story.first("System.CodeUpdated"), story.first("MultiBlockMigrations.UpgradeCompleted")
    assert ended.number - begun.number <= MIGRATION_BLOCKS
    between = [block for block in story.blocks if begun.number < block.number <= ended.number]
    assert not any(has_transactions(block.extrinsics) for block in between[:-1])


def test_no_transaction_is_lost_and_none_is_done_twice(story: Story) -> None:
    included = Counter(extrinsic for block in story.blocks for extrinsic in block.extrinsics)
    at = {block.number: block for block in story.blocks}
    assert len(story.traffic.deeds) > 100
    for deed in story.traffic.deeds:
        assert deed.receipt is not None, deed
        assert included[deed.receipt.extrinsic] == 1, deed.intent
        assert deed.receipt.extrinsic in at[deed.receipt.block_number].extrinsics
        assert [included[one] for one in deed.unused] == [0] * len(deed.unused), deed.intent
    with ChainClient(story.network.endpoints) as client:
        received = client.accounts.get(story.traffic.receiver).free
    transfers = sum(deed.kind == "transfer" for deed in story.traffic.deeds)
    assert received == transfers * AMOUNT


def test_deeds_go_on_before_and_after_the_upgrade(story: Story) -> None:
    replaced = story.first("System.CodeUpdated").number
    kinds = {
        moment: {deed.kind for deed in story.traffic.deeds if (deed.receipt.block_number > replaced) is moment}
        for moment in (False, True)
        if all(deed.receipt for deed in story.traffic.deeds)
    }
    assert kinds[False] == {"transfer", "claim", "vote"}
    assert kinds[True] >= {"transfer", "claim"}


def test_deeds_signed_before_and_sent_after_the_upgrade_are_signed_anew(story: Story) -> None:
    replaced = story.first("System.CodeUpdated").number
    assert len(story.traffic.late) == 5
    assert [deed.attempts for deed in story.traffic.late] == [2] * 5
    anew = [deed for deed in story.traffic.deeds if deed.attempts > 1]
    assert all(deed.receipt is not None and deed.receipt.block_number > replaced for deed in anew)


def test_every_refusal_on_the_way_is_typed_and_resolved(story: Story) -> None:
    assert set(story.traffic.codes) <= TYPED
    for deed in story.traffic.deeds:
        assert deed.attempts == 1 + len(deed.unused)


def test_client_of_the_old_version_gets_a_typed_error(story: Story) -> None:
    version = int(last_release().name.split("-")[1].split(".")[0])
    with pytest.raises(RuntimeUpgraded, match=f"not version {version}"):
        story.old.accounts.get(story.traffic.receiver)


def test_workers_settle_rounds_of_either_version_without_a_restart(story: Story) -> None:
    before, after = story.pids
    assert before == after
    assert {len(before), None in before.values()} == {len(before), False}
    assert [story.rounds[name].state.state for name in ("open", "new")] == [State.SETTLED, State.SETTLED]


@pytest.mark.parametrize("name", checks_of("upgrade"))
def test_connected_polkadot_js_lives_through_the_upgrade(story: Story, name: str) -> None:
    if story.clients is None:
        pytest.skip("polkadot.js was not run: node or npm is absent")
    story.clients.assert_passed(name)


def test_account_of_the_old_version_is_the_account_of_the_new(story: Story) -> None:
    """Balances, nonces and holds are read by the same client from both sides of the upgrade."""
    replaced = story.first("System.CodeUpdated").number
    with ChainClient(story.network.endpoints) as client:
        account = development_signer("//upgrade//0", client).address
        before = client.accounts.get(account, at=client.block_hash(replaced - 1))
        after = client.accounts.get(account, at=client.block_hash(replaced + 1))
    assert after.nonce >= before.nonce > 0
    assert after.free > 0
