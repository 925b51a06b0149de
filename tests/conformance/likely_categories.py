"""Inputs and parameter values that fit the layers for categories, text and sound."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.tensors import Tensor

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]
Ports = dict[str, tuple[Tensor, ...]]

_MODES = st.sampled_from(["int", "one_hot", "multi_hot", "count"])
_BOUNDS = st.sampled_from([None, [0.5], [0.2, 1.0, 1.5], 0.7, [1.0, 0.5], [1.0, 1.0]])
_MOST = st.sampled_from([None, 2, 6])

_SINGLE, _ONE, _LIST = (), (1,), (5,)
_CODES = tuple(Tensor(shape, dtype) for dtype in ("int32", "string") for shape in (_SINGLE, _ONE, _LIST, (4, 2)))

INPUTS: dict[str, tuple[Ports, ...]] = {
    "STFTSpectrogram": tuple({"in": (x,)} for x in (
        Tensor((600, 1)), Tensor((20, 3)), Tensor((3, 20)), Tensor((None, 2)), Tensor((20, None)), Tensor((20,)),
        Tensor((20, 2), "int32"), Tensor((20, 2), masked=True))),
    "MelSpectrogram": tuple({"in": (x,)} for x in (
        Tensor((1100,)), Tensor((20,)), Tensor((21,)), Tensor((None,)), Tensor((20, 2)), Tensor(()), Tensor((20,), "int32"))),
    "HashedCrossing": tuple({"in": tensors} for tensors in (
        (Tensor((), "int32"), Tensor((), "string")), (Tensor((1,), "string"), Tensor((1,), "string"), Tensor((1,), "int32")),
        (Tensor((), "int32"),), (Tensor((), "int32"), Tensor((1,), "int32")), (Tensor((3,), "int32"), Tensor((3,), "int32")),
        (Tensor(()), Tensor((), "int32")), (Tensor((None,), "int32"), Tensor((None,), "int32")))),
    **{name: tuple({"in": (x,)} for x in (*_CODES, Tensor((None,), "int32"), Tensor((6,)), Tensor((4,), "bool"),
                                         Tensor((3,), "uint8"), Tensor((None,), "string")))
       for name in ("Hashing", "IntegerLookup", "StringLookup", "TextVectorization")},
}
"""Per layer: the inputs it is tried with."""


def _lookup(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    modes = st.sampled_from(["int", "one_hot", "multi_hot", "count", "tf_idf"])
    return st.fixed_dictionaries({"output_mode": modes, "max_tokens": _MOST, "pad_to_max_tokens": st.booleans()},
                                 optional={"num_oov_indices": st.integers(1, 3)})


def _vectorised(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    modes = st.sampled_from(["int", "multi_hot", "count", "tf_idf"])
    return st.fixed_dictionaries(
        {"output_mode": modes, "max_tokens": _MOST, "pad_to_max_tokens": st.booleans()},
        optional={"output_sequence_length": st.sampled_from([None, 1, 4]), "ngrams": st.sampled_from([None, 2]),
                  "split": st.sampled_from(["whitespace", "character"]), "standardize": st.sampled_from([None, "lower"])})


def _stft(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({"frame_length": st.sampled_from([2, 4, 6, 8])}, optional={
        "frame_step": st.sampled_from([None, 1, 3, 9]), "fft_length": st.sampled_from([None, 8, 16, 4]),
        "mode": st.sampled_from(["log", "psd", "real", "imag", "angle", "stft"]), "expand_dims": st.booleans(),
        "padding": st.sampled_from(["valid", "same"]), "data_format": st.sampled_from([None, "channels_first"]),
        "window": st.sampled_from([None, "hann", "hamming"]), "scaling": st.sampled_from([None, "density", "spectrum"])})


def _mel(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"fft_length": st.sampled_from([4, 8, 16]), "sequence_stride": st.sampled_from([1, 3, 4])},
        optional={"sequence_length": st.sampled_from([None, 4, 16]), "num_mel_bins": st.integers(1, 5),
                  "power_to_db": st.booleans(), "max_freq": st.sampled_from([None, 4000.0, 10.0])})


LIKELY: dict[str, Likely] = {
    "STFTSpectrogram": _stft, "MelSpectrogram": _mel,
    "Discretization": lambda x: st.fixed_dictionaries({"output_mode": _MODES}, optional={
        "bin_boundaries": _BOUNDS, "num_bins": st.sampled_from([None, 2, 4]), "epsilon": st.sampled_from([0.01, 0.05])}),
    "Hashing": lambda x: st.fixed_dictionaries({"output_mode": _MODES, "num_bins": st.integers(1, 5)},
                                               optional={"salt": st.sampled_from([None, 3])}),
    "IntegerLookup": _lookup, "StringLookup": _lookup, "TextVectorization": _vectorised,
}
"""Per layer: a strategy of parameter values that fit."""
