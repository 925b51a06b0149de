"""Layers that turn a sound or another signal into a picture of its frequencies: STFTSpectrogram and MelSpectrogram."""

from __future__ import annotations

import math

from graph_compiler.layers.geometry import axes_words, data_format
from graph_compiler.layers.staying import NO_FOURIER, rough
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.leaving import INT8, INT16X8, ONNX_INT8
from graph_compiler.specs.nodes import Inferred, LayerSpec, Values
from graph_compiler.specs.params import Bool, Choice, Float, Int, Param
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def window() -> Choice:
    """Keras's `window` parameter."""
    return Choice(name="window", default="hann", options=("hann", "hamming"), optional=True,
                  summary="How the ends of a frame fade; none cuts them off.")


def _step(p: Values) -> int:
    return int(p["frame_step"] or p["frame_length"] // 2)


def _bins(p: Values) -> int:
    length = p["fft_length"] or 2 ** math.ceil(math.log2(p["frame_length"]))
    return int(length // 2 + 1)


def _check_lengths(p: Values) -> None:
    frame, fft = p["frame_length"], p["fft_length"]
    if _step(p) > frame:
        raise Refusal("parameter", "frame_step leaves gaps between frames", param="frame_step", received=f"{_step(p):,}",
                      expected=f"at most the frame_length, {frame:,}", hint="Make it smaller.")
    if fft is not None and fft < frame:
        raise Refusal("parameter", "fft_length is shorter than a frame", param="fft_length", received=f"{fft:,}",
                      expected=f"at least the frame_length, {frame:,}", hint="Leave it empty, or make it longer.")


def frames(p: Values, steps: int) -> int:
    """How many frames fit into a signal."""
    step, length = _step(p), int(p["frame_length"])
    return -(-steps // step) if p["padding"] == "same" else (steps - length) // step + 1


def stft(p: Values, x: Tensor) -> Inferred:
    """[T, C] -> [frames, C * bins], or [frames, bins, C] with expand_dims. Weights: a window for each bin, twice as a rule."""
    if x.rank != 2:
        raise Refusal("rank", "STFTSpectrogram needs a signal", expected="2 axes (steps, channels)", port="in", rank=2,
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Insert Reshape.")
    _check_lengths(p)
    if x.size is None:
        raise Refusal("free-axis", "STFTSpectrogram must know how long the signal is", expected="fixed sizes", received=x.words,
                      port="in", hint="Fix the size at the source, or insert Reshape.")
    first = p["data_format"] == "channels_first"
    channels, steps = (x.shape[0] or 0, x.shape[1] or 0) if first else (x.shape[1] or 0, x.shape[0] or 0)
    count, parts = frames(p, steps), 1 if p["mode"] in ("real", "imag") else 2
    bins = _bins(p) * (2 if p["mode"] == "stft" else 1)
    shape: tuple[int, ...]
    if p["expand_dims"]:
        shape = (channels, count, bins) if first else (count, bins, channels)
    else:
        shape = (channels * bins, count) if first else (count, channels * bins)
    weights = parts * p["frame_length"] * _bins(p)
    return Inferred((Tensor(shape),), weights, macs=count * channels * weights)


def explain_stft(p: Values, x: Tensor) -> str:
    """How many frames and bins come out."""
    steps = x.shape[1] if p["data_format"] == "channels_first" else x.shape[0]
    return f"{frames(p, steps or 0):,} frames of {p['frame_length']:,}, {_bins(p):,} frequencies each"


def mel(p: Values, x: Tensor) -> Inferred:
    """[T] -> [num_mel_bins, frames]; no weights."""
    if x.rank != 1:
        raise Refusal("rank", "MelSpectrogram needs a single signal", expected="1 axis (steps)", port="in", rank=1,
                      received=f"{x.words} ({axes_words(x.rank)})", hint="Take one channel with Slice and Reshape.")
    steps, stride, fft = x.shape[0], p["sequence_stride"], p["fft_length"]
    if steps is None:
        raise Refusal("free-axis", "MelSpectrogram must know how long the signal is", expected="a fixed length", port="in",
                      received=x.words, hint="Fix the size at the source, or insert Reshape.")
    if p["sequence_length"] is not None and p["sequence_length"] > fft:
        raise Refusal("parameter", "sequence_length is longer than the transform", param="sequence_length",
                      expected=f"at most fft_length, {fft:,}", received=f"{p['sequence_length']:,}", hint="Make it shorter.")
    if steps <= fft // 2:
        raise Refusal("signal", "The signal is too short for MelSpectrogram", expected=f"more than {fft // 2:,} steps, half of "
                      "fft_length", received=f"{steps:,}", param="fft_length", port="in", hint="Choose a shorter fft_length.")
    count = mel_frames(p, steps)
    if count != (steps + stride + 1) // stride:
        raise Refusal("parameter", "Keras miscounts the frames of this signal", param="sequence_stride", port="in",
                      expected="a stride with which it counts them right", received=f"{stride:,} for {steps:,} steps",
                      hint="Change it by one, or cut a step off with Slice.")
    if p["max_freq"] is not None and p["max_freq"] <= p["min_freq"]:
        raise Refusal("parameter", "The frequencies are no range", param="max_freq", expected=f"more than {p['min_freq']:g}",
                      received=f"{p['max_freq']:g}", hint="Leave it empty for half of the sampling rate.")
    spectrum = count * fft * math.ceil(math.log2(max(fft, 2)))
    return Inferred((Tensor((p["num_mel_bins"], count)),), macs=spectrum + count * (fft // 2 + 1) * p["num_mel_bins"])


def mel_frames(p: Values, steps: int) -> int:
    """Frames of a signal whose ends are padded by half a transform each."""
    fft = int(p["fft_length"])
    return (steps + 2 * (fft // 2) - fft) // int(p["sequence_stride"]) + 1


def explain_mel(p: Values, x: Tensor) -> str:
    """How many frames come out."""
    return f"{p['num_mel_bins']:,} pitches × {mel_frames(p, x.shape[0] or 0):,} frames"


_MODES = ("log", "magnitude", "psd", "real", "imag", "angle", "stft")

_STFT_PARAMS: tuple[Param, ...] = (
    Choice(name="mode", default="log", options=_MODES, key=True, summary="What is told of each frequency."),
    Int(name="frame_length", default=256, minimum=2, key=True, summary="Steps in a frame."),
    Int(name="frame_step", default=None, optional=True, minimum=1, key=True,
        summary="Steps from one frame to the next; nothing is half a frame."),
    Int(name="fft_length", default=None, optional=True, minimum=2,
        summary="Length of the transform; nothing is the next power of two."),
    window(), Bool(name="periodic", default=False, summary="A window that fits end to end."),
    Choice(name="scaling", default="density", options=("density", "spectrum"), optional=True, summary="How power is scaled."),
    Choice(name="padding", default="valid", options=("valid", "same"), summary="valid: whole frames only; same: the rest too."),
    Bool(name="expand_dims", default=False, summary="An axis of its own for the channels."), data_format())

STFT_SPECTROGRAM = LayerSpec(
    name="STFTSpectrogram", family="preprocessing", summary="The frequencies of a signal over time",
    text="A signal is cut into overlapping frames, and each frame is told as how much of every frequency it holds: a picture "
         "of a sound. The transform is a convolution whose weights start as waves and can learn; freeze it to keep it exact.",
    params=_STFT_PARAMS, rule=stft, explain=explain_stft, accepts=FLOAT,
    tells=(rough("tflite-float16", "onnx-float16", INT8, INT16X8, ONNX_INT8),),
    keywords=("fourier", "spectrum", "audio", "sound", "frequency", "fft", "signal"))

MEL_SPECTROGRAM = LayerSpec(
    name="MelSpectrogram", family="preprocessing", summary="The pitches of a sound over time",
    text="Frequencies as an ear hears them: fine for low pitches, coarse for high ones, in decibels. top_db is counted from "
         "the loudest place of a batch. TFLite can do it, ONNX cannot.",
    params=(Int(name="fft_length", default=2048, minimum=2, key=True, summary="Length of the transform."),
            Int(name="sequence_stride", default=512, minimum=1, key=True, summary="Steps from one frame to the next."),
            Int(name="sequence_length", default=None, optional=True, minimum=1, summary="Steps in a frame; nothing is all."),
            window(), Int(name="sampling_rate", default=16000, minimum=1, summary="Steps in a second."),
            Int(name="num_mel_bins", default=128, minimum=1, key=True, summary="How many pitches."),
            Float(name="min_freq", default=20.0, minimum=0.0, summary="Lowest frequency, in hertz."),
            Float(name="max_freq", default=None, optional=True, minimum=0.0, open_low=True,
                  summary="Highest frequency, in hertz; nothing is half of the sampling rate."),
            Bool(name="power_to_db", default=True, summary="In decibels."),
            Float(name="top_db", default=80.0, minimum=0.0, summary="Decibels below the loudest that count."),
            Float(name="mag_exp", default=2.0, minimum=0.0, open_low=True, summary="1 for magnitude, 2 for power."),
            Float(name="min_power", default=1e-10, minimum=0.0, open_low=True, summary="Floor before the logarithm."),
            Float(name="ref_power", default=1.0, minimum=0.0, open_low=True, summary="What 0 decibels are.")),
    rule=mel, explain=explain_mel, accepts=FLOAT, stays=(NO_FOURIER,), tells=(rough("tflite-dynamic", INT8, INT16X8),),
    keywords=("audio", "sound", "pitch", "speech", "music", "decibel", "mfcc"))

SPECS: tuple[LayerSpec, ...] = (STFT_SPECTROGRAM, MEL_SPECTROGRAM)
