"""Paths of instances: where they lead, the shortest way to a block, and where to go when one breaks off."""

from __future__ import annotations

from graph_compiler.graph.model import Document
from graph_compiler.graph.values import Node
from tests.helpers.drawing import block, drawing
from widgets.canvas.scopes import inner, instance_path, nearest, scope_at, steps
from widgets.canvas.sharing import sharing_of


def nested() -> Document:
    """Two instances of `outer`, each with one of `leaf`, and a block nobody uses."""
    return drawing("one Block block=outer", "two Block block=outer", "lost Block block=gone",
                   outer=block("in Block block=leaf"), leaf=block("d Dense"), alone=block("e Dense"))


def test_a_path_leads_to_a_scope() -> None:
    document = nested()
    assert [scope_at(document, path) for path in ("", "one", "two.in")] == ["", "outer", "leaf"]
    assert [scope_at(document, path) for path in ("lost", "one.d", "one.in.d", "nobody", "one.")] == [None] * 5


def test_the_shortest_way_to_a_block() -> None:
    document = nested()
    assert [instance_path(document, scope) for scope in ("", "outer", "leaf", "alone")] == ["", "one", "one.in", None]
    document.graph.put_node(Node(id="near", type="Block", block="leaf"))
    assert instance_path(document, "leaf") == "near"


def test_a_broken_path_is_mended_as_near_as_can_be() -> None:
    document = nested()
    assert nearest(document, "outer", "two") == "two"
    assert nearest(document, "leaf", "three.in") == "one.in"
    document.blocks["outer"].graph.drop_node("in")
    assert nearest(document, "leaf", "two.in") == "two"
    assert nearest(document, "gone", "three.in") == ""


def test_steps_and_what_a_path_is_called_inside() -> None:
    assert steps("") == [""]
    assert steps("a.b") == ["", "a", "a.b"]
    assert (inner("conv", ""), inner("a.b.conv", "a.b")) == ("conv", "conv")
    assert (inner("conv", "a"), inner("a.conv", "")) == (None, None)


def test_only_instances_of_one_definition_share_a_name() -> None:
    document = drawing("a Block block=outer weights=W", "b Block block=leaf weights=W", "c Block block=outer weights=W",
                       "d Block block=outer", outer=block(), leaf=block())
    nodes, sharing = document.graph.nodes, sharing_of(document.graph)
    assert sharing.twins(nodes["c"]) == ("a", "c")
    assert sharing.twins(nodes["d"]) == ("d",)
    assert [sharing.counts(nodes[n]) for n in "abcd"] == [True, True, False, True]
    assert [sharing.hue(nodes[n]) for n in "abc"] == ["vermilion", "sky", "vermilion"]
