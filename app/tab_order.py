"""The order in which the Tab key goes through the window: as one reads it, part after part, each in its own order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from app.window import MainWindow


def parts(window: MainWindow) -> list[QWidget]:
    """The parts of the window as one reads them; what stands in two belongs to the first."""
    found: list[QWidget] = [window.header, window.palette_dock, window.panels.outline, window.breadcrumb, window.canvas,
                            window.inspector, window.panels.history, window.workbench]
    gallery, guide = window.gallery, window.guide.page
    if gallery is not None:
        found += [gallery.side, gallery.filter, gallery.search, gallery]
    return found if guide is None else [*found, guide]


def stops(window: MainWindow) -> list[QWidget]:
    """Everything the Tab key leads to, in order. What belongs to no part, such as the tour, comes last."""
    chain: list[QWidget] = []
    at: QWidget | None = window.nextInFocusChain()
    while at is not None and at is not window:
        if at.isVisible() and at.isEnabled() and at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None \
                and at.window() is window:
            chain.append(at)
        at = at.nextInFocusChain()
    order = parts(window)

    def place(widget: QWidget) -> int:
        return next((i for i, part in enumerate(order) if part is widget or part.isAncestorOf(widget)), len(order))

    return sorted(chain, key=place)


def step(window: MainWindow, forward: bool) -> bool:
    """Give the next stop the keyboard, or the one before. False when there is none."""
    order = stops(window)
    now: QWidget | None = window.focusWidget()
    if not order:
        return False
    while now is not None and now not in order:  # a field inside a control: go on from the control
        now = now.parentWidget()
    at = order.index(now) if now is not None else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    order[(at + (1 if forward else -1)) % len(order)].setFocus(reason)
    return True
