"""An embedded chain to encode for."""

from offchain.devchain.testing import chain, node

__all__ = ["chain", "node"]
