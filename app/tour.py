"""The tour: six short steps at the real places of the window, offered once after the first choice in the gallery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from widgets.coach import Coach, Follower
from widgets.fuzzy import Match
from widgets.palette_rows import ROW

if TYPE_CHECKING:
    from app.window import MainWindow
    from widgets.gallery import GalleryPage

AFTER = 600
"""Milliseconds the drawing is seen before the tour begins."""


@dataclass(frozen=True)
class Step:
    """Words, the name of the widget they are about, and the part of it in its own px, without one all of it."""

    title: str
    text: str
    about: str
    part: Callable[[MainWindow], QRect] | None = None

    def widget(self, window: MainWindow) -> QWidget:
        """What it is about."""
        widgets: dict[str, QWidget] = {
            "palette": window.palette_dock, "canvas": window.canvas.viewport(), "inspector": window.inspector,
            "train": window.header.train, "tabs": window.workbench.strip, "status": window.status}
        return widgets[self.about]

    def place(self, window: MainWindow) -> QRect:
        """Where it is, in px of the window."""
        widget = self.widget(window)
        part = self.part(window) if self.part is not None else widget.rect()
        return QRect(widget.mapTo(window, part.topLeft()), part.size())


def _first_layer(window: MainWindow) -> tuple[str, QRect] | None:
    """The uppermost layer that is wholly in view, the first of its row, and where."""
    canvas = window.canvas
    view = canvas.viewport().rect()
    found: list[tuple[str, QRect]] = []
    for node_id, box in canvas.canvas.boxes.items():
        facts = canvas.canvas.facts(node_id)
        place = canvas.mapFromScene(box.card_rect()).boundingRect()
        if facts is not None and facts.spec is not None and facts.spec.kind == "layer" and view.contains(place):
            found.append((node_id, place))
    return min(found, key=lambda one: (one[1].top(), one[1].left()), default=None)


def _card(window: MainWindow) -> QRect:
    """The first layer that is in view, else the middle of the canvas."""
    found, middle = _first_layer(window), window.canvas.viewport().rect().center()
    return found[1] if found else QRect(middle - QPoint(60, 40), middle + QPoint(60, 40))


def _fields(window: MainWindow) -> QRect:
    return window.inspector.rect().adjusted(4, 4, -4, -4)


def _palette(window: MainWindow) -> QRect:
    """The first layer that is wholly in view, of a family that has some; else the first family."""
    entries = window.palette_dock.list
    model, view = entries.model(), entries.viewport()
    places = [(row, entries.visualRect(model.index(row, 0))) for row in range(model.rowCount())]
    seen = [(row, place) for row, place in places if view.rect().contains(place)]
    layers = [place for row, place in seen if isinstance(model.index(row, 0).data(ROW), Match)]
    place = next(iter(layers or [place for _, place in seen]), view.rect())
    return QRect(view.mapTo(window.palette_dock, place.topLeft()), place.size())


def _problems(window: MainWindow) -> QRect:
    status = window.status
    left, right = status.mark.geometry(), status.problems.geometry()
    return left.united(right).adjusted(-4, -2, 4, 2)


STEPS = (
    Step("Layers stand here", "Drag one onto the canvas. Or press Space there and type a few letters: conv 64 3.",
         "palette", _palette),
    Step("The drawing is the network", "A card is a layer, a wire carries data, the words on it are its shape. Pull a wire "
         "from port to card; let it go on empty canvas to see what fits.", "canvas", _card),
    Step("Every parameter", "Select a card, and change it here. Shapes, parameters and cost follow at once. The question mark "
         "beside its name explains the layer.", "inspector", _fields),
    Step("One click trains", "F5. The curves begin within seconds, and the window never waits: draw on meanwhile.",
         "train"),
    Step("From data to a phone", "Data shows what comes in, Train the curves, Evaluate the worst mistakes, Export a file that "
         "was proven. A double click fills the window.", "tabs"),
    Step("Mistakes are said in words", "What was expected, what came, what to do; often with a Fix button. F1 opens the guide. "
         "Help has this tour again.", "status", _problems))


class Tour(QObject):
    """The tour of one window. It ends when it is left, and when something else comes in place of the drawing."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.coach: Coach | None = None
        self._steps: list[Step] = []
        self._at = 0
        self._before: QWidget | None = None
        self._example = ""
        """The layer that is selected for a step about the selection, where nothing was."""
        self._follower = Follower(self)
        self._follower.moved.connect(self._moved)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._point)
        self._later = QTimer(self, singleShot=True, interval=AFTER)
        self._later.timeout.connect(self.start)

    @property
    def running(self) -> bool:
        """Whether a step is shown."""
        return self.coach is not None

    @property
    def step(self) -> Step:
        """The step that is shown."""
        return self._steps[self._at]

    def watch(self, gallery: GalleryPage) -> None:
        """Begin after the first choice there that opens a drawing without training it."""
        for signal in (gallery.open_template, gallery.open_file, gallery.new, gallery.browse):
            signal.connect(self._chosen)

    def _chosen(self, *choice: object) -> None:
        window = self._window
        if not window.settings.toured and not window.in_gallery and choice[-1:] != (True,):
            window.settings.toured = True
            self._later.start()

    def start(self) -> None:
        """From the first step; in the gallery or the guide, the drawing comes back first."""
        window = self._window
        if window.in_gallery:
            window.show_drawing()
        if window.workbench.state == "filled":
            window.workbench.set_state("closed")
        self.leave()
        self._before = window.focusWidget()
        self._steps = [step for step in STEPS if step.widget(window).isVisibleTo(window)]
        self._at = 0
        self.coach = Coach(window)
        self.coach.stepped.connect(self.go)
        self.coach.left.connect(self.leave)
        window.stack.currentChanged.connect(self.leave)
        self._show()

    def go(self, by: int) -> None:
        """To the next step or the one before; past the last one it is over."""
        if self.coach is None or self._at + by < 0:
            return
        if self._at + by == len(self._steps):
            self.leave()
        else:
            self._at += by
            self._show()

    def _show(self) -> None:
        if self.coach is not None:
            self._select_example(self.step.about == "inspector")
            self.coach.say(self.step.title, self.step.text, self._at + 1, len(self._steps))
            self._follower.watch(self._window, self.step.widget(self._window))
            self._point()
            self.coach.come_up()

    def _select_example(self, on: bool) -> None:
        """Select a layer where nothing is selected, or take that back unless something else was selected since."""
        canvas = self._window.canvas
        selected = list(canvas.canvas.selected)
        if on and not selected and (found := _first_layer(self._window)) is not None:
            self._example = found[0]
            canvas.select([self._example])
        elif not on and self._example:
            if selected == [self._example]:
                canvas.select([])
            self._example = ""

    def _moved(self) -> None:
        if self.coach is not None:
            self._soon.start()

    def _point(self) -> None:
        if self.coach is not None:
            self.coach.point_at(self.step.place(self._window), listed=self.step.about == "palette")

    def leave(self, _: object = None) -> bool:
        """Over. False when there was no tour."""
        coach, self.coach = self.coach, None
        if coach is None:
            return False
        self._window.stack.currentChanged.disconnect(self.leave)
        self._follower.watch()
        self._select_example(False)
        had = coach.isAncestorOf(self._window.focusWidget() or self._window)
        coach.go()
        if had and self._before is not None and isValid(self._before) and self._before.isVisible():
            self._before.setFocus()
        return True
