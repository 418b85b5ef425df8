"""The public split: images anyone may train on, with labels, licences and pseudonymous groups.

One index object (canonical JSON) names one data object, the images end to end in the index's order. File names are
made by whoever pulls it, never taken from the index, so that no index can point outside a folder.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from offchain.crypto import blake2b_256, shallow_json
from offchain.datasets._errors import PublicSplitRefused
from offchain.datasets._images import KINDS, Item, read_again
from offchain.datasets._labels import Notice
from offchain.store import Cid, CidInvalid, Progress, Store

__all__ = [
    "PublicIndex",
    "PublicSample",
    "group_pseudonym",
    "open_public",
    "publish_public",
    "pull_public",
    "read_public",
]

KIND = "public/1"
MAX_INDEX_BYTES = 256 << 20
COLUMNS = (
    "file",
    "task",
    "label",
    "label_int",
    "group",
    "bytes",
    "sha256",
    "licence",
    "licence_url",
    "attribution",
    "synthetic",
)


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """One image of the index."""

    kind: str
    size_bytes: int
    sha256: str
    label: int
    group: str
    notice: int


@dataclass(frozen=True, slots=True)
class PublicIndex:
    """A public split as its index says."""

    task: str
    classes: tuple[str, ...]
    synthetic: bool
    data: Cid
    notices: tuple[Notice, ...]
    entries: tuple[PublicEntry, ...]

    @property
    def size_bytes(self) -> int:
        """Bytes of all images."""
        return sum(entry.size_bytes for entry in self.entries)

    def encode(self) -> bytes:
        """The canonical bytes."""
        fields = {
            "assay": KIND,
            "task": self.task,
            "classes": list(self.classes),
            "synthetic": self.synthetic,
            "data": str(self.data),
            "notices": [asdict(notice) for notice in self.notices],
            "samples": [
                [each.kind, each.size_bytes, each.sha256, each.label, each.group, each.notice] for each in self.entries
            ],
        }
        return json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    @classmethod
    def decode(cls, data: bytes) -> PublicIndex:
        """The index in these bytes. Raises PublicSplitRefused for anything that `encode` would not write."""
        try:
            fields = shallow_json(data)
            index = cls(
                task=_text(fields["task"]),
                classes=tuple(_text(name) for name in fields["classes"]),
                synthetic=fields["synthetic"] is True,
                data=Cid.parse(fields["data"]),
                notices=tuple(
                    Notice(**{key: _text(value) for key, value in each.items()}) for each in fields["notices"]
                ),
                entries=tuple(PublicEntry(*each) for each in fields["samples"]),
            )
            for entry in index.entries:
                _check_entry(entry, index)
            canonical = index.encode()
        except (ValueError, TypeError, KeyError, AttributeError, CidInvalid):
            raise PublicSplitRefused("the object is no index of a public split") from None
        if canonical != data:
            raise PublicSplitRefused("the index is not in canonical form")
        return index


@dataclass(frozen=True, slots=True)
class PublicSample:
    """One public image in memory."""

    index: int
    name: str
    label: int
    group: str
    notice: Notice
    image: bytes


def group_pseudonym(salt: bytes, group: str) -> str:
    """A group's name on the public side: 16 hex digits that only the steward, who has the salt, can trace."""
    return blake2b_256(b"assay/group/1", salt, group.encode())[:8].hex()


def publish_public(
    store: Store, items: Sequence[Item], *, task: str, classes: Sequence[str], synthetic: bool, group_salt: bytes
) -> tuple[Cid, Cid]:
    """Put a public split into the store; returns the ids of its index and of its data."""
    notices = tuple(sorted({item.row.notice for item in items}))
    data = store.put(read_again(item) for item in items)
    entries = tuple(
        PublicEntry(
            kind=item.kind,
            size_bytes=item.size_bytes,
            sha256=item.sha256,
            label=item.row.label,
            group=group_pseudonym(group_salt, item.row.group),
            notice=notices.index(item.row.notice),
        )
        for item in items
    )
    index = PublicIndex(task, tuple(classes), synthetic, data, notices, entries)
    return store.put(index.encode()), data


def read_public(store: Store, cid: Cid, *, deadline_s: float = 60.0) -> PublicIndex:
    """Fetch and check the index of a public split."""
    return PublicIndex.decode(store.get(cid, max_bytes=MAX_INDEX_BYTES, deadline_s=deadline_s))


def open_public(
    store: Store, index: PublicIndex, *, deadline_s: float = 3600.0, progress: Progress | None = None
) -> Iterator[PublicSample]:
    """The images of a public split in memory, each against its digest."""
    blocks = store.stream(index.data, max_bytes=index.size_bytes, deadline_s=deadline_s, progress=progress)
    rest = bytearray()
    for at, entry in enumerate(index.entries):
        while len(rest) < entry.size_bytes and (block := next(blocks, None)) is not None:
            rest += block
        image = bytes(rest[: entry.size_bytes])
        del rest[: entry.size_bytes]
        if hashlib.sha256(image).hexdigest() != entry.sha256:
            raise PublicSplitRefused("an image is not what its index says", subject=f"image {at} of {index.data}")
        name = f"images/{'synthetic-' if index.synthetic else ''}{at:06d}{KINDS[entry.kind]}"
        yield PublicSample(at, name, entry.label, entry.group, index.notices[entry.notice], image)


def pull_public(
    store: Store, cid: Cid, dest: Path, *, deadline_s: float = 3600.0, progress: Progress | None = None
) -> int:
    """Write a public split as ``images/`` and ``labels.csv`` into a new or empty folder; returns the image count.

    ``labels.csv`` is written last: a folder without it was not pulled to the end.
    """
    index = read_public(store, cid, deadline_s=deadline_s)
    dest.mkdir(parents=True, exist_ok=True)
    if any(dest.iterdir()):
        raise PublicSplitRefused("the folder is not empty", subject=str(dest), hint="name a new folder")
    (dest / "images").mkdir()
    lines = []
    for sample in open_public(store, index, deadline_s=deadline_s, progress=progress):
        with (dest / sample.name).open("xb") as file:
            file.write(sample.image)
        lines.append(_line(index, sample))
    with (dest / "labels.csv").open("x", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return len(lines)


def _line(index: PublicIndex, sample: PublicSample) -> dict[str, Any]:
    return {
        "file": sample.name,
        "task": index.task,
        "label": index.classes[sample.label],
        "label_int": sample.label,
        "group": sample.group,
        "bytes": len(sample.image),
        "sha256": index.entries[sample.index].sha256,
        **asdict(sample.notice),
        "synthetic": "true" if index.synthetic else "false",
    }


def _check_entry(entry: PublicEntry, index: PublicIndex) -> None:
    numbers = (entry.size_bytes, entry.label, entry.notice)
    if any(type(number) is not int or number < 0 for number in numbers) or entry.kind not in KINDS:
        raise ValueError(entry)
    if entry.label >= len(index.classes) or entry.notice >= len(index.notices):
        raise ValueError(entry)
    if len(bytes.fromhex(entry.sha256)) != 32 or len(bytes.fromhex(entry.group)) != 8:
        raise ValueError(entry)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value
