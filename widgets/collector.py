"""Garbage collection in the GUI thread only.

Python collects cycles in whatever thread happens to allocate. A cycle of widgets that is freed in a reader thread
destroys Qt objects in the wrong thread and crashes the process. So automatic collection is off and a timer does it.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL = 500
"""Milliseconds between two looks at the counters."""


class GuiCollector(QObject):
    """Switches automatic collection off for its life and collects when Python itself would have."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Collect the oldest generation whose counter is over its threshold."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
