"""A distribution with two nouns of its own, registered exactly as a room registers them."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

ORCHARD = '''
"""Pick fruit and count it.

More that nobody wants to read in a list of nouns.
"""
import os, sys
from dataclasses import dataclass
from typing import Annotated
import typer
from offchain.cli.output import note, prints, progress
from offchain.cli.options import Yes, confirm
from offchain.cli.units import Planck, Ppm, Blocks, parse_asy
from offchain.errors import AssayError

class Rotten(AssayError):
    code = 204

@dataclass(frozen=True)
class Fruit:
    """One fruit."""
    name: str
    price_planck: Planck
    sugar_ppm: Ppm
    ripe_in_blocks: Blocks | None
    seal: bytes

app = typer.Typer()

@app.command("list")
@prints(list[Fruit])
def list_() -> list[Fruit]:
    """Every fruit."""
    note("looking")
    return [Fruit("apple", Planck(12_500_000_000_000), Ppm(931_000), Blocks(120), bytes([1, 2])),
            Fruit("pear [red]", Planck(1), Ppm(5), None, b"")]

@app.command()
@prints(Fruit)
def show(price: str) -> Fruit:
    return Fruit("apple", parse_asy(price), Ppm(0), None, b"")

@app.command()
def spoil() -> None:
    raise Rotten("the apple is rotten", subject="apple", hint="pick another")

@app.command()
def crash() -> None:
    raise ZeroDivisionError("by a worm")

@app.command()
def stop() -> None:
    raise KeyboardInterrupt

@app.command()
def burn(*, yes: Yes = False) -> None:
    confirm("Burn the tree?", yes=yes)
    print("burnt")

@app.command()
def count() -> None:
    with progress("counting", 3) as done:
        for index in range(3):
            done(index + 1)
'''

SINGLE = '''
"""Do one thing."""
import typer
app = typer.Typer(help="Does one thing for sure.")

@app.command()
def once(times: int = 1) -> None:
    """Do it."""
    print("done", times)
'''

BOOBY_TRAP = '''
"""Never imported unless asked for"""
raise ImportError("imported")
'''


@pytest.fixture
def assay(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``assay`` in a process of its own, with the nouns orchard, single and trap, and a home of its own."""
    site = tmp_path / "site"
    info = site / "orchard-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: orchard\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[assay.commands]\norchard = orchard.commands:app\nsingle = orchard_single:app\ntrap = orchard_trap:app\n"
    )
    package = site / "orchard"
    package.mkdir()
    (package / "__init__.py").write_text("import sys\nprint('orchard imported', file=sys.stderr)\n")
    (package / "commands.py").write_text(textwrap.dedent(ORCHARD).lstrip())
    (site / "orchard_single.py").write_text(textwrap.dedent(SINGLE).lstrip())
    (site / "orchard_trap.py").write_text(textwrap.dedent(BOOBY_TRAP).lstrip())

    def run(*argv: str, python: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
        code = "import sys; sys.argv[0] = 'assay'; from offchain.cli import main; main()"
        return subprocess.run(
            [sys.executable, *python, "-c", code, *argv],
            env={
                "PYTHONPATH": f"{site}:{REPOSITORY}",
                "ASSAY_HOME": str(tmp_path / "home"),
                "HOME": str(tmp_path),
                "PATH": "/usr/bin:/bin",
                "PYTHONDONTWRITEBYTECODE": "1",
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=60,
            stdin=subprocess.DEVNULL,
            check=False,
        )

    return run
