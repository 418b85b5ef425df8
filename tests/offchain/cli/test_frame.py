"""What a person at the command line meets: help, errors, exit statuses."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

Assay = Callable[..., subprocess.CompletedProcess[str]]


def test_help_lists_nouns_with_descriptions_when_no_room_is_imported(assay: Assay) -> None:
    shown = assay("--help")
    assert shown.returncode == 0
    assert "orchard" in shown.stdout
    assert "Pick fruit and count it" in shown.stdout
    assert "Never imported unless asked for" in shown.stdout
    assert "More that nobody" not in shown.stdout
    assert shown.stderr == ""


def test_help_imports_nothing_heavy_when_shown(assay: Assay) -> None:
    shown = assay("--help", python=("-X", "importtime"))
    imported = {line.rsplit("|", 1)[-1].strip() for line in shown.stderr.splitlines()}
    assert "typer" in imported
    assert not imported & {"torch", "ray", "numpy", "pydicom", "substrateinterface", "offchain.chain", "wasmtime"}


def test_noun_help_lists_verbs_when_asked(assay: Assay) -> None:
    shown = assay("orchard", "--help")
    assert shown.returncode == 0
    assert "Every fruit" in shown.stdout
    assert "completion" not in shown.stdout


def test_noun_with_one_command_needs_no_verb(assay: Assay) -> None:
    assert assay("single", "--times", "3").stdout == "done 3\n"
    assert "Does one thing for sure" in assay("--help").stdout, "the app's own help goes before its module's"


def test_typed_error_is_one_line_with_its_exit_status_when_raised(assay: Assay) -> None:
    failed = assay("orchard", "spoil")
    assert failed.returncode == 12
    assert failed.stdout == ""
    assert failed.stderr.splitlines()[1:] == ["error: [204] the apple is rotten: apple (pick another)"]


def test_typed_error_is_an_object_when_json_is_asked_for(assay: Assay) -> None:
    failed = assay("orchard", "show", "--json", "a lot")
    assert failed.returncode == 18
    assert json.loads(failed.stderr.splitlines()[-1]) == {
        "error": "MalformedValue",
        "code": 801,
        "what": "not an amount",
        "subject": "a lot",
        "hint": "write 12.5 for 12.5 ASY, or 7planck",
    }


def test_unexpected_error_names_the_log_when_raised(assay: Assay, tmp_path: Path) -> None:
    failed = assay("orchard", "crash")
    log = tmp_path / "home" / "logs" / "errors.log"
    assert failed.returncode == 1
    assert "Traceback" not in failed.stderr
    assert f"unexpected ZeroDivisionError: by a worm (this is a defect; details are in {log})" in failed.stderr
    assert "Traceback" in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


def test_traceback_is_shown_when_debugging(assay: Assay) -> None:
    assert "Traceback" in assay("--debug", "orchard", "crash").stderr


def test_interrupt_exits_with_130(assay: Assay) -> None:
    stopped = assay("orchard", "stop")
    assert stopped.returncode == 130
    assert "Traceback" not in stopped.stderr


def test_unknown_noun_verb_or_option_exits_with_2(assay: Assay) -> None:
    for argv in (("orchrad",), ("orchard", "steal"), ("orchard", "list", "--fast"), ("orchard", "show")):
        failed = assay(*argv)
        assert failed.returncode == 2, argv
        assert "error: " in failed.stderr
        assert "Traceback" not in failed.stderr


def test_mistyped_noun_is_suggested(assay: Assay) -> None:
    assert "Did you mean 'orchard'?" in assay("orchrad", "list").stderr


def test_usage_error_is_an_object_when_json_is_asked_for(assay: Assay) -> None:
    failed = assay("orchard", "show", "--json")
    assert failed.returncode == 2
    assert json.loads(failed.stderr.splitlines()[-1])["code"] == 800


def test_broken_room_is_reported_when_invoked(assay: Assay) -> None:
    failed = assay("trap")
    assert failed.returncode == 1
    assert "ImportError: imported" in failed.stderr


def test_completion_offers_nouns_and_verbs_when_asked_by_the_shell(assay: Assay) -> None:
    nouns = assay(_ASSAY_COMPLETE="complete_bash", COMP_WORDS="assay or", COMP_CWORD="1")
    assert nouns.stdout.split() == ["orchard"]
    verbs = assay(_ASSAY_COMPLETE="complete_bash", COMP_WORDS="assay orchard sp", COMP_CWORD="2")
    assert verbs.stdout.split() == ["spoil"]


def test_completion_script_is_printed_when_asked(assay: Assay) -> None:
    shown = assay("--show-completion", "bash", SHELL="/bin/bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "_ASSAY_COMPLETE" in shown.stdout


def test_confirmation_is_demanded_when_nobody_can_answer(assay: Assay) -> None:
    asked = assay("orchard", "burn")
    assert asked.returncode == 18
    assert "add --yes" in asked.stderr
    assert assay("orchard", "burn", "--yes").stdout == "burnt\n"
