"""The validator's journal: what was written before a kill is there after it, and one round has one commitment."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from validators._errors import CommitmentChanged, JournalUnreadable
from validators._journal import Journal, Stage

ACCOUNT = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
GENESIS = "0x" + "ab" * 32


def _open(path: Path) -> Journal:
    return Journal(path, account=ACCOUNT, genesis=GENESIS)


def test_journal_walks_every_stage_and_forgets_the_secret_when_committed(tmp_path: Path) -> None:
    journal = _open(tmp_path / "journal.db")
    assert journal.drawn(7).stage is Stage.DRAWN
    journal.checked(7, b"s" * 32)
    journal.accepted(7)
    journal.evaluated(7, salt=b"x" * 32, reveal={"scores": [900_000]}, commitment=b"c" * 32)
    entry = journal.entry(7)
    assert entry is not None
    assert (entry.secret, entry.salt, entry.reveal) == (b"s" * 32, b"x" * 32, {"scores": [900_000]})
    journal.committed(7)
    entry = journal.entry(7)
    assert entry is not None
    assert entry.secret is None
    assert entry.salt == b"x" * 32
    journal.revealed(7)
    journal.done(7)
    entry = journal.entry(7)
    assert entry is not None
    assert (entry.stage, entry.salt) == (Stage.DONE, None)
    assert journal.unfinished() == []


def test_journal_leaves_no_secret_in_its_file_when_a_round_is_done(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    secret, salt = os.urandom(32), os.urandom(32)
    journal = _open(path)
    journal.drawn(1)
    journal.checked(1, secret)
    journal.evaluated(1, salt=salt, reveal={}, commitment=b"c" * 32)
    journal.done(1)
    journal.close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret not in content
    assert salt not in content


def test_journal_refuses_a_second_commitment(tmp_path: Path) -> None:
    journal = _open(tmp_path / "journal.db")
    journal.drawn(1)
    journal.evaluated(1, salt=b"a" * 32, reveal={}, commitment=b"a" * 32)
    with pytest.raises(CommitmentChanged, match="different commitment"):
        journal.evaluated(1, salt=b"b" * 32, reveal={}, commitment=b"b" * 32)
    entry = journal.entry(1)
    assert entry is not None
    assert entry.commitment == b"a" * 32


def test_journal_is_refused_when_it_belongs_to_another_account(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _open(path).close()
    with pytest.raises(JournalUnreadable, match="belongs to"):
        Journal(path, account="5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty", genesis=GENESIS)


def test_journal_is_refused_when_the_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(JournalUnreadable, match="damaged"):
        _open(path)


def test_journal_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    _open(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_journal_keeps_what_was_written_when_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    script = f"""
import os, signal
from pathlib import Path
from validators._journal import Journal
journal = Journal(Path({str(path)!r}), account={ACCOUNT!r}, genesis={GENESIS!r})
journal.drawn(3)
journal.checked(3, b"k" * 32)
journal.cursor = 41
os.kill(os.getpid(), signal.SIGKILL)
"""
    finished = subprocess.run([sys.executable, "-c", script], timeout=60, check=False)
    assert finished.returncode == -signal.SIGKILL
    journal = _open(path)
    assert journal.cursor == 41
    assert [entry.stage for entry in journal.unfinished()] == [Stage.CHECKED]


def test_entry_shows_no_secret_when_printed(tmp_path: Path) -> None:
    journal = _open(tmp_path / "journal.db")
    journal.drawn(1)
    journal.checked(1, b"secret-secret-secret-secret-secr")
    assert "secret" not in repr(journal.entry(1))
