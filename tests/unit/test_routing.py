"""Where wires run: gutters between rows, lanes below, and the numbers on cards."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from widgets.canvas.geometry import split_words
from widgets.canvas.places import Places
from widgets.canvas.routing import BELOW, LEAST_GAP, cubic, free_height, goes_back, gutter, lane, rounded, through


def test_between_two_rows_the_line_runs_midway() -> None:
    rows = [(32.0, 145.0), (32.0, 205.0), (264.0, 430.0)]
    assert free_height(rows, 168.0) == pytest.approx((205 + 264) / 2, abs=1.5)
    assert free_height([(0.0, 100.0), (140.0, 200.0)], 90.0) == 120.0


def test_a_narrow_gap_is_passed_over() -> None:
    assert free_height([(0.0, 100.0), (100.0 + LEAST_GAP - 1, 200.0)], 105.0) in (-BELOW, 200.0 + BELOW)


def test_without_cards_the_wish_holds() -> None:
    assert free_height([], 42.0) == 42.0


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.lists(st.tuples(st.integers(-400, 400), st.integers(20, 200)), max_size=12), st.integers(-600, 600))
def test_the_line_never_crosses_a_card(cards: list[tuple[int, int]], wish: int) -> None:
    spans = [(float(top), float(top + height)) for top, height in cards]
    y = free_height(spans, float(wish))
    assert not any(top < y < bottom for top, bottom in spans)


def test_paths_start_and_end_at_their_ports() -> None:
    start, end = QPointF(10, 20), QPointF(400, 300)
    out, back = [QPointF(40, 20), QPointF(40, 500)], [QPointF(380, 500), QPointF(380, 300)]
    paths = [cubic(start, end), gutter(start, end, 500, -30, 160), lane(start, out, back, end),
             through(start, [QPointF(50, 60)], end)]
    for path in paths:
        assert path.pointAtPercent(0) == start
        assert (path.pointAtPercent(1) - end).manhattanLength() < 1e-6
    assert paths[1].boundingRect().right() == 500
    assert paths[2].boundingRect().bottom() == 500


def test_a_wire_goes_back_when_its_end_is_left_of_its_start() -> None:
    assert goes_back(QPointF(0, 0), QPointF(23, 0))
    assert not goes_back(QPointF(0, 0), QPointF(24, 0))


def test_corners_shrink_where_lines_are_short() -> None:
    path = rounded([QPointF(0, 0), QPointF(6, 0), QPointF(6, 100)])
    assert path.boundingRect().right() == 6
    assert rounded([QPointF(0, 0), QPointF(0, 0), QPointF(5, 0)]).length() == pytest.approx(5)


def test_places_answer_by_columns() -> None:
    places = Places()
    places.put("a", (0, 0, 168, 100))
    places.put("wide", (500, 0, 1700, 100))
    assert [n for n, _ in places.between(100, 120)] == ["a"]
    assert [n for n, _ in places.between(1500, 1600)] == ["wide"]
    assert {n for n, _ in places.between(-1e6, 1e6)} == {"a", "wide"}
    assert places.take_changed() == [(0, 168), (500, 1700)]
    places.put("a", (0, 0, 168, 100))
    assert places.take_changed() == []
    places.put("a", (3000, 0, 3168, 100))
    assert [n for n, _ in places.between(3100, 3101)] == ["a"]
    assert not list(places.between(100, 120))
    places.drop("a")
    assert not list(places.between(3100, 3101))


@pytest.mark.parametrize(("counts", "words"), [
    ((54000, 6000, 10000), "54 / 6 / 10 k"), ((4500, 500, 1000), "4.5 / 0.5 / 1 k"), ((105, 15, 30), "105 / 15 / 30"),
    ((14448, 1651, 4128), "14.4 / 1.7 / 4.1 k"), ((0, 0, 0), "0 / 0 / 0")])
def test_split_in_words(counts: tuple[int, ...], words: str) -> None:
    assert split_words(counts) == words


def test_a_point_far_below_a_short_gap_makes_no_loop():
    start, point, end = QPointF(0, 0), QPointF(30, 400), QPointF(60, 0)
    path = through(start, [point], end)
    places = [path.pointAtPercent(i / 400) for i in range(401)]
    low = max(range(401), key=lambda i: places[i].y())
    assert abs(places[low].x() - 30) < 8 and min(p.x() for p in places) >= 0 and max(p.x() for p in places) <= 60
    for p in places[5:low - 5]:
        across = min(places[low:], key=lambda q: abs(q.y() - p.y()))
        assert p.x() < across.x(), "the way down stays left of the way up"
