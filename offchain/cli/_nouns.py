"""The nouns of the command, from entry points, each loaded only when it is used."""

from __future__ import annotations

import ast
import importlib.util
import tokenize
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import typer.core
import typer.main

__all__ = ["GROUP", "LazyGroup"]

GROUP = "assay.commands"


class LazyGroup(typer.core.TyperGroup):
    """A group whose nouns are entry points: listed from metadata, imported when one is invoked."""

    @property
    def nouns(self) -> dict[str, EntryPoint]:
        """Entry points by name, in alphabetical order."""
        return {entry.name: entry for entry in sorted(entry_points(group=GROUP))}

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]
        """Nouns first, then the frame's own commands."""
        return [*self.nouns, *super().list_commands(ctx)]

    def get_command(self, ctx: typer.Context, cmd_name: str) -> Any:  # type: ignore[override]
        """A signpost that carries the noun's description: enough for help and completion."""
        entry = self.nouns.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        return typer.core.TyperCommand(name=cmd_name, help=summary(entry.module), callback=None)

    def resolve_command(self, ctx: typer.Context, args: list[str]) -> Any:  # type: ignore[override]
        """The noun itself, loaded."""
        name, command, rest = super().resolve_command(ctx, args)
        entry = self.nouns.get(name or "")
        return name, (command if entry is None else load(entry)), rest


def load(entry: EntryPoint) -> Any:
    """The command that an entry point names."""
    app = entry.load()
    app._add_completion = False  # completion is installed once, for the whole command
    command = typer.main.get_command(app)
    command.name = entry.name
    return command


def summary(module: str) -> str:
    """First line of a module's docstring, read from its source without importing it or its packages."""
    path = _source(module)
    if path is None:
        return ""
    with tokenize.open(path) as source:
        for token in tokenize.generate_tokens(source.readline):
            if token.type == tokenize.STRING:
                return str(ast.literal_eval(token.string)).strip().split("\n")[0].rstrip(".")
            if token.type not in {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENCODING}:
                break
    return ""


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
