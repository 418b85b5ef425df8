"""From a runtime blob to a compiled module, through a cache on disk."""

from __future__ import annotations

import contextlib
import os
import tempfile
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import wasmtime
import zstandard

from ._executor_errors import InvalidRuntime
from ._executor_globals import expose_mutable_globals

__all__ = ["compiled_module", "default_cache", "plain_wasm", "runtime_engine"]

_COMPRESSED: Final = bytes.fromhex("52bc537646db8e05")
"""``sp_maybe_compressed_blob::ZSTD_PREFIX``."""

_PLAIN_LIMIT_BYTES: Final = 50 * 1024 * 1024
_STACK_BYTES: Final = 2 * 1024 * 1024
_FORM: Final = "2"
"""Changes when the module is prepared differently before it is compiled."""


def default_cache() -> Path:
    """Where compiled modules are kept: ``ASSAY_CACHE``, else ``~/.cache/assay``."""
    return Path(os.environ.get("ASSAY_CACHE") or Path.home() / ".cache" / "assay") / "wasmtime"


def plain_wasm(blob: bytes) -> bytes:
    """The Wasm of a blob that may be compressed; InvalidRuntime past 50 MiB or when it does not decompress."""
    if not blob.startswith(_COMPRESSED):
        return blob
    reader = zstandard.ZstdDecompressor().stream_reader(blob[len(_COMPRESSED) :])
    try:
        wasm = reader.read(_PLAIN_LIMIT_BYTES + 1)
    except zstandard.ZstdError as error:
        raise InvalidRuntime("the compressed runtime does not decompress", hint=str(error)) from error
    if len(wasm) > _PLAIN_LIMIT_BYTES:
        raise InvalidRuntime("the runtime is larger than 50 MiB")
    return wasm


def runtime_engine() -> Any:
    """The engine all runtimes are compiled for."""
    config = wasmtime.Config()
    config.max_wasm_stack = _STACK_BYTES
    # Ray and faulthandler take over the signals by which traps would be told: a panic would then end the process.
    config.signals_based_traps = False
    return wasmtime.Engine(config)


def compiled_module(engine: Any, blob: bytes, cache: Path | None) -> Any:
    """The compiled runtime; kept in ``cache`` under its hash and wasmtime's version, unless that is None."""
    if cache is None:
        return _compiled(engine, blob)
    name = f"{blake2b(blob, digest_size=16).hexdigest()}-{version('wasmtime')}-{_FORM}.cwasm"
    path = cache / name
    if path.is_file():
        with contextlib.suppress(wasmtime.WasmtimeError):  # cut short, or of another processor: compiled again
            return wasmtime.Module.deserialize_file(engine, str(path))
    module = _compiled(engine, blob)
    _write_atomically(path, bytes(module.serialize()))
    return module


def _compiled(engine: Any, blob: bytes) -> Any:
    try:
        return wasmtime.Module(engine, expose_mutable_globals(plain_wasm(blob)))
    except wasmtime.WasmtimeError as error:
        raise InvalidRuntime("the runtime does not compile", hint=str(error)) from error


def _write_atomically(path: Path, data: bytes) -> None:
    """A cache that cannot be written costs time, not the chain."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
            Path(temporary).replace(path)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
