"""The workbench below the canvas: a strip of tabs; open it shows a page, a double click lets the page fill the window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from widgets.controls import IconButton
from widgets.controls.buttons import paint_focus
from widgets.controls.focus import note_focus, shows_focus
from widgets.fonts import dress, text_width, ui_font
from widgets.parts import Elided, Glyph, Line, Pane
from widgets.theme import theme, themes

STRIP, LEAST, OPEN_HEIGHT = 38, 240, 507
"""With the line below and the one above, on which the workbench is drawn larger, the strip is 40 and all of it 508 high."""


class TabStrip(QWidget):
    """The names of the pages, one of them lit, with a badge for counts."""

    access_role = QAccessible.Role.PageTabList
    chosen = Signal(int)
    filled = Signal(int)

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names = names
        self.current = -1
        self.badges: dict[int, int] = {}
        """Counts beside the tabs' names, by place."""
        dress(self, 13, 500)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Workbench tabs")
        themes.changed.connect(self._repaint)

    def _repaint(self, _: object) -> None:
        self.update()

    def set_current(self, place: int) -> None:
        """Light a tab, none for -1."""
        self.current = place
        self.setAccessibleDescription(self.names[place] if place >= 0 else "closed")
        self.update()

    def set_badge(self, place: int, number: int) -> None:
        """A count in a red circle; none for 0."""
        self.badges[place] = number
        self.updateGeometry()
        self.update()

    def tab_rects(self) -> list[QRectF]:
        """Where each tab is."""
        x, found = 0.0, []
        metrics = QFontMetrics(ui_font(13, 600))
        for i, name in enumerate(self.names):
            width = metrics.horizontalAdvance(name) + 24 + (24 if self.badges.get(i) else 0)
            found.append(QRectF(x, 4, width, 30))
            x += width + 4
        return found

    def sizeHint(self) -> QSize:
        return QSize(int(self.tab_rects()[-1].right()) + 4, STRIP)

    def _at(self, place: QPointF) -> int:
        return next((i for i, box in enumerate(self.tab_rects()) if box.contains(place)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if (tab := self._at(event.position())) >= 0:
            self.chosen.emit(tab)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if (tab := self._at(event.position())) >= 0:
            self.filled.emit(tab)

    def focusInEvent(self, event: QFocusEvent) -> None:
        note_focus(self, event)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is not None:
            self.chosen.emit((max(self.current, 0) + step) % len(self.names))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.chosen.emit(max(self.current, 0))
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        t = theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for i, (name, box) in enumerate(zip(self.names, self.tab_rects(), strict=True)):
            lit = i == self.current
            if lit:
                painter.setPen(QPen(t.color("line2"), 1))
                painter.setBrush(t.color("card"))
                painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            painter.setFont(ui_font(13, 600 if lit else 500))
            painter.setPen(t.color("text" if lit else "text2"))
            painter.drawText(box.adjusted(12, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, name)
            if number := self.badges.get(i):
                circle = QRectF(box.left() + 18 + painter.fontMetrics().horizontalAdvance(name), box.center().y() - 8.5, 17, 17)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(t.color("errorfill"))
                painter.drawEllipse(circle)
                painter.setPen(t.color("onfill"))
                painter.setFont(ui_font(11, 600))
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(min(number, 99)))
            if i == max(self.current, 0) and shows_focus(self):
                paint_focus(painter, box.adjusted(2, 2, -2, -2), 5)
        painter.end()


@dataclass
class Shelf:
    """Pages that belong together: how each is made, those that were, and their controls in the strip."""

    makers: Mapping[str, Callable[[], QWidget]]
    pages: dict[str, QWidget] = field(default_factory=dict)
    tools: dict[str, list[QWidget]] = field(default_factory=dict)


class Workbench(Pane):
    """Tabs and pages of a shelf. Pages are made when they are first shown. States: closed, open, filled."""

    changed = Signal(str)
    """closed, open or filled."""
    shown = Signal(str)
    """The name of the page that came up."""

    def __init__(self, shelf: Shelf, parent: QWidget | None = None) -> None:
        super().__init__("chrome", parent)
        self._shelf = shelf
        self.state = "closed"
        self._last = ""
        self.strip = TabStrip(tuple(shelf.makers))
        self._next = ""
        self._sign = Glyph("info", "text3")
        self.hint = Elided("Double-click a tab to fill the window", 12, 400, "text3")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.fill_button = IconButton("expand", "Fill the window")
        self.open_button = IconButton("chevron-up", "Open or close the workbench")
        self.stack = QStackedWidget()
        self.stack.hide()
        top = QHBoxLayout()
        top.setContentsMargins(12, 0, 12, 0)
        top.addWidget(self.strip)
        top.addStretch(1)
        top.addWidget(self._sign)
        top.addWidget(self.hint, 99)
        top.addSpacing(12)
        self._top = top
        top.addWidget(self.fill_button)
        top.addWidget(self.open_button)
        self._head = QWidget()
        self._head.setLayout(top)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head)
        box.addWidget(Line())
        box.addWidget(self.stack, 1)
        self.strip.chosen.connect(self._tab)
        self.strip.filled.connect(self._fill)
        self._closing = QTimer(self)
        """A click on the open tab closes, but not before it is known that it was not the first of a double click."""
        self._closing.setSingleShot(True)
        self._closing.timeout.connect(lambda: self.set_state("closed"))
        self.fill_button.clicked.connect(self.toggle_filled)
        self.open_button.clicked.connect(self.toggle)
        self.set_state("closed")

    @property
    def current(self) -> str:
        """The name of the page that is up, empty while closed."""
        return self.strip.names[self.strip.current] if self.strip.current >= 0 else ""

    def page(self, name: str) -> QWidget:
        """The page of a name, made now when it was never shown."""
        pages = self._shelf.pages
        if name not in pages:
            pages[name] = self._shelf.makers[name]()
            self.stack.addWidget(pages[name])
        return pages[name]

    def use(self, shelf: Shelf) -> None:
        """Other pages under the same tabs; what is up stays up."""
        if shelf is self._shelf:
            return
        for tools in self._shelf.tools.values():
            for tool in tools:
                tool.hide()
        self._shelf = shelf
        if self.current:
            self.stack.setCurrentWidget(self.page(self.current))
        self._show_tools()

    def drop(self, shelf: Shelf) -> None:
        """These pages are not wanted any more."""
        for page in shelf.pages.values():
            self.stack.removeWidget(page)
            page.deleteLater()
        for tool in (tool for tools in shelf.tools.values() for tool in tools):
            tool.deleteLater()
        shelf.pages.clear()
        shelf.tools.clear()

    def set_next(self, words: str) -> None:
        """The next step of a drawing that cannot be trained yet, in place of the hint; empty when it can."""
        self._next = words
        self._show_hint()

    def _show_hint(self) -> None:
        hints = {"filled": "Esc or double-click to return to the canvas", "closed": "Double-click a tab to fill the window"}
        told = bool(self._next) and self.state != "filled"
        self._sign.setVisible(told)
        words = f"Next: {self._next}" if told else hints.get(self.state, "")
        self.hint.setMaximumWidth(round(text_width(words, 12)) + 6)
        self.hint.set_full(words)

    def add_tools(self, name: str, *tools: QWidget) -> None:
        """Controls of a page in the strip, seen while the page is."""
        self._shelf.tools[name] = list(tools)
        for tool in tools:
            tool.setVisible(self.current == name)
            self._top.insertWidget(self._top.indexOf(self.fill_button), tool)

    def _show_tools(self) -> None:
        for name, tools in self._shelf.tools.items():
            for tool in tools:
                tool.setVisible(name == self.current)

    def _tab(self, place: int) -> None:
        if self.state == "open" and place == self.strip.current:
            self._closing.start(QApplication.doubleClickInterval())
        else:
            self.show_page(self.strip.names[place], fill=self.state == "filled")

    def _fill(self, place: int) -> None:
        self.show_page(self.strip.names[place], fill=self.state != "filled")

    def show_page(self, name: str, fill: bool = False) -> None:
        """Bring a page up."""
        self._closing.stop()
        self._last = name
        self.stack.setCurrentWidget(self.page(name))
        self.strip.set_current(self.strip.names.index(name))
        self.set_state("filled" if fill else "open")
        self.shown.emit(name)

    def toggle(self) -> None:
        """Open or close."""
        if self.state == "closed":
            self.show_page(self.current or self._last or self.strip.names[0])
        else:
            self.set_state("closed")

    def toggle_filled(self) -> None:
        """The whole window, or as high as before."""
        if self.state == "closed":
            self.show_page(self._last or self.strip.names[0], fill=True)
        else:
            self.set_state("open" if self.state == "filled" else "filled")

    def set_state(self, state: str) -> None:
        """closed, open or filled."""
        self.state = state
        up = state != "closed"
        if not up:
            self.strip.set_current(-1)
        elif self.strip.current < 0:
            self.show_page(self.strip.names[0], fill=state == "filled")
            return
        filled = state == "filled"
        self.fill_button.set_icon("collapse" if filled else "expand")
        self.fill_button.setToolTip("Back to the canvas (Esc)" if filled else "Fill the window (Ctrl+Shift+J)")
        self.open_button.set_icon("chevron-down" if up else "chevron-up")
        self.open_button.setVisible(not filled)
        self.fill_button.setVisible(up)
        self.stack.setVisible(up)
        self._head.setFixedHeight(STRIP + filled)
        self.setMinimumHeight(STRIP + 1 if not up else LEAST)
        self.setMaximumHeight(STRIP + 1 if not up else 16_777_215)
        self._show_hint()
        self._show_tools()
        self.changed.emit(state)

    def hold(self, sliding: bool) -> None:
        """While the workbench slides open it may be lower than its page needs."""
        self.stack.setMinimumHeight(1 if sliding else 0)
        if self.state != "closed":
            self.setMinimumHeight(STRIP + 1 if sliding else LEAST)

    def sizeHint(self) -> QSize:
        return QSize(800, STRIP + 1 if self.state == "closed" else OPEN_HEIGHT)
