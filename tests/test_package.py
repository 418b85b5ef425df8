"""The distribution as a whole: its rooms are ours, its names exist, its errors have codes, its command starts light."""

from __future__ import annotations

import importlib
import json
import pkgutil
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
import typer

from offchain.errors import AssayError

REPOSITORY = Path(__file__).resolve().parent.parent
ROOMS = ("offchain", "ray_jobs", "validators")
HEAVY = ("torch", "torchvision", "ray", "pydicom", "substrateinterface", "wasmtime", "numpy", "PIL", "nacl")
BLOCKS = {
    "offchain.chain": 100,
    "offchain.store": 200,
    "offchain.crypto": 300,
    "offchain.models": 400,
    "offchain.datasets": 500,
    "offchain.dicom": 500,
    "ray_jobs": 600,
    "validators": 700,
    "offchain.cli": 800,
    "offchain.devchain": 900,
    "offchain.metrics": 1000,
    "offchain.testnet": 1200,
}
"""First code of each room's block, as ``offchain/errors.py`` says it."""


def modules() -> list[str]:
    """Every module of the distribution by name."""
    found = []
    for room in ROOMS:
        package = importlib.import_module(room)
        found += [room, *(info.name for info in pkgutil.walk_packages(package.__path__, f"{room}."))]
    return sorted(name for name in found if not name.endswith("__main__"))


@pytest.fixture(scope="module")
def loaded() -> dict[str, ModuleType]:
    """Every module, imported."""
    return {name: importlib.import_module(name) for name in modules()}


def errors(kind: type[AssayError] = AssayError) -> list[type[AssayError]]:
    """Every kind of error of the distribution; tests may have kinds of their own."""
    below = [error for child in kind.__subclasses__() for error in (child, *errors(child))]
    return [error for error in below if error.__module__.split(".")[0] in ROOMS]


@pytest.mark.parametrize("room", ROOMS)
def test_room_is_ours_whatever_else_bears_its_name(room: str) -> None:
    file = importlib.import_module(room).__file__
    assert file is not None
    assert Path(file).resolve() == REPOSITORY / room / "__init__.py"


def test_every_name_that_a_module_exports_exists(loaded: dict[str, ModuleType]) -> None:
    missing = {
        f"{name}.{exported}"
        for name, module in loaded.items()
        for exported in getattr(module, "__all__", ())
        if not hasattr(module, exported)
    }
    assert missing == set()


def test_every_public_package_says_what_it_exports(loaded: dict[str, ModuleType]) -> None:
    silent = {
        name
        for name, module in loaded.items()
        if hasattr(module, "__path__") and name not in {*ROOMS, "validators.demo"} and not hasattr(module, "__all__")
    }
    assert silent == set()


def test_no_name_is_exported_twice(loaded: dict[str, ModuleType]) -> None:
    for name, module in loaded.items():
        exported = list(getattr(module, "__all__", ()))
        assert len(exported) == len(set(exported)), name


def test_every_error_has_a_code_of_its_own_in_its_rooms_block(loaded: dict[str, ModuleType]) -> None:
    by_code: defaultdict[int, list[str]] = defaultdict(list)
    for error in errors():
        name = f"{error.__module__}.{error.__qualname__}"
        if "code" not in vars(error):  # a refinement that never leaves its room
            assert error.__qualname__ not in vars(loaded[error.__module__.rpartition(".")[0]]).get("__all__", ())
            continue
        by_code[error.code].append(name)
        room = next(room for room in BLOCKS if name.startswith(f"{room}."))
        assert error.code // 100 * 100 == BLOCKS[room], name
        assert error("what", subject="subject", hint="hint").exit_status == 10 + BLOCKS[room] // 100
    assert {code: names for code, names in by_code.items() if len(set(names)) > 1} == {}
    assert len(by_code) > 60


def test_every_error_says_what_it_is(loaded: dict[str, ModuleType]) -> None:
    assert loaded
    assert {error.__qualname__ for error in errors() if not (error.__doc__ or "").strip()} == set()


def test_every_command_is_an_app_under_the_name_of_its_entry_point() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    for noun, target in project["entry-points"]["assay.commands"].items():
        name, attribute = target.split(":")
        assert isinstance(getattr(importlib.import_module(name), attribute), typer.Typer), noun


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["nonsense"]])
def test_command_loads_nothing_heavy_when_it_only_shows_help(arguments: list[str]) -> None:
    program = (
        "import json, sys\n"
        "from offchain.cli import main\n"
        f"sys.argv = ['assay', *{arguments!r}]\n"
        "try:\n"
        "    main()\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, cwd=REPOSITORY)
    names = {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert "typer" in names
    assert names.isdisjoint(HEAVY)
    if arguments == ["--help"]:
        assert "validator" in done.stdout
