"""Differences we stand by between the rules of the layers for categories, text and sound and Keras."""

from __future__ import annotations

from graph_compiler.specs.tensors import Tensor
from tests.conformance.cases import Case
from tests.conformance.known_shapes import on
from tests.conformance.verdict import DIFFERENT, STRICTER, Known

LOOKUPS = frozenset({"IntegerLookup", "StringLookup"})
SPECTROGRAMS = frozenset({"STFTSpectrogram", "MelSpectrogram"})
LEARNING = LOOKUPS | {"TextVectorization"}
ENCODERS = LOOKUPS | {"Discretization", "Hashing"}
_LEARNT = "Learnt from the training rows and kept with the weights."

WITHOUT: dict[str, dict[str, str]] = {
    **{name: {"vocabulary": _LEARNT, "idf_weights": _LEARNT} for name in sorted(LEARNING)},
    **{name: {"vocabulary": _LEARNT, "idf_weights": _LEARNT,
              "invert": "Needs a vocabulary in the form; tokens are turned back into words by what reads the output."}
       for name in sorted(LOOKUPS)},
    "Hashing": {"mask_value": "Is a number or a word as the input is, which a form cannot know."},
}
"""Arguments of Keras that a form does not show, with the reason."""

OUR_DEFAULTS: dict[str, dict[str, str]] = {
    "Discretization": {"num_bins": "Keras's own default, none, is refused by Keras without bounds."},
}
"""Defaults that differ from Keras's, with the reason."""


def _mode(case: Case) -> str:
    return str(case.given.get("output_mode", "multi_hot" if case.layer == "CategoryEncoding" else "int"))


def _hot(case: Case) -> bool:
    return _mode(case) != "int"


def _too_few_tokens(case: Case) -> bool:
    most = case.given.get("max_tokens")
    special = 2 if case.layer == "TextVectorization" else case.given.get("num_oov_indices", 1)
    return most is not None and most <= special


def _miscounted(case: Case) -> bool:
    stride, fft = case.given.get("sequence_stride", 512), case.given.get("fft_length", 2048)
    steps = (case.x.shape or (0,))[0] or 0
    return (steps + 2 * (fft // 2) - fft) // stride + 1 != (steps + stride + 1) // stride


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, ENCODERS, lambda case: not case.x.is_float if case.layer == "Discretization" else case.x.dtype in (
        "float32", "bool"), "Whole numbers are categories already; fractions are cut off before they are hashed or looked up.",
        on("Discretization", Tensor((5,), "int32"))),
    Known(STRICTER, ENCODERS, lambda case: _hot(case) and case.x.rank != 1,
          "For other than lists Keras announces one shape and returns another, or loses the batch.",
          on("Discretization", Tensor(()), output_mode="multi_hot")),
    Known(STRICTER, LEARNING, lambda case: _hot(case) and not case.given.get("pad_to_max_tokens", False),
          "Until the vocabulary is learnt, Keras does not know the width, and the next layer cannot be built.",
          on("StringLookup", Tensor((), "string"), output_mode="one_hot")),
    Known(STRICTER, LEARNING, _too_few_tokens, "A vocabulary without a token learns nothing.",
          on("IntegerLookup", Tensor((), "int32"), max_tokens=2, num_oov_indices=3)),
    Known(STRICTER, frozenset({"TextVectorization"}), lambda case: case.x.rank > 0,
          "Columns of text are single; for lists of one Keras announces another shape than it returns.",
          on("TextVectorization", Tensor((1,), "string"))),
    Known(STRICTER, SPECTROGRAMS, lambda case: not case.x.is_float or None in case.x.shape or case.x.rank != (
        2 if case.layer == "STFTSpectrogram" else 1),
        "Whether a free length holds a frame shows only when the rows come; other signals are announced as what they are not.",
        on("STFTSpectrogram", Tensor((None, 2)), frame_length=4)),
    Known(STRICTER, frozenset({"MelSpectrogram"}), _miscounted, "Keras announces a frame more than it returns.",
          on("MelSpectrogram", Tensor((20,)), fft_length=8, sequence_stride=3)),
    Known(STRICTER, frozenset({"MelSpectrogram"}), lambda case: case.given.get("max_freq") is not None
          and case.given["max_freq"] <= case.given.get("min_freq", 20.0),
          "Keras takes a range of frequencies that ends before it begins.",
          on("MelSpectrogram", Tensor((20,)), fft_length=8, sequence_stride=4, max_freq=10.0)),
    Known(STRICTER, ENCODERS | LEARNING | {"HashedCrossing"}, lambda case: case.given.get("sparse") or case.given.get("ragged"),
          "Sparse results and rows of unequal length cannot be exported.",
          Case("HashedCrossing", {"sparse": True}, {"in": (Tensor((), "int32"), Tensor((), "string"))})),
)

KERAS_BUGS: tuple[Known, ...] = (
    Known(DIFFERENT, LEARNING, _hot,
          "Keras announces decimal places and returns whole numbers; the next layer makes them decimal.",
          on("StringLookup", Tensor((), "string"), output_mode="one_hot", max_tokens=6, pad_to_max_tokens=True)),
)
