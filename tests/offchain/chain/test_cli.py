"""``assay account`` and ``assay keys``, as they are typed, against a real chain."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from offchain.chain import ChainClient, KeyStore
from offchain.cli import run
from offchain.devchain import Node

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
Assay = Callable[..., Any]


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Assay:
    """Runs a command with a passphrase in the environment; returns its JSON, or its error and exit status."""
    monkeypatch.setenv("ASSAY_PASSPHRASE", "a good passphrase")

    def invoke(*argv: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert run([*argv, "--json"]) == status, capsys.readouterr().err
        shown = capsys.readouterr()
        assert "a good passphrase" not in shown.out + shown.err
        document = json.loads(shown.out if status == 0 else shown.err.splitlines()[-1])
        if status == 0:
            assert run(["schema", *argv[:2]]) == 0
            jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out)).validate(document)
        return document

    return invoke


def test_account_is_made_funded_shown_and_paid_from(assay: Assay, node: Node, tmp_path: Path) -> None:
    made = assay("account", "new", "dev", "--words-file", str(tmp_path / "words"))
    assert assay("account", "list") == [made]
    funded = assay("account", "fund", "dev", "100", "--node", node.ws_url)
    assert (funded["receiver"], funded["amount_planck"], funded["done"]) == (made["address"], "100000000000000", True)
    tried = assay("account", "transfer", "dev", ALICE, "1.5", "--dry-run", "--node", node.ws_url)
    assert (tried["done"], tried["block"]) == (False, None)
    paid = assay("account", "transfer", "dev", ALICE, "1.5", "--yes", "--node", node.ws_url)
    assert paid["fee_planck"] == tried["fee_planck"]
    shown = assay("account", "show", "dev", "--node", node.ws_url)
    left = 100 * 10**12 - 15 * 10**11 - int(paid["fee_planck"])
    assert (shown["free_planck"], shown["nonce"]) == (str(left), 1)
    assert shown["at"] >= paid["block"]


def test_account_comes_back_from_its_words_and_from_polkadot_js(
    assay: Assay, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = assay("account", "new", "first", "--words-file", str(tmp_path / "words"))
    assert run(["account", "export", "first"]) == 0
    (tmp_path / "export.json").write_text(capsys.readouterr().out)
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "second home"))
    again = assay("account", "import", str(tmp_path / "words"), "--name", "second")
    assert again["address"] == made["address"]
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "third home"))
    assert assay("account", "import", str(tmp_path / "export.json"))["address"] == made["address"]
    assert (tmp_path / "words").stat().st_mode & 0o777 == 0o600


def test_new_account_shows_its_words_to_the_person_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ASSAY_PASSPHRASE", "a good passphrase")
    assert run(["account", "new", "dev"]) == 0
    shown = capsys.readouterr()
    assert "Secret words" in shown.err
    assert "Secret words" not in shown.out


def test_money_stays_when_something_is_wrong(assay: Assay, node: Node) -> None:
    url = node.ws_url
    assay("account", "new", "dev")
    assert assay("account", "transfer", "dev", ALICE, "1", "--yes", "--node", url, status=11)["error"] == (
        "TransactionRefused"
    )
    assert assay("account", "transfer", "dev", "nobody", "1", "--yes", "--node", url, status=11)["code"] == 121
    assert assay("account", "transfer", "//Alice", "dev", "lots", "--yes", "--node", url, status=18)["code"] == 801
    assert assay("account", "transfer", "//Alice", "dev", "1", "--node", url, status=18)["code"] == 802
    assert assay("account", "fund", "dev", "1", "--node", "ws://127.0.0.1:1", status=11)["code"] == 101
    with ChainClient(url) as client:
        assert client.accounts.get(KeyStore().find("dev").address).total == 0


def test_passphrase_comes_from_a_file_or_is_missed(
    assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ASSAY_PASSPHRASE")
    assert assay("account", "new", "dev", status=11)["code"] == 122
    (tmp_path / "secret").write_text("from a file, with spaces\r\nsecond line\n")
    assay("account", "new", "dev", "--passphrase-file", str(tmp_path / "secret"))
    assert KeyStore().open("dev", "from a file, with spaces").name == "dev"


def test_keys_are_backed_up_and_restored(assay: Assay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = assay("account", "new", "dev")
    archive = str(tmp_path / "backup")
    tried = assay("keys", "backup", archive, "--dry-run")
    assert (tried["files"], tried["done"], Path(archive).exists()) == (["keys/dev.json"], False, False)
    assert assay("keys", "backup", archive)["files"] == ["keys/dev.json"]
    assert assay("keys", "restore", archive, "--yes", status=11)["code"] == 126
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "new home"))
    assert assay("keys", "restore", archive, status=18)["code"] == 802
    assert assay("keys", "restore", archive, "--dry-run")["done"] is False
    assert assay("account", "list") == []
    assert assay("keys", "restore", archive, "--yes")["done"] is True
    assert assay("account", "list")[0]["address"] == made["address"]
