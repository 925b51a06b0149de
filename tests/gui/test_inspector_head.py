"""The head of the inspector: a long name is read in several lines, the rest in its tooltip."""

from __future__ import annotations

import pytest

from graph_compiler.graph.edits import SetField
from tests.helpers.events import open_document, shown
from widgets.inspector import Inspector

LONG = "the first dense layer with a name that nobody could read on one line of the inspector"


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
