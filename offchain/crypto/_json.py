"""JSON from strangers."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["shallow_json"]

# Possessive, and content with a string that never ends, so that hostile quotes cost no second look.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


def shallow_json(data: bytes, *, max_depth: int = 8) -> Any:
    """The value in UTF-8 JSON that nests at most ``max_depth`` deep. Raises ValueError for anything else.

    The depth is counted before parsing: the standard parser recurses, and where a library has raised the interpreter's
    recursion limit (py_ecc does when it is imported) deep nesting kills the process.
    """
    depth = 0
    for token in _TOKEN.finditer(data):
        first = data[token.start()]
        depth += 1 if first in b"[{" else -1 if first in b"]}" else 0
        if depth > max_depth:
            raise ValueError("JSON nested too deeply")
    return json.loads(data.decode("utf-8"))
