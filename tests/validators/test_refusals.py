"""What members tell the chain when something is wrong with a checkpoint, a key or the data."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from offchain.chain.types import DeclineReason, RoundState, State
from offchain.crypto import (
    FrameTampered,
    KeyInvalid,
    SecretBytes,
    blake2b_256,
    merkle_root,
    open_frame,
    seal_frame,
)
from offchain.datasets import HeldOutManifest, ManifestRefused, ShardEntry, StewardKeys, fetch_shard
from offchain.dicom import ImageUnreadable
from offchain.metrics import MetricUndefined
from offchain.models import CardInvalid, build, encode, weights_of
from offchain.store import BlockMissing, Cid, DeadlinePassed, ObjectTooLarge, StoreUnreachable
from ray_jobs import JobOverdue, OutOfMemory
from tests.validators.scene import VALIDATORS, Scene
from validators._errors import BytesDiffer, CardMismatch, CheckpointLost, OverLimits
from validators._work import reason_after_keys, reason_before_keys

FAILED = {reason: RoundState(State.FAILED, "Declined", reason) for reason in DeclineReason}


@contextmanager
def _everybody(scene: Scene, folders: Callable[[str], Path], keys: StewardKeys | None = None) -> Iterator[None]:
    workers = [scene.worker(uri, folders(uri)) for uri in VALIDATORS]
    steward = scene.steward(folders("steward"), None if keys is None else [keys])
    with scene.running(*workers, steward):
        yield


def test_member_declines_as_unavailable_when_nobody_holds_the_checkpoint(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    data, card = scene.checkpoint(seed)
    with _everybody(scene, folders):
        round_ = scene.submit(data, card, cid=Cid.of(secrets.token_bytes(32)).binary)
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.CHECKPOINT_UNAVAILABLE]


def test_member_declines_as_mismatch_when_the_bytes_are_not_those_of_the_id(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    data, card = scene.checkpoint(seed)
    with _everybody(scene, folders):
        round_ = scene.submit(data, card, id_=secrets.token_bytes(32))
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.HASH_MISMATCH]


def test_member_declines_as_unloadable_when_the_weights_are_of_another_architecture(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    data, card = scene.checkpoint(seed)
    with _everybody(scene, folders):
        round_ = scene.submit(data, replace(card, architecture="small_cnn"))
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.UNLOADABLE]


def test_member_declines_as_unloadable_when_the_bytes_are_no_checkpoint(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    _, card = scene.checkpoint(seed)
    with _everybody(scene, folders):
        round_ = scene.submit(b"\x80\x04pickled" + secrets.token_bytes(64), card)
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.UNLOADABLE]


def test_member_declines_as_unloadable_when_the_model_answers_with_infinities(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    _, card = scene.checkpoint(seed)
    weights = weights_of(build("lenet5", 1, 2))
    with _everybody(scene, folders):
        round_ = scene.submit(encode({name: 1e30 * weight for name, weight in weights.items()}), card)
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.UNLOADABLE]


@pytest.mark.parametrize(
    ("error", "before", "after"),
    [
        (BytesDiffer("x"), DeclineReason.HASH_MISMATCH, DeclineReason.RESOURCES),
        (ObjectTooLarge("x"), DeclineReason.HASH_MISMATCH, DeclineReason.DATA_CORRUPT),
        (BlockMissing("x"), DeclineReason.CHECKPOINT_UNAVAILABLE, DeclineReason.DATA_CORRUPT),
        (DeadlinePassed("x"), DeclineReason.CHECKPOINT_UNAVAILABLE, DeclineReason.DATA_CORRUPT),
        (StoreUnreachable("x"), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
        (CardInvalid("x"), DeclineReason.UNLOADABLE, DeclineReason.RESOURCES),
        (CardMismatch("x"), DeclineReason.UNLOADABLE, DeclineReason.RESOURCES),
        (OverLimits("x"), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
        (KeyInvalid("x"), DeclineReason.RESOURCES, DeclineReason.KEY_INVALID),
        (FrameTampered("x"), DeclineReason.RESOURCES, DeclineReason.DATA_CORRUPT),
        (ManifestRefused("x"), DeclineReason.RESOURCES, DeclineReason.DATA_CORRUPT),
        (ImageUnreadable("x"), DeclineReason.RESOURCES, DeclineReason.DATA_CORRUPT),
        (MetricUndefined("x"), DeclineReason.RESOURCES, DeclineReason.DATA_CORRUPT),
        (OutOfMemory("x"), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
        (JobOverdue("x"), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
        (CheckpointLost("x"), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
        (MemoryError(), DeclineReason.RESOURCES, DeclineReason.RESOURCES),
    ],
)
def test_reason_blames_the_party_at_fault(error: Exception, before: DeclineReason, after: DeclineReason) -> None:
    assert (reason_before_keys(error), reason_after_keys(error)) == (before, after)


class Garbage(StewardKeys):
    """A steward that releases keys that it made up."""

    def release(self, shards: object, public: bytes) -> list[bytes]:
        """Sealed, but not what was committed to."""
        made_up = replace(self, shard_keys=tuple(SecretBytes.random() for _ in self.shard_keys))
        return StewardKeys.release(made_up, shards, public)  # type: ignore[arg-type]


def test_member_declines_as_invalid_when_the_steward_releases_garbage(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    own = scene.keys
    fields = {name: getattr(own, name) for name in own.__slots__}
    with _everybody(scene, folders, Garbage(**fields)):
        round_ = scene.submit(*scene.checkpoint(seed))
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.KEY_INVALID]
    paid = [event["who"] for event in scene.events(round_, "Credited") if event["reason"] == "Price"]
    assert paid == []


def test_member_declines_as_corrupt_when_a_published_frame_does_not_open(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    manifest = HeldOutManifest.decode(scene.store.get(scene.packed.manifest))
    frames = fetch_shard(scene.store, manifest, 0)
    frames[0] = frames[0][:-1] + bytes([frames[0][-1] ^ 1])
    benchmark, keys = _republish(scene, manifest, frames)
    with _everybody(scene, folders, keys):
        round_ = scene.submit(*scene.checkpoint(seed), benchmark=benchmark)
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.DATA_CORRUPT]


def test_member_declines_as_corrupt_when_a_label_is_not_the_published_one(
    scene: Scene, seed: int, folders: Callable[[str], Path]
) -> None:
    manifest, key = HeldOutManifest.decode(scene.store.get(scene.packed.manifest)), scene.keys.shard_keys[0]
    frames = fetch_shard(scene.store, manifest, 0)
    place = manifest.binding.place(0, 0, manifest.frame_bytes)
    plain = bytearray(open_frame(frames[0], key, place))
    label = 4 + 2 + 4  # behind the frame's group and count, and the sample's index
    plain[label] ^= 1
    frames[0] = seal_frame(bytes(plain), key, place)
    benchmark, keys = _republish(scene, manifest, frames)
    with _everybody(scene, folders, keys):
        round_ = scene.submit(*scene.checkpoint(seed), benchmark=benchmark)
        assert scene.wait_for_end(round_).state == FAILED[DeclineReason.DATA_CORRUPT]


def _republish(scene: Scene, manifest: HeldOutManifest, frames: list[bytes]) -> tuple[int, StewardKeys]:
    """A version whose first shard has these frames, all roots being right; its benchmark and keys."""
    entry = ShardEntry(scene.store.put(frames), merkle_root(frames))
    changed = replace(manifest, ciphertext=(entry, *manifest.ciphertext[1:]))
    cid = scene.store.put(changed.encode())
    spec = {**scene.packed.version_spec, "manifest": "0x" + cid.binary.hex(), "shards": changed.chain_shards()}
    assert blake2b_256(changed.encode()) != blake2b_256(manifest.encode())
    return scene.publish(0, spec), replace(scene.keys, manifest=cid)
