"""Motion: short, eased, and all of it off where the system or the user asks for stillness.

Nothing moves until a program allows it (`motion.allowed`), so a widget alone, a test and a picture show the end at once.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEasingCurve, QObject, QPoint, QVariantAnimation
from PySide6.QtWidgets import QApplication, QGraphicsOpacityEffect, QLineEdit, QStyle, QWidget
from shiboken6 import isValid

HOVER, POPUP, FLOW, PANEL, ZOOM, TIDY = 80, 120, 120, 160, 200, 200
"""Milliseconds, by LOOK."""
RISE = 4
"""Pixels a pop-up rises while it appears."""


class Motion:
    """The one switch. `allowed` belongs to the program, `reduced` to the user."""

    def __init__(self) -> None:
        self.allowed = False
        self.reduced = False

    @property
    def still(self) -> bool:
        """Whether nothing moves: reduced by the user, or by a system whose style has no animations."""
        app = QApplication.instance()
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self.reduced or (isinstance(app, QApplication) and app.style().styleHint(hint) == 0)

    def span(self, milliseconds: int) -> int:
        """How long a motion takes now, 0 for at once."""
        return milliseconds if self.allowed and not self.still else 0


motion = Motion()


def animate(owner: QObject, milliseconds: int, step: Callable[[float], object],
            done: Callable[[], object] | None = None) -> QVariantAnimation | None:
    """Call `step` with a share that grows from 0 to 1, eased out, then `done`. At once, and None, where nothing moves.

    The motion belongs to `owner` and ends with it. Stopping it early leaves things where they are.
    """
    span = motion.span(milliseconds)
    if not span:
        step(1.0)
        if done is not None:
            done()
        return None
    moving = QVariantAnimation(owner)
    moving.setStartValue(0.0)
    moving.setEndValue(1.0)
    moving.setDuration(span)
    moving.setEasingCurve(QEasingCurve.Type.OutCubic)
    moving.valueChanged.connect(step)
    if done is not None:
        moving.finished.connect(done)
    step(0.0)
    moving.start(QVariantAnimation.DeletionPolicy.DeleteWhenStopped)
    return moving


def appear(widget: QWidget, rise: int = RISE) -> None:
    """Let a widget that has just been shown fade in while it rises a little."""
    typing = QApplication.focusWidget()
    if not motion.span(POPUP) or (isinstance(typing, QLineEdit) and not widget.isAncestorOf(typing)):
        return  # nothing moves while somebody types
    effect, place = QGraphicsOpacityEffect(widget), widget.pos()
    effect.setOpacity(0.0)
    widget.setGraphicsEffect(effect)

    def step(share: float) -> None:
        if not isValid(widget):
            return
        effect.setOpacity(share)
        if widget.pos() in (place, *(place + QPoint(0, n) for n in range(1, rise + 1))):  # nobody else has moved it
            widget.move(place + QPoint(0, round(rise * (1 - share))))

    def done() -> None:
        if isValid(widget):
            widget.setGraphicsEffect(None)  # type: ignore[arg-type]

    step(0.0)
    animate(widget, POPUP, step, done)
