"""Where each process of a network stands: what its supervisor says, and what it says itself."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ._look import heads_of, last_block_of
from ._plan import Plan

__all__ = ["ProcessLine", "looked_at"]


@dataclass(frozen=True)
class ProcessLine:
    """A process of a network, and where it stands.

    Args:
        name: what to call it.
        state: supervisord's word for it.
        pid: if it runs.
        up_s: for how long.
        at: where clients reach it: a node's WebSocket, an agent's metrics, a store's address.
        best: a node's best block.
        finalized: a node's last finalized block, or the last one that an agent has worked through.
        peers: of a node.
    """

    name: str
    state: str
    pid: int | None
    up_s: int | None
    at: str
    best: int | None
    finalized: int | None
    peers: int | None


def looked_at(plan: Plan, line: ProcessLine, *, runs: bool) -> ProcessLine:
    """A line with the address of its process and, where that runs, the blocks it has."""
    for node in plan.nodes:
        if node.name == line.name:
            heads = heads_of(node.websocket) if runs else None
            if heads is None:
                return replace(line, at=node.websocket)
            return replace(line, at=node.websocket, best=heads.best, finalized=heads.finalized, peers=heads.peers)
    if line.name in plan.agent_ports:
        port = plan.agent_ports[line.name]
        return replace(line, at=f"http://127.0.0.1:{port}/metrics", finalized=last_block_of(port) if runs else None)
    if line.name in plan.store_ports:
        return replace(line, at=f"kubo:///ip4/127.0.0.1/tcp/{plan.store_ports[line.name][0]}")
    return replace(line, at=f"127.0.0.1:{plan.ray_port}")
