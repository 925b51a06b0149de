"""Two drawings side by side: what was removed, added and changed is marked on the cards and listed below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from graph_compiler.graph.model import Document
from graph_compiler.runs.comparison import Marks, comparison, marks
from graph_compiler.runs.differences import DefaultOf
from graph_compiler.specs.registry import Registry
from widgets.canvas.ground import paint_ground
from widgets.canvas.scene import CanvasScene
from widgets.canvas.zooming import ZoomView
from widgets.controls import Button, ChoiceBox
from widgets.document import GraphDocument
from widgets.fonts import ui_font
from widgets.parts import Line, Words
from widgets.pens import steady
from widgets.runs.difference_table import DifferenceTable
from widgets.tables import HEADER, ROW
from widgets.theme import theme
from widgets.words import plural

SIGNS = {"added": ("+", "ok"), "removed": ("−", "error"), "changed": ("≠", "warn")}
"""Kind of difference -> its sign and the colour token of both."""
BADGE = 20


class ComparedView(ZoomView):
    """A drawing to look at. Marked cards have an outline and a sign, removed ones a dashed outline."""

    picked = Signal(str)
    """A node was clicked."""

    def __init__(self, name: str, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document, self.marks = document, Marks({}, {})
        self._from: QPointF | None = None
        self.canvas = CanvasScene(document, parent=self)
        self.canvas.setSceneRect(QRectF(-50_000, -50_000, 100_000, 100_000))
        self.setScene(self.canvas)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def level_for(self, zoom: float) -> None:
        self.canvas.set_zoom(zoom)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_ground(painter, rect, self.zoom)

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for key, kind in self.marks.wires.items():
            wire = self.canvas.wires.get(key)
            if wire is not None:
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(self._pen(kind))
                painter.drawPath(wire.path())
        for name, kind in self.marks.nodes.items():
            box = self.canvas.boxes.get(name)
            if box is not None:
                self._paint_mark(painter, box.card_rect(), kind)

    def _pen(self, kind: str) -> QPen:
        pen = steady(QPen(theme().color(SIGNS[kind][1]), 3))
        if kind == "removed":
            pen.setDashPattern([3, 2])
        return pen

    def _paint_mark(self, painter: QPainter, card: QRectF, kind: str) -> None:
        t, (sign, token) = theme(), SIGNS[kind]
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen(kind))
        painter.drawRoundedRect(card.adjusted(-3, -3, 3, 3), 10, 10)
        side = BADGE / max(self.zoom, 0.2)
        badge = QRectF(card.right() - side / 2, card.top() - side / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(t.color(token))
        painter.drawEllipse(badge)
        font = ui_font(13, 700)
        font.setPixelSize(max(1, round(side * 0.7)))
        painter.setFont(font)
        painter.setPen(t.color("card"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, sign)

    def show_marks(self, found: Marks) -> None:
        """Mark these differences."""
        self.marks = found
        self.viewport().update()

    def center_on(self, name: str) -> None:
        """Select a node and bring it into the middle; none that is not here."""
        box = self.canvas.boxes.get(name)
        self.canvas.select([name] if box is not None else [])
        if box is not None and not self.visible_rect().contains(box.card_rect()):
            self.look_at(self.zoom, box.card_rect().center())

    def look_at(self, zoom: float, middle: QPointF) -> None:
        """A zoom, and a scene point in the middle."""
        self.zoom_to(zoom)
        self._scroll(middle, QPointF(self.viewport().rect().center()))

    @property
    def middle(self) -> QPointF:
        """The scene point in the middle of the view."""
        return self.mapToScene(self.viewport().rect().center())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._from = event.position()
        box = self.canvas.box_at(self.mapToScene(event.position().toPoint()))
        if box is not None:
            self.picked.emit(box.node_id)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._from is not None:
            self.pan(event.position() - self._from)
            self._from = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._from = None


class CompareDialog(QDialog):
    """The drawing on the right, another on the left. `wanted(place)` when another of the names is chosen for the left."""

    wanted = Signal(int)
    LEGEND: ClassVar = (("removed", "removed"), ("added", "added"), ("changed", "changed"))

    def __init__(self, name: str, document: Document, others: Sequence[str], registry: Registry, default_of: DefaultOf,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._registry, self._default_of = registry, default_of
        self.setWindowTitle(f"Compare {name}")
        self.resize(1180, 760)
        self.choice = ChoiceBox()
        self.choice.setAccessibleName("Drawing to compare with")
        self.choice.addItems(list(others))
        self.choice.setMinimumWidth(220)
        self.choice.activated.connect(self.wanted)
        self.summary = Words("", 13, 500, "text2")
        self.table = DifferenceTable()
        self.right = ComparedView(f"{name}, now", GraphDocument(document, registry, None, self))
        self.left: ComparedView | None = None
        self._views = QSplitter(Qt.Orientation.Horizontal)
        self._views.setChildrenCollapsible(False)
        self._views.addWidget(self.right)
        self._name, self._linking = name, False
        self._lay_out()
        self._listen(self.right)
        self.table.clicked.connect(lambda index: self._jump(self.table.lines.lines[index.row()].place))

    def _lay_out(self) -> None:
        close = Button("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        top = QHBoxLayout()
        top.addWidget(Words("Compare with", 13, 500, "text2"))
        top.addWidget(self.choice)
        top.addStretch(1)
        top.addWidget(self.summary)
        top.addWidget(close)
        split = self._split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(self._views)
        split.addWidget(self.table)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 0)
        box = QVBoxLayout(self)
        box.setSpacing(8)
        box.addLayout(top)
        box.addWidget(Line())
        box.addWidget(split, 1)

    def _listen(self, view: ComparedView) -> None:
        view.view_moved.connect(lambda: self._link(view))
        view.picked.connect(self._jump)

    def show_other(self, place: int, document: Document) -> None:
        """Another drawing on the left."""
        self.choice.setCurrentIndex(place)
        name, old = self.choice.currentText(), self.left
        self.left = ComparedView(name, GraphDocument(document, self._registry, None, self))
        if old is not None:
            old.canvas.detach()
            old.setParent(None)
            old.deleteLater()
        self._views.insertWidget(0, self.left)
        self._views.setSizes([500, 500])
        self._listen(self.left)
        pair = (document, self.right.document.document)
        found, lines = marks(*pair, self._default_of), comparison(pair, self._default_of)
        for view in (self.left, self.right):
            view.show_marks(found)
        self.table.show_lines((name, self._name), lines)
        self.summary.setText(summary_of(found, len(lines)))
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        """The list as high as it needs to be, a third at most, and both drawings whole, at one zoom."""
        whole = sum(self._split.sizes())
        lines = min(HEADER + ROW * max(len(self.table.lines.lines), 1) + 8, whole // 3)
        self._split.setSizes([whole - lines, lines])
        if self.left is not None:
            box = self.left.canvas.content_rect().united(self.right.canvas.content_rect())
            self.right.show_rect(box, smooth=False)

    def _link(self, moved: ComparedView) -> None:
        """Both views show the same place."""
        other = self.left if moved is self.right else self.right
        if other is None or self._linking:
            return
        self._linking = True
        other.look_at(moved.zoom, moved.middle)
        self._linking = False

    def _jump(self, place: str) -> None:
        """To a node in both drawings; to an instance of the block for a place inside of one."""
        for view in (self.left, self.right):
            if view is not None:
                block = place.rpartition(".")[0].partition(".")[0]
                nodes = view.document.document.graph.nodes.values()
                view.center_on(next((n.id for n in nodes if block and n.block == block), place))


def summary_of(found: Marks, lines: int) -> str:
    """`1 removed, 2 added, 1 changed`, or that nothing is different."""
    if not lines:
        return "Both drawings mean the same"
    kinds = list(found.nodes.values())
    parts = [f"{kinds.count(kind)} {word}" for kind, word in CompareDialog.LEGEND if kind in kinds]
    return ", ".join([*parts, plural(lines, "difference")])
