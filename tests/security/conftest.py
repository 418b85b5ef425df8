"""What the attacks are made on; every error that arises is searched for secrets."""

from __future__ import annotations

from tests.e2e.conftest import PASSPHRASE, packed, silence

__all__ = ["PASSPHRASE", "packed", "silence"]
