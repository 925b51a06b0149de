"""A monkey at the real window: seeded random events, sensible and senseless, and what must hold after each burst."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLineEdit, QTabBar, QWidget

from app.actions import COMMANDS
from app.window import MainWindow
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.graph.files import dumps, loads
from tests.helpers.canvas import ALT, CONTROL, NONE, SHIFT, check_scene, drop_from_palette
from widgets.canvas.items import NodeItem

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
Key = Qt.Key
KEYS = (Key.Key_Delete, Key.Key_Backspace, Key.Key_Escape, Key.Key_Return, Key.Key_Tab, Key.Key_Space, Key.Key_F2, Key.Key_Up,
        Key.Key_Down, Key.Key_Left, Key.Key_Right, Key.Key_J, Key.Key_M, Key.Key_F, Key.Key_1, Key.Key_Period, Key.Key_Home,
        Key.Key_A, Key.Key_9)
WITH_CONTROL = (Key.Key_Z, Key.Key_Z, Key.Key_Y, Key.Key_C, Key.Key_X, Key.Key_V, Key.Key_V, Key.Key_D, Key.Key_A, Key.Key_G,
                Key.Key_L, Key.Key_J, Key.Key_K, Key.Key_F, Key.Key_R, Key.Key_Delete, Key.Key_Plus, Key.Key_Minus)
TYPES = ("Dense", "Conv2D", "Flatten", "Dropout", "Loss", "LSTM", "MNIST", "Concatenate", "Note", "Reshape", "Shift")
WORDS = ("dense 32", "conv 64 3", "", "loss", "zzz", "64*2", "-1", "[3, 3]", "relu", "1e9", "a b", "0", "drop .5",
         "ünïcödé \U0001f600")
LEFT_OUT = {"quit", "open", "save", "save_as", "train", "continue", "pause", "stop", "drop", "about", "python", "doctor",
            "go_menus"}
"""Commands that leave the window, open a menu, ask for files of this machine or start a process."""


class Monkey:
    """Acts on a shown window. Every act is one of its methods, chosen by a seeded chance; `story` tells what it did."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.chance = window, random.Random(seed)
        self.story: list[str] = []
        self._closer = QTimer(window)
        self._closer.setInterval(15)
        self._closer.timeout.connect(self._close_what_waits)
        self._closer.start()
        self._acts: list[tuple[int, Callable[[], None]]] = [
            (8, self.click), (8, self.drag), (5, self.wire), (8, self.key), (9, self.key_with_control), (3, self.write),
            (4, self.drop), (2, self.wheel), (4, self.poke_a_widget), (4, self.command), (3, self.back_and_forth),
            (1, self.resize)]

    def burst(self, acts: int) -> None:
        """So many acts, one after another, with the events they cause."""
        weights = [weight for weight, _ in self._acts]
        for _ in range(acts):
            act = self.chance.choices(self._acts, weights)[0][1]
            self.story.append(act.__name__)
            act()
            QApplication.processEvents()
        self.rest()

    def rest(self) -> None:
        """Let go of everything: popups, fields, gestures."""
        for _ in range(3):
            self._close_what_waits()
            QTest.keyClick(self.window.canvas, Qt.Key.Key_Escape)
            QApplication.processEvents()
        self.window.canvas.setFocus()
        QApplication.processEvents()

    def stop(self) -> None:
        """No more closing of popups."""
        self._closer.stop()

    # Acts.

    def click(self) -> None:
        """Any button, sometimes twice, on a card or anywhere."""
        act = QTest.mouseDClick if self.chance.random() < 0.2 else QTest.mouseClick
        button = self.chance.choices((LEFT, RIGHT, MIDDLE), (8, 2, 1))[0]
        act(self._viewport, button, self._modifiers(), self._place())

    def drag(self) -> None:
        """From anywhere to anywhere; now and then the button is let go twice, or never."""
        button, keys = self.chance.choices((LEFT, RIGHT, MIDDLE), (8, 2, 1))[0], self._modifiers()
        QTest.mousePress(self._viewport, button, keys, self._place())
        for _ in range(self.chance.randint(1, 4)):
            QTest.mouseMove(self._viewport, self._place())
            QApplication.processEvents()
        if self.chance.random() < 0.1:
            QTest.keyClick(self.window.canvas, self.chance.choice(KEYS))
        if self.chance.random() < 0.95:
            QTest.mouseRelease(self._viewport, button, keys, self._place())

    def wire(self) -> None:
        """From a port to a port, or to nowhere."""
        cards = [box for box in self.window.canvas.canvas.boxes.values() if isinstance(box, NodeItem)]
        if not cards:
            return
        ends = []
        for out in (True, False):
            box = self.chance.choice(cards)
            ports = [spot for spot in box.card.ports if spot.out == out]
            place = box.port_place(self.chance.choice(ports).name, out) if ports else box.pos()
            ends.append(self.window.canvas.mapFromScene(place))
        if self.chance.random() < 0.25:
            ends.reverse()
        QTest.mousePress(self._viewport, LEFT, NONE, ends[0])
        QTest.mouseMove(self._viewport, (ends[0] + ends[1]) / 2)
        QTest.mouseMove(self._viewport, ends[1])
        QApplication.processEvents()
        QTest.mouseRelease(self._viewport, LEFT, self._modifiers(), ends[1])

    def key(self) -> None:
        """A key at whatever has the focus."""
        QTest.keyClick(self._focus, self.chance.choice(KEYS), self.chance.choice((NONE, NONE, NONE, SHIFT)))

    def key_with_control(self) -> None:
        """A shortcut, mostly of the canvas."""
        keys = self.chance.choice((CONTROL, CONTROL, CONTROL, CONTROL | SHIFT))
        target = self.window.canvas if self.chance.random() < 0.8 else self._focus
        QTest.keyClick(target, self.chance.choice(WITH_CONTROL), keys)

    def write(self) -> None:
        """Words at whatever has the focus, mostly with Return."""
        self._type(self.chance.choice(WORDS))
        if self.chance.random() < 0.7:
            QTest.keyClick(self._focus, Qt.Key.Key_Return)

    def drop(self) -> None:
        """A layer from the palette."""
        drop_from_palette(self.window.canvas, self.chance.choice(TYPES), self._place(), self.chance.choice((NONE, ALT)))

    def wheel(self) -> None:
        """Pan or zoom."""
        place = QPointF(self._place())
        step = QPoint(self.chance.choice((0, 40)), self.chance.choice((-240, -120, 120, 240)))
        event = QWheelEvent(place, self._viewport.mapToGlobal(place), QPoint(), step, Qt.MouseButton.NoButton,
                            self.chance.choice((NONE, CONTROL)), Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(self._viewport, event)

    def poke_a_widget(self) -> None:
        """A button, tab or field somewhere in the inspector, the palette or the path."""
        window = self.window
        roots = (window.inspector, window.inspector, window.palette_dock, window.breadcrumb, window.workbench)
        root = self.chance.choice(roots)
        kinds = (QAbstractButton, QLineEdit, QTabBar)
        found = [w for kind in kinds for w in root.findChildren(kind) if w.isVisible() and w.isEnabled()]
        if found:
            widget = self.chance.choice(found)
            QTest.mouseClick(widget, LEFT, NONE, widget.rect().center())
            if isinstance(widget, QLineEdit):
                QTest.keyClick(widget, Qt.Key.Key_A, CONTROL)
                self._type(self.chance.choice(WORDS))
                QTest.keyClick(widget, self.chance.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab)))

    def command(self) -> None:
        """Something of the menus."""
        rows = [row.id for row in COMMANDS if row.id not in LEFT_OUT and row.id in self.window.actions_by_id]
        name = self.chance.choice(rows)
        self.story[-1] += f" {name}"
        self.window.actions_by_id[name].trigger()
        if self.window.stack.currentWidget() is not self.window.split:
            self.window.stack.setCurrentWidget(self.window.split)

    def back_and_forth(self) -> None:
        """Many steps of undo and redo at once."""
        for _ in range(self.chance.randint(1, 6)):
            self.window.actions_by_id[self.chance.choice(("undo", "undo", "redo"))].trigger()

    def resize(self) -> None:
        """Another size of the window."""
        self.window.resize(self.chance.randint(1024, 1700), self.chance.randint(640, 1050))

    # Helpers.

    @property
    def _viewport(self) -> QWidget:
        return self.window.canvas.viewport()

    @property
    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self.window.canvas

    def _type(self, words: str) -> None:
        """Key by key, each at what has the focus by then; QTest knows ASCII only."""
        for sign in words:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(self._focus, QKeyEvent(kind, ord(sign.upper()[0]), NONE, sign))

    def _modifiers(self) -> Qt.KeyboardModifier:
        return self.chance.choices((NONE, SHIFT, CONTROL, ALT, CONTROL | SHIFT), (8, 2, 2, 1, 1))[0]

    def _place(self) -> QPoint:
        """Two times of three on a card, else anywhere in the view."""
        boxes = list(self.window.canvas.canvas.boxes.values())
        if boxes and self.chance.random() < 0.66:
            rect = self.chance.choice(boxes).sceneBoundingRect()
            return self.window.canvas.mapFromScene(QPointF(rect.x() + rect.width() * self.chance.random(),
                                                           rect.y() + rect.height() * self.chance.random()))
        return QPoint(self.chance.randrange(self._viewport.width() + 1), self.chance.randrange(self._viewport.height() + 1))

    def _close_what_waits(self) -> None:
        """Menus and dialogs that run an event loop of their own are answered as a person does who did not want them."""
        popup, modal = QApplication.activePopupWidget(), QApplication.activeModalWidget()
        if popup is not None:
            popup.close()
        elif isinstance(modal, QDialog):
            modal.reject()
        elif modal is not None:
            modal.close()


