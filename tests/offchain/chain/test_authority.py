"""``assay authority`` against a real chain of four authorities: keys, candidates, and one of them lying."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from offchain.chain import ChainClient
from offchain.chain.errors import HeaderUnfit
from offchain.chain.sealed import SealedHeader
from offchain.cli import run
from offchain.devchain import ChainSpec, DevChain, Node, Sealing
from offchain.devchain.testing import fresh_chain
from tests.offchain.chain.lying import address, author, session_keys, twin

Assay = Callable[..., Any]
NAMES = ("Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie")
ARTIFACTS = Path(__file__).resolve().parents[3] / "runtime-specs" / "artifacts"


@cache
def local_spec() -> ChainSpec:
    """Four authorities and a place for a candidate."""
    return ChainSpec.load(ARTIFACTS / "chain-spec-local.json")


@pytest.fixture
def chain() -> Iterator[DevChain]:
    """A chain of four authorities, all of them in this process."""
    with fresh_chain(local_spec()) as fresh:
        yield fresh


@pytest.fixture
def node(chain: DevChain) -> Iterator[Node]:
    """It, behind JSON-RPC; each transaction is sealed at once."""
    with Node(chain, sealing=Sealing.INSTANT, block_time_s=0.05) as served:
        yield served


@pytest.fixture
def assay(node: Node, capsys: pytest.CaptureFixture[str]) -> Assay:
    """Runs ``assay authority ...`` on that chain; returns its JSON, or its error."""

    def invoke(*argv: str, status: int = 0) -> Any:
        capsys.readouterr()
        assert run(["authority", *argv, "--node", node.ws_url, "--json"]) == status, capsys.readouterr().err
        shown = capsys.readouterr()
        return json.loads(shown.out if status == 0 else shown.err.splitlines()[-1])

    return invoke


def keys_file(name: str, owner: str, path: Path) -> Path:
    """A file with the session keys of a name and the proof that its owner holds them, as a node answers it."""
    keys, proof = session_keys(name, owner)
    path.write_text(
        json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"keys": "0x" + keys.hex(), "proof": "0x" + proof.hex()}})
    )
    return path


def authored_by(name: str, chain: DevChain, node: Node) -> SealedHeader:
    """The header of the next block whose author is the name."""
    key = author(name).public
    with ChainClient(node.ws_url) as client:
        while True:
            client.connection.call("engine_createBlock", [True, True])
            header = SealedHeader.find(client.head(), client)
            if header.sealed_by(key):
                return header


def write(header: SealedHeader, path: Path) -> str:
    """A file with the header as SCALE in hex."""
    path.write_text("0x" + header.encode().hex() + "\n")
    return str(path)


def lines(assay: Assay) -> dict[str, Any]:
    """Who is an authority or candidate, by account."""
    return {line["account"]: line for line in assay("list")}


def test_list_shows_who_authors_and_who_is_silent(assay: Assay, chain: DevChain, node: Node) -> None:
    with ChainClient(node.ws_url) as client:
        for _ in range(6):
            client.connection.call("engine_createBlock", [True, True])
    shown = lines(assay)
    assert set(shown) == {address(name) for name in NAMES[:4]}
    for line in shown.values():
        assert (line["kind"], line["disabled"]) == ("invulnerable", False)
        assert line["authors_now"]
        assert line["authors_next"]
        assert line["silent_for"] < 4
    assert min(line["silent_for"] for line in shown.values()) == 0


def test_keys_are_registered_from_a_file_when_their_owner_proves_them(assay: Assay, node: Node, tmp_path: Path) -> None:
    keys = keys_file("Eve", "Eve", tmp_path / "keys.json")
    tried = assay("rotate-keys", "--keys-file", str(keys), "--account", "//Eve", "--dry-run")
    assert (tried["call"], tried["done"]) == ("Session.set_keys", False)
    assert assay("rotate-keys", "--keys-file", str(keys), "--account", "//Eve", "--yes")["done"]
    with ChainClient(node.ws_url) as client:
        stored = client.read(Any, "Session", "NextKeys", address("Eve"))
    assert stored["aura"] == author("Eve").public


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"result": "0x1234"}', '{"keys": "0x00", "proof": "0x00"}', '{"keys": 1, "proof": 2}']
)
def test_keys_are_refused_when_the_file_holds_none(assay: Assay, tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    error = assay("rotate-keys", "--keys-file", str(path), "--account", "//Eve", "--yes", status=11)
    assert error["code"] == 125


def test_keys_are_made_in_one_node_only(assay: Assay, node: Node) -> None:
    error = assay("rotate-keys", "--node", "ws://127.0.0.1:1", "--account", "//Eve", "--yes", status=11)
    assert (error["code"], error["subject"]) == (107, f"ws://127.0.0.1:1, {node.ws_url}")


def test_header_is_refused_when_its_json_is_of_another_kind(tmp_path: Path) -> None:
    for part in ({"parentHash": None}, {"digest": {"logs": [7]}}, {"number": 7}):
        whole = dict.fromkeys(("parentHash", "stateRoot", "extrinsicsRoot"), "0x" + "00" * 32)
        with pytest.raises(HeaderUnfit):
            SealedHeader.from_json({**whole, "number": "0x7", "digest": {"logs": []}, **part})


def test_keys_are_refused_when_another_proved_them(assay: Assay, tmp_path: Path) -> None:
    keys = keys_file("Eve", "Bob", tmp_path / "keys.json")
    error = assay("rotate-keys", "--keys-file", str(keys), "--account", "//Eve", "--yes", status=11)
    assert "InvalidProof" in json.dumps(error)


def test_candidate_stands_bonds_and_leaves(assay: Assay, node: Node, tmp_path: Path) -> None:
    assert "ValidatorNotRegistered" in json.dumps(assay("candidate", "--account", "//Eve", "--yes", status=11))
    keys = keys_file("Eve", "Eve", tmp_path / "keys.json")
    assay("rotate-keys", "--keys-file", str(keys), "--account", "//Eve", "--yes")
    assert assay("candidate", "--bond", "12000", "--account", "//Eve", "--yes")["done"]
    line = lines(assay)[address("Eve")]
    assert (line["kind"], line["bond_planck"], line["authors_now"]) == ("candidate", str(12_000 * 10**12), False)
    assert (line["last_block"], line["silent_for"]) == (None, None)
    assert assay("leave", "--account", "//Eve", "--yes")["done"]
    assert address("Eve") not in lines(assay)
    with ChainClient(node.ws_url) as client:
        holds = client.balances.holds(address("Eve"))
    assert holds["Equivocation.Bond"] == 12_000 * 10**12
    assert "NothingToWithdraw" in json.dumps(assay("withdraw", "--account", "//Eve", "--yes", status=11))


def test_authority_loses_its_place_when_it_sealed_two_blocks_in_a_slot(
    assay: Assay, chain: DevChain, node: Node, tmp_path: Path
) -> None:
    header = authored_by("Bob", chain, node)
    lie = write(twin("Bob", header), tmp_path / "lie")
    arguments = ("report-equivocation", header.hash, lie, "--account", "//Ferdie")
    tried = assay(*arguments, "--dry-run")
    assert (tried["call"], tried["done"]) == ("Equivocation.report_aura", False)
    before = _balance(node)
    assert assay(*arguments, "--yes")["done"]
    assert _balance(node) == before, "a report that holds costs nothing"
    with ChainClient(node.ws_url) as client:
        for _ in range(8):
            client.connection.call("engine_createBlock", [True, True])
        invulnerable = client.read(tuple[str, ...], "CollatorSelection", "Invulnerables")
    bob = lines(assay)[address("Bob")]
    assert address("Bob") not in invulnerable
    assert (bob["kind"], bob["authors_now"], bob["disabled"]) == ("leaving", True, True)
    assert bob["silent_for"] >= 8, "it authors nothing any more"
    assert "AlreadyReported" in json.dumps(assay(*arguments, "--yes", status=11))


def test_report_is_refused_before_it_is_sent_when_it_proves_nothing(
    assay: Assay, chain: DevChain, node: Node, tmp_path: Path
) -> None:
    header = authored_by("Bob", chain, node)
    later = authored_by("Bob", chain, node)
    forged = write(twin("Eve", header), tmp_path / "forged")
    unsealed = write(replace(header, logs=header.logs[:-1]), tmp_path / "unsealed")
    noise = tmp_path / "noise"
    noise.write_text("0x1234")

    def refused(second: str) -> int:
        error = assay("report-equivocation", header.hash, second, "--account", "//Ferdie", "--yes", status=11)
        return int(error["code"])

    assert refused(header.hash) == 130
    assert refused(later.hash) == 130
    assert refused(unsealed) == 130
    assert refused(str(noise)) == 130
    assert refused(str(tmp_path / "absent")) == 130
    assert refused("0x" + "00" * 32) == 105
    assert refused(forged) == 115


def test_chain_refuses_a_forged_report(node: Node, chain: DevChain) -> None:
    from offchain.chain import TransactionManager, calls, development_signer
    from offchain.chain.errors import DispatchFailed
    from offchain.chain.sealed import membership_proof

    header = authored_by("Bob", chain, node)
    with ChainClient(node.ws_url) as client:
        api = ("AuraEquivocationApi", "generate_key_ownership_proof")
        proof = client.ask(bytes, *api, header.slot, author("Bob").public)
        assert client.ask(Any, *api, header.slot, author("Eve").public) is None
        forged = twin("Eve", header).to_scale()
        call = calls.authority.report_aura(author("Bob").public, header.to_scale(), forged, membership_proof(proof))
        with pytest.raises(DispatchFailed, match="SealForged"):
            TransactionManager(client).submit("forged", call, development_signer("//Ferdie", client))


def test_header_reads_the_same_from_json_and_scale(node: Node, chain: DevChain, tmp_path: Path) -> None:
    header = authored_by("Dave", chain, node)
    with ChainClient(node.ws_url) as client:
        document = client.connection.call("chain_getHeader", [header.hash])
        assert client.head() == header.hash
        path = tmp_path / "header.json"
        path.write_text(json.dumps({"jsonrpc": "2.0", "id": 1, "result": document}))
        assert SealedHeader.find(str(path), client) == header
    assert SealedHeader.from_scale("0x" + header.encode().hex()) == header
    assert header.slot > 0


@pytest.mark.parametrize("cut", [0, 10, 33, 90, 110, -1])
def test_header_is_refused_when_cut_off(node: Node, chain: DevChain, cut: int) -> None:
    data = authored_by("Alice", chain, node).encode()
    with pytest.raises(HeaderUnfit):
        SealedHeader.from_scale(data[:cut].hex())
    with pytest.raises(HeaderUnfit):
        SealedHeader.from_scale((data + b"\0").hex())


def _balance(node: Node) -> int:
    with ChainClient(node.ws_url) as client:
        return client.accounts.get(address("Ferdie")).free
