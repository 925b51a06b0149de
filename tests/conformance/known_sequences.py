"""Differences we stand by in the recurrent and attention families."""

from __future__ import annotations

from graph_compiler.catalog import registry
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped
from tests.conformance.cases import Case
from tests.conformance.known_shapes import all_inputs
from tests.conformance.verdict import CRASH, DIFFERENT, KERAS_FAILS, STRICTER, Known

PLAIN = frozenset({"SimpleRNN", "LSTM", "GRU"})
FILMS = frozenset(f"ConvLSTM{n}D" for n in (1, 2, 3))
LOOKING = frozenset({"Attention", "AdditiveAttention"})
HEADS = frozenset({"MultiHeadAttention", "GroupQueryAttention"})
SERIES = Tensor((7, 4))
FILM = Tensor((3, 5, 6, 2), "float32", True)


def on(name: str, x: Tensor, /, **given: object) -> Case:
    """A case of one input."""
    return Case(name, given, {"in": (x,)})


def looks(layer: str, query: Tensor, value: Tensor, **given: object) -> Case:
    """A case of an attention layer."""
    return Case(layer, given, {"query": (query,), "value": (value,)})


def _whole(case: Case) -> bool:
    return any(not x.is_float for x in all_inputs(case))


def _many_axes(case: Case) -> bool:
    return any(x.rank != 2 for x in all_inputs(case))


def _axes(case: Case) -> list[int]:
    """The places that attention_axes names, counted without the batch; those out of range as they are."""
    given = case.given.get("attention_axes")
    axes = given if isinstance(given, list) else [] if given is None else [given]
    return [a + case.x.rank if a < 0 else a - 1 for a in axes]


def _no_places(case: Case) -> bool:
    axes = _axes(case)
    return any(not 0 <= a < case.x.rank - 1 for a in axes) or len(set(axes)) < len(axes)


def _masked_places(case: Case) -> bool:
    return _many_axes(case) and any(x.masked for x in all_inputs(case))


def _ordered(case: Case) -> bool:
    return bool(case.given.get("use_causal_mask")) or case.given.get("sliding_window") is not None


def _scores(case: Case) -> bool:
    return bool(case.given.get("return_attention_scores"))


def _layer(case: Case, name: str = "layer") -> str:
    """The name of the wrapped layer; empty when none is given."""
    given = case.given.get(name, "")
    return given["name"] if isinstance(given, dict) else given or ""


def _inner_refuses(case: Case) -> bool:
    """Whether the wrapped layer's own rule refuses what reaches it."""
    spec = registry().nodes[case.layer]
    param = spec.param("layer")
    assert isinstance(param, Wrapped)
    values = param.check(case.given.get("layer", param.default))
    x = case.x
    inner = Tensor(x.shape[1:], x.dtype, x.masked) if case.layer == "TimeDistributed" else x
    try:
        param.spec_of(values).infer(values, {"in": (inner,)})
    except Refusal:
        return True
    return False


def _film_inside(case: Case) -> bool:
    return case.x.masked and "ConvLSTM" in _layer(case)


