"""Flatbuffers without repetition: every string, vector and table that is equal to one before is referred to, not written again.

Readers follow references, so it is nothing to them whether two come to the same place. Bytes begin at multiples of 16, as the
schema of TensorFlow Lite asks for weights; the generated Python code forgets that.
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np

ALIGNED = 16
"""Where the bytes of weights begin."""


class SharingBuilder(flatbuffers.Builder):  # type: ignore[misc]
    """A builder for `Pack` of generated object classes. Tables are written when they end, if they are new."""

    def __init__(self, room: int) -> None:
        super().__init__(room)
        self._written: dict[tuple[Any, ...], int] = {}
        self._slots: list[tuple[Any, ...]] = []
        self._size = 0

    def CreateString(self, s: Any, encoding: str = "utf-8", errors: str = "strict") -> int:
        key = ("string", s.encode(encoding, errors) if isinstance(s, str) else bytes(s))
        if key not in self._written:
            self._written[key] = super().CreateString(s, encoding, errors)
        return self._written[key]

    def CreateNumpyVector(self, x: Any) -> int:
        key = (x.dtype.str, x.tobytes())
        if key not in self._written:
            if x.dtype == np.uint8:
                self.Prep(ALIGNED, x.size)
            self._written[key] = super().CreateNumpyVector(x)
        return self._written[key]

    def StartObject(self, numfields: int) -> None:
        self._size, self._slots = numfields, []

    def PrependSlot(self, flags: Any, o: int, x: Any, d: Any) -> None:
        if x != d:
            self._slots.append((flags, o, x))

    def PrependUOffsetTRelativeSlot(self, o: int, x: int, d: int) -> None:
        if x != d:
            self._slots.append((None, o, x))

    def EndObject(self) -> int:
        key = (self._size, *self._slots)
        if key not in self._written:
            self._written[key] = self._table()
        return self._written[key]

    def _table(self) -> int:
        super().StartObject(self._size)
        for flags, slot, value in self._slots:
            if flags is None:
                super().PrependUOffsetTRelativeSlot(slot, value, 0)
            else:
                self.Prepend(flags, value)
                self.Slot(slot)
        return int(super().EndObject())


def packed(model: Any, identifier: bytes, room: int = 1024) -> bytes:
    """The bytes of a generated object."""
    builder = SharingBuilder(room)
    builder.Finish(model.Pack(builder), identifier)
    return bytes(builder.Output())
