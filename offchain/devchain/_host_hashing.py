"""Hashing and trie host functions (``sp_io::hashing``, ``sp_io::trie``)."""

from __future__ import annotations

import hashlib
from functools import lru_cache

import xxhash
from Crypto.Hash import keccak

from offchain.scale import decode_compact, decode_vec

from ._host import Host, Kind, host_function
from ._trie_build import ordered_trie_root, trie_root

__all__ = ["twox"]

_B, _P, _U32 = Kind.BYTES, Kind.FIXED, Kind.U32


@lru_cache(maxsize=4096)
def twox(data: bytes, words: int) -> bytes:
    """The XXH64 hashes of ``data`` under seeds 0, 1, ..., one 8-byte word each."""
    return b"".join(xxhash.xxh64_intdigest(data, seed).to_bytes(8, "little") for seed in range(words))


@host_function("ext_hashing_twox_64_version_1", _B, returns=_P)
def _twox_64(_host: Host, data: bytes) -> bytes:
    return twox(data, 1)


@host_function("ext_hashing_twox_128_version_1", _B, returns=_P)
def _twox_128(_host: Host, data: bytes) -> bytes:
    return twox(data, 2)


@host_function("ext_hashing_twox_256_version_1", _B, returns=_P)
def _twox_256(_host: Host, data: bytes) -> bytes:
    return twox(data, 4)


@host_function("ext_hashing_blake2_128_version_1", _B, returns=_P)
def _blake2_128(_host: Host, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


@host_function("ext_hashing_blake2_256_version_1", _B, returns=_P)
def _blake2_256(_host: Host, data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


@host_function("ext_hashing_sha2_256_version_1", _B, returns=_P)
def _sha2_256(_host: Host, data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


@host_function("ext_hashing_keccak_256_version_1", _B, returns=_P)
def _keccak_256(_host: Host, data: bytes) -> bytes:
    return keccak.new(digest_bits=256, data=data).digest()


@host_function("ext_hashing_keccak_512_version_1", _B, returns=_P)
def _keccak_512(_host: Host, data: bytes) -> bytes:
    return keccak.new(digest_bits=512, data=data).digest()


@host_function("ext_trie_blake2_256_root_version_1", _B, returns=_P)
def _trie_root_0(_host: Host, pairs: bytes) -> bytes:
    return trie_root(_decode_pairs(pairs), 0)


@host_function("ext_trie_blake2_256_root_version_2", _B, _U32, returns=_P)
def _trie_root(_host: Host, pairs: bytes, version: int) -> bytes:
    return trie_root(_decode_pairs(pairs), version)


@host_function("ext_trie_blake2_256_ordered_root_version_1", _B, returns=_P)
def _ordered_root_0(_host: Host, values: bytes) -> bytes:
    return ordered_trie_root(_decode_values(values), 0)


@host_function("ext_trie_blake2_256_ordered_root_version_2", _B, _U32, returns=_P)
def _ordered_root(_host: Host, values: bytes, version: int) -> bytes:
    return ordered_trie_root(_decode_values(values), version)


def _decode_values(data: bytes) -> list[bytes]:
    """A ``Vec<Vec<u8>>``."""
    count, offset = decode_compact(data)
    values = []
    for _ in range(count):
        value, offset = decode_vec(data, offset)
        values.append(value)
    return values


def _decode_pairs(data: bytes) -> dict[bytes, bytes]:
    """A ``Vec<(Vec<u8>, Vec<u8>)>`` as a mapping; the last of equal keys counts."""
    count, offset = decode_compact(data)
    pairs = {}
    for _ in range(count):
        key, offset = decode_vec(data, offset)
        pairs[key], offset = decode_vec(data, offset)
    return pairs
