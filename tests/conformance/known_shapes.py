"""Differences we stand by in the merge, reshape, regularisation, preprocessing, augmentation and operation families."""

from __future__ import annotations

from typing import Any

from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.verdict import DIFFERENT, KERAS_FAILS, STRICTER, Known

NOISY = frozenset({"Dropout", "AlphaDropout", "GaussianDropout", "GaussianNoise",
                   *(f"SpatialDropout{n}D" for n in (1, 2, 3))})
ARITHMETIC = frozenset({"Add", "Subtract", "Multiply", "Average", "Dot"})
MOVERS = frozenset({"RepeatVector", "Resizing", *(f"{kind}{n}D" for kind in ("Cropping", "ZeroPadding", "UpSampling")
                                                  for n in (1, 2, 3))})
FREE_PICTURE = Tensor((None, None, 3))
WORD = Tensor((3,), "string")


def on(layer: str, *tensors: Tensor, **given: Any) -> Case:
    """A case of one port."""
    return Case(layer, given, {"in": tensors})


def all_inputs(case: Case) -> list[Tensor]:
    """The tensors of every port."""
    return [x for tensors in case.inputs.values() for x in tensors]


def _has_text(case: Case) -> bool:
    return any(x.dtype == "string" for x in all_inputs(case))


def _no_decimals(case: Case) -> bool:
    return not any(x.is_float for x in all_inputs(case))


def sides(case: Case) -> tuple[int | None, ...]:
    shape = case.x.shape
    return shape[1:] if case.given.get("data_format") == "channels_first" else shape[:-1]


def _no_such_axis(case: Case) -> bool:
    axis = case.given.get("axis", -1)
    return not 0 <= (axis - 1 if axis >= 0 else case.x.rank + axis) < case.x.rank


def _axis_twice(case: Case) -> bool:
    axes = case.given.get("axis")
    return isinstance(axes, list) and len({axis % (case.x.rank + 1) for axis in axes}) < len(axes)


def _beyond_rank(case: Case) -> bool:
    axes = case.given.get("axes", -1)
    pair = (axes, axes) if isinstance(axes, int) else axes
    return any(not 1 <= abs(axis) <= x.rank for axis, x in zip(pair, all_inputs(case), strict=True))


def _cuts_all(case: Case) -> bool:
    shape = (None, *case.x.shape)
    size = shape[case.given.get("axis", -1)]
    start, stop, step = (case.given.get(name) for name in ("start", "stop", "step"))
    return size is not None and not range(*slice(start, stop, step).indices(size))


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, frozenset({"Resizing", "CenterCrop"}), lambda case: case.x.rank == 2,
          "Keras takes a batch of tables for one picture, and the batch for its height.", on("CenterCrop", Tensor((7, 4)))),
    Known(STRICTER, frozenset({"CenterCrop"}), lambda case: case.x.rank == 3 and None in sides(case),
          "Keras promises the size, but a smaller picture of free size leaves as small as it came.",
          on("CenterCrop", FREE_PICTURE, height=3, width=3)),
    Known(STRICTER, frozenset({"Normalization"}), _axis_twice,
          "An axis named twice works in Keras only at size 1.", on("Normalization", Tensor((1, 1, 1)), axis=[-3, -3])),
    Known(STRICTER, frozenset({"Resizing"}), lambda case: "pad_to_aspect_ratio" in case.given and _no_decimals(case),
          "Keras fails on pictures that need padding and not on others.",
          on("Resizing", Tensor((8, 8, 1), "uint8"), height=4, width=4, pad_to_aspect_ratio=True)),
    Known(STRICTER, frozenset({"CategoryEncoding"}), lambda case: case.x.rank != 1 or case.given.get("sparse", False),
          "For other than lists Keras announces one shape and returns another; sparse results cannot be exported.",
          on("CategoryEncoding", Tensor((7, 4), "int32"))),
    Known(STRICTER, NOISY | {"ActivityRegularization"},
          _no_decimals, "Whole numbers and yes/no values have no share to drop, no noise and no penalty.",
          on("GaussianDropout", Tensor((4,), "bool"))),
    Known(STRICTER, frozenset({"Dropout", "AlphaDropout"}), lambda case: case.given.get("noise_shape") is not None,
          "A noise shape of other than the input's axes works in Keras by chance, or only for one batch size.",
          on("Dropout", Tensor((7, 4)), noise_shape=[2, 7, 1])),
    Known(STRICTER, ARITHMETIC, _no_decimals, "Keras adds and multiplies bytes until they run over: 200 + 100 becomes 44.",
          on("Add", Tensor((4,), "uint8"), Tensor((4,), "uint8"))),
    Known(STRICTER, frozenset({"OneHot"}), lambda case: not case.x.is_integer,
          "Decimal numbers and yes/no values name no class.", on("OneHot", Tensor((6,)))),
    Known(STRICTER, frozenset({"Concatenate", "Slice"}), _no_such_axis,
          "Keras would join or cut the rows of the batch, and takes any axis for a single wire.",
          on("Concatenate", Tensor((4,)), Tensor((4,)), axis=0)),
    Known(STRICTER, frozenset({"Dot"}), _beyond_rank, "Keras counts negative axes around the corner: -3 of two becomes -1.",
          on("Dot", Tensor((4,)), Tensor((4,)), axes=-3)),
    Known(STRICTER, frozenset({"Slice"}), _cuts_all, "An empty tensor feeds nothing.", on("Slice", Tensor((6,)), stop=0)),
    Known(STRICTER, frozenset({"RepeatVector", "Add", "Average", "Concatenate", "Maximum", "Minimum", "Multiply", "Subtract",
                               "Stack", "StopGradient", "Slice", "Gather", "Transpose"}), _has_text,
          "Nothing behind these layers reads text.",
          on("RepeatVector", WORD)),
)

KERAS_BUGS: tuple[Known, ...] = (
    Known(KERAS_FAILS, frozenset({"Reshape"}), lambda case: case.x.size is None,
          "Whether a free size fits shows only when the rows come; Keras waits for them too.",
          on("Reshape", Tensor((None,)), target_shape=[6])),
    Known(KERAS_FAILS, frozenset({"Resizing"}), lambda case: case.given.get("interpolation") == "area",
          "No gradient flows through area resizing; it stands before anything that learns.",
          on("Resizing", Tensor((8, 8, 1)), interpolation="area")),
    Known(KERAS_FAILS, frozenset({"AlphaDropout"}), lambda case: case.x.rank > 4 and "noise_shape" in case.given,
          "TensorFlow on a processor stretches at most four axes at once.",
          on("AlphaDropout", Tensor((2, 3, 4, 2, 2)), noise_shape=[None, 1, 3, 1, 2, 1])),
    Known(DIFFERENT, MOVERS | {"Concatenate", "Maximum", "Minimum"}, _no_decimals,
          "Keras announces float32 and returns the whole numbers it was given.", on("Cropping1D", Tensor((5, 4), "int32"))),
    Known(DIFFERENT, frozenset({"Cast"}), lambda case: case.x.masked and case.given.get("dtype") == "int32",
          "Keras loses the mask where it casts the input on entry, in traced calls only.",
          on("Cast", Tensor((None, 6), "float32", True), dtype="int32")),
)
