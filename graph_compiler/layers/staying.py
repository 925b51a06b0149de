"""Why some layers cannot leave in an exported file, and the measured ways around it; what files have of others instead."""

from __future__ import annotations

from graph_compiler.specs.leaving import INT16X8, ONNX, TFLITE, Stays, Told
from graph_compiler.specs.readiness import FILES

NO_LOOKUP = Stays(
    (TFLITE, ONNX), "Neither runtime looks words up",
    "the file begins behind it and takes the numbers it gives; the vocabulary goes beside the file.", cut_off=True)
NO_HASH = Stays(
    (TFLITE, ONNX), "Neither runtime has its hash",
    "the file begins behind it and takes the numbers it gives; the app computes the hash.", cut_off=True)
NO_FOURIER = Stays(
    (ONNX,), "ONNX has no Fourier transform for it",
    "take STFTSpectrogram and Dense, which are plain sums; TFLite takes it as it is.")
NO_VOLUMES = Stays(
    (TFLITE,), "TensorFlow Lite pools no volumes", "take Conv3D with strides instead; ONNX takes it as it is.")
NO_FREE_STEPS = Stays(
    (TFLITE, ONNX, "savedmodel"), "None of them takes a series of any length apart",
    "fix the length at the source; a Dense needs no TimeDistributed.",
    when=lambda values, inputs: next(iter(inputs.values()))[0].shape[0] is None)
NO_WIDE_ATTENTION = Stays(
    (TFLITE, ONNX), "Neither format has attention over three axes of steps",
    "insert Reshape, so that there are two at most.", when=lambda values, inputs: inputs["query"][0].rank > 3)
NO_UINT8_PADDING = Stays(
    (TFLITE,), "TensorFlow Lite pads no whole numbers of 8 bits", "put Rescaling before it; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].dtype == "uint8")
NO_SIX_AXES = Stays(
    (TFLITE,), "TensorFlow Lite reckons with five axes at most, the batch included", "insert Reshape; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].rank > 4)
NO_BOOL_ROWS = Stays(
    (TFLITE,), "TensorFlow Lite looks up no yes or no", "insert Cast to int32; ONNX takes it as it is.",
    when=lambda values, inputs: inputs["in"][0].dtype == "bool")
MEAN_ONLY = Told(FILES, "The file gives its mean: noise is for training.", "its mean in files")
NO_BINS = Stays(("python",), "A script knows no bins that were learnt", "“Show as Python” writes the model.")
NO_SQUARES = Stays((INT16X8,), "Squares have no form with 16 bits", "take int8 or float16.")
NO_EXTREMES = Stays((INT16X8,), "Its largest and smallest values have no form with 16 bits", "take float16.")


def rough(*targets: str) -> Told:
    """Rounding takes much from a layer: the proof of a file may refuse it."""
    return Told(targets, "Rounded, it may be so far off that the file is over its limits; the proof says by how much.",
                "rounding takes much")
