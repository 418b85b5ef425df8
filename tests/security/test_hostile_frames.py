"""Ciphertext that was changed, moved or made under other keys, on its way from a real store into a member's memory."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from offchain.crypto import FrameTampered, KeyInvalid, OneTimeKey, SecretBytes, SecretExposed, merkle_root, seal_key
from offchain.datasets import ManifestRefused, ShardCorrupt, ShardEntry, fetch_shard, open_frames, read_manifest
from offchain.store import BlockCorrupt, BlockMissing, Cid, EmbeddedStore, ObjectTooLarge
from tests.e2e._scene import Packed
from tests.e2e._silence import Silence

MANY = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SMALL_ORDER = (bytes(32), b"\x01" + bytes(31), b"\xec" + b"\xff" * 30 + b"\x7f", b"\xed" + b"\xff" * 30 + b"\x7f")


def opened(packed: Packed, shard: int, frames: list[bytes], key: SecretBytes) -> int:
    return len(list(open_frames(packed.manifest, shard, frames, key)))


@MANY
@given(data=st.data())
def test_frame_is_refused_when_any_bit_of_it_is_flipped(packed: Packed, data: st.DataObject) -> None:
    shard = data.draw(st.integers(0, 2))
    frames = fetch_shard(packed.store, packed.manifest, shard)
    at = data.draw(st.integers(0, len(frames) - 1))
    torn = bytearray(frames[at])
    torn[data.draw(st.integers(0, len(torn) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    frames[at] = bytes(torn)
    with pytest.raises(FrameTampered, match=f"frame {at} of shard {shard}"):
        opened(packed, shard, frames, packed.keys.shard_keys[shard])


@MANY
@given(data=st.data())
def test_frames_are_refused_when_two_change_places(packed: Packed, data: st.DataObject) -> None:
    shards = [fetch_shard(packed.store, packed.manifest, shard) for shard in range(3)]
    places = [(shard, at) for shard, frames in enumerate(shards) for at in range(len(frames))]
    here, there = data.draw(st.lists(st.sampled_from(places), min_size=2, max_size=2, unique=True))
    frames = list(shards[here[0]])
    frames[here[1]] = shards[there[0]][there[1]]
    with pytest.raises(FrameTampered):
        opened(packed, here[0], frames, packed.keys.shard_keys[here[0]])


@MANY
@given(guess=st.binary(min_size=0, max_size=64))
def test_shard_stays_shut_when_the_key_is_garbage(packed: Packed, guess: bytes) -> None:
    frames = fetch_shard(packed.store, packed.manifest, 0)
    with pytest.raises(KeyInvalid):
        opened(packed, 0, frames, SecretBytes(guess))


@MANY
@given(box=st.one_of(st.binary(min_size=80, max_size=80), st.binary(max_size=200)))
def test_sealed_key_is_refused_when_the_box_is_garbage(packed: Packed, box: bytes) -> None:
    with pytest.raises(KeyInvalid):
        OneTimeKey().open(box, packed.manifest.shards[0].key_commitment)


def test_sealed_key_is_refused_when_it_is_another_shards_or_for_another_member(packed: Packed) -> None:
    member, other = OneTimeKey(), OneTimeKey()
    sealed = packed.keys.release([0, 1, 2], member.public)
    commitments = [shard.key_commitment for shard in packed.manifest.shards]
    assert len(member.open_all(sealed, commitments)) == 3
    for boxes, opener in ((sealed[::-1], member), (sealed, other), (sealed[:2], member)):
        with pytest.raises(KeyInvalid):
            opener.open_all(boxes, commitments)


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_nothing_is_sealed_when_the_members_key_is_of_small_order(packed: Packed, public: bytes) -> None:
    with pytest.raises(KeyInvalid):
        seal_key(packed.keys.shard_keys[0], public)


def test_key_opens_nothing_when_it_was_wiped(packed: Packed) -> None:
    member = OneTimeKey()
    sealed = packed.keys.release([0], member.public)
    member.wipe()
    with pytest.raises(SecretExposed):
        member.open(sealed[0])


def copy_of(packed: Packed, folder: Path) -> EmbeddedStore:
    """A store that holds the published split and nothing else."""
    store = EmbeddedStore(folder)
    for cid in packed.dataset.pins:
        for block in packed.store.reachable(cid):
            store.put_block(packed.store.get_block(block))
    return store


def test_block_is_refused_when_the_disk_changed_it_or_lost_it(packed: Packed, tmp_path: Path) -> None:
    store = copy_of(packed, tmp_path / "store")
    shard = packed.manifest.ciphertext[0].object
    assert fetch_shard(store, packed.manifest, 0) == fetch_shard(packed.store, packed.manifest, 0)
    _, block = store.reachable(shard)
    (path,) = [path for path in store.root.rglob("*") if path.is_file() and path.read_bytes() == store.get_block(block)]
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1] + b"\x00")
    with pytest.raises(BlockCorrupt):
        fetch_shard(store, packed.manifest, 0)
    path.unlink()
    with pytest.raises(BlockMissing):
        fetch_shard(store, packed.manifest, 0)


def test_shard_is_refused_when_the_store_offers_other_frames_under_the_published_root(packed: Packed) -> None:
    frames = fetch_shard(packed.store, packed.manifest, 0)
    for other in (frames[::-1], frames[:-1], [*frames, frames[0]], [secrets.token_bytes(len(frames[0]))] * len(frames)):
        entry = ShardEntry(packed.store.put(other), packed.manifest.ciphertext[0].ciphertext_root)
        lying = replace(packed.manifest, ciphertext=(entry, *packed.manifest.ciphertext[1:]))
        with pytest.raises(ObjectTooLarge if len(other) > len(frames) else ShardCorrupt):
            fetch_shard(packed.store, lying, 0)


def test_manifest_is_refused_when_its_frames_are_not_those_on_chain(packed: Packed) -> None:
    frames = fetch_shard(packed.store, packed.manifest, 0)[::-1]
    entry = ShardEntry(packed.store.put(frames), merkle_root(frames))
    lying = replace(packed.manifest, ciphertext=(entry, *packed.manifest.ciphertext[1:]))
    cid: Cid = packed.store.put(lying.encode())
    with pytest.raises(ManifestRefused):
        read_manifest(packed.store, cid, spec=packed.dataset.version_spec)


def test_silence_hears_when_an_error_tells_a_secret(packed: Packed) -> None:
    key = packed.keys.shard_keys[0].reveal()
    for words in (key.hex(), f"got {key!r}"):
        leaking = Silence(packed.keys.shard_keys)
        leaking.errors.append(KeyInvalid("a", subject=words))
        with pytest.raises(AssertionError, match="tells a secret"):
            leaking.check()
