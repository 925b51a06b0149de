"""The real worker with converters that misbehave: `breaking.py FORMAT=crash|hang|full ...`. Run as a script."""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.worker.process import main


def crash(part: Any, path: Path, options: dict[str, Any]) -> None:
    path.write_bytes(b"half")
    os.kill(os.getpid(), signal.SIGSEGV)


def hang(part: Any, path: Path, options: dict[str, Any]) -> None:
    path.write_bytes(b"half")
    threading.Event().wait()


def full(part: Any, path: Path, options: dict[str, Any]) -> None:
    path.write_bytes(b"half")
    raise OSError(errno.ENOSPC, "No space left on device", str(path))


def odd(part: Any, path: Path, options: dict[str, Any]) -> None:
    path.write_bytes(b"half")
    raise ZeroDivisionError("a converter's own words")


if __name__ == "__main__":
    for word in sys.argv[1:]:
        if "=" in word:
            name, _, manner = word.partition("=")
            FORMATS[name] = replace(FORMATS[name], write=globals()[manner])
    sys.exit(main([]))
