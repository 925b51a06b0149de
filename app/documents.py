"""The open documents of a window: which is in front, their tabs in the header, and how they are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.pages import Pages
from app.paths import forget_runs
from app.session import OpenDocument
from widgets.document_tabs import TabFace

if TYPE_CHECKING:
    from app.window import MainWindow


class Documents(QObject):
    """Makes the pages of each document, keeps the tabs true, and asks before a document is closed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        session, tabs = window.session, window.header.tabs
        session.listed.connect(self.refresh)
        session.closed.connect(self._closed)
        tabs.chosen.connect(self._chosen)
        tabs.close_wanted.connect(lambda place: self.close(session.open_documents[place]))
        tabs.tabMoved.connect(session.move)

    def pages_of(self, opened: OpenDocument) -> Pages:
        """The pages of a document, made when they are first wanted."""
        if opened.pages is None:
            opened.pages = Pages(self._window, self._window.services, opened)
            opened.pages.run_state.connect(self._run_state)
        return opened.pages

    def every(self) -> list[Pages]:
        """Pages of all documents."""
        return [self.pages_of(opened) for opened in self._window.session.open_documents]

    # Tabs.

    def refresh(self) -> None:
        """Names, dots and marks as they are now. One document alone has its name in the middle of the header."""
        window, opened = self._window, self._window.session.open_documents
        away = window.in_gallery
        several = len(opened) > 1 or (away and not window.session.front.untouched)
        window.header.show_tabs(several)
        faces = [TabFace(d.name, d.dirty, d.pages is not None and d.pages.runs.busy,
                         str(d.document.path) if d.document.path else "Not in a file yet") for d in opened]
        window.header.tabs.show_tabs(faces, opened.index(window.session.front), away)

    def step(self, by: int) -> None:
        """To the next document, or the one before; from the templates back to the one in front."""
        if self._window.in_gallery:
            self._window.show_drawing()
        else:
            self._window.session.step(by)

    def _chosen(self, place: int) -> None:
        session = self._window.session
        chosen = session.open_documents[place]
        if chosen is session.front:
            self._window.show_drawing()
        else:
            session.show(chosen)

    def _run_state(self, state: str, words: str) -> None:
        """A run has begun, gone on or ended: its tab says so, and the header when it is seen."""
        pages = self.sender()
        if isinstance(pages, Pages) and pages.in_front:
            self._window.show_run_state(state, words)
        if self._window.header.tabs.isVisible():
            self.refresh()

    # Leaving.

    def may_leave(self, opened: OpenDocument) -> bool:
        """Bring a document in front and ask about what would be lost with it."""
        runs = opened.pages.runs if opened.pages is not None else None
        if opened.dirty or (runs is not None and runs.busy):
            self._window.session.show(opened)
        return self._window.session.may_leave(opened) and (runs is None or runs.may_stop())

    def close(self, opened: OpenDocument | None = None) -> bool:
        """Close a document, the one in front without a name; its run is stopped and kept first. False when it stays."""
        opened = opened or self._window.session.front
        if not self.may_leave(opened):
            return False
        runs = opened.pages.runs if opened.pages is not None else None
        if runs is not None and runs.busy:
            runs.over.connect(lambda *_: QTimer.singleShot(0, self, lambda: self._close(opened)))
            runs.stop(keep=True)
        else:
            self._close(opened)
        return True

    def _close(self, opened: OpenDocument) -> None:
        session = self._window.session
        if opened in session.open_documents:
            last = len(session.open_documents) == 1
            session.close_document(opened)
            if last:
                self._window.show_gallery()

    def _closed(self, opened: OpenDocument) -> None:
        pages = opened.pages
        if pages is not None:
            pages.shut_down()
            self._window.workbench.drop(pages.shelf)
        forget_runs(opened.document.path, opened.runs)

    def shut_down(self) -> None:
        """The window closes."""
        for opened in self._window.session.open_documents:
            if opened.pages is not None:
                opened.pages.runs.end_now()
                opened.pages.shut_down()
            forget_runs(opened.document.path, opened.runs)
