"""Mixtures of augmentations with one strength: RandAugment and AugMix."""

from __future__ import annotations

from graph_compiler.layers.augmentation.forms import VALUE_RANGE, colour, factor, grey_or_coloured, interpolation
from graph_compiler.layers.geometry import data_format, seed
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Bool, Float, Int

RAND_AUGMENT = colour(
    "RandAugment", "A few augmentations, drawn anew",
    "In training a few of eleven augmentations are drawn for each batch, all of one strength: shear, shift, turn, light, "
    "colour, contrast, sharpness and others (Cubuk and others, 2019).",
    (VALUE_RANGE, Int(name="num_ops", default=2, minimum=1, key=True, summary="How many are drawn."),
     factor("factor", 0.5, "Strength: drawn from 0 to this, or between two bounds.", minimum=0.0), interpolation(), seed(),
     data_format()), grey_or_coloured, keywords=("policy", "auto", "mixture"))

AUG_MIX = colour(
    "AugMix", "Mixes chains of augmentations",
    "In training a picture is mixed with variants of itself, each made by a chain of augmentations (Hendrycks and others, "
    "2019). Keras draws the chains once a run and their strengths in every step.",
    (VALUE_RANGE, Int(name="num_chains", default=3, minimum=1, key=True, summary="How many variants."),
     Int(name="chain_depth", default=3, minimum=1, summary="Augmentations in a chain, at most."),
     factor("factor", 0.3, "Strength: drawn from 0 to this, or between two bounds.", minimum=0.0),
     Float(name="alpha", default=1.0, minimum=0.0, open_low=True, summary="How evenly the variants are mixed."),
     Bool(name="all_ops", default=True, summary="Light, colour, contrast and sharpness too."), interpolation(), seed(),
     data_format()), grey_or_coloured, keywords=("policy", "mixture", "robust"))

SPECS: tuple[LayerSpec, ...] = (RAND_AUGMENT, AUG_MIX)
