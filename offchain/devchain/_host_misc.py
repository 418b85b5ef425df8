"""Logging, panics, printing, tracing, versions, and functions whose effect lies outside the chain."""

from __future__ import annotations

import logging

from offchain.scale import option

from ._executor_errors import RuntimeTrap
from ._host import Host, Kind, fixed, host_function, logger

__all__: list[str] = []

_B, _U32, _U64 = Kind.BYTES, Kind.U32, Kind.U64

_LEVELS = (logging.ERROR, logging.WARNING, logging.INFO, logging.DEBUG, 5)
"""Error, warn, info, debug and trace."""


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


@host_function("ext_logging_log_version_1", _U32, _B, _B)
def _log(host: Host, level: int, target: bytes, message: bytes) -> None:
    """A panic comes as an error of the target ``runtime``, followed by a trap: the host keeps what it says."""
    if level == 0:
        host.errors.append(_text(message))
    logger.log(_LEVELS[min(level, 4)], "%s: %s", _text(target), _text(message))


@host_function("ext_logging_max_level_version_1", returns=_U32)
def _max_level(_host: Host) -> int:
    """``LogLevelFilter``: 0 is off, 1 error, up to 5 trace."""
    return sum(logger.isEnabledFor(level) for level in _LEVELS)


@host_function("ext_panic_handler_abort_on_panic_version_1", _B)
def _abort(_host: Host, message: bytes) -> None:
    raise RuntimeTrap(f"the runtime panicked: {_text(message)}")


@host_function("ext_misc_print_num_version_1", _U64)
def _print_num(_host: Host, number: int) -> None:
    logger.debug("%d", number)


@host_function("ext_misc_print_utf8_version_1", _B)
def _print_utf8(_host: Host, text: bytes) -> None:
    logger.debug("%s", _text(text))


@host_function("ext_misc_print_hex_version_1", _B)
def _print_hex(_host: Host, data: bytes) -> None:
    logger.debug("%s", data.hex())


@host_function("ext_misc_runtime_version_version_1", _B, returns=_B)
def _runtime_version(host: Host, wasm: bytes) -> bytes:
    """The SCALE-encoded version of another runtime, or None if it has none: an upgrade is checked by it."""
    return option(host.runtime_version(wasm))


@host_function("ext_wasm_tracing_enabled_version_1", _B, returns=_U32)
def _tracing_enabled(_host: Host, _metadata: bytes) -> int:
    return 0


@host_function("ext_wasm_tracing_enter_span_version_1", _B, returns=_U64)
def _enter_span(_host: Host, _span: bytes) -> int:
    return 0


@host_function("ext_wasm_tracing_event_version_1", _B)
def _event(_host: Host, _event_data: bytes) -> None:
    return


@host_function("ext_wasm_tracing_exit_version_1", _U64)
def _exit_span(_host: Host, _span: int) -> None:
    return


@host_function("ext_offchain_index_set_version_1", _B, _B)
def _index_set(_host: Host, _key: bytes, _value: bytes) -> None:
    """Offchain indexing is off, as it is in a native node by default; the chain cannot see the difference."""


@host_function("ext_offchain_index_clear_version_1", _B)
def _index_clear(_host: Host, _key: bytes) -> None:
    """See ``_index_set``."""


@host_function("ext_transaction_index_index_version_1", _U32, _U32, fixed(32))
def _index_transaction(_host: Host, _extrinsic: int, _size: int, _content: bytes) -> None:
    """Blocks are kept whole, so there is nothing to index."""


@host_function("ext_transaction_index_renew_version_1", _U32, fixed(32))
def _renew_transaction(_host: Host, _extrinsic: int, _content: bytes) -> None:
    """See ``_index_transaction``."""
