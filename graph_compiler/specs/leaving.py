"""What an exported file has of a layer, by target: what it cannot have and what to do instead, and what it has otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from graph_compiler.specs.tensors import Tensor

LONGEST_UNROLLED = 200
"""Steps of a recurrence that are still written out for whole numbers: at 200 a small LSTM is 2 MB."""
TFLITE, ONNX = "tflite", "onnx"
INT8, INT16X8, ONNX_INT8 = "tflite-int8", "tflite-int16x8", "onnx-int8"
TITLES = {TFLITE: "TFLite", ONNX: "ONNX"}
"""Formats that lack operations, as people call them; a .keras file has everything."""
TARGETS: Mapping[str, str] = MappingProxyType({
    TFLITE: "TFLite float32", "tflite-float16": "TFLite float16", "tflite-dynamic": "TFLite dynamic", INT8: "TFLite int8",
    INT16X8: "TFLite int16×8", ONNX: "ONNX", "onnx-float16": "ONNX float16", ONNX_INT8: "ONNX int8",
    "keras": "Keras", "savedmodel": "SavedModel", "python": "Python script"})
"""Every kind of file there is, by the name the command line uses, as people call it."""

When = Callable[[Mapping[str, Any], Mapping[str, tuple[Tensor, ...]]], bool]


@dataclass(frozen=True)
class Offer:
    """One change that helps: parameters of the layer set, or a node of type `insert` with these put before it.

    With `bare`, the name of a parameter, the layer it holds takes the place of the node.
    """

    label: str
    params: tuple[tuple[str, Any], ...] = ()
    insert: str = ""
    bare: str = ""


@dataclass(frozen=True, kw_only=True)
class _Line:
    """Something said of some formats.

    `when(values, inputs)` narrows it to some parameters and tensors; `offers` are changes that help.
    """

    when: When | None = None
    offers: tuple[Offer, ...] = ()

    def holds(self, values: Mapping[str, Any], inputs: Mapping[str, tuple[Tensor, ...]]) -> bool:
        """Whether it holds for a layer with these parameters and inputs."""
        return self.when is None or self.when(values, inputs)


@dataclass(frozen=True)
class Stays(_Line):
    """A layer that a format has no operation for. `instead` says what to do, measured.

    A family's name, `tflite`, stands for its narrower kinds too. Where it is `cut_off`, a file is made all the same: it begins
    behind the layer and takes what the layer gives.
    """

    formats: tuple[str, ...]
    why: str
    instead: str
    cut_off: bool = False
    exact: bool = False
    """Names of formats are these alone, not their families'."""

    def covers(self, target: str) -> bool:
        """Whether it is said of a target."""
        return target in self.formats or (not self.exact and target.partition("-")[0] in self.formats)

    @property
    def narrow(self) -> bool:
        """Whether it concerns files of fewer bits only: the usual ones have the layer."""
        return not any(name in TITLES for name in self.formats)

    @property
    def names(self) -> str:
        """The formats, as people call them."""
        return ", ".join(title_of(name) for name in self.formats)

    @property
    def words(self) -> str:
        """The formats and what to do: `ONNX: compute the spectrogram first.`"""
        return f"{self.names}: {self.instead}"


@dataclass(frozen=True)
class Told(_Line):
    """What a file has of a layer is something else than what is drawn. Each target is named: kinds of a family differ here.

    A `title`, a few words, makes it worth a mark on the card and a line among the notes.
    """

    formats: tuple[str, ...]
    words: str
    title: str = ""

    def covers(self, target: str) -> bool:
        """Whether it is said of a target."""
        return target in self.formats


def title_of(name: str) -> str:
    """A format or a family, as people call it."""
    return TITLES.get(name) or TARGETS[name]
