"""A coach mark: a card that points at a place of the window and says what it is for. It blocks nothing but where it stands."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from widgets.controls import Button, IconButton
from widgets.fonts import scaled
from widgets.motion import appear
from widgets.parts import Words
from widgets.theme import theme, themes

WIDTH, TIP, TIP_WIDTH, RADIUS = 304, 10, 18, 10
AWAY, EDGE = 6, 8
"""Between tip and place, and between card and border of the window."""
TALL, WIDE = ("right", "left", "below", "above"), ("below", "above", "right", "left")
"""Sides in the order they are tried, beside a tall place and a wide one."""


def place_card(place: QRectF, size: QSize, room: QRectF, listed: bool = False) -> tuple[str, QRectF]:
    """Side and rectangle of a card of this size beside a place: the first side with room, else the one with most of it.

    A place that is `listed` has others of its kind above and below, which the card leaves in view.
    """
    far, width, height = TIP + AWAY, float(size.width()), float(size.height())
    free = {"right": room.right() - place.right() - width, "below": room.bottom() - place.bottom() - height,
            "left": place.left() - room.left() - width, "above": place.top() - room.top() - height}
    sides = TALL if listed or place.height() >= place.width() else WIDE
    side = next((s for s in sides if free[s] >= far), max(sides, key=lambda s: free[s]))
    middle = place.center()
    x = {"right": place.right() + far, "left": place.left() - far - width}.get(side, middle.x() - width / 2)
    y = {"below": place.bottom() + far, "above": place.top() - far - height}.get(side, middle.y() - height / 2)
    x = min(max(x, room.left()), room.right() - width)
    y = min(max(y, room.top()), room.bottom() - height)
    return side, QRectF(x, y, width, height)


class Coach(QWidget):
    """`stepped(+1 or -1)` and `left()`. Give it a place with `point_at`; the keyboard is on its button."""

    access_role = QAccessible.Role.HelpBalloon
    stepped = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._side, self._tip = "right", QPointF()
        self.spot = Spot(window)
        self.count, self.title = Words("", 11, 500, "text3"), Words("", 15, 600)
        self.text = Words("", 13, 400, "text2", wrap=True)
        self.close_button = IconButton("close", "Leave the tour (Esc)", 24)
        self.back, self.next = Button("Back", small=True), Button("Next", primary=True, small=True)
        self._arrange()
        self.close_button.clicked.connect(self.left)
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        for button in (self.close_button, self.back, self.next):
            button.installEventFilter(self)
        themes.changed.connect(self._repaint)
        self.hide()

    def _repaint(self, _: object) -> None:
        self.update()

    def _arrange(self) -> None:
        box, top, row = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        box.setContentsMargins(16 + TIP, 10 + TIP, 12 + TIP, 14 + TIP)
        box.setSpacing(4)
        top.addWidget(self.count, 1)
        top.addWidget(self.close_button)
        row.setSpacing(8)
        row.addStretch(1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        for part in (top, row):
            if part is row:
                box.addSpacing(8)
            box.addLayout(part)
            if part is top:
                box.addWidget(self.title)
                box.addWidget(self.text)

    def say(self, title: str, text: str, number: int, steps: int) -> None:
        """The words of a step."""
        self.count.setText(f"{number} of {steps}")
        self.title.setText(title)
        self.text.setText(text)
        self.back.setVisible(number > 1)
        self.next.setText("Done" if number == steps else "Next")
        self.setAccessibleName(f"Tour, {number} of {steps}: {title}")
        self.setAccessibleDescription(text)
        self.next.setAccessibleDescription(f"{title}. {text}")

    def point_at(self, place: QRect, listed: bool = False) -> None:
        """Stand beside a place, in px of the window; `listed`: see `place_card`."""
        window = self.window()
        width = scaled(WIDTH) + 2 * TIP
        layout = self.layout()
        height = layout.totalHeightForWidth(width) if layout is not None else 200
        room = QRectF(window.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        self._side, card = place_card(QRectF(place), QSize(width - 2 * TIP, height - 2 * TIP), room, listed)
        inside = QRectF(place).center()
        at_x = min(max(inside.x(), card.left() + RADIUS + TIP_WIDTH), card.right() - RADIUS - TIP_WIDTH)
        at_y = min(max(inside.y(), card.top() + RADIUS + TIP_WIDTH), card.bottom() - RADIUS - TIP_WIDTH)
        tips = {"right": (card.left() - TIP, at_y), "left": (card.right() + TIP, at_y),
                "below": (at_x, card.top() - TIP), "above": (at_x, card.bottom() + TIP)}
        outer = card.adjusted(-TIP, -TIP, TIP, TIP).toRect()
        self._tip = QPointF(*tips[self._side]) - QPointF(outer.topLeft())
        self.setGeometry(outer)
        self.spot.surround(place)
        self.update()

    def come_up(self) -> None:
        """Show, in front of everything, with the keyboard."""
        if not self.isVisible():
            self.show()
            appear(self)
        self.spot.show()
        self.spot.raise_()
        self.raise_()
        self.next.setFocus(Qt.FocusReason.TabFocusReason)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def go(self) -> None:
        """Away for good."""
        for part in (self, self.spot):
            part.hide()
            part.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows lead through the steps, not from button to button; the Tab key does that. Enter presses the button."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
            if by is not None:
                self.stepped.emit(by)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(watched, QAbstractButton):
                watched.click()
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def outline(self) -> QPainterPath:
        """The card with its tip."""
        card = QRectF(self.rect()).adjusted(TIP + 0.5, TIP + 0.5, -TIP - 0.5, -TIP - 0.5)
        path, tip, half = QPainterPath(), QPainterPath(self._tip), TIP_WIDTH / 2
        path.addRoundedRect(card, RADIUS, RADIUS)
        if self._side in ("right", "left"):
            edge = card.left() + 1 if self._side == "right" else card.right() - 1
            ends = (QPointF(edge, self._tip.y() - half), QPointF(edge, self._tip.y() + half))
        else:
            edge = card.top() + 1 if self._side == "below" else card.bottom() - 1
            ends = (QPointF(self._tip.x() - half, edge), QPointF(self._tip.x() + half, edge))
        for end in ends:
            tip.lineTo(end)
        tip.closeSubpath()
        return path.united(tip)

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = self.outline()
        painter.fillPath(outline, t.color("panel"))
        painter.setPen(QPen(t.color("accent"), 1.5))
        painter.drawPath(outline)
        painter.end()


class Spot(QWidget):
    """The ring around the place that is spoken of; the mouse goes through it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def surround(self, place: QRect) -> None:
        """Around a place, inside the window."""
        self.setGeometry(place.adjusted(-4, -4, 4, 4) & self.window().rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        t, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for token, width, away in (("halo", 4, 2.0), ("accent", 2, 3.0)):
            painter.setPen(QPen(t.color(token), width))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(away, away, -away, -away), 8, 8)
        painter.end()


class Follower(QObject):
    """Says `moved` when any of some widgets is moved, resized, shown or hidden."""

    moved = Signal()
    KINDS = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._watched: list[QWidget] = []

    def watch(self, *widgets: QWidget) -> None:
        """These from now on, the others no more."""
        for widget in self._watched:
            widget.removeEventFilter(self)
        self._watched = list(widgets)
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in self.KINDS:
            self.moved.emit()
        return False
