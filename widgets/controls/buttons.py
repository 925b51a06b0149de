"""Push buttons: primary (filled), plain, small, the one that mends a problem, and icons alone."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QEnterEvent, QFocusEvent, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QToolButton, QWidget

from widgets.controls.focus import note_focus, shows_focus
from widgets.controls.hover import Glow, mixed
from widgets.fonts import dress, ui_font
from widgets.icons import icon as make_icon
from widgets.icons import paint_icon
from widgets.theme import theme, themes

NARROWEST = 120
"""A Fix button is never made narrower, px."""


def paint_focus(painter: QPainter, box: QRectF, radius: float) -> None:
    """The halo ring and the accent border every control has while it holds the keyboard."""
    t = theme()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(t.color("halo"), 2))
    painter.drawRoundedRect(box.adjusted(-1, -1, 1, 1), radius + 1, radius + 1)
    painter.setPen(QPen(t.color("accent"), 1))
    painter.drawRoundedRect(box, radius, radius)


class Button(QPushButton):
    """A button 32 high (24 when small) with an icon and the chip of its key; a primary one is filled with `tone`."""

    def __init__(self, text: str, icon: str = "", primary: bool = False, key: str = "", small: bool = False,
                 tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._icon, self._primary, self._small, self._tone = icon, primary, small, tone or "accentfill"
        self.first_key = self._chosen_key = key
        """The chip of its key as it was made, and as it is now."""
        self._shows_key = True
        self._glow = Glow(self)
        dress(self, 12 if small else 13, 600 if primary else 500)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def setIcon(self, icon: QIcon | str) -> None:  # type: ignore[override]
        """The icon by its name."""
        if isinstance(icon, str):
            self._icon = icon
            self.updateGeometry()
            self.update()

    def set_key(self, key: str) -> None:
        """The chip of its key; empty: none."""
        self._chosen_key = key
        self.updateGeometry()
        self.update()

    @property
    def _key(self) -> str:
        return self._chosen_key if self._shows_key else ""

    def show_key(self, shows: bool) -> None:
        """Whether there is room for the chip."""
        self._shows_key = shows
        self.updateGeometry()
        self.update()

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self.updateGeometry()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._glow.turn(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._glow.turn(False)
        super().leaveEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(self._need(self.text()), 24 if self._small else 32)

    def _need(self, words: str) -> int:
        """Pixels across that everything takes with these words."""
        text = QFontMetrics(self.font()).horizontalAdvance(words)
        key = QFontMetrics(ui_font(11)).horizontalAdvance(self._key) + 22 if self._key else 0
        arrow = 16 if self.menu() else 0
        pad = 20 if self._small else 28
        return text + key + arrow + pad + (22 if self._icon else 0)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _colors(self) -> tuple[QColor, QColor, QColor]:
        """Fill, border, ink."""
        t = theme()
        if self._primary and self.isEnabled():
            fill = t.color(self._tone)
            return mixed(fill, fill.darker(108), 1.0 if self.isDown() else self._glow.share), fill, t.color("onfill")
        if not self.isEnabled():
            return t.color("sunken"), t.color("line"), t.color("text3", 0.8)
        fill = mixed(t.color("card"), t.color("hover"), 1.0 if self.isDown() else self._glow.share)
        return fill, t.color("line2"), t.color("text")

    def paintEvent(self, event: QPaintEvent) -> None:
        fill, border, ink = self._colors()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 0.5, -1.5, -0.5)
        painter.setPen(QPen(border, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 6, 6)
        if shows_focus(self):
            paint_focus(painter, QRectF(self.rect()).adjusted(2.5, 2.5, -2.5, -2.5), 5)
        self._paint_content(painter, ink)
        painter.end()

    def _paint_content(self, painter: QPainter, ink: QColor) -> None:
        spare = max(0, (self.width() - self._need(self.text())) / 2)
        x = (10 if self._small else 14) + spare
        if self._icon:
            paint_icon(painter, self._icon, QRectF(x, self.height() / 2 - 7, 14, 14), ink)
            x += 22
        painter.setPen(ink)
        painter.setFont(self.font())
        room = QRectF(x, 0, self.width() - x, self.height())
        lacking = max(0, self._need(self.text()) - self.width())
        metrics = QFontMetrics(self.font())
        words = self.text() if not lacking else metrics.elidedText(
            self.text(), Qt.TextElideMode.ElideRight, metrics.horizontalAdvance(self.text()) - lacking)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        x += QFontMetrics(self.font()).horizontalAdvance(self.text()) + 10
        if self._key:
            self._paint_key(painter, x, ink)
        if self.menu():
            paint_icon(painter, "chevron-down", QRectF(x - 2, self.height() / 2 - 6, 12, 12), ink)

    def _paint_key(self, painter: QPainter, x: float, ink: QColor) -> None:
        font = ui_font(11)
        width = QFontMetrics(font).horizontalAdvance(self._key) + 10
        chip = QRectF(x, self.height() / 2 - 9, width, 18)
        faint = QColor(ink)
        faint.setAlphaF(0.5 if self._primary else 0.25)
        painter.setPen(QPen(faint, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(chip, 4, 4)
        painter.setPen(ink)
        painter.setFont(font)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, self._key)


class FixButton(Button):
    """The button that mends a problem, the same in the bubble, in the inspector and in the list of problems.

    The first way out is named `Fix: …` and filled with the colour of errors while the problem is one. Where there is no
    room for all of its words it is cut, and its tooltip has them.
    """

    def __init__(self, label: str, severity: str, first: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(f"Fix: {label}" if first else f"Or: {label}", small=True, primary=first and severity == "error",
                         tone="errorfill", parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.text())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), NARROWEST), self.sizeHint().height())


class IconButton(QToolButton):
    """An icon alone, 32 square; lit on accenttint while it is checked."""

    def __init__(self, icon: str, name: str, size: int = 32, parent: QWidget | None = None, *,
                 glyph: int = 16) -> None:
        super().__init__(parent)
        self._name, self._glyph = icon, glyph
        self.glow = Glow(self)
        self.setIcon(make_icon(icon))
        self.setFixedSize(size, size)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self.glow.turn(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.glow.turn(False)
        super().leaveEvent(event)

    def set_icon(self, icon: str) -> None:
        """Another picture."""
        self._name = icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon_button(self, self._name, self.glow.share, self._glyph)


def paint_icon_button(button: QAbstractButton, name: str, lit: float = 0.0, glyph: int = 16) -> None:
    """Paint a flat icon button from the tokens, its picture `glyph` px large; `lit` says how far the pointer has lit it."""
    t = theme()
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(button.rect()).adjusted(1, 1, -1, -1)
    if button.isChecked() or (button.isEnabled() and lit):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("accenttint") if button.isChecked() else t.color("hover", lit))
        painter.drawRoundedRect(box, 6, 6)
    ink = t.color("accent" if button.isChecked() else "text2", 1.0 if button.isEnabled() else 0.4)
    square = QRectF(0, 0, glyph, glyph)
    square.moveCenter(box.center())
    paint_icon(painter, name, square, ink)
    if shows_focus(button):
        paint_focus(painter, box.adjusted(1, 1, -1, -1), 5)
    painter.end()

