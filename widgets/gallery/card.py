"""One template in the gallery: the picture of its net, title, a sentence, how large it is and how long it trains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QEnterEvent,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from widgets.controls import Button, IconButton
from widgets.fonts import fitting_size, scaled, ui_font
from widgets.gallery.miniature import Miniature, paint_miniature
from widgets.icons import paint_icon
from widgets.paragraph import paint_paragraph
from widgets.theme import theme, themes
from widgets.words import duration, plural

PICTURE, WORDS = 132, 119
"""Heights of the picture and of what stands below it at 100 % of the text size."""


@dataclass(frozen=True)
class Template:
    """What the gallery shows of a template."""

    id: str
    title: str
    summary: str
    tags: tuple[str, ...]
    minutes: float
    text: str = ""
    """What to look at, in a few sentences."""

    @property
    def searched(self) -> str:
        """The words a search looks at."""
        return " ".join((self.id, self.title, self.summary, self.text, *self.tags)).lower()


def template_of(template_id: str, about: Mapping[str, Any]) -> Template:
    """What a document's own texts (`about`) say about it."""
    minutes = about.get("minutes")
    return Template(template_id, str(about.get("title") or template_id), str(about.get("summary") or ""),
                    tuple(str(tag) for tag in about.get("tags") or ()),
                    float(minutes) if isinstance(minutes, (int, float)) else 0.0, str(about.get("text") or ""))


def _foot() -> int:
    """Where the last line of a card begins, from its lower edge."""
    return 20 + max(24, scaled(24))


class TemplateCard(QWidget):
    """A click opens it, the button that comes on hover or focus opens and trains it."""

    access_role = QAccessible.Role.Button
    opened = Signal(str, bool)
    """Template id, and whether to train at once."""

    def __init__(self, template: Template, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.template = template
        self._picture: Miniature | None = None
        self.setAccessibleName(f"{template.title}. {template.summary}")
        self.setAccessibleDescription(template.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._fit()
        self.setMinimumWidth(220)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.train = Button("Open and train", "play", primary=True, small=True, parent=self)
        self.train.hide()
        self.train.clicked.connect(lambda: self.opened.emit(template.id, True))
        self.about = IconButton("info", "What to look at", 28, self)
        self.about.setCheckable(True)
        self.about.hide()
        self.about.toggled.connect(self._repaint)
        for button in (self.train, self.about):
            button.installEventFilter(self)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    @property
    def picture(self) -> Miniature | None:
        """The picture of its net, None until `set_picture`."""
        return self._picture

    def set_picture(self, picture: Miniature) -> None:
        """Show the net; making its picture takes an analysis, so that it comes after the card."""
        self._picture = picture
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(292, self.height())

    def _fit(self) -> None:
        self.setFixedHeight(PICTURE + max(WORDS, scaled(WORDS)))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()
        super().changeEvent(event)

    def _lit(self) -> bool:
        return self.underMouse() or any(part.hasFocus() for part in (self, self.train, self.about))

    def _light(self) -> None:
        self.train.setVisible(self._lit())
        self.about.setVisible(bool(self.template.text) and (self._lit() or self.about.isChecked()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.train.move(18, self.height() - _foot())
        self.about.move(self.width() - 12 - self.about.width(), 10)
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._light()

    def leaveEvent(self, event: QEvent) -> None:
        self._light()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._light()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._light()

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self._light()
        return False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.template.id, False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.template.id, False)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter, lit = theme(), QPainter(self), self._lit()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(3.5, 3.5, -3.5, -3.5)
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("halo"))
            painter.drawRoundedRect(QRectF(self.rect()), 11, 11)
        outline = QPainterPath()
        outline.addRoundedRect(box, 8, 8)
        painter.fillPath(outline, t.color("card"))
        top = QRectF(box.left(), box.top(), box.width(), PICTURE)
        if not self.about.isChecked():
            painter.save()
            painter.setClipPath(outline)
            painter.fillRect(top, t.color("sunken"))
            painter.setPen(t.color("line"))
            painter.drawLine(top.bottomLeft(), top.bottomRight())
            if self._picture is not None:
                paint_miniature(painter, self._picture, top)
            painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(t.color("accent" if lit else "line2"), 2 if lit else 1))
        painter.drawPath(outline)
        self._paint_words(painter, box.adjusted(16, 13 if self.about.isChecked() else PICTURE + 13, -16, 0))
        painter.end()

    def _paint_words(self, painter: QPainter, room: QRectF) -> None:
        t, last = theme(), QRectF(room.left(), self.height() - _foot(), room.width(), max(24, scaled(24)))
        wide = int(room.width()) - (24 if self.about.isChecked() else 0)
        painter.setFont(ui_font(fitting_size(self.template.title, wide, 15, 600), 600))
        painter.setPen(t.color("text"))
        title = painter.fontMetrics().elidedText(self.template.title, Qt.TextElideMode.ElideRight, wide)
        line = QRectF(room.left(), room.top(), room.width(), max(20, scaled(20)))
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, title)
        painter.setFont(ui_font(12))
        painter.setPen(t.color("text2"))
        below = QRectF(room.left(), line.bottom() + 3, room.width(), last.top() - line.bottom() - 3)
        if self.about.isChecked():  # in place of picture and summary
            painter.setFont(ui_font(11))
            paint_paragraph(painter, below.adjusted(0, 5, 0, 0), self.template.text)
            painter.setFont(ui_font(12))
        else:
            painter.drawText(below, Qt.TextFlag.TextWordWrap, self.template.summary)
        align = Qt.AlignmentFlag.AlignVCenter
        if self._picture is not None and not self.train.isVisible():
            painter.drawText(last, align, plural(self._picture.nodes, "node"))
        if self.template.minutes:
            time = duration(self.template.minutes * 60)
            painter.drawText(last, align | Qt.AlignmentFlag.AlignRight, time)
            width = QFontMetrics(ui_font(12)).horizontalAdvance(time)
            paint_icon(painter, "clock", QRectF(last.right() - width - 18, last.center().y() - 6, 12, 12), t.color("text2"))
