"""Proofs of storage, read by a verifier that knows the root and the format of nodes, not the trie that made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.devchain import DevChain, Node, Sealing
from offchain.devchain._trie import Trie
from offchain.scale import decode_compact
from offchain.storage_key import storage_prefix

from .conftest import Signer
from .test_rpc_interface import Socket

KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0x11, 0xFF]), max_size=5).map(bytes)
VALUES = st.one_of(st.binary(min_size=1, max_size=3), st.binary(min_size=30, max_size=36), st.just(b"\x00" * 70))


def hashed(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


@dataclass
class Decoded:
    """A node: its nibbles, its value (or the hash of it), and what it says of its children."""

    nibbles: str
    value: bytes | None
    is_hash: bool
    children: dict[str, bytes]


def decode(node: bytes) -> Decoded:
    """By the table of headers in the Polkadot specification: two to four bits of kind, then the number of nibbles."""
    kinds = ((0xC0, 0x40, 6), (0xC0, 0x80, 6), (0xC0, 0xC0, 6), (0xE0, 0x20, 5), (0xF0, 0x10, 4))
    kind, bits = next((kind, bits) for mask, kind, bits in kinds if node[0] & mask == kind)
    most = (1 << bits) - 1
    count, offset = node[0] & most, 1
    if count == most:
        while True:
            count, offset = count + node[offset], offset + 1
            if node[offset - 1] != 255:
                break
    packed = (count + 1) // 2
    nibbles = node[offset : offset + packed].hex()[count % 2 :]
    offset += packed
    bitmap, children, value = 0, {}, None
    if kind in {0x80, 0xC0, 0x10}:
        bitmap, offset = int.from_bytes(node[offset : offset + 2], "little"), offset + 2
    if kind in {0x20, 0x10}:
        value, offset = node[offset : offset + 32], offset + 32
    elif kind in {0x40, 0xC0}:
        length, offset = decode_compact(node, offset)
        value, offset = node[offset : offset + length], offset + length
    for nibble in range(16):
        if bitmap >> nibble & 1:
            length, offset = decode_compact(node, offset)
            children[f"{nibble:x}"], offset = node[offset : offset + length], offset + length
    assert offset == len(node)
    return Decoded(nibbles, value, kind in {0x20, 0x10}, children)


def proven(root: bytes, proof: list[bytes], key: bytes) -> bytes | None:
    """The value that the proof shows, None where it shows that there is none; KeyError where it shows neither."""
    nodes = {hashed(node): node for node in proof}
    encoded, path = nodes[root], key.hex()
    while encoded != b"\x00":
        node = decode(encoded)
        if not path.startswith(node.nibbles):
            return None
        path = path[len(node.nibbles) :]
        if not path:
            return nodes[node.value] if node.is_hash and node.value is not None else node.value
        child = node.children.get(path[0])
        if child is None:
            return None
        encoded, path = nodes[child] if len(child) == 32 else child, path[1:]
    return None


@given(st.dictionaries(KEYS, VALUES, max_size=12), st.lists(KEYS, min_size=1, max_size=4))
def test_proof_shows_each_value_or_its_absence_when_asked(values: dict[bytes, bytes], keys: list[bytes]) -> None:
    trie = Trie().updated(values)
    proof = trie.prove(keys)
    assert [proven(trie.root, proof, key) for key in keys] == [values.get(key) for key in keys]
    assert len(set(proof)) == len(proof)


@given(st.dictionaries(KEYS, VALUES, min_size=1, max_size=12), st.data())
def test_proof_shows_nothing_when_a_node_is_missing(values: dict[bytes, bytes], data: st.DataObject) -> None:
    trie = Trie().updated(values)
    key = data.draw(st.sampled_from(sorted(values)))
    proof = trie.prove([key])
    without = data.draw(st.integers(0, len(proof) - 1))
    with pytest.raises(KeyError):
        proven(trie.root, [node for at, node in enumerate(proof) if at != without], key)


@pytest.fixture
def socket(chain: DevChain) -> Iterator[Socket]:
    with Node(chain, sealing=Sealing.MANUAL) as node, Socket(node) as connected:
        yield connected


def test_client_can_check_a_value_of_any_block_by_its_header(chain: DevChain, socket: Socket, signer: Signer) -> None:
    alice = signer.interface.create_storage_key("System", "Account", [signer.address("//Alice")]).data
    number, nothing = storage_prefix("System", "Number"), b"nothing here"
    chain.submit(signer.transfer(0))
    chain.run_to(3)
    for height in (0, 1, 3):
        block = chain.block(height).header
        answer = socket.ask(
            "state_getReadProof", [f"0x{key.hex()}" for key in (alice, number, nothing)], "0x" + block.hash.hex()
        )
        assert answer["at"] == "0x" + block.hash.hex()
        proof = [bytes.fromhex(node[2:]) for node in answer["proof"]]
        assert proven(block.state_root, proof, alice) == chain.get(alice, height)
        assert proven(block.state_root, proof, number) == (height.to_bytes(4, "little") if height else None)
        assert proven(block.state_root, proof, nothing) is None
