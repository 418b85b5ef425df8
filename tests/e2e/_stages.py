"""Scenes on each kind of chain, and what brings one to where a round can be requested."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from offchain.chain import ChainClient, TransactionManager, calls, development_signer
from offchain.devchain import DevChain, Node, Sealing

from ._ground import EmbeddedGround, Ground, LiveGround, SealingGround
from ._scene import GIFT, PEOPLE, Packed, Scene

__all__ = ["live_scene", "open_scene", "prepare", "scene_at"]


def prepare(scene: Scene) -> None:
    """From genesis to where the developer can request rounds on checkpoint 0."""
    scene.register_dataset()
    scene.publish()
    scene.register_validators()
    scene.create_benchmark()
    scene.register_model()
    scene.submit_checkpoint(scene.checkpoint())


@contextmanager
def open_scene(packed: Packed, folder: Path, *, chain_folder: Path | None = None) -> Iterator[Scene]:
    """A scene on the embedded chain in a folder, or on a new one; ``folder`` keeps the transactions' journal."""
    with ExitStack() as stack:
        chain = stack.enter_context(DevChain.fresh() if chain_folder is None else DevChain(None, chain_folder))
        node = stack.enter_context(Node(chain, sealing=Sealing.MANUAL))
        client = stack.enter_context(ChainClient(node.ws_url))
        yield _scene(EmbeddedGround(chain), client, packed, folder)


@contextmanager
def scene_at(url: str, packed: Packed, folder: Path) -> Iterator[Scene]:
    """A scene on a node that seals on demand and is ours alone."""
    with ChainClient(url) as client:
        yield _scene(SealingGround(client), client, packed, folder)


@contextmanager
def live_scene(url: str, packed: Packed, folder: Path, *, funder: str) -> Iterator[Scene]:
    """A scene of new people on a network that others use, with money from a development account."""
    with ChainClient(url) as client:
        scene = _scene(LiveGround(client), client, packed, folder, suffix=f"//{uuid.uuid4().hex}")
        gifts = [calls.balances.transfer(scene.address(who), GIFT) for who in PEOPLE]
        scene.manager.submit("gifts", calls.utility.batch_all(gifts), development_signer(funder, client))
        try:
            yield scene
        finally:
            scene.chill_all()


def _scene(ground: Ground, client: ChainClient, packed: Packed, folder: Path, *, suffix: str = "") -> Scene:
    scene = Scene(ground, client, TransactionManager(client, folder / "transactions.sqlite"), packed, suffix)
    scene.secrets += [*packed.keys.shard_keys, packed.keys.group_salt, *(each.salt for each in packed.keys.labels)]
    return scene
