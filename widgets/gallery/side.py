"""The left column of the gallery: new, open, recent files, and what this computer trains on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QDate, QDateTime, QRectF, Qt, Signal
from PySide6.QtGui import QAccessible, QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from widgets.controls import Button
from widgets.fonts import ui_font
from widgets.icons import paint_icon
from widgets.parts import Elided, Pane, Words
from widgets.theme import theme, themes

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""In English like the program; Qt's QLocale would bring the names of 900 languages and countries along."""


@dataclass(frozen=True)
class RecentFile:
    """A file that was open before. `when` in seconds since 1970, 0 when unknown; `words` such as `34,826 parameters`."""

    path: str
    name: str
    words: str = ""
    when: float = 0.0


def day_words(when: float, today: QDate | None = None) -> str:
    """`today`, `yesterday`, `Tuesday`, `12 Nov`, `12 Nov 2025`."""
    if not when:
        return ""
    now, day = today or QDate.currentDate(), QDateTime.fromSecsSinceEpoch(int(when)).date()
    gone = day.daysTo(now)
    if gone <= 1:
        return "today" if gone <= 0 else "yesterday"
    if gone < 7:
        return DAYS[day.dayOfWeek() - 1]
    return f"{day.day()} {MONTHS[day.month() - 1]}{'' if day.year() == now.year() else f' {day.year()}'}"


class RecentRow(QWidget):
    """One recent file, 52 high."""

    access_role = QAccessible.Role.Button
    pressed = Signal(str)

    def __init__(self, file: RecentFile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self.setFixedHeight(52)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setToolTip(file.path)
        self.setAccessibleName(f"Open {file.name}")
        row = QHBoxLayout(self)
        row.setContentsMargins(28, 6, 4, 7)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(Elided(file.name, 13, 500))
        texts.addWidget(Elided(file.words or file.path, 12, 400, "text2"))
        row.addLayout(texts, 1)
        row.addWidget(Words(day_words(file.when), 12, 400, "text2"))
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit(self.file.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self.file.path)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), t.color("hover"))
        painter.setPen(t.color("line"))
        painter.drawLine(self.rect().bottomLeft(), self.rect().bottomRight())
        paint_icon(painter, "file", QRectF(2, self.height() / 2 - 7, 14, 14), t.color("text2"))
        if self.hasFocus():
            painter.setPen(QPen(t.color("accent"), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 1.5, -0.5, -2.5), 6, 6)
        painter.end()


class DeviceCard(QWidget):
    """What will compute here, in a sentence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.title, self.text = Words("", 13, 600), Words("", 12, 400, "text2", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 14, 16, 14)
        box.setSpacing(6)
        self.title.setContentsMargins(22, 0, 0, 0)
        box.addWidget(self.title)
        box.addWidget(self.text)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(t.color("line"), 1))
        painter.setBrush(t.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        paint_icon(painter, "chip", QRectF(16, self.title.geometry().center().y() - 7, 15, 15), t.color("text"))
        painter.end()


class WideButton(Button):
    """A button as wide as its column: icon and words at the left, the key at the right."""

    def _paint_content(self, painter: QPainter, ink: QColor) -> None:
        paint_icon(painter, self._icon, QRectF(14, self.height() / 2 - 7, 14, 14), ink)
        painter.setPen(ink)
        painter.setFont(self.font())
        painter.drawText(QRectF(36, 0, self.width() - 36, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        self._paint_key(painter, self.width() - 24 - QFontMetrics(ui_font(11)).horizontalAdvance(self._key), ink)


class GallerySide(Pane):
    """320 wide."""

    new = Signal()
    browse = Signal()
    open_file = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self.setFixedWidth(320)
        self.new_button = WideButton("New drawing", "plus", primary=True, key="Ctrl N")
        self.open_button = WideButton("Open…", "folder", key="Ctrl O")
        self.recent = QVBoxLayout()
        self.recent_title = Words("Recent", 12, 600, "text2")
        self.no_recent = Words("Drawings you open or save will be listed here.", 12, 400, "text3", wrap=True)
        self.rows: list[RecentRow] = []
        self.device = DeviceCard()
        self._arrange()
        self.new_button.clicked.connect(self.new.emit)
        self.open_button.clicked.connect(self.browse.emit)

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(24, 33, 24, 24)
        box.setSpacing(8)
        box.addWidget(Words("Draw a network.", 20, 600, wrap=True))
        box.addWidget(Words("Train it here, export it to a phone.", 13, 400, "text2", wrap=True))
        box.addSpacing(11)
        for button in (self.new_button, self.open_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            button.setFixedHeight(40)
            box.addWidget(button)
        box.addSpacing(20)
        box.addWidget(self.recent_title)
        box.addWidget(self.no_recent)
        self.recent.setSpacing(0)
        box.addLayout(self.recent)
        box.addStretch(1)
        box.addWidget(self.device)

    def set_recent(self, files: Sequence[RecentFile]) -> None:
        """Show these, the newest first; at most seven."""
        for row in self.rows:
            self.recent.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [RecentRow(file) for file in files[:7]]
        for row in self.rows:
            row.pressed.connect(self.open_file)
            self.recent.addWidget(row)
        self.recent_title.setVisible(bool(self.rows))
        self.no_recent.setVisible(not self.rows)

    def set_device(self, title: str, text: str) -> None:
        """The device in a few words, and the sentence below."""
        self.device.title.setText(title)
        self.device.text.setText(text)
        self.device.setAccessibleName(f"{title}. {text}")
        self.device.setVisible(bool(title))
