"""Small contests: a generator and a discriminator over the digits of 8×8 numbers, drawn as blocks."""

from __future__ import annotations

from typing import Any

from graph_compiler.graph.model import BlockDefinition, Document
from graph_compiler.graph.values import Node, OptimizerSettings, TrainingSettings
from tests.helpers.drawing import drawing, graph, wires

GENERATOR = ("x BlockInput", "hidden Dense units=16 activation=relu", "norm BatchNormalization", "pixels Dense units=64",
             "y BlockOutput", "x > hidden > norm > pixels > y")
DISCRIMINATOR = ("x BlockInput", "hidden Dense units=16 activation=relu", "norm BatchNormalization", "score Dense units=1",
                 "y BlockOutput", "x > hidden > norm > score > y")
CRITIC = tuple(line.replace("> norm", "") for line in DISCRIMINATOR if not line.startswith("norm"))
WIRES = ("noise > made.x", "made.y > judge_fake.x", "digits.image > flat > scaled > judge_real.x",
         "judge_fake.y > adversarial.fake", "judge_real.y > adversarial.real")


def contest(*more: str, generator: tuple[str, ...] = GENERATOR, discriminator: tuple[str, ...] = DISCRIMINATOR,
            weights: tuple[str, str] = ("D", "D"), without: tuple[str, ...] = (),
            blocks: dict[str, tuple[str, ...]] | None = None, instances: dict[str, str] | None = None, **loss: Any) -> Document:
    """Noise -> generator -> D -> fake; digits -> D -> real.

    `more` are further nodes and wires, `without` wires to leave out; `weights` are the names at the fake and the real
    instance, `instances` further ones (id -> block), `loss` parameters of the AdversarialLoss.
    """
    laid = [line for line in WIRES if line not in without] + [line for line in more if ">" in line]
    document = drawing("digits Digits", "flat Flatten", "scaled Rescaling scale=0.125 offset=-1", "noise Noise dim=4",
                       *(line for line in more if ">" not in line))
    nodes = [Node(id="made", type="Block", block="generator"),
             Node(id="judge_fake", type="Block", block="discriminator", weights=weights[0]),
             Node(id="judge_real", type="Block", block="discriminator", weights=weights[1]),
             Node(id="adversarial", type="AdversarialLoss", params=loss),
             *(Node(id=name, type="Block", block=block) for name, block in (instances or {}).items())]
    for one in nodes:
        document.graph.put_node(one)
    insides = {"generator": generator, "discriminator": discriminator, **(blocks or {})}
    document.blocks.update({name: BlockDefinition(graph(*inside)) for name, inside in insides.items()})
    for edge in (edge for line in laid for edge in wires(line)):
        document.graph.put_edge(edge)
    document.training = TrainingSettings(
        batch_size=32, epochs=1, seed=3, optimizers={"": OptimizerSettings(learning_rate=0.002, params={"beta_1": 0.5}),
                                                     "D": OptimizerSettings(learning_rate=0.001, params={"beta_1": 0.5})})
    return document
