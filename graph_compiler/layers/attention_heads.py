"""Attention with several heads, each with projections of its own: the heart of a Transformer."""

from __future__ import annotations

from math import prod
from typing import Any

from graph_compiler.layers.attention_ports import (
    AT_CALL,
    call_switches,
    check_key,
    check_series,
    check_width,
    dropout,
    input_ports,
    ports_of,
    tensors_of,
)
from graph_compiler.layers.common import axis_index, known_size, like, times, use_bias, weight_params
from graph_compiler.layers.geometry import number, seed
from graph_compiler.layers.staying import NO_CAUSAL_MASK, NO_WIDE_ATTENTION, ROUGH_HEADS
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values, keras_arguments
from graph_compiler.specs.params import Axes, Bool, Int, Param, ShapeParam
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Shape, Tensor

MHA, GQA = "MultiHeadAttention", "GroupQueryAttention"


def attention_places(p: Values, x: Tensor) -> tuple[int, ...]:
    """Places in a shape of the axes that attention looks along: those of `attention_axes`, else all but the channels."""
    axes = p["attention_axes"]
    if axes is None:
        return tuple(range(x.rank - 1))
    given = (axes,) if isinstance(axes, int) else axes
    places = tuple(axis_index(axis, x, MHA, "attention_axes") for axis in given)
    if len(set(places)) < len(places) or x.rank - 1 in places:
        raise Refusal("axis", f"{MHA} looks along places, not channels", expected="each axis once, the last one not among them",
                      received=", ".join(map(str, given)), param="attention_axes", port="query", hint="Change attention_axes.")
    return places


def multi_head(p: Values, inputs: Inputs) -> Inferred:
    """Query [Tq, n], value [Tv, m], key [Tv, k] -> [Tq, n or output_shape], and scores [heads, Tq, Tv].

    Weights: the projections n * heads * key_dim, k * heads * key_dim, m * heads * value_dim (with use_gate another one of the
    query), heads * value_dim * outputs, and their biases. Multiply-adds: the projections of every step, and for each pair
    of steps and head key_dim for the score and value_dim for the mean.
    """
    query, value, key = tensors_of(MHA, inputs)
    places = _alike(p, inputs, query, value, key)
    _check_masks(p, inputs, places)
    check_attention_mask(MHA, inputs, p["num_heads"], query, value)
    heads, deep = p["num_heads"], p["key_dim"]
    wide = p["value_dim"] or deep
    widths = [known_size(x, x.rank - 1, MHA, f"the channels of the {name}")
              for name, x in (("query", query), ("key", key), ("value", value))]
    shape: tuple[int, ...] = p["output_shape"] or (widths[0],)
    parts = [(query, widths[0], heads * deep), (key, widths[1], heads * deep), (value, widths[2], heads * wide),
             (query, heads * wide, prod(shape))]
    if p["use_gate"]:
        parts.append((query, widths[0], heads * wide))
    pairs = times(*query.shape[:-1], *(value.shape[i] for i in places), heads * (deep + wide))
    scores = _scores(query.shape, value.shape, places, heads)
    out = like(query, (*query.shape[:-1], *shape))
    return _projected(p, parts, pairs, heads * wide, out, like(query, scores, masked=False))


def grouped(p: Values, inputs: Inputs) -> Inferred:
    """Query [Tq, n], value [Tv, n], key [Tv, k] -> [Tq, n], and scores [num_query_heads, Tq, Tv].

    Weights: the projections n * num_query_heads * head_dim (with use_gate another one), k and n * num_key_value_heads *
    head_dim, num_query_heads * head_dim * n, and their biases. Multiply-adds: the projections of every step, and for each
    pair of steps and query head head_dim for the score and head_dim for the mean.
    """
    query, value, key = tensors_of(GQA, inputs)
    check_series(GQA, inputs)
    check_key(GQA, inputs, value, key)
    check_width(GQA, inputs, query, value, "value")
    heads, groups, deep = p["num_query_heads"], p["num_key_value_heads"], p["head_dim"]
    if heads % groups:
        raise Refusal("parameter", f"{GQA} cannot share {heads} query heads among {groups}", param="num_key_value_heads",
                      expected=f"a number that divides {heads}", received=str(groups), hint="Change one of the two.")
    check_attention_mask(GQA, inputs, heads, query, value)
    wide = known_size(query, 1, GQA, "the number of channels")
    own = known_size(key, 1, GQA, "the channels of the key")
    parts = [(query, wide, heads * deep), (key, own, groups * deep), (value, wide, groups * deep), (query, heads * deep, wide)]
    if p["use_gate"]:
        parts.append((query, wide, heads * deep))
    pairs = times(query.shape[0], value.shape[0], 2 * heads * deep)
    scores = like(query, (heads, query.shape[0], value.shape[0]), masked=False)
    return _projected(p, parts, pairs, heads * deep, like(query, query.shape), scores)


