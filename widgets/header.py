"""The header: mark, menus, the document's name or the tabs of several, run pill, undo and redo, Train or Pause and Stop."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QMenuBar, QSizePolicy, QWidget

from widgets.controls import Button, IconButton, Pill
from widgets.document_tabs import DocumentTabs
from widgets.fonts import ui_font
from widgets.parts import Pane
from widgets.theme import theme, themes

HEIGHT = 47
"""With the line below it is 48."""


class Mark(QWidget):
    """The sign of the program: two threads that cross in a square."""

    def __init__(self, size: int = 24, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(size, size)
        self.setAccessibleName("Netloom")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_mark(painter, QRectF(self.rect()))
        painter.end()


def paint_mark(painter: QPainter, box: QRectF) -> None:
    """Draw the sign into a square."""
    t = theme()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(box.width() / 24, box.height() / 24)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(t.color("accentfill"))
    painter.drawRoundedRect(QRectF(1, 1, 22, 22), 6, 6)
    painter.setPen(QPen(t.color("onfill"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for top, bottom in ((7.5, 16.5), (16.5, 7.5)):
        thread = QPainterPath(QPointF(6, top))
        thread.cubicTo(QPointF(15.5, top), QPointF(8.5, bottom), QPointF(18, bottom))
        painter.drawPath(thread)
    painter.restore()


class DocumentName(QWidget):
    """The name, and an accent dot while something is unsaved."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._dirty = "", False
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_name(self, name: str, dirty: bool) -> None:
        """Show a name."""
        self._name, self._dirty = name, dirty
        self.setAccessibleName(f"{name}, not saved" if dirty else name)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(ui_font(14, 600))
        painter.setPen(t.color("text"))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideMiddle, self.width() - 24)
        width = metrics.horizontalAdvance(name)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, name)
        if self._dirty:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("accent"))
            painter.drawEllipse(QPointF(self.width() / 2 + width / 2 + 12, self.height() / 2), 3, 3)
        painter.end()


class Header(Pane):
    """The bar on top of the window. Buttons trigger actions; `set_running` chooses between Train and Pause with Stop."""

    def __init__(self, menus: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent)
        self.setFixedHeight(HEIGHT)
        menus.setNativeMenuBar(False)
        menus.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.name = DocumentName(self)
        self.tabs = DocumentTabs(self)
        self.tabs.hide()
        self.pill = Pill("", "accent")
        self.pill.hide()
        self.undo, self.redo = IconButton("undo", "Undo"), IconButton("redo", "Redo")
        self.train = Button("Train", icon="play", primary=True, key="F5")
        self.pause, self.stop = Button("Pause", icon="pause", key="F6"), Button("Stop", icon="stop")
        for button in (self.undo, self.redo, self.train, self.pause, self.stop):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(8)
        row.addWidget(Mark())
        row.addWidget(menus, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addSpacing(8)
        row.addWidget(self.tabs, 9)
        row.addStretch(1)
        for widget in (self.pill, self.undo, self.redo, self.train, self.pause, self.stop):
            row.addWidget(widget)
        self.set_running("idle")

    def resizeEvent(self, event: object) -> None:
        width = min(360, max(120, self.width() - 1000))
        self.name.setGeometry((self.width() - width) // 2, 1, width, HEIGHT)

    def show_tabs(self, several: bool) -> None:
        """Tabs in place of the name."""
        self.tabs.setVisible(several)
        self.name.setVisible(not several)

    def bind(self, actions: dict[str, QAction]) -> None:
        """Let the buttons trigger actions and follow whether they are enabled."""
        for button, name in ((self.undo, "undo"), (self.redo, "redo"), (self.train, "train"), (self.pause, "pause"),
                             (self.stop, "stop")):
            action = actions[name]
            button.clicked.connect(action.trigger)
            button.setEnabled(action.isEnabled())
            action.enabledChanged.connect(button.setEnabled)

    def set_running(self, state: str, words: str = "") -> None:
        """Buttons and pill for a state of the run."""
        busy = state in ("starting", "running", "paused", "stopping")
        self.train.setVisible(not busy)
        self.pause.setVisible(busy)
        self.stop.setVisible(busy)
        self.pause.setText("Go on" if state == "paused" else "Pause")
        self.pause.setIcon("play" if state == "paused" else "pause")
        self.pill.setVisible(busy and bool(words))
        if words:
            self.pill.set_text(words, "accent")

    def show_drawing(self, shown: bool) -> None:
        """Without a drawing (in the gallery) only mark and menus stand here."""
        self.undo.setVisible(shown)
        self.redo.setVisible(shown)
        if not shown:
            for part in (self.train, self.pause, self.stop, self.pill):
                part.hide()
