"""Say loudly, at the end of ``make test``, what this machine could not run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def not_run() -> list[str]:
    """One line for each suite that was not run, and what it needs."""
    lines = []
    if shutil.which("cargo") is None:
        lines.append("the Rust tests: cargo is absent")
    if shutil.which("node") is None or shutil.which("npm") is None:
        lines.append("polkadot.js against the chain: node or npm is absent (apt install nodejs npm)")
    if shutil.which("prometheus") is None or shutil.which("promtool") is None:
        lines.append("alert rules and dashboard under Prometheus: it is absent (apt install prometheus)")
    data = Path(os.environ.get("ASSAY_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
    if not (data / "cxr" / "labels.csv").is_file():
        lines.append(f"tests on real images: {data} is absent (set ASSAY_DATA)")
    if not os.environ.get("ASSAY_REBUILD"):
        lines.append("the byte-for-byte rebuild of the Wasm: set ASSAY_REBUILD=1 (about ten minutes)")
    if not os.environ.get("ASSAY_KUBO_API"):
        lines.append("the store's contract on a real Kubo: set ASSAY_KUBO_API to its multiaddress")
    lines.append("the network suite: `make test-network` builds the native node (40 minutes) and runs it")
    return lines


if __name__ == "__main__":
    for line in not_run():
        print(f"NOT RUN: {line}")
