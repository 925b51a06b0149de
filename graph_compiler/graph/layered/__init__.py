"""Layered auto-layout of cards and wires (Sugiyama, Tagawa, Toda 1981): ranks, fewer crossings, straight chains.

Plain numbers in, plain numbers out. `along` is the way the data flows, `across` is at right angles to it, so one layout
serves left to right and top to bottom. Main names: `Card`, `Lead`, `arrange`.
"""

from graph_compiler.graph.layered.arranging import Card, Lead, arrange

__all__ = ["Card", "Lead", "arrange"]
