"""Where the keyboard goes: through a window as one reads it, and into a part of it that is called.

Qt's own Tab order is that in which widgets came into the window, so pages made late come last. Here the order is read off
the places themselves: rows from top to bottom, in them from left to right, every part as a whole. Only calls that leave the
Python side of a widget alone are used: `nextInFocusChain` and `focusProxy` make what they return a child of what they were
asked of, and it goes with that.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QAbstractSpinBox, QApplication, QComboBox, QWidget

Placed = tuple[QRect, list[QWidget]]
"""Where a part is in what it stands in, and the stops in it."""
SLACK = 2
"""Pixels by which parts may overlap and still stand beside one another."""
_WHOLE = (QAbstractSpinBox, QComboBox)
"""Their inner fields hand the keyboard on to them."""


def stops(part: QWidget) -> list[QWidget]:
    """Everything in a part that the Tab key leads to, as one reads it."""
    placed: list[Placed] = []
    for child in part.children():
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden():
            found = [child] if _takes_tab(child, part) else []
            if not isinstance(child, _WHOLE):
                found += stops(child)
            if found:
                placed.append((child.geometry(), found))
    return [stop for _, found in as_read(placed) for stop in found]


def _takes_tab(widget: QWidget, parent: QWidget) -> bool:
    """A viewport takes it for what it is the viewport of."""
    inner = isinstance(parent, QAbstractScrollArea) and widget is parent.viewport()
    return widget.isEnabled() and not inner and bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)


def as_read(parts: Sequence[Placed]) -> list[Placed]:
    """Rows from top to bottom, in each from left to right. What lies over something else keeps its place in the stack."""
    for across in (False, True):
        groups = _cut(parts, across)
        if len(groups) > 1:
            return [one for group in groups for one in as_read(group)]
    return list(parts)


def _cut(parts: Sequence[Placed], across: bool) -> list[list[Placed]]:
    """Groups with a straight line between each two: columns for `across`, rows otherwise."""
    groups: list[list[Placed]] = []
    end = 0
    for part in sorted(parts, key=lambda one: one[0].left() if across else one[0].top()):
        box = part[0]
        start, stop = (box.left(), box.right()) if across else (box.top(), box.bottom())
        if not groups or start > end - SLACK:
            groups.append([])
            end = stop
        groups[-1].append(part)
        end = max(end, stop)
    return [[one for one in parts if one in group] for group in groups]


def step(window: QWidget, forward: bool) -> bool:
    """Give the next stop of a window the keyboard, or the one before. False when there is none."""
    order = stops(window)
    if not order:
        return False
    now = QApplication.focusWidget()
    while now is not None and now not in order:  # a field inside a control: go on from the control
        now = now.parentWidget()
    at = order.index(now) if now is not None else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    order[(at + (1 if forward else -1)) % len(order)].setFocus(reason)
    return True


def focus_into(part: QWidget) -> None:
    """Give a part the keyboard: the first in it that takes it, or the part itself."""
    next(iter(stops(part)), part).setFocus(Qt.FocusReason.ShortcutFocusReason)
