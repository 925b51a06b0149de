"""Nodes that organise a drawing: noise, outputs, blocks and their ports, notes and frames."""

from __future__ import annotations

from graph_compiler.layers.staying import NO_FREE_STEPS
from graph_compiler.specs.nodes import IN, OUT, Inferred, Inputs, NodeSpec, Values
from graph_compiler.specs.params import Choice, Int, Text
from graph_compiler.specs.tensors import Tensor


class OutputSpec(NodeSpec):
    """Passes its tensor on unchanged; it only names it."""

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred((inputs["in"][0],))


class NoiseSpec(NodeSpec):
    """A source without a table: it has as many rows as are asked for."""

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred((Tensor((p["dim"],)),))


OUTPUT = OutputSpec(
    name="Output", family="outputs", kind="output", summary="Names a tensor the exported model returns",
    text="Put one at every tensor the phone should get. Without any, the prediction of each Loss is exported.",
    inputs=IN,
    params=(
        Choice(name="decoding", default="none", options=("none", "argmax", "probabilities", "image", "text"), key=True,
               summary="How to read the numbers."),
        Int(name="order", default=0, minimum=0, summary="Place among the outputs of the exported model."),
    ))

NOISE = NoiseSpec(
    name="Noise", family="sources", kind="source", summary="Random numbers to make samples of",
    text="A latent vector, drawn anew for each sample of each step. A generator turns it into something; points near each "
         "other become samples that look alike.",
    outputs=OUT,
    params=(Int(name="dim", default=64, minimum=1, key=True, summary="Numbers in one vector."),
            Choice(name="distribution", default="normal", options=("normal", "uniform"), key=True,
                   summary="Normal with mean 0 and deviation 1, or uniform from -1 to 1.")),
    keywords=("latent", "random", "z", "gan", "generator"))

BLOCK = NodeSpec(name="Block", family="blocks", kind="block", summary="An instance of a block definition")

EACH_STEP = NodeSpec(
    name="TimeDistributedBlock", family="blocks", kind="block", summary="A block at every step of a series",
    stays=NO_FREE_STEPS,
    text="Applies the same block, with the same weights, to each step: a small network to each frame of a film.")

BLOCK_INPUT = NodeSpec(
    name="BlockInput", family="blocks", kind="boundary", summary="A port through which a block receives a tensor",
    outputs=OUT, params=(Int(name="order", default=0, minimum=0, summary="Place among the ports."),))

BLOCK_OUTPUT = NodeSpec(
    name="BlockOutput", family="blocks", kind="boundary", summary="A port through which a block gives a tensor",
    inputs=IN, params=(Int(name="order", default=0, minimum=0, summary="Place among the ports."),))

NOTE = NodeSpec(
    name="Note", family="notes", kind="note", summary="Text on the canvas",
    params=(Text(name="title", default="", summary="First line, bold."),
            Text(name="text", default="", multiline=True, key=True, summary="What the note says."),
            Int(name="width", default=168, minimum=48, summary="Width in px."),
            Int(name="height", default=0, minimum=0, summary="Height in px; 0 follows the text.")))

FRAME = NodeSpec(
    name="Frame", family="notes", kind="frame", summary="A coloured group with a title",
    params=(Text(name="title", default="", key=True, summary="Title in the corner."),
            Choice(name="color", default="grey", options=("grey", "green", "sky", "orange", "blue", "purple"), key=True,
                   summary="Colour of the tint."),
            Int(name="width", default=400, minimum=48, summary="Width in px."),
            Int(name="height", default=240, minimum=48, summary="Height in px.")))

SPECS = (NOISE, OUTPUT, BLOCK, EACH_STEP, BLOCK_INPUT, BLOCK_OUTPUT, NOTE, FRAME)
