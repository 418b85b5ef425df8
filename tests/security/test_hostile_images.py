"""Folders of images made to harm whoever packs them: a typed error that names the file, and nothing published."""

from __future__ import annotations

import io
import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from offchain.datasets import DatasetError, LabelsInvalid, plan_pack, read_labels, split_rows, synthesise
from offchain.dicom import ImageError

VICTIM = "images/synthetic-00007.png"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    synthesise(tmp_path / "images", patients=40, side=32, seed=3)
    return tmp_path / "images"


def plan(folder: Path) -> None:
    table = read_labels(folder)
    plan_pack(table, split_rows(table, held_out=0.5, seed=1), seed=1, shards=2)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes, width: int = 4, height: int = 4) -> bytes:
    rows = zlib.compress(bytes(5) * 4)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(extra) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg_with(comment: bytes) -> bytes:
    file = io.BytesIO()
    Image.new("L", (8, 8)).save(file, "JPEG", comment=comment)
    return file.getvalue()


def tiff_that_loops() -> bytes:
    """Its only directory follows itself."""
    fields = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (273, 4, 1, 200), (279, 4, 1, 64)]
    body = b"".join(struct.pack("<HHII", *field) for field in fields)
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(fields)) + body + struct.pack("<I", 8) + bytes(100)


HOSTILE: dict[str, Callable[[], bytes]] = {
    "empty": lambda: b"",
    "text": lambda: b"<svg onload=alert(1)>",
    "bomb_of_pixels": lambda: png(width=60_000, height=60_000),
    "no_pixels": lambda: png(width=0, height=0),
    "bomb_of_text": lambda: png(chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(64 << 20)))),
    "patient_in_text": lambda: png(chunk(b"tEXt", b"Patient\0Jane Doe")),
    "patient_in_comment": lambda: jpeg_with(b"Jane Doe"),
    "patient_in_a_private_chunk": lambda: png(chunk(b"prVt", b"Jane Doe")),
    "patient_behind_the_end": lambda: png() + b"Jane Doe",
    "patient_behind_the_end_of_a_jpeg": lambda: jpeg_with(b"") + b"Jane Doe",
    "hidden_frames": lambda: png(chunk(b"acTL", struct.pack(">II", 2, 0))),
    "wrong_checksum": lambda: png().replace(b"IDAT", b"IDAT\xff"),
    "truncated": lambda: png()[:45],
    "dicom_behind_a_magic": lambda: png().ljust(128, b"\0")[:128] + b"DICM" + bytes(64),
    "tiff_that_loops": tiff_that_loops,
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_pack_names_the_file_when_an_image_is_hostile(kind: str, folder: Path) -> None:
    (folder / VICTIM).write_bytes(HOSTILE[kind]())
    with pytest.raises((ImageError, DatasetError)) as caught:
        plan(folder)
    assert VICTIM in str(caught.value)
    assert "Jane" not in str(caught.value)


def test_pack_names_the_row_when_an_image_is_a_link_to_the_outside(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    (folder / VICTIM).rename(secret)
    (folder / VICTIM).symlink_to(secret)
    with pytest.raises(LabelsInvalid, match="synthetic-00007"):
        plan(folder)


def test_pack_names_the_row_and_does_not_wait_when_an_image_is_a_pipe(folder: Path) -> None:
    (folder / VICTIM).unlink()
    os.mkfifo(folder / VICTIM)
    with pytest.raises(LabelsInvalid, match="synthetic-00007"):
        plan(folder)


@pytest.mark.parametrize("path", ["../outside.png", "/etc/passwd", "images/../../outside.png", "images", "a\0b"])
def test_pack_names_the_row_when_a_label_points_elsewhere(path: str, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(png())
    labels = (folder / "labels.csv").read_text().replace(VICTIM, path, 1)
    (folder / "labels.csv").write_text(labels)
    with pytest.raises(DatasetError, match=r"labels\.csv"):
        plan(folder)


def test_honest_folder_is_planned_so_the_refusals_mean_something(folder: Path) -> None:
    plan(folder)
