"""Runs the network suite and writes its result, with date and machine, into docs/figures.md.

python tests/network/run.py [PYTEST ARGUMENTS]
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as ET

from offchain.testnet import NodeBinaryAbsent, node_binary

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "figures.md"
BEGIN, END = "<!-- network suite: written by tests/network/run.py -->", "<!-- end of network suite -->"


def main(arguments: list[str]) -> int:
    """Runs it; returns pytest's exit status."""
    try:
        node_binary()
    except NodeBinaryAbsent as absent:
        print(f"NOT RUN: the network suite: {absent}", file=sys.stderr)
        return absent.exit_status
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        chosen = ("-m", "network", "-p", "no:xdist", f"--junitxml={report}", "--durations=15")
        status = subprocess.run(
            (sys.executable, "-m", "pytest", *chosen, *(arguments or ("tests",))),
            cwd=REPOSITORY,
            env={**os.environ, "ASSAY_REQUIRE_NODE": "1"},
        ).returncode
        if not arguments and report.is_file():
            write(result(report, time.monotonic() - begun, status))
    return status


def result(report: Path, took_s: float, status: int) -> str:
    """One paragraph and a table of the suite's files."""
    files: dict[str, list[str]] = {}
    seconds: dict[str, float] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        file = case.get("classname", "").replace(".", "/")
        outcome = next((child.tag for child in case if child.tag in ("failure", "error", "skipped")), "passed")
        files.setdefault(file, []).append(outcome)
        seconds[file] = seconds.get(file, 0.0) + float(case.get("time", 0))
    everything = [outcome for outcomes in files.values() for outcome in outcomes]
    counts = ", ".join(f"{everything.count(kind)} {kind}" for kind in dict.fromkeys(["passed", *everything]))
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    verdict = "passed" if status == 0 else "FAILED"
    lines = [
        f"`make test-network` of {when}, {os.cpu_count()} cores: **{verdict}**, {counts}, in {took_s / 60:.0f} min.",
        "",
    ]
    lines += ["| file | tests | passed | seconds |", "|---|---|---|---|"]
    for file, outcomes in sorted(files.items()):
        lines.append(f"| {file} | {len(outcomes)} | {outcomes.count('passed')} | {seconds[file]:.0f} |")
    return "\n".join(lines)


def write(text: str) -> None:
    """Replaces the last result on the page of figures."""
    page = PAGE.read_text(encoding="utf-8")
    section = f"{BEGIN}\n{text}\n{END}"
    if BEGIN not in page:
        page = f"{page.rstrip()}\n\n## The network suite\n\n{section}\n"
    page = re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", lambda _: section, page, flags=re.DOTALL)
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
