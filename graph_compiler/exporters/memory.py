"""By how much a process grows at most while something runs; Linux keeps that figure and lets it start over."""

from __future__ import annotations

import contextlib
import ctypes
from contextlib import AbstractContextManager
from pathlib import Path
from types import TracebackType

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_START_OVER = "5"


class Peak(AbstractContextManager["Peak"]):
    """Measures its body. `bytes` is None where the system does not tell, and no less than 0 elsewhere."""

    def __init__(self) -> None:
        self.bytes: int | None = None
        self._before: int | None = None

    def __enter__(self) -> Peak:
        _return_what_is_free()
        with contextlib.suppress(OSError):
            _RESET.write_text(_START_OVER)
            self._before = _kilobytes("VmRSS")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        after = _kilobytes("VmHWM") if self._before is not None else None
        if after is not None and self._before is not None:
            self.bytes = max(0, after - self._before) * 1024


def _return_what_is_free() -> None:
    """Give free memory back to the system, so that what is taken next is seen."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)


def _kilobytes(name: str) -> int | None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in _STATUS.read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    return None
