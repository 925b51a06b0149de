"""Augmentations with several ports: one draw for all of them, and nothing but the picture is asked for outside training."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.build.compile import Compiled, compile_document
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source import python_source
from graph_compiler.catalog import registry
from graph_compiler.graph.blocks.grouping import group
from graph_compiler.graph.model import Document
from graph_compiler.layers.augmentation import SPECS
from graph_compiler.layers.custom.registry import custom_layers
from graph_compiler.specs.nodes import Inferred
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Column, Tensor
from tests.helpers.drawings import SCALE, Drawing
from tests.helpers.parameters import checked
from tests.helpers.training import run

LAYERS = {spec.name: spec for spec in SPECS if spec.ports}
MASKS = np.random.default_rng(0).integers(0, 5, (4, 16, 12)).astype("int32")
PICTURES = np.repeat(MASKS[..., None], 3, -1).astype("float32")
EXACT: dict[str, dict[str, Any]] = {
    "RandomFlip": {}, "RandomCrop": {"height": 10, "width": 8}, "RandomPerspective": {"interpolation": "nearest"},
    "RandomRotation": {"factor": 0.2, "interpolation": "nearest"},
    "RandomZoom": {"height_factor": 0.3, "interpolation": "nearest"},
    "RandomTranslation": {"height_factor": 0.3, "width_factor": 0.3, "interpolation": "nearest"},
    "RandomShear": {"x_factor": 0.4, "interpolation": "nearest"}, "CutMix": {}}
"""Parameters with which pixels are moved and never mixed."""
STREET = Column(name="mask", kind="mask", shape=(16, 12), classes=("road", "car"))


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    module = import_module("keras")
    module.utils.set_random_seed(1)
    return module


def build(keras: ModuleType, name: str, *ports: str, **given: Any) -> Any:
    return LAYERS[name].build(keras, checked(LAYERS[name], {**given, "together": list(ports)}), "layer")


@pytest.mark.parametrize("name", sorted(EXACT))
@pytest.mark.parametrize("traced", [False, True], ids=["eager", "traced"])
def test_mask_and_picture_stay_in_register(keras: ModuleType, name: str, traced: bool) -> None:
    import tensorflow as tf

    layer = build(keras, name, "mask", **EXACT[name])

    def call(pictures: Any, masks: Any) -> Any:
        return layer(pictures, masks=masks, training=True)

    moved = 0
    for _ in range(3):
        pictures, masks = (tf.function(call) if traced else call)(tf.constant(PICTURES), tf.constant(MASKS))
        assert masks.dtype == tf.int32
        np.testing.assert_array_equal(np.asarray(pictures)[..., 0], masks)
        moved += masks.shape != MASKS.shape or not np.array_equal(masks, MASKS)
    assert moved


@pytest.mark.parametrize("name", sorted(EXACT))
def test_nothing_but_the_size_changes_outside_training(keras: ModuleType, name: str) -> None:
    pictures, masks = build(keras, name, "mask", **EXACT[name])(PICTURES, masks=MASKS, training=False)
    cut = (slice(None), slice(3, 13), slice(2, 10)) if name == "RandomCrop" else ()
    np.testing.assert_array_equal(pictures, PICTURES[cut])
    np.testing.assert_array_equal(masks, MASKS[cut])


def test_channels_first_masks_have_no_channel(keras: ModuleType) -> None:
    layer = build(keras, "RandomFlip", "mask", data_format="channels_first")
    pictures, masks = layer(PICTURES.transpose(0, 3, 1, 2), masks=MASKS, training=True)
    np.testing.assert_array_equal(np.asarray(pictures)[:, 0], masks)


@pytest.mark.parametrize(("name", "given", "off"), [
    ("RandomFlip", {}, 0.0), ("RandomRotation", {"factor": 0.1}, 1.0), ("RandomZoom", {"height_factor": 0.2}, 1.0),
    ("RandomTranslation", {"height_factor": 0.15, "width_factor": 0.15}, 1.0), ("RandomPerspective", {"scale": 0.2}, 1.0)])
def test_boxes_follow_what_they_hold(keras: ModuleType, name: str, given: dict[str, Any], off: float) -> None:
    """The box of a filled rectangle that was moved, against the moved box, in pixels."""
    picture = np.zeros((1, 60, 80, 1), "float32")
    picture[:, 15:40, 20:50] = 1
    fill = {} if name in ("RandomFlip", "RandomPerspective") else {"fill_mode": "constant"}
    for seed in range(4):
        moved, boxes = build(keras, name, "boxes", seed=seed, **given, **fill)(
            picture, boxes=np.float32([[[20, 15, 50, 40]]]), training=True)
        rows, columns = np.where(np.asarray(moved)[0, :, :, 0] > 0.5)
        found = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        np.testing.assert_allclose(np.asarray(boxes)[0, 0], found, atol=off)


@pytest.mark.parametrize(("name", "off"), [("MixUp", 1e-5), ("CutMix", 0.08)])
def test_labels_are_mixed_in_the_share_of_the_pictures(keras: ModuleType, name: str, off: float) -> None:
    """Each picture has the colour of its class, so that its mean is what its label must say."""
    labels = np.eye(3, dtype="float32")[[0, 1, 2, 0]]
    pictures = np.broadcast_to(labels[:, None, None], (4, 32, 32, 3)).astype("float32")
    mixed, told = build(keras, name, "labels")(pictures, labels=labels, training=True)
    np.testing.assert_allclose(np.asarray(mixed).mean((1, 2)), told, atol=off)
    assert not np.array_equal(told, labels)


def rule(name: str, given: dict[str, Any], **inputs: Tensor) -> Inferred:
    ports = {"in" if port == "picture" else port: (x,) for port, x in inputs.items()}
    return LAYERS[name].infer(checked(LAYERS[name], given), ports)


def refusal(name: str, given: dict[str, Any], **inputs: Tensor) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, given, **inputs)
    return caught.value


def test_ports_come_with_the_parameter_and_outputs_keep_their_meaning() -> None:
    spec, picture, mask = LAYERS["RandomCrop"], Tensor((16, 12, 3)), Tensor((16, 12), "int32", False, STREET)
    assert [port.name for port in spec.input_ports(checked(spec, {}))] == ["in"]
    p = checked(spec, {"together": ["mask"], "height": 8, "width": 6})
    assert [port.name for port in spec.output_ports(p)] == ["out", "mask"]
    found = rule("RandomCrop", {"together": ["mask"], "height": 8, "width": 6}, picture=picture, mask=mask)
    assert found.outputs == (Tensor((8, 6, 3)), Tensor((8, 6), "int32", False, STREET))
    boxes = rule("RandomFlip", {"together": ["boxes", "mask"]}, picture=picture, mask=mask, boxes=Tensor((5, 4)))
    assert [out.shape for out in boxes.outputs] == [(16, 12, 3), (16, 12), (5, 4)]
    assert LAYERS["RandomShear"].param("together").options == ("mask",)  # type: ignore[union-attr]


def test_what_does_not_belong_together_is_refused() -> None:
    picture = Tensor((16, 12, 3))
    size = refusal("RandomFlip", {"together": ["mask"]}, picture=picture, mask=Tensor((12, 16), "int32"))
    assert (size.port, size.expected, size.received) == ("mask", "height × width: 16×12", "12×16 (2 axes)")
    assert refusal("RandomFlip", {"together": ["mask"]}, picture=picture, mask=Tensor((16, 12))).code == "dtype"
    assert refusal("RandomFlip", {"together": ["boxes"]}, picture=picture, boxes=Tensor((4,))).port == "boxes"
    unmixed = refusal("MixUp", {}, picture=picture, labels=Tensor((), "int32"))
    assert (unmixed.port, unmixed.hint) == ("labels", "Insert OneHot between the label and it.")
    assert refusal("CutMix", {"together": []}, picture=picture).param == "together"


def street(**fields: Any) -> tuple[Document, str]:
    """Nuclei turned and flipped with their masks, a small segmentation net, and its Loss."""
    drawing = Drawing(batch_size=8, epochs=1, **fields)
    data = drawing.add("Nuclei", {"size": 32, "stride": 32})
    turned = drawing.add("RandomRotation", {"factor": 0.3, "together": ["mask"]}, (data, "image"))
    drawing.wire((data, "mask"), (turned, "mask"))
    cut = drawing.add("RandomCrop", {"height": 24, "width": 24, "together": ["mask"]}, turned)
    drawing.wire((turned, "mask"), (cut, "mask"))
    last = drawing.chain(cut, SCALE, ("Conv2D", {"filters": 8, "padding": "same", "activation": "relu"}),
                         ("Conv2D", {"filters": 2, "kernel_size": [1, 1], "activation": "softmax"}))
    drawing.loss(last, (cut, "mask"))
    return drawing.document, last


@pytest.fixture(scope="module")
def compiled() -> Compiled:
    return compile_document(street()[0], registry(), seed=3)


def test_the_mask_is_for_training_only(compiled: Compiled) -> None:
    plan = compiled.plan
    assert [i.name for i in plan.inputs] == ["image"]
    wires = {(key[2], key[3]) for key in plan.training_only}
    assert {port for _, port in wires} == {"mask", "target"} and len(wires) == 3
    assert [i.name for i in compiled.model.inputs] == ["image"]
    assert len(compiled.training_model.inputs) == 2
    assert not [layer.name for layer in compiled.model.layers if type(layer).__name__ in ("Together", "RandomRotation")]


def test_both_models_share_their_weights_and_agree_outside_training(compiled: Compiled) -> None:
    pictures = np.random.default_rng(0).integers(0, 255, (3, 32, 32, 1)).astype("uint8")
    masks = np.random.default_rng(1).integers(0, 2, (3, 32, 32)).astype("int32")
    prediction, target = compiled.training_model([pictures, masks], training=False)
    np.testing.assert_allclose(compiled.model(pictures, training=False), prediction, atol=1e-6)
    np.testing.assert_array_equal(target, masks[:, 4:28, 4:28])
    assert {id(v) for v in compiled.model.trainable_variables} == {id(v) for v in compiled.training_model.trainable_variables}


def test_it_trains_and_its_training_model_opens_again(keras: ModuleType, compiled: Compiled, tmp_path: Path) -> None:
    document, _ = street()
    training = run(document, tmp_path, seed=1)
    assert training.losses and np.isfinite(training.losses).all()
    compiled.training_model.save(tmp_path / "training.keras")
    again = keras.models.load_model(tmp_path / "training.keras", custom_objects=custom_layers(keras))
    rows = [np.zeros((2, 32, 32, 1), "uint8"), np.ones((2, 32, 32), "int32")]
    for mine, theirs in zip(compiled.training_model(rows, training=False), again(rows, training=False), strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_the_script_is_the_model_that_is_used(compiled: Compiled) -> None:
    space: dict[str, Any] = {}
    exec(compile(python_source(street()[0], registry()), "drawing.py", "exec"), space)
    model = space["model"]
    assert [layer.name for layer in model.layers] == [layer.name for layer in compiled.model.layers]
    model.set_weights(compiled.model.get_weights())
    pictures = np.random.default_rng(0).integers(0, 255, (3, 32, 32, 1)).astype("uint8")
    np.testing.assert_array_equal(model(pictures, training=False), compiled.model(pictures, training=False))


def test_no_model_returns_what_only_training_has() -> None:
    drawing = Drawing()
    data = drawing.add("Nuclei", {"size": 32, "stride": 32})
    turned = drawing.add("RandomFlip", {"together": ["mask"]}, (data, "image"))
    drawing.wire((data, "mask"), (turned, "mask"))
    drawing.add("Output", {}, (turned, "mask"))
    assert Analyzer(drawing.document, registry()).clean
    with pytest.raises(BuildProblem, match="in training only"):
        compile_document(drawing.document, registry())


def test_a_block_around_them_asks_for_the_picture_alone() -> None:
    document, _ = street()
    group(document, "", ["random_rotation_1", "random_crop_1"], "augment").apply(document)
    compiled = compile_document(document, registry(), seed=3)
    assert [i.name for i in compiled.plan.inputs] == ["image"]
    pictures = np.random.default_rng(0).integers(0, 255, (3, 32, 32, 1)).astype("uint8")
    masks = np.random.default_rng(1).integers(0, 2, (3, 32, 32)).astype("int32")
    prediction, target = compiled.training_model([pictures, masks], training=False)
    np.testing.assert_allclose(compiled.model(pictures, training=False), prediction, atol=1e-6)
    np.testing.assert_array_equal(target, masks[:, 4:28, 4:28])
    space: dict[str, Any] = {}
    exec(compile(python_source(document, registry()), "drawing.py", "exec"), space)
    space["model"].set_weights(compiled.model.get_weights())
    np.testing.assert_array_equal(space["model"](pictures, training=False), compiled.model(pictures, training=False))
