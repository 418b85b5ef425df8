"""The plan of a network: who is in it, where each listens, and where it lives on disk."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
import socket
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import base58
from nacl.signing import SigningKey

from ._errors import DirectoryUnfit
from ._secret_file import write_secret

__all__ = ["AUTHORITIES", "VALIDATOR_ACCOUNTS", "NodePlan", "Plan", "Wishes", "free_ports"]

AUTHORITIES: Final = ("alice", "bob", "charlie", "dave")
VALIDATOR_ACCOUNTS: Final = ("//Bob", "//Charlie", "//Dave", "//Eve")
STEWARD_ACCOUNT: Final = "//Alice"
_FILE: Final = "testnet.json"
_LOOPBACK: Final = "127.0.0.1"
_PEER_ID_OF_ED25519: Final = bytes.fromhex("002408011220")
"""An identity multihash of 36 bytes: a protobuf that names the kind of key and holds 32 bytes of it."""


@dataclass(frozen=True)
class Wishes:
    """What a network is to be.

    Args:
        chain: a raw chain spec, ``local``, or another name that the node knows.
        nodes: authorities, from one to four.
        validators: workers, from none to four; with them come a steward, its data set, a benchmark, and Ray.
        node_arguments: added to every node's command.
        extra: added to a process's command, by name.
        prefix: put before a process's command, by name: ``faketime``, ``ip netns exec`` ...
        addresses: where a node listens, by name, if not on 127.0.0.1: for network namespaces.
        worker_nodes: WebSockets that a worker or the steward talks to, by name, if not all nodes', its own first.
        environment: added to a process's environment, by name.
        ipfs: a Kubo binary; without one, agents share a folder.
    """

    chain: str = "local"
    nodes: int = 4
    validators: int = 4
    node_arguments: tuple[str, ...] = ()
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)
    prefix: dict[str, tuple[str, ...]] = field(default_factory=dict)
    addresses: dict[str, str] = field(default_factory=dict)
    worker_nodes: dict[str, str] = field(default_factory=dict)
    environment: dict[str, dict[str, str]] = field(default_factory=dict)
    ipfs: str | None = None


@dataclass(frozen=True)
class NodePlan:
    """Where a node listens."""

    name: str
    address: str
    p2p_port: int
    rpc_port: int
    metrics_port: int

    @property
    def key(self) -> str:
        """Its network key, in hex: derived from its name, so that the others know its identity beforehand."""
        return hashlib.blake2b(f"assay testnet {self.name}".encode(), digest_size=32).hexdigest()

    @property
    def peer_id(self) -> str:
        """What libp2p calls it."""
        return peer_id_of(SigningKey(bytes.fromhex(self.key)))

    @property
    def listen(self) -> str:
        """Its multiaddress for peers."""
        return f"/ip4/{self.address}/tcp/{self.p2p_port}"

    @property
    def websocket(self) -> str:
        """Where clients reach it."""
        return f"ws://{self.address}:{self.rpc_port}"

    @property
    def metrics(self) -> str:
        """Where Prometheus reaches it."""
        return f"http://{self.address}:{self.metrics_port}/metrics"

    @property
    def is_local(self) -> bool:
        """Whether it listens on this machine's loopback interface."""
        return self.address == _LOOPBACK


