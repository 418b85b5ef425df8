"""Keys on disk: polkadot.js opens ours and we open its, nobody reads them, nothing overwrites them."""

from __future__ import annotations

import itertools
import json
import pickle
from pathlib import Path

import pytest
from substrateinterface import Keypair

from offchain.chain import KeyStore, address_of, development_signer
from offchain.chain.errors import (
    DevelopmentKeyRefused,
    KeyExists,
    KeyFileUnfit,
    KeyNotFound,
    WrongPassphrase,
)

ALICE = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"
ENCODING = {"content": ["pkcs8", "sr25519"], "type": ["scrypt", "xsalsa20-poly1305"], "version": "3"}
# Written by polkadot.js; these two are among the test vectors of subxt-signer 0.50 (Apache-2.0 or GPL-3.0).
BY_POLKADOT_JS = {
    "whoisbob": {
        "encoded": "J2FFcPHAY11Pmq/38eqbwfUv9OPitYJs+oYgahBvlagAAAIAAQAAAAgAAAB5o0DwXCWDblsH+9pc++RaBO4fpHBHzUirHFHFE9"
        "yS3sDzgAIQjhgvPqJ3ODrMR2gy7vk0VZg1fyirIvmsrfjGbWnOI8YU0joX0tYytroyWaykFKtZJMmE0pNKcJ5dJmDxscbK53Ac+7ld2UdH07yKPXxm"
        "PuYNNw3vKx8cg9CdQgifKfzQxHnC+EUpOoHPLwGlHsFEYtIlQtngqd9n",
        "encoding": ENCODING,
        "address": "5CfWTDh7XxJ2yrayqQ2aJnnZAH5v5XaF1oJFfH5QCpbfP9v8",
        "meta": {"genesisHash": "", "name": "Bob (Dev)", "whenCreated": 1768916488918},
    },
    "whoisalice": {
        "encoded": "DumgApKCTqoCty1OZW/8WS+sgo6RdpHhCwAkA2IoDBMAgAAAAQAAAAgAAAB6IG/q24EeVf0JqWqcBd5m2tKq5BlyY84IQ8oamL"
        "n9DZe9Ouhgunr7i36J1XxUnTI801axqL/ym1gil0U8440Qvj0lFVKwGuxq38zuifgoj0B3Yru0CI6QKEvQPU5xxj4MpyxdSxP+2PnTzYao0HDH0ful"
        "aGvlAYXfqtU89xrx2/z9z7IjSwS3oDFPXRQ9kAdDebtyCVreZ9Otw9v3",
        "encoding": ENCODING,
        "address": ALICE,
        "meta": {"genesisHash": "", "name": "Alice", "whenCreated": 1718265838755},
    },
}


class Chain:
    """A chain of one kind or the other."""

    def __init__(self, *, development: bool) -> None:
        self.development = development

    def is_development(self) -> bool:
        return self.development


@pytest.fixture
def store(tmp_path: Path) -> KeyStore:
    return KeyStore(tmp_path / "keys")


@pytest.mark.parametrize("passphrase", BY_POLKADOT_JS)
def test_import_opens_keys_when_polkadot_js_wrote_them(store: KeyStore, passphrase: str) -> None:
    document = BY_POLKADOT_JS[passphrase]
    signer = store.import_json(json.dumps(document), passphrase)
    assert signer.address == document["address"]
    assert Keypair(ss58_address=signer.address).verify(b"duty", signer.sign(b"duty"))
    assert store.open(signer.name, passphrase).address == signer.address


def test_export_is_opened_by_another_reader_of_the_format(store: KeyStore) -> None:
    signer = store.import_secret("alice", "//Alice", "a good passphrase")
    document = json.loads(store.export("alice"))
    document["encoded"] = _with_standard_cost(signer.pair)["encoded"]
    assert set(document) == {"encoded", "encoding", "address", "meta"}
    assert document["encoding"] == ENCODING
    assert Keypair.create_from_encrypted_json(document, "a good passphrase").ss58_address == ALICE


def _with_standard_cost(pair: Keypair) -> dict[str, str]:
    import offchain.chain._polkadot_js as format_

    cost, format_.COST = format_.COST, (1 << 15, 1, 8)  # the only one that the other reader takes
    try:
        return format_.encrypt(pair.public_key, pair.private_key, "a good passphrase", address=ALICE, name="alice")
    finally:
        format_.COST = cost


def test_created_key_comes_back_from_disk_and_from_its_words(store: KeyStore, tmp_path: Path) -> None:
    signer, words = store.create("mine", "a good passphrase")
    assert len(words.split()) == 12
    assert store.open("mine", "a good passphrase").address == signer.address
    assert store.open(signer.address, "a good passphrase").name == "mine"
    again = KeyStore(tmp_path / "elsewhere").import_secret("mine", words, "another passphrase")
    assert again.address == signer.address


