"""The real images: every task packs or is refused for its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from offchain.crypto import SecretBytes
from offchain.datasets import (
    BlockRule,
    ImageRejected,
    SplitImpossible,
    StewardKeys,
    open_shard,
    pack,
    plan_pack,
    pull_public,
    read_labels,
    read_manifest,
    split_rows,
)
from offchain.store import EmbeddedStore

PASSPHRASE = SecretBytes(b"a steward's passphrase")


def test_xrays_come_back_from_their_shards_when_packed(real_data: Path, tmp_path: Path) -> None:
    table = read_labels(real_data / "cxr", where={"task": "pneumonia_vs_normal"})
    assert (table.classes, len(table.rows), len({row.group for row in table.rows})) == (
        ("normal", "pneumonia"),
        250,
        250,
    )
    plan = plan_pack(table, split_rows(table, held_out=0.3, seed=1), seed=1)
    store = EmbeddedStore(tmp_path / "store")
    dataset = pack(plan, store, seed=1, keyfile=tmp_path / "keys", passphrase=PASSPHRASE, log2_cost=12)
    assert dataset.version_spec["held_out_counts"] == [{"samples": 37, "groups": 37}] * 2
    manifest = read_manifest(store, dataset.manifest, spec=dataset.version_spec)
    keys = StewardKeys.load(tmp_path / "keys", PASSPHRASE)
    opened = [
        (sample.label, sample.image)
        for shard, key in enumerate(keys.shard_keys)
        for sample in open_shard(store, manifest, shard, key)
    ]
    files = [(each.label, (real_data / "cxr" / each.file).read_bytes()) for each in keys.labels]
    assert opened == files
    assert pull_public(store, dataset.public_split, tmp_path / "public") == 176
    pulled = {row.path.read_bytes() for row in read_labels(tmp_path / "public").rows}
    assert not pulled & {image for _, image in opened}
    haystack = b"".join(path.read_bytes() for path in store.root.rglob("bafkrei*"))
    assert not [file for _, image in files if (file := image[len(image) // 2 :][:100]) in haystack]
    assert b"kermany" not in haystack


@pytest.mark.parametrize(
    ("folder", "task", "rule"),
    [
        ("ct", "iv_contrast", None),
        ("ct", "covid_vs_noncovid", BlockRule("extra.number", guard=25)),
        ("mri", "meningioma_vs_glioma", BlockRule("extra.number", guard=20)),
        ("defects", "solar_cell_defect", BlockRule(r"source_path~cell(\d+)", guard=8)),
    ],
)
def test_task_is_planned_when_its_groups_or_blocks_suffice(
    real_data: Path, folder: str, task: str, rule: BlockRule | None
) -> None:
    table = read_labels(real_data / folder, where={"task": task}, blocks=rule)
    split = split_rows(table, held_out=0.3, seed=1)
    plan = plan_pack(table, split, seed=1)
    assert not {row.group for row in split.public} & {row.group for row in split.held_out}
    if rule is not None:
        for row in split.public:
            near = [each for each in split.held_out if each.sequence == row.sequence]
            assert all(abs((row.number or 0) - (each.number or 0)) > rule.guard for each in near)
    assert sum(len(frame) for shard in plan.shards for frame in shard) == len(split.held_out)


@pytest.mark.parametrize(
    ("folder", "task", "reason"),
    [
        ("mri", "tumour_in_slice", "groups, under 10"),
        ("defects", "pcb_defect", "groups, under 10"),
        ("ct", "covid_vs_noncovid", "lacks class"),
    ],
)
def test_task_is_refused_when_its_groups_are_too_few(real_data: Path, folder: str, task: str, reason: str) -> None:
    with pytest.raises(SplitImpossible) as caught:
        split_rows(read_labels(real_data / folder, where={"task": task}), held_out=0.3, seed=1)
    assert reason in caught.value.what


def test_plan_refuses_when_a_real_image_carries_exif(real_data: Path) -> None:
    rule = BlockRule(r"file~(\d+)")
    table = read_labels(real_data / "defects", where={"task": "pcb_defect"}, blocks=rule)
    split = split_rows(table, held_out=0.3, seed=1)
    with pytest.raises(ImageRejected) as caught:
        plan_pack(table, split, seed=1)
    assert "exif" in caught.value.what
    plan_pack(table, split, seed=1, keep_metadata=True)