@dataclass(frozen=True)
class Plan:
    """A network as it was laid out.

    Args:
        folder: where it lives; absolute.
        binary: of the native node.
        wishes: what was asked for.
        nodes: in order of :data:`AUTHORITIES`.
        agent_ports: of Prometheus, of each worker and the steward.
        ray_port: where Ray listens; None without workers.
        store_ports: RPC, gateway and swarm of each Kubo peer, by name.
    """

    folder: Path
    binary: Path
    wishes: Wishes
    nodes: tuple[NodePlan, ...]
    agent_ports: dict[str, int]
    ray_port: int | None
    store_ports: dict[str, tuple[int, int, int]]

    @classmethod
    def lay_out(cls, folder: Path, binary: Path, wishes: Wishes) -> Plan:
        """Chooses ports for a network."""
        names = AUTHORITIES[: wishes.nodes]
        agents = [*(f"validator-{number}" for number in range(1, wishes.validators + 1))]
        agents += ["steward"] if agents else []
        stores = ["store", "store-2"] if wishes.ipfs and agents else []
        ports = iter(free_ports(3 * len(names) + len(agents) + bool(agents) + 3 * len(stores)))
        nodes = tuple(
            NodePlan(name, wishes.addresses.get(name, _LOOPBACK), next(ports), next(ports), next(ports))
            for name in names
        )
        return cls(
            folder=folder,
            binary=binary,
            wishes=wishes,
            nodes=nodes,
            agent_ports={name: next(ports) for name in agents},
            ray_port=next(ports) if agents else None,
            store_ports={name: (next(ports), next(ports), next(ports)) for name in stores},
        )

    @classmethod
    def load(cls, folder: Path) -> Plan | None:
        """The plan that lies in a folder, if one does.

        Raises:
            DirectoryUnfit: what lies there is no plan of this version.
        """
        try:
            found = json.loads((folder / _FILE).read_text(encoding="utf-8"))
            wishes = found["wishes"]
            for name in ("extra", "prefix"):
                wishes[name] = {key: tuple(value) for key, value in wishes[name].items()}
            wishes["node_arguments"] = tuple(wishes["node_arguments"])
            return cls(
                folder=folder,
                binary=Path(found["binary"]),
                wishes=Wishes(**wishes),
                nodes=tuple(NodePlan(**node) for node in found["nodes"]),
                agent_ports=found["agent_ports"],
                ray_port=found["ray_port"],
                store_ports={name: tuple(ports) for name, ports in found["store_ports"].items()},
            )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise DirectoryUnfit(
                f"its {_FILE} cannot be read ({type(error).__name__})", subject=str(folder), hint="delete the directory"
            ) from error

    def save(self) -> None:
        """Writes the plan into its folder."""
        described: dict[str, Any] = asdict(self) | {"folder": str(self.folder), "binary": str(self.binary)}
        (self.folder / _FILE).write_text(json.dumps(described, indent=2) + "\n", encoding="utf-8")

    @property
    def agents(self) -> tuple[str, ...]:
        """Workers, then the steward."""
        return tuple(self.agent_ports)

    @property
    def workers(self) -> tuple[str, ...]:
        """The validators' workers."""
        return tuple(name for name in self.agent_ports if name != "steward")

    def account(self, agent: str) -> str:
        """The development account that an agent acts for."""
        return STEWARD_ACCOUNT if agent == "steward" else VALIDATOR_ACCOUNTS[self.workers.index(agent)]

    def node_of(self, agent: str) -> str:
        """The WebSockets that an agent talks to: each worker prefers another node, and has all for when it is gone."""
        if agent in self.wishes.worker_nodes:
            return self.wishes.worker_nodes[agent]
        place = 0 if agent == "steward" else self.workers.index(agent) % len(self.nodes)
        return ",".join(node.websocket for node in (*self.nodes[place:], *self.nodes[:place]))

    def store_of(self, agent: str) -> str:
        """The content store that an agent uses: even workers the second peer, where there are peers."""
        if not self.store_ports:
            return (self.folder / "store").as_uri()
        peer = "store-2" if agent in self.workers[1::2] else "store"
        return f"kubo:///ip4/127.0.0.1/tcp/{self.store_ports[peer][0]}"

    @property
    def passphrase(self) -> Path:
        """The file with the passphrase of the network's key files."""
        return self.folder / "passphrase"

    @property
    def ray_token(self) -> Path:
        """The file with the token without which nobody may use the network's Ray."""
        return self.folder / "ray" / "token"

    @property
    def swarm_key(self) -> Path:
        """The file with the key, in hex, without which nobody may join the network's Kubo peers."""
        return self.folder / "swarm.key"

    def make_secrets(self) -> None:
        """Makes those three, where they are not there yet; the last where there are Kubo peers."""
        for path in (self.passphrase, self.ray_token, *([self.swarm_key] if self.store_ports else [])):
            path.parent.mkdir(parents=True, exist_ok=True)
            if not path.is_file():
                write_secret(path, secrets.token_hex(32))

    @property
    def ray_folder(self) -> Path:
        """Where Ray's sockets lie, whose paths must be short."""
        return ray_folder_of(self.folder)


def ray_folder_of(folder: Path) -> Path:
    """Where Ray's sockets lie, of the network in a folder."""
    return Path("/tmp") / f"assay-{hashlib.blake2b(str(folder).encode(), digest_size=6).hexdigest()}"  # noqa: S108


def peer_id_of(key: SigningKey) -> str:
    """The libp2p identity of an ed25519 key."""
    return base58.b58encode(_PEER_ID_OF_ED25519 + bytes(key.verify_key)).decode()


def free_ports(count: int) -> list[int]:
    """So many TCP ports of 127.0.0.1 on which nobody listens."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in held:
            each.bind((_LOOPBACK, 0))
        return [int(each.getsockname()[1]) for each in held]
