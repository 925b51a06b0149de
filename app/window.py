"""The main window: puts header, docks, canvas, workbench and status bar together and lets them hear of one another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMetaObject, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from app import paths
from app.actions import fill_menus, make_actions
from app.age import Age
from app.appearance import CanvasAppearance
from app.arrangement import Arrangement
from app.command_box import CommandBox
from app.commands import Commands
from app.comparing import Comparing
from app.documents import Documents
from app.drops import WindowDrops
from app.guide import Guide
from app.key_labels import KeyLabels
from app.offers import Offers
from app.pages import Pages
from app.panels import Panels
from app.places import Places
from app.recovery import Recovery
from app.services import Services
from app.session import OpenDocument, Session
from app.settings import Settings, load_settings, save_settings
from app.shortcuts import Shortcuts
from app.themes import choose_text_size, follow_system
from app.tour import Tour
from graph_compiler.catalog import registry
from widgets import access
from widgets.breadcrumb import Breadcrumb
from widgets.canvas.view import CanvasView
from widgets.collector import GuiCollector
from widgets.finding import recent
from widgets.focusing import step
from widgets.header import Header
from widgets.inspector import Inspector
from widgets.menu_bar import MenuBar
from widgets.motion import motion
from widgets.palette import Palette
from widgets.statusbar import StatusBar
from widgets.workbench import Workbench

if TYPE_CHECKING:
    from app.gallery import Pictures
    from widgets.gallery import GalleryPage

RECENT_AFTER = 400
"""Milliseconds after which the recent files are looked into: long after the first paint."""


class MainWindow(QMainWindow):
    """Documents in tabs, one in front, each with its runs. Everything slow happens elsewhere."""

    painted = Signal()
    """Once, after the first paint."""

    def __init__(self, settings: Settings | None = None, gallery: bool = True) -> None:
        """A window that begins with the templates; `gallery` is False where a file is opened at once."""
        super().__init__()
        access.install()
        self.collector = GuiCollector(self)
        self.setWindowTitle("Netloom")
        self.setMinimumSize(1024, 640)
        self.settings = settings or load_settings()
        choose_text_size(self.settings.text_size)
        self.session = Session(registry(), self.settings, self)
        self._was_painted = False
        self.document = self.session.document
        self._ties: list[QMetaObject.Connection] = []
        """What the window hears of the document in front."""
        self._build_parts()
        self._build_layout()
        self._build_actions()
        self._connect()
        self.drops = WindowDrops(self)
        self.recovery = Recovery(self)
        self._restore()
        if gallery:
            self.show_gallery()
        else:
            self.show_nothing()

    # Parts.

    def _build_parts(self) -> None:
        self.menus = MenuBar()
        self.header = Header(self.menus)
        self.palette_dock = Palette(registry())
        self.canvas = CanvasView(self.document)
        self.breadcrumb = Breadcrumb()
        self.inspector = Inspector(self.document)
        self.status = StatusBar()
        self.places = Places(self)
        self.panels = Panels(self)
        self.offers = Offers(self)
        self.services = Services(self)
        self.guide, self.tour = Guide(self), Tour(self)
        self.documents = Documents(self)
        self.workbench = Workbench(self.pages.shelf)
        self.gallery: GalleryPage | None = None
        self.pictures: Pictures | None = None

    def _build_layout(self) -> None:
        self.arrangement = Arrangement(self)
        self.docks, self.stack, self.split = self.arrangement.docks, self.arrangement.stack, self.arrangement.split
        self.editor = self.arrangement.editor

    def _build_actions(self) -> None:
        self.command_box = CommandBox(self)
        self.comparing = Comparing(self)
        self.appearance = CanvasAppearance(self)
        self.commands = Commands(self)
        self.actions_by_id = make_actions(self, self.commands.slots())
        self.shortcuts = Shortcuts(self.settings, self.actions_by_id, self.canvas.verbs.keys, self)
        fill_menus(self.menus, self.actions_by_id, self.commands.fill_recent)
        self.key_labels = KeyLabels(self)
        self.header.bind(self.actions_by_id)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.activated.connect(self._leave_filled)

    def _connect(self) -> None:
        self.session.shown.connect(self._show_document)
        self.session.told.connect(self.status.say)
        self.palette_dock.add.connect(self.commands.add_beside)
        self.canvas.zoom_changed.connect(self.breadcrumb.set_zoom)
        self.canvas.status.connect(self.status.say)
        self.canvas.explain.connect(lambda _: self.show_page("Problems"))
        bar, verbs = self.breadcrumb, self.canvas.verbs
        bar.tidy.connect(verbs.tidy)
        bar.fit.connect(self.canvas.fit)
        bar.zoom_in.connect(lambda: self.canvas.zoom_by(1.25))
        bar.zoom_out.connect(lambda: self.canvas.zoom_by(0.8))
        bar.snap_toggled.connect(self.appearance.snap)
        bar.ablation.clicked.connect(lambda: verbs.find_node("muted"))
        bar.minimap_toggled.connect(self._show_minimap)
        self.workbench.shown.connect(self._page_shown)
        self.status.problems_clicked.connect(lambda: self.show_page("Problems"))
        self.status.device_clicked.connect(self._show_doctor)
        self.age = Age(self)

    # Documents.

    @property
    def pages(self) -> Pages:
        """The pages of the document in front."""
        return self.documents.pages_of(self.session.front)

    @property
    def settled(self) -> bool:
        """Whether nothing that is loaded or drawn in the background is still to come."""
        return self.pages.settled and (self.pictures is None or self.pictures.settled)

    @property
    def in_gallery(self) -> bool:
        """Whether templates, or the guide, are shown in place of a drawing."""
        return self.stack.currentWidget() is not self.split

    def _leave_document(self) -> OpenDocument | None:
        """Another document comes in front: hear no more of this one, which is returned, and remember how it was looked at."""
        for tie in self._ties:
            QObject.disconnect(tie)
        self._ties.clear()
        before = next((d for d in self.session.open_documents if d.document is self.document), None)
        if before is not None:
            before.seen, before.benched = self.canvas.trail.seen(), self.workbench.state != "closed"
        return before

    def _give_way(self, before: OpenDocument | None, opened: OpenDocument) -> None:
        """A page that fills the window without results, or covers an empty drawing, gives way; its document gets it back."""
        (page, opened.page), bench = (opened.page, ""), self.workbench
        lacks = bench.state == "filled" and self.pages.lacks(bench.current)
        if lacks or (bench.state != "closed" and opened.untouched and not opened.benched):
            if before is not None:
                before.page, before.filled = bench.current, bench.state == "filled"
            bench.set_state("closed")
        elif page and bench.state == "closed":
            self.show_page(page, fill=opened.filled)

    def _show_document(self, opened: OpenDocument) -> None:
        before = self._leave_document()
        document = self.document = opened.document
        self.canvas.set_document(document, seen=opened.seen)
        self.inspector.setParent(None)
        self.inspector.deleteLater()
        self.inspector = Inspector(document)
        self.places.adopt(self.inspector)
        self.docks.set_content("inspector", self.inspector)
        self.panels.set_document(document)
        stack = document.undo_stack
        self._ties = [document.changed.connect(self._document_changed), document.changed.connect(self.offers.follow),
                      document.analysed.connect(self._refresh_totals),
                      document.refused.connect(self.canvas.status), stack.cleanChanged.connect(self._clean_changed),
                      stack.indexChanged.connect(self._refresh_undo)]
        self.pages.come_in_front()
        self._give_way(before, opened)
        self.age.forget()
        self.places.start()
        self.status.say("")
        self._refresh_undo()
        self.show_drawing()
        if opened.seen is None:
            QTimer.singleShot(0, self.canvas.home)

    def show_drawing(self) -> None:
        """The document in front, in place of the templates."""
        self.stack.setCurrentWidget(self.split)
        self.header.show_drawing(True)
        self.header.set_running(self.pages.runs.state, self.pages.runs.words)
        self.refresh_title()
        self._refresh_totals()
        self.palette_dock.lend_sources(not self.document.document.graph.nodes)
        if self.workbench.state != "filled":  # its single keys would change what is not seen
            self.canvas.setFocus()

    def _document_changed(self, _: object) -> None:
        self.places.reveal_new()
        self.age.touch()

    def _refresh_totals(self, _: object = None) -> None:
        """Counts, the badge and what may be done follow every analysis: also one that a look at the files has changed."""
        analysis = self.document.analysis
        self.status.show_analysis(analysis)
        self.breadcrumb.show_muted(sum(n.muted for _, graph in self.document.document.scopes() for n in graph.nodes.values()))
        errors = sum(p.severity == "error" for p in analysis.problems)
        self.workbench.strip.set_badge(self.workbench.strip.names.index("Problems"), errors)
        self.pages.refresh_actions()

    def refresh_title(self, _: object = None) -> None:
        """Name of the document in header, title and path."""
        dirty = not self.document.undo_stack.isClean()
        name = self.session.front.name
        self.header.name.set_name(name, dirty)
        self.places.show_name(name)
        self.setWindowTitle(f"{name}{' •' if dirty else ''} – Netloom")
        self.documents.refresh()

    def _clean_changed(self, clean: bool) -> None:
        self.refresh_title()
        self.age.clean_changed(clean)

    def _refresh_undo(self, _: object = None) -> None:
        self.commands.show_undo(self.document.undo_stack)
        self.refresh_title()

    def new(self) -> None:
        """An empty drawing."""
        self.session.new()
        self._uncover()

    def open(self, path: Path | None = None) -> bool:
        """A file."""
        return self.session.open(path) and self._seen()

    def open_template(self, name: str, train: bool = False) -> bool:
        """A template, and its training at once when asked for. Whether it is open now."""
        opened = self.session.open_template(name) and self._seen()
        if opened and train:
            self.pages.runs.train()
        return opened

    def _seen(self) -> bool:
        """What was open in front already is not behind the templates."""
        if self.in_gallery:
            self.show_drawing()
        self._uncover()
        return True

    def _uncover(self) -> None:
        """What was just opened is seen: a page that fills the window gives it back."""
        if self.workbench.state == "filled":
            self.workbench.set_state("closed")
            self.canvas.setFocus()

    def open_named(self, name: str) -> bool:
        """A file, or a template by its id. Whether it is open now."""
        if name in paths.template_ids() and not Path(name).exists():
            return self.open_template(name)
        return self.open(Path(name))

    # Views.

    def show_gallery(self) -> None:
        """Templates and recent files."""
        from app.gallery import Pictures, described, gallery_of, recent_files

        if self.gallery is None:
            self.gallery = gallery_of(self)
            self.tour.watch(self.gallery)
            self.pictures = Pictures(self.gallery)
            self.stack.addWidget(self.gallery)
        files, page = recent_files(self.settings), self.gallery
        page.set_recent(files)
        if files:
            QTimer.singleShot(RECENT_AFTER, self.gallery, lambda: page.set_recent(described(files)))
        self.show_place(page, "Netloom", "Nothing here needs an account or the network.")
        page.take_keyboard()

    def show_nothing(self) -> None:
        """Neither templates nor a drawing, until one is opened at once."""
        self.stack.setCurrentIndex(self.stack.addWidget(QWidget()))

    def show_place(self, page: QWidget, name: str, words: str) -> None:
        """A page in place of the drawing: the templates, or the guide."""
        self.stack.setCurrentWidget(page)
        self.header.show_drawing(False)
        self.header.name.set_name(name, False)
        self.documents.refresh()
        self.status.show_analysis(None)
        self.status.say(words)

    def show_page(self, name: str, fill: bool = False) -> None:
        """A page of the workbench."""
        self.workbench.show_page(name, fill)

    def _page_shown(self, name: str) -> None:
        self.pages.page_shown(name)

    def _show_doctor(self) -> None:
        self.pages.show_doctor()

    def _leave_filled(self) -> None:
        if not (self.tour.leave() or self.guide.leave()):
            self._uncover()
            if not self.in_gallery:
                self.canvas.setFocus()

    def _show_minimap(self, on: bool) -> None:
        self.settings.minimap = on
        self.services.minimap(on)
        self.actions_by_id["minimap"].setChecked(on)

    # The run.

    def show_run_state(self, state: str, words: str) -> None:
        """The run of the document in front has come into another state."""
        if self.stack.currentWidget() is self.split:
            self.header.set_running(state, words)
            if state in ("finished", "stopped", "failed") and self.focusWidget() in (None, self.header.stop, self.header.pause):
                self.canvas.setFocus()

    # The window itself.

    def _restore(self) -> None:
        follow_system()
        self.commands.set_theme(self.settings.theme)
        self.actions_by_id["contrast"].setChecked(self.settings.contrast)
        self.actions_by_id["still"].setChecked(self.settings.still)
        motion.reduced = self.settings.still
        self.commands.set_text_size(self.settings.text_size)
        self.actions_by_id["live"].setChecked(self.settings.live)
        recent[:] = self.settings.layers
        self.arrangement.restore()
        self._show_minimap(self.settings.minimap)
        self.appearance.restore()

    def focusNextPrevChild(self, forward: bool) -> bool:
        now = QApplication.focusWidget()
        gone = now is not None and not now.isVisible()  # it is being hidden: Qt knows where the keyboard goes then
        return super().focusNextPrevChild(forward) if gone else step(self, forward)

    def resizeEvent(self, event: object) -> None:
        self.docks.fit(self.width())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
            QTimer.singleShot(0, self.services.after_first_paint)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not all(self.documents.may_leave(opened) for opened in list(self.session.open_documents)):
            event.ignore()
            return
        self.arrangement.remember()
        save_settings(self.settings)
        self.shut_down()
        event.accept()

    def shut_down(self) -> None:
        """End everything that would live on: clock, workers, locks."""
        self.age.stop()
        for tie in self._ties:
            QObject.disconnect(tie)
        self._ties.clear()
        if self.pictures is not None:
            self.pictures.shut_down()
        self.recovery.shut_down()
        self.documents.shut_down()
        self.guide.shut_down()
        self.services.shut_down()
        self.session.close()
