"""Files dropped on a widget: while one hangs over it, the widget says what a drop would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.fonts import fitting_size, text_width, ui_font
from widgets.theme import theme

INSET, RADIUS = 8, 10
PILL = 44
"""Height of the words' field in pixels."""
SIZE = 15


class DropSign(QWidget):
    """Lies over its parent, lets the mouse through, and tells what happens on a drop."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._below = parent
        self.words = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def offer(self, words: str) -> None:
        """Come up with these words."""
        self.words = words
        self.setAccessibleName(words)
        self.setGeometry(self._below.rect())
        self.show()
        self.raise_()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), t.color("accenttint", 0.6))
        painter.setPen(QPen(t.color("accent"), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(INSET, INSET, -INSET, -INSET), RADIUS, RADIUS)
        room = self.width() - 8 * INSET
        size = fitting_size(self.words, SIZE, room, 600)
        width = min(text_width(self.words, size, 600), room) + 4 * INSET
        pill = QRectF((self.width() - width) / 2, (self.height() - PILL) / 2, width, PILL)
        painter.setBrush(t.color("card"))
        painter.setPen(QPen(t.color("line2"), 1))
        painter.drawRoundedRect(pill, RADIUS, RADIUS)
        painter.setPen(t.color("text"))
        painter.setFont(ui_font(size, 600))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, self.words)
        painter.end()


class FileDrops(QObject):
    """Lets files be dropped on a widget.

    `words(path)` says what a drop of that file would do, and is empty for a file the widget has no use for; such a file
    is left to the widget around it. `take(path)` is called after the drop is over, so that nobody waits for it with the
    mouse in the hand. Of several files the first that is of use is taken; with it all others of its kind where
    `several(paths)` has words for them.
    """

    def __init__(self, widget: QWidget, words: Callable[[Path], str], take: Callable[[Path], object],
                 several: Callable[[Sequence[Path]], str] = lambda _: "") -> None:
        super().__init__(widget)
        self._words, self._take, self._several = words, take, several
        self.sign = DropSign(widget)
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def _found(self, data: QMimeData) -> tuple[list[Path], str]:
        """The files that a drop would take, and what it would do."""
        paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        useful = [path for path in paths if self._words(path)]
        alike = [path for path in useful if path.suffix.lower() == useful[0].suffix.lower()]
        if len(alike) > 1 and (words := self._several(alike)):
            return alike, words
        return useful[:1], self._words(useful[0]) if useful else ""

    def _take_all(self, paths: Sequence[Path]) -> None:
        for path in paths:
            self._take(path)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.DragLeave:
            self.sign.hide()
            return True
        # A QDragEnterEvent is a QDragMoveEvent, and that a QDropEvent.
        if not isinstance(event, QDropEvent):
            return False
        paths, words = self._found(event.mimeData())
        if not paths:
            event.ignore()
            return True
        event.acceptProposedAction()
        if kind == QEvent.Type.DragEnter:
            self.sign.offer(words)
        elif kind == QEvent.Type.Drop:
            self.sign.hide()
            QTimer.singleShot(0, self, lambda: self._take_all(paths))
        return True
