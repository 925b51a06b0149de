"""What flows on a wire, and what a column of a data source is."""

from __future__ import annotations

import msgspec

Shape = tuple[int | None, ...]
"""Sizes without the batch axis; None where a size is free."""

INTEGER_DTYPES = frozenset({"int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64"})

COLUMN_KINDS = ("number", "series", "image", "video", "mask", "category", "tokens", "text")
_DTYPES = {"number": "float32", "series": "float32", "image": "uint8", "video": "uint8", "text": "string"}
"""int32 for all others."""


class Column(msgspec.Struct, frozen=True, kw_only=True):
    """One column of a table: its kind fixes dtype and rank (GRAPH.md, "Sources, columns, split")."""

    name: str
    kind: str = "number"
    shape: Shape = ()
    classes: tuple[str, ...] = ()
    """Class names of a category or mask, index by value."""
    vocabulary: tuple[str, ...] = ()
    """Tokens by id, index 0 is padding. Marks (start, end, unknown) have names longer than one character."""
    tokeniser: str = ""
    """What one token of a `tokens` column is: `characters` or `words`; empty where ids come from no text."""
    start: int = 0
    """Id of the start mark, which no row holds: `Shift` puts it before a sequence. 0 is none."""
    end: int = 0
    """Id of the mark behind the last token of every row that is not full. 0 is none."""
    channels: tuple[str, ...] = ()
    """What the last axis of a series or of a vector of numbers holds, by name, in order."""
    unit: str = ""
    typical: float = 0.0
    """How large its numbers are (root of the mean square, the largest of a vector); 0 where it is not known."""
    summary: str = ""

    @property
    def dtype(self) -> str:
        """The dtype the column delivers."""
        return _DTYPES.get(self.kind, "int32")


class Tensor(msgspec.Struct, frozen=True):
    """A symbolic tensor: shape without batch, dtype, whether Keras carries a mask with it, and the column it is, untouched.

    `column` survives only where values keep their meaning (a source's own port, and layers that only pass them on).
    """

    shape: Shape = ()
    dtype: str = "float32"
    masked: bool = False
    column: Column | None = None

    @property
    def rank(self) -> int:
        """Axes without the batch axis."""
        return len(self.shape)

    @property
    def is_float(self) -> bool:
        """Whether values are floating point."""
        return self.dtype.startswith(("float", "bfloat"))

    @property
    def is_integer(self) -> bool:
        """Whether values are whole numbers."""
        return self.dtype in INTEGER_DTYPES

    @property
    def size(self) -> int | None:
        """Numbers in one sample, None when an axis is free."""
        size = 1
        for d in self.shape:
            if d is None:
                return None
            size *= d
        return size

    @property
    def words(self) -> str:
        """The shape for people: `28×28×1`, `1,600`, `one number`, `? × 8` for a free axis."""
        return shape_words(self.shape)


def shape_words(shape: Shape) -> str:
    """A shape for people, `×` between sizes, `?` for a free axis, `scalar` without axes."""
    if not shape:
        return "scalar"
    return "×".join("?" if d is None else f"{d:,}" for d in shape)
