"""Sealed headers, from wherever they come: what a report of an equivocation is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from substrateinterface import Keypair

from offchain.chain._runtime import SS58_PREFIX
from offchain.chain.client import ChainClient
from offchain.chain.errors import HeaderUnfit, NotOnChain
from offchain.scale import compact, decode_compact

__all__ = ["SealedHeader", "membership_proof"]

AURA = b"aura"
OTHER, CONSENSUS, SEAL, PRE_RUNTIME, UPDATED = 0, 4, 5, 6, 8
NAMES = {CONSENSUS: "Consensus", SEAL: "Seal", PRE_RUNTIME: "PreRuntime"}


@dataclass(frozen=True)
class SealedHeader:
    """A header whose last log is its author's seal.

    Attributes:
        parent: hash of the parent.
        number: height.
        state_root: root of the state.
        extrinsics_root: root of the transactions.
        logs: the digest's items, encoded, the seal last.
    """

    parent: bytes
    number: int
    state_root: bytes
    extrinsics_root: bytes
    logs: tuple[bytes, ...]

    @classmethod
    def find(cls, source: str, client: ChainClient) -> SealedHeader:
        """The header that a person means: the hash of a block that the node knows, or a file with a header in it, as
        JSON (what ``chain_getHeader`` answers) or as SCALE in hex.

        Raises:
            NotOnChain: the node has no such block.
            HeaderUnfit: the file holds no header.
        """
        if source.startswith("0x") and len(source) == 66:
            found = client.connection.call("chain_getHeader", [source])
            if found is None:
                raise NotOnChain("the node has no such block", subject=source, hint="give the header in a file")
            return cls.from_json(found, source)
        try:
            text = Path(source).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise HeaderUnfit("neither a block's hash nor a file", subject=source) from error
        if text.startswith("{"):
            try:
                document = json.loads(text)
            except ValueError as error:
                raise HeaderUnfit("the file is no JSON", subject=source) from error
            return cls.from_json(document.get("result", document), source)
        return cls.from_scale(text, source)

    @classmethod
    def from_json(cls, header: Any, subject: str = "") -> SealedHeader:
        """From what ``chain_getHeader`` answers; HeaderUnfit where it is none."""
        try:
            roots = [_fixed(header[name]) for name in ("parentHash", "stateRoot", "extrinsicsRoot")]
            logs = tuple(_bytes(log) for log in header["digest"]["logs"])
            made = cls(roots[0], _height(int(header["number"], 16)), roots[1], roots[2], logs)
            for log in logs:
                _item(log)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise HeaderUnfit("not a block's header", subject=subject) from error
        return made

    @classmethod
    def from_scale(cls, text: str, subject: str = "") -> SealedHeader:
        """From SCALE in hex; HeaderUnfit where it is no header."""
        try:
            data = _bytes(text)
            number, at = decode_compact(data, 32)
            _height(number)
            roots = data[at : at + 64]
            count, at = decode_compact(data, at + 64)
            logs = []
            for _ in range(count):
                end = _end(data, at)
                logs.append(data[at:end])
                at = end
            if at != len(data) or len(roots) != 64:
                raise ValueError
        except (ValueError, IndexError) as error:
            raise HeaderUnfit("not a block's header", subject=subject) from error
        return cls(data[:32], number, roots[:32], roots[32:], tuple(logs))

    @property
    def hash(self) -> str:
        """The block's hash, as ``0x`` hex."""
        return "0x" + _hash(self.encode()).hex()

    @property
    def slot(self) -> int:
        """The slot it claims; HeaderUnfit where there is none."""
        for log in self.logs:
            if log[0] == PRE_RUNTIME and log[1:5] == AURA:
                return int.from_bytes(_item(log)[1], "little")
        raise HeaderUnfit("the header claims no slot", subject=self.hash)

    def encode(self, *, sealed: bool = True) -> bytes:
        """SCALE, with its seal or without."""
        logs = self.logs if sealed else self.logs[:-1]
        head = [self.parent, compact(self.number), self.state_root, self.extrinsics_root, compact(len(logs))]
        return b"".join([*head, *logs])

    def sealed_by(self, key: bytes) -> bool:
        """Whether the seal is the key's signature of the header without it."""
        if not self.logs or self.logs[-1][:5] != bytes([SEAL]) + AURA:
            raise HeaderUnfit("the header does not end with a seal", subject=self.hash)
        seal, message = _item(self.logs[-1])[1], _hash(self.encode(sealed=False))
        return len(seal) == 64 and bool(Keypair(public_key=key, ss58_format=SS58_PREFIX).verify(message, seal))

    def to_scale(self) -> dict[str, Any]:
        """What the SCALE library takes for a header."""
        return {
            "parent_hash": "0x" + self.parent.hex(),
            "number": self.number,
            "state_root": "0x" + self.state_root.hex(),
            "extrinsics_root": "0x" + self.extrinsics_root.hex(),
            "digest": {"logs": [_as_item(log) for log in self.logs]},
        }


def membership_proof(data: bytes) -> dict[str, Any]:
    """What the SCALE library takes for the proof that ``AuraEquivocationApi`` answers, encoded."""
    count, at = decode_compact(data, 4)
    nodes = []
    for _ in range(count):
        length, at = decode_compact(data, at)
        nodes.append("0x" + data[at : at + length].hex())
        at += length
    session, validators = (int.from_bytes(part, "little") for part in (data[:4], data[at : at + 4]))
    return {"session": session, "trie_nodes": nodes, "validator_count": validators}


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def _fixed(text: str) -> bytes:
    data = _bytes(text)
    if len(data) != 32:
        raise ValueError
    return data


def _height(number: int) -> int:
    if not 0 <= number < 1 << 32:
        raise ValueError
    return number


def _end(data: bytes, at: int) -> int:
    """Where the digest item at ``at`` ends."""
    kind = data[at]
    if kind == UPDATED:
        return at + 1
    if kind != OTHER and kind not in NAMES:
        raise ValueError
    length, start = decode_compact(data, at + (1 if kind == OTHER else 5))
    if start + length > len(data):
        raise ValueError
    return start + length


def _item(log: bytes) -> tuple[bytes, bytes]:
    """Engine and payload of a digest item; ValueError where it is none."""
    if _end(log, 0) != len(log):
        raise ValueError
    if log[0] == UPDATED:
        return b"", b""
    start = 1 if log[0] == OTHER else 5
    return log[1:start], log[decode_compact(log, start)[1] :]


def _as_item(log: bytes) -> Any:
    engine, payload = _item(log)
    if log[0] == UPDATED:
        return "RuntimeEnvironmentUpdated"
    if log[0] == OTHER:
        return {"Other": "0x" + payload.hex()}
    return {NAMES[log[0]]: ("0x" + engine.hex(), "0x" + payload.hex())}
