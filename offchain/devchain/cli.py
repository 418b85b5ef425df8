"""The embedded chain: run it, look at it, export its blocks, write chain specs."""

from __future__ import annotations

import json
import os
import signal
import threading
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from offchain.cli.errors import MalformedValue
from offchain.cli.options import DEFAULT_NODE, AsJson
from offchain.cli.options import Node as NodeUrl
from offchain.cli.output import emit, note, prints, progress

from ._chain import DevChain
from ._errors import NodeSilent, SpecUnreadable
from ._export import export_blocks, import_blocks
from ._node import Node
from ._spec import ChainSpec, default_spec
from ._worker import Sealing

__all__ = ["app"]

app = typer.Typer(no_args_is_help=True)

_TIMEOUT_S: Final = 10.0


@dataclass(frozen=True)
class Running:
    """A chain that serves."""

    websocket: str
    http: str
    chain: str
    genesis: str
    height: int
    sealing: str
    folder: str | None


@dataclass(frozen=True)
class ChainStatus:
    """What a node says about its chain."""

    chain: str
    node: str
    version: str
    runtime: str
    genesis: str
    height: int
    finalized: int
    pending: int


@dataclass(frozen=True)
class Exported:
    """A file of blocks."""

    file: str
    blocks: int


@dataclass(frozen=True)
class Imported:
    """Blocks that a chain executed and keeps."""

    blocks: int
    height: int


@dataclass(frozen=True)
class SpecWritten:
    """A raw chain spec."""

    file: str
    name: str
    keys: int


def _default_folder() -> Path:
    return Path(os.environ.get("ASSAY_HOME") or Path.home() / ".assay") / "chain"


def _stop_signal() -> threading.Event:
    """Is set by Ctrl-C and by SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: stopped.set())
    return stopped


def _request(node: str, method: str, params: list[object]) -> Any:
    """One JSON-RPC call over HTTP, which nodes serve on the port of their WebSocket."""
    url = node.replace("wss://", "https://", 1).replace("ws://", "http://", 1)
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    if not url.startswith(("http://", "https://")):
        raise MalformedValue("a node's address begins with ws:// or wss://", subject=node)
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})  # noqa: S310 - checked above
    try:
        with urllib.request.urlopen(request, timeout=_TIMEOUT_S) as answer:  # noqa: S310
            reply = json.load(answer)
    except (OSError, ValueError) as error:
        raise NodeSilent(
            f"the node does not answer: {error}", subject=node, hint="start one: assay chain up"
        ) from error
    if "error" in reply:
        raise NodeSilent(f"the node refused {method}: {reply['error']['message']}", subject=node)
    return reply["result"]


_Folder = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Folder of the chain [~/.assay/chain].")]
_SpecFile = Annotated[
    Path | None, typer.Option("--spec", metavar="FILE", help="Raw chain spec (the development chain).")
]


@app.command()
def up(
    ephemeral: Annotated[bool, typer.Option("--ephemeral", help="Keep nothing.")] = False,
    data: _Folder = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port on 127.0.0.1; 0 takes a free one.")] = 9944,
    seal: Annotated[Sealing, typer.Option(help="When blocks are made.")] = Sealing.INTERVAL,
    block_time: Annotated[float, typer.Option(min=0.01, metavar="S", help="Seconds between blocks.")] = 0.5,
    spec: _SpecFile = None,
    as_json: AsJson = False,
) -> None:
    """Run the chain until Ctrl-C."""
    if ephemeral and data is not None:
        raise MalformedValue("an ephemeral chain has no folder", subject=str(data), hint="leave out one of the two")
    folder = None if ephemeral else data or _default_folder()
    chosen = ChainSpec.load(spec) if spec is not None else _stored_or_default(folder)
    stopped = _stop_signal()
    with DevChain(chosen, folder) as chain, Node(chain, sealing=seal, block_time_s=block_time, port=port) as node:
        running = Running(
            websocket=node.ws_url,
            http=node.http_url,
            chain=chain.name,
            genesis="0x" + chain.genesis_hash.hex(),
            height=chain.height,
            sealing=seal,
            folder=None if folder is None else str(folder),
        )
        emit(running, Running, as_json=as_json)
        stopped.wait()
        note(f"stopped at block {chain.height}")


def _stored_or_default(folder: Path | None) -> ChainSpec | None:
    """The development chain for a new folder; None, which is whatever chain it holds, for one with a chain."""
    return None if folder is not None and (folder / "chain.sqlite").is_file() else default_spec()


up.__assay_record__ = Running  # type: ignore[attr-defined]


@app.command()
@prints(ChainStatus)
def status(node: NodeUrl = DEFAULT_NODE) -> ChainStatus:
    """Say where a node stands: the first, where several are named."""
    first = next(iter(",".join(node).replace(",", " ").split()), "")

    def ask(method: str, *params: object) -> Any:
        return _request(first, method, list(params))

    runtime = ask("state_getRuntimeVersion")
    return ChainStatus(
        chain=ask("system_chain"),
        node=ask("system_name"),
        version=ask("system_version"),
        runtime=f"{runtime['specName']} {runtime['specVersion']}",
        genesis=ask("chain_getBlockHash", 0),
        height=int(ask("chain_getHeader")["number"], 16),
        finalized=int(ask("chain_getHeader", ask("chain_getFinalizedHead"))["number"], 16),
        pending=len(ask("author_pendingExtrinsics")),
    )


@app.command()
@prints(Exported)
def export(
    file: Annotated[Path, typer.Argument(help="Where to write the blocks.")],
    data: _Folder = None,
    first: Annotated[int, typer.Option("--from", min=1, help="First block.")] = 1,
    last: Annotated[int | None, typer.Option("--to", min=1, help="Last block (the chain's last).")] = None,
) -> Exported:
    """Write blocks as a native node imports them (`import-blocks --binary`). The chain must not be running."""
    with DevChain(None, data or _default_folder()) as chain:
        total = (last or chain.height) - first + 1
        with file.open("wb") as stream, progress("blocks", total) as done:
            written = export_blocks(chain, stream, first, last, lambda number: done(number - first + 1))
    return Exported(str(file), written)


@app.command("import")
@prints(Imported)
def import_(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="Written by `export`, or a native `export-blocks --binary`."),
    ],
    spec: _SpecFile = None,
    data: _Folder = None,
) -> Imported:
    """Execute a file's blocks and keep them. The chain must not be running."""
    folder = data or _default_folder()
    chosen = ChainSpec.load(spec) if spec is not None else _stored_or_default(folder)
    with DevChain(chosen, folder) as chain, file.open("rb") as stream:
        return Imported(import_blocks(chain, stream), chain.height)


@app.command("build-spec")
@prints(SpecWritten)
def build_spec(
    file: Annotated[Path, typer.Argument(help="Where to write the raw chain spec.")],
    wasm: Annotated[Path | None, typer.Option(help="Runtime (that of the development chain).")] = None,
    preset: Annotated[str, typer.Option(help="Genesis preset of the runtime.")] = "development",
) -> SpecWritten:
    """Write the raw chain spec of a runtime's preset."""
    try:
        code = wasm.read_bytes() if wasm is not None else default_spec().state.get(b":code") or b""
    except OSError as error:
        raise SpecUnreadable(f"the runtime cannot be read: {error.strerror}", subject=str(wasm)) from error
    spec = ChainSpec.from_runtime(code, preset)
    file.write_text(json.dumps(spec.as_json(), indent=2) + "\n")
    return SpecWritten(str(file), spec.name, len(spec.state))
