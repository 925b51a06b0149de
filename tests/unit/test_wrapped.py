"""Wrapped layers: nested values are checked by the layer's own parameters, rules of wrappers, and the script that is shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.values import evaluated
from graph_compiler.build.compile import compile_document
from graph_compiler.build.source import python_source
from graph_compiler.build.source_layers import layer_expression
from graph_compiler.catalog import registry
from graph_compiler.graph.edits import SetField, SetParam
from graph_compiler.graph.model import BlockDefinition
from graph_compiler.graph.substitution import mentioned, substituted
from graph_compiler.graph.values import BlockParameter, Node
from graph_compiler.runs.comparison import comparison
from graph_compiler.runs.differences import differences
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped
from tests.helpers.drawing import drawing, graph, wires
from tests.helpers.parameters import checked

SERIES, FILM = Tensor((9, 4)), Tensor((5, 8, 8, 3))


def spec_of(name: str) -> LayerSpec:
    found = registry().nodes[name]
    assert isinstance(found, LayerSpec)
    return found


def param_of(wrapper: str, name: str = "layer") -> Wrapped:
    found = spec_of(wrapper).param(name)
    assert isinstance(found, Wrapped)
    return found


def infer(name: str, x: Tensor, **given: Any) -> Inferred:
    return spec_of(name).infer(checked(spec_of(name), given), {"in": (x,)})


def refused(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        infer(name, x, **given)
    return caught.value


def test_a_name_alone_has_the_defaults_of_the_layer() -> None:
    value = param_of("TimeDistributed").check("Dense")
    assert value["name"] == "Dense" and value["units"] == 10
    assert set(value) == {"name", *(param.name for param in spec_of("Dense").params)}


def test_what_the_wrapper_decides_is_not_asked_for() -> None:
    fields = {param.name for param in param_of("Bidirectional").fields("LSTM")}
    assert "units" in fields and not fields & {"go_backwards", "zero_output_for_mask"}
    assert param_of("Bidirectional", "backward_layer").check({"name": "GRU"})["go_backwards"] is True
    assert param_of("Bidirectional").fields("Dense") == ()


@pytest.mark.parametrize(("value", "expected", "received"), [
    ("Lambda", "a layer: one of SimpleRNN, LSTM, GRU, ConvLSTM1D, ConvLSTM2D, ConvLSTM3D", "'Lambda'"),
    ({"name": "LSTM", "filters": 3}, "parameters of LSTM that layer leaves open, not filters", None),
    ({"name": "LSTM", "go_backwards": True}, "parameters of LSTM that layer leaves open, not go_backwards", None),
    ({"name": "LSTM", "units": 0}, "a whole number from 1 on", "0"), ({"units": 3}, None, None), ([], None, None)])
def test_misfits_are_refused_at_the_field_of_the_wrapper(value: Any, expected: str | None, received: str | None) -> None:
    with pytest.raises(Refusal) as caught:
        param_of("Bidirectional").check(value)
    assert caught.value.param == "layer"
    assert expected in (None, caught.value.expected) and received in (None, caught.value.received)


def test_expressions_are_computed_inside_too() -> None:
    value = {"name": "LSTM", "units": {"=": "width * 2"}}
    assert evaluated(value, {"width": 8}) == {"name": "LSTM", "units": 16}
    assert mentioned(value) == {"width"}
    assert substituted(value, {"width": {"=": "wide"}}) == {"name": "LSTM", "units": {"=": "wide * 2"}}


def test_both_ways() -> None:
    one = spec_of("LSTM").infer(checked(spec_of("LSTM"), {"units": 3}), {"in": (SERIES,)})
    found = infer("Bidirectional", SERIES, layer={"name": "LSTM", "units": 3})
    assert found == Inferred((Tensor((6,)),), 2 * one.weights, macs=2 * one.macs)
    assert infer("Bidirectional", SERIES, layer={"name": "LSTM", "units": 3}, merge_mode="ave").macs == 2 * one.macs + 3
    kept = infer("Bidirectional", Tensor((9, 4), "float32", True), layer={"name": "GRU", "units": 3, "return_sequences": True})
    assert kept.outputs == (Tensor((9, 6), "float32", True),)
    p = checked(spec_of("Bidirectional"), {"layer": {"name": "GRU", "return_state": True}, "merge_mode": None})
    ins, outs = spec_of("Bidirectional").input_ports(p), spec_of("Bidirectional").output_ports(p)
    assert [port.name for port in ins] == ["in", "initial_forward_h", "initial_backward_h"]
    assert [port.name for port in outs] == ["forward", "backward", "forward_h", "backward_h"]


def test_both_ways_belong_together() -> None:
    other = refused("Bidirectional", SERIES, layer="LSTM", backward_layer="GRU")
    assert (other.title, other.expected, other.received) == (
        "Bidirectional needs the same kind of layer both ways", "LSTM", "GRU")
    size = refused("Bidirectional", SERIES, layer="LSTM", backward_layer={"name": "LSTM", "units": 8})
    assert (size.title, size.expected, size.received) == ("Bidirectional needs two ways that give the same", "32", "8")
    inputs = {"in": (SERIES,), "initial_forward_h": (Tensor((32,)),)}
    with pytest.raises(Refusal) as caught:
        spec_of("Bidirectional").infer(checked(spec_of("Bidirectional"), {}), inputs)
    assert (caught.value.code, caught.value.port) == ("state", "initial_forward_c")


def test_every_step() -> None:
    found = infer("TimeDistributed", FILM, layer={"name": "Conv2D", "filters": 4})
    assert found == Inferred((Tensor((5, 6, 6, 4)),), 3 * 3 * 3 * 4 + 4, macs=5 * 6 * 6 * 3 * 3 * 3 * 4)
    assert infer("TimeDistributed", Tensor((None, 6)), layer="BatchNormalization").fixed == 12
    words = spec_of("TimeDistributed").explained(checked(spec_of("TimeDistributed"), {"layer": "Flatten"}), {"in": (FILM,)})
    assert words == "5 steps, each 8×8×3 › 192"
    assert refused("TimeDistributed", Tensor((9,))).title == "TimeDistributed needs a series of lists, pictures or more"
    assert refused("TimeDistributed", FILM, layer="LSTM").title == "LSTM needs a series, steps × channels"
    states = refused("TimeDistributed", Tensor((5, 8, 3)), layer={"name": "LSTM", "return_state": True})
    assert (states.title, states.received) == ("TimeDistributed gives one tensor", "LSTM with 3")
    whole = refused("TimeDistributed", Tensor((5, 8, 8, 3), "uint8"), layer="Flatten")
    assert whole.hint == "Insert Rescaling or Cast before it."
    assert not param_of("TimeDistributed").options.keys() & {"Normalization", "Masking", "Identity", "Add", "TimeDistributed"}


@pytest.mark.parametrize(("layer", "x", "extra"), [
    ({"name": "Dense", "units": 7}, Tensor((4,)), 7), ({"name": "Conv2D", "filters": 6}, Tensor((8, 8, 3)), 6),
    ({"name": "Conv2DTranspose", "filters": 6}, Tensor((8, 8, 3)), 3),
    ({"name": "DepthwiseConv2D", "depth_multiplier": 2}, Tensor((8, 8, 3)), 2),
    ({"name": "EinsumDense", "output_shape": [5]}, Tensor((4,)), 5)])
def test_weights_held_in_check(layer: dict[str, Any], x: Tensor, extra: int) -> None:
    alone = infer(layer["name"], x, **{name: value for name, value in layer.items() if name != "name"})
    found = infer("SpectralNormalization", x, layer=layer)
    assert (found.weights, found.fixed, found.macs) == (alone.weights + extra, extra, alone.macs)


def wrapped_twice() -> Any:
    return drawing(
        "digits Digits", "scale Rescaling scale=0.0625", "rows Reshape target_shape=[8,8]",
        'both Bidirectional layer={"name":"GRU","units":6,"return_sequences":true,"return_state":true} merge_mode=sum',
        'second Bidirectional layer={"name":"GRU","units":6,"kernel_regularizer":{"name":"L2","l2":0.001}} '
        'backward_layer={"name":"GRU","units":6}', "film Reshape target_shape=[4,4,4,1]",
        'each TimeDistributed layer={"name":"Conv2D","filters":3,"activation":"relu"}', 'flat TimeDistributed layer="Flatten"',
        'held SpectralNormalization layer={"name":"Dense","units":6} power_iterations=2', "last Flatten", "cat Concatenate",
        "dense Dense units=10 activation=softmax", "loss Loss", "digits.image > scale > rows > both > second",
        "both.forward_h > second.initial_forward_h", "both.backward_h > second.initial_backward_h",
        "scale > film > each > flat > held > last > cat", "second > cat.in#1", "cat > dense > loss.prediction",
        "digits.label > loss.target")


def test_the_script_is_the_compiled_model() -> None:
    document = wrapped_twice()
    compiled = compile_document(document, registry(), seed=3)
    text = python_source(document, registry())
    assert "layer=keras.layers.GRU(units=6, return_sequences=True, return_state=True), merge_mode=\"sum\"" in text
    assert "backward_layer=keras.layers.GRU(units=6, go_backwards=True)" in text
    assert "initial_state=[both_forward_h, both_backward_h]" in text
    space: dict[str, Any] = {}
    exec(compile(text, "drawing.py", "exec"), space)
    model = space["model"]
    assert model.count_params() == compiled.model.count_params() == compiled.analysis.totals.weights
    model.set_weights(compiled.model.get_weights())
    rows = np.random.default_rng(0).integers(0, 17, (3, 8, 8, 1)).astype("uint8")
    np.testing.assert_array_equal(model(rows, training=False), compiled.model(rows, training=False))


@pytest.mark.parametrize("name", sorted(param_of("TimeDistributed").options))
def test_every_inner_layer_is_written_so_that_keras_makes_it(name: str) -> None:
    import keras

    spec = spec_of("TimeDistributed")
    made = eval(layer_expression(spec, checked(spec, {"layer": name}), "wrapper"), {"keras": keras})
    assert type(made.layer).__name__ == name


def test_a_block_decides_on_the_wrapped_layer() -> None:
    document = drawing("digits Digits", "scale Rescaling scale=0.0625", "rows Reshape target_shape=[8,8]", "last Flatten",
                       "dense Dense units=10 activation=softmax", "loss Loss", "digits.image > scale > rows",
                       "last > dense > loss.prediction", "digits.label > loss.target")
    inside = graph("x BlockInput", 'both Bidirectional layer={"name":"LSTM","units":{"=":"width*2"},"return_sequences":true}',
                   "y BlockOutput", "x > both > y")
    document.blocks["reader"] = BlockDefinition(inside, parameters=(BlockParameter(name="width", kind="int", default=2),))
    for name, params in (("one", {}), ("two", {"width": 3})):
        document.graph.put_node(Node(id=name, type="Block", block="reader", params=params))
    for edge in (*wires("rows > one.x"), *wires("one.y > two.x"), *wires("two.y > last")):
        document.graph.put_edge(edge)
    compiled = compile_document(document, registry(), seed=3)
    assert compiled.analysis.facts("two").outputs["y"].shape == (8, 12)
    text = python_source(document, registry())
    assert text.count("layer=keras.layers.LSTM(units=width * 2, return_sequences=True)") == 1
    space: dict[str, Any] = {}
    exec(compile(text, "drawing.py", "exec"), space)
    assert space["model"].count_params() == compiled.model.count_params()


@pytest.mark.parametrize("frozen", [False, True])
def test_a_frozen_one_keeps_its_weights(frozen: bool) -> None:
    """Keras 3.15.1 divides the weights in every training call, frozen or not."""
    document = wrapped_twice()
    SetField("held", "frozen", frozen).apply(document)
    compiled = compile_document(document, registry(), seed=3)
    before = [np.array(w) for w in compiled.layers["held"].get_weights()]
    compiled.training_model(np.ones((2, 8, 8, 1), "uint8"), training=True)
    same = [np.array_equal(old, new) for old, new in zip(before, compiled.layers["held"].get_weights(), strict=True)]
    assert all(same) if frozen else not any(same[:1])


@pytest.mark.parametrize(("before", "after", "lines"), [
    ({"name": "GRU", "units": 6}, {"name": "GRU", "units": 8}, ["both: units 6 → 8"]),
    ("GRU", {"name": "GRU", "units": 8}, ["both: units default → 8"]),
    ({"name": "GRU", "units": 8}, "GRU", ["both: units 8 → default"]), ("GRU", "LSTM", ["both: layer GRU → LSTM"]),
    ({"name": "GRU", "units": 8}, {"name": "LSTM", "units": 8}, ["both: layer GRU → LSTM"]),
    ({"name": "GRU", "kernel_regularizer": "L2"}, {"name": "GRU", "kernel_regularizer": {"name": "L1", "l1": 0.1}},
     ["both: kernel_regularizer L2 → L1", "both: l1 default → 0.1"])])
def test_what_changed_inside_is_told(before: Any, after: Any, lines: list[str]) -> None:
    one, two = (wrapped_twice() for _ in range(2))
    for document, layer in ((one, before), (two, after)):
        SetParam("both", "layer", layer).apply(document)
    assert differences(one, two) == lines
    assert [found.place for found in comparison([one, two])] == ["both"]
