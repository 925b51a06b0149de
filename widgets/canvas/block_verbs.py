"""Verbs of blocks: into an instance and out again."""

from __future__ import annotations

from widgets.canvas.steps import Steps


class BlockVerbs(Steps):
    """What is done with the instances of blocks in one view."""

    def enter(self) -> None:
        """Into the selected block; of any other node the fields take the keyboard."""
        ids = self._ids
        if len(ids) != 1:
            return
        if self._view.canvas.graph.nodes[ids[0]].block:
            self._view.trail.enter(ids[0])
        else:
            self._view.edit_wanted.emit()

    def leave(self) -> None:
        """Out of the block in view."""
        self._view.trail.leave()
