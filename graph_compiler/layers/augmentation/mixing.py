"""Augmentations that mix the pictures of a batch with one another, and their labels or masks with them."""

from __future__ import annotations

from graph_compiler.layers.augmentation.forms import augmentation, chance, known_place, picture
from graph_compiler.layers.augmentation.together import alike
from graph_compiler.layers.geometry import data_format, seed
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Float

MIX_UP = alike(augmentation(
    "MixUp", "Lays pictures over one another",
    "In training each picture is mixed with another one of the batch, and its label in the same share: 70 % cat, 30 % dog "
    "(Zhang and others, 2017). Labels come one place a class, behind OneHot.",
    (Float(name="alpha", default=0.2, minimum=0.0, open_low=True, key=True,
           summary="How even the shares are: 1 any, 0.2 mostly one picture."), data_format(), seed()),
    picture("MixUp"), keywords=("blend", "mix", "label", "interpolate")),
    "labels", default=("labels",))

CUT_MIX = alike(augmentation(
    "CutMix", "Pastes a patch of another picture",
    "In training a patch of each picture is taken from another one of the batch; its label changes by the share of the area, "
    "or its mask by the same patch (Yun and others, 2019). Labels come one place a class, behind OneHot.",
    (chance(), seed(), data_format()), picture("CutMix", known_place), keywords=("patch", "mix", "label", "paste")),
    "mask", "labels", default=("labels",))

SPECS: tuple[LayerSpec, ...] = (MIX_UP, CUT_MIX)
