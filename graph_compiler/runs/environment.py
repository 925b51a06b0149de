"""What a run ran on: versions, system, processors, memory. Reads package metadata only, so nothing heavy is imported."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

PACKAGES = ("netloom", "tensorflow", "keras", "numpy", "ai-edge-litert", "onnx", "tf2onnx", "onnxruntime", "scikit-learn",
            "msgspec", "PySide6-Essentials", "pyqtgraph")


def version_of(package: str) -> str:
    """The installed version, empty when it is not installed."""
    from importlib import metadata  # only when asked: it takes longer to import than all around it

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def environment() -> dict[str, Any]:
    """Facts for environment.json, the same within one process."""
    total, _ = memory()
    return {"python": platform.python_version(), "system": platform.platform(), "machine": platform.machine(),
            "threads": threads(), "memory": total,
            "packages": {name: version for name in PACKAGES if (version := version_of(name))}}


def threads() -> int:
    """Processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def memory() -> tuple[int, int]:
    """Bytes of main memory in all and free to use; zeros where the system does not say."""
    try:
        if sys.platform == "linux":
            return _linux_memory(Path("/proc/meminfo").read_text())
        if sys.platform == "win32":
            return _windows_memory()
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (OSError, ValueError, AttributeError):
        return 0, 0
    return total, 0


def _linux_memory(text: str) -> tuple[int, int]:
    values = {line.partition(":")[0]: int(line.split()[1]) * 1024 for line in text.splitlines() if line.endswith("kB")}
    return values["MemTotal"], values.get("MemAvailable", 0)


def _windows_memory() -> tuple[int, int]:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in ("total", "free", "page", "page_free", "virtual", "virtual_free", "more")]

    status = Status()
    status.length = ctypes.sizeof(Status)
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined]
    return int(status.total), int(status.free)
