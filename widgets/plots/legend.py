"""The heading line of a plot is its legend: a sample of a line, its name, its newest value; a click shows or hides it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from widgets.fonts import dress, scaled
from widgets.theme import theme

USUAL = "0.0000"
"""A value that has room whatever the value is."""


class LegendItem(QWidget):
    """A sample of the line, its name and its newest value. A click shows or hides the line."""

    access_role = QAccessible.Role.CheckBox
    toggled = Signal(bool)

    def __init__(self, name: str, token: str, dashed: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._token, self._dashed = name, token, dashed
        self._value, self._widest = "", 0
        self.need = 0
        """Pixels with the name."""
        self.shown, self._brief = True, False
        dress(self, 13)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{name} curve")
        self._fit()

    def set_value(self, text: str) -> None:
        """The newest value, formatted."""
        if text != self._value:
            self._value = text
            self._fit()

    def set_brief(self, brief: bool) -> None:
        """Leave the name to the sample of the line, where there is no room for it."""
        if brief != self._brief:
            self._brief = brief
            self.setToolTip(self._name if brief else "")
            self._fit()

    @property
    def text(self) -> str:
        """Name and value."""
        return f"{self._name} {self._value}".rstrip()

    @property
    def has_value(self) -> bool:
        """Whether the line has any point."""
        return bool(self._value)

    def _fit(self) -> None:
        """It never becomes narrower while its value moves: the heading stays where it is."""
        words = (self.text, f"{self._name} {USUAL}") if self._value else (self.text,)
        need = 28 + max(self.fontMetrics().horizontalAdvance(text) for text in words)
        self._widest = max(need, self._widest) if self._value else 0
        self.need = self._widest or need
        name = self.fontMetrics().horizontalAdvance(f"{self._name} ") if self._brief and self._value else 0
        self.setFixedSize(self.need - name, max(24, scaled(22)))
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._widest = 0
            self._fit()
        super().changeEvent(event)

    def toggle(self) -> None:
        """Show or hide the line."""
        self.shown = not self.shown
        self.toggled.emit(self.shown)
        self.update()

    def mousePressEvent(self, event: object) -> None:
        self.toggle()

    def keyPressEvent(self, event: object) -> None:
        if getattr(event, "key", lambda: None)() in (Qt.Key.Key_Space, Qt.Key.Key_Return):
            self.toggle()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.shown else 0.4)
        self.paint(painter)
        if self.hasFocus():
            painter.setPen(QPen(t.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Sample, name and value, at the painter's origin."""
        t = theme()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        pen = QPen(t.color(self._token), 2)
        if self._dashed:
            pen.setDashPattern([2.5, 1.5])
        painter.setPen(pen)
        painter.drawLine(QPointF(0, middle), QPointF(20, middle))
        if self._dashed:
            painter.fillRect(QRectF(7, middle - 3, 6, 6), t.color(self._token))
        painter.setPen(t.color("text2"))
        painter.setFont(self.font())
        painter.drawText(QRectF(28, 0, self.width() - 28, self.height()), Qt.AlignmentFlag.AlignVCenter,
                         self._value if self._brief and self._value else self.text)
