"""What a network does with its directory and its supervisor, without nodes: small processes stand for them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offchain.testnet import DirectoryUnfit, NotUp, Testnet
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
