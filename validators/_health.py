"""What a person or Prometheus asks of a running agent: last block, round, next deadline, balance."""

from __future__ import annotations

from wsgiref.simple_server import WSGIServer

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

from validators._errors import AgentError

__all__ = ["Health"]


class Health:
    """Gauges and counters of one agent, served on loopback as Prometheus text.

    Args:
        agent: ``validator`` or ``steward``, the metrics' prefix after ``assay_``.
    """

    def __init__(self, agent: str) -> None:
        self.registry = CollectorRegistry()
        prefix = f"assay_{agent}"
        self.last_block = Gauge(f"{prefix}_last_block", "Last finalized block worked through", registry=self.registry)
        self.current_round = Gauge(f"{prefix}_round", "Round being worked on, -1 when idle", registry=self.registry)
        self.next_deadline = Gauge(
            f"{prefix}_next_deadline_block", "Nearest deadline, 0 if none", registry=self.registry
        )
        self.balance = Gauge(
            f"{prefix}_balance_planck", "Free balance of the key that pays fees, in planck", registry=self.registry
        )
        self.actions = Counter(f"{prefix}_actions", "Finalized transactions by kind", ["kind"], registry=self.registry)
        self.errors = Counter(f"{prefix}_errors", "Errors by code", ["code"], registry=self.registry)
        self.current_round.set(-1)
        self._server: WSGIServer | None = None

    def serve(self, port: int) -> int:
        """Serve on 127.0.0.1; port 0 takes a free one. Returns the port.

        Raises:
            AgentError: the port is taken.
        """
        try:
            self._server, _ = start_http_server(port, addr="127.0.0.1", registry=self.registry)
        except OSError as error:
            raise AgentError(
                "the metrics port is taken", subject=str(port), hint="choose another with --metrics-port"
            ) from error
        return int(self._server.server_port)

    def close(self) -> None:
        """Stop serving."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
