"""What a network does with its directory and its supervisor, without nodes: small processes stand for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offchain.testnet import DirectoryUnfit, NotUp, Plan, Testnet, TestnetError
from offchain.testnet._plan import ray_folder_of
from offchain.testnet._processes import processes_of
from offchain.testnet._programs import MARK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path.resolve() / "net"
    found.mkdir()
    return found


@pytest.fixture
def leftover(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the network, and what Ray keeps elsewhere."""
    ray_folder_of(folder).mkdir()
    with subprocess.Popen(("sleep", "600"), env={**os.environ, MARK: str(folder)}) as process:
        yield process
        process.kill()
    shutil.rmtree(ray_folder_of(folder), ignore_errors=True)


def gone(folder: Path) -> None:
    shutil.rmtree(folder)


def without_a_plan(folder: Path) -> None:
    (folder / "alice").mkdir()


def with_a_broken_plan(folder: Path) -> None:
    (folder / "testnet.json").write_text("{")


@pytest.mark.parametrize("spoil", [gone, without_a_plan, with_a_broken_plan])
def test_processes_are_ended_when_the_plan_is_lost(
    folder: Path, leftover: subprocess.Popen[bytes], spoil: Callable[[Path], None]
) -> None:
    spoil(folder)
    Testnet(folder).down()
    assert leftover.wait(5) is not None
    assert processes_of(folder) == []
    assert not ray_folder_of(folder).exists()


@pytest.mark.parametrize(("spoil", "error"), [(without_a_plan, NotUp), (with_a_broken_plan, DirectoryUnfit)])
def test_directory_is_left_when_it_holds_no_plan_but_its_processes_are_ended(
    folder: Path, leftover: subprocess.Popen[bytes], spoil: Callable[[Path], None], error: type[Exception]
) -> None:
    spoil(folder)
    with pytest.raises(error):
        Testnet(folder).down(purge=True)
    assert leftover.wait(5) is not None
    assert folder.is_dir()


def test_purge_is_done_when_the_directory_was_deleted_while_the_network_was_up(
    folder: Path, leftover: subprocess.Popen[bytes]
) -> None:
    gone(folder)
    Testnet(folder).down(purge=True)
    assert leftover.wait(5) is not None
    with pytest.raises(NotUp):
        Testnet(folder).down(purge=True)


@pytest.fixture
def unstarted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Networks are laid out, and nothing is started."""
    monkeypatch.setenv("ASSAY_NODE_BINARY", "/bin/true")
    monkeypatch.setattr(Testnet, "_start", lambda _, plan: plan.save())


@pytest.fixture
def specs(tmp_path: Path) -> tuple[str, str]:
    """Specs of two chains."""
    for name in ("one", "other"):
        (tmp_path / f"{name}.json").write_text(f'{{"name": "{name}"}}')
    return str(tmp_path / "one.json"), str(tmp_path / "other.json")


@pytest.mark.usefixtures("unstarted")
def test_network_goes_on_with_its_chain_when_none_or_the_same_is_named(folder: Path, specs: tuple[str, str]) -> None:
    one, _ = specs
    Testnet.up(folder, chain=one)
    for again in (None, one, str(folder / "chain-spec.json")):
        plan = Testnet.up(folder, chain=again).plan
        assert plan.wishes.chain == str(folder / "chain-spec.json")
        assert (folder / "chain-spec.json").read_bytes() == Path(one).read_bytes()


@pytest.mark.usefixtures("unstarted")
def test_network_is_refused_when_its_directory_holds_another_chain(folder: Path, specs: tuple[str, str]) -> None:
    one, other = specs
    for kept, refused in ((one, (other, "local", "dev", "absent.json")), ("dev", (one, "local"))):
        Testnet.up(folder, chain=kept)
        before = Plan.load(folder)
        for chain in refused:
            with pytest.raises(DirectoryUnfit):
                Testnet.up(folder, chain=chain)
        assert Plan.load(folder) == before
        shutil.rmtree(folder)


@pytest.mark.usefixtures("unstarted")
@pytest.mark.parametrize("nodes", [1, 2])
def test_network_is_refused_when_it_has_too_few_nodes_to_finalize(folder: Path, nodes: int) -> None:
    with pytest.raises(TestnetError, match="never finalize"):
        Testnet.up(folder, nodes=nodes)
    assert list(folder.iterdir()) == []
    Testnet.up(folder, nodes=3)
    with pytest.raises(TestnetError, match="never finalize"):
        Testnet.up(folder, nodes=nodes)


@pytest.mark.usefixtures("unstarted")
def test_one_node_is_enough_when_the_chain_has_one_authority(folder: Path) -> None:
    assert len(Testnet.up(folder, nodes=1, chain="dev").plan.nodes) == 1
