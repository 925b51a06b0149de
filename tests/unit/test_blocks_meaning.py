"""However a drawing is cut into blocks, it means the same; every verb is undone to the byte; planted mistakes are found."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from graph_compiler.graph.blocks import definitions, group, grouping, parameters, ports, unpack, unpacking
from graph_compiler.graph.edits import EditRefused
from graph_compiler.graph.files import dumps, loads
from graph_compiler.graph.model import Graph, with_values
from graph_compiler.graph.values import Edge
from tests.helpers.layered import any_verb, layered, same_meaning
from tests.helpers.meaning import meaning

SEEDS, HUNT = 150, 1200


def stays_the_same(rng: Random) -> None:
    document = layered(rng)
    before = meaning(document)
    for _ in range(4):
        edit = same_meaning(rng, document)
        if edit is None:
            continue
        saved = dumps(document)
        inverse = edit.apply(document)
        assert meaning(document) == before, edit.describe()
        again = dumps(document)
        inverse.apply(document).apply(document.copy())
        assert dumps(document) == saved
        edit.apply(document)
        assert dumps(document) == again
        assert loads(again) == document


def test_cut_another_way_a_drawing_means_the_same() -> None:
    for seed in range(SEEDS):
        stays_the_same(Random(seed))


@pytest.mark.parametrize("seed", range(60))
def test_every_verb_is_undone_to_the_byte(seed: int) -> None:
    rng = Random(seed)
    document = layered(rng)
    past = []
    for _ in range(5):
        edit = any_verb(rng, document)
        if edit is not None:
            past.append((dumps(document), edit.apply(document)))
    while past:
        before, inverse = past.pop()
        inverse.apply(document)
        assert dumps(document) == before


def comes_back(rng: Random) -> None:
    document = layered(rng)
    scope = rng.choice(["", "leaf", "outer"])
    order = list(document.scope(scope).nodes)
    ids, before = rng.sample(order, rng.randint(1, len(order))), document.copy()
    try:
        group(document, scope, ids, "made").apply(document)
    except EditRefused:
        return
    unpack(document, scope, "made_1", drop=True).apply(document)
    assert document == before
    assert sorted(document.scope(scope).nodes) == sorted(order)


def test_grouped_and_unpacked_it_is_what_it_was() -> None:
    for seed in range(SEEDS):
        comes_back(Random(seed))


# Planted mistakes.

HONEST: dict[str, Callable[..., Any]] = {
    "crossing": grouping._crossing, "moved": unpacking._moved, "leaving": unpacking._leaving, "wires": ports._wires,
    "instances": definitions.instances}


def forgets_second_readers(graph: Graph, chosen: Any) -> Any:
    into, out = HONEST["crossing"](graph, chosen)
    return into, {name: wires[:1] for name, wires in out.items()}


def one_port_for_each_source_node(graph: Graph, chosen: Any) -> Any:
    into, out = HONEST["crossing"](graph, chosen)
    return {wires[0].source: wires for wires in into.values()}, out


def shares_by_accident(graph: Graph, inside: Any) -> Any:
    return {(n.block, n.weights): n.weights for n in inside}


def forgets_to_freeze(graph: Graph, node: Any, block: Any) -> Any:
    return HONEST["moved"](graph, with_values(node, frozen=False), block)


def leaves_expressions(params: Any, values: Any) -> Any:
    return dict(params)


def drops_outer_index(graph: Graph, node: Any, block: Any, outside: Any) -> list[Edge]:
    kept: dict[tuple[str, str], Edge] = {}
    for edge in HONEST["leaving"](graph, node, block, outside):
        kept[edge.target, edge.target_port] = edge
    return list(kept.values())


def only_in_the_drawing(document: Any, block: Any, node: Any) -> Any:
    return [(scope, edge) for scope, edge in HONEST["wires"](document, block, node) if not scope]


def needs_no_parameters(document: Any, scope: Any, chosen: Any) -> Any:
    return []


def looks_nowhere(graph: Graph, chosen: Any) -> None:
    return None


def only_in_the_root(document: Any, name: str) -> Any:
    return [(scope, node) for scope, node in HONEST["instances"](document, name) if not scope]


def needs_no_names(value: Any) -> set[str]:
    return set()


def no_instances(document: Any, name: str) -> Any:
    return ()


MUTANTS: list[tuple[Any, str, Callable[..., Any], Callable[[Random], None]]] = [
    (grouping, "_crossing", forgets_second_readers, comes_back),
    (grouping, "_crossing", one_port_for_each_source_node, comes_back),
    (grouping, "_used_parameters", needs_no_parameters, stays_the_same),
    (grouping, "_refuse_shared_outside", looks_nowhere, stays_the_same),
    (unpacking, "_fresh_weights", shares_by_accident, stays_the_same), (unpacking, "_moved", forgets_to_freeze, stays_the_same),
    (unpacking, "_computed", leaves_expressions, stays_the_same), (unpacking, "_leaving", drops_outer_index, comes_back),
    (ports, "_wires", only_in_the_drawing, stays_the_same), (parameters, "instances", no_instances, stays_the_same),
    (definitions, "instances", only_in_the_root, stays_the_same), (parameters, "mentioned", needs_no_names, stays_the_same)]


@pytest.mark.parametrize(("module", "name", "mistake", "promise"), MUTANTS, ids=[m[2].__name__ for m in MUTANTS])
def test_planted_mistake_is_found(module: Any, name: str, mistake: Callable[..., Any], promise: Callable[[Random], None],
                                  monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, name, mistake)
    with pytest.raises((AssertionError, KeyError, RecursionError, EditRefused)):
        for seed in range(HUNT):
            promise(Random(seed))
