"""What is inside the node that is looked at, while a run goes on and after it: activations, weights, gradients, channels."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from graph_compiler.arrays import np
from graph_compiler.runs.watched import Moved, Watched
from widgets.fonts import ui_font
from widgets.inspector.sections import Section
from widgets.parts import Elided, Words
from widgets.parts import Facts as FactRows
from widgets.plots.pictures import paint_picture, to_image
from widgets.theme import theme, themes
from widgets.words import TIMES, count, number, percent, shape

ACROSS = 8
"""Pictures in a row."""
GAP = 7
HIGHEST = 128
"""Of a single picture."""
NO_FAMILY = "operations"


class Spread(QWidget):
    """The histogram of what the node gives, zeros left out, with its ends below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.seen: Watched | None = None
        self._family = NO_FAMILY
        self.setFixedHeight(74)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def show_seen(self, seen: Watched, family: str) -> None:
        """Another look, in the hue of a family."""
        self.seen, self._family = seen, family
        words = f"{number(seen.low, 3)} to {number(seen.high, 3)}, mean {number(seen.mean, 3)}, " \
                f"standard deviation {number(seen.deviation, 3)}"
        self.setToolTip(f"On {count(seen.rows)} fixed rows: {words}. Zeros are left out, and half a percent at each end.")
        self.setAccessibleName(f"Activations from {words}")
        self.update()

    def bars(self) -> list[QRectF]:
        """One a bin, at its height."""
        if self.seen is None or not self.seen.counts.sum():
            return []
        heights = self.seen.counts / self.seen.counts.max()
        step, floor, room = self.width() / len(heights), self.height() - 18.0, self.height() - 22.0
        return [QRectF(i * step, floor - h * room, max(step - 2, 1), h * room) for i, h in enumerate(heights.tolist())]

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        color = QColor(t.hue(self._family).strip)
        for bar in self.bars():
            painter.fillRect(bar, color)
        floor = self.height() - 18
        painter.setPen(t.color("line2"))
        painter.drawLine(0, floor, self.width(), floor)
        painter.setFont(ui_font(11))
        painter.setPen(t.color("text3"))
        below = QRectF(0, floor + 2, self.width(), 16)
        if self.bars() and self.seen is not None:
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, number(self.seen.low, 3))
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, number(self.seen.high, 3))
        else:
            painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "Nothing but zeros.")
        painter.end()


class Pictures(QWidget):
    """Small pictures in rows of eight, or a single one as wide as there is room. Pixels stay pixels."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.images: list[QImage] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_pictures(self, pictures: np.ndarray) -> None:
        """uint8 [n, H, W]."""
        before = [(image.width(), image.height()) for image in self.images]
        self.images = [to_image(picture) for picture in pictures]
        if [(image.width(), image.height()) for image in self.images] != before:
            self.setFixedHeight(self.heightForWidth(self.width()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.setFixedHeight(self.heightForWidth(event.size().width()))
        super().resizeEvent(event)

    def heightForWidth(self, width: int) -> int:
        return round(max((box.bottom() for box in self.boxes(width)), default=0.0)) + 1

    def boxes(self, width: float) -> list[QRectF]:
        """Where the pictures stand."""
        if not self.images:
            return []
        wide, high = self.images[0].width(), self.images[0].height()
        if len(self.images) == 1:
            tall = max(12.0, min(HIGHEST, width * high / wide))
            return [QRectF(0, 0, min(width, tall * wide / high), tall)]
        side = (width - (ACROSS - 1) * GAP) / ACROSS
        tall = side * min(max(high / wide, 0.4), 2.0)
        return [QRectF(i % ACROSS * (side + GAP), i // ACROSS * (tall + GAP), side, tall) for i in range(len(self.images))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for box, image in zip(self.boxes(self.width()), self.images, strict=True):
            paint_picture(painter, image, box, 3)
        painter.end()


class Named(QWidget):
    """A caption with words at the right."""

    def __init__(self, title: str = "", px: int = 12, weight: int = 400) -> None:
        super().__init__()
        self.title, self.value = Words(title, px, weight, "text2"), Elided("", 12, 400, "text2")
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.title)
        line.addWidget(self.value, 1)


class LiveSection(Section):
    """Hidden until something was seen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.head, self.activations = Named("Live", 12, 600), Named("Activations")
        self.spread, self.filters, self.maps = Spread(), Pictures(), Pictures()
        self.filters_name, self.maps_name = Named(), Named()
        self.gradient_name, self.gradients = Named("Gradient"), FactRows(row_height=22)
        for part in (self.head, self.activations, self.spread, self.filters_name, self.filters, self.gradient_name,
                     self.gradients, self.maps_name, self.maps):
            self.box.addWidget(part)
        self.filters.setToolTip("Grey is 0, white the largest weight, black its opposite.")
        self.maps.setToolTip("Black is the smallest value, white the largest.")
        self.gradients.setToolTip("Root mean square of the gradient of the loss, and how large that is beside the weights, "
                                  "on the fixed rows.")
        self.hide()

    def show_seen(self, seen: Watched | None, words: str, family: str) -> None:
        """A look, and where it comes from; None hides the section."""
        self.setVisible(seen is not None)
        if seen is None:
            return
        self.head.value.set_full(words)
        self.activations.value.set_full(f"{percent(seen.zeros, 0)} zeros")
        self.spread.show_seen(seen, family)
        for name, pictures, tiles, title in ((self.filters_name, self.filters, seen.filters, filters_words(seen)),
                                             (self.maps_name, self.maps, seen.maps, maps_words(seen))):
            name.title.setText(title)
            name.setVisible(bool(title))
            pictures.setVisible(bool(title))
            pictures.setAccessibleName(title)
            pictures.set_pictures(tiles)
        self.gradient_name.setVisible(bool(seen.moved))
        self.gradients.setVisible(bool(seen.moved))
        self.gradient_name.value.set_full("beside the weights")
        self.gradients.set_rows([(moved.name, gradient_words(moved)) for moved in seen.moved])


def filters_words(seen: Watched) -> str:
    """What the pictures of the weights show, empty where there are none."""
    shown, of = len(seen.filters), seen.filters_of
    if not shown:
        return ""
    if seen.filters_words == "matrix":
        kernel = next((moved.shape for moved in seen.moved if len(moved.shape) > 1), ())
        return f"Weights, {shape(kernel).replace(TIMES, f' {TIMES} ')}"
    name = "Filters" if seen.filters_words == "filters" else "Weights of units"
    return f"{name}, first {shown} of {count(of)}" if shown < of else f"{name}, all {count(of)}"


def maps_words(seen: Watched) -> str:
    """What the pictures of the values show, empty where there are none."""
    shown, of = len(seen.maps), seen.maps_of
    if not shown:
        return ""
    if seen.maps_words == "channels" and of == 1:
        return "Output for one row"
    if seen.maps_words == "channels":
        return f"Channels for one row, first {shown} of {count(of)}" if shown < of else f"Channels for one row, all {count(of)}"
    return "Output along the steps of one row" if seen.maps_words == "steps" else f"Output for {count(seen.rows)} rows"


def gradient_words(moved: Moved) -> str:
    """`0.0012 · 2.3 %`."""
    if moved.gradient is None:
        return "not trained"
    beside = f" · {percent(moved.gradient / moved.size, 1)}" if moved.size else ""
    return f"{number(moved.gradient, 2)}{beside}"
