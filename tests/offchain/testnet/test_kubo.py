"""Kubo's repositories: all of one private network, whatever became of an earlier start. A script stands for Kubo."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from offchain.testnet import Plan, SetUpFailed, Wishes
from offchain.testnet import _kubo as kubo

IDENTITY = '{"Identity": {"PeerID": "12D3KooW"}, "Addresses": {}}'
INITIALISES = f"echo '{IDENTITY}' > $IPFS_PATH/config"
ENDS_EARLY = f"{INITIALISES}; echo 'no space left' >&2; exit 1"
HANGS = "exec sleep 60"

Prepare = Callable[[str], Plan]


@pytest.fixture
def prepare(tmp_path: Path) -> Prepare:
    """Prepares the peers of a network, with a Kubo that does as told."""
    ipfs = tmp_path / "ipfs"

    def preparing(script: str) -> Plan:
        ipfs.write_text(f"#!/bin/sh\n{script}\n")
        ipfs.chmod(0o700)
        plan = Plan.lay_out(tmp_path / "net", Path("/bin/assay-node"), Wishes(ipfs=str(ipfs)))
        plan.make_secrets()
        kubo.prepare_kubo(plan)
        return plan

    return preparing


def keys(plan: Plan) -> set[str]:
    """Keys of the peers' private networks."""
    return {(plan.folder / name / "repo" / "swarm.key").read_text() for name in plan.store_ports}


def test_peers_have_one_key_that_others_may_not_read(prepare: Prepare) -> None:
    plan = prepare(INITIALISES)
    (key,) = keys(plan)
    assert key == f"/key/swarm/psk/1.0.0/\n/base16/\n{plan.swarm_key.read_text()}\n"
    for path in [plan.swarm_key, *plan.folder.glob("store*/repo/*")]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys(prepare(INITIALISES)) == {key}


def test_peers_have_one_key_when_the_first_start_was_broken_off_between_them(prepare: Prepare) -> None:
    with pytest.raises(SetUpFailed, match="no space left"):
        prepare(f"case $IPFS_PATH in */store-2/*) {ENDS_EARLY};; *) {INITIALISES};; esac")
    assert len(keys(prepare(INITIALISES))) == 1


def test_repository_has_the_networks_key_when_it_had_none_or_another(prepare: Prepare) -> None:
    plan = prepare(INITIALISES)
    (key,) = keys(plan)
    (plan.folder / "store" / "repo" / "swarm.key").unlink()
    (plan.folder / "store-2" / "repo" / "swarm.key").write_text("another")
    assert keys(prepare(INITIALISES)) == {key}


def test_repository_is_made_anew_when_it_was_not_made_whole(prepare: Prepare) -> None:
    with pytest.raises(SetUpFailed):
        prepare(ENDS_EARLY)
    plan = prepare(f"test ! -e $IPFS_PATH/config && {INITIALISES}")
    config = json.loads((plan.folder / "store" / "repo" / "config").read_text())
    assert config["Identity"]["PeerID"] == "12D3KooW"
    assert config["Bootstrap"] == []


def test_failure_is_ours_when_kubo_hangs_or_is_absent(prepare: Prepare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kubo, "_INIT_S", 0.3)
    with pytest.raises(SetUpFailed, match="within"):
        prepare(HANGS)
    monkeypatch.setattr(Path, "chmod", lambda path, _mode: path.unlink())
    with pytest.raises(SetUpFailed, match="cannot be run"):
        prepare(INITIALISES)
