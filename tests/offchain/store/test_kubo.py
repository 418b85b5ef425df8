"""Our side of Kubo's RPC, against the stand-in of conftest.py: what we do when a daemon answers oddly."""

from __future__ import annotations

import socket
import time
from typing import Any

import pytest

from offchain.store import BlockCorrupt, BlockMissing, Cid, DeadlinePassed, EmbeddedStore, KuboStore, StoreUnreachable


def test_ids_equal_the_embedded_stores_when_the_object_is_the_same(kubo_rpc: tuple[Any, str], tmp_path: Any) -> None:
    data = bytes(range(256)) * 10_000
    assert KuboStore(kubo_rpc[1]).put(data) == EmbeddedStore(tmp_path).put(data)


def test_pin_links_every_block_when_an_object_has_several(kubo_rpc: tuple[Any, str]) -> None:
    rpc, address = kubo_rpc
    store = KuboStore(address)
    cid = store.put(b"a" * 1_500_000)
    store.pin(cid)
    assert set(rpc.files) == {f"/assay/pins/{cid}/{each}" for each in store.reachable(cid)}
    assert len(rpc.files) == 3
    assert "/assay/incoming/" not in " ".join(rpc.folders)


def test_pin_starts_afresh_when_an_earlier_one_broke_off(kubo_rpc: tuple[Any, str]) -> None:
    rpc, address = kubo_rpc
    store = KuboStore(address)
    cid = store.put(b"content")
    lost = rpc.blocks.pop(str(Cid.of(b"content")))
    with pytest.raises(BlockMissing):
        store.pin(cid)
    assert store.pins() == set()
    rpc.blocks[str(Cid.of(b"content"))] = lost
    store.pin(cid)
    assert store.pins() == {cid}


def test_block_is_corrupt_when_the_daemon_sends_other_bytes(kubo_rpc: tuple[Any, str]) -> None:
    rpc, address = kubo_rpc
    store = KuboStore(address)
    cid = store.put_block(b"content")
    for lie in (b"other", b"", b"x" * (5 << 20)):
        rpc.blocks[str(cid)] = lie
        with pytest.raises(BlockCorrupt):
            store.get_block(cid)


def test_put_fails_when_the_daemon_gives_another_id(kubo_rpc: tuple[Any, str]) -> None:
    rpc, address = kubo_rpc
    rpc.answers["block/put"] = lambda: b'{"Key": "bafyother", "Size": 3}'
    with pytest.raises(StoreUnreachable):
        KuboStore(address).put_block(b"content")


def test_deadline_passes_when_the_daemon_is_silent(kubo_rpc: tuple[Any, str]) -> None:
    rpc, address = kubo_rpc
    store = KuboStore(address)
    cid = store.put_block(b"content")
    rpc.answers["block/get"] = lambda: time.sleep(0.5) or b""
    with pytest.raises(DeadlinePassed):
        store.get_block(cid, timeout_s=0.1)


def test_store_is_unreachable_when_no_daemon_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    store = KuboStore(f"/ip4/127.0.0.1/tcp/{port}")
    with pytest.raises(StoreUnreachable):
        store.put_block(b"content")
    with pytest.raises(StoreUnreachable):
        store.has(Cid.of(b"content"))
