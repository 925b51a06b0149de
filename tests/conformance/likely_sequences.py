"""Inputs and parameter values for recurrent and attention layers, whose ports have to fit each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.tensors import Tensor

Likely = Callable[[Tensor], st.SearchStrategy[dict[str, Any]]]
Inputs = dict[str, tuple[Tensor, ...]]

SERIES, FREE_SERIES, MASKED = Tensor((7, 4)), Tensor((None, 4)), Tensor((5, 4), "float32", True)
STATE, OTHER_STATE = Tensor((32,)), Tensor((3,))
FORMS = st.sampled_from([None, "channels_last", "channels_first"])


def _with_states(states: tuple[str, ...]) -> list[Inputs]:
    """A series with a right state, a wrong one, a masked one, one of whole numbers, and with some of the states only."""
    wide = [Tensor((32,), "float32", True), Tensor((32,), "int32"), Tensor((1,)), Tensor(()), Tensor((4, 32)), OTHER_STATE]
    found = [{"in": (x,), **dict.fromkeys(states, (STATE,))} for x in (SERIES, FREE_SERIES, MASKED)]
    found += [{"in": (SERIES,), **dict.fromkeys(states, (x,))} for x in wide]
    return [*found, {"in": (SERIES,), states[-1]: (STATE,)}, {"in": (SERIES,), states[0]: (STATE,)}]


_SHORT, _CUBE = Tensor((5, 4)), Tensor((3, 7, 4))

PAIRS: tuple[tuple[Tensor, Tensor], ...] = (
    (SERIES, SERIES), (SERIES, _SHORT), (SERIES, MASKED), (MASKED, SERIES), (MASKED, MASKED), (SERIES, Tensor((5, 6))),
    (FREE_SERIES, FREE_SERIES), (FREE_SERIES, SERIES), (Tensor((7, None)), Tensor((7, None))), (Tensor((4,)), Tensor((4,))),
    (_CUBE, _CUBE), (_CUBE, Tensor((3, 5, 4))), (_CUBE, Tensor((2, 7, 4))), (_CUBE, SERIES),
    (Tensor((3, 7, 4), "float32", True), _CUBE), (SERIES, Tensor((5, 1))), (Tensor((1, 1)), Tensor((1, 1))),
    (Tensor((7, 4), "int32"), Tensor((7, 4), "int32")), (SERIES, Tensor((5, 4), "bool")),
    (Tensor((2, 3, 4, 5)), Tensor((2, 3, 4, 5))), (Tensor((3,), "string"), Tensor((3,), "string")))
"""Query and value."""

TRIPLES: tuple[tuple[Tensor, Tensor, Tensor], ...] = (
    (SERIES, Tensor((5, 6)), _SHORT), (SERIES, _SHORT, Tensor((5, 6))), (MASKED, MASKED, MASKED),
    (SERIES, _SHORT, Tensor((6, 4))), (FREE_SERIES, Tensor((None, 3)), FREE_SERIES),
    (SERIES, _SHORT, Tensor((5, 4), "float32", True)))
"""Query, value and key."""


def _attention(*more: Inputs) -> list[Inputs]:
    """Pairs and triples of query, value and key that fit or do not."""
    return [*({"query": (q,), "value": (v,)} for q, v in PAIRS),
            *({"query": (q,), "value": (v,), "key": (k,)} for q, v, k in TRIPLES), *more]


def _masks(heads: int) -> list[Inputs]:
    shapes = ((7, 5), (1, 5), (7, 1), (heads, 7, 5), (1, 7, 5), (5,), (6, 5), (heads + 1, 7, 5), (None, 5))
    masks = [Tensor(shape, dtype) for shape, dtype in zip(shapes, ("bool", "int32", *["float32"] * 7), strict=True)]
    plain: list[Inputs] = [{"query": (SERIES,), "value": (Tensor((5, 4)),), "attention_mask": (m,)} for m in masks]
    return [*plain, {"query": (MASKED,), "value": (MASKED,), "attention_mask": (Tensor((5, 5), "bool"),)},
            {"query": (Tensor((3, 7, 4)),), "value": (Tensor((3, 7, 4)),), "attention_mask": (Tensor((7, 7), "bool"),)}]


def _films(rank: int) -> list[Inputs]:
    places = (5, 6, 4)[:rank]
    film = Tensor((3, *places, 2))
    xs = [film, Tensor((None, *places, 2)), Tensor(film.shape, "float32", True), Tensor((3, *places, None)),
          Tensor((3, None, *places[1:], 2)), Tensor(film.shape, "int32"), Tensor((2, *places)), Tensor(places), Tensor((4,))]
    state = Tensor((*(n - 2 for n in places), 32))
    flows: list[Inputs] = [{"in": (x,)} for x in xs]
    return [*flows, {"in": (film,), "initial_h": (state,), "initial_c": (state,)}, {"in": (film,), "initial_h": (state,)},
            {"in": (film,), "initial_h": (STATE,), "initial_c": (STATE,)}]


WITH_STATES: dict[str, list[Inputs]] = {
    "SimpleRNN": _with_states(("initial_h",)), "GRU": _with_states(("initial_h",)),
    "LSTM": _with_states(("initial_h", "initial_c"))}
"""Inputs with states, beside those with none."""

INPUTS: dict[str, list[Inputs]] = {
    **{f"ConvLSTM{rank}D": _films(rank) for rank in (1, 2, 3)}, "Attention": _attention(), "AdditiveAttention": _attention(),
    "MultiHeadAttention": _attention(*_masks(2)), "GroupQueryAttention": _attention(*_masks(4))}
"""Inputs by layer."""

_BOTH = tuple(f"initial_{way}_{state}" for way in ("forward", "backward") for state in ("h", "c"))
_STATES = dict.fromkeys(_BOTH, (STATE,))
_FILM = Tensor((3, 5, 6, 2))

WITH_STATES["Bidirectional"] = [
    {"in": (SERIES,), **_STATES}, {"in": (MASKED,), **_STATES}, {"in": (SERIES,), "initial_forward_h": (STATE,)},
    {"in": (SERIES,), "initial_backward_h": (STATE,)}, {"in": (SERIES,), "initial_backward_c": (STATE,)},
    {"in": (SERIES,), **dict.fromkeys(_BOTH, (OTHER_STATE,))}, {"in": (_FILM,)}, {"in": (Tensor((3, 5, 2)),)}]
WITH_STATES["TimeDistributed"] = [
    {"in": (_FILM,)}, {"in": (Tensor((None, 5, 6, 2)),)}, {"in": (Tensor((5, 6), "int32"),)},
    {"in": (Tensor((3, 4, 5, 6, 2)),)}, {"in": (Tensor((3, 5, 6, 2), "float32", True),)},
    {"in": (Tensor((3, 6, 6, 1), "uint8"),)}]

_SWITCHES = dict.fromkeys(("return_sequences", "return_state", "go_backwards", "use_bias", "zero_output_for_mask"),
                          st.booleans())
_ACTIVATIONS = st.sampled_from([None, "relu", "softmax", "tanh"])
_RATES = st.sampled_from([0.0, 0.3, 1.0])
_DROPS = {"dropout": _RATES, "recurrent_dropout": _RATES, "seed": st.sampled_from([None, 3])}
_CALL = {"return_attention_scores": st.booleans(), "use_causal_mask": st.booleans(), "dropout": _RATES}


def _recurrent(**more: st.SearchStrategy[Any]) -> Likely:
    return lambda x: st.fixed_dictionaries({"units": st.sampled_from([3, 32])}, optional={
        **_SWITCHES, **_DROPS, "activation": _ACTIVATIONS, "unroll": st.booleans(), **more})


def _convolved(rank: int) -> Likely:
    sizes = st.integers(1, 3) | st.lists(st.integers(1, 3), min_size=rank, max_size=rank)
    more = {"kernel_size": sizes, "padding": st.sampled_from(["valid", "same"]), "data_format": FORMS,
            "activation": _ACTIVATIONS}
    slides = st.sampled_from(["strides", "dilation_rate", "neither"])
    switches = {name: drawn for name, drawn in _SWITCHES.items() if name != "go_backwards"}
    return lambda x: slides.flatmap(lambda name: st.fixed_dictionaries(
        {"filters": st.sampled_from([2, 32])}, optional={**switches, **more, **({name: sizes} if name != "neither" else {})}))


def _heads(**more: st.SearchStrategy[Any]) -> Likely:
    return lambda x: st.fixed_dictionaries({}, optional={**_CALL, "use_gate": st.booleans(), "use_bias": st.booleans(),
                                                         "sliding_window": st.sampled_from([None, 1, 2]), **more})


def _cells(rank: int) -> st.SearchStrategy[dict[str, Any]]:
    """Recurrent layers that fit a tensor of so many axes, with a few of their parameters."""
    switches = {name: st.booleans() for name in ("return_sequences", "return_state", "use_bias")}
    units = {"name": st.sampled_from(["SimpleRNN", "LSTM", "GRU"]), "units": st.sampled_from([3, 32])}
    kernels = {"name": st.sampled_from([f"ConvLSTM{max(rank - 2, 1)}D"]), "filters": st.sampled_from([2, 3])}
    more = {"data_format": FORMS, "padding": st.sampled_from(["valid", "same"])} if rank > 2 else {"activation": _ACTIVATIONS}
    return st.fixed_dictionaries(units if rank < 3 else kernels, optional={**switches, **more})


def _both_ways(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    modes = st.sampled_from(["concat", "sum", "mul", "ave", None])
    same = _cells(x.rank).map(lambda cell: {"layer": cell, "backward_layer": cell})
    apart = st.fixed_dictionaries({"layer": _cells(x.rank)}, optional={"backward_layer": _cells(x.rank)})
    return st.tuples(st.fixed_dictionaries({"layer": _cells(x.rank)}) | same | apart, modes).map(
        lambda drawn: {**drawn[0], "merge_mode": drawn[1]})


_OF_RANK: dict[int, tuple[str, ...]] = {
    1: ("Dense", "BatchNormalization", "LayerNormalization", "Dropout", "Activation", "Reshape", "RepeatVector", "Softmax"),
    2: ("LSTM", "GRU", "Conv1D", "MaxPooling1D", "GlobalAveragePooling1D", "Flatten", "Permute", "SpatialDropout1D"),
    3: ("Conv2D", "MaxPooling2D", "GlobalMaxPooling2D", "Flatten", "Resizing", "ZeroPadding2D", "Cropping2D", "UpSampling2D",
        "SeparableConv2D", "DepthwiseConv2D", "Conv2DTranspose", "ConvLSTM1D", "Rescaling", "AdaptiveAveragePooling2D"),
    4: ("Conv3D", "MaxPooling3D", "ConvLSTM2D", "Flatten", "GlobalAveragePooling3D")}


def _each_step(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(_OF_RANK.get(x.rank - 1, ("Dense", "Embedding")))
    given = {"LSTM": _cells(2), "GRU": _cells(2), "ConvLSTM1D": _cells(3), "ConvLSTM2D": _cells(4)}
    return names.flatmap(lambda name: (given.get(name, st.just({}))).map(lambda more: {"layer": {**more, "name": name}}))


def _held(x: Tensor) -> st.SearchStrategy[dict[str, Any]]:
    kinds = [f"{kind}{max(min(x.rank - 1, 3), 1)}D{tail}" for kind, tail in (("Conv", ""), ("Conv", "Transpose"))]
    kinds += ["DepthwiseConv1D" if x.rank == 2 else "DepthwiseConv2D", "Dense", "EinsumDense"]
    sizes = {"kernel_size": st.sampled_from([1, 2]), "depth_multiplier": st.integers(1, 2), "data_format": FORMS}
    inner = st.sampled_from(kinds).flatmap(lambda name: st.fixed_dictionaries(
        {"name": st.just(name)}, optional={} if "Conv" not in name else {k: v for k, v in sizes.items()
                                                                          if k != "depth_multiplier" or "Depth" in name}))
    return st.fixed_dictionaries({"layer": inner}, optional={"power_iterations": st.integers(1, 3)})


_AXES = st.sampled_from([None, 1, 2, -2, -1, 0, [1], [1, 2], [2, 1], [-3, -2], [1, 1]])

LIKELY: dict[str, Likely] = {
    "SimpleRNN": _recurrent(), "LSTM": _recurrent(unit_forget_bias=st.booleans()), "GRU": _recurrent(reset_after=st.booleans()),
    **{f"ConvLSTM{rank}D": _convolved(rank) for rank in (1, 2, 3)},
    "Bidirectional": _both_ways, "TimeDistributed": _each_step, "SpectralNormalization": _held,
    "Attention": lambda x: st.fixed_dictionaries({}, optional={**_CALL, "use_scale": st.booleans(),
                                                               "score_mode": st.sampled_from(["dot", "concat"])}),
    "AdditiveAttention": lambda x: st.fixed_dictionaries({}, optional={**_CALL, "use_scale": st.booleans()}),
    "MultiHeadAttention": _heads(attention_axes=_AXES, value_dim=st.sampled_from([None, 3]),
                                 output_shape=st.sampled_from([None, [3], [2, 3]])),
    "GroupQueryAttention": _heads(num_query_heads=st.sampled_from([4, 3]), num_key_value_heads=st.sampled_from([1, 2, 4])),
}
"""Strategies of parameter values by layer."""
