"""The tabs of open documents in the header: name, dot while something is unsaved, mark of a run, and a cross to close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QSizePolicy, QTabBar, QWidget

from widgets.controls import IconButton
from widgets.controls.buttons import paint_focus
from widgets.controls.focus import note_focus, shows_focus
from widgets.fonts import dress, text_width, ui_font
from widgets.icons import paint_icon
from widgets.theme import theme, themes

WIDEST, NARROWEST, HEIGHT = 196, 96, 34
AROUND = 68
"""What a tab needs beside its name: margins, dot and cross."""


@dataclass(frozen=True)
class TabFace:
    """What a tab shows. `hint` is its tooltip, such as the file's place."""

    name: str
    dirty: bool = False
    running: bool = False
    hint: str = ""

    @property
    def spoken(self) -> str:
        """The tab in words."""
        return ", ".join(filter(None, (self.name, "not saved" if self.dirty else "", "training" if self.running else "")))


class DocumentTabs(QTabBar):
    """`chosen(place)` for a click or arrow key, `close_wanted(place)` for a cross or the middle button, `moved(from, to)`."""

    chosen = Signal(int)
    close_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._faces: list[TabFace] = []
        self.away = False
        """Something else than a document is shown: no tab is lit."""
        self.setAccessibleName("Open documents")
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        dress(self, 13, 500)
        self.tabBarClicked.connect(self._clicked)
        self.tabMoved.connect(self._moved)
        self._held: tuple[int, QPoint, Qt.MouseButton] | None = None
        """The tab under the pressed button, and where and by which one."""
        self.currentChanged.connect(self._changed)
        self._filling = False
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def show_tabs(self, faces: Sequence[TabFace], current: int, away: bool = False) -> None:
        """These documents, one of them in front."""
        self._filling, self.away = True, away
        while self.count() > len(faces):
            self.removeTab(self.count() - 1)
        while self.count() < len(faces):
            self._add()
        self._faces = list(faces)
        for place, face in enumerate(faces):
            self.setTabText(place, face.name)
            self.setTabToolTip(place, face.hint or face.name)
            self.setAccessibleTabName(place, face.spoken)
            button = self.tabButton(place, QTabBar.ButtonPosition.RightSide)
            if button is not None:
                button.setAccessibleName(f"Close {face.name}")
        self.setCurrentIndex(current)
        self._filling = False
        self.tabLayoutChange()
        self.update()

    def _add(self) -> None:
        self.addTab("")
        button = IconButton("close", "Close", 20, self, glyph=12)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(partial(self._close, button))
        self.setTabButton(self.count() - 1, QTabBar.ButtonPosition.RightSide, button)

    def _close(self, button: QWidget, _: bool = False) -> None:
        for place in range(self.count()):
            if self.tabButton(place, QTabBar.ButtonPosition.RightSide) is button:
                self.close_wanted.emit(place)
                return

    def _clicked(self, place: int) -> None:
        if place >= 0 and self.away:  # the tab that is current already
            self.chosen.emit(place)

    def _changed(self, place: int) -> None:
        self.tabLayoutChange()
        if not self._filling and place >= 0:
            self.chosen.emit(place)

    def tabSizeHint(self, index: int) -> QSize:
        room, name = self.width() // max(1, self.count()), text_width(self.tabText(index), 13, 600)
        return QSize(min(max(room, NARROWEST), WIDEST, max(NARROWEST, round(name) + AROUND)), HEIGHT)

    def tabLayoutChange(self) -> None:
        """The crosses keep off the edge."""
        for place in range(self.count()):
            if (button := self.tabButton(place, QTabBar.ButtonPosition.RightSide)) is not None:
                box = self.tabRect(place)
                button.setVisible(self._has_cross(place))
                button.move(box.right() - 27, box.center().y() - button.height() // 2 + 1)

    def _has_cross(self, place: int) -> bool:
        """Where names need the room only the tab in front has a cross."""
        full = round(text_width(self.tabText(place), 13, 600)) + AROUND
        return place == self.currentIndex() or self.tabRect(place).width() >= min(full, WIDEST)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return QSize(NARROWEST, HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(WIDEST * max(1, self.count()), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(NARROWEST, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        self._held = (self.tabAt(at), at, event.button()) if self.tabAt(at) >= 0 else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A tab that is dragged changes places with the one it is over, once the pointer stays on it so."""
        super().mouseMoveEvent(event)
        if self._held is None or self._held[2] != Qt.MouseButton.LeftButton:
            return
        (place, start, button), at = self._held, event.position().toPoint()
        if (at - start).manhattanLength() < QApplication.startDragDistance():
            return
        other = self.tabAt(QPoint(at.x(), self.height() // 2))
        if other < 0 or other == place:
            return
        mine, its = self.tabRect(place), self.tabRect(other)
        if at.x() >= mine.left() + its.width() if other > place else at.x() < its.left() + mine.width():
            self.moveTab(place, other)
            self._held = (other, start, button)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        held, self._held = self._held, None
        place = self.tabAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and held is not None and held[0] == place:
            self.close_wanted.emit(place)

    def _moved(self, start: int, end: int) -> None:
        self._faces.insert(end, self._faces.pop(start))
        self.tabLayoutChange()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.away and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._clicked(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, face in enumerate(self._faces):
            self._paint_tab(painter, place, face, place == self.currentIndex() and not self.away)
        painter.end()

    def _paint_tab(self, painter: QPainter, place: int, face: TabFace, lit: bool) -> None:
        t, box = theme(), QRectF(self.tabRect(place))
        inner = box.adjusted(2, 2, -2, -2)
        if lit:
            painter.setPen(QPen(t.color("line2"), 1))
            painter.setBrush(t.color("card"))
            painter.drawRoundedRect(inner.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        elif place + 1 != self.currentIndex():
            painter.setPen(QPen(t.color("line2"), 1))
            painter.drawLine(QPointF(box.right() - 0.5, box.top() + 10), QPointF(box.right() - 0.5, box.bottom() - 10))
        if place == self.currentIndex() and shows_focus(self):
            paint_focus(painter, inner.adjusted(2, 2, -2, -2), 5)
        x = inner.left() + 10
        if face.running:
            paint_icon(painter, "play", QRectF(x, inner.center().y() - 5, 10, 10), t.color("accent"))
            x += 16
        painter.setFont(ui_font(13, 600 if lit else 500))
        painter.setPen(t.color("text" if lit else "text2"))
        narrow = box.width() < min(round(text_width(face.name, 13, 600)) + AROUND, WIDEST)
        dot = face.dirty and not (face.running and narrow)
        room = inner.right() - (30 if self._has_cross(place) else 8) - x - (12 if dot else 0)
        name = painter.fontMetrics().elidedText(face.name, Qt.TextElideMode.ElideMiddle, int(room))
        painter.drawText(QRectF(x, inner.top(), room, inner.height()), Qt.AlignmentFlag.AlignVCenter, name)
        if dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(t.color("accent"))
            end = x + painter.fontMetrics().horizontalAdvance(name) + 8
            painter.drawEllipse(QPointF(end, inner.center().y() + 0.5), 3, 3)
