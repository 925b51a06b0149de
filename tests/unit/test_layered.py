"""Auto-layout: wires run forward, cards never overlap, chains are straight, laid out twice is laid out once."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_compiler.graph.layered import Card, Lead, arrange
from graph_compiler.graph.layered.arranging import PITCH
from graph_compiler.graph.layered.folding import rows_of
from graph_compiler.graph.layered.layers import inversions, layered
from graph_compiler.graph.layered.ranks import components, ranks, without_circles
from graph_compiler.graph.layered.straight import CARD_GAP

Places = dict[str, tuple[float, float]]


def cards(text: str, across: float = 120.0) -> dict[str, Card]:
    """One card a letter, one below the other."""
    return {name: Card(168, across, (0.0, 10.0 * i)) for i, name in enumerate(text)}


def leads(*chains: str) -> list[Lead]:
    """`abd` is a wire from a to b and one from b to d."""
    return [Lead(a, b) for chain in chains for a, b in pairwise(chain)]


def moved(given_cards: dict[str, Card], places: Places) -> dict[str, Card]:
    return {name: Card(card.along, card.across, places[name]) for name, card in given_cards.items()}


def crossings(places: Places, wires: list[Lead]) -> int:
    """Pairs of wires between the same two ranks whose straight lines cross, counted pair by pair."""
    ends = [(places[w.source][0], places[w.target][0], places[w.source][1], places[w.target][1]) for w in wires]
    return sum(a[:2] == b[:2] and (a[2] - b[2]) * (a[3] - b[3]) < 0 for a, b in combinations(ends, 2))


def test_a_chain_is_a_straight_row() -> None:
    placed = arrange(cards("abcd"), leads("abcd"))
    assert placed == {name: (i * PITCH, 0.0) for i, name in enumerate("abcd")}


def test_ports_are_in_line_not_corners() -> None:
    wires = [Lead("a", "b", out=52.0), Lead("b", "c", into=76.0)]
    placed = arrange(cards("abc"), wires)
    assert placed["a"][1] + 52 == placed["b"][1] + 20
    assert placed["b"][1] + 20 == placed["c"][1] + 76


def test_a_skip_leaves_the_trunk_straight() -> None:
    placed = arrange(cards("abcde"), leads("abcde", "ad"))
    assert len({placed[name][1] for name in "abcde"}) <= 2
    assert placed["b"][1] == placed["c"][1]


def test_branches_stand_below_one_another_and_keep_their_order() -> None:
    upside_down = {**cards("abcd"), "b": Card(168, 120, (0.0, 500.0))}
    placed = arrange(upside_down, leads("abd", "acd"))
    assert placed["b"][0] == placed["c"][0] == PITCH
    assert placed["b"][1] - placed["c"][1] >= 120 + CARD_GAP


def test_crossed_wires_are_untangled() -> None:
    tangled = {name: Card(168, 120, (0.0, 200.0 * i)) for i, name in enumerate("abcdef")}
    wires = leads("af", "be", "cd")
    wires += [Lead("a", "d"), Lead("b", "e")]
    placed = arrange(tangled, wires)
    assert crossings(placed, wires) == 0


def test_the_corner_of_the_group_stays() -> None:
    given_cards = {name: Card(168, 100, (100.0 - 10 * i, 50.0 + i)) for i, name in enumerate("abc")}
    placed = arrange(given_cards, leads("abc"))
    assert min(x for x, _ in placed.values()) == 80.0
    assert min(y for _, y in placed.values()) == 50.0


def test_a_source_stands_right_before_its_first_reader() -> None:
    placed = arrange(cards("abcdz"), leads("abcd", "zd"))
    assert placed["z"][0] == placed["c"][0]


def test_a_narrow_card_that_nothing_feeds_ends_with_its_rank() -> None:
    given_cards = {**cards("abcd"), "n": Card(96, 40, (0.0, 900.0))}
    placed = arrange(given_cards, leads("abcd", "nd"))
    assert placed["n"][0] + 96 == placed["c"][0] + 168


def test_what_is_not_joined_stands_apart_and_lone_cards_make_rows() -> None:
    placed = arrange(cards("abcdefghijkl"), leads("ab", "cd"))
    assert placed["a"][1] == placed["b"][1] < placed["c"][1] == placed["d"][1]
    rows = {placed[name][1] for name in "efghijkl"}
    assert len(rows) == 2
    assert min(rows) > placed["c"][1] + 120


def test_a_circle_is_laid_out_too() -> None:
    assert len(set(arrange(cards("ab"), leads("aba")).values())) == 2
    assert len(set(arrange(cards("abc"), leads("abca", "bb")).values())) == 3
    assert arrange({}, []) == {}


def test_a_loose_wire_counts_for_ranks_only() -> None:
    wires = [*leads("abcd"), Lead("a", "d", loose=True)]
    placed = arrange(cards("abcd"), wires)
    assert {y for _, y in placed.values()} == {0.0}


def test_circles_are_opened_by_turning_wires_round() -> None:
    pairs = without_circles(3, [(0, 1), (1, 2), (2, 0), (1, 1)])
    assert sorted(pairs) == [(0, 1), (0, 2), (1, 2)]
    assert ranks(3, pairs) == [0, 1, 2]
    assert components(4, [(0, 2), (3, 1)]) == [[0, 2], [1, 3]]


def test_reducing_counts_what_is_left() -> None:
    made = layered([0, 0, 1, 1], [(0, 3, 20, 20), (1, 2, 20, 20)], [0, 10, 0, 10])
    assert made.crossings() == 1
    assert made.reduce() == made.crossings() == 0


def test_wires_of_two_ports_of_one_card_cross_too() -> None:
    straight = layered([0, 1, 1], [(0, 1, 20, 20), (0, 2, 44, 20)], [0, 0, 10])
    crossed = layered([0, 1, 1], [(0, 1, 44, 20), (0, 2, 20, 20)], [0, 0, 10])
    into = layered([0, 0, 1], [(0, 2, 20, 44), (1, 2, 20, 20)], [0, 10, 0])
    assert (straight.crossings(), crossed.crossings(), into.crossings()) == (0, 1, 1)
    assert crossed.reduce() == into.reduce() == crossed.crossings() == into.crossings() == 0


@pytest.mark.parametrize("ports", [(20.0,), (20.0, 44.0, 68.0)])
def test_crossings_are_the_pairs_of_wires_that_cross(ports: tuple[float, ...]) -> None:
    chance = Random(3)
    wires = [(a, b, chance.choice(ports), chance.choice(ports)) for a in range(9) for b in chance.sample(range(9, 18), 3)]
    made = layered([0] * 9 + [1] * 9, wires, [chance.random() for _ in range(18)])
    for _ in range(2):
        ends = [(made.place[a] + out * 1e-5, made.place[b] + into * 1e-5) for a, b, out, into in wires]
        pairs = [(a, b) for a, b in combinations(ends, 2) if (a[0] - b[0]) * (a[1] - b[1]) < 0]
        assert made.crossings() == len(pairs)
        assert made.reduce() == made.crossings()


def test_joints_follow_a_long_wire() -> None:
    made = layered([0, 1, 2], [(0, 1, 20, 20), (1, 2, 20, 20), (0, 2, 20, 20)], [0, 100, 0])
    assert [len(layer) for layer in made.order] == [1, 2, 1]
    assert made.order[1][0] == 3


drawn = st.integers(2, 16).flatmap(lambda n: st.tuples(
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2000), st.sampled_from((64.0, 120.0, 196.0))),
             min_size=n, max_size=n),
    st.sets(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] < p[1]), max_size=30)))


@settings(max_examples=80, deadline=None, derandomize=True, database=None)
@given(drawn)
def test_drawn_samples(sample: tuple[list[tuple[float, float, float]], set[tuple[int, int]]]) -> None:
    places, pairs = sample
    given_cards = {f"n{i}": Card(168, across, (x, y)) for i, (x, y, across) in enumerate(places)}
    wires = [Lead(f"n{a}", f"n{b}") for a, b in sorted(pairs)]
    placed = arrange(given_cards, wires)
    for wire in wires:
        assert placed[wire.source][0] + PITCH <= placed[wire.target][0]
    for (name, (x, y)), (other, (x2, y2)) in combinations(placed.items(), 2):
        apart = CARD_GAP + (given_cards[name] if y < y2 else given_cards[other]).across
        assert abs(x - x2) >= 168 + CARD_GAP or abs(y - y2) >= apart - 1e-6
    again = arrange(moved(given_cards, placed), wires)
    assert again == placed
    before = {name: (placed[name][0], given_cards[name].at[1]) for name in placed}
    near = [w for w in wires if placed[w.target][0] - placed[w.source][0] < 1.5 * PITCH]
    if len(near) == len(wires):
        assert crossings(placed, wires) <= crossings(before, wires)


def test_long_chains_go_on_in_another_row() -> None:
    placed = arrange(cards("abcdefg"), leads("abcdefg"), room=1000.0)
    rows = sorted({y for _, y in placed.values()})
    assert [sum(y == row for _, y in placed.values()) for row in rows] == [4, 3]
    assert placed["e"] == (0.0, rows[1])
    assert rows[1] - rows[0] >= 120 + CARD_GAP


def test_rows_end_where_few_wires_pass() -> None:
    spans = [(256.0 * i, 256.0 * i + 168) for i in range(8)]
    assert rows_of(spans, [1, 1, 3, 3, 3, 1, 1, 0], 1000.0) == [0, 0, 1, 1, 1, 1, 2, 2]
    assert rows_of(spans, [9] * 7 + [0], 1000.0) == [0] * 8
    assert rows_of(spans, [1] * 7 + [0], 5000.0) == [0] * 8


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(drawn)
def test_drawn_samples_in_rows(sample: tuple[list[tuple[float, float, float]], set[tuple[int, int]]]) -> None:
    places, pairs = sample
    given_cards = {f"n{i}": Card(168, across, (x, y)) for i, (x, y, across) in enumerate(places)}
    wires = [Lead(f"n{a}", f"n{b}") for a, b in sorted(pairs)]
    placed = arrange(given_cards, wires, room=900.0)
    for (name, (x, y)), (other, (x2, y2)) in combinations(placed.items(), 2):
        apart = CARD_GAP + (given_cards[name] if y < y2 else given_cards[other]).across
        assert abs(x - x2) >= 168 + CARD_GAP or abs(y - y2) >= apart - 1e-6
    assert arrange(moved(given_cards, placed), wires, room=900.0) == placed


@pytest.mark.parametrize("across", [40.0, 300.0])
def test_gaps_hold_for_any_size(across: float) -> None:
    placed = arrange(cards("abcdef", across), leads("abf", "acf", "adf", "aef"))
    heights = sorted(placed[name][1] for name in "bcde")
    assert all(b - a >= across + CARD_GAP for a, b in pairwise(heights))


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(st.integers(0, 9), max_size=30))
def test_inversions_are_the_pairs_in_the_wrong_order(values: list[int]) -> None:
    assert inversions(values) == sum(a > b for a, b in combinations(values, 2))


def test_counting_what_moved_counts_everything() -> None:
    chance = Random(5)
    rank = [n // 12 for n in range(120)]
    wires = [(a, b, 20.0, 20.0) for a in range(108) for b in chance.sample(range(12 * (rank[a] + 1), 12 * (rank[a] + 2)), 2)]
    made = layered(rank, wires, [chance.random() for _ in rank])
    first = made.crossings()
    assert made.reduce() == made.crossings() < first / 2
