"""The embedded store on a real disk: kills, damage, caps, several processes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from offchain.store import (
    BlockCorrupt,
    BlockMissing,
    Cid,
    EmbeddedStore,
    KuboStore,
    StoreAddressInvalid,
    StoreFull,
    StoreUnreachable,
    open_store,
)

WRITER = """
import itertools, sys
from pathlib import Path
from offchain.store import EmbeddedStore
store = EmbeddedStore(Path(sys.argv[1]))
for number in itertools.count():
    print(store.put_block(number.to_bytes(8, "little") * 4096), flush=True)
"""


def _file(store: EmbeddedStore, cid: Cid) -> Path:
    return next(store.root.joinpath("blocks").rglob(str(cid)))


@pytest.mark.parametrize("blocks_before_kill", [1, 7, 60])
def test_blocks_are_whole_when_the_writer_was_killed(tmp_path: Path, blocks_before_kill: int) -> None:
    command = [sys.executable, "-c", WRITER, str(tmp_path / "store")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        acknowledged = []
        for _ in range(blocks_before_kill):
            assert select.select([writer.stdout], [], [], 60)[0], "the writer wrote nothing"
            acknowledged.append(writer.stdout.readline().strip())
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        assert writer.wait() == -signal.SIGKILL
    store = EmbeddedStore(tmp_path / "store", grace_s=0)
    for text in acknowledged:
        assert len(store.get_block(Cid.parse(text))) == 32_768
    for path in store.root.joinpath("blocks").glob("*/*"):
        assert Cid.of(path.read_bytes()) == Cid.parse(path.name)
    store.collect_garbage()
    assert list(store.root.joinpath("tmp").iterdir()) == []


def test_block_is_corrupt_when_its_file_was_changed_and_mended_when_put_again(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    cid = store.put_block(b"content")
    for damage in (b"contenT", b"", b"content and more", b"x" * (3 << 20)):
        _file(store, cid).write_bytes(damage)
        with pytest.raises(BlockCorrupt):
            store.get_block(cid)
    store.put_block(b"content")
    assert store.get_block(cid) == b"content"


def test_object_is_corrupt_when_one_of_its_blocks_was_changed(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    cid = store.put(b"a" * 3_000_000)
    _file(store, list(store.reachable(cid))[2]).write_bytes(b"b")
    with pytest.raises(BlockCorrupt):
        store.get(cid)


def test_put_refuses_when_the_cap_is_reached(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path, max_bytes=1500, grace_s=0)
    store.put_block(bytes(1000))
    store.put_block(bytes(1000))
    with pytest.raises(StoreFull):
        store.put_block(bytes(501))
    assert store.collect_garbage().size_bytes == 1000
    store.put_block(bytes(501))


def test_garbage_spares_unpinned_blocks_when_they_are_young(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    cid = store.put(b"not pinned yet")
    assert store.collect_garbage().blocks == 0
    assert store.get(cid) == b"not pinned yet"


def test_pin_refuses_when_a_block_is_missing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    cid = store.put(b"a" * 2_000_000)
    _file(store, list(store.reachable(cid))[1]).unlink()
    with pytest.raises(BlockMissing):
        store.pin(cid)
    assert store.pins() == set()


def test_second_process_sees_blocks_when_the_first_wrote_them(tmp_path: Path) -> None:
    cid = EmbeddedStore(tmp_path).put(b"shared")
    code = "import sys; from pathlib import Path; from offchain.store import Cid, EmbeddedStore; "
    code += "print(EmbeddedStore(Path(sys.argv[1])).get(Cid.parse(sys.argv[2])).decode())"
    command = [sys.executable, "-c", code, str(tmp_path), str(cid)]
    assert subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout == "shared\n"


def test_store_is_unreachable_when_its_folder_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreUnreachable):
        EmbeddedStore(tmp_path / "file")


def test_open_store_finds_the_kind_when_the_address_names_it(tmp_path: Path) -> None:
    embedded = open_store(f"file://{tmp_path}/with%20space")
    assert isinstance(embedded, EmbeddedStore)
    assert embedded.root == tmp_path / "with space"
    assert isinstance(open_store("kubo:///ip4/127.0.0.1/tcp/5001"), KuboStore)


@pytest.mark.parametrize(
    "url", ["", "file://", "/a/path", "s3://bucket/x", "file://host/path", "kubo://x", "kubo:///nonsense"]
)
def test_open_store_refuses_when_the_address_names_nothing(url: str) -> None:
    with pytest.raises(StoreAddressInvalid):
        open_store(url)
