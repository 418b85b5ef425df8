"""`assay dataset`: the commands that need no chain."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from offchain.cli.errors import ConfirmationNeeded
from offchain.cli.output import json_schema
from offchain.crypto import SecretBytes
from offchain.datasets import LabelsInvalid, PackedDataset, StewardKeys
from offchain.datasets.cli import PackReport, app


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ASSAY_PASSPHRASE", "a passphrase")
    monkeypatch.delenv("ASSAY_STORE", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*arguments: object, ok: bool = True) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert (result.exit_code == 0) == ok, (result.output, result.exception)
    return result


def _json(*arguments: object) -> Any:
    return json.loads(_run(*arguments, "--json").stdout)


def test_data_set_goes_round_when_synthesised_packed_and_pulled(home: Path) -> None:
    drawn = _json("synthesise", "set", "--patients", 60, "--side", 32, "--seed", 4)
    assert drawn == {"folder": "set", "task": "synthetic_opacity", "images": 60, "synthetic": True}
    packed = _json("pack", "set", "--where", "task=synthetic_opacity", "--held-out", 0.4, "--seed", 3, "--yes")
    assert packed["published"]
    assert packed["synthetic"]
    assert set(packed) == set(json_schema(PackReport)["properties"])
    dataset = PackedDataset.load(home / "pack.json")
    assert str(dataset.manifest) == packed["manifest"]
    keyfile = home / "home" / "steward" / "synthetic_opacity.json"
    assert packed["keyfile"] == str(keyfile)
    assert StewardKeys.load(keyfile, SecretBytes(b"a passphrase")).manifest == dataset.manifest
    pulled = _json("pull", packed["public_split"], "out")
    assert pulled == {"folder": "out", "task": "synthetic_opacity", "images": 36, "synthetic": True}
    assert (home / "out" / "labels.csv").is_file()


def test_pack_shows_the_plan_and_writes_nothing_when_dry(home: Path, synthetic: Path) -> None:
    result = _run("pack", synthetic, "--dry-run", "--held-out", 0.4)
    assert "In the clear, for anyone" in result.stderr
    assert "SYNTHETIC" in result.stderr
    assert list(home.iterdir()) == []


def test_pack_publishes_nothing_when_nobody_confirms(home: Path, synthetic: Path) -> None:
    result = _run("pack", synthetic, "--held-out", 0.4, ok=False)
    assert isinstance(result.exception, ConfirmationNeeded)
    assert "In the clear, for anyone" in result.stderr
    assert list(home.iterdir()) == []


@pytest.mark.parametrize("condition", ["task", "=x", ""])
def test_pack_refuses_when_a_condition_is_malformed(home: Path, synthetic: Path, condition: str) -> None:
    result = _run("pack", synthetic, "--where", condition, "--yes", ok=False)
    assert isinstance(result.exception, LabelsInvalid)


def test_pack_refuses_when_the_pack_file_exists(home: Path, synthetic: Path) -> None:
    (home / "pack.json").write_text("mine")
    result = _run("pack", synthetic, "--held-out", 0.4, "--yes", ok=False)
    assert isinstance(result.exception, LabelsInvalid)
    assert (home / "pack.json").read_text() == "mine"
    assert not (home / "home" / "steward").exists()
