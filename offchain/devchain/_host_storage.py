"""Storage host functions (``sp_io::storage``)."""

from __future__ import annotations

from offchain.scale import decode_vec, option

from ._executor_errors import HostFunctionError
from ._host import Host, Kind, host_function, logger
from ._overlay import Removal

__all__: list[str] = []

_CHILD_PREFIX = b":child_storage:"
_B, _U32 = Kind.BYTES, Kind.U32
_NONE = b"\x00"


@host_function("ext_storage_get_version_1", _B, returns=_B)
def _get(host: Host, key: bytes) -> bytes:
    return option(host.overlay.get(key))


@host_function("ext_storage_read_version_1", _B, Kind.U64, _U32, returns=_B)
def _read(host: Host, key: bytes, out: int, offset: int) -> bytes:
    """Copies the value from ``offset`` on into ``out``; returns how many bytes it has from there, as an option."""
    value = host.overlay.get(key)
    if value is None:
        return _NONE
    host.memory.write(out & 0xFFFFFFFF, value[offset : offset + (out >> 32)])
    return b"\x01" + max(0, len(value) - offset).to_bytes(4, "little")


@host_function("ext_storage_set_version_1", _B, _B)
def _set(host: Host, key: bytes, value: bytes) -> None:
    if key.startswith(_CHILD_PREFIX):
        logger.warning("refused to set a child storage key directly")
        return
    host.overlay.set(key, value)


@host_function("ext_storage_clear_version_1", _B)
def _clear(host: Host, key: bytes) -> None:
    if key.startswith(_CHILD_PREFIX):
        logger.warning("refused to clear a child storage key directly")
        return
    host.overlay.set(key, None)


@host_function("ext_storage_exists_version_1", _B, returns=_U32)
def _exists(host: Host, key: bytes) -> int:
    return int(host.overlay.get(key) is not None)


@host_function("ext_storage_next_key_version_1", _B, returns=_B)
def _next_key(host: Host, key: bytes) -> bytes:
    return option(host.overlay.next_key(key))


@host_function("ext_storage_append_version_1", _B, _B)
def _append(host: Host, key: bytes, element: bytes) -> None:
    host.overlay.append(key, element)


def _clear_up_to(host: Host, prefix: bytes, limit: int | None, cursor: bytes | None) -> Removal:
    if prefix.startswith(_CHILD_PREFIX) or _CHILD_PREFIX.startswith(prefix):
        logger.warning("refused to clear a prefix that holds child storage keys")
        return Removal(None, 0, 0, 0)
    return host.overlay.clear_prefix(prefix, limit, cursor)


def _limit(encoded: bytes) -> int | None:
    return int.from_bytes(encoded[1:5], "little") if encoded[:1] == b"\x01" else None


@host_function("ext_storage_clear_prefix_version_1", _B)
def _clear_prefix(host: Host, prefix: bytes) -> None:
    _clear_up_to(host, prefix, None, None)


@host_function("ext_storage_clear_prefix_version_2", _B, _B, returns=_B)
def _clear_prefix_limited(host: Host, prefix: bytes, limit: bytes) -> bytes:
    """``KillStorageResult``: all removed or some remaining, with the number of state keys looked at."""
    removal = _clear_up_to(host, prefix, _limit(limit), None)
    return (_NONE if removal.cursor is None else b"\x01") + removal.loops.to_bytes(4, "little")


@host_function("ext_storage_clear_prefix_version_3", _B, _B, _B, returns=_B)
def _clear_prefix_from(host: Host, prefix: bytes, limit: bytes, cursor: bytes) -> bytes:
    """``MultiRemovalResults``."""
    start = decode_vec(cursor, 1)[0] if cursor[:1] == b"\x01" else None
    removal = _clear_up_to(host, prefix, _limit(limit), start)
    counts = removal.backend, removal.unique, removal.loops
    return option(removal.cursor) + b"".join(count.to_bytes(4, "little") for count in counts)


@host_function("ext_storage_root_version_2", _U32, returns=_B)
def _root(host: Host, version: int) -> bytes:
    if version != 1:
        raise HostFunctionError(
            "the embedded chain keeps its state in layout 1", subject=f"storage root in layout {version}"
        )
    return host.overlay.root()


@host_function("ext_storage_root_version_1", returns=_B)
def _root_layout_0(host: Host) -> bytes:
    return _root(host, 0)


@host_function("ext_storage_changes_root_version_1", _B, returns=_B)
def _changes_root(_host: Host, _parent: bytes) -> bytes:
    return _NONE


@host_function("ext_storage_start_transaction_version_1")
def _start(host: Host) -> None:
    host.overlay.start()


def _inside(host: Host) -> None:
    if host.overlay.depth <= host.floor:
        raise HostFunctionError("the runtime closed a transaction that it had not opened")


@host_function("ext_storage_commit_transaction_version_1")
def _commit(host: Host) -> None:
    _inside(host)
    host.overlay.commit()


@host_function("ext_storage_rollback_transaction_version_1")
def _rollback(host: Host) -> None:
    _inside(host)
    host.overlay.rollback()
