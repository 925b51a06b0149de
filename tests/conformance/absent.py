"""Public classes of `keras.layers` that cannot stand in a drawing, each with its reason."""

from __future__ import annotations

_CELL = "One step of a recurrent layer; it stands inside RNN and reads no wire of its own."
_CODE = "Runs code that comes with the document, and opening a document must execute nothing."
_BASE = "A base class of others that does nothing by itself."

EXCLUDED: dict[str, str] = {
    "Layer": _BASE,
    "Wrapper": _BASE,
    "InputLayer": "Data enters at the source nodes, and the compiler makes the inputs.",
    **dict.fromkeys(("GRUCell", "LSTMCell", "SimpleRNNCell", "StackedRNNCells"), _CELL),
    "RNN": "Runs a cell, which cannot stand in a drawing; each of Keras's own cells has a layer of its own.",
    "ReversibleEmbedding": "One table called at both ends of a network, forward and in reverse; a node is called once.",
    **dict.fromkeys(("Lambda", "TFSMLayer"), _CODE),
    **dict.fromkeys(("FlaxLayer", "JaxLayer", "TorchModuleWrapper"),
                    "Wraps a model of another framework, which TensorFlow neither trains nor exports."),
    "MaxNumBoundingBoxes": "Brings lists of boxes to one length; a column of boxes has one length from the start.",
    "Pipeline": "A chain of layers is what the drawing itself says; a block names one.",
}
"""Classes that stay out, with the reason."""
