"""A real Prometheus on the configuration, the rules and the dashboard of local-testnet/monitoring."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from offchain.testnet import free_ports
from offchain.testnet._monitoring import TEMPLATES, lay_out_monitoring

__all__ = ["RULES", "Prometheus", "expressions", "metric_names", "panels"]

RULES = TEMPLATES / "alerts.yml"
LONG_S = 150.0


class Prometheus:
    """What a running Prometheus answers."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    @classmethod
    @contextmanager
    def running(
        cls,
        folder: Path,
        *,
        nodes: dict[str, str] | None = None,
        validators: dict[str, str] | None = None,
        stewards: dict[str, str] | None = None,
        config: Path | None = None,
    ) -> Iterator[Prometheus]:
        """Starts one on these targets, ``HOST:PORT`` by name, or on a configuration that was laid out; ends it."""
        binary = shutil.which("prometheus")
        assert binary is not None
        folder.mkdir(parents=True, exist_ok=True)
        config = config or lay_out_monitoring(
            folder, nodes=nodes or {}, validators=validators or {}, stewards=stewards or {}
        )
        [port] = free_ports(1)
        command = [
            binary,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--log.level=warn",
        ]
        with (folder / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            found = cls(port)
            found.wait(lambda: found._is_ready(process), "Prometheus to start")
            yield found
        finally:
            process.terminate()
            process.wait(30)

    def get(self, path: str, **params: str) -> Any:
        """The data of an answer of the API."""
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(params)}"
        try:
            with urllib.request.urlopen(url, timeout=30) as answer:
                return json.load(answer)["data"]
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{params}: {error.read().decode()}") from error

    def query(self, expression: str) -> dict[tuple[tuple[str, str], ...], float]:
        """The value of an expression now, by labels."""
        found = self.get("query", query=expression)["result"]
        return {tuple(sorted(each["metric"].items())): float(each["value"][1]) for each in found}

    def value(self, expression: str) -> float | None:
        """The value of an expression that has one."""
        found = self.query(expression)
        assert len(found) <= 1, found
        return next(iter(found.values()), None)

    def up(self) -> dict[str, bool]:
        """Which targets answered the last scrape, by name."""
        targets = self.get("targets", state="active")["activeTargets"]
        return {each["labels"]["name"]: each["health"] == "up" for each in targets}

    def firing(self) -> set[tuple[str, str]]:
        """Alerts that fire, with the name of their target."""
        alerts = self.get("alerts")["alerts"]
        return {(each["labels"]["alertname"], each["labels"]["name"]) for each in alerts if each["state"] == "firing"}

    def names(self) -> set[str]:
        """Every metric that was scraped."""
        return set(self.get("label/__name__/values"))

    @staticmethod
    def wait(done: Any, what: str, *, seconds: float = LONG_S) -> None:
        """Waits until something is so."""
        until = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < until, f"waited in vain for {what}"
            time.sleep(0.5)

    def wait_for(self, *alerts: tuple[str, str], seconds: float = LONG_S) -> None:
        """Waits until alerts fire, all of them at once."""
        wanted = set(alerts)
        until = time.monotonic() + seconds
        while not wanted <= self.firing():
            assert time.monotonic() < until, f"waited in vain for {wanted - self.firing()}; {self.get('alerts')}"
            time.sleep(1)

    def wait_for_end(self, *alerts: tuple[str, str], seconds: float = LONG_S) -> None:
        """Waits until none of these alerts fires any more."""
        self.wait(lambda: not set(alerts) & self.firing(), f"the end of {alerts}", seconds=seconds)

    def _is_ready(self, process: subprocess.Popen[bytes]) -> bool:
        assert process.poll() is None, "Prometheus ended"
        try:
            with urllib.request.urlopen(f"{self.url}/-/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False


def panels() -> list[dict[str, Any]]:
    """Panels of the dashboard, the rows between them left out."""
    described = json.loads((TEMPLATES / "dashboard.json").read_text())
    return [panel for panel in described["panels"] if panel["type"] != "row"]


def expressions() -> dict[str, list[str]]:
    """What each panel of the dashboard asks for, with Grafana's variables filled in."""
    return {
        panel["title"]: [
            target["expr"].replace("$__rate_interval", "1m").replace("$__range", "1h").replace("$name", ".*")
            for target in panel["targets"]
        ]
        for panel in panels()
    }


def metric_names(expression: str) -> set[str]:
    """The metrics that an expression names."""
    return set(re.findall(r"\b(?:assay|substrate|process)_[a-z0-9_]+|\bup\b", expression))
