"""The head of the inspector: a long name is read in several lines, the rest in its tooltip."""

from __future__ import annotations

import pytest

from graph_compiler.graph.edits import SetField
from tests.helpers.events import open_document, shown
from widgets.fonts import text_width
from widgets.inspector import Inspector

LONG = "the first dense layer with a name that nobody could read on one line of the inspector"


def test_one_long_word_is_written_smaller_before_it_is_cut(qtbot):
    inspector = shown(qtbot, Inspector(open_document()), 312, 900)
    inspector.set_selection(["conv"])
    name = inspector.page.header.name
    qtbot.waitUntil(lambda: name.width() > 0)
    word = next(word for n in range(1, 60) if text_width(word := "o" * n, 13, 600) > name.width())
    inspector.document.do(SetField("conv", "label", word))
    qtbot.waitUntil(lambda: name.text() == word)
    assert 11 <= name.font().pixelSize() < 13


@pytest.mark.parametrize(("name", "lines", "cut"), [("Edges", 1, False), ("the first dense layer", 2, False), (LONG, 3, True)])
def test_a_long_name_goes_on_in_more_lines(qtbot, name, lines, cut):
    inspector = shown(qtbot, Inspector(open_document()), 312, 900)
    inspector.document.do(SetField("conv", "label", name))
    inspector.set_selection(["conv"])
    head = inspector.page.header
    qtbot.waitUntil(lambda: head.name.width() > 0 and head.name.text().count("\n") == lines - 1)
    seen = head.name.text()
    assert seen.endswith("…") == cut
    assert name.startswith(" ".join(seen.rstrip("…").split()))
    assert head.name.toolTip() == head.name.accessibleName() == name
    qtbot.waitUntil(lambda: head.name.sizeHint().height() <= head.names.height() <= head.id.geometry().top())
    assert head.name.fontMetrics().horizontalAdvance(max(seen.split("\n"), key=len)) <= head.name.width()
