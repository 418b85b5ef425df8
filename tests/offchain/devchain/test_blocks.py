"""Headers, blocks and digests: the encoding and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.devchain._authors import development_authors, verify
from offchain.devchain._block import Block, Header, pre_runtime, seal_of, slot_of, with_seal
from offchain.scale import vec

HASHES = st.binary(min_size=32, max_size=32)
DIGEST_ITEMS = st.one_of(
    st.binary(max_size=40).map(lambda data: b"\x00" + vec(data)),
    st.just(b"\x08"),
    st.tuples(st.sampled_from([4, 5, 6]), st.binary(min_size=4, max_size=4), st.binary(max_size=80)).map(
        lambda item: bytes([item[0]]) + item[1] + vec(item[2])
    ),
)
HEADERS = st.builds(
    Header, HASHES, st.integers(0, 2**32 - 1), HASHES, HASHES, st.lists(DIGEST_ITEMS, max_size=4).map(tuple)
)
BLOCKS = st.builds(Block, HEADERS, st.lists(st.binary(max_size=80).map(vec), max_size=5).map(tuple))


@given(BLOCKS, st.binary(max_size=8))
def test_block_survives_when_encoded_and_decoded(block: Block, after: bytes) -> None:
    encoded = block.encode()
    assert Block.decode(encoded + after) == (block, len(encoded))


@given(BLOCKS, st.data())
def test_block_is_refused_when_cut_off(block: Block, data: st.DataObject) -> None:
    encoded = block.encode()
    with pytest.raises(ValueError):
        Block.decode(encoded[: data.draw(st.integers(0, len(encoded) - 1))])


def test_header_is_refused_when_a_digest_item_is_of_unknown_kind() -> None:
    header = Header(bytes(32), 1, digest=(b"\x07",))
    with pytest.raises(ValueError, match="unknown kind"):
        Header.decode(header.encode())


@given(HEADERS, st.integers(0, 2**64 - 1))
def test_slot_is_read_when_the_header_claims_one(header: Header, slot: int) -> None:
    claimed = Header(header.parent, header.number, digest=(b"\x08", pre_runtime(slot)))
    assert slot_of(claimed) == slot
    assert slot_of(Header(header.parent, header.number)) is None


@given(HEADERS)
def test_seal_comes_off_when_it_is_the_last_item(header: Header) -> None:
    author = next(iter(development_authors().values()))
    sealed = with_seal(header, author.sign(header.hash))
    found = seal_of(sealed)
    assert found is not None
    assert found[0] == header
    assert verify(found[1], header.hash, author.public)
    assert not verify(found[1], sealed.hash, author.public)


def test_header_shows_its_fields_when_asked_for_json() -> None:
    header = Header(b"\x01" * 32, 300, b"\x02" * 32, b"\x03" * 32, (b"\x08",))
    assert header.as_json() == {
        "parentHash": "0x" + "01" * 32,
        "number": "0x12c",
        "stateRoot": "0x" + "02" * 32,
        "extrinsicsRoot": "0x" + "03" * 32,
        "digest": {"logs": ["0x08"]},
    }


def test_development_authors_are_the_well_known_accounts() -> None:
    names = {author.name: author.public.hex() for author in development_authors().values()}
    assert names["Alice"] == "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"
    assert names["Bob"] == "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48"
    assert "secret" not in repr(next(iter(development_authors().values()))).lower()
