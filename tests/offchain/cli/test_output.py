"""Records on standard output: tables for people, JSON that keeps its schema for programs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

import jsonschema
from hypothesis import given
from hypothesis import strategies as st

from offchain.cli._records import cell, jsonable, schema
from offchain.cli.units import Block, Blocks, Planck, Ppm

Assay = Callable[..., subprocess.CompletedProcess[str]]


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    """A leaf."""

    colour: Colour
    weight_planck: Planck


@dataclass(frozen=True)
class Tree:
    """A tree."""

    name: str
    at: Block
    grows_blocks: Blocks | None
    shares: dict[str, Ppm]
    leaves: list[Leaf]
    pair: tuple[int, str]
    seal: bytes
    alive: bool


trees = st.builds(
    Tree,
    name=st.text(),
    at=st.integers(0, 2**32).map(Block),
    grows_blocks=st.none() | st.integers(0, 10**6).map(Blocks),
    shares=st.dictionaries(st.text(), st.integers(0, 10**6).map(Ppm)),
    leaves=st.lists(st.builds(Leaf, st.just(Colour.RED), st.integers(0, 2**128).map(Planck))),
    pair=st.tuples(st.integers(), st.text()),
    seal=st.binary(),
    alive=st.booleans(),
)


@given(trees)
def test_json_keeps_its_schema_when_any_record_is_printed(tree: Tree) -> None:
    document = json.loads(json.dumps(jsonable(tree, Tree)))
    jsonschema.Draft202012Validator(schema(Tree)).validate(document)
    assert [int(leaf["weight_planck"]) for leaf in document["leaves"]] == [leaf.weight_planck for leaf in tree.leaves]


@given(trees)
def test_cells_are_text_when_any_record_is_shown(tree: Tree) -> None:
    assert all(isinstance(cell(getattr(tree, name), Any), str) for name in ("name", "shares", "leaves", "pair", "seal"))


def test_table_shows_units_when_printed_for_people(assay: Assay) -> None:
    shown = assay("orchard", "list")
    assert shown.returncode == 0
    header, apple, pear = shown.stdout.splitlines()
    assert header.split() == ["name", "price", "sugar", "ripe", "in", "seal"]
    assert apple.split("  ")[0] == "apple"
    assert "12.5 ASY" in apple
    assert "93.1 %" in apple
    assert "120 blocks (6 min)" in apple
    assert "pear [red]" in pear
    assert shown.stderr.splitlines()[-1] == "looking"


def test_json_is_one_document_with_nothing_beside_it_when_asked_for(assay: Assay) -> None:
    shown = assay("orchard", "list", "--json")
    apple, pear = json.loads(shown.stdout)
    assert apple == {
        "name": "apple",
        "price_planck": "12500000000000",
        "sugar_ppm": 931_000,
        "ripe_in_blocks": 120,
        "seal": "0x0102",
    }
    assert pear["ripe_in_blocks"] is None


def test_schema_describes_a_command_when_asked(assay: Assay) -> None:
    described = json.loads(assay("schema", "orchard", "list").stdout)
    printed = json.loads(assay("orchard", "list", "--json").stdout)
    jsonschema.Draft202012Validator(described).validate(printed)
    assert described["items"]["title"] == "Fruit"


def test_schema_is_refused_when_the_command_prints_no_document(assay: Assay) -> None:
    assert assay("schema", "orchard", "burn").returncode == 2
    assert assay("schema", "orchard", "steal").returncode == 2


def test_progress_prints_nothing_when_standard_error_is_no_terminal(assay: Assay) -> None:
    counted = assay("orchard", "count")
    assert counted.returncode == 0
    assert (counted.stdout, counted.stderr) == ("", "orchard imported\n")
