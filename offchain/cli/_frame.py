"""Runs a command and turns every outcome into one line and an exit status.

====  =====================================================
   0  done
   1  an unexpected error: a defect of ours, with a log
   2  the command line could not be understood
 11+  10 and the number of the component's block of error codes
 130  Ctrl-C
====  =====================================================
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
import typer.main

from offchain.cli._nouns import LazyGroup
from offchain.errors import AssayError

__all__ = ["main", "run"]

INTERRUPTED = 130

app = typer.Typer(
    cls=LazyGroup,
    name="assay",
    help="Imaging models, measured on data their makers never saw.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"assay {version('assay')}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks and log to standard error.")] = False,
    version: Annotated[  # noqa: ARG001 - acts by its callback
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(levelname)s %(name)s %(message)s")


@app.command("schema")
def _schema(
    ctx: typer.Context,
    path: Annotated[list[str], typer.Argument(metavar="NOUN [VERB]...", help="A command that takes --json.")],
) -> None:
    """The JSON schema of what a command prints with --json."""
    from offchain.cli.output import json_schema

    command: Any = ctx.parent.command if ctx.parent else None
    rest = list(path)
    while rest:
        if not hasattr(command, "resolve_command"):
            raise typer.BadParameter(f"no such command: {' '.join(path)}")
        _, command, rest = command.resolve_command(ctx, rest)
    record = getattr(command.callback, "__assay_record__", None)
    if record is None:
        raise typer.BadParameter(f"`assay {' '.join(path)}` prints no JSON document")
    typer.echo(json.dumps(json_schema(record), indent=2))


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Entry point of the ``assay`` command."""
    sys.exit(run(sys.argv[1:] if argv is None else argv))


def run(argv: Sequence[str]) -> int:
    """Runs one command and returns its exit status. Prints, and never raises.

    Args:
        argv: the arguments, without the program's name.
    """
    as_json, debug = "--json" in argv, "--debug" in argv
    try:
        outcome = typer.main.get_command(app).main(args=list(argv), prog_name="assay", standalone_mode=False)
    except AssayError as error:
        if debug:
            traceback.print_exc()
        _tell(error.as_json() if as_json else f"error: {error}")
        return error.exit_status
    except typer.TyperException as error:
        return _misunderstood(error, as_json=as_json)
    except (typer.Abort, KeyboardInterrupt):
        _tell("interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - whoever read us has left; flushing at exit must not fail
        return 1
    except Exception as error:
        if debug:
            traceback.print_exc()
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        unexpected = AssayError(f"unexpected {what}", hint=f"this is a defect; details are in {_log(argv)}")
        _tell(unexpected.as_json() if as_json else f"error: {unexpected.what} ({unexpected.hint})")
        return 1
    return outcome if isinstance(outcome, int) and not isinstance(outcome, bool) else 0


def _misunderstood(error: typer.TyperException, *, as_json: bool) -> int:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    asked_for_help = type(error).__name__ == "NoArgsIsHelpError"
    if as_json:
        _tell({"error": type(error).__name__, "code": 800, "what": message, "subject": None, "hint": ""})
    elif message and not asked_for_help:
        where = context.command_path if context is not None else "assay"
        _tell(f"error: {message}\n{where} --help tells more")
    return error.exit_code


def _tell(what: str | dict[str, Any]) -> None:
    sys.stderr.write((what if isinstance(what, str) else json.dumps(what)) + "\n")


def _log(argv: Sequence[str]) -> Path:
    """Appends the traceback of the current exception to the log, which only its owner may read."""
    folder = Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay") / "logs"
    path = folder / "errors.log"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as log:
            verb = " ".join(word for word in argv[:2] if not word.startswith("-"))
            log.write(f"--- {datetime.now(UTC).isoformat(timespec='seconds')} assay {verb}\n{traceback.format_exc()}\n")
    except OSError:
        sys.stderr.write(traceback.format_exc())
        return Path("standard error")
    return path
