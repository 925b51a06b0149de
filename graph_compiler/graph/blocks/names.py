"""Fresh names: of ports, of shared weights, of definitions."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from graph_compiler.graph.edit import EditRefused
from graph_compiler.graph.model import Document, Graph
from graph_compiler.graph.plain import LONGEST_NAME, id_problem


def fresh_name(name: str, taken: Container[str], between: str = "_") -> str:
    """The name itself, or the first of `name_2`, `name_3`, ... that is not taken."""
    found, count = name, 2
    while found in taken:
        found, count = f"{name}{between}{count}", count + 1
    return found


def fresh_weights(block: str, taken: Container[str]) -> str:
    """A short weights name: the initials of the block's name, `D` for discriminator, `RB` for residual block, then `D2`."""
    words = re.findall(r"[^\W\d_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", block))
    return fresh_name("".join(word[0] for word in words).upper()[:3] or "W", taken, "")


def weights_of(graph: Graph) -> set[str]:
    """Every weights name of a graph."""
    return {node.weights for node in graph.nodes.values() if node.weights}


def sound_block_name(document: Document, name: str) -> str:
    """The name for a new definition, or a refusal."""
    name = name.strip()
    if problem := id_problem(name):
        raise EditRefused(problem.replace("An id", "The name of a block"))
    if name in document.blocks:
        raise EditRefused(f"A block “{name}” is here already. Choose another name.")
    return name


def sound_port_name(name: str, taken: Iterable[str]) -> str:
    """The name for a port, or a refusal."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise EditRefused(f"A port has a name of 1 to {LONGEST_NAME} characters.")
    if name in taken:
        raise EditRefused(f"The block has a port “{name}” already.")
    return name
