"""Marks and names of a plot: none covers another, and nothing is moved without need."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from widgets.controls.fields import path_end
from widgets.plots.placing import apart, place_names

AREA = QRectF(0, 0, 400, 160)
SIDE = 11.0
POINTS = st.lists(st.builds(QPointF, st.floats(0, 400), st.floats(0, 160)), max_size=12)


def covering(one: QPointF, other: QPointF) -> bool:
    return abs(one.x() - other.x()) < SIDE - 1e-6 and abs(one.y() - other.y()) < SIDE - 1e-6


@given(POINTS)
def test_a_dozen_marks_never_cover_each_other_and_keep_their_height(points):
    found = apart(points, SIDE, AREA)
    assert not any(covering(a, b) for a, b in combinations(found, 2))
    assert [p.y() for p in found] == [p.y() for p in points] and all(0 <= p.x() <= 400 for p in found)


def test_marks_with_room_stay_where_they_are():
    points = [QPointF(10, 10), QPointF(40, 10), QPointF(10, 40)]
    assert apart(points, SIDE, AREA) == points
    twice = apart([QPointF(10, 10), QPointF(10, 10)], SIDE, AREA)
    assert twice[0] == QPointF(10, 10) and twice[1].x() - 10 <= 1.5 * SIDE


@given(POINTS)
def test_names_stand_off_marks_and_names_or_not_at_all(points):
    found = place_names(points, [QSizeF(80, 14)] * len(points), SIDE, AREA)
    if found is None:
        return
    marks = [QRectF(p.x() - SIDE / 2, p.y() - SIDE / 2, SIDE, SIDE) for p in points]
    assert all(AREA.contains(box) for box in found)
    assert not any(a.intersects(b) for a, b in combinations(found, 2))
    assert not any(box.intersects(mark) for box in found for mark in marks)


def test_names_of_a_few_points_find_a_place_and_those_of_a_crowd_do_not():
    line = [QPointF(x, 30) for x in (70, 120, 225, 270)]
    assert place_names(line, [QSizeF(80, 14)] * 4, SIDE, AREA) is not None
    assert place_names([QPointF(200, 80)] * 12, [QSizeF(80, 14)] * 12, SIDE, AREA) is None


@pytest.mark.parametrize(("room", "words"), [
    (40, "/home/mia/models/digits/exports"), (24, "…/models/digits/exports"), (20, "…/digits/exports"), (3, "…/exports")])
def test_a_long_path_keeps_whole_folders_from_its_end(room, words):
    assert path_end("/home/mia/models/digits/exports", lambda text: len(text) <= room) == words


def test_a_path_of_windows_is_cut_at_its_folders_too():
    assert path_end(r"C:\Users\mia\models\digits", lambda text: len(text) <= 16) == r"…\models\digits"
    assert path_end("digits", lambda text: False) == "digits"
