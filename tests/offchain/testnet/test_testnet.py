"""What a network does with its directory and its supervisor, without nodes: small processes stand for them."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offchain.testnet import DirectoryUnfit, NotUp, Plan, Testnet, TestnetError
from offchain.testnet._lock import alone
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


@pytest.mark.usefixtures("unstarted")
@pytest.mark.parametrize("deed", [Testnet.up, lambda folder: Testnet(folder).down(purge=True)], ids=["up", "down"])
def test_network_is_left_alone_when_another_command_starts_or_ends_it(
    folder: Path, leftover: subprocess.Popen[bytes], deed: Callable[[Path], object]
) -> None:
    Testnet.up(folder)
    with alone(folder), pytest.raises(TestnetError, match="another command"):
        deed(folder)
    assert leftover.poll() is None
    deed(folder)


def test_second_start_is_refused_when_the_first_has_not_ended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def start(_: Testnet, plan: Plan) -> None:
        begun.set()
        assert go_on.wait(30)
        plan.save()

    monkeypatch.setenv("ASSAY_NODE_BINARY", "/bin/true")
    monkeypatch.setattr(Testnet, "_start", start)
    first = threading.Thread(target=Testnet.up, args=(folder,))
    first.start()
    try:
        assert begun.wait(30)
        with pytest.raises(TestnetError, match="another command"):
            Testnet.up(folder)
    finally:
        go_on.set()
        first.join()
    assert Testnet(folder).plan.folder == folder


def test_directory_is_free_again_when_a_start_failed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSAY_NODE_BINARY", "/bin/true")
    with pytest.raises(TestnetError, match="never finalize"):
        Testnet.up(folder, nodes=1)
    with alone(folder):
        assert list(folder.iterdir()) == []


def test_lock_is_not_handed_on_to_what_is_started_under_it(folder: Path) -> None:
    with alone(folder):
        process = subprocess.Popen(("sleep", "600"), close_fds=False)
    try:
        with alone(folder):
            pass
    finally:
        process.kill()
        process.wait()


def test_path_is_refused_when_it_cannot_be_locked(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DirectoryUnfit, match="cannot be locked"):
        Testnet(tmp_path / "file").down()
