"""Where storage items lie: as the well-known keys and substrate-interface have it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from substrateinterface.utils.hasher import two_x64_concat, xxh128

from offchain.storage_key import storage_prefix, twox_64_concat, twox_128


def test_prefix_is_the_well_known_one_of_the_accounts() -> None:
    assert twox_128("System").hex() == "26aa394eea5630e07c48ae0c9558cef7"
    assert (
        storage_prefix("System", "Account").hex() == "26aa394eea5630e07c48ae0c9558cef7b99d880ec681799c0cf30e8886371da9"
    )


@given(st.text(max_size=40), st.integers(0, 2**32 - 1))
def test_keys_are_the_library_s(name: str, number: int) -> None:
    assert twox_128(name) == xxh128(name.encode())
    assert twox_64_concat(number) == two_x64_concat(number.to_bytes(4, "little"))