def _projected(p: Values, parts: list[tuple[Tensor, int, int]], pairs: int | None, gated: int, out: Tensor,
               scores: Tensor) -> Inferred:
    """Costs of projections (tensor, width before, width after) and of the pairs of steps."""
    weights = sum(before * after + (after if p["use_bias"] else 0) for _, before, after in parts)
    costs = [times(*x.shape[:-1], before * after) for x, before, after in parts]
    if p["use_gate"]:
        costs.append(times(*parts[0][0].shape[:-1], gated))
    macs = None if pairs is None or None in costs else pairs + sum(c for c in costs if c is not None)
    return Inferred((out, scores) if p["return_attention_scores"] else (out,), weights, macs=macs)


def _alike(p: Values, inputs: Inputs, query: Tensor, value: Tensor, key: Tensor) -> tuple[int, ...]:
    """The places attention looks along. Refusal when ranks differ or the other places do."""
    for port, x in (("query", query), ("value", value), ("key", key)):
        if x.rank < 2 or x.rank != query.rank:
            raise Refusal("rank", f"{MHA} needs a series as its {port}", port=port, rank=2, received=x.words,
                          expected="steps × channels" if query.rank <= 2 else f"{query.rank} axes, as the query has",
                          hint="Insert Reshape, or return_sequences on the layer before.")
    check_key(MHA, inputs, value, key)
    places = attention_places(p, query)
    for i in range(query.rank - 1):
        if i not in places and query.shape[i] != value.shape[i]:
            raise Refusal("merge-mismatch", f"{MHA} goes through axis {i + 1} of query and value side by side", port="value",
                          expected=f"{number(query.shape[i])} places there", received=number(value.shape[i]),
                          hint="Let both have the same size there, or add the axis to attention_axes.")
    return places


def _check_masks(p: Values, inputs: Inputs, places: tuple[int, ...]) -> None:
    """Refuse masks where they would not fit: Keras lays them along the first axis only."""
    series = inputs["query"][0].rank == 2
    ordered = p["use_causal_mask"] or p["sliding_window"] is not None
    if ordered and places != (0,):
        name = "use_causal_mask" if p["use_causal_mask"] else "sliding_window"
        raise Refusal("parameter", f"{MHA} knows an order of steps along the first axis only", expected="attention_axes of 1",
                      received="other axes", param=name, port="query", hint=f"Set attention_axes to 1, or change {name}.")
    masked = next((port for port in ("query", "value", "key") if any(x.masked for x in inputs.get(port, ()))), "")
    if masked and not series:
        raise Refusal("mask", f"{MHA} takes masks of series only", expected="steps × channels, or no mask", port=masked,
                      received=f"{inputs[masked][0].words} with a mask",
                      hint="Insert Reshape before it, or take the mask away.")
    if inputs.get("attention_mask") and not series:
        raise Refusal("rank", f"{MHA} takes an attention mask for series only", expected="a query of steps × channels",
                      received=inputs["query"][0].words, port="attention_mask", hint="Remove the wire.")


def check_attention_mask(layer: str, inputs: Inputs, heads: int, query: Tensor, value: Tensor) -> None:
    """Refuse a mask that does not stretch to query steps × value steps, for each head or for all."""
    for mask in inputs.get("attention_mask", ()):
        wanted = (query.shape[0], value.shape[0])
        full = (*((heads,) if mask.rank == 3 else ()), *wanted)
        if mask.rank not in (2, 3) or any(d not in (1, n) for d, n in zip(mask.shape, full, strict=True)):
            words = "×".join(map(number, wanted))
            raise Refusal("merge-mismatch", f"{layer} needs a mask of query steps × value steps", port="attention_mask",
                          expected=f"{words}, or {heads}×{words}", received=mask.words,
                          hint="1 or true where a step may look, 0 or false where not.")


