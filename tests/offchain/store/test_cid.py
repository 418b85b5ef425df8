"""Content ids, and manifests as hostile bytes."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offchain.store import Cid, CidInvalid, Link, ManifestInvalid, ObjectManifest

# What `ipfs add --raw-leaves --cid-version 1` prints for these bytes; both ids are in many public documents.
PUBLISHED = {
    b"": "bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku",
    b"hello world": "bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e",
}


@pytest.mark.parametrize(("block", "text"), PUBLISHED.items())
def test_cid_equals_published_ids(block: bytes, text: str) -> None:
    cid = Cid.of(block)
    assert str(cid) == text
    assert Cid.parse(text) == cid


def test_cid_binary_is_prefix_and_digest() -> None:
    digest = "b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
    assert Cid.of(b"hello world").binary.hex() == "01551220" + digest
    assert Cid.from_binary(bytes.fromhex("01551220" + digest)) == Cid.of(b"hello world")


@given(st.binary(min_size=32, max_size=32))
def test_cid_round_trips_when_written_both_ways(digest: bytes) -> None:
    cid = Cid(digest)
    assert Cid.parse(str(cid)) == cid
    assert Cid.from_binary(cid.binary) == cid


GOOD = PUBLISHED[b""]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "b",
        GOOD.upper(),
        GOOD[:-1],
        GOOD + "a",
        GOOD[:-1] + "v",
        "k" + GOOD[1:],
        "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi",
        "QmdfTbBqBPQ7VNxZEYEj14VmRuZBkqFbiwReogJgS1zR1n",
        GOOD.replace("h", "1"),
        "../" + GOOD,
        "b" + "é" * 58,
    ],
)
def test_cid_refuses_when_text_is_another_form(text: str) -> None:
    with pytest.raises(CidInvalid):
        Cid.parse(text)


@pytest.mark.parametrize("data", [b"", bytes(36), b"\x01\x55\x12\x20" + bytes(31), b"\x01\x70\x12\x20" + bytes(32)])
def test_cid_refuses_when_binary_is_another_form(data: bytes) -> None:
    with pytest.raises(CidInvalid):
        Cid.from_binary(data)


LINK = Link(Cid.of(b"x"), 1)


def test_manifest_round_trips_when_canonical() -> None:
    manifest = ObjectManifest.over(0, [LINK, LINK])
    assert ObjectManifest.decode(manifest.encode()) == manifest
    assert manifest.size_bytes == 2


def _fields(**changes: object) -> bytes:
    fields = json.loads(ObjectManifest.over(0, [LINK]).encode()) | changes
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"\xff",
        b"[]",
        b"null",
        b"[" * 500_000,
        _fields(size=2),
        _fields(size=True),
        _fields(depth=3),
        _fields(depth=-1),
        _fields(depth="0"),
        _fields(links=[[str(LINK.cid), 0]]),
        _fields(links=[[str(LINK.cid), (1 << 20) + 1]]),
        _fields(links=[[str(LINK.cid), 1, 2]]),
        _fields(links=[["../../etc/passwd", 1]]),
        _fields(links=[[3, 1]]),
        _fields(links={}),
        _fields(extra=1),
        _fields(assay="object/2"),
        ObjectManifest.over(0, [LINK]).encode() + b" ",
    ],
    ids=lambda block: repr(block[:40]),
)
def test_manifest_refuses_when_bytes_are_not_canonical(block: bytes) -> None:
    with pytest.raises(ManifestInvalid):
        ObjectManifest.decode(block)
