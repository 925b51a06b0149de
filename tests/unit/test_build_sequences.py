"""Recurrent and attention layers in compiled models: states, arguments of the call, masks that stay with their tensors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph_compiler.build.compile import Compiled, compile_document, one_or_list
from graph_compiler.build.source import python_source
from graph_compiler.catalog import registry
from graph_compiler.graph.model import Document
from tests.helpers.drawing import drawing

ROWS = ("digits Digits", "scale Rescaling scale=0.0625", "rows Reshape target_shape=[8,8]", "digits.image > scale > rows")


def translator() -> Document:
    """An encoder whose states a decoder begins with, and a look back with attention."""
    return drawing(*ROWS, "encoder LSTM units=6 return_sequences=true return_state=true",
                   "decoder LSTM units=6 return_sequences=true go_backwards=true",
                   "look Attention return_attention_scores=true",
                   "last Flatten", "dense Dense units=10", "loss Loss from_logits=true", "out Output", "where Output",
                   "rows > encoder", "rows > decoder", "encoder.h > decoder.initial_h", "encoder.c > decoder.initial_c",
                   "decoder > look.query", "encoder > look.value", "look > last > dense > loss.prediction", "dense > out",
                   "look.scores > where", "digits.label > loss.target")


def transformer(*lines: str) -> Document:
    """Tokens with padding through two blocks of self-attention with shortcuts."""
    return drawing("digits Digits", "tokens Flatten", "cast Cast dtype=int32",
                   "embedding Embedding input_dim=17 output_dim=8 mask_zero=true",
                   "a MultiHeadAttention key_dim=4 use_causal_mask=true", "add_a Add", "b MultiHeadAttention key_dim=4",
                   "add_b Add",
                   "pool GlobalAveragePooling1D", "dense Dense units=10 activation=softmax", "loss Loss",
                   "digits.image > tokens > cast > embedding", "embedding > a.query", "embedding > a.value",
                   "embedding > add_a",
                   "a > add_a.in#1", "add_a > b.query", "add_a > b.value", "add_a > add_b", "b > add_b.in#1", "add_b > pool",
                   "pool > dense > loss.prediction", "digits.label > loss.target", *lines)


def films() -> Document:
    """A cross-attention over axes, states of a ConvLSTM and of a GRU, every argument of the call."""
    return drawing(*ROWS, "film Reshape target_shape=[4,4,4,1]", "scale > film", "conv ConvLSTM2D filters=2 return_state=true",
                   "flat Flatten", "gru GRU units=8 dropout=0.5", "state Dense units=8",
                   "heads GroupQueryAttention head_dim=4 sliding_window=2",
                   "cross MultiHeadAttention key_dim=4 return_attention_scores=true", "last Flatten",
                   "both Concatenate", "dense Dense units=10 activation=softmax", "loss Loss", "film > conv",
                   "conv.c > flat > state",
                   "state > gru.initial_h", "rows > gru", "rows > heads.query", "rows > heads.value", "heads > cross.query",
                   "rows > cross.value", "rows > cross.key", "cross.scores > last > both", "gru > both.in#1",
                   "both > dense > loss.prediction", "digits.label > loss.target")


def inputs_for(compiled: Compiled) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, 17, (3, *i.shape[1:])).astype(i.dtype) for i in compiled.model.inputs]


@pytest.mark.parametrize("document", [translator(), transformer(), films()], ids=["translator", "transformer", "films"])
def test_the_script_is_the_compiled_model(document: Document) -> None:
    compiled = compile_document(document, registry(), seed=3)
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    model = space["model"]
    assert [layer.name for layer in model.layers] == [layer.name for layer in compiled.model.layers]
    assert model.count_params() == compiled.model.count_params() == compiled.analysis.totals.weights
    model.set_weights(compiled.model.get_weights())
    rows = one_or_list(inputs_for(compiled))
    for ours, theirs in zip(compiled.model(rows, training=False), model(rows, training=False), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_the_script_reads_as_keras_is_written() -> None:
    text = python_source(translator(), registry())
    assert "encoder, encoder_h, encoder_c = keras.layers.LSTM(" in text
    assert "(rows, initial_state=[encoder_h, encoder_c])" in text
    assert 'look, look_scores = keras.layers.Attention(name="look")([decoder, encoder], return_attention_scores=True)' in text
    assert 'key_dim=4, name="a")(a_query, a_query, use_causal_mask=True)' in python_source(transformer(), registry())


def test_states_reach_the_layer() -> None:
    compiled = compile_document(translator(), registry(), seed=3)
    rows = inputs_for(compiled)
    before = np.asarray(compiled.model(rows[0], training=False)[0])
    layer = compiled.layers["encoder"]
    layer.set_weights([w * 2 for w in layer.get_weights()])
    assert np.abs(before - np.asarray(compiled.model(rows[0], training=False)[0])).max() > 1e-4


def test_a_mask_outlives_multi_head_attention() -> None:
    """Keras 3.15.1 takes the mask off the tensors that MultiHeadAttention reads: shortcuts around it would lose it."""
    compiled = compile_document(transformer(), registry(), seed=3)
    facts = compiled.analysis.engine.facts
    assert facts["add_b"].outputs["out"].masked
    import keras

    model = keras.Model(compiled.model.input, [compiled.activations[name] for name in ("embedding", "add_a", "add_b")])
    for tensor in model(inputs_for(compiled)[0], training=False):
        assert tensor._keras_mask is not None


def test_scores_have_the_announced_shape() -> None:
    document = drawing(*ROWS, "short Slice axis=1 stop=5", "heads MultiHeadAttention return_attention_scores=true",
                       "flat Flatten",
                       "dense Dense units=10 activation=softmax", "loss Loss", "rows > short", "short > heads.query",
                       "rows > heads.value", "heads.scores > flat > dense > loss.prediction", "digits.label > loss.target")
    compiled = compile_document(document, registry(), seed=3)
    assert compiled.layers["flat"].output.shape == (None, 2 * 5 * 8)
    assert compiled.model(inputs_for(compiled)[0], training=False).shape == (3, 10)


def test_one_seed_gives_the_same_weights_and_the_same_dropout() -> None:
    document = drawing(*ROWS, 'both Bidirectional layer={"name":"LSTM","units":4,"dropout":0.5,"return_sequences":true}',
                       "gru GRU units=4 recurrent_dropout=0.5", "dense Dense units=10 activation=softmax", "loss Loss",
                       "rows > both > gru > dense > loss.prediction", "digits.label > loss.target")
    first, again, other = (compile_document(document, registry(), seed=seed) for seed in (3, 3, 4))
    rows = inputs_for(first)[0]
    outs = [np.asarray(compiled.training_model(rows, training=True)) for compiled in (first, again, other)]
    np.testing.assert_array_equal(outs[0], outs[1])
    assert np.abs(outs[0] - outs[2]).max() > 1e-4
    assert np.abs(outs[0] - np.asarray(first.training_model(rows, training=False))).max() > 1e-4