def test_key_file_is_for_its_owner_only_and_tells_no_secret(store: KeyStore) -> None:
    signer, words = store.create("mine", "a good passphrase")
    path = store.folder / "mine.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert store.folder.stat().st_mode & 0o777 == 0o700
    text = path.read_text()
    # Two neighbours at a time: one alone, such as "type", may be a word of the format.
    phrases = [between.join(pair) for between in (" ", '", "') for pair in itertools.pairwise(words.split())]
    secrets = [*phrases, signer.pair.private_key.hex(), "a good passphrase"]
    assert not [secret for secret in secrets if secret in text]
    assert [file.name for file in store.folder.iterdir()] == ["mine.json"]


def test_key_is_refused_when_the_passphrase_is_wrong(store: KeyStore) -> None:
    store.create("mine", "a good passphrase")
    with pytest.raises(WrongPassphrase) as caught:
        store.open("mine", "another passphrase")
    assert "another passphrase" not in str(caught.value)


def test_key_is_refused_when_its_name_or_address_is_taken(store: KeyStore) -> None:
    _, words = store.create("mine", "a good passphrase")
    with pytest.raises(KeyExists):
        store.create("mine", "a good passphrase")
    with pytest.raises(KeyExists):
        store.import_secret("other", words, "a good passphrase")


@pytest.mark.parametrize("name", ["", "../mine", "a/b", ".hidden", "x" * 65, "white space"])
def test_key_is_refused_when_its_name_leads_elsewhere(store: KeyStore, name: str) -> None:
    with pytest.raises(KeyFileUnfit):
        store.create(name, "a good passphrase")
    assert not store.folder.exists()


def test_key_is_refused_when_the_passphrase_is_short(store: KeyStore) -> None:
    with pytest.raises(WrongPassphrase):
        store.create("mine", "short")


@pytest.mark.parametrize("secret", ["", "twelve words that are not", "0x1234", "abandon " * 12])
def test_secret_is_refused_when_it_makes_no_key(store: KeyStore, secret: str) -> None:
    with pytest.raises(KeyFileUnfit) as caught:
        store.import_secret("mine", secret, "a good passphrase")
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "change",
    [
        {"encoding": {**ENCODING, "version": "2"}},
        {"encoding": {**ENCODING, "content": ["pkcs8", "ed25519"]}},
        {"encoded": "!!!"},
        {"encoded": "AAAA"},
        {"address": 7},
    ],
)
def test_document_is_refused_when_it_is_not_version_3_of_an_sr25519_key(store: KeyStore, change: object) -> None:
    assert isinstance(change, dict)
    with pytest.raises(KeyFileUnfit):
        store.import_json(json.dumps({**BY_POLKADOT_JS["whoisalice"], **change}), "whoisalice")


def test_document_is_refused_when_it_names_another_account(store: KeyStore) -> None:
    forged = {**BY_POLKADOT_JS["whoisalice"], "address": BY_POLKADOT_JS["whoisbob"]["address"]}
    with pytest.raises(KeyFileUnfit):
        store.import_json(json.dumps(forged), "whoisalice")


def test_document_is_refused_when_it_asks_for_an_endless_scrypt(store: KeyStore) -> None:
    import base64

    raw = bytearray(base64.b64decode(str(BY_POLKADOT_JS["whoisalice"]["encoded"])))
    raw[32:36] = (1 << 30).to_bytes(4, "little")
    forged = {**BY_POLKADOT_JS["whoisalice"], "encoded": base64.b64encode(raw).decode()}
    with pytest.raises(KeyFileUnfit):
        store.import_json(json.dumps(forged), "whoisalice")


def test_unknown_key_is_not_found_among_others(store: KeyStore) -> None:
    store.create("mine", "a good passphrase")
    (store.folder / "notes.json").write_text("{}")
    assert [key.name for key in store.list()] == ["mine"]
    with pytest.raises(KeyNotFound):
        store.open("yours", "a good passphrase")


def test_development_key_is_refused_when_the_chain_is_a_real_one() -> None:
    assert development_signer("//Alice", Chain(development=True)).address == ALICE
    with pytest.raises(DevelopmentKeyRefused):
        development_signer("//Alice", Chain(development=False))


def test_signer_shows_and_gives_away_no_secret_when_printed_or_pickled() -> None:
    signer = development_signer("//Alice", Chain(development=True))
    assert repr(signer) == f"Signer(//Alice, {ALICE})"
    assert address_of(signer.public_key) == ALICE
    with pytest.raises(TypeError):
        pickle.dumps(signer)
