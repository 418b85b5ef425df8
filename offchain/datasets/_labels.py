"""Labels files: a CSV beside the images becomes rows with a class, a group and a file."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from offchain.datasets._blocks import BlockRule, cut_blocks, number_of
from offchain.datasets._errors import LabelsInvalid

__all__ = ["LabelTable", "Notice", "Row", "read_labels"]

MAX_ROWS = 1_000_000
MAX_CLASSES = 16
MAX_CLASS_BYTES = 32
MAX_TASK_BYTES = 64


@dataclass(frozen=True, slots=True, order=True)
class Notice:
    """What must travel with an image: its licence and whom to name."""

    licence: str = ""
    licence_url: str = ""
    attribution: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled image.

    ``group`` is what must not lie on both sides: a patient, or a block of numbers. ``sequence`` and ``number`` say
    where the image lies among its neighbours when groups are blocks.
    """

    file: str
    path: Path
    label: int
    group: str
    notice: Notice = Notice()
    sequence: str = ""
    number: int | None = None
    synthetic: bool = False


@dataclass(frozen=True, slots=True)
class LabelTable:
    """The rows of one task, with its classes in label order."""

    task: str
    classes: tuple[str, ...]
    rows: tuple[Row, ...]
    guard: int = 0


def read_labels(
    folder: Path,
    *,
    labels: Path | None = None,
    where: Mapping[str, str] | None = None,
    file_column: str = "file",
    label_column: str = "label",
    group_column: str = "group",
    blocks: BlockRule | None = None,
    task: str | None = None,
) -> LabelTable:
    """Read the rows of one task.

    Classes are ordered by a column ``<label_column>_int`` where there is one, by name otherwise.

    Args:
        folder: what files are relative to; none may lie outside.
        labels: the CSV; ``labels.csv`` in the folder without it.
        where: columns and the value each must have.
        file_column: column of file paths.
        label_column: column of class names.
        group_column: column of groups; with ``blocks`` it names the sequences that are numbered by themselves.
        blocks: makes contiguous blocks of numbers the groups.
        task: name of the task; without it what the rows' column ``task`` says, or the label column.

    Raises LabelsInvalid with the line and what is wrong there.
    """
    path = labels or folder / "labels.csv"
    wanted = dict(where or {})
    header, lines = _lines(path)
    for column in (*wanted, file_column, label_column, group_column):
        if column not in header:
            raise LabelsInvalid(
                f"the labels have no column {column!r}", subject=str(path), hint=f"columns: {', '.join(header)}"
            )
    kept = [(at, line) for at, line in lines if all(line[column] == value for column, value in wanted.items())]
    if not kept:
        raise LabelsInvalid("no row fits the conditions", subject=str(path), hint=_values(lines, wanted))
    classes = _classes(kept, label_column, path)
    root = folder.resolve()
    rows = []
    for at, line in kept:
        row = _row(line, root, classes.index(line[label_column]), line[file_column], line[group_column])
        if not row.path.is_file() or not row.path.is_relative_to(root):
            raise LabelsInvalid("the labels name no file inside the folder", subject=f"{path}:{at}: {row.file[:200]!r}")
        if blocks is not None:
            row = replace(row, sequence=row.group, number=number_of(line, blocks.expression, f"{path}:{at}"))
        elif not row.group:
            raise LabelsInvalid("a row has no group", subject=f"{path}:{at}", hint="use --block-column for blocks")
        rows.append(row)
    if len({row.path for row in rows}) != len(rows):
        raise LabelsInvalid(
            "a file is labelled twice", subject=str(path), hint="choose one task with --where task=NAME"
        )
    if blocks is not None:
        names = cut_blocks([(row.sequence, row.number or 0) for row in rows], blocks.count)
        rows = [replace(row, group=name) for row, name in zip(rows, names, strict=True)]
    stated = {line.get("task", "") for _, line in kept}
    name = task or (stated.pop() if len(stated) == 1 else "") or label_column
    if not name or len(name.encode()) > MAX_TASK_BYTES:
        raise LabelsInvalid(f"a task's name has 1 to {MAX_TASK_BYTES} bytes", subject=name)
    return LabelTable(name, tuple(classes), tuple(rows), blocks.guard if blocks else 0)


def _lines(path: Path) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, strict=True)
            header = list(reader.fieldnames or ())
            lines: list[tuple[int, dict[str, str]]] = []
            for line in reader:
                if len(lines) == MAX_ROWS or None in line or None in line.values():
                    raise LabelsInvalid("a row has too many or too few cells", subject=f"{path}:{reader.line_num}")
                lines.append((reader.line_num, line))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise LabelsInvalid(f"the labels cannot be read ({reason})", subject=str(path)) from None
    return header, lines


def _classes(lines: Sequence[tuple[int, Mapping[str, str]]], column: str, path: Path) -> list[str]:
    names = sorted({line[column] for _, line in lines})
    order = f"{column}_int"
    if order in lines[0][1]:
        pairs = {(line[order], line[column]) for _, line in lines}
        if {number for number, _ in pairs} != {str(number) for number in range(len(names))} or len(pairs) != len(names):
            raise LabelsInvalid(f"{order} does not number the classes from 0", subject=str(path))
        names = [name for _, name in sorted(pairs, key=lambda pair: int(pair[0]))]
    if not 2 <= len(names) <= MAX_CLASSES:
        raise LabelsInvalid(f"a task has 2 to {MAX_CLASSES} classes, not {len(names)}", subject=str(path))
    for name in names:
        if not name.isprintable() or not name.strip() or len(name.encode()) > MAX_CLASS_BYTES:
            raise LabelsInvalid(f"a class name has 1 to {MAX_CLASS_BYTES} printable bytes", subject=repr(name[:80]))
    return names


def _row(line: Mapping[str, str], root: Path, label: int, file: str, group: str) -> Row:
    notice = Notice(*(line.get(name, "") for name in ("licence", "licence_url", "attribution")))
    synthetic = line.get("synthetic", "").lower() in {"1", "true", "yes"}
    path = (root / file).resolve() if "\x00" not in file else root
    return Row(file, path, label, group, notice, synthetic=synthetic)


def _values(lines: Sequence[tuple[int, Mapping[str, str]]], wanted: Mapping[str, str]) -> str:
    found = {column: sorted({line[column] for _, line in lines})[:10] for column in wanted}
    return "; ".join(f"{column} is one of {', '.join(values)}" for column, values in found.items())
