"""What each group of methods answers, asked as ``@polkadot/api`` and ``substrate-interface`` ask."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain._trie_codec import blake2_256
from offchain.storage_key import storage_prefix

from .conftest import ASY, Signer

Ask = Callable[..., Any]


class Refused(Exception):
    """A JSON-RPC error."""


@pytest.fixture
def ask(chain: DevChain) -> Iterator[Ask]:
    """Asks a node that seals on request only."""
    with Node(chain, sealing=Sealing.MANUAL) as node:

        def call(method: str, *params: object) -> Any:
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}).encode()
            request = urllib.request.Request(node.http_url, body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=20) as answer:
                reply = json.load(answer)
            if "error" in reply:
                raise Refused(reply["error"]["code"], reply["error"]["message"], reply["error"].get("data"))
            return reply["result"]

        yield call


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


def test_every_method_answers_when_listed(ask: Ask) -> None:
    methods = ask("rpc_methods")["methods"]
    assert methods == sorted(set(methods))
    refused = {}
    for method in methods:
        try:
            ask(method)
        except Refused as error:
            refused[method] = error.args[0]
    needs_socket = {method for method in methods if "_subscribe" in method or method.startswith("subscribe")}
    assert {method for method, code in refused.items() if code == -32601} == needs_socket
    assert set(refused.values()) == {-32601, -32602}


def test_blocks_are_found_when_asked_by_number_or_hash(ask: Ask, chain: DevChain) -> None:
    chain.run_to(3)
    hashes = [_hex(chain.block(number).header.hash) for number in range(4)]
    assert ask("chain_getBlockHash") == ask("chain_getFinalizedHead") == ask("chain_getHead") == hashes[3]
    assert ask("chain_getBlockHash", None) == hashes[3]
    assert ask("chain_getBlockHash", 2) == ask("chain_getBlockHash", "0x2") == hashes[2]
    assert ask("chain_getBlockHash", [0, "0x3", 9]) == [hashes[0], hashes[3], None]
    assert ask("chain_getBlockHash", 9) is None
    assert ask("chain_getHeader") == chain.block(3).header.as_json()
    signed = ask("chain_getBlock", hashes[1])
    assert signed["block"]["header"] == chain.block(1).header.as_json()
    assert signed["block"]["extrinsics"] == [_hex(extrinsic) for extrinsic in chain.block(1).extrinsics]
    assert signed["justifications"] is None
    assert ask("chain_getHeader", "0x" + "00" * 32) is None
    assert ask("chain_getBlock", "0x" + "00" * 32) is None
    assert ask("chainSpec_v1_genesisHash") == hashes[0] == _hex(chain.genesis_hash)


def test_storage_is_that_of_the_block_when_asked_for_history(ask: Ask, chain: DevChain) -> None:
    chain.run_to(4)
    hashes = [_hex(chain.block(number).header.hash) for number in range(5)]
    number = _hex(storage_prefix("System", "Number"))
    assert [ask("state_getStorage", number, one) for one in hashes] == [
        None if at == 0 else _hex(at.to_bytes(4, "little")) for at in range(5)
    ]
    assert ask("state_getStorage", number) == _hex((4).to_bytes(4, "little"))
    assert ask("state_getStorageSize", number, hashes[2]) == 4
    assert ask("state_getStorageHash", number, hashes[2]) == _hex(blake2_256((2).to_bytes(4, "little")))
    assert ask("state_getStorageSize", "0x2a") is ask("state_getStorageHash", "0x2a") is None
    assert ask("state_queryStorageAt", [number, "0x2a"], hashes[3]) == [
        {"block": hashes[3], "changes": [[number, _hex((3).to_bytes(4, "little"))], ["0x2a", None]]}
    ]
    history = ask("state_queryStorage", [number], hashes[1], hashes[3])
    assert [(entry["block"], entry["changes"][0][1]) for entry in history] == [
        (hashes[at], _hex(at.to_bytes(4, "little"))) for at in (1, 2, 3)
    ]
    with pytest.raises(Refused, match="4001"):
        ask("state_queryStorage", [number], hashes[3], hashes[1])
    with pytest.raises(Refused, match="4003"):
        ask("state_getStorage", number, "0x" + "00" * 32)


def test_keys_come_in_pages_when_there_are_many(ask: Ask, chain: DevChain) -> None:
    chain.run_to(3)
    prefix = _hex(storage_prefix("System", "BlockHash"))
    keys = ask("state_getKeys", prefix)
    assert len(keys) == 3

    first = ask("state_getKeysPaged", prefix, 2)
    assert first + ask("state_getKeysPaged", prefix, 2, first[-1]) == keys
    genesis = _hex(chain.genesis_hash)
    (first_key,) = ask("state_getKeysPaged", prefix, 10, None, genesis)
    assert first_key in keys
    assert ask("state_getKeysPaged", None, 1000) == ask("state_getKeys", "0x")
    pairs = dict(ask("state_getPairs", prefix))
    assert pairs == {key: ask("state_getStorage", key) for key in keys}
    with pytest.raises(Refused, match="4002"):
        ask("state_getKeysPaged", prefix, 1001)


def test_runtime_answers_when_called(ask: Ask, chain: DevChain, signer: Signer) -> None:
    version = ask("state_getRuntimeVersion")
    assert version == chain.runtime.version.as_json() == ask("state_getRuntimeVersion", _hex(chain.genesis_hash))
    assert ask("state_getMetadata") == _hex(chain.metadata_at(0))
    assert bytes.fromhex(ask("state_getMetadata")[2:10]) == b"meta"
    chain.submit(signer.transfer(0))
    chain.seal()
    alice = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")
    assert ask("state_call", "AccountNonceApi_account_nonce", _hex(alice)) == "0x01000000"
    assert ask("state_call", "AccountNonceApi_account_nonce", _hex(alice), _hex(chain.genesis_hash)) == "0x00000000"
    with pytest.raises(Refused, match="4003"):
        ask("state_call", "No_such", "0x")
    with pytest.raises(Refused, match="4003"):
        ask("state_call", "AccountNonceApi_account_nonce", "0x00")


def test_transaction_goes_into_a_block_when_submitted(ask: Ask, chain: DevChain, signer: Signer) -> None:
    first, second = signer.transfer(0), signer.transfer(1)
    address = signer.address("//Alice")
    assert ask("author_submitExtrinsic", _hex(first)) == _hex(blake2_256(first))
    ask("author_submitExtrinsic", _hex(second))
    assert ask("author_pendingExtrinsics") == [_hex(first), _hex(second)]
    assert ask("system_accountNextIndex", address) == 2
    assert ask("author_removeExtrinsic", [{"hash": _hex(blake2_256(second))}]) == [_hex(blake2_256(second))]
    assert ask("system_accountNextIndex", address) == 1
    created = ask("engine_createBlock", True, True)
    assert created["hash"] == _hex(chain.head.hash)
    assert ask("engine_finalizeBlock", created["hash"]) is True
    assert chain.block(1).extrinsics[1:] == (first,)
    with pytest.raises(Refused, match="6000"):
        ask("engine_createBlock", False, True)


def test_refusal_has_the_nodes_code_when_the_pool_refuses(ask: Ask, chain: DevChain, signer: Signer) -> None:
    good = signer.transfer(0)
    broken = good[:-1] + bytes([good[-1] ^ 1])
    with pytest.raises(Refused) as refused:
        ask("author_submitExtrinsic", _hex(broken))
    assert refused.value.args == (1010, "Invalid Transaction", "Transaction has a bad signature")
    with pytest.raises(Refused, match="1001"):
        ask("author_submitExtrinsic", "0x2a")
    ask("author_submitExtrinsic", _hex(good))
    with pytest.raises(Refused, match="1013"):
        ask("author_submitExtrinsic", _hex(good))
    with pytest.raises(Refused, match="1014"):
        ask("author_submitExtrinsic", _hex(signer.transfer(0, value=2)))
    chain.seal()
    with pytest.raises(Refused, match="1012"):
        ask("author_submitExtrinsic", _hex(good))


def test_fee_is_told_before_it_is_paid_when_queried(ask: Ask, chain: DevChain, signer: Signer) -> None:
    chain.seal()
    extrinsic = signer.transfer(0, value=ASY)
    info = ask("payment_queryInfo", _hex(extrinsic))
    assert (info["class"], info["weight"]["ref_time"] > 0) == ("normal", True)
    details = ask("payment_queryFeeDetails", _hex(extrinsic))["inclusionFee"]
    assert sum(int(details[name], 16) for name in ("baseFee", "lenFee", "adjustedWeightFee")) == int(info["partialFee"])
    assert ask("system_dryRun", _hex(extrinsic)) == "0x0000"
    assert ask("system_dryRun", _hex(signer.transfer(5))).startswith("0x01")
    assert ask("system_dryRun", _hex(signer.transfer(0)), _hex(chain.genesis_hash)) == "0x0000"
    before = signer.free(chain, "//Alice")
    chain.submit(extrinsic)
    chain.seal()
    assert before - signer.free(chain, "//Alice") <= ASY + int(info["partialFee"])
    assert ask("payment_queryFeeDetails", _hex(chain.block(1).extrinsics[0])) == {"inclusionFee": None}


def test_node_describes_itself_when_asked(ask: Ask, chain: DevChain) -> None:
    assert ask("system_chain") == ask("chainSpec_v1_chainName") == chain.name
    assert ask("system_chainType") == "Development"
    assert ask("system_properties") == ask("chainSpec_v1_properties") == chain.properties
    assert ask("system_health") == {"peers": 0, "isSyncing": False, "shouldHavePeers": False}
    assert ask("system_syncState")["currentBlock"] == 0
    assert ask("system_nodeRoles") == ["Authority"]
    assert ask("author_hasKey", "0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d", "aura") is True
    assert ask("author_hasKey", "0x" + "00" * 32, "aura") is False
