"""Auto-layout: wires run forward, nothing overlaps, the result does not depend on where things stood before."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.graph.model import Graph
from graph_compiler.graph.values import Edge, Node
from tests.helpers.drawing import graph
from widgets.canvas.tidy import PITCH, ROW_GAP, layers_of, tidy

SIZE = (168.0, 120.0)


def sizes(drawn: Graph) -> dict[str, tuple[float, float]]:
    return dict.fromkeys(drawn.nodes, SIZE)


def test_a_chain_is_a_row() -> None:
    drawn = graph("a Iris", "b Dense", "c Dense", "d Loss", "a.features > b > c > d.prediction")
    assert tidy(drawn, list(drawn.nodes), sizes(drawn)) == {n: (i * PITCH, 0.0) for i, n in enumerate("abcd")}


def test_branches_stand_below_one_another() -> None:
    drawn = graph("a Iris", "b Dense", "c Dense", "d Add", "a.features > b > d.in#0", "a.features > c > d.in#1")
    placed = tidy(drawn, list(drawn.nodes), sizes(drawn))
    assert placed["b"][0] == placed["c"][0] == PITCH
    assert abs(placed["b"][1] - placed["c"][1]) >= SIZE[1] + ROW_GAP


def test_the_group_stays_where_it_is_and_others_do_not_move() -> None:
    drawn = graph("a Dense", "b Dense", "c Dense", "a > b > c")
    for i, node_id in enumerate("abc"):
        drawn.put_node(Node(id=node_id, type="Dense", x=100.0 - 10 * i, y=50.0 + i))
    placed = tidy(drawn, ["b", "c"], sizes(drawn))
    assert placed.keys() == {"b", "c"}
    assert min(x for x, _ in placed.values()) == 80.0


def test_a_circle_is_laid_out_too() -> None:
    drawn = graph("a Dense", "b Dense", "a > b > a")
    assert len(set(tidy(drawn, ["a", "b"], sizes(drawn)).values())) == 2
    assert tidy(drawn, [], {}) == {}


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.integers(2, 14).flatmap(lambda n: st.tuples(st.just(n), st.sets(
    st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1]), max_size=30))))
def test_wires_run_forward_and_cards_never_overlap(given_graph: tuple[int, set[tuple[int, int]]]) -> None:
    count, pairs = given_graph
    drawn = Graph([Node(id=f"n{i}", type="Add") for i in range(count)],
                  [Edge(source=f"n{a}", source_port="out", target=f"n{b}", target_port="in", index=a) for a, b in pairs])
    placed = tidy(drawn, list(drawn.nodes), sizes(drawn))
    layer = layers_of(drawn, list(drawn.nodes))
    for a, b in pairs:
        assert layer[f"n{a}"] < layer[f"n{b}"]
        assert placed[f"n{a}"][0] < placed[f"n{b}"][0]
    for (x, y), (x2, y2) in combinations(placed.values(), 2):
        assert abs(x - x2) >= SIZE[0] or abs(y - y2) >= SIZE[1] + ROW_GAP - 1
