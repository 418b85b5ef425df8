"""A public split in a folder, as `assay dataset pull` writes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from offchain.datasets import PublicSample, read_labels
from offchain.dicom import ImageCaps

__all__ = ["PublicSplit", "read_split"]


@dataclass(frozen=True, slots=True)
class PublicSplit:
    """Labelled images that anyone may have.

    Attributes:
        task: name of the task.
        classes: names of the classes, in label order.
        samples: the images, in the order of the labels file.
        synthetic: whether any of them was drawn by a program.
    """

    task: str
    classes: tuple[str, ...]
    samples: tuple[PublicSample, ...]
    synthetic: bool


def read_split(folder: Path, *, where: Mapping[str, str] | None = None) -> PublicSplit:
    """Reads ``labels.csv`` and the images it names.

    Args:
        folder: with ``labels.csv``: columns file, label, group, and label_int where classes have an order.
        where: columns and the value that rows must have.

    Raises:
        LabelsInvalid: the labels file cannot be used.
        ImageTooLarge: an image is over the cap on bytes.
    """
    table = read_labels(folder, where=where)
    caps = ImageCaps()
    samples = []
    for index, row in enumerate(table.rows):
        caps.check_bytes(row.path.stat().st_size, row.file)
        samples.append(PublicSample(index, row.file, row.label, row.group, row.notice, row.path.read_bytes()))
    synthetic = any(row.synthetic for row in table.rows)
    return PublicSplit(table.task, table.classes, tuple(samples), synthetic)
