"""The halo around the field that has the keyboard, 2 px outside it. Our own controls paint theirs themselves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QSplitter, QTextEdit, QWidget

from widgets.theme import theme

_RINGED = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit)
_GONE = (QEvent.Type.Hide, QEvent.Type.ParentChange, QEvent.Type.DeferredDelete)
_MOVED = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show)


class FocusRing(QObject):
    """Follows the focus of the whole program. Connect `QApplication.focusChanged` to `follow`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._ring: _Ring | None = None
        self._watched: QWidget | None = None

    def follow(self, _old: QWidget | None, now: QWidget | None) -> None:
        """The focus has moved."""
        self._let_go()
        home = now.parentWidget() if isinstance(now, _RINGED) else None
        if now is None or home is None or isinstance(home, (QSplitter, QComboBox, QAbstractSpinBox)):
            return
        self._watched, self._ring = now, _Ring(home)
        now.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._watched and event.type() in _MOVED:
            self._place()
        elif watched is self._watched and event.type() in _GONE:
            self._let_go()
        return False

    def _place(self) -> None:
        if self._ring is not None and self._watched is not None:
            self._ring.setGeometry(self._watched.geometry().adjusted(-2, -2, 2, 2))
            self._ring.show()
            self._ring.raise_()

    def _let_go(self) -> None:
        ring, watched = self._ring, self._watched
        self._ring = self._watched = None
        try:
            if watched is not None:
                watched.removeEventFilter(self)
            if ring is not None:
                ring.hide()
                ring.deleteLater()
        except RuntimeError:
            pass  # the field went away together with its parent, and the ring with it


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
