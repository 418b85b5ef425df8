"""What every store must do; run against each of them."""

from __future__ import annotations

import io
import secrets

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offchain.store import (
    MAX_BLOCK_BYTES,
    BlockMissing,
    BlockTooLarge,
    Cid,
    DeadlinePassed,
    Link,
    ManifestInvalid,
    ObjectManifest,
    ObjectTooLarge,
    Store,
)

SEVERAL_TESTS_SHARE_A_STORE = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def test_block_comes_back_when_put(store: Store) -> None:
    block = secrets.token_bytes(1000)
    cid = store.put_block(block)
    assert cid == Cid.of(block)
    assert store.has(cid)
    assert store.get_block(cid) == block
    assert store.put_block(block) == cid


def test_block_holds_a_mebibyte_and_no_byte_more_when_put(store: Store) -> None:
    block = secrets.token_bytes(MAX_BLOCK_BYTES)
    assert store.get_block(store.put_block(block)) == block
    with pytest.raises(BlockTooLarge):
        store.put_block(block + b"x")


def test_block_is_missing_when_never_put(store: Store) -> None:
    cid = Cid.of(secrets.token_bytes(32))
    assert not store.has(cid)
    with pytest.raises((BlockMissing, DeadlinePassed)):
        store.get_block(cid, timeout_s=2)


@pytest.mark.parametrize("size", [0, 1, MAX_BLOCK_BYTES - 1, MAX_BLOCK_BYTES, MAX_BLOCK_BYTES + 1, 5 * MAX_BLOCK_BYTES])
def test_object_comes_back_when_put_as_bytes_file_or_pieces(store: Store, size: int) -> None:
    data = secrets.token_bytes(size)
    cid = store.put(data)
    seen: list[tuple[int, int]] = []
    assert store.get(cid, progress=lambda done, total: seen.append((done, total))) == data
    assert store.size(cid) == size
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
    assert not seen or seen[-1] == (size, size)
    assert store.put(io.BytesIO(data)) == cid
    assert store.put(data[at : at + 300_001] for at in range(0, size, 300_001)) == cid


@SEVERAL_TESTS_SHARE_A_STORE
@given(pieces=st.lists(st.binary(max_size=60), max_size=12))
def test_object_has_one_id_when_cut_into_any_pieces(store: Store, pieces: list[bytes]) -> None:
    cid = store.put(pieces)
    assert cid == store.put(b"".join(pieces))
    assert store.get(cid) == b"".join(pieces)


def test_object_nests_manifests_when_one_cannot_list_its_blocks(store: Store) -> None:
    store.fanout = 2
    data = secrets.token_bytes(5 * MAX_BLOCK_BYTES + 3)
    cid = store.put(data)
    assert ObjectManifest.decode(store.get_block(cid)).depth == 2
    assert store.get(cid, workers=2) == data
    assert len(list(store.reachable(cid))) == 6 + 3 + 2 + 1
    with pytest.raises(ObjectTooLarge):
        store.put(secrets.token_bytes(8 * MAX_BLOCK_BYTES + 1))


def test_object_is_refused_when_over_the_cap(store: Store) -> None:
    cid = store.put(b"12345")
    assert store.get(cid, max_bytes=5) == b"12345"
    with pytest.raises(ObjectTooLarge):
        store.get(cid, max_bytes=4)


def test_object_is_refused_when_its_manifest_lies(store: Store) -> None:
    block = store.put_block(b"12345")
    for size in (4, 6):
        cid = store.put_block(ObjectManifest.over(0, [Link(block, size)]).encode())
        with pytest.raises(ManifestInvalid):
            store.get(cid)
    inner = store.put(b"12345")
    for depth, size in ((1, 4), (2, 5)):
        cid = store.put_block(ObjectManifest.over(depth, [Link(inner, size)]).encode())
        with pytest.raises(ManifestInvalid):
            store.get(cid)
    with pytest.raises(ManifestInvalid):
        store.get(block)


def test_object_names_the_missing_block_when_one_was_never_put(store: Store) -> None:
    lost = Cid.of(b"lost")
    cid = store.put_block(ObjectManifest.over(0, [Link(lost, 4)]).encode())
    with pytest.raises((BlockMissing, DeadlinePassed)) as caught:
        store.get(cid, deadline_s=3)
    assert caught.value.subject in {str(lost), str(cid)}


def test_deadline_passes_when_no_time_is_given(store: Store) -> None:
    cid = store.put(b"12345")
    with pytest.raises(DeadlinePassed):
        store.get(cid, deadline_s=0)


def test_garbage_leaves_pinned_objects_and_takes_the_rest(store: Store) -> None:
    shared, own, loose = (secrets.token_bytes(MAX_BLOCK_BYTES) for _ in range(3))
    first, second, third = store.put(shared + own), store.put(shared), store.put(loose)
    store.pin(first)
    store.pin(first)
    store.pin(second)
    assert store.pins() >= {first, second}
    assert store.collect_garbage().blocks >= 2
    assert store.get(first) == shared + own
    assert not store.has(third)
    assert not store.has(Cid.of(loose))
    store.unpin(first)
    store.unpin(first)
    assert first not in store.pins()
    store.collect_garbage()
    assert store.get(second) == shared
    assert not store.has(Cid.of(own))
    store.unpin(second)
    store.collect_garbage()
    assert not store.has(second)
