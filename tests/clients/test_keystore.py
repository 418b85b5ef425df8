"""Keys go both ways between polkadot.js's own keyring and ``assay account``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from substrateinterface import Keypair
from typer.testing import CliRunner

from offchain.chain import KeyStore
from offchain.chain.cli_account import app
from offchain.chain.errors import KeyFileUnfit, WrongPassphrase

from .suite import Suite

THEIRS, OURS = "correct horse battery", "a passphrase of ours: ß 🗝"
SECRET = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"
MESSAGE = "duty"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASSAY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def by_polkadot_js(suite: Suite, *, type_: str = "sr25519", suri: str = f"{SECRET}//assay") -> dict[str, Any]:
    return suite.keys(deed="export", suri=suri, type=type_, name="from polkadot.js", passphrase=THEIRS)


def run(home: Path, *arguments: str, passphrase: str, stdin: str | None = None) -> Any:
    secret = home.parent / "passphrase"
    secret.write_text(passphrase)
    done = CliRunner().invoke(app, [*arguments, "--passphrase-file", str(secret)], input=stdin, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done


def test_command_line_takes_a_key_that_polkadot_js_wrote(suite: Suite, home: Path) -> None:
    written = by_polkadot_js(suite)
    done = run(
        home, "import", "-", "--name", "mine", "--json", passphrase=THEIRS, stdin=json.dumps(written["document"])
    )
    assert json.loads(done.stdout)["address"] == written["address"]
    signer = KeyStore().open("mine", THEIRS)
    assert signer.address == written["address"]
    signature = "0x" + signer.sign(MESSAGE.encode()).hex()
    assert suite.keys(deed="verify", message=MESSAGE, signature=signature, address=signer.address)["valid"]


def test_polkadot_js_takes_a_key_that_the_command_line_wrote(suite: Suite, home: Path) -> None:
    KeyStore().import_secret("mine", f"{SECRET}//assay", OURS)
    exported = CliRunner().invoke(app, ["export", "mine"], catch_exceptions=False)
    opened = suite.keys(deed="import", document=json.loads(exported.stdout), passphrase=OURS, message=MESSAGE)
    assert (opened["opened"], opened["name"]) == (True, "mine")
    assert opened["address"] == by_polkadot_js(suite)["address"]
    assert Keypair(ss58_address=opened["address"]).verify(MESSAGE, opened["signature"])


def test_key_survives_the_way_there_and_back_under_a_new_passphrase(suite: Suite, home: Path, tmp_path: Path) -> None:
    ours = KeyStore().import_secret("mine", f"{SECRET}//assay", OURS)
    document = json.loads(KeyStore().export("mine"))
    back = suite.keys(deed="rewrite", document=document, passphrase=OURS, next=THEIRS)["document"]
    again = KeyStore(tmp_path / "elsewhere").import_json(json.dumps(back), THEIRS)
    assert (again.address, again.name) == (ours.address, "mine")


def test_neither_opens_the_others_key_when_the_passphrase_is_wrong(suite: Suite, home: Path) -> None:
    KeyStore().import_secret("mine", f"{SECRET}//assay", OURS)
    document = json.loads(KeyStore().export("mine"))
    assert suite.keys(deed="import", document=document, passphrase="not this one", message=MESSAGE)["opened"] is False
    with pytest.raises(WrongPassphrase):
        KeyStore().import_json(json.dumps(by_polkadot_js(suite)["document"]), "not this one", "other")


@pytest.mark.parametrize("type_", ["ed25519", "ecdsa"])
def test_key_of_another_kind_is_refused_when_polkadot_js_wrote_it(suite: Suite, home: Path, type_: str) -> None:
    written = by_polkadot_js(suite, type_=type_, suri=SECRET)
    with pytest.raises(KeyFileUnfit, match="sr25519"):
        KeyStore().import_json(json.dumps(written["document"]), THEIRS)
    assert KeyStore().list() == ()
