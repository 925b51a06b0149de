"""After a crash: offers what was not saved, and brings it back into tabs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.journal import Found, Header, Journals
from app.paths import forget_runs, user_data
from app.session import OpenDocument
from widgets.dialogs import Choice, ask
from widgets.words import ago

if TYPE_CHECKING:
    from app.window import MainWindow

FOLDER = "recovery"
RESTORE, DISCARD = "Restore", "Discard"
MOST_NAMED = 6


class Recovery(QObject):
    """Keeps the journals of a window's documents, and asks about those of an earlier process."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.journals = Journals(user_data() / FOLDER, self)
        self.journals.failed.connect(window.status.say)
        session = window.session
        session.shown.connect(self._watch)
        session.closed.connect(self._closed)
        self._watch(session.front)

    def _watch(self, opened: OpenDocument) -> None:
        self.journals.watch(opened.document, lambda: header_of(opened))

    def _closed(self, opened: OpenDocument) -> None:
        self.journals.forget(opened.document)

    def offer(self) -> None:
        """Ask about what an earlier process has left, if anything."""
        found = self.journals.left_behind()
        if not found:
            return
        one = len(found) == 1
        title = "A drawing was not saved" if one else f"{len(found)} drawings were not saved"
        lines = [line_of(one) for one in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            lines.append(f"and {len(found) - MOST_NAMED} more")
        text = "Netloom ended before it could ask. These changes were kept:\n" + "\n".join(lines)
        answer = ask(self._window, title, text, (Choice(RESTORE, primary=True), Choice(DISCARD, destroys=True)), cancel="Later")
        if answer == RESTORE:
            self.restore(found)
        elif answer == DISCARD:
            self.journals.clear()
            for left in found:
                forget_runs(left.header.path, left.header.runs)
        else:
            self.journals.leave()

    def restore(self, found: list[Found]) -> None:
        """Open every document as it was; the old journals go once the new ones are written."""
        for one in reversed(found):
            path = Path(one.header.path) if one.header.path else None
            self._window.session.take_back(one.document, path, one.header.template, one.header.runs, apart=one.overtaken)
        self.journals.touch_all()
        self._clear_when_kept()

    def _clear_when_kept(self) -> None:
        if self.journals.settled:
            self.journals.clear()
        else:
            QTimer.singleShot(100, self, self._clear_when_kept)

    def shut_down(self) -> None:
        """The window closes, everything was asked."""
        self.journals.shut_down()


def line_of(found: Found) -> str:
    """How a document is named in the question."""
    line = f"{found.header.name}, changed {ago(max(0.0, time.time() - found.header.at))}"
    return f"{line}; its file is newer, so it comes back beside it" if found.overtaken else line


def header_of(opened: OpenDocument) -> Header:
    """What a journal says of a document."""
    path = opened.document.path
    return Header(opened.name, str(path) if path else "", opened.template, opened.runs)
