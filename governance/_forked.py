"""Runs forks, and runtimes that somebody proposes, in a process of its own: ``python -m governance._forked``.

A proposed runtime may loop for ever or take all the memory it can; its process is ended at the deadline. One JSON
document comes in, one goes out; bytes are ``0x`` hex.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from governance._errors import SimulationFailed, SimulationOverdue
from governance._remote_state import RemoteState
from offchain.chain import ChainClient
from offchain.devchain import Fork
from offchain.errors import AssayError

__all__ = ["ForkBlock", "ForkResult", "ForkStep", "run_fork", "version_of"]

_MEMORY_BYTES = 24 * 2**30
"""Address space, most of which Wasm engines reserve and never touch."""
_GRACE_S = 5.0
_CODE = b":code"
_EVENTS = bytes.fromhex("26aa394eea5630e07c48ae0c9558cef780d41e5e16056765bc8461851072c9d7")


@dataclass(frozen=True)
class ForkStep:
    """A block: what is written into storage before it, and the extrinsics that it holds."""

    writes: dict[bytes, bytes | None]
    extrinsics: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class ForkBlock:
    """A block that was made: the version that executed it, its events in SCALE, why extrinsics were refused."""

    number: int
    spec_version: int
    events: bytes
    refusals: tuple[str | None, ...]


@dataclass(frozen=True)
class ForkResult:
    """What some blocks did: values before and after of every key that differs, and the runtime in force at the end."""

    blocks: tuple[ForkBlock, ...]
    changes: dict[bytes, tuple[bytes | None, bytes | None]]
    spec_version: int
    metadata: bytes | None


def run_fork(
    client: ChainClient,
    block: str,
    number: int,
    steps: tuple[ForkStep, ...],
    control: ForkStep,
    *,
    while_set: bytes | None = None,
    most_blocks: int = 1_000,
    timeout_s: float,
) -> tuple[ForkResult, ForkResult]:
    """Makes blocks on a fork of the state after ``block``, and as many others to compare, in another process.

    Args:
        client: the node that has the state.
        block: hash of the block, as ``0x`` hex.
        number: its height.
        steps: the blocks to make.
        control: the first block of the second fork; empty ones follow it, until it has as many as the first.
        while_set: after ``steps``, go on with empty blocks while this storage key has a value.
        most_blocks: how many of these at most.
        timeout_s: deadline of everything.

    Raises:
        SimulationOverdue: it was not done in time.
        SimulationFailed: it broke.
    """
    request = {
        "nodes": list(client.endpoints.urls),
        "block": block,
        "number": number,
        "steps": [_plain(step) for step in steps],
        "control": _plain(control),
        "while_set": _hex(while_set),
        "most_blocks": most_blocks,
        "timeout_s": timeout_s,
    }
    answer = _in_another_process(request, timeout_s)
    return _result(answer["run"]), _result(answer["control"])


def version_of(wasm: Path, *, timeout_s: float = 60.0) -> dict[str, Any]:
    """What a runtime says of itself, as ``state_getRuntimeVersion`` shows it.

    Raises:
        SimulationOverdue: it says nothing in time.
        SimulationFailed: it cannot be run.
        InvalidRuntime: it is no runtime.
    """
    version: dict[str, Any] = _in_another_process({"wasm": str(wasm)}, timeout_s)["version"]
    return version


def _in_another_process(request: dict[str, Any], timeout_s: float) -> Any:
    command = [sys.executable, "-m", "governance._forked"]
    try:
        done = subprocess.run(
            command,
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout_s + _GRACE_S,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SimulationOverdue("the runtime was stopped", subject=f"after {timeout_s:.0f} s") from error
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SimulationFailed("the runtime's process broke", subject=said[-1][:300] if said else None) from error
    if "error" in answer:
        raise _error(answer["error"])
    return answer


def _error(document: dict[str, Any]) -> AssayError:
    kinds = {kind.__name__: kind for kind in _kinds(AssayError)}
    kind = kinds.get(document["error"], SimulationFailed)
    return kind(document["what"], subject=document["subject"], hint=document["hint"])


def _kinds(root: type[AssayError]) -> list[type[AssayError]]:
    return [root, *(kind for child in root.__subclasses__() for kind in _kinds(child))]


def _version(request: dict[str, Any]) -> dict[str, Any]:
    from offchain.devchain import runtime_version

    return {"version": runtime_version(Path(request["wasm"]).read_bytes()).as_json()}


def _run(request: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + request["timeout_s"]
    with ChainClient(request["nodes"]) as client:
        state = RemoteState(client, request["block"], deadline)

        def fork() -> Fork:
            return Fork(state, request["number"], bytes.fromhex(request["block"][2:]))

        changed = fork()
        done = [_step(changed, step) for step in request["steps"]]
        pending = _bytes(request["while_set"])
        while pending is not None and changed.get(pending) is not None:
            if len(done) - len(request["steps"]) >= request["most_blocks"] or time.monotonic() > deadline:
                raise SimulationOverdue("the migration does not end", subject=f"{len(done)} blocks")
            done.append(_seal(changed, ()))
        same = fork()
        control = [_step(same, request["control"]), *(_seal(same, ()) for _ in done[1:])]
        return {"run": _told(state, changed, done), "control": _told(state, same, control)}


def _step(fork: Fork, step: dict[str, Any]) -> ForkBlock:
    for key, value in step["writes"].items():
        fork.set(_bytes(key) or b"", _bytes(value))
    return _seal(fork, tuple(_bytes(one) or b"" for one in step["extrinsics"]))


def _told(state: RemoteState, fork: Fork, blocks: list[ForkBlock]) -> dict[str, Any]:
    return {
        "blocks": [{**asdict(one), "events": _hex(one.events)} for one in blocks],
        "changes": {_hex(key): [_hex(state.get(key)), _hex(value)] for key, value in fork.changes().items()},
        "spec_version": fork.version.spec_version,
        "metadata": _hex(fork.metadata()) if fork.get(_CODE) != state.get(_CODE) else None,
    }


def _plain(step: ForkStep) -> dict[str, Any]:
    writes = {_hex(key): _hex(value) for key, value in step.writes.items()}
    return {"writes": writes, "extrinsics": [_hex(one) for one in step.extrinsics]}


def _result(answer: dict[str, Any]) -> ForkResult:
    blocks = tuple(
        ForkBlock(one["number"], one["spec_version"], _bytes(one["events"]) or b"", tuple(one["refusals"]))
        for one in answer["blocks"]
    )
    changes = {
        _bytes(key) or b"": (_bytes(before), _bytes(after)) for key, (before, after) in answer["changes"].items()
    }
    return ForkResult(blocks, changes, answer["spec_version"], _bytes(answer["metadata"]))


def _seal(fork: Fork, extrinsics: tuple[bytes, ...]) -> ForkBlock:
    version = fork.version.spec_version
    outcomes = fork.seal(extrinsics)
    refusals = tuple(None if one is None else one.text for one in outcomes)
    return ForkBlock(fork.number, version, fork.get(_EVENTS) or b"\0", refusals)


def _hex(data: bytes | None) -> str | None:
    return None if data is None else "0x" + data.hex()


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text[2:])


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, resource.getrlimit(resource.RLIMIT_AS)[1]))
    request = json.loads(sys.stdin.buffer.read())
    try:
        answer = _version(request) if "wasm" in request else _run(request)
    except AssayError as error:
        answer = {"error": error.as_json()}
    except OSError as error:
        answer = {"error": SimulationFailed("the file cannot be read", subject=str(error)).as_json()}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    _main()
