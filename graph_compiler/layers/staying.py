"""Why some layers cannot leave in an exported file, and the measured ways around it; what files have of others instead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from graph_compiler.specs.leaving import INT8, INT16X8, ONNX, ONNX_INT8, TFLITE, Offer, Stays, Told, When
from graph_compiler.specs.readiness import FILES
from graph_compiler.specs.tensors import Tensor


def _to_int32() -> Offer:
    return Offer("insert Cast to int32", (("dtype", "int32"),), insert="Cast")


def _slopes_before_free(shared: Sequence[int] | None, shape: Sequence[int | None]) -> bool:
    """Whether an axis that stands before one of any size has slopes of its own."""
    free = [axis for axis, size in enumerate(shape) if size is None]
    return any(size != 1 and axis + 1 not in (shared or ()) for axis, size in enumerate(shape[:free[-1]])) if free else False


NO_LOOKUP = Stays(
    (TFLITE, ONNX), "Neither runtime looks words up",
    "the file begins behind it and takes the numbers it gives; the vocabulary goes beside the file.", cut_off=True)
NO_HASH = Stays(
    (TFLITE, ONNX), "Neither runtime has its hash",
    "the file begins behind it and takes the numbers it gives; the app computes the hash.", cut_off=True)
NO_FOURIER = Stays(
    (ONNX,), "ONNX has no Fourier transform for it",
    "take STFTSpectrogram and Dense, which are plain sums; TFLite takes it as it is.")
_SERIES = (TFLITE, ONNX, "savedmodel")
_ANY_LENGTH = "None of them takes a series of any length apart"


def _free_steps(values: Mapping[str, Any], inputs: Mapping[str, tuple[Tensor, ...]]) -> bool:
    return next(iter(inputs.values()))[0].shape[0] is None


def _holds_dense(values: Mapping[str, Any]) -> bool:
    """What a node for each step of the drawing holds is its block: that has no name of a layer."""
    return isinstance(values.get("layer"), Mapping) and values["layer"]["name"] == "Dense"


NO_FREE_STEPS = (
    Stays(_SERIES, _ANY_LENGTH, "fix the length at the source.",
          when=lambda values, inputs: _free_steps(values, inputs) and not _holds_dense(values)),
    Stays(_SERIES, _ANY_LENGTH, "take the Dense without it: it works on every step anyway.",
          when=lambda values, inputs: _free_steps(values, inputs) and _holds_dense(values),
          offers=(Offer("use Dense without it", bare="layer"),)))
NO_WIDE_ATTENTION = Stays(
    (TFLITE, ONNX), "Neither format has attention over three axes of steps",
    "insert Reshape, so that there are two at most.", when=lambda values, inputs: inputs["query"][0].rank > 3)
NO_UINT8_PADDING = Stays(
    (TFLITE,), "TensorFlow Lite pads no whole numbers of 8 bits", "put Rescaling before it; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].dtype == "uint8",
    offers=(Offer("insert Rescaling", (("scale", 1 / 255),), insert="Rescaling"),))
NO_FIVE_AXES = Stays(
    (TFLITE,), "TensorFlow Lite has no slopes of their own before an axis of any size",
    "share them over the axes before it; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].rank > 3 and _slopes_before_free(values["shared_axes"], inputs["in"][0].shape))
NO_BOOL_ROWS = Stays(
    (TFLITE,), "TensorFlow Lite looks up no yes or no", "insert Cast to int32; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].dtype == "bool", offers=(_to_int32(),))
MEAN_ONLY = Told(FILES, "The file gives its mean: noise is for training.", "its mean in files")
NO_BINS = Stays(("python",), "A script knows no bins that were learnt", "“Show as Python” writes the model.")
_BILINEAR = Offer("set interpolation to bilinear", (("interpolation", "bilinear"),))
_PLAIN = Offer("set antialias to off", (("antialias", False),))
NO_KERNELS = (
    Stays((TFLITE,), "TensorFlow Lite enlarges by nearest and bilinear only", "take one of them; ONNX takes bicubic too.",
          when=lambda values, inputs: values["interpolation"] not in ("nearest", "bilinear"), offers=(_BILINEAR,)),
    Stays((ONNX,), "ONNX has no such kernel", "take bilinear or bicubic.", offers=(_BILINEAR,),
          when=lambda values, inputs: values["interpolation"] in ("lanczos3", "lanczos5")),
    Stays((ONNX, "onnx-float16"), "ONNX has no areas: the file differs from Keras", "take bilinear.", offers=(_BILINEAR,),
          exact=True, when=lambda values, inputs: values["interpolation"] == "area"))
NO_SMOOTHING = Stays((TFLITE, ONNX), "Neither format smooths while it shrinks",
                     "switch antialias off, or put AveragePooling2D before it.",
                     when=lambda values, inputs: bool(values["antialias"]), offers=(_PLAIN,))
NO_UINT8_SHIFT = Stays((ONNX,), "ONNX pads no whole numbers of 8 bits", "insert Cast to int32; TFLite takes it as it is.",
                       when=lambda values, inputs: inputs["in"][0].dtype == "uint8", offers=(_to_int32(),))
NO_SQUARES = Stays((INT16X8,), "Squares have no form with 16 bits", "take int8 or float16.")
NO_EXTREMES = Stays((INT16X8,), "Its largest and smallest values have no form with 16 bits", "take float16.")
NO_STRETCHING = Stays((INT8, INT16X8), "It divides by what it finds in a picture, which whole numbers cannot", "take float16.")


def rough(*targets: str, when: When | None = None) -> Told:
    """Rounding takes much from a layer: the proof of a file may refuse it."""
    return Told(targets, "Rounded, it may be so far off that the file is over its limits; the proof says by how much.",
                "rounding takes much", when=when)


ROUGH_SUMS = rough(INT16X8)
ROUGH_PAIRS = rough(INT8, ONNX_INT8, when=lambda values, inputs: (inputs["in"][0].shape[-1] or 3) < 3)
"""Of two numbers that are nearly the same a normalisation says which is larger."""
ROUGH_MASKED_MEANS = rough(INT16X8, when=lambda values, inputs: inputs["in"][0].masked)
ROUGH_COUNTS = rough(INT16X8, when=lambda values, inputs: values["output_mode"] == "count")
NO_WIDE_SLICES = Stays((INT8, INT16X8), "Whole numbers are cut along five axes at most, the batch included",
                       "insert Reshape, or take dynamic range.", when=lambda values, inputs: inputs["in"][0].rank > 4)
NO_UINT8_ROWS = Stays((INT16X8,), "Activations of 16 bits take no whole numbers", "take int8 or float16.",
                      when=lambda values, inputs: inputs["in"][0].dtype == "uint8")
NO_COSINES = Stays((INT16X8,), "Squares have no form with 16 bits", "take int8 or float16, or switch normalize off.",
                   when=lambda values, inputs: bool(values["normalize"]))
ROUGH_COSINES = rough(INT8, ONNX_INT8, when=lambda values, inputs: bool(values["normalize"]))


def _looks_back(values: Mapping[str, Any], inputs: Mapping[str, tuple[Tensor, ...]]) -> bool:
    """Whether later steps are masked."""
    return bool(values["use_causal_mask"]) or values.get("sliding_window") is not None


NO_CAUSAL_MASK = Stays((INT16X8,), "A mask over the future has no form with 16 bits", "take int8 or float16.", when=_looks_back)
ROUGH_CAUSAL_MASK = rough(INT8, ONNX_INT8, when=_looks_back)
ROUGH_HEADS = rough(INT16X8, when=lambda values, inputs: _looks_back(values, inputs) or inputs["query"][0].rank > 2)
ROUGH_LOOKS = rough(INT16X8)
