"""What npm installs is pinned whole, and no file names the place it comes from."""

from __future__ import annotations

import json
import re

import pytest

from .suite import FOLDER

LOCK = json.loads((FOLDER / "package-lock.json").read_text())


def test_lock_file_pins_every_package_by_version_and_integrity() -> None:
    packages = {path: found for path, found in LOCK["packages"].items() if path}
    assert len(packages) > 50
    for path, found in packages.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+(-[\w.]+)?", found["version"]), path
        assert found["integrity"].startswith("sha512-"), path
        assert "resolved" not in found, path


def test_lock_file_holds_what_the_package_asks_for() -> None:
    wanted = json.loads((FOLDER / "package.json").read_text())["dependencies"]
    assert LOCK["packages"][""]["dependencies"] == wanted
    assert {name: LOCK["packages"][f"node_modules/{name}"]["version"] for name in wanted} == wanted


@pytest.mark.parametrize("name", ["package.json", "package-lock.json", ".npmrc"])
def test_no_file_names_an_address(name: str) -> None:
    assert "http" not in (FOLDER / name).read_text()
