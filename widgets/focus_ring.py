"""The halo around the field that has the keyboard, 2 px outside it. Our own controls paint theirs themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QStackedWidget,
    QTextEdit,
    QWidget,
)

from widgets.theme import theme

_RINGED = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
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
        if not isinstance(now, _RINGED) or isinstance(now.parentWidget(), (QComboBox, QAbstractSpinBox)):
            return
        home, between = _room_for(now)
        if home is None:
            return
        self._watched, self._ring = between, _Ring(home)
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
        self._ring.setGeometry(QRect(field.mapTo(home, QPoint()), field.size()).adjusted(-2, -2, 2, 2))
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

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("halo"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 7, 7)
        painter.end()
