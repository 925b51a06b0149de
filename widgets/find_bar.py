"""The bar that finds nodes (Ctrl+F): what fits stays bright, Enter goes from one to the next, through blocks too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout

from widgets.canvas.seeking import seek
from widgets.controls import IconButton
from widgets.fonts import scaled
from widgets.motion import appear
from widgets.parts import Words
from widgets.search_field import SearchField
from widgets.theme import theme
from widgets.words import count

if TYPE_CHECKING:
    from widgets.canvas.view import CanvasView

WIDTH, INSET = 400, 12
LAG = 120
"""How long the list may lag behind an edit, milliseconds."""


class FindBar(QFrame):
    """Lives in the upper right of a view. `found` are the paths that fit, `current` the one that is shown."""

    def __init__(self, view: CanvasView) -> None:
        super().__init__(view)
        self._view = view
        self.found: list[str] = []
        self.current = -1
        self.field = SearchField("Find by name, type or problem", parent=self, cross=False)
        self.words = Words("", 12, 400, "text2")
        self.words.setMinimumWidth(64)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        up = IconButton("chevron-up", "The one before (Shift+Enter)", 24)
        down = IconButton("chevron-down", "The next (Enter)", 24)
        close = IconButton("close", "Close (Esc)", 24)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 8)
        row.setSpacing(4)
        row.addWidget(self.field, 1)
        for part in (self.words, up, down, close):
            row.addWidget(part)
        self.setFixedWidth(scaled(WIDTH))
        self.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAG)
        self._soon.timeout.connect(self._look_again)
        self.field.textEdited.connect(self._typed)
        self.field.textChanged.connect(self._cleared)
        self.field.installEventFilter(self)
        up.clicked.connect(lambda: self.step(-1))
        down.clicked.connect(lambda: self.step(1))
        close.clicked.connect(self.close_it)
        view.scene_changed.connect(self._adopt)
        view.viewport().installEventFilter(self)
        self._adopt()

    def _adopt(self) -> None:
        self._view.canvas.followed.connect(self._stale)
        if self.isVisible():
            self._look_again()

    def _stale(self) -> None:
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    # Opening and closing.

    def open_it(self, text: str = "") -> None:
        """Show it with the keyboard in it, and the first node that a given text finds."""
        self.adjustSize()
        self._stand()
        fresh = self.isHidden()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._look_again()
        if text:
            self.field.setText(text)
            self._typed(text)
        if fresh:
            appear(self)

    def close_it(self) -> None:
        """Go away; the keyboard is the canvas's again, what was found stays selected."""
        if self.isVisible():
            self.hide()
            self._view.canvas.looks.fade(set())
            self._view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _stand(self) -> None:
        width = self._view.viewport().width()
        self.setFixedWidth(min(scaled(WIDTH), width - 2 * INSET))
        self.move(width - self.width() - INSET, INSET)

    # Finding.

    def _typed(self, _: str) -> None:
        self._look_again()
        if self.found:
            self._show(0)

    def _cleared(self, text: str) -> None:
        if not text:
            self._look_again()

    def _look_again(self) -> None:
        """What fits now; everything else in view fades."""
        if not self.isVisible():
            return
        shown = self.found[self.current] if 0 <= self.current < len(self.found) else ""
        document, canvas = self._view.document, self._view.canvas
        self.found = seek(document.document, document.analysis, self.field.text())
        self.current = self.found.index(shown) if shown in self.found else -1
        here = {path.rpartition(".")[2] for path in self.found if path.rpartition(".")[0] == canvas.outer}
        canvas.looks.fade(set(canvas.boxes) - here if self.field.text().strip() else set())
        self._say()

    def _say(self) -> None:
        if not self.field.text().strip():
            self.words.setText("")
        elif not self.found:
            self.words.setText("None")
        else:
            total = count(len(self.found))
            self.words.setText(f"{self.current + 1} of {total}" if self.current >= 0 else total)

    def step(self, by: int) -> None:
        """To the next or the one before, round and round."""
        if self.found:
            start = self.current if self.current >= 0 else -1 if by > 0 else 0
            self._show((start + by) % len(self.found))

    def _show(self, place: int) -> None:
        self.current = place
        self._view.trail.jump(self.found[place])
        self._say()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(event)
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._stand()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            return False
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line2"), 1))
        painter.setBrush(t.color("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
        painter.end()
