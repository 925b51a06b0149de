"""Recurrent and attention layers: ports, shapes, masks, weights, words and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Tensor
from tests.helpers.drawing import analysed, codes, fix
from tests.helpers.parameters import checked

SERIES, MASKED, FREE = Tensor((9, 4)), Tensor((9, 4), "float32", True), Tensor((None, 4))


BOTH = '{"name":"LSTM","return_state":true}'


def spec_of(name: str) -> LayerSpec:
    found = registry().nodes[name]
    assert isinstance(found, LayerSpec)
    return found


def infer(name: str, inputs: dict[str, Tensor], **given: Any) -> Inferred:
    return spec_of(name).infer(checked(spec_of(name), given), {port: (x,) for port, x in inputs.items()})


def refused(name: str, inputs: dict[str, Tensor], **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        infer(name, inputs, **given)
    return caught.value


def names(name: str, **given: Any) -> tuple[list[str], list[str]]:
    p = checked(spec_of(name), given)
    return [port.name for port in spec_of(name).input_ports(p)], [port.name for port in spec_of(name).output_ports(p)]


def test_states_are_ports() -> None:
    assert names("LSTM") == (["in", "initial_h", "initial_c"], ["out"])
    assert names("LSTM", return_state=True)[1] == ["out", "h", "c"]
    assert names("GRU", return_state=True) == (["in", "initial_h"], ["out", "h"])
    assert {port.role for port in spec_of("LSTM").output_ports({"return_state": True})} == {"tensor", "state"}


def test_what_comes_out() -> None:
    assert infer("LSTM", {"in": SERIES}, units=3).outputs == (Tensor((3,)),)
    assert infer("LSTM", {"in": MASKED}, units=3).outputs == (Tensor((3,)),)
    assert infer("LSTM", {"in": MASKED}, units=3, return_sequences=True).outputs == (Tensor((9, 3), "float32", True),)
    found = infer("LSTM", {"in": MASKED}, units=3, return_sequences=True, return_state=True)
    assert [x.masked for x in found.outputs] == [True, False, False]
    assert infer("GRU", {"in": FREE}, units=3, return_sequences=True).outputs == (Tensor((None, 3)),)


def test_weights_and_multiply_adds() -> None:
    assert infer("SimpleRNN", {"in": SERIES}, units=3).weights == 4 * 3 + 3 * 3 + 3
    assert infer("LSTM", {"in": SERIES}, units=3).weights == 4 * (4 * 3 + 3 * 3 + 3)
    assert infer("GRU", {"in": SERIES}, units=3).weights == 3 * (4 * 3 + 3 * 3 + 2 * 3)
    assert infer("GRU", {"in": SERIES}, units=3, reset_after=False).weights == 3 * (4 * 3 + 3 * 3 + 3)
    assert infer("LSTM", {"in": SERIES}, units=3).macs == 9 * (4 * (4 * 3 + 3 * 3) + 3 * 3)
    assert infer("LSTM", {"in": FREE}, units=3).macs is None
    assert infer("ConvLSTM2D", {"in": Tensor((3, 8, 8, 2))}, filters=4).weights == 9 * (2 + 4) * 16 + 16


def test_the_sum_in_words() -> None:
    words = spec_of("LSTM").explained(checked(spec_of("LSTM"), {"units": 32}), {"in": (Tensor((8, 8)),)})
    assert words == "4 gates × 32 units × (8 channels + 32 units + 1 bias) = 5,248 weights"
    words = spec_of("GRU").explained(checked(spec_of("GRU"), {"units": 2}), {"in": (Tensor((8, 8)),)})
    assert words == "3 gates × 2 units × (8 channels + 2 units + 2 biases) = 72 weights"
    pair = {"query": (SERIES,), "value": (Tensor((7, 4)),)}
    assert spec_of("Attention").explained(checked(spec_of("Attention"), {}), pair) == "9 steps look at 7 steps"
    assert spec_of("MultiHeadAttention").explained(checked(spec_of("MultiHeadAttention"), {}), pair) == (
        "2 heads of 16 channels, each with 9 × 7 scores")


def test_a_series_is_needed() -> None:
    flat = refused("LSTM", {"in": Tensor((9,))})
    assert (flat.title, flat.expected, flat.received) == (
        "LSTM needs a series, steps × channels", "a series, steps × channels: 2 axes", "9 (1 axis)")
    film = refused("GRU", {"in": Tensor((9, 8, 8, 1))})
    assert film.hint == "Insert TimeDistributed with Flatten, or Reshape, or use ConvLSTM2D."
    tokens = Tensor((9,), "int32", False, Column(name="words", kind="tokens", shape=(9,)))
    assert refused("LSTM", {"in": tokens}).hint == "Insert Embedding: it turns tokens into vectors."
    assert refused("ConvLSTM2D", {"in": Tensor((8, 8, 1))}).expected == "steps × height × width × channels: 4 axes"
    assert refused("ConvLSTM1D", {"in": Tensor((3, None, 2))}).title == "ConvLSTM1D must know the size of each step"


def test_unrolling_needs_a_length() -> None:
    refusal = refused("LSTM", {"in": FREE}, unroll=True)
    assert refusal.title == "LSTM can unroll only a series of known length"
    assert (refusal.param, refusal.hint) == ("unroll", "Switch unroll off, or fix the length at the source.")


def test_states_come_together_and_fit() -> None:
    alone = refused("LSTM", {"in": SERIES, "initial_h": Tensor((32,))})
    assert (alone.title, alone.expected, alone.port) == (
        "LSTM begins with all of its states or none", "a wire at “initial_c” too", "initial_c")
    other = refused("GRU", {"in": SERIES, "initial_h": Tensor((16,))})
    assert (other.title, other.expected, other.received, other.port) == (
        "GRU cannot begin with this state", "32, as its own state is", "16", "initial_h")
    assert infer("LSTM", {"in": SERIES, "initial_h": Tensor((32,)), "initial_c": Tensor((32,))}).outputs == (Tensor((32,)),)


def test_attention() -> None:
    pair = {"query": Tensor((9, 4), "float32", True), "value": Tensor((7, 4), "float32", True)}
    found = infer("Attention", pair, return_attention_scores=True, use_scale=True)
    assert found.outputs == (Tensor((9, 4), "float32", True), Tensor((9, 7)))
    assert found.weights == 1 and infer("AdditiveAttention", pair).weights == 4
    assert names("Attention", return_attention_scores=True)[1] == ["out", "scores"]
    wide = refused("Attention", {"query": SERIES, "value": Tensor((7, 6))})
    assert (wide.title, wide.expected, wide.received) == (
        "Attention compares query and value channel by channel", "6 channels, as the value has", "4")
    long = refused("Attention", {"query": SERIES, "value": Tensor((7, 6)), "key": Tensor((8, 4))})
    assert (long.title, long.expected, long.received) == ("Attention needs one key for each step of the value", "7 steps", "8")
    assert refused("Attention", {"query": Tensor((4,)), "value": SERIES}).title == "Attention needs a series as its query"


def test_heads() -> None:
    pair = {"query": SERIES, "value": Tensor((7, 6))}
    found = infer("MultiHeadAttention", pair, num_heads=2, key_dim=3, return_attention_scores=True)
    assert found.outputs == (SERIES, Tensor((2, 9, 7)))
    assert found.weights == (4 * 6 + 6) + 2 * (6 * 6 + 6) + (6 * 4 + 4)
    assert infer("MultiHeadAttention", pair, output_shape=[2, 5]).outputs == (Tensor((9, 2, 5)),)
    maps = {"query": Tensor((3, 9, 4)), "value": Tensor((3, 7, 4))}
    assert infer("MultiHeadAttention", maps, attention_axes=2, return_attention_scores=True).outputs[1] == Tensor((3, 2, 9, 7))
    assert refused("MultiHeadAttention", maps, attention_axes=1).expected == "9 places there"
    assert refused("MultiHeadAttention", maps, attention_axes=3).title == "MultiHeadAttention looks along places, not channels"
    causal = refused("MultiHeadAttention", maps, attention_axes=2, use_causal_mask=True)
    assert causal.title == "MultiHeadAttention knows an order of steps along the first axis only"
    mask = refused("MultiHeadAttention", {**pair, "attention_mask": Tensor((9, 9), "bool")})
    assert (mask.expected, mask.received, mask.port) == ("9×7, or 2×9×7", "9×9", "attention_mask")
    shared = refused("GroupQueryAttention", {"query": SERIES, "value": SERIES}, num_key_value_heads=3)
    assert (shared.title, shared.expected) == ("GroupQueryAttention cannot share 4 query heads among 3",
    "a number that divides 4")
    assert refused("GroupQueryAttention", pair).title == "GroupQueryAttention compares query and value channel by channel"


def test_an_encoder_hands_its_states_to_a_decoder() -> None:
    drawn = ["digits Digits", "scale Rescaling", "rows Reshape target_shape=[8,8]", "encoder LSTM units=6 return_state=true",
             "decoder LSTM units=6 return_sequences=true", "digits.image > scale > rows > encoder", "rows > decoder",
             "encoder.h > decoder.initial_h", "encoder.c > decoder.initial_c"]
    assert "state" not in " ".join(codes(analysed(*drawn)))
    assert "state@decoder" in codes(analysed(*drawn[:-1]))
    drawn[4] = "decoder LSTM units=7 return_sequences=true"
    assert "state@decoder" in codes(analysed(*drawn))


def test_states_that_do_not_fit_have_one_way_out() -> None:
    drawn = ["digits Digits", "scale Rescaling", "rows Reshape target_shape=[8,8]", "encoder LSTM units=6 return_state=true",
             "decoder LSTM units=7", "digits.image > scale > rows > encoder", "rows > decoder", "encoder.h > decoder.initial_h"]
    analysis = analysed(*drawn)
    assert fix(analysis, "state") == "wire c too"
    assert [str(p.received) for p in analysis.problems if p.code == "state"] == ["6"]
    assert fix(analysis, "state") == "set units to 6"
    assert "state" not in " ".join(codes(analysis))
    both = [line.replace("encoder LSTM units=6 return_state=true", f"encoder Bidirectional layer={BOTH}") for line in drawn]
    both = [line.replace("decoder LSTM units=7", "decoder Bidirectional").replace(".h >", ".forward_h >")
            .replace("initial_h", "initial_forward_h") for line in both]
    assert fix(analysed(*both), "state") == "wire forward_c, backward_h, backward_c too"
    assert [p.fixes for p in analysed(*(line.replace("encoder.h", "encoder.c") for line in drawn)).problems
            if p.code == "state"] == [()]
