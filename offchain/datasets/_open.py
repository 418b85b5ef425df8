"""Opening a shard: ciphertext from the store, checked against the chain; samples in memory only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from offchain.crypto import FrameMalformed, SecretBytes, check_shard_key, merkle_root, open_frame
from offchain.datasets._errors import ShardCorrupt
from offchain.datasets._manifest import HeldOutManifest
from offchain.datasets._samples import HeldOutSample, decode_frame
from offchain.store import Progress, Store

__all__ = ["fetch_shard", "open_frames", "open_shard"]


def fetch_shard(
    store: Store,
    manifest: HeldOutManifest,
    shard: int,
    *,
    deadline_s: float = 600.0,
    progress: Progress | None = None,
) -> list[bytes]:
    """The encrypted frames of a shard, which may travel anywhere.

    Raises ShardCorrupt unless they are the ones under the shard's Merkle root, and the store's errors.
    """
    size = manifest.shards[shard].frames * manifest.frame_bytes
    entry = manifest.ciphertext[shard]
    data = store.get(entry.object, max_bytes=size, deadline_s=deadline_s, progress=progress)
    frames = [data[at : at + manifest.frame_bytes] for at in range(0, len(data), manifest.frame_bytes)]
    if len(data) != size or merkle_root(frames) != entry.ciphertext_root:
        raise ShardCorrupt(
            "the shard's ciphertext is not what was published",
            subject=f"shard {shard}",
            hint="decline the round with DataCorrupt if every store gives the same",
        )
    return frames


def open_frames(
    manifest: HeldOutManifest, shard: int, frames: Sequence[bytes], key: SecretBytes
) -> Iterator[HeldOutSample]:
    """Decrypt a shard's frames one after another, every label checked against the label root.

    Raises KeyInvalid (the key is not the committed one), FrameTampered, FrameMalformed or LabelMismatch.
    """
    header = manifest.shards[shard]
    check_shard_key(key, header.key_commitment)
    expected = iter(manifest.indices(shard))
    for at, frame in enumerate(frames):
        subject = f"frame {at} of shard {shard}"
        plain = open_frame(frame, key, manifest.binding.place(shard, at, manifest.frame_bytes))
        for sample in decode_frame(plain, subject):
            in_order = sample.index == next(expected, None)
            if not in_order or sample.label >= len(manifest.classes) or sample.group >= manifest.groups:
                raise FrameMalformed("a sample does not belong in this shard at this place", subject=subject)
            sample.check_label(manifest.label_root, manifest.samples)
            yield sample
    if len(frames) != header.frames or next(expected, None) is not None:
        raise FrameMalformed("the shard holds fewer samples than it says", subject=f"shard {shard}")


def open_shard(
    store: Store, manifest: HeldOutManifest, shard: int, key: SecretBytes, *, deadline_s: float = 600.0
) -> Iterator[HeldOutSample]:
    """Fetch and open a shard; see `fetch_shard` and `open_frames`. Nothing plain is written anywhere."""
    check_shard_key(key, manifest.shards[shard].key_commitment)
    yield from open_frames(manifest, shard, fetch_shard(store, manifest, shard, deadline_s=deadline_s), key)
