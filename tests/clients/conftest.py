"""polkadot.js beside the chains it is tried on."""

from __future__ import annotations

import pytest

from .suite import Suite, require_suite


@pytest.fixture(scope="session")
def suite(tmp_path_factory: pytest.TempPathFactory) -> Suite:
    """The Node.js scripts, with polkadot.js installed."""
    return require_suite(tmp_path_factory.mktemp("clients"))
