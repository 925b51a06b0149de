"""Texts that have less room than they need: labels and buttons by their sizes, painted texts by what the painter is told."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QStyle,
    QStyleOptionComboBox,
    QWidget,
)

from widgets.inspector.editor import Combo
from widgets.parts import Elided

SLACK = 1.5
"""Pixels that a text may be larger than its room: rounding, and side bearings of letters."""
TALL = 3.5
"""The same for heights: lines have air above and below."""


def cut_labels(window: QWidget) -> list[str]:
    """Labels, buttons and boxes that show their text in part. What elides (`Elided`, `Combo`) does so by design."""
    found = []
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and not widget.visibleRegion().isEmpty() and (why := _cut(widget)):
            above = widget.parentWidget()
            found.append(f"{type(widget).__name__} in {type(above).__name__}: {why}")
    return found


def _cut(widget: QWidget) -> str:
    text, need = "", widget.sizeHint()
    if isinstance(widget, QLabel) and not isinstance(widget, Elided):
        text = widget.text()
        if widget.wordWrap():
            need.setWidth(0)
            need.setHeight(widget.heightForWidth(widget.width()))
    elif isinstance(widget, QAbstractButton):
        text = widget.text()
    elif isinstance(widget, QComboBox) and not isinstance(widget, Combo):
        return _cut_choice(widget)
    elif isinstance(widget, QLineEdit) and not widget.text():
        text, room = widget.placeholderText(), widget.contentsRect().width() - widget.textMargins().left() - 8
        need.setWidth(widget.width() - room + widget.fontMetrics().horizontalAdvance(text))
        need.setHeight(0)
    if text and (need.width() > widget.width() + SLACK or need.height() > widget.height() + TALL):
        return f"“{text[:60]}” needs {need.width()} x {need.height()}, has {widget.width()} x {widget.height()}"
    return ""


def _cut_choice(box: QComboBox) -> str:
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    field = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, box)
    need = box.fontMetrics().horizontalAdvance(box.currentText())
    return f"“{box.currentText()}” needs {need}, has {field.width()}" if need > field.width() + SLACK else ""


@contextmanager
def painted() -> Iterator[set[str]]:
    """While it lasts, every text that is painted into a rectangle that is too small for it."""
    found: set[str] = set()
    paint = QPainter.drawText

    def draw_text(painter: QPainter, *told: Any) -> Any:
        in_room = isinstance(told[0], (QRect, QRectF)) and isinstance(told[-1], str) and len(told) > 2
        if in_room and (why := _too_small(painter, QRectF(told[0]), told[1], told[-1])):
            frame = sys._getframe(1).f_code
            found.add(f"{frame.co_filename.rpartition('/')[2]} {frame.co_name}: {why}")
        return paint(painter, *told)

    QPainter.drawText = draw_text  # type: ignore[method-assign,assignment]
    try:
        yield found
    finally:
        QPainter.drawText = paint  # type: ignore[method-assign]


def _too_small(painter: QPainter, room: QRectF, flags: Any, text: str) -> str:
    if not text.strip():
        return ""
    value = int(getattr(flags, "value", flags))
    wide = room.width() if value & int(Qt.TextFlag.TextWordWrap.value) else 1e6
    need = QFontMetricsF(painter.font()).boundingRect(QRectF(0, 0, wide, 1e6), value, text)
    if need.width() <= room.width() + SLACK and need.height() <= room.height() + TALL:
        return _beyond(painter, room, value, text)
    return f"“{text[:60]}” needs {need.width():.0f} x {need.height():.0f}, has {room.width():.0f} x {room.height():.0f}"


def _beyond(painter: QPainter, room: QRectF, flags: int, text: str) -> str:
    """Whether a text in a room that is large enough goes on beyond the widget; what scrolls may."""
    widget = painter.device()
    if not isinstance(widget, QWidget) or isinstance(widget.parentWidget(), QAbstractScrollArea):
        return ""
    end = painter.worldTransform().mapRect(QFontMetricsF(painter.font()).boundingRect(room, flags, text)).right()
    return f"“{text[:60]}” ends at {end:.0f} of {widget.width()}" if end > widget.width() + SLACK else ""
