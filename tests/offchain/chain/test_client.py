"""What a client reads of the state."""

from __future__ import annotations

from typing import Any

import pytest

from offchain.chain import ChainClient, _interface


@pytest.mark.parametrize("page", [1, 2, 3])
def test_map_is_read_whole_when_it_takes_many_pages(
    client: ChainClient, monkeypatch: pytest.MonkeyPatch, page: int
) -> None:
    accounts = client.read_map(Any, Any, "System", "Account")
    owners = client.read_map(Any, Any, "Session", "KeyOwner")
    assert len(accounts) > 6
    monkeypatch.setattr(_interface, "PAGE", page)
    assert client.read_map(Any, Any, "System", "Account") == accounts
    assert client.read_map(Any, Any, "Session", "KeyOwner") == owners
