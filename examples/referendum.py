"""Change an economic constant by a referendum on a development chain: try out, propose, vote, wait, read.

    assay chain up --ephemeral        # in another terminal
    python examples/referendum.py [ws://127.0.0.1:9944]

It uses the well-known keys //Alice and //Bob, which exist on development chains only. What it does by the library,
`assay governance` does by commands: docs/token-holder.md.
"""

from __future__ import annotations

import sys
import uuid

from governance import (
    PARAMETERS,
    Change,
    Conviction,
    Ended,
    Vote,
    change_parameters,
    parameters,
    prepare,
    propose,
    referendum,
    standing,
    try_out,
    vote,
)
from offchain.chain import DEFAULT_NODE, ChainClient, TransactionManager, development_signer

ASY = 10**12
PROPOSAL = change_parameters((Change(PARAMETERS["WorkDonePpm"], 300_000),))
"""The share of a seat's reward that is paid for work in a round without a verdict: 30 %."""


def main() -> None:
    """Walk through the stages of a referendum on the `parameters` track."""
    node = sys.argv[1] if len(sys.argv) > 1 else DEFAULT_NODE
    with ChainClient(node) as client:
        manager, intent = TransactionManager(client), f"referendum/{uuid.uuid4()}"
        alice, bob = (development_signer(name, client) for name in ("//Alice", "//Bob"))

        would = try_out(client, prepare(client, PROPOSAL))
        print(f"block {would.at:>5}: on a fork, it changes {', '.join(change.entry for change in would.changes)}")

        index = propose(manager, alice, PROPOSAL, intent=intent)
        print(f"block {client.finalized().number:>5}: referendum {index} asks to {PROPOSAL.title}")

        ballot = Vote.whole(aye=True, balance=9_000_000 * ASY, conviction=Conviction.LOCKED1X)
        for name, voter in (("alice", alice), ("bob", bob)):
            receipt = manager.submit(f"{intent}/{name}", vote(index, ballot), voter)
            print(f"block {receipt.block_number:>5}: {name} votes aye")

        stands = standing(client, index)
        print(f"block {stands.now:>5}: it will be {stands.forecast.end.value} at block {stands.forecast.at}")
        assert stands.enacted_at is not None
        client.wait_for_block(stands.enacted_at, timeout_s=120)
        ended = referendum(client, index)
        assert isinstance(ended, Ended)
        print(f"block {ended.at:>5}: referendum {index} is {ended.outcome.value}")
        now = PARAMETERS["WorkDonePpm"].show(parameters(client)["WorkDonePpm"])
        print(f"block {client.finalized().number:>5}: in force: WorkDonePpm = {now}")


if __name__ == "__main__":
    main()
