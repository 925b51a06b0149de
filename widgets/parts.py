"""Small parts all pages share: words in a size and colour of the theme, rows of a name and a value, thin lines."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QPainter, QPaintEvent, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from widgets.fonts import dress, scaled, text_width
from widgets.icons import paint_icon
from widgets.paragraph import line_height, paint_paragraph, paragraph_height
from widgets.theme import theme, themes


class Words(QLabel):
    """A label whose size, weight and colour token are given; follows the theme."""

    _held = 0
    """Pixels it is always wide, at 100 % of the text size; 0 as wide as its text."""

    def __init__(self, text: str = "", px: int = 13, weight: int = 400, token: str = "text", *, mono: bool = False,
                 wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._token = token
        dress(self, px, weight, mono)
        self.setWordWrap(wrap)
        self.setTextFormat(Qt.TextFormat.PlainText)
        themes.changed.connect(self._recolor)
        self._recolor(None)

    def hold(self, width: int) -> None:
        """So many pixels wide at 100 % of the text size, whatever it says."""
        self._held = width
        self.setFixedWidth(scaled(width))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange and self._held:
            self.setFixedWidth(scaled(self._held))
        super().changeEvent(event)

    def set_token(self, token: str) -> None:
        """Another colour."""
        self._token = token
        self._recolor(None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._recolor(None)

    @property
    def _spaced(self) -> bool:
        """Whether it paints itself: lines of text in the distances of the look."""
        return self.wordWrap() and self.textInteractionFlags() == Qt.TextInteractionFlag.LinksAccessibleByMouse

    def heightForWidth(self, width: int) -> int:
        if not self._spaced:
            return super().heightForWidth(width)
        margins = self.contentsMargins()
        inner = width - margins.left() - margins.right()
        return paragraph_height(self.text(), self.font(), inner) + margins.top() + margins.bottom()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(hint.width(), self.heightForWidth(hint.width())) if self._spaced else hint

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(hint.width(), min(hint.height(), line_height(self.font()))) if self._spaced else hint

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._spaced:
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        box, align = QRectF(self.contentsRect()), self.alignment()
        spare = box.height() - paragraph_height(self.text(), self.font(), int(box.width()))
        if spare > 0 and not align & Qt.AlignmentFlag.AlignTop:
            box.translate(0, spare if align & Qt.AlignmentFlag.AlignBottom else spare / 2)
        paint_paragraph(painter, box, self.text(), align & Qt.AlignmentFlag.AlignHorizontal_Mask)
        painter.end()

    def _recolor(self, _: object) -> None:
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.WindowText, theme().color(self._token))
        self.setPalette(palette)


class Elided(Words):
    """Words on one line that are cut with an ellipsis where there is no room; the tooltip has all of them."""

    def __init__(self, text: str = "", px: int = 13, weight: int = 400, token: str = "text", *,
                 mono: bool = False, wrap: bool = False, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__("", px, weight, token, mono=mono, wrap=wrap)
        self._full, self._mode = "", mode
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.set_full(text)

    @property
    def full(self) -> str:
        """The whole text."""
        return self._full

    def set_full(self, text: str) -> None:
        """Another text."""
        self._full = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self._cut()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._cut()

    def _cut(self) -> None:
        room = max(self.width(), 0)
        self.setText(QFontMetrics(self.font()).elidedText(self._full, self._mode, room))


class Line(QFrame):
    """A 1 px separator."""

    def __init__(self, vertical: bool = False, strong: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = "line2" if strong else "line"
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(self._token))
        painter.end()


class Pane(QWidget):
    """A page's column filled with a token's colour."""

    def __init__(self, token: str = "panel", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._token = token
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground, False)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(self._token))
        painter.end()


class Facts(QWidget):
    """Rows of a name at the left and a value at the right (or in a column at `value_at`), optionally with lines between."""

    def __init__(self, lines: bool = False, value_at: int = 0, row_height: int = 26, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._value_at, self._row_height = lines, value_at, row_height
        self._rows: dict[str, Elided] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def set_rows(self, rows: list[tuple[str, str]]) -> None:
        """Show these names and values; rows that stay are updated in place."""
        if [name for name, _ in rows] != list(self._rows):
            self._build([name for name, _ in rows])
        for name, value in rows:
            self._rows[name].set_full(value)
        if not self._value_at:
            self._share_width(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        if not self._value_at:
            self._share_width(event.size().width())
        super().resizeEvent(event)

    def _share_width(self, width: int) -> None:
        """A value has the room it needs, up to two thirds of the line where its name needs the rest."""
        for name, value in self._rows.items():
            left = max(width - 6 - math.ceil(text_width(name, 13)), width // 3)
            value.setFixedWidth(max(min(math.ceil(text_width(value.toolTip(), 13, 500)) + 2, left if left > 0 else width), 8))

    def value(self, name: str) -> str:
        """The value shown for a name."""
        return self._rows[name].toolTip()

    def _build(self, names: list[str]) -> None:
        while (item := self._box.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = {}
        for name in names:
            row = QWidget()
            row.setFixedHeight(self._row_height)
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            label, value = Elided(name, 13, 400, "text2"), Elided("", 13, 500)
            if self._value_at:
                label.setFixedWidth(self._value_at)
                line.addWidget(label)
                line.addWidget(value, 1)
            else:
                value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                value.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
                line.addWidget(label, 1)
                line.addWidget(value)
            self._box.addWidget(row)
            if self._lines:
                self._box.addWidget(Line())
            self._rows[name] = value


class Glyph(QWidget):
    """A small icon in the colour of a token."""

    def __init__(self, name: str, token: str) -> None:
        super().__init__()
        self._name, self._token = name, token
        self.setFixedSize(16, 16)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def show_icon(self, name: str, token: str) -> None:
        """Another icon."""
        self._name, self._token = name, token
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, self._name, QRectF(1, 1, 14, 14), theme().color(self._token))
        painter.end()


class ProgressLine(QWidget):
    """A bar 5 px high that fills; share in 0..1."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share = 0.0
        self.setFixedHeight(6)
        self.setAccessibleName(name)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def share(self) -> float:
        """How far it is filled."""
        return self._share

    def set_share(self, share: float) -> None:
        """Fill so far."""
        self._share = min(max(share, 0.0), 1.0)
        self.setAccessibleDescription(f"{self._share:.0%}")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color("track"))
        painter.drawRoundedRect(QRectF(self.rect()), 3, 3)
        if self._share:
            painter.setBrush(t.color("accentfill"))
            painter.drawRoundedRect(QRectF(0, 0, self.width() * self._share, self.height()), 3, 3)
        painter.end()


class EmptyState(Pane):
    """What an empty page says: what is missing, and the next step."""

    def __init__(self, token: str = "panel", parent: QWidget | None = None) -> None:
        super().__init__(token, parent)
        self.title, self.text = Words("", 15, 600), Words("", 13, 400, "text2")
        box = QVBoxLayout(self)
        box.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for words in (self.title, self.text):
            box.addWidget(words, 0, Qt.AlignmentFlag.AlignHCenter)

    def say(self, title: str, text: str) -> None:
        """Other words."""
        self.title.setText(title)
        self.text.setText(text)


class ScrollPane(QScrollArea):
    """An area that scrolls and may be led to by the keyboard."""

    access_role = QAccessible.Role.Pane


def scrolling(widget: QWidget) -> QScrollArea:
    """The widget in an area that scrolls up and down only, without a frame or a ground of its own."""
    area = ScrollPane()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    widget.setAutoFillBackground(False)
    return area
