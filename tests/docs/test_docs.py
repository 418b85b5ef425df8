"""What the pages tell people to type exists, their links lead somewhere, and the table of errors is the code's."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from offchain.cli._nouns import load, nouns

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = ("docs", "examples", "governance", "offchain", "ray_jobs", "runtime-specs", "tests", "validators")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`assay ([a-z][^`\n]*)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FRAME_OPTIONS = {"--help", "-h", "--version", "--debug", "--install-completion", "--show-completion"}
STOPS = {"|", ">", ">>", "2>", "&", "&&", ";", "#", "..."}


def pages() -> list[Path]:
    """Every page of the repository."""
    below = (REPOSITORY / folder for folder in FOLDERS)
    return [*sorted(REPOSITORY.glob("*.md")), *(path for folder in below for path in sorted(folder.rglob("*.md")))]


def commands() -> Iterator[Any]:
    """Each command in a block of each page, as a parameter named by page and line."""
    for path in pages():
        text = path.read_text(encoding="utf-8")
        for block in FENCE.finditer(text):
            lines = block[1].replace("\\\n", " ").splitlines()
            for line in lines:
                typed = re.match(r"^\s*(?:\$ )?((?:[A-Z_]+=\S+ )*)assay (.+)$", line)
                if typed:
                    name = f"{path.relative_to(REPOSITORY)}: assay {typed[2][:60]}"
                    yield pytest.param(typed[2], id=name)


def mentions() -> Iterator[Any]:
    """Each `assay noun verb` in running text."""
    for path in pages():
        for found in INLINE.finditer(FENCE.sub("", path.read_text(encoding="utf-8"))):
            yield pytest.param(found[1], id=f"{path.relative_to(REPOSITORY)}: {found[1][:60]}")


@cache
def noun(name: str) -> Any:
    return load(nouns()[name])


def resolve(words: list[str]) -> tuple[Any, list[str]]:
    """The command that the words name, and what is left of them."""
    assert words[0] in nouns() or words[0] == "schema", f"no noun {words[0]}"
    if words[0] == "schema":
        return None, []
    command, rest = noun(words[0]), words[1:]
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        assert rest[0] in command.commands, f"no verb {' '.join(words[:2])}"
        command, rest = command.commands[rest[0]], rest[1:]
    return command, rest


def words_of(line: str) -> list[str]:
    words = shlex.split(line, comments=True)
    end = next((at for at, word in enumerate(words) if word in STOPS), len(words))
    return words[:end]


@pytest.mark.parametrize("line", list(commands()))
def test_command_in_a_page_exists_with_its_options_and_arguments(line: str) -> None:
    words = words_of(line)
    if words[0] in FRAME_OPTIONS:
        return
    command, rest = resolve(words)
    if command is None or rest in (["--help"], ["-h"]):
        return
    options = {name: each for each in command.params for name in (*each.opts, *each.secondary_opts)}
    given, arguments = set(), 0
    at = 0
    while at < len(rest):
        word, _, value = rest[at].partition("=") if rest[at].startswith("--") else (rest[at], "", "")
        at += 1
        if not word.startswith("-"):
            arguments += 1
            continue
        assert word in options, f"no option {word} in: assay {line}"
        option = options[word]
        given.add(option.name)
        if not getattr(option, "is_flag", False) and not value:
            assert at < len(rest), f"{word} lacks its value"
            at += 1
    positional = [each for each in command.params if each.param_type_name == "argument"]
    assert sum(each.required for each in positional) <= arguments <= len(positional), line
    missing = {
        each.name
        for each in command.params
        if each.required and each.param_type_name == "option" and each.name not in given and not each.envvar
    }
    assert missing == set(), line


@pytest.mark.parametrize("text", list(mentions()))
def test_command_named_in_running_text_exists(text: str) -> None:
    words = text.split()
    resolve(words[: 2 if hasattr(noun(words[0]), "commands") else 1] if words[0] in nouns() else words)


@pytest.mark.parametrize("path", [pytest.param(path, id=str(path.relative_to(REPOSITORY))) for path in pages()])
def test_links_of_a_page_lead_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    broken = []
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


def anchors(path: Path) -> set[str]:
    """Anchors of a page's headings, as forges make them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def test_pages_show_commands_at_all() -> None:
    assert len(list(commands())) > 60


def test_table_of_errors_is_that_of_the_code() -> None:
    spec = importlib.util.spec_from_file_location("errors_page", Path(__file__).with_name("errors.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stale = "docs/errors.md is stale: run python tests/docs/errors.py"
    assert module.PAGE.read_text(encoding="utf-8") == module.page(), stale
