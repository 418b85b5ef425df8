"""The load's own bytes are the library's."""

from __future__ import annotations

from typing import Any

import pytest
from substrateinterface import Keypair

from offchain.chain import ChainClient, address_of, calls
from offchain.chain.calls import Call
from offchain.chain.types import Reveal
from offchain.devchain import Node

from . import encoded
from .stage import _checkpoint
from .wallet import Facts, Wallet

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
OPENING = Reveal(
    scores=(900_000, 5_000), lower_ppm=1, upper_ppm=2, prediction_root=KEY, env_digest=OTHER, salt=bytes(32)
)


def encode(client: ChainClient, pallet: str, name: str, args: dict[str, Any]) -> bytes:
    client.interface.for_signing()
    return bytes(client.interface.compose(pallet, name, args).data.data)


@pytest.mark.parametrize(
    ("ours", "call"),
    [
        (encoded.transfer(KEY, 10**12), calls.balances.transfer(address_of(KEY), 10**12)),
        (encoded.accredit(3, KEY), calls.datasets.accredit(3, address_of(KEY))),
        (encoded.revoke(3, KEY), calls.datasets.revoke_accreditation(3, address_of(KEY))),
        (encoded.release_key(9, KEY, [bytes(80)] * 2), calls.datasets.release_key(9, address_of(KEY), [bytes(80)] * 2)),
        (encoded.claim(KEY), calls.models.claim(KEY)),
        (encoded.open_claim(1, KEY, _checkpoint(5)), calls.models.open_claim(1, KEY, _checkpoint(5))),
        (encoded.request(1, KEY, 10**15), calls.evaluation.request_evaluation(1, KEY, 10**15)),
        (encoded.accept(7, KEY), calls.evaluation.accept(7, KEY)),
        (encoded.commit(7, KEY), calls.evaluation.commit(7, KEY)),
        (encoded.reveal(7, OPENING), calls.evaluation.reveal(7, OPENING)),
        (
            encoded.batch([encoded.commit(7, KEY), encoded.accept(7, KEY)]),
            calls.utility.batch_all([calls.evaluation.commit(7, KEY), calls.evaluation.accept(7, KEY)]),
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, Call) else "",
)
def test_call_has_the_library_s_bytes(node: Node, ours: bytes, call: Call) -> None:
    with ChainClient(node.ws_url) as client:
        assert ours == encode(client, call.pallet, call.name, call.encoded_args())


@pytest.mark.parametrize("aye", [True, False])
def test_vote_has_the_library_s_bytes(node: Node, aye: bool) -> None:
    vote = {"Standard": {"vote": {"aye": aye, "conviction": "Locked1x"}, "balance": 5}}
    with ChainClient(node.ws_url) as client:
        assert encoded.vote(300, aye=aye, amount=5) == encode(
            client, "ConvictionVoting", "vote", {"poll_index": 300, "vote": vote}
        )


@pytest.mark.parametrize("birth", [None, 0, 1, 63, 64, 1_000])
def test_transaction_differs_from_the_library_s_by_the_signature_alone(node: Node, birth: int | None) -> None:
    wallet = Wallet("somebody")
    wallet.nonce = 70
    with ChainClient(node.ws_url) as client:
        interface = client.interface
        interface.for_signing()
        call = interface.compose("System", "remark", {"remark": "0x00"})
        version = client.connection.call("state_getRuntimeVersion", [])
        facts = Facts(
            version["specVersion"],
            version["transactionVersion"],
            client.genesis,
            None if birth is None else (birth, client.genesis),
        )
        era = None if birth is None else {"period": 64, "phase": birth % 64, "current": birth}
        pair = Keypair(public_key=wallet.public, ss58_format=42)
        signed = wallet.sign(facts, bytes(call.data.data))
        at = signed.index(wallet.public) + 33
        signature = signed[at : at + 64]
        theirs = interface.create_signed_extrinsic(call, pair, era=era, nonce=70, signature=b"\x01" + signature)
        assert signed == bytes(theirs.data.data)
    assert wallet.nonce == 71
