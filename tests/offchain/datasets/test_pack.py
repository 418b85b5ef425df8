"""Packing and opening, and everything that may go wrong between them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from offchain.chain.types import shard_indices
from offchain.crypto import (
    FrameMalformed,
    FrameTampered,
    KeyInvalid,
    LabelMismatch,
    MerkleTree,
    OneTimeKey,
    SecretBytes,
    VaultInvalid,
    VaultLocked,
    label_leaf,
    merkle_root,
    seal_frame,
    shard_key_commitment,
    write_vault,
)
from offchain.datasets import (
    HeldOutManifest,
    HeldOutSample,
    ImageRejected,
    ManifestRefused,
    PackedDataset,
    ShardCorrupt,
    ShardEntry,
    ShardHeader,
    SplitImpossible,
    StewardKeys,
    StewardKeysInvalid,
    fetch_shard,
    open_frames,
    open_shard,
    pack,
    plan_pack,
    read_labels,
    read_manifest,
    split_rows,
)
from offchain.datasets._samples import encode_frame
from offchain.store import Cid, EmbeddedStore, ObjectTooLarge

PASSPHRASE = SecretBytes(b"a steward's passphrase")


def _open_all(packed: Any) -> list[HeldOutSample]:
    return [
        sample
        for shard, key in enumerate(packed.keys.shard_keys)
        for sample in open_shard(packed.store, packed.manifest, shard, key)
    ]


def test_samples_come_back_when_every_shard_is_opened(packed: Any) -> None:
    samples = _open_all(packed)
    openings = packed.keys.labels
    assert [sample.index for sample in samples] == list(range(48))
    assert [sample.label for sample in samples] == [opening.label for opening in openings]
    for sample, opening in zip(samples, openings, strict=True):
        assert sample.image == (packed.folder / opening.file).read_bytes()
    by_number: dict[int, set[str]] = {}
    table = {row.file: row.group for row in read_labels(packed.folder).rows}
    for sample, opening in zip(samples, openings, strict=True):
        by_number.setdefault(sample.group, set()).add(table[opening.file])
    assert sorted(by_number) == list(range(24))
    assert all(len(names) == 1 for names in by_number.values())


def test_version_spec_counts_what_was_packed(packed: Any) -> None:
    spec = packed.dataset.version_spec
    assert spec["held_out_counts"] == [{"samples": 24, "groups": 12}] * 2
    assert spec["public_counts"] == [{"samples": 36, "groups": 18}] * 2
    assert spec["held_out_groups"] == 24
    assert sum(shard["samples"] for shard in spec["shards"]) == 48
    assert spec["frame_bytes"] in {1 << power for power in range(12, 21)}
    assert bytes.fromhex(spec["manifest"][2:]) == packed.dataset.manifest.binary
    leaves = (label_leaf(each.salt.reveal(), each.index, each.label) for each in packed.keys.labels)
    assert spec["label_root"] == "0x" + MerkleTree(leaves).root.hex()
    for shard, key in zip(spec["shards"], packed.keys.shard_keys, strict=True):
        assert shard["key_commitment"] == "0x" + shard_key_commitment(key.reveal()).hex()


def test_store_and_pack_file_hold_nothing_plain_when_packed(packed: Any, tmp_path: Path) -> None:
    packed.dataset.save(tmp_path / "pack.json")
    stored = [path.read_bytes() for path in packed.store.root.rglob("*") if path.is_file()]
    stored.append((tmp_path / "pack.json").read_bytes())
    haystack = b"\x00".join(stored)
    public = {row.file for row in read_labels(packed.folder).rows} - {each.file for each in packed.keys.labels}
    assert (packed.folder / min(public)).read_bytes() in haystack
    for opening in packed.keys.labels:
        assert (packed.folder / opening.file).read_bytes()[60:160] not in haystack
        assert opening.salt.reveal() not in haystack
        assert opening.salt.reveal().hex().encode() not in haystack
    for key in packed.keys.shard_keys:
        assert key.reveal() not in haystack
        assert key.reveal().hex().encode() not in haystack
    assert b"synthetic-patient" not in haystack


def test_objects_stay_when_garbage_is_collected(packed: Any) -> None:
    packed.store.collect_garbage()
    assert len(_open_all(packed)) == 48
    assert packed.store.pins() == set(packed.dataset.pins)


def test_pack_file_round_trips_when_saved(packed: Any, tmp_path: Path) -> None:
    packed.dataset.save(tmp_path / "deep" / "pack.json")
    assert PackedDataset.load(tmp_path / "deep" / "pack.json") == packed.dataset
    for text in ("", "{}", "[]", '{"assay": "other"}'):
        (tmp_path / "bad.json").write_text(text)
        with pytest.raises(ManifestRefused):
            PackedDataset.load(tmp_path / "bad.json")


def test_released_keys_open_the_rounds_shards_and_no_other_when_sealed(packed: Any) -> None:
    member = OneTimeKey()
    wanted = list(shard_indices(0b1010))
    sealed = packed.keys.release(wanted, member.public)
    keys = member.open_all(sealed, [packed.manifest.shards[shard].key_commitment for shard in wanted])
    for shard, key in zip(wanted, keys, strict=True):
        assert len(list(open_shard(packed.store, packed.manifest, shard, key))) == packed.manifest.shards[shard].samples
        with pytest.raises(KeyInvalid):
            list(open_shard(packed.store, packed.manifest, shard - 1, key))
    with pytest.raises(StewardKeysInvalid):
        packed.keys.release([4], member.public)


def test_opening_fails_when_key_or_shard_is_another(packed: Any) -> None:
    frames = fetch_shard(packed.store, packed.manifest, 0)
    with pytest.raises(KeyInvalid):
        list(open_frames(packed.manifest, 0, frames, SecretBytes.random()))
    with pytest.raises(FrameTampered):
        list(open_frames(packed.manifest, 1, frames, packed.keys.shard_keys[1]))


def test_opening_fails_when_frames_are_swapped_cut_or_missing(packed: Any) -> None:
    manifest, key = packed.manifest, packed.keys.shard_keys[0]
    frames = fetch_shard(packed.store, manifest, 0)
    assert len(list(open_frames(manifest, 0, frames, key))) == manifest.shards[0].samples
    for bad in (
        [frames[1], frames[0], *frames[2:]],
        [frames[0][:-1], *frames[1:]],
        [b"", *frames[1:]],
        [frames[0][:100] + bytes([frames[0][100] ^ 1]) + frames[0][101:], *frames[1:]],
        [*frames, frames[0]],
    ):
        with pytest.raises(FrameTampered):
            list(open_frames(manifest, 0, bad, key))
    with pytest.raises(FrameMalformed):
        list(open_frames(manifest, 0, frames[:-1], key))


def test_frames_do_not_open_when_the_header_is_another(packed: Any) -> None:
    frames = fetch_shard(packed.store, packed.manifest, 0)
    for other in (
        replace(packed.manifest, split_id=bytes(32)),
        replace(packed.manifest, classes=("opacity", "clear")),
        replace(packed.manifest, label_root=bytes(32)),
        replace(packed.manifest, task="another"),
    ):
        with pytest.raises(FrameTampered):
            list(open_frames(other, 0, frames, packed.keys.shard_keys[0]))


def test_shard_is_corrupt_when_the_object_is_another(packed: Any) -> None:
    manifest = packed.manifest
    for data, error in (
        (b"", ShardCorrupt),
        (bytes(manifest.shards[0].frames * manifest.frame_bytes), ShardCorrupt),
        (bytes(manifest.shards[0].frames * manifest.frame_bytes + 1), ObjectTooLarge),
    ):
        entry = replace(manifest.ciphertext[0], object=packed.store.put(data))
        with pytest.raises(error):
            fetch_shard(packed.store, replace(manifest, ciphertext=(entry, *manifest.ciphertext[1:])), 0)


def test_manifest_is_refused_when_the_chain_says_otherwise(packed: Any) -> None:
    spec = packed.dataset.version_spec
    as_bytes = {**spec, "label_root": bytes.fromhex(spec["label_root"][2:])}
    read_manifest(packed.store, packed.dataset.manifest, spec=as_bytes)
    shards = [dict(shard) for shard in spec["shards"]]
    shards[2]["ciphertext_root"] = "0x" + "00" * 32
    for change in ({"label_root": "0x" + "00" * 32}, {"frame_bytes": 8}, {"shards": shards}, {"shards": shards[:2]}):
        with pytest.raises(ManifestRefused):
            read_manifest(packed.store, packed.dataset.manifest, spec={**spec, **change})


def _broken(packed: Any, change: Any) -> bytes:
    fields = json.loads(packed.manifest.encode())
    change(fields)
    return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.update(extra=1),
        lambda fields: fields.update(assay="held-out/2"),
        lambda fields: fields["header"].update(frame_bytes=5000),
        lambda fields: fields["header"].update(frame_bytes=True),
        lambda fields: fields["header"].update(classes=["one"]),
        lambda fields: fields["header"].update(classes=["one", "t\nwo"]),
        lambda fields: fields["header"].update(split="00"),
        lambda fields: fields["header"].update(task="x" * 65),
        lambda fields: fields["header"]["shards"].pop(),
        lambda fields: fields["header"]["shards"][0].update(frames=0),
        lambda fields: fields["header"]["shards"][0].update(samples=1 << 40),
        lambda fields: fields["ciphertext"][0].update(object="../../etc/passwd"),
        lambda fields: fields.update(ciphertext=[]),
    ],
)
def test_manifest_is_refused_when_a_field_is_wrong(packed: Any, change: Any) -> None:
    with pytest.raises(ManifestRefused):
        HeldOutManifest.decode(_broken(packed, change))


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b"\xff", b"[" * 60_000])
def test_manifest_is_refused_when_it_is_something_else(data: bytes) -> None:
    with pytest.raises(ManifestRefused):
        HeldOutManifest.decode(data)


def test_manifest_is_refused_when_it_is_too_large(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    with pytest.raises(ObjectTooLarge):
        read_manifest(store, store.put(bytes((64 << 10) + 1)))


def _dishonest(samples: list[HeldOutSample], **changes: Any) -> tuple[HeldOutManifest, list[bytes], SecretBytes]:
    """A steward who holds the key and encrypts what it likes."""
    key = SecretBytes.random()
    tree = MerkleTree(label_leaf(bytes(32), index, 0) for index in range(2))
    for sample in samples:
        sample.proof = tuple(tree.proof(sample.index)) if sample.index < 2 else ()
    header = ShardHeader(1, 2, shard_key_commitment(key.reveal()))
    manifest = HeldOutManifest(bytes(32), "task", ("a", "b"), 4096, 1, tree.root, (header,))
    frame = seal_frame(changes.get("plain") or encode_frame(samples), key, manifest.binding.place(0, 0, 4096))
    entry = ShardEntry(Cid.of(b""), merkle_root([frame]))
    return replace(manifest, ciphertext=(entry,)), [frame], key


def _sample(index: int, label: int = 0, group: int = 0) -> HeldOutSample:
    return HeldOutSample(index=index, label=label, group=group, salt=bytes(32), proof=(), image=b"x")


def test_opening_succeeds_when_the_steward_is_honest() -> None:
    assert len(list(open_frames(*_with_shard(_dishonest([_sample(0), _sample(1)]))))) == 2


@pytest.mark.parametrize(
    ("samples", "error"),
    [
        ([_sample(0), _sample(1, label=1)], LabelMismatch),
        ([_sample(0), _sample(1, label=2)], FrameMalformed),
        ([_sample(1), _sample(0)], FrameMalformed),
        ([_sample(0), _sample(0)], FrameMalformed),
        ([_sample(0)], FrameMalformed),
        ([_sample(0), _sample(1), _sample(2)], FrameMalformed),
        ([_sample(0, group=1), _sample(1, group=1)], FrameMalformed),
    ],
)
def test_opening_fails_when_the_steward_encrypted_something_else(
    samples: list[HeldOutSample], error: type[Exception]
) -> None:
    with pytest.raises(error):
        list(open_frames(*_with_shard(_dishonest(samples))))


def test_opening_fails_when_the_steward_encrypted_noise() -> None:
    with pytest.raises(FrameMalformed):
        list(open_frames(*_with_shard(_dishonest([], plain=b"\xff" * 4000))))


def _with_shard(
    made: tuple[HeldOutManifest, list[bytes], SecretBytes],
) -> tuple[HeldOutManifest, int, list[bytes], SecretBytes]:
    return made[0], 0, made[1], made[2]


def test_keyfile_opens_only_when_it_is_the_stewards(packed: Any, tmp_path: Path) -> None:
    keyfile = packed.dataset.keyfile
    assert keyfile.stat().st_mode & 0o777 == 0o600
    with pytest.raises(VaultLocked):
        StewardKeys.load(keyfile, SecretBytes(b"wrong"))
    for content in (b"{}", b"[]", b"\xff", b'{"assay": "other"}'):
        write_vault(tmp_path / "keys", content, PASSPHRASE, log2_cost=12, replace=True)
        with pytest.raises(StewardKeysInvalid):
            StewardKeys.load(tmp_path / "keys", PASSPHRASE)
    shown = repr(packed.keys)
    assert packed.keys.shard_keys[0].reveal().hex() not in shown
    assert "hidden" in shown


def test_pack_refuses_when_the_keyfile_exists(packed: Any, tmp_path: Path) -> None:
    table = read_labels(packed.folder)
    plan = plan_pack(table, split_rows(table, held_out=0.4, seed=3), seed=3)
    store = EmbeddedStore(tmp_path)
    with pytest.raises(VaultInvalid):
        pack(plan, store, seed=3, keyfile=packed.dataset.keyfile, passphrase=PASSPHRASE)
    assert not list((tmp_path / "blocks").iterdir())


@pytest.fixture
def copied(synthetic: Path, tmp_path: Path) -> Path:
    """A copy of the synthetic set that a test may spoil."""
    folder = tmp_path / "copy"
    (folder / "images").mkdir(parents=True)
    for path in synthetic.rglob("*.*"):
        (folder / path.relative_to(synthetic)).write_bytes(path.read_bytes())
    return folder


def _plan(folder: Path, **options: Any) -> Any:
    table = read_labels(folder)
    return plan_pack(table, split_rows(table, held_out=0.4, seed=3), seed=3, **options)


def test_plan_says_what_is_published_when_described(copied: Path) -> None:
    text = "\n".join(_plan(copied).describe())
    for words in ("SYNTHETIC", "72 images of 36 groups", "48 images of 24 groups", "CC0-1.0 (120)", "6 shards"):
        assert words in text, text


def test_plan_refuses_when_an_image_does_not_decode(copied: Path) -> None:
    from offchain.dicom import ImageError

    broken = copied / "images" / "synthetic-00005.png"
    broken.write_bytes(broken.read_bytes()[:200])
    with pytest.raises(ImageError) as caught:
        _plan(copied)
    assert "synthetic-00005.png" in str(caught.value)


def test_plan_refuses_when_an_image_carries_text(copied: Path) -> None:
    from PIL import Image, PngImagePlugin

    path = copied / "images" / "synthetic-00005.png"
    with Image.open(path) as image:
        text = PngImagePlugin.PngInfo()
        text.add_text("PatientName", "Doe^Jane")
        image.save(path, pnginfo=text)
    with pytest.raises(ImageRejected) as caught:
        _plan(copied)
    assert "patientname" in str(caught.value)
    assert "Jane" not in str(caught.value)
    plan = _plan(copied, keep_metadata=True)
    assert any("CAREFUL: 1 images carry metadata (patientname)" in line for line in plan.describe())


def test_plan_refuses_when_an_image_carries_exif(copied: Path) -> None:
    from PIL import Image

    path = copied / "images" / "synthetic-00005.png"
    exif = Image.Exif()
    exif[315] = "Doe, Jane"
    with Image.open(path) as image:
        image.save(path, exif=exif)
    with pytest.raises(ImageRejected):
        _plan(copied)


def test_plan_refuses_when_a_file_is_dicom(copied: Path) -> None:
    (copied / "images" / "synthetic-00005.png").write_bytes(bytes(128) + b"DICM" + bytes(100))
    with pytest.raises(ImageRejected):
        _plan(copied)


def test_plan_refuses_when_one_image_lies_on_both_sides(copied: Path) -> None:
    table = read_labels(copied)
    split = split_rows(table, held_out=0.4, seed=3)
    split.public[0].path.write_bytes(split.held_out[0].path.read_bytes())
    with pytest.raises(SplitImpossible) as caught:
        plan_pack(table, split, seed=3)
    assert split.public[0].file in str(caught.value)


def test_plan_refuses_when_an_image_is_larger_than_a_frame(copied: Path) -> None:
    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(0).integers(0, 256, (1100, 1100), dtype=np.uint8)
    table = read_labels(copied)
    split = split_rows(table, held_out=0.4, seed=3)
    Image.fromarray(noise).save(split.held_out[0].path)
    with pytest.raises(ImageRejected) as caught:
        plan_pack(table, split, seed=3)
    assert "resize" in caught.value.hint


def test_pack_refuses_when_a_file_changed_after_the_plan(copied: Path, tmp_path: Path) -> None:
    table = read_labels(copied)
    split = split_rows(table, held_out=0.4, seed=3)
    plan = plan_pack(table, split, seed=3)
    split.held_out[0].path.write_bytes(b"changed")
    with pytest.raises(ImageRejected):
        pack(plan, EmbeddedStore(tmp_path / "s"), seed=3, keyfile=tmp_path / "k", passphrase=PASSPHRASE, log2_cost=12)
    assert not (tmp_path / "k").exists()