STRICTER_RULES: tuple[Known, ...] = (
    Known(STRICTER, frozenset({"TimeDistributed", "SpectralNormalization"}), _inner_refuses,
          "What the wrapped layer's own rule refuses is refused inside a wrapper too, which asks it past its own checks.",
          on("TimeDistributed", Tensor((5, 6, 4, 2)), layer="AveragePooling1D")),
    Known(STRICTER, frozenset({"TimeDistributed", "SpectralNormalization"}), _whole,
          "Keras announces decimal numbers and gives whole ones, or cuts decimal ones back to whole.",
          on("TimeDistributed", Tensor((3, 6, 6, 1), "uint8"), layer="Cropping2D")),
    Known(STRICTER, frozenset({"Bidirectional"}), _whole,
          "Keras takes the numbers of tokens for measurements, and fails as soon as there is dropout.",
          on("Bidirectional", Tensor((5, 4), "int32"))),
    Known(STRICTER, frozenset({"Bidirectional"}), lambda case: bool(_layer(case, "backward_layer")),
          "Keras announces the forward layer's shapes for both ways: right by chance where another kind gives the same.",
          on("Bidirectional", SERIES, layer="GRU", backward_layer="LSTM")),
    Known(STRICTER, PLAIN | LOOKING | HEADS, _whole,
          "Keras takes the numbers of tokens for measurements, and fails as soon as there is dropout.",
          on("LSTM", Tensor((5, 4), "int32"))),
    Known(STRICTER, LOOKING, _many_axes,
          "Keras takes the rows of a batch for steps where there is one axis, and fails on masks where there are three.",
          looks("Attention", Tensor((4,)), Tensor((4,)))),
    Known(STRICTER, LOOKING, lambda case: any(1 in x.shape for x in all_inputs(case)),
          "A single channel is stretched over all others by chance.", looks("AdditiveAttention", SERIES, Tensor((5, 1)))),
    Known(STRICTER, frozenset({"MultiHeadAttention"}), _no_places,
          "For the last axis Keras would let the heads look at each other.",
          looks("MultiHeadAttention", SERIES, SERIES, attention_axes=2)),
    Known(STRICTER, frozenset({"MultiHeadAttention"}), lambda case: _many_axes(case) and _ordered(case),
          "Keras counts steps along the first axis, whatever attention_axes says: right by chance where sizes agree.",
          looks("MultiHeadAttention", Tensor((3, 3, 4)), Tensor((3, 3, 4)), attention_axes=2, use_causal_mask=True)),
    Known(STRICTER, frozenset({"MultiHeadAttention"}), _masked_places,
          "Whether a mask fits more axes than one depends on the layer it comes from.",
          looks("MultiHeadAttention", Tensor((3, 7, 4), "float32", True), Tensor((3, 7, 4)), attention_axes=2)),
)

KERAS_BUGS: tuple[Known, ...] = (
    Known(KERAS_FAILS, frozenset({"Bidirectional", "TimeDistributed"}), _film_inside,
          "As for ConvLSTM alone: a mask for each place fits only steps whose size stays.",
          on("Bidirectional", FILM, layer="ConvLSTM2D")),
    Known(DIFFERENT, frozenset({"SpectralNormalization"}), lambda case: case.x.masked,
          "Keras announces no mask, and in real calls the wrapped layer leaves its own on the result.",
          on("SpectralNormalization", Tensor((5, 4), "float32", True))),
    Known(KERAS_FAILS, FILMS, lambda case: case.x.masked,
          "A mask for each place fits only steps whose size stays; one for each step, as TimeDistributed gives it, always.",
          on("ConvLSTM2D", FILM)),
    Known(DIFFERENT, HEADS, _scores, "Keras leaves the mask of the scores on them in real calls and announces none.",
          looks("MultiHeadAttention", SERIES, Tensor((5, 4), "float32", True), return_attention_scores=True)),
)

KERAS_CRASHES: tuple[Known, ...] = (
    Known(CRASH, frozenset({"TimeDistributed"}), lambda case: "AdaptiveMax" in _layer(case) and _inner_refuses(case),
          "As for the layer alone: TensorFlow divides by zero where one place is asked for, and ends the process.",
          on("TimeDistributed", Tensor((3, 5, 4)), layer={"name": "AdaptiveMaxPooling1D", "output_size": 1})),
)

_STATEFUL = {"stateful": "Carries the state of each row of a batch into the next batch: Keras asks for one batch size, and "
                         "rows that are shuffled have nothing to carry. The ports of the state say it openly."}
_CUDNN = {"use_cudnn": "Keras finds out by itself what the device can do."}
_FLASH = {"flash_attention": "TensorFlow has no flash attention: Keras refuses it."}
_ZERO = {"zero_output_for_mask": "Keras takes it by name for every recurrent layer."}
_CALL = dict.fromkeys(("use_causal_mask", "return_attention_scores"), "Keras takes it when the layer is called.")

WITHOUT: dict[str, dict[str, str]] = {
    "SimpleRNN": _STATEFUL, "LSTM": _STATEFUL | _CUDNN, "GRU": _STATEFUL | _CUDNN, **dict.fromkeys(sorted(FILMS), _STATEFUL),
    **dict.fromkeys(sorted(HEADS), _FLASH),
    "Bidirectional": {"weights": "Arrays do not stand in a document; weights come from a run."},
}
"""Arguments of Keras that a form does not show."""

OUR_PARAMETERS: dict[str, dict[str, str]] = {
    **dict.fromkeys(sorted(PLAIN | FILMS), _ZERO), **dict.fromkeys(sorted(LOOKING | HEADS), _CALL),
}
"""Parameters that Keras's class does not have by that name."""
