"""Attention: each step of a query compares itself with all steps of a value and takes a weighted mean of them."""

from __future__ import annotations

from collections.abc import Callable

from graph_compiler.layers.attention_heads import SPECS as HEADS
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
from graph_compiler.layers.common import known_size, like, times
from graph_compiler.layers.geometry import number, seed
from graph_compiler.layers.staying import ROUGH_CAUSAL_MASK, ROUGH_LOOKS
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Values
from graph_compiler.specs.params import Bool, Choice, Param

Weights = Callable[[Values, int | None], tuple[int, int]]
"""Parameters and width of the query -> weights, and multiplications a pair of steps beside the weighted mean."""


def _rule(layer: str, weights: Weights) -> Callable[[Values, Inputs], Inferred]:
    def rule(p: Values, inputs: Inputs) -> Inferred:
        """[Tq, n], [Tv, m], key [Tv, n] -> [Tq, m], and scores [Tq, Tv]. The query's mask stays.

        Multiply-adds: for each pair of steps its score and its share of the mean, m.
        """
        query, value, key = tensors_of(layer, inputs)
        check_series(layer, inputs)
        check_key(layer, inputs, value, key)
        check_width(layer, inputs, query, key, "key" if inputs.get("key") else "value")
        if layer == "AdditiveAttention" and p["use_scale"]:
            known_size(query, 1, layer, "the number of channels")
        count, score = weights(p, query.shape[1])
        out = like(query, (query.shape[0], value.shape[1]))
        scores = like(query, (query.shape[0], key.shape[0]), masked=False)
        each = None if score < 0 or value.shape[1] is None else score + value.shape[1]
        outputs = (out, scores) if p["return_attention_scores"] else (out,)
        return Inferred(outputs, count, macs=times(query.shape[0], key.shape[0], each))
    return rule


def _dot(p: Values, width: int | None) -> tuple[int, int]:
    """A learnt factor with use_scale, another one in the mode concat. A score is a dot product, or a sum of tanh."""
    scale, concat = int(p["use_scale"]), int(p["score_mode"] == "concat")
    if width is None:
        return scale + concat, -1
    return scale + concat, scale * width + 1 if concat else width + scale


def _additive(p: Values, width: int | None) -> tuple[int, int]:
    """A learnt factor for each channel with use_scale."""
    return (width or 0) * int(p["use_scale"]), -1 if width is None else width


def explain(p: Values, inputs: Inputs) -> str:
    """Who is compared with whom."""
    query, value = inputs["query"][0], inputs["value"][0]
    return f"{number(query.shape[0])} steps look at {number(value.shape[0])} steps"


_INPUTS = input_ports(named=False)
_TEXT = ("Each step of the query is compared with each step of the key; the more alike, the more of the value at that step "
         "it takes over. The key is the value itself unless wired. With a decoder as query and an encoder as value the decoder "
         "looks up what it needs (many to many).")


def _spec(layer: str, summary: str, text: str, own: tuple[Param, ...], weights: Weights,
          keywords: tuple[str, ...]) -> LayerSpec:
    return LayerSpec(
        name=layer, family="attention", summary=summary, text=text, params=(*own, *call_switches()), inputs=_INPUTS,
        ports=ports_of(_INPUTS), many_rule=_rule(layer, weights), explain_many=explain, at_call=AT_CALL, listed=True,
        random=True, tells=(ROUGH_LOOKS, ROUGH_CAUSAL_MASK),
        keywords=("query", "key", "value", "look", "align", "seq2seq", "translation", "many to many", *keywords))


ATTENTION = _spec(
    "Attention", "Looks up steps by likeness",
    f"{_TEXT} Alike means a large dot product.",
    (Bool(name="use_scale", default=False, key=True, summary="Learns one factor for the scores."),
     Choice(name="score_mode", default="dot", options=("dot", "concat"), summary="How two steps are compared."),
     dropout(), seed()), _dot, ("luong", "dot product"))

ADDITIVE = _spec(
    "AdditiveAttention", "Looks up steps by a learnt sum",
    f"{_TEXT} How alike two steps are is a weighted sum of tanh(query + key), as in the first translators with attention.",
    (Bool(name="use_scale", default=True, key=True, summary="Learns a factor for each channel."), dropout()), _additive,
    ("bahdanau", "additive"))

SPECS: tuple[LayerSpec, ...] = (ATTENTION, ADDITIVE, *HEADS)
