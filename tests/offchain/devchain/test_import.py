"""Blocks that come in a file: taken up, passed over, refused."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from offchain.devchain import BlockRefused, ChainSpec, DevChain
from offchain.devchain._export import export_blocks, import_blocks, read_blocks
from offchain.devchain.cli import app
from offchain.scale import vec


def exported(chain: DevChain, first: int = 1) -> bytes:
    file = io.BytesIO()
    export_blocks(chain, file, first)
    return file.getvalue()


def test_chain_is_the_same_when_it_imports_what_another_exported(spec: ChainSpec, tmp_path: Path) -> None:
    with DevChain(spec) as chain:
        chain.run_to(6)
        (tmp_path / "blocks").write_bytes(exported(chain))
        last = chain.head.hash
    arguments = ["import", str(tmp_path / "blocks"), "--data", str(tmp_path / "chain"), "--json"]
    for blocks in (6, 0):
        told = json.loads(CliRunner().invoke(app, arguments).stdout)
        assert told == {"blocks": blocks, "height": 6}
    with DevChain(None, tmp_path / "chain") as chain:
        assert chain.head.hash == last


def test_import_is_refused_when_the_chain_has_another_block_there(spec: ChainSpec) -> None:
    with DevChain(spec) as chain, DevChain(spec) as other:
        other.clock = chain.head.slot + 9
        chain.run_to(2)
        other.run_to(2)
        with pytest.raises(BlockRefused, match="another block"):
            import_blocks(chain, io.BytesIO(exported(other)))


def test_import_is_refused_when_blocks_are_missing_in_between(spec: ChainSpec) -> None:
    with DevChain(spec) as chain, DevChain(spec) as other:
        other.run_to(3)
        with pytest.raises(BlockRefused, match="does not follow"):
            import_blocks(chain, io.BytesIO(exported(other, first=2)))
        assert chain.height == 0


def test_justifications_are_passed_over_when_a_native_node_wrote_them(spec: ChainSpec) -> None:
    with DevChain(spec) as chain:
        block = chain.seal()
    justified = (1).to_bytes(8, "little") + block.encode() + b"\x01\x08FRNK" + vec(b"votes") + b"BEEF" + vec(b"")
    assert list(read_blocks(justified)) == [block]


@pytest.mark.parametrize("cut", [1, 4, 60])
def test_file_is_refused_when_it_is_cut_off(spec: ChainSpec, cut: int) -> None:
    with DevChain(spec) as chain:
        chain.run_to(2)
        data = exported(chain)
    with pytest.raises(BlockRefused, match="no such blocks"):
        list(read_blocks(data[:-cut]))


def test_file_is_refused_when_something_follows_the_blocks(spec: ChainSpec) -> None:
    with DevChain(spec) as chain:
        chain.seal()
        data = exported(chain)
    with pytest.raises(BlockRefused, match="something else"):
        list(read_blocks(data + b"\x00"))
