"""A plane with points: the class a network sees at every place as ground, or generated points among real ones."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolTip, QWidget

from graph_compiler.runs.sights import Look
from widgets.fonts import text_width, ui_font
from widgets.plots.small import group_color
from widgets.sights.saving import save_picture
from widgets.theme import theme, themes
from widgets.words import number, percent

FOOT = 28
DOT = 5.0
FAINT, FULL = 0.06, 0.5
"""How much colour the ground has where the network guesses, and where it is sure."""


class PlanePlot(QWidget):
    """One look at a time; both axes have the same scale, so that circles are round."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look: Look | None = None
        self._ground = QImage()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Plane of the two numbers")
        themes.changed.connect(self._recolor)

    def _recolor(self, _: object) -> None:
        if self.look is not None:
            self.set_look(self.look)

    def set_look(self, look: Look) -> None:
        """Show another look."""
        self.look = look
        self._ground = ground_of(look) if "regions" in look.arrays else QImage()
        self.setAccessibleDescription(", ".join(look.facts.get("classes", [])))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 160)

    @property
    def box(self) -> QRectF:
        """Where the plane is."""
        room = QRectF(0, 0, self.width(), self.height() - FOOT)
        left, bottom, right, top = self.look.arrays["extent"].tolist() if self.look is not None else (0.0, 0.0, 1.0, 1.0)
        scale = min(room.width() / max(right - left, 1e-9), room.height() / max(top - bottom, 1e-9))
        return QRectF(0, 0, (right - left) * scale, (top - bottom) * scale)

    def place(self, points: np.ndarray) -> np.ndarray:
        """Points [n, 2] of the plane in px."""
        assert self.look is not None
        left, bottom, right, top = self.look.arrays["extent"].tolist()
        shares = (points - [left, bottom]) / [right - left, top - bottom]
        return np.asarray(np.stack([shares[:, 0] * self.box.width(), (1 - shares[:, 1]) * self.box.height()], axis=1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        words = self.words_at(event.position())
        QToolTip.showText(event.globalPosition().toPoint(), words, self) if words else QToolTip.hideText()

    def words_at(self, at: QPointF) -> str:
        """The class at a place and how sure the network is of it."""
        if self.look is None or "regions" not in self.look.arrays or not self.box.contains(at):
            return ""
        fine = len(self.look.arrays["regions"])
        column, row = int(at.x() / self.box.width() * fine), int((1 - at.y() / self.box.height()) * fine)
        row, column = min(row, fine - 1), min(column, fine - 1)
        classes = self.look.facts.get("classes", [])
        group = int(self.look.arrays["regions"][row, column])
        name = classes[group] if group < len(classes) else str(group)
        return f"{name}, {percent(self.look.arrays['sure'][row, column] / 255, 0)} sure"

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.addAction("Save as PNG…", lambda: save_picture(self, self.grab().toImage(), "plane"))
        menu.exec(event.globalPos())

    # Painting.

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.look is not None:
            path = QPainterPath()
            path.addRoundedRect(self.box, 6, 6)
            painter.setClipPath(path)
            painter.fillRect(self.box, t.color("sunken"))
            if not self._ground.isNull():
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(self.box, self._ground)
            self._paint_points(painter)
            painter.setClipping(False)
            self._paint_foot(painter)
        painter.end()

    def _paint_points(self, painter: QPainter) -> None:
        assert self.look is not None
        arrays, edge = self.look.arrays, QPen(theme().color("panel"), 0.8)
        groups = arrays["groups"].tolist() or [0] * len(arrays["points"])
        made = "made" in arrays
        painter.setPen(edge)
        for (x, y), group in zip(self.place(arrays["points"]).tolist(), groups, strict=True):
            painter.setBrush(theme().color("train", 0.75) if made else group_color(group))
            painter.drawEllipse(QPointF(x, y), DOT / 2, DOT / 2)
        if made:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme().color("val"), 1.4))
            for x, y in self.place(arrays["made"]).tolist():
                painter.drawEllipse(QPointF(x, y), DOT / 2, DOT / 2)

    def _paint_foot(self, painter: QPainter) -> None:
        """The classes at the left, the range of the axes at the right."""
        assert self.look is not None
        t, x, made = theme(), 0.0, "made" in self.look.arrays
        row = QRectF(0, self.height() - 22, self.width(), 20)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(ui_font(12))
        for group, name in enumerate(self.look.facts.get("classes", [])):
            hollow = made and group == 1
            color: QColor = t.color("val" if hollow else "train") if made else group_color(group)
            painter.setPen(QPen(color, 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush if hollow else color)
            painter.drawEllipse(QPointF(x + 5, row.center().y()), 4, 4)
            painter.setPen(t.color("text2"))
            painter.drawText(row.adjusted(x + 14, 0, 0, 0), middle, name)
            x += 14 + text_width(name, 12) + 16
        left, _, right, _ = self.look.arrays["extent"].tolist()
        axes = [*self.look.facts.get("axes", []), "", ""]
        words = f"{axes[0]} {number(left, 2)} to {number(right, 2)}, {axes[1]} upwards"
        if x + text_width(words, 12) < self.box.width():
            painter.setPen(t.color("text3"))
            room = QRectF(row.left(), row.top(), self.box.width(), row.height())
            painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, words)


def ground_of(look: Look) -> QImage:
    """The regions as a picture, upwards turned to the top: more colour where the network is surer."""
    regions, sure = look.arrays["regions"], look.arrays["sure"].astype(np.float32) / 255
    count = max(int(regions.max()) + 1, 2)
    colors = np.array([_rgb(group_color(i)) for i in range(count)], np.float32)
    panel = np.array(_rgb(theme().color("panel")), np.float32)
    least = 1 / max(len(look.facts.get("classes", [])), 2)
    strength = FAINT + (FULL - FAINT) * np.clip((sure - least) / (1 - least), 0, 1)[..., None]
    mixed = np.ascontiguousarray((panel * (1 - strength) + colors[regions] * strength)[::-1].astype(np.uint8))
    high, wide = regions.shape
    return QImage(mixed.data, wide, high, 3 * wide, QImage.Format.Format_RGB888).copy()


def _rgb(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()
