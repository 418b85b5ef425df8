"""Change an economic constant by a referendum on a development chain: propose, vote, wait, read.

    assay chain up --ephemeral        # in another terminal
    python examples/referendum.py [ws://127.0.0.1:9944]

It uses the well-known keys //Alice and //Bob, which exist on development chains only.
"""

from __future__ import annotations

import sys
import time
import uuid

from offchain.chain import DEFAULT_NODE, ChainClient, Receipt, Signer, TransactionManager, development_signer
from offchain.chain.calls import Call

ASY = 10**12
PARAMETER = {"Economics": {"WorkDonePpm": ((), 300_000)}}
"""The share of a seat's reward that is paid for work in a round without a verdict: 30 %."""


def do(manager: TransactionManager, call: Call, signer: Signer) -> Receipt:
    """Send one transaction, wait until it is final, say so."""
    receipt = manager.submit(f"referendum/{uuid.uuid4()}", call, signer)
    print(f"block {receipt.block_number:>5}: {call}")
    return receipt


def main() -> None:
    """Walk through the stages of a referendum on the `parameters` track."""
    node = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_NODE
    with ChainClient(node) as client:
        manager = TransactionManager(client)
        alice, bob = (development_signer(name, client) for name in ("//Alice", "//Bob"))
        change = Call("Parameters", "set_parameter", {"key_value": PARAMETER})
        encoded = bytes(client.interface.compose_call(change.pallet, change.name, change.encoded_args()).data.data)

        submitted = do(
            manager,
            Call(
                "Referenda",
                "submit",
                {
                    "proposal_origin": {"Origins": "Parameters"},
                    "proposal": {"Inline": encoded},
                    "enactment_moment": {"After": 0},
                },
            ),
            alice,
        )
        event = submitted.event("Referenda", "Submitted")
        assert event is not None
        index = int(event.fields["index"])
        do(manager, Call("Referenda", "place_decision_deposit", {"index": index}), alice)
        vote = {"Standard": {"vote": {"aye": True, "conviction": "Locked1x"}, "balance": 9_000_000 * ASY}}
        for voter in (alice, bob):
            do(manager, Call("ConvictionVoting", "vote", {"poll_index": index, "vote": vote}), voter)

        while True:
            found = client.interface.query("Referenda", "ReferendumInfoFor", [index]).value
            (state,) = found
            if state != "Ongoing":
                break
            time.sleep(0.5)
        print(f"block {client.finalized().number:>5}: referendum {index} is {state}")
        while not (kept := list(client.interface.query_map("Parameters", "Parameters"))):
            time.sleep(0.5)
        print(f"block {client.finalized().number:>5}: in force: {kept[0][1].value}")


if __name__ == "__main__":
    main()
