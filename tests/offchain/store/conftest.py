"""Stores to test, and a small HTTP server that speaks the parts of Kubo's RPC that we use.

The server is not Kubo. It follows the documented requests and answers of v0.43 (`block/put|get|stat`,
`files/mkdir|cp|mv|rm|ls`, `repo/gc`) so that our requests are held to them at the level of HTTP; the contract runs on
a real daemon when ``ASSAY_KUBO_API`` names one.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterator
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from offchain.store import EmbeddedStore, KuboStore, Store


class Refusal(Exception):
    """An answer with status 500 and Kubo's error object."""


class KuboRpc:
    """Blocks and the tree of mutable files; a file's content is the id it links to."""

    def __init__(self) -> None:
        self.blocks: dict[str, bytes] = {}
        self.files: dict[str, str] = {}
        self.folders = {"/"}
        self.calls: list[str] = []
        self.answers: dict[str, Callable[[], bytes]] = {}
        self.lock = threading.Lock()

    def call(self, name: str, options: dict[str, list[str]], body: bytes) -> bytes:
        with self.lock:
            self.calls.append(name)
            if name in self.answers:
                return self.answers[name]()
            result = getattr(self, name.replace("/", "_"))(options, body)
        return result if isinstance(result, bytes) else json.dumps(result).encode()

    def block_put(self, options: dict[str, list[str]], body: bytes) -> object:
        assert options["cid-codec"] == ["raw"]
        assert options["mhtype"] == ["sha2-256"]
        text = base64.b32encode(b"\x01\x55\x12\x20" + hashlib.sha256(body).digest()).decode().rstrip("=").lower()
        self.blocks["b" + text] = body
        return {"Key": "b" + text, "Size": len(body)}

    def _block(self, cid: str) -> bytes:
        if cid not in self.blocks:
            raise Refusal(f"block was not found locally (offline): ipld: could not find {cid}")
        return self.blocks[cid]

    def block_get(self, options: dict[str, list[str]], body: bytes) -> object:
        return self._block(options["arg"][0])

    def block_stat(self, options: dict[str, list[str]], body: bytes) -> object:
        assert options["offline"] == ["true"]
        cid = options["arg"][0]
        return {"Key": cid, "Size": len(self._block(cid))}

    def files_mkdir(self, options: dict[str, list[str]], body: bytes) -> object:
        path = options["arg"][0]
        assert options["parents"] == ["True"]
        while path != "/":
            self.folders.add(path)
            path = path.rpartition("/")[0] or "/"
        return b""

    def files_cp(self, options: dict[str, list[str]], body: bytes) -> object:
        source, target = options["arg"]
        if target in self.files:
            raise Refusal("cp: cannot put node in path: directory already has entry by that name")
        if target.rpartition("/")[0] not in self.folders:
            raise Refusal("cp: cannot put node in path: file does not exist")
        self._block(source.removeprefix("/ipfs/"))
        self.files[target] = source.removeprefix("/ipfs/")
        return b""

    def files_mv(self, options: dict[str, list[str]], body: bytes) -> object:
        source, target = options["arg"]
        if source not in self.folders:
            raise Refusal("file does not exist")
        self.files = {self._moved(path, source, target): cid for path, cid in self.files.items()}
        self.folders = {self._moved(path, source, target) for path in self.folders}
        return b""

    @staticmethod
    def _moved(path: str, source: str, target: str) -> str:
        return target + path[len(source) :] if path == source or path.startswith(source + "/") else path

    def files_rm(self, options: dict[str, list[str]], body: bytes) -> object:
        path = options["arg"][0]
        assert options["recursive"] == ["True"]  # Go reads it as true
        if path not in self.folders:
            return f"{path}: file does not exist"
        self.files = {each: cid for each, cid in self.files.items() if not each.startswith(path + "/")}
        self.folders = {each for each in self.folders if each != path and not each.startswith(path + "/")}
        return b""

    def files_stat(self, options: dict[str, list[str]], body: bytes) -> object:
        if options["arg"][0] not in self.folders:
            raise Refusal("file does not exist")
        return {"Hash": "", "Size": 0, "CumulativeSize": 0, "Blocks": 0, "Type": "directory"}

    def files_ls(self, options: dict[str, list[str]], body: bytes) -> object:
        path = options["arg"][0]
        if path not in self.folders:
            raise Refusal("file does not exist")
        below = [*self.files, *(self.folders - {"/"})]
        names = sorted(each.rpartition("/")[2] for each in below if each.rpartition("/")[0] == path)
        return {"Entries": [{"Name": name, "Type": 0, "Size": 0, "Hash": ""} for name in names] or None}

    def repo_gc(self, options: dict[str, list[str]], body: bytes) -> object:
        removed = set(self.blocks) - set(self.files.values())
        for cid in removed:
            del self.blocks[cid]
        return b"".join(json.dumps({"Key": {"/": cid}}).encode() + b"\n" for cid in sorted(removed))


def _handler(rpc: KuboRpc) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            url = urlsplit(self.path)
            try:
                status, answer = 200, rpc.call(url.path.removeprefix("/api/v0/"), parse_qs(url.query), self._body())
            except Refusal as error:
                status, answer = 500, json.dumps({"Message": str(error), "Code": 0, "Type": "error"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                self.wfile.write(answer)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding") == "chunked":
                pieces = []
                while size := int(self.rfile.readline(), 16):
                    pieces.append(self.rfile.read(size))
                    self.rfile.readline()
                self.rfile.readline()
                body = b"".join(pieces)
            else:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            kind = self.headers.get("Content-Type", "")
            if not kind.startswith("multipart/form-data"):
                return body
            boundary = BytesParser().parsebytes(f"Content-Type: {kind}\n\n".encode()).get_param("boundary")
            part = body.split(f"--{boundary}".encode())[1]
            return part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")

        def log_message(self, *arguments: object) -> None:
            """Keep quiet."""

    return Handler


@pytest.fixture
def kubo_rpc() -> Iterator[tuple[KuboRpc, str]]:
    """The stand-in's state and its address."""
    rpc = KuboRpc()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(rpc))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield rpc, f"/ip4/127.0.0.1/tcp/{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(params=["embedded", "kubo", "kubo_rpc_stand_in"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Every store that the contract is run on."""
    if request.param == "embedded":
        return EmbeddedStore(tmp_path / "store", grace_s=0)
    if request.param == "kubo":
        address = os.environ.get("ASSAY_KUBO_API")
        if not address:
            pytest.skip(
                "NOT RUN on a real Kubo: set ASSAY_KUBO_API to the RPC multiaddr of a daemon that may be emptied"
            )
        return KuboStore(address)
    return KuboStore(request.getfixturevalue("kubo_rpc")[1])
