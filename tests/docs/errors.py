"""Writes docs/errors.md, the table of every error code, from the classes themselves.

python tests/docs/errors.py
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

from offchain.errors import AssayError

PAGE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"
ROOMS = ("governance", "offchain", "ray_jobs", "validators")
BLOCKS = {
    100: "Chain: nodes, transactions, keys",
    200: "Store",
    300: "Cryptography",
    400: "Models",
    500: "Images and data sets",
    600: "Evaluation on Ray",
    700: "Agents: validator, steward",
    800: "Command line",
    900: "Embedded chain",
    1000: "Metrics",
    1100: "Governance",
    1200: "Local network",
}
HEAD = """# Error codes

Every error that Assay raises on purpose has a code. A code never changes its meaning. Commands print
`error: [CODE] what happened: what it happened to (what to do next)` to standard error, or with `--json` an object with
`error`, `code`, `what`, `subject` and `hint` to standard output. The exit status is 10 and the hundreds of the code.

This page is written by `python tests/docs/errors.py` from the code; a test fails when it is stale."""


def errors() -> list[type[AssayError]]:
    """Every kind of error with a code of its own, by code."""
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            importlib.import_module(module.name)
    found, open_ = {}, [AssayError]
    while open_:
        for kind in open_.pop().__subclasses__():
            open_.append(kind)
            if "code" in vars(kind) and kind.__module__.split(".")[0] in ROOMS:
                found[kind.code] = kind
    return [found[code] for code in sorted(found)]


def page() -> str:
    """The page as it should be."""
    parts = [HEAD]
    kinds = errors()
    for first, title in BLOCKS.items():
        own = [kind for kind in kinds if first <= kind.code < first + 100]
        parts.append(f"\n## {title}: exit status {10 + first // 100}\n")
        parts.append("| code | name | when |\n|---|---|---|")
        for kind in own:
            said = " ".join((inspect.getdoc(kind) or "").split("\n\n")[0].split()).replace("|", "\\|")
            parts.append(f"| {kind.code} | `{kind.__name__}` | {said} |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE)
