"""A fresh embedded chain at the pace Dev, a client of it, rich accounts, and ``assay governance`` as it is typed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from governance import Conviction, Ended, Vote, propose, referendum, vote
from governance._proposals import Proposal
from offchain.chain import ChainClient, Receipt, Signer, TransactionManager, development_signer
from offchain.chain.calls import Call
from offchain.cli import run
from offchain.devchain import DevChain, Node
from offchain.devchain.testing import chain, node

__all__ = ["ASY", "Assay", "House", "chain", "house", "node"]

ASY = 10**12
Assay = Callable[..., Any]


@pytest.fixture(autouse=True)
def assay_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own, and no settings from the environment."""
    home = tmp_path / "home"
    monkeypatch.setenv("ASSAY_HOME", str(home))
    for name in [
        name for name in os.environ if name.startswith("ASSAY_") and name not in {"ASSAY_HOME", "ASSAY_CACHE"}
    ]:
        monkeypatch.delenv(name)
    return home


@dataclass
class House:
    """Token holders of one chain: who they are, what they do, how time passes."""

    chain: DevChain
    client: ChainClient
    manager: TransactionManager
    alice: Signer
    bob: Signer
    deeds: int = 0

    def send(self, call: Call, signer: Signer | None = None) -> Receipt:
        """Sends a transaction, by default Alice's, and waits for it."""
        self.deeds += 1
        return self.manager.submit(f"deed/{self.deeds}", call, signer or self.alice)

    def propose(self, proposal: Proposal, **options: Any) -> int:
        """Submits a proposal with its decision deposit."""
        self.deeds += 1
        return propose(self.manager, self.alice, proposal, intent=f"proposal/{self.deeds}", **options)

    def vote(self, index: int, millions: float, signer: Signer | None = None, *, aye: bool = True) -> None:
        """Votes with so many million ASY at 1x."""
        ballot = Vote.whole(aye=aye, balance=int(millions * 10**6) * ASY, conviction=Conviction.LOCKED1X)
        self.send(vote(index, ballot), signer)

    def end(self, index: int) -> Ended:
        """Makes blocks until a referendum is over."""
        for _ in range(200):
            found = referendum(self.client, index)
            if isinstance(found, Ended):
                return found
            self.chain.seal()
        raise AssertionError("the referendum does not end")

    def pass_(self, index: int) -> None:
        """Votes a referendum through, and makes blocks until its call was dispatched."""
        self.vote(index, 9)
        self.vote(index, 9, self.bob)
        self.end(index)
        for _ in range(10):
            for event in self.client.events(self.client.head()):
                if str(event) == "Scheduler.Dispatched" and event.fields["id"] is not None:
                    assert "Ok" in event.fields["result"], event.fields
                    return
            self.chain.seal()
        raise AssertionError("the call was not dispatched")


@pytest.fixture
def house(chain: DevChain, node: Node) -> Iterator[House]:
    """Alice and Bob, each with ten million ASY."""
    with ChainClient(node.ws_url) as client:
        alice, bob = (development_signer(name, client) for name in ("//Alice", "//Bob"))
        yield House(chain, client, TransactionManager(client), alice, bob)


@pytest.fixture
def assay(capsys: pytest.CaptureFixture[str], node: Node) -> Assay:
    """Runs ``assay governance ...``; returns its JSON, checked against its schema, or its error."""

    def invoke(*argv: str, status: int = 0, schema: tuple[str, ...] = ()) -> Any:
        capsys.readouterr()
        words = ["governance", *argv, "--node", node.ws_url, "--json"]
        assert run(words) == status, capsys.readouterr().err
        shown = capsys.readouterr()
        document = json.loads(shown.out if status == 0 else shown.err.splitlines()[-1])
        if status == 0:
            verbs = argv[:2] if argv[0] in {"propose", "preimage", "deposit"} else argv[:1]
            assert run(["schema", "governance", *verbs]) == 0
            jsonschema.Draft202012Validator(json.loads(capsys.readouterr().out)).validate(document)
        return document

    return invoke
