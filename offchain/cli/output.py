"""What commands print: records as a table for people, as JSON for programs.

A command returns a record (a dataclass) or a list of records and says so::

    @app.command()
    @prints(list[AccountLine])
    def list_(...) -> list[AccountLine]: ...

It thereby has ``--json``, its JSON has the schema that ``assay schema NOUN VERB`` prints, and its table needs no code.
Results go to standard output; everything else (:func:`note`, :func:`progress`) to standard error, and only there.
"""

from __future__ import annotations

import functools
import inspect
import json
import sys
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from offchain.cli._records import cell, fields, headline, jsonable, schema
from offchain.cli.options import AsJson

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["emit", "json_schema", "note", "prints", "progress", "table"]

P = ParamSpec("P")
R = TypeVar("R")

json_schema = schema


def prints(kind: Any, *, view: Callable[[Any], None] | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Gives a command ``--json`` and prints what it returns.

    Args:
        kind: the type of what the command returns: a dataclass, ``list[dataclass]`` or ``Optional`` of these.
        view: prints the value for people, where a table will not do.
    """

    def decorate(command: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(command)
        def printing(*args: P.args, **kwargs: P.kwargs) -> R:
            as_json = bool(kwargs.pop("as_json", False))
            value = command(*args, **kwargs)
            emit(value, kind, as_json=as_json, view=view)
            return typing.cast("R", None)  # an integer returned by a command would become its exit status

        signature = inspect.signature(command, eval_str=True)
        flag = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson)
        parameters = [*signature.parameters.values(), flag]
        printing.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        printing.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        printing.__assay_record__ = kind  # type: ignore[attr-defined]
        return printing

    return decorate


def emit(value: Any, kind: Any, *, as_json: bool, view: Callable[[Any], None] | None = None) -> None:
    """Prints a value as JSON (one document, one line of it where standard output is no terminal) or for people."""
    if as_json:
        indent = 2 if sys.stdout.isatty() else None
        sys.stdout.write(json.dumps(jsonable(value, kind), indent=indent, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    elif value is not None:
        (view or table)(value)


def table(value: Any) -> None:
    """Prints one record as lines of names and values, several as rows."""
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold", show_header=isinstance(value, list | tuple))
    if isinstance(value, list | tuple):
        if not value:
            note("none")
            return
        members = fields(type(value[0]))
        for name in members:
            grid.add_column(headline(name), overflow="fold")
        for record in value:
            grid.add_row(*(Text(cell(getattr(record, name), hint)) for name, hint in members.items()))
    else:
        grid.add_column(style="bold", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, hint in fields(type(value)).items():
            grid.add_row(headline(name), Text(cell(getattr(value, name), hint)))
    _console(sys.stdout).print(grid)


def note(text: str) -> None:
    """Tells the person something that is not the result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error; nothing at all where that is no terminal.

    Yields:
        A function that sets how much of ``total`` is done.
    """
    if not sys.stderr.isatty():
        yield lambda _done: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_console(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


def _console(file: typing.TextIO) -> Console:
    """A console that never cuts a line short because nobody watches."""
    from rich.console import Console

    return Console(file=file, width=None if file.isatty() else 250, highlight=False)
