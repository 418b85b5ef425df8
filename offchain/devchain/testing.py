"""Fresh chains for tests, in under 50 ms each: ``from offchain.devchain.testing import chain, node`` in a conftest.

The runtime is compiled and the genesis state built once per process; each test gets copies.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ._chain import DevChain
from ._node import Node
from ._spec import ChainSpec
from ._worker import Sealing

__all__ = ["chain", "fresh_chain", "node"]


@contextmanager
def fresh_chain(spec: ChainSpec | None = None) -> Iterator[DevChain]:
    """A chain at genesis, closed at the end: the development chain unless ``spec`` says otherwise."""
    with DevChain.fresh(spec) as fresh:
        yield fresh


@pytest.fixture
def chain() -> Iterator[DevChain]:
    """The development chain at genesis, in memory."""
    with fresh_chain() as fresh:
        yield fresh


@pytest.fixture
def node(chain: DevChain) -> Iterator[Node]:
    """The same chain behind JSON-RPC on a free port; each transaction is sealed at once."""
    with Node(chain, sealing=Sealing.INSTANT, block_time_s=0.05) as served:
        yield served
