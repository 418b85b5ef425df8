"""A validator or key agent in a process of its own, which kills itself with SIGKILL at a chosen point.

Points are ``drawn``, ``checked``, .. for the moment after the journal wrote that stage, and ``sent:accept``, .. for the
moment after a transaction was broadcast and before anybody knows what became of it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def spawn(**options: str) -> subprocess.Popen[bytes]:
    """Starts the process; ``agent``, ``url``, ``uri``, ``folder``, ``store``, ``point`` and ``keyfile`` say which.

    ``metrics_port``, if given, is where it shows its metrics.
    """
    command = [sys.executable, "-W", "error", "-m", "tests.validators.killable", json.dumps(options)]
    return subprocess.Popen(command, cwd=ROOT, env={**os.environ, "OMP_NUM_THREADS": "1"})


def end(process: subprocess.Popen[bytes], folder: Path) -> int:
    """Ends a process that was started with no point, once it listens to signals; returns its exit status."""
    ready = folder / f"ready-{process.pid}"
    while not ready.exists():
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=120)


def kill_after(owner: Any, name: str, when: Callable[..., bool]) -> None:
    """Makes a method end the process right after it did its work, where ``when`` likes its arguments."""
    method = getattr(owner, name)

    def killing(*args: Any, **named: Any) -> Any:
        result = method(*args, **named)
        if when(*args):
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(owner, name, killing)


def main(options: dict[str, str]) -> None:
    """Run the agent until SIGTERM or the point."""
    from offchain.chain import ChainClient, TransactionManager, development_signer
    from offchain.datasets import StewardKeys
    from tests.validators.scene import PASSPHRASE, evaluate_here
    from validators import StewardAgent, Worker
    from validators._agent import Agent
    from validators._journal import Journal
    from validators._releases import Releases

    kind, _, deed = options.get("point", "").partition(":")
    port = int(options["metrics_port"]) if "metrics_port" in options else None
    if kind == "sent":
        kill_after(TransactionManager, "send", lambda _self, intent, *_: intent.endswith(deed))
    elif kind == "kept":
        kill_after(Releases, "keep", lambda *_: True)
    elif kind:
        kill_after(Journal, kind, lambda *_: True)
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    folder = Path(options["folder"])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"ready-{os.getpid()}").touch()
    with ChainClient(options["url"]) as client:
        signer = development_signer(options["uri"], client)
        agent: Agent
        if options["agent"] == "steward":
            keys = StewardKeys.load(Path(options["keyfile"]), PASSPHRASE)
            agent = StewardAgent(client, signer, [keys], folder=folder, poll_s=0.05, metrics_port=port)
        else:
            agent = Worker(
                client, signer, options["store"], evaluate_here, folder=folder, poll_s=0.05, metrics_port=port
            )
        agent.run(stop)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
