"""A class at each of several places of a row (pixels of a mask, letters with tags): what is true, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from graph_compiler.arrays import np

PADDING = "padding"
"""What the empty name of token 0 is called."""


def class_numbers(prediction: np.ndarray, target: np.ndarray, yes_no: bool, logits: bool) -> tuple[np.ndarray, np.ndarray]:
    """Said and true class numbers [rows, places...] in their smallest dtype.

    `prediction` has scores on its last axis, or one number a place where it is `yes_no`, or is class numbers already;
    `target` has class numbers, with or without a last axis of size 1, or one-hot rows.
    """
    prediction, target = np.asarray(prediction), np.asarray(target)
    if np.issubdtype(prediction.dtype, np.integer):
        said = prediction
    elif yes_no:
        last = prediction[..., 0] if prediction.ndim > 2 and prediction.shape[-1] == 1 else prediction
        said = last > (0.0 if logits else 0.5)
    else:
        said = prediction.argmax(axis=-1)
    one_hot = target.ndim > said.ndim and target.shape[-1] > 1
    true = target.argmax(axis=-1) if one_hot else target.reshape(said.shape)
    return _small(said), _small(true)


def _small(numbers: np.ndarray) -> np.ndarray:
    whole = np.asarray(numbers).astype(np.int64)
    low, high = (int(whole.min()), int(whole.max())) if whole.size else (0, 0)
    return whole.astype(np.promote_types(np.min_scalar_type(low), np.min_scalar_type(high)))


@dataclass(frozen=True)
class Places:
    """`said` and `true` are class numbers [rows, places...], `every` the name of each number.

    Where class 0 has no name it is the padding of a text: places that have it are not counted.
    """

    said: np.ndarray
    true: np.ndarray
    every: tuple[str, ...]

    @property
    def axes(self) -> int:
        """How many axes the places of a row have: 1 of a text or series, 2 of a picture."""
        return self.true.ndim - 1

    @cached_property
    def counted(self) -> np.ndarray:
        """Which places count, bool [rows, places...]."""
        known = (self.true >= 0) & (self.true < len(self.every))
        return np.asarray(known & (self.true != 0) if self.every[:1] == ("",) else known)

    @cached_property
    def wrong(self) -> np.ndarray:
        """Which places are wrong, bool [rows, places...]."""
        return np.asarray((self.said != self.true) & self.counted)

    def wrong_shares(self) -> np.ndarray:
        """The share of wrong places among those that count, float [rows]; 0 of a row without any."""
        wrong, counted = (part.reshape(len(part), -1).sum(axis=1) for part in (self.wrong, self.counted))
        return np.asarray(wrong / np.maximum(counted, 1))

    def accuracy(self) -> float:
        """The share of places that are right; NaN without places."""
        total = int(self.counted.sum())
        return 1.0 - int(self.wrong.sum()) / total if total else float("nan")

    # By class. Of a text only the tokens that come are classes.

    @cached_property
    def _pairs(self) -> tuple[np.ndarray, np.ndarray]:
        return self.true[self.counted].astype(np.int64), self.said[self.counted].astype(np.int64)

    @cached_property
    def shown(self) -> tuple[int, ...]:
        """Numbers of the classes that figures are given of."""
        if self.every[:1] != ("",):
            return tuple(range(len(self.every)))
        return tuple(int(i) for i in np.union1d(*self._pairs) if i < len(self.every))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the classes that figures are given of."""
        return tuple(self.every[i] or PADDING for i in self.shown)

    def confusion(self) -> np.ndarray:
        """Counts [names, names]: how many places of a true class (down) were read as which (across)."""
        place = np.full(len(self.every), -1)
        place[list(self.shown)] = np.arange(len(self.shown))
        true, said = (place[part] for part in self._pairs)
        size = len(self.shown)
        return np.bincount(true * size + said, minlength=size * size).reshape(size, size)

    def per_class(self) -> list[dict[str, float]]:
        """Precision, recall, f1, iou (intersection over union) and count of places of each name; NaN where there is none."""
        pairs, size = self._pairs, len(self.every)
        true, said = (np.bincount(part, minlength=size).astype(np.float64) for part in pairs)
        hits = np.bincount(pairs[0][pairs[0] == pairs[1]], minlength=size).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            columns = {"precision": hits / said, "recall": hits / true, "f1": 2 * hits / (true + said),
                       "iou": hits / (true + said - hits), "count": true}
        return [{key: float(values[i]) for key, values in columns.items()} for i in self.shown]

    def in_cell(self, true: int, said: int) -> np.ndarray:
        """How many places of each row are of one cell of the confusion, int [rows]."""
        found = self.counted & (self.true == self.shown[true]) & (self.said == self.shown[said])
        return np.asarray(found.reshape(len(found), -1).sum(axis=1))

    def wrong_in(self, true: int) -> np.ndarray:
        """How many places of one class are wrong in each row, int [rows]."""
        found = self.wrong & (self.true == self.shown[true])
        return np.asarray(found.reshape(len(found), -1).sum(axis=1))
