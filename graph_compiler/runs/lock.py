"""A file that is locked as long as its process lives: the system lets go of it on any death."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


class LockHeld(Exception):
    """Another process holds the lock."""


class Lock:
    """An exclusive lock on a file, held from `take` to `release` or the end of the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self) -> None:
        """Take the lock. LockHeld when another process has it."""
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(handle)
        except OSError:
            os.close(handle)
            raise LockHeld(str(self.path)) from None
        self._handle = handle

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._handle is not None

    def release(self, keep_file: bool = False) -> None:
        """Let go; nothing happens when it is not held. `keep_file` leaves the file to others who may be about to take it."""
        if self._handle is None:
            return
        os.close(self._handle)
        self._handle = None
        if not keep_file:
            with contextlib.suppress(OSError):
                self.path.unlink()


def is_held(path: Path) -> bool:
    """Whether a living process holds the lock of this file."""
    if not path.exists():
        return False
    lock = Lock(path)
    try:
        lock.take()
    except LockHeld:
        return True
    except OSError:
        return False
    lock.release(keep_file=True)
    return False


def _lock(handle: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
