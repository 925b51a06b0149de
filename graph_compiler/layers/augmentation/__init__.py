"""Layers that show the network ever new variants of its pictures. Nearly all act in training only.

`moving` has those that move pixels, `colours` those that change values, `equalising` those that even out light and dark,
`mixing` those that mix pictures with one another, `policies` mixtures of all; `together` gives some of them further ports.
"""

from __future__ import annotations

from graph_compiler.layers.augmentation import colours, equalising, mixing, moving, policies
from graph_compiler.specs.nodes import LayerSpec

SPECS: tuple[LayerSpec, ...] = tuple(spec for idea in (moving, colours, equalising, mixing, policies) for spec in idea.SPECS)
