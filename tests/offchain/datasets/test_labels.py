"""Labels files, honest and otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from offchain.datasets import BlockRule, LabelsInvalid, Notice, read_labels
from offchain.datasets._blocks import cut_blocks, number_of, within_guard

HEADER = "file,task,label,label_int,group,licence,extra"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.png", "b.png", "c.png", "d.png"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def _write(folder: Path, *lines: str, header: str = HEADER) -> Path:
    (folder / "labels.csv").write_text("\n".join((header, *lines)) + "\n")
    return folder


def test_rows_are_of_one_task_when_asked(folder: Path) -> None:
    _write(folder, "a.png,t,zeta,0,p1,MIT,{}", "b.png,t,alpha,1,p2,MIT,{}", "c.png,u,x,0,p3,MIT,{}")
    table = read_labels(folder, where={"task": "t"})
    assert (table.task, table.classes) == ("t", ("zeta", "alpha"))
    assert [(row.file, row.label, row.group) for row in table.rows] == [("a.png", 0, "p1"), ("b.png", 1, "p2")]
    assert table.rows[0].notice == Notice(licence="MIT")


def test_classes_are_in_order_of_name_when_no_numbers_are_given(folder: Path) -> None:
    _write(folder, "a.png,zeta,p1", "b.png,alpha,p2", header="path,kind,who")
    table = read_labels(folder, file_column="path", label_column="kind", group_column="who", task="mine")
    assert (table.task, table.classes, table.rows[0].label) == ("mine", ("alpha", "zeta"), 1)


@pytest.mark.parametrize(
    ("lines", "word"),
    [
        (["a.png,t,x,0,p,MIT,{}"], "classes"),
        (["a.png,t,x,0,p,MIT,{}", "b.png,t,y,2,q,MIT,{}"], "number"),
        (["a.png,t,x,0,p,MIT,{}", "b.png,t,y,0,q,MIT,{}"], "number"),
        (["a.png,t,x,0,p,MIT,{}", "b.png,t,y,1,,MIT,{}"], "group"),
        (["a.png,t,x,0,p,MIT,{}", "a.png,t,y,1,q,MIT,{}"], "twice"),
        (["a.png,t,x,0,p,MIT,{}", "absent.png,t,y,1,q,MIT,{}"], "no file"),
        (["a.png,t,x,0,p,MIT,{}", "b.png,t"], "cells"),
        (["a.png,t,x,0,p,MIT,{},more", "b.png,t,y,1,q,MIT,{}"], "cells"),
        (["a.png,t,x,0,p,MIT,{}", 'b.png,t,"y\u0007",1,q,MIT,{}'], "printable"),
        (["a.png,t,x,0,p,MIT,{}", f"b.png,t,{'y' * 33},1,q,MIT,{{}}"], "printable"),
        (["a.png,other,x,0,p,MIT,{}"], "condition"),
    ],
)
def test_labels_are_refused_when_a_row_is_wrong(folder: Path, lines: list[str], word: str) -> None:
    with pytest.raises(LabelsInvalid) as caught:
        read_labels(_write(folder, *lines), where={"task": "t"})
    assert word in caught.value.what


@pytest.mark.parametrize(
    "name", ["../outside.png", "/etc/passwd", "sub/../../outside.png", "link.png", "a.png\x00", "."]
)
def test_labels_are_refused_when_a_file_lies_outside(folder: Path, name: str) -> None:
    inside = folder / "inside"
    inside.mkdir()
    (folder / "outside.png").write_bytes(b"")
    (inside / "sub").mkdir()
    (inside / "a.png").write_bytes(b"")
    (inside / "link.png").symlink_to(folder / "outside.png")
    _write(inside, "a.png,t,x,0,p,MIT,{}", f"{name},t,y,1,q,MIT,{{}}")
    with pytest.raises(LabelsInvalid):
        read_labels(inside)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b'file,label,group\n"a', b"file,label\n", b"\x00"])
def test_labels_are_refused_when_the_file_is_no_table(folder: Path, content: bytes) -> None:
    (folder / "labels.csv").write_bytes(content)
    with pytest.raises(LabelsInvalid):
        read_labels(folder)
    with pytest.raises(LabelsInvalid):
        read_labels(folder, labels=folder / "absent.csv")


@pytest.mark.parametrize(
    ("expression", "number"), [("n", 12), ("extra.number", 7), ("extra.deep.list", 3), (r"path~cell(\d+)", 40)]
)
def test_number_is_found_when_the_expression_fits(expression: str, number: int) -> None:
    line = {"n": "12", "extra": '{"number": 7, "deep": {"list": 3}}', "path": "x/cell0040.png"}
    assert number_of(line, expression, "row") == number


@pytest.mark.parametrize(
    "expression", ["", "absent", "extra", "extra.absent", "extra.flag", "extra.real", "n~(", "n~a", "n~1"]
)
def test_number_is_refused_when_the_expression_does_not_fit(expression: str) -> None:
    with pytest.raises(LabelsInvalid):
        number_of({"n": "12", "extra": '{"flag": true, "real": 1.5}'}, expression, "row")


NUMBERS = st.lists(st.tuples(st.sampled_from("st"), st.integers(0, 200)), min_size=1, max_size=60)


@given(NUMBERS, st.integers(1, 20))
@settings(max_examples=60)
def test_blocks_are_runs_of_numbers_when_cut(places: list[tuple[str, int]], count: int) -> None:
    names = cut_blocks(places, count)
    by_place = dict(zip(places, names, strict=True))
    assert [by_place[place] for place in places] == names
    for sequence in "st":
        ordered = [by_place[place] for place in sorted(by_place) if place[0] == sequence]
        assert len([at for at in range(1, len(ordered)) if ordered[at] != ordered[at - 1]]) == max(
            len(set(ordered)) - 1, 0
        )


@given(st.lists(st.integers(0, 60), max_size=10), st.integers(0, 60), st.integers(0, 20))
@settings(max_examples=60)
def test_guard_is_a_distance_when_numbers_are_sorted(others: list[int], number: int, guard: int) -> None:
    expected = any(abs(number - other) <= guard for other in others)
    assert within_guard(("s", number), {"s": sorted(others)}, guard) == expected
    assert not within_guard(("t", number), {"s": sorted(others)}, guard)


def test_blocks_become_groups_when_a_rule_is_given(folder: Path) -> None:
    lines = [
        f'{name}.png,t,{label},{label},s,MIT,"{{""number"": {at}}}"'
        for at, (name, label) in enumerate(zip("abcd", "0101", strict=True))
    ]
    table = read_labels(_write(folder, *lines), blocks=BlockRule("extra.number", guard=1, count=2))
    assert [row.group for row in table.rows] == ["s#0", "s#0", "s#1", "s#1"]
    assert table.guard == 1
