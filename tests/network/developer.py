"""A developer on a network with agents: registers a model, submits checkpoints, requests rounds, waits for them."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import torch

from offchain.chain import ChainClient, TransactionManager, development_signer
from offchain.chain.types import CheckpointSpec, Licence, Round, State, Text
from offchain.chain.workflows import register_model, request_evaluation, submit_checkpoint
from offchain.crypto import blake2b_256
from offchain.models import ModelCard, Normalisation, Preprocessing, build, encode, weights_of
from offchain.store import open_store
from offchain.testnet import Testnet

__all__ = ["Developer"]

ACCOUNT = "//Ferdie"


class Developer:
    """Talks to every node of a network, and so outlives each of them.

    Args:
        network: with agents: data set 0 and benchmark 0 are on chain.
        folder: of its journal and its claims.
    """

    def __init__(self, network: Testnet, folder: Path) -> None:
        self.client = ChainClient(network.endpoints)
        self.signer = development_signer(ACCOUNT, self.client)
        self.manager = TransactionManager(self.client, folder / "developer.sqlite")
        self._store = open_store(network.store)
        self._model = register_model(
            self.manager,
            self.signer,
            "Model",
            Licence(spdx="CC0-1.0"),
            [(self.signer.address, 1_000_000)],
            0,
            intent="model",
        )

    def close(self) -> None:
        """Ends its connections."""
        self.client.close()

    def request(self, seed: int) -> int:
        """Submits an untrained checkpoint, another for each seed, and requests its round on benchmark 0."""
        torch.manual_seed(seed)
        dataset = self.client.datasets.get(0)
        card = ModelCard(
            name=f"lenet5 {seed}",
            architecture="lenet5",
            classes=tuple(map(str, dataset.description.classes)),
            preprocessing=Preprocessing(side=32, channels=1, resize="stretch"),
            normalisation=Normalisation((500_000,), (250_000,)),
            operating_point_ppm=500_000,
            intended_use="Tests.",
            training_data="None: freshly initialised weights.",
            licence="CC0-1.0",
        )
        data = encode(weights_of(build("lenet5", 1, len(card.classes))))
        spec = CheckpointSpec(
            id=blake2b_256(data),
            cid=self._store.put(data).binary,
            size_bytes=len(data),
            architecture=Text(card.architecture),
            card_cid=self._store.put(card.canonical()).binary,
            card_hash=card.hash(),
            operating_point_ppm=card.operating_point_ppm,
            parent=None,
        )
        submit_checkpoint(self.manager, self.signer, self._model, spec)
        fee = self.client.evaluation.quote(0, spec.size_bytes).total
        return request_evaluation(self.manager, self.signer, 0, spec.id, max_fee=fee, intent=f"request/{seed}")

    def wait(self, round_id: int, *states: State, within_s: float = 600.0) -> Round:
        """The round as soon as its state is one of these, or final."""
        until = time.monotonic() + within_s
        while True:
            found = self.client.evaluation.round(round_id)
            if found.state.state in states or found.state.is_final:
                return found
            if time.monotonic() > until:
                raise AssertionError(f"round {round_id} is still {found.state} after {within_s:.0f} s")
            time.sleep(1)

    def deeds(self, round_id: int, since: int) -> Counter[tuple[str, str]]:
        """How often each account did each deed of a round, in final blocks from a height on."""
        counted: Counter[tuple[str, str]] = Counter()
        for number in range(since, self.client.finalized().number + 1):
            for event in self.client.events(self.client.block_hash(number)):
                if event.pallet == "Evaluation" and event.fields.get("round") == round_id and "member" in event.fields:
                    counted[event.name, str(event.fields["member"])] += 1
        return counted
