"""Preparing a chain that others run: which of its nodes are asked, and what a broken start leaves."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.chain.errors import MalformedEndpoint
from offchain.testnet import NotReady, Plan, SetUpFailed, Wishes
from offchain.testnet import _scene as scene
from offchain.testnet import _testnet as testnet
from offchain.testnet._look import Heads

DOWN, UP = "ws://127.0.0.1:1", "wss://node.example:2"


@pytest.fixture
def plans(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """Plans of the chains that were prepared, with one node that finalizes blocks."""
    found: list[Plan] = []

    def set_up(plan: Plan, _told: Callable[[], None]) -> None:
        found.append(plan)

    monkeypatch.setattr(testnet, "_NODES_S", 1.0)
    monkeypatch.setattr(testnet, "pack", lambda _: None)
    monkeypatch.setattr(testnet, "set_up", set_up)
    monkeypatch.setattr(testnet, "heads_of", lambda url: Heads(9, 7, 3) if url == UP else None)
    return found


@pytest.mark.parametrize("nodes", [[DOWN, UP], [f"{DOWN},{UP}"], [f"{DOWN}, {UP}"]])
def test_chain_is_prepared_when_any_node_finalizes(tmp_path: Path, plans: list[Plan], nodes: list[str]) -> None:
    testnet.prepare_chain(tmp_path, nodes, 2)
    assert [{plan.node_of(name) for name in plan.agents} for plan in plans] == [{f"{DOWN},{UP}"}]


def test_chain_is_not_prepared_when_no_node_finalizes(tmp_path: Path, plans: list[Plan]) -> None:
    with pytest.raises(NotReady, match="no block was finalized"):
        testnet.prepare_chain(tmp_path, [DOWN], 2)
    assert plans == []


def test_nothing_is_made_when_a_node_is_no_websocket(tmp_path: Path, plans: list[Plan]) -> None:
    with pytest.raises(MalformedEndpoint):
        testnet.prepare_chain(tmp_path / "new", [f"{UP},http://127.0.0.1:3"], 2)
    assert (plans, list(tmp_path.iterdir())) == ([], [])


def test_packing_goes_on_when_what_was_broken_off_is_deleted_as_the_hint_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = Plan.lay_out(tmp_path, Path(), Wishes())
    (tmp_path / "steward").mkdir()
    (tmp_path / "steward" / "keys.json").touch()
    with pytest.raises(SetUpFailed) as refusal:
        scene.pack(plan)
    assert refusal.value.hint.startswith("delete this directory")
    shutil.rmtree(refusal.value.subject or "")
    run: list[tuple[str, ...]] = []
    monkeypatch.setattr(scene, "_assay", lambda _plan, _who, *command: run.append(command))
    scene.pack(plan)
    assert [command[:2] for command in run] == [("dataset", "synthesise"), ("dataset", "pack")]
