"""What is left after a kill, and what is refused at the next start."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from offchain.devchain import ChainSpec, DatabaseCorrupt, DatabaseInUse, DevChain, SpecUnreadable
from offchain.devchain._state import State

from .conftest import ASY, Signer

# Submits the extrinsics of a file one after the other, a block each, and says each block's number once it is sealed.
SEALER = """
import sys
from pathlib import Path
from offchain.devchain import DevChain, default_spec

with DevChain(default_spec(), Path(sys.argv[1])) as chain:
    print("at", chain.height, flush=True)
    lines = Path(sys.argv[2]).read_text().split()
    while True:
        if chain.height < len(lines):
            chain.submit(bytes.fromhex(lines[chain.height]))
        chain.seal()
        print("at", chain.height, flush=True)
"""


def _sealed_before_kill(folder: Path, extrinsics: Path, blocks: int) -> int:
    """Lets a process seal, kills it without mercy once it has made some blocks, and returns the last it told of."""
    command = [sys.executable, "-c", SEALER, str(folder), str(extrinsics)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
    assert child.stdout is not None
    told = []
    for line in child.stdout:
        told.append(int(line.split()[1]))
        if len(told) > blocks:
            break
    os.kill(child.pid, signal.SIGKILL)
    told += [int(line.split()[1]) for line in child.stdout if line.endswith("\n")]
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    return told[-1]


def test_chain_is_at_its_last_whole_block_when_killed_at_any_moment(
    tmp_path: Path, spec: ChainSpec, signer: Signer
) -> None:
    extrinsics = [signer.transfer(nonce) for nonce in range(120)]
    listing = tmp_path / "extrinsics"
    listing.write_text("\n".join(extrinsic.hex() for extrinsic in extrinsics))
    folder = tmp_path / "chain"
    before = 0
    for blocks in (1, 7, 19, 40):
        told = _sealed_before_kill(folder, listing, blocks)
        with DevChain(spec, folder) as chain:
            assert chain.height >= told > before
            header = chain.head.header
            assert State(chain.store.values_at(chain.height)).root == header.state_root
            paid = min(chain.height, len(extrinsics))
            assert signer.free(chain, "//Bob") - signer.free(chain, "//Bob", 0) == paid * ASY
            parent = chain.genesis_hash
            for number in range(1, chain.height + 1):
                block = chain.block(number)
                assert block.header.parent == parent
                parent = block.header.hash
            before = chain.height


def test_chain_goes_on_when_opened_again(tmp_path: Path, spec: ChainSpec, signer: Signer) -> None:
    with DevChain(spec, tmp_path) as chain:
        chain.submit(signer.transfer(0))
        chain.run_to(3)
        head = chain.head
    with DevChain(None, tmp_path) as again:
        assert again.head == head
        assert (again.name, again.properties, again.chain_type) == (spec.name, dict(spec.properties), spec.chain_type)
        again.submit(signer.transfer(1))
        assert len(again.seal().extrinsics) == 2
        assert again.head.slot == head.slot + 1
    with DevChain.fresh(spec) as replayed, DevChain(None, tmp_path) as again:
        for number in range(1, again.height + 1):
            replayed.import_block(again.block(number).encode())
        assert replayed.head == again.head


def test_folder_is_refused_when_another_process_has_it(tmp_path: Path, spec: ChainSpec) -> None:
    with DevChain(spec, tmp_path), pytest.raises(DatabaseInUse):
        DevChain(spec, tmp_path)
    with DevChain(spec, tmp_path) as chain:
        assert chain.height == 0


def test_folder_is_refused_when_its_state_was_changed(tmp_path: Path, spec: ChainSpec) -> None:
    with DevChain(spec, tmp_path) as chain:
        chain.run_to(2)
    with sqlite3.connect(tmp_path / "chain.sqlite") as database:
        key, number = database.execute("SELECT key, max(number) FROM versions WHERE value IS NOT NULL").fetchone()
        database.execute("UPDATE versions SET value = x'2a2a' WHERE key = ? AND number = ?", (key, number))
    database.close()
    with pytest.raises(DatabaseCorrupt):
        DevChain(spec, tmp_path)


def test_folder_is_refused_when_it_is_no_database(tmp_path: Path, spec: ChainSpec) -> None:
    (tmp_path / "chain.sqlite").write_bytes(b"not a database" * 1000)
    with pytest.raises(DatabaseCorrupt):
        DevChain(spec, tmp_path)


def test_folder_is_refused_when_it_holds_another_chain(tmp_path: Path, spec: ChainSpec) -> None:
    DevChain(spec, tmp_path).close()
    other = spec.state.copy()
    other.apply({b"another": b"genesis"})
    with pytest.raises(SpecUnreadable):
        DevChain(replace(spec, state=other), tmp_path)


def test_spec_is_needed_when_the_folder_is_empty(tmp_path: Path) -> None:
    with pytest.raises(SpecUnreadable):
        DevChain(None, tmp_path)


def test_block_is_not_added_when_it_cannot_be_kept(tmp_path: Path, spec: ChainSpec, signer: Signer) -> None:
    chain = DevChain(spec, tmp_path)
    chain.submit(signer.transfer(0))
    chain.store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        chain.seal()
    assert chain.height == 0
    assert chain.pool.ready == 1
    with DevChain(spec, tmp_path) as again:
        assert again.height == 0
