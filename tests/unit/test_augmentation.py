"""Augmentation layers in real Keras: they act in training, rest outside it, reopen from files and leave in exports."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graph_compiler.exporters.formats import FORMATS
from graph_compiler.exporters.part import Part
from graph_compiler.exporters.proof import prove, samples_of
from graph_compiler.layers.augmentation import SPECS
from graph_compiler.layers.custom.registry import custom_layers
from graph_compiler.specs.nodes import Inferred, LayerSpec
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from tests.helpers.parameters import checked

LAYERS = {spec.name: spec for spec in SPECS}
ALWAYS = frozenset({"AutoContrast", "ContrastLimitedAdaptiveHistogramEqualization"})
GIVEN: dict[str, dict[str, Any]] = {
    "RandomCrop": {"height": 12, "width": 10}, "RandomShear": {"x_factor": 0.4}, "RandomHue": {"factor": [0.4, 0.6]},
    "RandomColorJitter": {"brightness_factor": 0.5, "contrast_factor": 0.5, "saturation_factor": [0.1, 0.2], "hue_factor": 0.5},
    "RandomGrayscale": {"factor": 1.0}, "Solarization": {"threshold_factor": [0.5, 0.6]},
    "RandomInvert": {"factor": [1.0, 1.0]},
    "RandomErasing": {"factor": [1.0, 1.0]}, "RandomPosterization": {"factor": 2}, "RandomGaussianBlur": {"factor": [1.0, 1.0]},
    "RandomElasticTransform": {"factor": [1.0, 1.0], "scale": [1.0, 1.0]}, "RandomPerspective": {"factor": [1.0, 1.0]},
    "RandomColorDegeneration": {"factor": [0.5, 0.9]}, "RandomSharpness": {"factor": [0.0, 0.2]},
    "RandomSaturation": {"factor": [0.1, 0.2]}, "MixUp": {"together": []}, "CutMix": {"together": []}}
PICTURES = np.random.default_rng(0).uniform(0, 255, (8, 16, 12, 3)).astype("float32")
COLOUR, GREY = Tensor((16, 12, 3)), Tensor((16, 12, 1))

each_layer = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


@pytest.fixture(scope="module")
def keras() -> ModuleType:
    module = import_module("keras")
    module.utils.set_random_seed(1)
    return module


def build(keras: ModuleType, spec: LayerSpec, name: str = "layer") -> Any:
    return spec.build(keras, checked(spec, GIVEN.get(spec.name, {})), name)


@each_layer
def test_it_acts_in_training_and_rests_outside(keras: ModuleType, spec: LayerSpec) -> None:
    layer = build(keras, spec)
    rest = np.asarray(layer(PICTURES, training=False))
    still = PICTURES[:, 2:14, 1:11] if spec.name == "RandomCrop" else PICTURES
    assert np.array_equal(rest, still) == (spec.name not in ALWAYS)
    assert any(not np.allclose(layer(PICTURES, training=True), still) for _ in range(3))
    assert spec.random == (spec.name not in ALWAYS)


@each_layer
def test_it_opens_again_from_its_configuration(keras: ModuleType, spec: LayerSpec) -> None:
    layer = build(keras, spec)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()


@pytest.fixture(scope="module")
def chain(keras: ModuleType) -> Part:
    """All of them one behind the other, with the picture itself beside them."""
    entry = keras.Input(PICTURES.shape[1:], name="image")
    x = keras.layers.Rescaling(1.0)(entry)
    for spec in SPECS:
        if spec.name != "RandomCrop":
            x = build(keras, spec, spec.name.lower())(x)
    both = keras.layers.Concatenate()([x, entry])
    return Part("whole", keras.Model(entry, keras.layers.Conv2D(2, 3)(both)), ("image",), ("out",))


@pytest.mark.parametrize("kind", sorted(kind for kind, spec in FORMATS.items() if spec.usual))
def test_a_chain_of_all_leaves_in_files_that_agree(chain: Part, kind: str, tmp_path: Path) -> None:
    proof = prove(FORMATS[kind], chain, samples_of(chain, {"image": PICTURES}), tmp_path / f"n{FORMATS[kind].suffix}", {},
                  lambda *_: None)
    assert proof.max_abs_diff <= proof.allowed


def test_a_saved_chain_opens_with_the_registered_classes(keras: ModuleType, chain: Part, tmp_path: Path) -> None:
    chain.model.save(tmp_path / "chain.keras")
    again = keras.models.load_model(tmp_path / "chain.keras", custom_objects=custom_layers(keras))
    np.testing.assert_array_equal(again(PICTURES, training=False), chain.model(PICTURES, training=False))


def test_the_picture_goes_on_beside_an_equalization(keras: ModuleType) -> None:
    """Keras's own class takes the place of its input in a network."""
    entry = keras.Input(PICTURES.shape[1:])
    x = keras.layers.Rescaling(1.0)(entry)
    model = keras.Model(entry, keras.layers.Subtract()([x, build(keras, LAYERS["Equalization"])(x)]))
    assert float(np.abs(model(PICTURES, training=True)).max()) > 1
    assert float(np.abs(model(PICTURES, training=False)).max()) == 0


def rule(name: str, x: Tensor, **given: Any) -> Inferred:
    return LAYERS[name].infer(checked(LAYERS[name], given), {"in": (x,)})


def refusal(name: str, x: Tensor, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        rule(name, x, **given)
    return caught.value


@pytest.mark.parametrize("name", ["RandomHue", "RandomSaturation", "RandomColorDegeneration"])
def test_colours_need_colours(name: str) -> None:
    assert rule(name, COLOUR).outputs[0] == COLOUR
    assert rule(name, Tensor((3, 16, 12)), data_format="channels_first").outputs[0].shape == (3, 16, 12)
    found = refusal(name, GREY)
    assert (found.expected, found.received) == ("3 channels: red, green, blue", "1 channel")


def test_what_else_is_refused() -> None:
    assert rule("RandAugment", GREY).outputs[0] == GREY
    assert refusal("RandAugment", Tensor((16, 12, 2))).received == "2 channels"
    assert refusal("RandomColorJitter", GREY, hue_factor=0.1).code == "channels"
    assert rule("RandomColorJitter", GREY, brightness_factor=0.1).outputs[0] == GREY
    assert refusal("RandomColorJitter", COLOUR, data_format="channels_first").param == "data_format"
    assert refusal("RandomGaussianBlur", COLOUR, kernel_size=4).param == "kernel_size"
    assert refusal("RandomErasing", GREY, fill_value=[1, 2, 3]).param == "fill_value"
    assert refusal("RandomPerspective", Tensor((None, None, 3))).code == "free-axis"
    assert refusal("RandomPerspective", Tensor((1, 8, 3))).code == "picture-size"
    assert refusal("ContrastLimitedAdaptiveHistogramEqualization", Tensor((2, 8, 3))).expected == "at most 4 tiles for 2 pixels"
    assert refusal("AugMix", COLOUR, value_range=[1, 0]).param == "value_range"
    assert refusal("RandomInvert", Tensor((8, 8, 1), "uint8")).code == "dtype"
