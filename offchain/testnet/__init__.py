"""A local network of native nodes, validator workers and a steward, under supervisord.

>>> network = Testnet.up(Path("net"), nodes=4, validators=0)
>>> network.endpoints
['ws://127.0.0.1:40001', ...]
>>> network.kill("bob"); network.restart("bob"); network.down()
"""

from offchain.testnet._binary import node_binary, node_cache, node_key
from offchain.testnet._errors import (
    AlreadyUp,
    DirectoryUnfit,
    NodeBinaryAbsent,
    NotReady,
    NotUp,
    ProcessEnded,
    ProcessNotRunning,
    SetUpFailed,
    StillThere,
    TestnetError,
    UnknownProcess,
)
from offchain.testnet._files import compose, fixed_plan, zombienet
from offchain.testnet._kubo_binary import kubo_binary, kubo_cache
from offchain.testnet._plan import AUTHORITIES, VALIDATOR_ACCOUNTS, NodePlan, Plan, Wishes, free_ports
from offchain.testnet._testnet import ProcessLine, Testnet, default_folder

__all__ = [
    "AUTHORITIES",
    "VALIDATOR_ACCOUNTS",
    "AlreadyUp",
    "DirectoryUnfit",
    "NodeBinaryAbsent",
    "NodePlan",
    "NotReady",
    "NotUp",
    "Plan",
    "ProcessEnded",
    "ProcessLine",
    "ProcessNotRunning",
    "SetUpFailed",
    "StillThere",
    "Testnet",
    "TestnetError",
    "UnknownProcess",
    "Wishes",
    "compose",
    "default_folder",
    "fixed_plan",
    "free_ports",
    "kubo_binary",
    "kubo_cache",
    "node_binary",
    "node_cache",
    "node_key",
    "zombienet",
]
