"""The ring around what has the keyboard, 2 px outside it, inside without room. Most of our controls paint theirs themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

from widgets.theme import theme

_FIELDS = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_BY_KEYS = (QAbstractScrollArea,)
"""Ringed when the keyboard has led to them, not when they are clicked; so is any class with `focus_ring = True`."""
_GONE = (QEvent.Type.Hide, QEvent.Type.ParentChange, QEvent.Type.DeferredDelete)
_MOVED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)


class FocusRing(QObject):
    """Follows the focus of the whole program. Connect `QApplication.focusChanged` to `follow`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ring: _Ring | None = None
        self._watched: list[QWidget] = []
        """The field, and what it stands in up to the widget that the ring is drawn on."""

    def follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The focus has moved."""
        self._let_go()
        if now is None:
            return
        by_keys = not QApplication.mouseButtons()
        if by_keys:
            bring_in_view(now)
        inner = isinstance(now.parentWidget(), (QComboBox, QAbstractSpinBox))
        field = isinstance(now, _FIELDS) and not inner and not _only_read(now)
        if not (field or (by_keys and rings(now))):
            return
        home, between = _room_for(now)
        if home is None and field:
            return
        self._watched, self._ring = (between, _Ring(home, not field)) if home is not None else ([now], _Ring(now, True))
        for widget in between:
            widget.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched in self._watched:
            if event.type() in _MOVED:
                self._place()
            elif event.type() in _GONE:
                self._let_go()
        return False

    def _place(self) -> None:
        home = self._ring.parentWidget() if self._ring is not None else None
        if self._ring is None or home is None:
            return
        field = self._watched[0]
        out = 0 if home is field else 2
        self._ring.setGeometry(QRect(field.mapTo(home, QPoint()), field.size()).adjusted(-out, -out, out, out))
        self._ring.show()
        self._ring.raise_()

    def _let_go(self) -> None:
        ring, watched = self._ring, self._watched
        self._ring, self._watched = None, []
        try:
            for widget in watched:
                widget.removeEventFilter(self)
            if ring is not None:
                ring.hide()
                ring.deleteLater()
        except RuntimeError:
            pass  # the field went away together with its parent, and the ring with it


def _only_read(widget: QWidget) -> bool:
    """A text that cannot be changed is no field: it is ringed like what scrolls."""
    return isinstance(widget, (QPlainTextEdit, QTextEdit)) and widget.isReadOnly()


def rings(widget: QWidget) -> bool:
    """Whether a widget that the keyboard has led to gets a ring: it paints none itself."""
    seen = widget.property("focusSeen")
    return (isinstance(widget, _BY_KEYS) or bool(getattr(type(widget), "focus_ring", False))) and seen is not False


def bring_in_view(widget: QWidget) -> None:
    """Scroll whatever the widget stands in until it is seen."""
    above = widget.parentWidget()
    while above is not None:
        inside = above.widget() if isinstance(above, QScrollArea) else None
        if isinstance(above, QScrollArea) and inside is not None and inside.isAncestorOf(widget):
            above.ensureWidgetVisible(widget, 8, 8)
        above = above.parentWidget()


def _room_for(field: QWidget) -> tuple[QWidget | None, list[QWidget]]:
    """The nearest widget around the field that has room for the ring, and what lies between, the field first."""
    between, home = [field], field.parentWidget()
    while home is not None and not isinstance(home, (QSplitter, QStackedWidget)):
        ring = QRect(field.mapTo(home, QPoint()), field.size()).adjusted(-2, -2, 2, 2)
        if home.rect().contains(ring) or home.isWindow():
            return home, between
        between.append(home)
        home = home.parentWidget()
    return None, between


class _Ring(QWidget):
    """The halo itself, never in the way of the mouse."""

    def __init__(self, parent: QWidget, bare: bool) -> None:
        super().__init__(parent)
        self._bare = bare
        """Whether what it surrounds has no border of its own that turns to the accent."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("halo"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        if self._bare:
            painter.setPen(QPen(theme().color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5, 5)
        painter.end()
