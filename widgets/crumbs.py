"""The path to where one is, each step a button: the document, the blocks on the way, and, bold, the block one is in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from widgets.controls.buttons import paint_focus
from widgets.controls.focus import note_focus, shows_focus
from widgets.fonts import ui_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes

PAD, CHEVRON, WIDEST = 6, 16, 220


class Crumb(QAbstractButton):
    """One step of the path. The last one is bold and leads nowhere."""

    def __init__(self, words: str, last: bool, first: bool) -> None:
        super().__init__()
        self._last, self._first = last, first
        self.setText(words)
        self.setToolTip("" if last else f"Go out to {words}")
        self.setAccessibleName(words if last else f"Go out to {words}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if last else Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if not last:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def sizeHint(self) -> QSize:
        text = QFontMetrics(ui_font(13, 600)).horizontalAdvance(self.text()) + 1
        return QSize(min(text, WIDEST) + 2 * PAD + (0 if self._first else CHEVRON), 28)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 48), 28)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, left = theme(), QPainter(self), 0.0 if self._first else float(CHEVRON)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._first:
            paint_icon(painter, "chevron-right", QRectF(3, self.height() / 2 - 5, 10, 10), t.color("text3"))
        box = QRectF(left, 0, self.width() - left, self.height())
        if not self._last and self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("hover"))
            painter.drawRoundedRect(box, 6, 6)
        if shows_focus(self):
            paint_focus(painter, box.adjusted(1.5, 1.5, -1.5, -1.5), 5)
        painter.setFont(ui_font(13, 600 if self._last else 500))
        painter.setPen(t.color("text" if self._last or self.underMouse() else "text2"))
        room = box.adjusted(PAD, 0, -PAD, 0)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()) + 1)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class Crumbs(QWidget):
    """`go(path)` when a step is pressed; the document's path is empty."""

    go = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps: list[Crumb] = []
        self._shown: list[tuple[str, str]] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def text(self) -> str:
        """The whole path in words: `dcgan › discriminator`."""
        return " › ".join(words for _, words in self._shown)

    def show_path(self, steps: Sequence[tuple[str, str]]) -> None:
        """Show (path, words) of every step, the document first."""
        if list(steps) == self._shown:
            return
        self._shown = list(steps)
        for old in self.steps:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.steps = []
        for place, (path, words) in enumerate(steps):
            crumb = Crumb(words, place == len(steps) - 1, place == 0)
            crumb.clicked.connect(lambda _=False, path=path: self.go.emit(path))
            self._row.addWidget(crumb)
            self.steps.append(crumb)
        self.setAccessibleName(self.text())
