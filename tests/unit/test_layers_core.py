"""Core, activation and normalisation layers: shapes, masks, weights, words and refusals."""

from __future__ import annotations

from typing import Any

import pytest

from graph_compiler.build.source_layers import layer_expression
from graph_compiler.layers import activations, core, normalisation
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Tensor
from tests.helpers.parameters import checked

BY_NAME: dict[str, LayerSpec] = {spec.name: spec for module in (core, activations, normalisation) for spec in module.SPECS}
SERIES = Tensor((9, 4), "float32", True)


def infer(name: str, x: Tensor, **given: Any) -> Inferred:
    return BY_NAME[name].infer(checked(BY_NAME[name], given), {"in": (x,)})


def refused(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        infer(name, x, **given)
    return caught.value


def test_dense() -> None:
    found = infer("Dense", Tensor((5, 1600)), units=10)
    assert found == Inferred((Tensor((5, 10)),), 16010, macs=80000)
    assert infer("Dense", Tensor((8,), "int32"), use_bias=False, units=2).weights == 16
    assert infer("Dense", SERIES).outputs[0].masked
    assert refused("Dense", Tensor(())).code == "rank"


def test_embedding_masks_padding() -> None:
    tokens = Tensor((12,), "int32", False, Column(name="words", kind="tokens", shape=(12,)))
    found = infer("Embedding", tokens, input_dim=50, output_dim=8, mask_zero=True)
    assert found == Inferred((Tensor((12, 8), "float32", True),), 400)
    assert not infer("Embedding", tokens).outputs[0].masked
    assert refused("Embedding", Tensor((12,))).title == "Embedding needs whole numbers or yes/no values"


def test_identity_keeps_the_column() -> None:
    text = Tensor((), "string", False, Column(name="title", kind="text"))
    assert infer("Identity", text).outputs == (text,)


def test_masking_and_activation() -> None:
    assert infer("Masking", Tensor((9, 4))).outputs == (SERIES,)
    assert infer("Activation", SERIES, activation="softmax").outputs == (SERIES,)
    assert refused("Activation", Tensor(()), activation="softmax").code == "rank"


@pytest.mark.parametrize(("equation", "size", "x", "shape", "weights", "macs"), [
    ("...x,xy->...y", [3], (6, 4), (6, 3), 12, 72), ("abc,cd->abd", [None, 3], (6, 4), (None, 3), 12, 72),
    ("abc,cde->abde", [6, 2, 5], (6, 4), (6, 2, 5), 40, 240), ("abc,bd->adc", [7, 4], (6, 4), (7, 4), 42, 168),
    ("ab...,bc->ac...", [3], (6, 4), (3, 4), 18, 72)])
def test_einsum(equation: str, size: list[int | None], x: tuple[int, ...], shape: tuple[int, ...], weights: int,
                macs: int) -> None:
    assert infer("EinsumDense", Tensor(x), equation=equation, output_shape=size) == Inferred((Tensor(shape),), weights,
                                                                                             macs=macs)


@pytest.mark.parametrize(("given", "param"), [
    ({"equation": "abc"}, "equation"), ({"equation": "ab,bc->ac"}, "equation"), ({"equation": "aab,bc->aac"}, "equation"),
    ({"equation": "abc,cd->abd"}, "output_shape"), ({"equation": "abc,cd->abd", "output_shape": [7, 3]}, "output_shape"),
    ({"equation": "abc,cd->abe", "output_shape": [6, 3]}, "equation"), ({"bias_axes": "q"}, "bias_axes"),
    ({"equation": "abc,xd->abd", "output_shape": [6, 3]}, "equation"),
    ({"equation": "abc,ad->dc", "output_shape": [4]}, "equation")])
def test_einsum_refuses(given: dict[str, Any], param: str) -> None:
    assert refused("EinsumDense", Tensor((6, 4)), **given).param == param


def test_prelu_shares_slopes() -> None:
    assert infer("PReLU", Tensor((8, 8, 3))).weights == 192
    assert infer("PReLU", Tensor((None, 8, 3)), shared_axes=[1, 2]).weights == 3
    assert refused("PReLU", Tensor((None, 3))).hint == "Add 1 to shared_axes."


def test_softmax_wants_a_list_without_mask() -> None:
    assert infer("Softmax", Tensor((9, 4)), axis=1).outputs == (Tensor((9, 4)),)
    assert refused("Softmax", SERIES).code == "mask"
    assert refused("Softmax", Tensor((9, 4)), axis=0).hint == "Samples of a batch must not mix: choose another axis."


def test_batch_normalization_counts_what_no_gradient_moves() -> None:
    found = infer("BatchNormalization", Tensor((8, 8, 16)))
    assert (found.weights, found.fixed) == (64, 32)
    assert infer("BatchNormalization", Tensor((8, 16)), axis=1, scale=False).weights == 24
    renorm = infer("BatchNormalization", Tensor((8, 16)), renorm=True)
    assert (renorm.weights, renorm.fixed) == (112, 80)
    assert refused("BatchNormalization", Tensor((8, 16)), renorm=True, rmax=1.0, rmin=2.0).param == "rmax"
    assert infer("BatchNormalization", SERIES).outputs[0].masked


def test_the_limits_of_renorm_reach_keras_as_one_dictionary() -> None:
    spec = BY_NAME["BatchNormalization"]
    assert spec.to_keras is not None
    assert spec.to_keras({"renorm": True, "rmax": 3.0, "rmin": None, "dmax": 5.0}) == {
        "renorm": True, "renorm_clipping": {"rmax": 3.0, "dmax": 5.0}}
    assert spec.to_keras({"rmax": None, "rmin": None, "dmax": None}) == {}


def test_other_normalisations() -> None:
    assert infer("LayerNormalization", Tensor((6, 5, 4)), axis=[-2, -1]).weights == 40
    assert infer("LayerNormalization", Tensor((6, None)), center=False, scale=False).weights == 0
    assert infer("GroupNormalization", Tensor((6, 8)), groups=-1).weights == 16
    assert refused("GroupNormalization", Tensor((6, 8)), groups=3).param == "groups"
    assert infer("RMSNormalization", SERIES).outputs == (Tensor((9, 4)),)
    assert refused("RMSNormalization", Tensor((9, 4)), axis=1).code == "axis"
    assert infer("UnitNormalization", SERIES).weights == 0
    assert refused("LayerNormalization", Tensor((9, 4)), axis=[1, -2]).title == "LayerNormalization has an axis twice"


def test_the_limits_of_renorm_in_python() -> None:
    spec = BY_NAME["BatchNormalization"]
    values = checked(spec, {"renorm": True, "rmax": 3.0, "dmax": 5.0})
    assert 'renorm=True, renorm_clipping={"rmax": 3.0, "dmax": 5.0}' in layer_expression(spec, values, "bn")
