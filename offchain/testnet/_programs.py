"""What a supervised program is: a name, a command, where it runs, what it sees."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["MARK", "Program", "section"]

MARK = "ASSAY_TESTNET"
"""Environment variable that every process of a network carries: the network's directory."""
_LOG_BYTES = 50 * 2**20
_START_S = 3
_RETRIES = 5


@dataclass(frozen=True)
class Program:
    """A process to keep running.

    A program that ends is started again, whatever its status: none of them has a reason to end by itself. One that
    does not stay up for three seconds is tried five more times, each a second later than the last, and then given up.

    Args:
        name: unique in its network.
        command: the program and its arguments.
        folder: its working directory, and where its log lies.
        environment: added to what supervisord itself sees.
        starts_alone: whether it begins with the network, or is started later.
        rank: programs of lower rank start earlier and stop later.
        patience_s: how long it may take to end before it is killed.
    """

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    starts_alone: bool = True
    rank: int = 100
    patience_s: int = 15

    @property
    def log(self) -> Path:
        """What it says, on standard output and standard error."""
        return self.folder / "log"


def section(program: Program) -> str:
    """The program's section of supervisord's configuration."""
    # By `env`, because supervisord's own setting knows no quotation marks within values.
    environment = [f"{name}={value}" for name, value in sorted(program.environment.items())]
    lines = {
        "command": shlex.join(["/usr/bin/env", *environment, *program.command]),
        "directory": str(program.folder),
        "autostart": str(program.starts_alone).lower(),
        "autorestart": "true",
        "startsecs": _START_S,
        "startretries": _RETRIES,
        "stopsignal": "TERM",
        "stopwaitsecs": program.patience_s,
        "killasgroup": "true",
        "priority": program.rank,
        "redirect_stderr": "true",
        "stdout_logfile": str(program.log),
        "stdout_logfile_maxbytes": _LOG_BYTES,
        "stdout_logfile_backups": 2,
    }
    text = "\n".join(f"{name}={str(value).replace('%', '%%')}" for name, value in lines.items())
    return f"[program:{program.name}]\n{text}\n"
