"""Public splits: what is pulled, and what a hostile index can do."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from offchain.datasets import PublicIndex, PublicSplitRefused, open_public, pull_public, read_labels, read_public
from offchain.store import ObjectTooLarge


def test_pull_writes_images_and_labels_when_the_folder_is_new(packed: Any, tmp_path: Path) -> None:
    dest = tmp_path / "deep" / "public"
    assert pull_public(packed.store, packed.dataset.public_split, dest) == 72
    table = read_labels(dest, where={"task": "synthetic_opacity"})
    assert table.classes == ("clear", "opacity")
    assert len({row.group for row in table.rows}) == 36
    assert all(row.synthetic and row.notice.licence == "CC0-1.0" for row in table.rows)
    origin = {row.path.read_bytes(): row for row in read_labels(packed.folder).rows}
    held_out = {each.file for each in packed.keys.labels}
    pairs = set()
    for row in table.rows:
        source = origin[row.path.read_bytes()]
        assert source.file not in held_out
        assert source.label == row.label
        pairs.add((source.group, row.group))
    assert len(pairs) == 36
    assert {path.name for path in dest.iterdir()} == {"images", "labels.csv"}


def test_pull_names_no_patient_when_groups_have_names(packed: Any, tmp_path: Path) -> None:
    pull_public(packed.store, packed.dataset.public_split, tmp_path / "out")
    text = (tmp_path / "out" / "labels.csv").read_text()
    assert "patient" not in text.replace("shows no patient", "")
    assert {len(line["group"]) for line in csv.DictReader(text.splitlines())} == {16}


def test_samples_come_in_memory_when_opened(packed: Any) -> None:
    index = read_public(packed.store, packed.dataset.public_split)
    samples = list(open_public(packed.store, index))
    assert [sample.index for sample in samples] == list(range(72))
    assert samples[0].name == "images/synthetic-000000.png"


def test_pull_refuses_when_the_folder_holds_something(packed: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    with pytest.raises(PublicSplitRefused):
        pull_public(packed.store, packed.dataset.public_split, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_pull_refuses_when_an_image_is_not_what_the_index_says(packed: Any, tmp_path: Path) -> None:
    index = read_public(packed.store, packed.dataset.public_split)
    swapped = replace(index, entries=(index.entries[1], index.entries[0], *index.entries[2:]))
    with pytest.raises(PublicSplitRefused):
        pull_public(packed.store, packed.store.put(swapped.encode()), tmp_path / "out")
    assert not (tmp_path / "out" / "labels.csv").exists()
    short = replace(index, data=packed.store.put(b"short"))
    with pytest.raises(PublicSplitRefused):
        list(open_public(packed.store, short))
    long = replace(index, data=packed.store.put(bytes(index.size_bytes + 1)))
    with pytest.raises(ObjectTooLarge):
        list(open_public(packed.store, long))


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields["samples"][0].__setitem__(0, "/../../../../tmp/evil"),
        lambda fields: fields["samples"][0].__setitem__(0, "dicom"),
        lambda fields: fields["samples"][0].__setitem__(1, -1),
        lambda fields: fields["samples"][0].__setitem__(1, 1.5),
        lambda fields: fields["samples"][0].__setitem__(2, "00"),
        lambda fields: fields["samples"][0].__setitem__(3, 2),
        lambda fields: fields["samples"][0].__setitem__(3, True),
        lambda fields: fields["samples"][0].__setitem__(4, "../../x"),
        lambda fields: fields["samples"][0].__setitem__(5, 99),
        lambda fields: fields["samples"][0].append(0),
        lambda fields: fields["classes"].__setitem__(0, "line\nbreak"),
        lambda fields: fields["notices"][0].update(other="x"),
        lambda fields: fields["notices"][0].update(licence=3),
        lambda fields: fields.update(data="bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi"),
        lambda fields: fields.update(synthetic="yes"),
        lambda fields: fields.update(extra=1),
        lambda fields: fields.clear(),
    ],
)
def test_index_is_refused_when_a_field_is_wrong(packed: Any, tmp_path: Path, change: Any) -> None:
    fields = json.loads(read_public(packed.store, packed.dataset.public_split).encode())
    change(fields)
    data = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    with pytest.raises(PublicSplitRefused):
        PublicIndex.decode(data)
    with pytest.raises(PublicSplitRefused):
        pull_public(packed.store, packed.store.put(data), tmp_path / "out")
    assert not (tmp_path / "out").exists()
