"""The nouns of the command, from entry points, each loaded only when it is used."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import typer.core
import typer.main

__all__ = ["GROUP", "LazyGroup"]

GROUP = "assay.commands"


class LazyGroup(typer.core.TyperGroup):
    """A group whose nouns are entry points: listed from metadata, imported when one is invoked."""

    def __init__(self, **attributes: Any) -> None:
        """Puts up a signpost for each noun: enough for help, completion, and suggestions where one is mistyped."""
        super().__init__(**attributes)
        signposts = {name: typer.core.TyperCommand(name=name, help=summary(entry)) for name, entry in nouns().items()}
        self.commands = {**signposts, **self.commands}

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """The noun itself, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        entry = nouns().get(name or "")
        return name, (command if entry is None else load(entry)), rest


@cache
def nouns() -> dict[str, EntryPoint]:
    """Entry points by name, in alphabetical order."""
    return {entry.name: entry for entry in sorted(entry_points(group=GROUP))}


def load(entry: EntryPoint) -> Any:
    """The command that an entry point names."""
    app = entry.load()
    app._add_completion = False  # completion is installed once, for the whole command
    command = typer.main.get_command(app)
    command.name = entry.name
    return command


def summary(entry: EntryPoint) -> str:
    """What a noun is for, read from its module's source without importing it or its packages.

    That is the ``help`` of its ``typer.Typer``, or else the first line of the module's docstring.
    """
    path = _source(entry.module)
    if path is None:
        return ""
    source = path.read_text(encoding="utf-8")
    own = re.search(rf'^{re.escape(entry.attr)} = typer\.Typer\([^)]*?\bhelp="([^"]+)"', source, re.MULTILINE)
    shared = re.match(r'(?:#.*\n|\s)*r?"""\s*(.+?)(?:"""|\n)', source)
    found = own or shared
    return found[1].strip().rstrip(".") if found else ""


def _source(module: str) -> Path | None:
    package, *rest = module.split(".")
    spec = importlib.util.find_spec(package)
    for folder in _folders(spec):
        for candidate in (folder.joinpath(*rest).with_suffix(".py"), folder.joinpath(*rest, "__init__.py")):
            if candidate.is_file():
                return candidate
    return Path(spec.origin) if spec and spec.origin and not rest else None


def _folders(spec: Any) -> Iterator[Path]:
    if spec is not None and spec.submodule_search_locations:
        yield from map(Path, spec.submodule_search_locations)
