"""Back up and restore every key and secret on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from offchain.chain._files import home
from offchain.chain.backup import create_backup, restore_backup, worth_keeping
from offchain.chain.passphrase import read_passphrase
from offchain.cli.options import DryRun, PassphraseFile, Yes, confirm
from offchain.cli.output import prints

app = typer.Typer(help="Back up and restore every key and secret on this machine.", no_args_is_help=True)

Archive = Annotated[Path, typer.Argument(metavar="FILE", help="The encrypted archive.")]


@dataclass(frozen=True)
class Backup:
    """An archive and what is in it."""

    archive: Path
    home: Path
    files: tuple[str, ...]
    done: bool


@app.command("backup")
@prints(Backup)
def backup(archive: Archive, *, passphrase_file: PassphraseFile = None, dry_run: DryRun = False) -> Backup:
    """Writes account keys, X25519 and BLS keys, shard keys and commit salts into one encrypted file."""
    if dry_run:
        return Backup(archive, home(), worth_keeping(home()), done=False)
    passphrase = read_passphrase("the new backup", file=passphrase_file, new=True)
    return Backup(archive, home(), create_backup(home(), archive, passphrase), done=True)


@app.command("restore")
@prints(Backup)
def restore(
    archive: Archive, *, passphrase_file: PassphraseFile = None, dry_run: DryRun = False, yes: Yes = False
) -> Backup:
    """Puts back what a backup holds. Overwrites nothing: one file in the way, and none is written."""
    passphrase = read_passphrase("the backup", file=passphrase_file)
    files = restore_backup(home(), archive, passphrase, write=False)
    if not dry_run:
        confirm(f"Write {len(files)} files below {home()}?", yes=yes)
        restore_backup(home(), archive, passphrase)
    return Backup(archive, home(), files, done=not dry_run)
