"""Sample pictures: arrays to pixmaps without blur, a grid of them with captions, and one large picture."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from graph_compiler.arrays import np
from widgets.fonts import scaled, text_width, ui_font
from widgets.theme import theme, themes


def to_image(pixels: np.ndarray) -> QImage:
    """A QImage with its own memory from uint8 (or float in 0..1) [H, W], [H, W, 1] or [H, W, 3]."""
    if pixels.dtype != np.uint8:
        pixels = np.clip(np.nan_to_num(pixels) * 255, 0, 255).astype(np.uint8)
    if pixels.ndim == 3 and pixels.shape[-1] == 1:
        pixels = pixels[..., 0]
    pixels = np.ascontiguousarray(pixels[..., :3] if pixels.ndim == 3 else pixels)
    height, width = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()


def decode_picture(raw: bytes) -> np.ndarray:
    """Pixels uint8 [h, w, 3 or 4] of a picture file: the decoder of the window. ValueError when the bytes are no picture."""
    image = QImage.fromData(raw)
    if image.isNull():
        raise ValueError("not a picture")
    channels = 4 if image.hasAlphaChannel() else 3
    image = image.convertToFormat(QImage.Format.Format_RGBA8888 if channels == 4 else QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, :image.width() * channels].reshape(image.height(), image.width(), channels).copy()


def paint_picture(painter: QPainter, image: QImage, box: QRectF, radius: float) -> None:
    """The picture in the box, nearest neighbour, rounded corners, its own proportions kept."""
    size = QSize(image.width(), image.height()).scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, size.width(), size.height())
    target.moveCenter(box.center())
    path = QPainterPath()
    path.addRoundedRect(target, radius, radius)
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(target, image)
    painter.restore()


@dataclass(frozen=True)
class Sample:
    """One picture of the grid: true and predicted words (predicted in red when wrong), and how sure.

    Without a predicted word the true one is only a name.
    """

    image: QImage | None
    true: str
    predicted: str
    sure: str
    index: int
    wrong: bool = True


SIDE, WIDEST = 80, 104
"""Side of a picture, and the widest tile that words below it may ask for."""
CLOSE = 8
"""The least gap between two tiles of a line, and between two lines."""
INSET = 2
"""Room around the pictures for the outline of the chosen one."""


class PictureGrid(QWidget):
    """Pictures in rows; one can be chosen. Without pictures the words stand alone in the tiles."""

    access_role = QAccessible.Role.List
    focus_ring = True
    chosen = Signal(int)
    """The `index` of the chosen sample."""
    scrolled = Signal()
    """Other rows are in view, or more or fewer of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: list[Sample] = []
        self._current = -1
        self._first = 0
        self.gap = 12
        self.set_pictured(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Samples")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_pictured(self, pictured: bool) -> None:
        """Square pictures with words below, or flat tiles with the words inside."""
        self.tile, self.tall, self.caption = (SIDE, SIDE, max(26, scaled(26) - 4)) if pictured else (122, 32, 0)
        self._wide = self.tile
        self.updateGeometry()

    def set_strips(self, proportion: float) -> None:
        """Pictures so many times as wide as high."""
        self.tile, self.tall, self.caption = min(max(round(SIDE * proportion), SIDE), 480), SIDE, max(26, scaled(26) - 4)
        self._wide = self.tile
        self.updateGeometry()

    def set_samples(self, samples: list[Sample]) -> None:
        """Show these; the first one is chosen."""
        self._samples = samples
        if not self.caption:
            self.tile = max((self._need(sample) for sample in samples), default=122)
        else:  # short words have room below their pictures at every text size, long ones are shortened
            need = max((self._need(sample, 24) for sample in samples), default=0)
            self.tile = max(self._wide, need if need <= WIDEST else min(scaled(SIDE), WIDEST))
        self._current = 0 if samples else -1
        self._first = 0
        self.update()
        self.scrolled.emit()
        if samples:
            self.chosen.emit(samples[0].index)

    def _need(self, sample: Sample, between: int = 50) -> int:
        """How wide a tile with these words has to be."""
        words = (text_width(sample.true, 12), text_width(sample.predicted, 12, 600), text_width(sample.sure, 11))
        width = round(sum(words)) + between
        return width if self.caption else min(max(width, 122), 280)

    @property
    def columns(self) -> int:
        """How many pictures fit beside one another."""
        return max(1, (self.width() - 2 * INSET + CLOSE) // (self.tile + CLOSE))

    @property
    def visible_count(self) -> int:
        """How many pictures fit into the grid."""
        return self.columns * self._lines

    @property
    def _lines(self) -> int:
        return max(1, (self.height() - 2 * INSET + CLOSE) // (self.tall + self.caption + CLOSE))

    @property
    def _step(self) -> float:
        """From one line to the next: closer where one more fits so."""
        each, lines = self.tall + self.caption, self._lines
        free = (self.height() - 2 * INSET - lines * each) / (lines - 1) if lines > 1 else self.gap
        return each + min(self.gap, free)

    @property
    def seen(self) -> range:
        """Places of the pictures in view."""
        start = self._first * self.columns
        return range(start, min(len(self._samples), start + self.visible_count))

    def rect_of(self, place: int) -> QRectF:
        """Where the picture at a place is drawn."""
        row, column = divmod(place, self.columns)
        room = self.width() - 2 * INSET
        top = (row - self._first) * self._step
        if not self.caption:
            step = (room + self.gap) / self.columns
            return QRectF(INSET + column * step, INSET + top, step - self.gap, self.tall)
        step = self.tile + ((room - self.columns * self.tile) / (self.columns - 1) if self.columns > 1 else 0)
        return QRectF(INSET + column * step, INSET + top, self.tile, self.tall)

    def scroll_to(self, first: int) -> None:
        """Bring a line of pictures to the top, as far as there are pictures below it."""
        lines, fit = -(-len(self._samples) // self.columns), self.visible_count // self.columns
        first = min(max(first, 0), max(lines - fit, 0))
        if first != self._first:
            self._first = first
            self.scrolled.emit()
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.scroll_to(self._first - (1 if event.angleDelta().y() > 0 else -1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.scroll_to(self._first)
        self.scrolled.emit()
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(6 * (self.tile + self.gap), 4 * (self.tall + self.caption + self.gap))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(3 * (self.tile + self.gap), 276) if self.caption else self.tile + 2 * INSET, self.tall + self.caption)

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._samples) and place != self._current:
            self._current = place
            line, fit = place // self.columns, self.visible_count // self.columns
            self.scroll_to(min(max(self._first, line - fit + 1), line))
            self.chosen.emit(self._samples[place].index)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        for place in self.seen:
            if self.rect_of(place).adjusted(0, 0, 0, self.caption).contains(QPointF(point)):
                self._choose(place)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -self.columns, Qt.Key.Key_Down: self.columns}
        if (move := moves.get(Qt.Key(event.key()))) is None:
            super().keyPressEvent(event)
        else:
            self._choose(self._current + move)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in self.seen:
            self._paint(painter, self._samples[place], self.rect_of(place), place == self._current)
        painter.end()

    def _paint(self, painter: QPainter, sample: Sample, box: QRectF, current: bool) -> None:
        t = theme()
        picture = QRectF(box.left(), box.top(), min(box.width(), self._wide) if self.caption else box.width(), box.height())
        if sample.image is not None:
            paint_picture(painter, sample.image, picture, 6)
        else:
            painter.setPen(t.color("line2"))
            painter.setBrush(t.color("card"))
            painter.drawRoundedRect(box, 6, 6)
        if current:
            painter.setPen(QPen(t.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(picture.adjusted(-1, -1, 1, 1), 7, 7)
        line = QRectF(box.left(), box.bottom() + 6, box.width(), 16) if self.caption else box.adjusted(10, 8, -10, -8)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text3"))
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, sample.sure)
        room = line.width() - painter.fontMetrics().horizontalAdvance(sample.sure) - 6
        painter.setFont(ui_font(12))
        metrics = painter.fontMetrics()
        painter.setPen(t.color("text"))
        share = room / 2 - 6 if sample.predicted else room
        true = metrics.elidedText(sample.true, Qt.TextElideMode.ElideRight, int(share))
        painter.drawText(line, middle, true)
        if not sample.predicted:
            return
        x = line.left() + metrics.horizontalAdvance(true) + 4
        painter.setPen(t.color("text3"))
        painter.drawText(QRectF(x, line.top(), 10, 16), middle, "›")
        painter.setPen(t.color("error" if sample.wrong else "ok"))
        painter.setFont(ui_font(12, 600))
        predicted = painter.fontMetrics().elidedText(sample.predicted, Qt.TextElideMode.ElideRight,
                                                     int(room - (x - line.left()) - 10))
        painter.drawText(QRectF(x + 10, line.top(), room, 16), middle, predicted)


class Picture(QWidget):
    """One picture as large as fits."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setAccessibleName(name)

    def set_image(self, image: QImage | None) -> None:
        """Show a picture, or nothing."""
        self._image = image
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image is not None:
            paint_picture(painter, self._image, QRectF(self.rect()), 6 if self.width() >= 80 else 3)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color("track"))
            painter.drawRoundedRect(QRectF(self.rect()), 6, 6)
        painter.end()
