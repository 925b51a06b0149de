"""Differences we stand by in the core, activation, convolution, pooling and normalisation families."""

from __future__ import annotations

from typing import Any

from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.verdict import CRASH, STRICTER, Known

POOLINGS = frozenset(f"{kind}Pooling{n}D" for kind in ("Max", "Average", "GlobalMax", "GlobalAverage", "AdaptiveMax",
                                                       "AdaptiveAverage") for n in (1, 2, 3))
ACTIVATIONS = frozenset({"Activation", "ReLU", "LeakyReLU", "PReLU", "ELU", "Softmax"})
ADAPTIVE = frozenset(f"Adaptive{kind}Pooling{n}D" for kind in ("Max", "Average") for n in (1, 2, 3))


def on(layer: str, x: Tensor, **given: Any) -> Case:
    """A case of one input."""
    return Case(layer, given, {"in": (x,)})


def _whole(case: Case) -> bool:
    return case.x.is_integer or case.x.dtype == "bool"


def _axes(case: Case, name: str = "axis") -> list[int]:
    """The axes a case names, counted from 0, the batch; those out of range as they are."""
    given = case.given.get(name, -1)
    axes = given if isinstance(given, list) else [] if given is None else [given]
    return [a + case.x.rank + 1 if a < 0 else a for a in axes]


def _dilated_depth(case: Case) -> bool:
    strides = case.given.get("strides", 1)
    return isinstance(strides, list) and len(set(strides)) > 1


def _single_place(case: Case) -> bool:
    places = case.x.shape[1:] if case.given.get("data_format") == "channels_first" else case.x.shape[:-1]
    sizes = case.given.get("output_size", 4)
    return 1 in places or 1 in (sizes if isinstance(sizes, list) else [sizes])


def _loose(case: Case) -> bool:
    """Whether equation and output_shape do not fit the number of axes."""
    equation = case.given.get("equation", "...x,xy->...y")
    taken, _, given = equation.replace("->", ",").partition(",")
    letters, sizes = given.rpartition(",")[2], len(case.given.get("output_shape", [10]))
    if "..." not in equation:
        return len(taken) != case.x.rank + 1 or len(letters) != sizes + 1
    return sizes != len(letters.replace(".", "")) - (0 if letters.startswith("...") else 1)


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, POOLINGS | ACTIVATIONS | {"Masking"}, _whole,
          "Keras announces float32 and gives whole numbers, so that the next layer is built for the wrong dtype.",
          on("MaxPooling2D", Tensor((8, 8, 1), "uint8"))),
    Known(STRICTER, frozenset({"Activation"}), lambda case: case.x.dtype == "string",
          "Without a function Keras passes text on, and announces float32.",
          on("Activation", Tensor((3,), "string"), activation=None)),
    Known(STRICTER, frozenset({"LayerNormalization", "GroupNormalization", "RMSNormalization"}), _whole,
          "Keras normalises whole numbers and then cuts the result back to whole numbers: nearly all become 0.",
          on("LayerNormalization", Tensor((5,), "int32"))),
    Known(STRICTER, frozenset({"Embedding"}), lambda case: case.x.is_float,
          "Keras cuts off the fractions without a word; decimal numbers as tokens are a mistake of wiring.",
          on("Embedding", Tensor((6,)))),
    Known(STRICTER, frozenset({"Masking", "Activation"}), lambda case: case.x.rank == 0,
          "Without an axis besides the batch Keras would compare samples with each other.", on("Masking", Tensor(()))),
    Known(STRICTER, frozenset({"Softmax", "UnitNormalization", "LayerNormalization"}),
          lambda case: case.x.rank == 0 or 0 in _axes(case),
          "Along axis 0 Keras mixes the samples of a batch: a prediction would depend on its neighbours.",
          on("Softmax", Tensor((6,)), axis=0)),
    Known(STRICTER, frozenset({"PReLU"}), lambda case: case.x.rank == 0 or min(_raw(case), default=1) < 1,
          "Keras counts shared axes from 1 and takes 0 and negative ones for another axis than anyone means.",
          on("PReLU", Tensor((3, 4)), shared_axes=0)),
    Known(STRICTER, frozenset({"RMSNormalization"}), lambda case: not _trailing(case),
          "Keras lays the learnt scales along the last axes, whatever the axis: right by chance where the sizes agree.",
          on("RMSNormalization", Tensor((4, 4)), axis=1)),
    Known(STRICTER, frozenset({"DepthwiseConv2D", "SeparableConv2D"}), _dilated_depth,
          "TensorFlow strides unequally only with one channel or with gaps; with more channels the same call fails.",
          on("DepthwiseConv2D", Tensor((28, 28, 1)), strides=[1, 2])),
    Known(STRICTER, frozenset({"EinsumDense"}), lambda case: "..." in case.given.get("equation", "...") and case.x.rank > 2,
          "With dots for two axes or more besides the batch Keras announces them in reverse order.",
          on("EinsumDense", Tensor((6, 8, 3)))),
    Known(STRICTER, frozenset({"EinsumDense"}), _loose,
          "Keras does not count letters or sizes, and announces a shape the real call does not have.",
          on("EinsumDense", Tensor((6,)), equation="ab,bc->ac", output_shape=[3, 3])),
    Known(STRICTER, ADAPTIVE, lambda case: case.x.rank != int(case.layer[-2]) + 1,
          "Keras pools along other axes than the layer is named for, and announces a shape the real call does not have.",
          on("AdaptiveAveragePooling2D", Tensor((7, 4)))),
    Known(STRICTER, ADAPTIVE, lambda case: None in case.x.shape,
          "Free places are refused by Keras itself; free channels too, as soon as one place is all that is left.",
          on("AdaptiveAveragePooling1D", Tensor((6, None)))),
    Known(STRICTER, frozenset(f"AdaptiveAveragePooling{n}D" for n in (1, 2, 3)), _single_place,
          "Keras pools with a window larger than the input: a call by itself works, a graph of it, as in training, does not.",
          on("AdaptiveAveragePooling1D", Tensor((5, 4)), output_size=1)),
)


def _raw(case: Case) -> list[int]:
    given = case.given.get("shared_axes")
    return given if isinstance(given, list) else [] if given is None else [given]


def _trailing(case: Case) -> bool:
    axes = _axes(case)
    return axes == list(range(case.x.rank + 1 - len(axes), case.x.rank + 1))


KERAS_CRASHES: tuple[Known, ...] = (
    Known(CRASH, frozenset(f"AdaptiveMaxPooling{n}D" for n in (1, 2, 3)), _single_place,
          "Keras pools with a window larger than the input, and TensorFlow divides by zero: the process ends with SIGFPE.",
          on("AdaptiveMaxPooling1D", Tensor((5, 4)), output_size=1)),
)

KERAS_BUGS: tuple[Known, ...] = ()
