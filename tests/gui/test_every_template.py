"""Every template on the canvas: drawn whole, kept by its file, and whole again when all that was done to it is undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from app.paths import template, template_ids
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from graph_compiler.graph.files import dumps, load, save
from tests.helpers.canvas import check_scene, key, shown

CTRL, ALL = Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_A


@pytest.mark.parametrize("name", template_ids())
def test_a_template_outlives_saving_loading_and_undoing_everything(qtbot, tmp_path, name):
    view = shown(qtbot, template(name), 1600, 1000)
    document, before = view.document.document, dumps(template(name))
    assert dumps(document) == before and not view.document.analysis.problems
    check_scene(view)
    assert view.visible_rect().contains(view.canvas.content_rect()), "seen whole at first sight"
    own = [n for n, node in document.graph.nodes.items() if node.block and not node.weights]
    for block in own:
        view.select([block])
        view.verbs.unpack()
    assert not set(own) & set(document.graph.nodes), "only what shares its weights stays a block"
    key(view, ALL, CTRL)
    view.verbs.mute()
    key(view, ALL, CTRL)
    view.verbs.tidy()
    key(view, ALL, CTRL)
    key(view, Qt.Key.Key_Delete)
    assert not document.graph.nodes and not document.graph.edges
    steps = view.document.undo_stack.count()
    while view.document.undo_stack.canUndo():
        view.document.undo_stack.undo()
    assert steps >= 3 and dumps(document) == before
    check_scene(view)
    assert [p.code for p in view.document.analysis.problems] == [p.code for p in Analyzer(document, registry()).problems] == []
    save(document, tmp_path / "kept.netloom")
    assert dumps(load(tmp_path / "kept.netloom")) == before
    while view.document.undo_stack.canRedo():
        view.document.undo_stack.redo()
    assert not document.graph.nodes
