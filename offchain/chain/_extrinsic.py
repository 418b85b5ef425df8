"""Building transactions: calls encoded for the runtime in force, signed with a mortal era; what they would cost."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from substrateinterface import Keypair

from offchain.chain._interface import Interface
from offchain.chain._runtime import SS58_PREFIX
from offchain.chain.calls import Call
from offchain.chain.errors import Undecodable
from offchain.chain.signer import Signer

__all__ = ["PERIOD", "SignedBytes", "call_digest", "estimate_fee", "sign"]

PERIOD = 64
"""Blocks for which a signature is good."""


@dataclass(frozen=True)
class SignedBytes:
    """A signed transaction as ``0x`` hex, and the first block that cannot hold it."""

    extrinsic: str
    death: int


def call_digest(call: Call) -> str:
    """Tells one call from another, whatever runtime they are encoded for."""
    document = json.dumps(call.to_scale(), sort_keys=True, separators=(",", ":"), default=_deep)
    return blake2b(document.encode(), digest_size=32).hexdigest()


def sign(interface: Interface, call: Call, signer: Signer, *, nonce: int, birth: int) -> SignedBytes:
    """Signs a call for the :data:`PERIOD` blocks that begin with ``birth``, a finalized block."""
    composed = _compose(interface, call)
    era = {"period": PERIOD, "phase": birth % PERIOD, "current": birth}
    extrinsic = interface.create_signed_extrinsic(composed, signer.pair, era=era, nonce=nonce)
    data = bytes(extrinsic.data.data)
    if not data.endswith(bytes(composed.data.data)):
        raise Undecodable("the signed transaction does not hold the call that was meant", subject=str(call))
    return SignedBytes("0x" + data.hex(), birth + PERIOD)


def estimate_fee(interface: Interface, call: Call, address: str) -> int:
    """The fee of a call in planck, if it is included now and gives nothing back."""
    composed = _compose(interface, call)
    payer = Keypair(ss58_address=address, ss58_format=SS58_PREFIX)
    era = {"period": PERIOD, "phase": 0, "current": 0}
    dummy = bytes([payer.crypto_type]) + bytes(64)
    extrinsic = interface.create_signed_extrinsic(composed, payer, era=era, nonce=0, signature=dummy)
    data = bytes(extrinsic.data.data)
    argument = "0x" + (data + len(data).to_bytes(4, "little")).hex()
    answer = bytes.fromhex(interface.connection.call("state_call", ["TransactionPaymentApi_query_info", argument])[2:])
    return int.from_bytes(answer[-16:], "little")  # the last field of RuntimeDispatchInfo: partial_fee


def _compose(interface: Interface, call: Call) -> Any:
    interface.for_signing()
    return interface.compose(call.pallet, call.name, call.encoded_args())


def _deep(value: Any) -> Any:
    raise TypeError(f"a call holds a {type(value).__name__}, which has no encoding")
