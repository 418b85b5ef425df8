"""One chain with a sealed data set for each module; each test submits a checkpoint of its own."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from offchain.chain import ChainClient
from offchain.devchain import DevChain, Node, Sealing
from tests.validators.scene import Scene, prepare


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The chain and everything on it."""
    folder = tmp_path_factory.mktemp("scene")
    with (
        DevChain.fresh() as chain,
        Node(chain, sealing=Sealing.INSTANT, block_time_s=0.7) as node,
        ChainClient(node.ws_url) as client,
    ):
        yield prepare(chain, node, client, folder)


_SEEDS = itertools.count(1)


@pytest.fixture
def seed() -> int:
    """A number that no other test has: the same weights are scored once per benchmark."""
    return next(_SEEDS)


@pytest.fixture
def folders(tmp_path: Path) -> Callable[[str], Path]:
    """A folder for each agent."""
    return lambda name: tmp_path / name.strip("/")
