"""Types of a chain's runtime, decoded once for each (genesis, spec version) and shared by every connection."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset
from scalecodec.types import U8, BoundedVec, HexBytes, Vec

from offchain.chain.errors import Undecodable

__all__ = ["SS58_PREFIX", "Runtime", "RuntimeCache", "runtime_api"]

SS58_PREFIX = 42
ARTIFACTS = Path(__file__).resolve().parents[2] / "runtime-specs" / "artifacts"


class _PlainVec(Vec):  # type: ignore[misc]
    """A vector whose bytes are always hex: the library guesses text, and so takes the bytes "0x41" for "A"."""

    def process(self) -> Any:
        if self.runtime_config.get_decoder_class(self.sub_type) is not U8:
            return super().process()
        self.value_object = self.get_next_bytes(self.process_type("Compact<u32>").value)
        return f"0x{self.value_object.hex()}"


class _PlainBoundedVec(_PlainVec, BoundedVec):  # type: ignore[misc]
    """A bounded vector as a vector: the library knows it under paths of older SDKs only."""


_OURS = {
    "vec": _PlainVec,
    "bytes": HexBytes,
    "*::bounded_vec::boundedvec": _PlainBoundedVec,
}


class _Types(RuntimeConfigurationObject):  # type: ignore[misc]
    """Types of one runtime.

    The library tells a decoder which runtime it belongs to by an attribute of its class, and most classes are shared.
    With two runtimes in a process, as in the minutes of an upgrade, one thread's values were encoded by the types of
    another's. Here each decoder is told for itself.
    """

    def create_scale_object(self, type_string: str, data: ScaleBytes | None = None, **options: Any) -> Any:
        """A decoder of a type; see the library."""
        decoder = self.get_decoder_class(type_string)
        if decoder is None:
            raise NotImplementedError(f'Decoder class for "{type_string}" not found')
        made = decoder.__new__(decoder)
        made.runtime_config = self
        made.__init__(data=data, **options)
        return made


@dataclass(frozen=True)
class Runtime:
    """What it takes to speak to one version of one chain's runtime."""

    genesis: str
    spec_version: int
    metadata: Any
    config: Any

    @classmethod
    def of(cls, genesis: str, spec_version: int, metadata: str) -> Runtime:
        """Decodes SCALE metadata, given as hex. Takes about a second."""
        config = _Types(ss58_format=SS58_PREFIX, implements_scale_info=True)
        config.update_type_registry(load_type_registry_preset("core"))
        try:
            decoded = config.create_scale_object("MetadataVersioned", data=ScaleBytes(metadata))
            decoded.decode()
        except Exception as error:
            raise Undecodable("the node's metadata cannot be read", subject=genesis, hint=str(error)[:200]) from error
        config.type_registry["types"].update(_OURS)
        config.add_portable_registry(decoded)
        config.set_active_spec_version_id(spec_version)
        config.update_type_registry_types({"Weight": "sp_weights::weight_v2::Weight"})
        for api in runtime_api().values():
            config.update_type_registry_types(api["types"])
        return cls(genesis, spec_version, decoded, config)

    def decode(self, type_string: str, data: bytes | str) -> Any:
        """The value that SCALE bytes of a type stand for."""
        value = self.config.create_scale_object(type_string, data=ScaleBytes(data), metadata=self.metadata)
        return value.decode()

    def encode(self, type_string: str, value: Any) -> bytes:
        """The SCALE bytes of a value of a type."""
        scale = self.config.create_scale_object(type_string, metadata=self.metadata)
        return bytes(scale.encode(value).data)


class RuntimeCache:
    """Runtimes by (genesis, spec version), for all threads of the process."""

    def __init__(self) -> None:
        self._runtimes: dict[tuple[str, int], Runtime] = {}
        self._lock = threading.Lock()

    def get(self, genesis: str, spec_version: int, fetch: Any) -> Runtime:
        """The runtime; ``fetch()`` gives its metadata as hex where it is not known yet."""
        with self._lock:
            runtime = self._runtimes.get((genesis, spec_version))
            if runtime is None:
                runtime = Runtime.of(genesis, spec_version, fetch())
                self._runtimes[genesis, spec_version] = runtime
            return runtime


@cache
def runtime_api() -> dict[str, Any]:
    """Methods and types of the runtime's APIs by name, as ``make runtime`` writes them from metadata V15."""
    loaded: dict[str, Any] = json.loads((ARTIFACTS / "runtime_api.json").read_text(encoding="utf-8"))["runtime_api"]
    return loaded
