"""The plan of a pack: decided, checked and shown before anything is encrypted or published."""

from __future__ import annotations

import random
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from offchain.datasets._errors import ImageRejected, SplitImpossible
from offchain.datasets._images import Item, examine
from offchain.datasets._labels import LabelTable, Row
from offchain.datasets._samples import choose_frame_bytes, fill_frames, sample_bytes
from offchain.datasets._split import Split, deal_shards, default_shards
from offchain.store import Progress

__all__ = ["PackPlan", "plan_pack"]


@dataclass(frozen=True, slots=True)
class PackPlan:
    """What will be published, and what will not.

    ``shards[s][f]`` are the items of frame f of shard s, all of one group.
    """

    task: str
    classes: tuple[str, ...]
    public: tuple[Item, ...]
    shards: tuple[tuple[tuple[Item, ...], ...], ...]
    left_out: int
    frame_bytes: int
    siblings: int

    @property
    def held_out(self) -> list[Item]:
        """All held-out items, in the order of their indices."""
        return [item for shard in self.shards for frame in shard for item in frame]

    @property
    def synthetic(self) -> bool:
        """Whether any image is."""
        return any(item.row.synthetic for item in [*self.public, *self.held_out])

    @property
    def ciphertext_bytes(self) -> int:
        """Bytes of all encrypted frames."""
        return sum(len(shard) for shard in self.shards) * self.frame_bytes

    def counts(self, items: Iterable[Item]) -> list[dict[str, int]]:
        """The chain's `ClassCounts` of some items."""
        rows = [item.row for item in items]
        return [
            {
                "samples": sum(row.label == label for row in rows),
                "groups": len({row.group for row in rows if row.label == label}),
            }
            for label in range(len(self.classes))
        ]

    def describe(self) -> list[str]:
        """The plan in lines for a person."""
        held_out = self.held_out
        licences = Counter(item.row.notice.licence or "not stated" for item in [*self.public, *held_out])
        shards = [sum(len(frame) for frame in shard) for shard in self.shards]
        marked = [item for item in [*self.public, *held_out] if item.metadata]
        lines = [f"Task {self.task!r}, classes {', '.join(self.classes)}"]
        if self.synthetic:
            lines.append("SYNTHETIC images: nothing measured on them says anything about patients")
        lines += [
            "In the clear, for anyone: " + self._side(self.public),
            f"  images with labels, licences and pseudonyms of groups, {_size(sum(i.size_bytes for i in self.public))}",
            "Encrypted, for committees: " + self._side(held_out),
            f"  {len(shards)} shards of {min(shards)} to {max(shards)} samples, a key each; "
            f"{sum(map(len, self.shards))} frames of {_size(self.frame_bytes)}, {_size(self.ciphertext_bytes)}",
            "  anyone sees: counts per class, shard sizes, a salted label root. Never published: file names, "
            "names of groups, the split's seed",
        ]
        if self.left_out:
            lines.append(f"Left out by the guard: {self.left_out} images")
        if marked:
            named = ", ".join(sorted({name for item in marked for name in item.metadata}))
            lines.append(f"CAREFUL: {len(marked)} images carry metadata ({named})")
        lines.append("Licences: " + ", ".join(f"{name} ({count})" for name, count in sorted(licences.items())))
        return lines

    def _side(self, items: Sequence[Item]) -> str:
        counts = zip(self.classes, self.counts(items), strict=True)
        named = ", ".join(f"{name} {count['samples']}" for name, count in counts)
        return f"{len(items)} images of {len({item.row.group for item in items})} groups ({named})"


def plan_pack(
    table: LabelTable,
    split: Split,
    *,
    seed: int,
    shards: int | None = None,
    keep_metadata: bool = False,
    progress: Progress | None = None,
) -> PackPlan:
    """Decode every image, deal the held-out side into shards and frames, and choose the frame size.

    Args:
        table: names the task and its classes.
        split: the two sides.
        seed: of the deal; the order of frames and public images comes from the system's generator.
        shards: how many; `default_shards` without it.
        keep_metadata: accept images that carry EXIF, comments or other text.
        progress: called after each image.

    Raises ImageRejected, SplitImpossible, or the image reader's errors.
    """
    rows = [*split.public, *split.held_out]
    items: dict[str, Item] = {}
    for done, row in enumerate(rows, 1):
        items[row.file] = examine(row)
        if progress is not None:
            progress(done, len(rows))
    marked = [item for item in items.values() if item.metadata]
    if marked and not keep_metadata:
        raise ImageRejected(
            f"{len(marked)} images carry metadata ({', '.join(marked[0].metadata)}) that may identify someone",
            subject=marked[0].row.file,
            hint="remove it, or look at it and allow it with --keep-metadata",
        )
    _refuse_shared([items[row.file] for row in split.public], [items[row.file] for row in split.held_out])
    siblings = max(len(split.held_out) - 1, 1).bit_length()
    dealt = deal_shards(split.held_out, shards or default_shards(split.held_out), seed=seed)
    grouped = [_by_group(shard, items) for shard in dealt]
    sizes = [[_plain_bytes(item, siblings) for item in group] for shard in grouped for group in shard]
    frame_bytes = choose_frame_bytes(sizes)
    if frame_bytes is None:
        largest = max((items[row.file] for row in split.held_out), key=lambda item: item.size_bytes)
        raise ImageRejected(
            f"the image has {_size(largest.size_bytes)} and a frame holds 1 MiB",
            subject=largest.row.file,
            hint="compress or resize the images first; models read a few hundred pixels a side",
        )
    public = [items[row.file] for row in split.public]
    random.SystemRandom().shuffle(public)
    return PackPlan(
        task=table.task,
        classes=table.classes,
        public=tuple(public),
        shards=tuple(_frames(shard, frame_bytes, siblings) for shard in grouped),
        left_out=len(split.left_out),
        frame_bytes=frame_bytes,
        siblings=siblings,
    )


def _refuse_shared(public: Iterable[Item], held_out: Iterable[Item]) -> None:
    seen = {item.sha256: item for item in public}
    for item in held_out:
        if item.sha256 in seen:
            raise SplitImpossible(
                "the same image lies on both sides under different groups",
                subject=f"{seen[item.sha256].row.file} and {item.row.file}",
                hint="give both rows one group, or remove one",
            )


def _by_group(rows: Sequence[Row], items: dict[str, Item]) -> list[list[Item]]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for row in rows:
        groups[row.group].append(items[row.file])
    return list(groups.values())


def _frames(groups: Sequence[Sequence[Item]], frame_bytes: int, siblings: int) -> tuple[tuple[Item, ...], ...]:
    """A shard's frames in an order that says nothing: neither which are of one group, nor which class comes first."""
    frames = []
    for group in groups:
        filled = fill_frames([_plain_bytes(item, siblings) for item in group], frame_bytes) or []
        frames += [tuple(group[at] for at in members) for members in filled]
    secrets.SystemRandom().shuffle(frames)
    return tuple(frames)


def _plain_bytes(item: Item, siblings: int) -> int:
    return sample_bytes(item.size_bytes, siblings)


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 1024:.0f} KiB"


def chain_counts(plan: PackPlan) -> dict[str, Any]:
    """The counts of the chain's `VersionSpec`."""
    held_out = plan.held_out
    return {
        "public_counts": plan.counts(plan.public),
        "held_out_counts": plan.counts(held_out),
        "held_out_groups": len({item.row.group for item in held_out}),
    }
