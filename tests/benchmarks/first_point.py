"""From the press on Train to the first point on the plot: digits-mlp in the real window, with a warm worker waiting."""

from __future__ import annotations

import statistics
import time
from typing import Any

from tests.benchmarks.watched import apart, until, window

TURNS = 3


def run() -> list[dict[str, Any]]:
    """Seconds, the median of `TURNS` fresh windows."""
    taken = [apart("first_point", "seconds") for _ in range(TURNS)]
    return [{"name": "Train pressed to first point, digits-mlp", "value": statistics.median(taken), "bound": 2.0, "unit": "s",
             "note": f"warm worker, {min(taken):.2f} to {max(taken):.2f} s, median of {TURNS}"}]


def seconds() -> float:
    """One press on the button of a new window, until the curve with the first step's loss has been painted."""
    from PySide6.QtCore import QEvent, QObject, Qt
    from PySide6.QtTest import QTest

    class Eye(QObject):
        """Sees the plot being painted."""

        paints = 0

        def eventFilter(self, _: QObject, event: QEvent) -> bool:
            self.paints += event.type() == QEvent.Type.Paint
            return False

    eye = Eye()
    with window("digits-mlp") as shown:
        began = time.perf_counter()
        QTest.mouseClick(shown.header.train, Qt.MouseButton.LeftButton)
        page = shown.pages.training.page
        page.loss.view.viewport().installEventFilter(eye)
        until(lambda: len(page.record.raw) > 0 and page.loss._raw.xData is not None)
        before = eye.paints
        until(lambda: eye.paints > before)
        spent = time.perf_counter() - began
        shown.pages.runs.stop(False)
        until(lambda: not shown.pages.runs.busy)
    return spent