def make_multi_head(keras: Any, p: Values, name: str) -> Any:
    """Keras's layer, which announces scores of query × query: a layer behind them would be built for a wrong size."""
    layer = keras.layers.MultiHeadAttention(name=name, **keras_arguments(keras, MULTI_HEAD, p))
    announced = layer.compute_output_spec

    def corrected(query: Any, value: Any, key: Any = None, **rest: Any) -> Any:
        found = announced(query, value, key, **rest)
        if not rest.get("return_attention_scores"):
            return found
        places = attention_places(p, Tensor(tuple(query.shape[1:])))
        shape = _scores(tuple(query.shape[1:]), tuple(value.shape[1:]), places, p["num_heads"])
        return found[0], keras.KerasTensor((query.shape[0], *shape), dtype=found[1].dtype)

    layer.compute_output_spec = corrected
    return layer


def _scores(query: Shape, value: Shape, places: tuple[int, ...], heads: int) -> Shape:
    """The shape of the scores: the other places, the heads, places of the query, places of the value."""
    others = (d for i, d in enumerate(query[:-1]) if i not in places)
    return (*others, heads, *(query[i] for i in places), *(value[i] for i in places))


def explain_multi(p: Values, inputs: Inputs) -> str:
    """Heads and pairs."""
    return _explain(p["num_heads"], p["key_dim"], inputs)


def explain_grouped(p: Values, inputs: Inputs) -> str:
    """Heads and pairs."""
    return _explain(p["num_query_heads"], p["head_dim"], inputs)


def _explain(heads: int, deep: int, inputs: Inputs) -> str:
    pairs = " × ".join("×".join(map(number, inputs[port][0].shape[:-1])) for port in ("query", "value"))
    return f"{heads} heads of {deep} channels, each with {pairs} scores"


_INPUTS = (*input_ports(named=True), Port("attention_mask", optional=True, argument="attention_mask"))
_KEYWORDS = ("transformer", "self-attention", "cross-attention", "heads", "query", "key", "value", "bert", "gpt",
             "many to many")
_TEXT = ("Several heads look at the value side by side, each through learnt projections of its own, and what they find is "
         "joined. The same wire at query and value is self-attention; a decoder at query and an encoder at value is "
         "cross-attention.")


def _window() -> Int:
    return Int(name="sliding_window", default=None, optional=True, minimum=1, summary="How many steps each way a step sees.")


def _gate() -> Bool:
    return Bool(name="use_gate", default=False, summary="Lets the query shut off what was found, channel by channel.")


def _spec(layer: str, summary: str, text: str, heads: tuple[Param, ...], more: tuple[Param, ...]) -> LayerSpec:
    multi = layer == MHA
    switches = call_switches(causal_key=multi)
    return LayerSpec(
        name=layer, family="attention", summary=summary, text=text,
        params=(*heads, *switches, dropout(), use_bias(), *more, _window(), _gate(), seed(), *weight_params(3)),
        inputs=_INPUTS, ports=ports_of(_INPUTS), many_rule=multi_head if multi else grouped, at_call=AT_CALL, random=True,
        stays=(NO_WIDE_ATTENTION,) if multi else (NO_CAUSAL_MASK,), tells=(ROUGH_HEADS,) if multi else (),
        make=make_multi_head if multi else None, robs_masks=multi,
        explain_many=explain_multi if multi else explain_grouped, keywords=_KEYWORDS)


MULTI_HEAD = _spec(
    MHA, "Several heads look side by side", _TEXT,
    (Int(name="num_heads", default=2, minimum=1, key=True, summary="How many heads."),
     Int(name="key_dim", default=16, minimum=1, key=True, summary="Channels in which a head compares query and key."),
     Int(name="value_dim", default=None, optional=True, minimum=1, summary="Channels a head takes over; none: as key_dim.")),
    (ShapeParam(name="output_shape", default=None, optional=True, summary="What each step becomes; none: as the query."),
     Axes(name="attention_axes", default=None, optional=True, summary="Axes it looks along; none: all but the channels.")))

GROUPED = _spec(
    GQA, "Heads that share keys and values",
    f"{_TEXT} Here groups of query heads share one head of keys and values: fewer weights, nearly as good.",
    (Int(name="head_dim", default=16, minimum=1, key=True, summary="Channels of each head."),
     Int(name="num_query_heads", default=4, minimum=1, key=True, summary="How many heads look."),
     Int(name="num_key_value_heads", default=2, minimum=1, key=True, summary="How many heads are looked at.")), ())

SPECS: tuple[LayerSpec, ...] = (MULTI_HEAD, GROUPED)
