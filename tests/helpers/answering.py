"""Answers the questions of the program as a person would: by pressing the button with a verb."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from widgets.dialogs import Question


class Answers:
    """`answers("Save")` presses Save on the next question; `words` collects what the questions said."""

    def __init__(self) -> None:
        self.words: list[str] = []

    def __call__(self, verb: str) -> None:
        """Press the verb, empty for leaving the question, once the next question is there."""
        def press() -> None:
            box = QApplication.activeModalWidget()
            if not isinstance(box, Question):
                QTimer.singleShot(5, press)
                return
            self.words.append(f"{box.title.text()}: {box.text.text()}")
            if verb:
                box.buttons[verb].click()
            else:
                box.reject()
        QTimer.singleShot(0, press)
