"""Synthetic radiographs: for when no real images are at hand. Drawn, not measured, and marked so everywhere.

A picture is a dark field with two lungs, ribs, a heart's shadow and noise, drawn from a seed. Class ``opacity`` has
one to three soft patches inside a lung. Brightness, size and place vary by synthetic patient, so that a small model
has something to learn and something to get wrong.
"""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING

from offchain.datasets._errors import LabelsInvalid

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SYNTHETIC_CLASSES", "SYNTHETIC_TASK", "synthesise"]

SYNTHETIC_TASK = "synthetic_opacity"
SYNTHETIC_CLASSES = ("clear", "opacity")
ATTRIBUTION = "SYNTHETIC: drawn by Assay's generator from seed {seed}; shows no patient"


def synthesise(folder: Path, *, patients: int = 200, per_patient: int = 1, side: int = 128, seed: int = 0) -> int:
    """Write ``images/`` and ``labels.csv`` of as many clear as opaque patients; returns the number of images.

    Args:
        folder: new or empty.
        patients: synthetic patients, each one group with one class.
        per_patient: images of each.
        side: pixels per side, 32 to 1024.
        seed: the same seed gives the same bytes.
    """
    import numpy as np

    if not 32 <= side <= 1024 or patients < 2 or not 1 <= per_patient <= 100:
        raise LabelsInvalid(
            "synthetic images have 32 to 1024 pixels a side, two patients or more, 1 to 100 images each"
        )
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise LabelsInvalid("the folder is not empty", subject=str(folder), hint="name a new folder")
    (folder / "images").mkdir()
    order = np.random.default_rng(seed).permutation(patients)
    lines: list[dict[str, object]] = []
    for patient in range(patients):
        label = int(order[patient]) % 2
        for image in range(per_patient):
            number = len(lines)
            data = _png(
                _draw(
                    np.random.default_rng([seed, patient]), np.random.default_rng([seed, patient, image]), side, label
                )
            )
            name = f"images/synthetic-{number:05d}.png"
            (folder / name).write_bytes(data)
            lines.append(_line(name, label, patient, side, seed, data))
    with (folder / "labels.csv").open("w", newline="", encoding="utf-8") as table:
        writer = csv.DictWriter(table, list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    return len(lines)


def _line(name: str, label: int, patient: int, side: int, seed: int, data: bytes) -> dict[str, object]:
    return {
        "file": name,
        "task": SYNTHETIC_TASK,
        "label": SYNTHETIC_CLASSES[label],
        "label_int": label,
        "group": f"synthetic-patient-{patient:05d}",
        "group_basis": "synthetic patient",
        "width": side,
        "height": side,
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "processing": "drawn",
        "licence": "CC0-1.0",
        "licence_url": "https://creativecommons.org/publicdomain/zero/1.0/",
        "attribution": ATTRIBUTION.format(seed=seed),
        "synthetic": "true",
        "extra": "{}",
    }


def _draw(patient: np.random.Generator, image: np.random.Generator, side: int, label: int) -> NDArray[np.float64]:
    """One picture, ``side`` x ``side`` within 0..1: anatomy from the patient, noise and patches from the image."""
    import numpy as np

    y, x = np.mgrid[0:side, 0:side] / side
    body = np.exp(-(((x - 0.5) / 0.46) ** 6) - ((y - 0.55) / 0.6) ** 8)
    picture = patient.uniform(0.55, 0.75) * body
    lungs = np.zeros_like(picture)
    width, height, top = patient.uniform(0.13, 0.17), patient.uniform(0.27, 0.34), patient.uniform(0.42, 0.5)
    centres = [(0.5 - patient.uniform(0.18, 0.22), top), (0.5 + patient.uniform(0.18, 0.22), top)]
    for centre_x, centre_y in centres:
        lungs += np.exp(-((((x - centre_x) / width) ** 2 + ((y - centre_y) / height) ** 2) ** 3))
    picture -= patient.uniform(0.32, 0.42) * lungs * body
    spacing, bend, phase = patient.uniform(0.075, 0.1), patient.uniform(0.25, 0.5), patient.uniform(0, 1)
    picture += 0.05 * body * np.cos(2 * np.pi * ((y + bend * (x - 0.5) ** 2) / spacing + phase)) ** 8
    heart_x, heart_size = patient.uniform(0.52, 0.58), patient.uniform(0.1, 0.14)
    picture += 0.25 * np.exp(-((((x - heart_x) / heart_size) ** 2 + ((y - 0.66) / 0.13) ** 2) ** 2))
    for _ in range(int(image.integers(1, 4)) if label else 0):
        centre_x, centre_y = centres[int(image.integers(2))]
        at_x, at_y = centre_x + image.normal(0, width / 3), centre_y + image.normal(0, height / 3)
        spread = image.uniform(0.035, 0.09)
        patch = np.exp(-((x - at_x) ** 2 + (y - at_y) ** 2) / (2 * spread**2))
        picture += image.uniform(0.1, 0.3) * patch * lungs
    picture = picture * image.uniform(0.85, 1.15) + image.normal(0, 0.025, picture.shape)
    return np.asarray(np.clip(picture, 0, 1))


def _png(picture: NDArray[np.float64]) -> bytes:
    """The picture as an 8-bit grey PNG with SYNTHETIC written into its lower edge."""
    import numpy as np
    from PIL import Image, ImageDraw

    grey = Image.fromarray((picture * 255).astype(np.uint8))
    ImageDraw.Draw(grey).text((1, grey.height - 11), "SYNTHETIC", fill=200)
    file = io.BytesIO()
    grey.save(file, format="PNG")
    return file.getvalue()
