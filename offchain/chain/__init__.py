"""The chain client: reads, calls, transactions, keys. The only package that speaks to a node or touches a signing key.

Importing it loads substrate-interface, about 0.3 s.
"""

from offchain.chain import calls, types
from offchain.chain._events import Event
from offchain.chain._pallets import Account
from offchain.chain.client import DEFAULT_NODE, BlockRef, ChainClient, NodeState
from offchain.chain.keystore import KeyStore, StoredKey
from offchain.chain.signer import Signer, account_bytes, address_of, development_signer
from offchain.chain.signing import open_signer, resolve_address
from offchain.chain.transactions import Pending, Receipt, TransactionManager

__all__ = [
    "DEFAULT_NODE",
    "Account",
    "BlockRef",
    "ChainClient",
    "Event",
    "KeyStore",
    "NodeState",
    "Pending",
    "Receipt",
    "Signer",
    "StoredKey",
    "TransactionManager",
    "account_bytes",
    "address_of",
    "calls",
    "development_signer",
    "open_signer",
    "resolve_address",
    "types",
]