def _told(problems: Iterable[Diagnostic]) -> list[tuple[Diagnostic, list[str]]]:
    """Problems with the names of their fixes: where a fix puts a node is settled with the problem, and cards move later."""
    return [(replace(p, fixes=()), [fix.label for fix in p.fixes]) for p in problems]


def agree(window: MainWindow) -> None:
    """Document, file, analysis, scene, problems and undo stack of a window tell the same."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    document = window.document
    data = dumps(document.document)
    assert dumps(loads(data)) == data, "the document does not survive its file"
    fresh = Analyzer(document.document, document.registry)
    told = _told(p for p in document.analysis.problems if p.code != "data-mismatch")
    true = _told(fresh.problems)
    odd = [p for p in told if p not in true], [p for p in true if p not in told]
    assert told == true, f"the analysis went astray: {odd}"
    assert (document.analysis.plan, document.analysis.totals) == (fresh.plan, fresh.totals)
    assert "internal" not in {p.code for p in fresh.problems}
    check_scene(window.canvas)
    stack = document.undo_stack
    assert window.actions_by_id["undo"].isEnabled() == stack.canUndo()
    assert window.actions_by_id["redo"].isEnabled() == stack.canRedo()


def undone_and_redone(window: MainWindow, start: bytes) -> None:
    """All steps back lead to the start, all steps forward to where it was, with everything agreeing at both ends."""
    stack, end = window.document.undo_stack, dumps(window.document.document)
    index = stack.index()
    stack.setIndex(0)
    assert dumps(window.document.document) == start
    agree(window)
    stack.setIndex(index)
    assert dumps(window.document.document) == end
    agree(window)
