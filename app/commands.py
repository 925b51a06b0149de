"""What menus, shortcuts and buttons do, one method a command."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QFileDialog, QMenu

from app.actions import ALIGNED, COMMANDS, TABS, WAYS
from app.recent import present
from app.themes import SIZES, choose_text_size, choose_theme
from graph_compiler.catalog import registry
from graph_compiler.graph.files import FileProblem
from widgets.dialogs import tell
from widgets.focusing import focus_into
from widgets.fonts import text_scale
from widgets.motion import motion
from widgets.undo import UndoStack
from widgets.words import plural

if TYPE_CHECKING:
    from app.pages import Pages
    from app.window import MainWindow


class Commands(QObject):
    """The commands of one window."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._why_not = QShortcut(window)
        """The key of the training while it cannot begin: it says why."""
        self._why_not.activated.connect(self._in_front(lambda pages: pages.runs.train()))

    def slots(self) -> dict[str, Callable[[], object]]:
        """What each row of the action table calls. What is done to the drawing is seen: templates and guide give way to it."""
        calls = self._calls()
        return {row.id: calls[row.id] if row.apart else partial(self._in_view, calls[row.id]) for row in COMMANDS}

    def _in_view(self, do: Callable[[], object]) -> None:
        if self._window.in_gallery:
            self._window.show_drawing()
        do()

    def _calls(self) -> dict[str, Callable[[], object]]:
        window, front = self._window, self._in_front
        verbs = window.canvas.verbs
        return {
            **self._file_slots(), **self._edit_slots(),
            "commands": window.command_box.open, "shortcuts": window.command_box.open_shortcuts,
            "tour": window.tour.start, "guide": window.guide.open_for_selection,
            **{f"tab_{name.lower()}": partial(self.show_tab, name) for name in TABS},
            "go_canvas": self.go_canvas, "go_inspector": self.go_inspector, "go_menus": self.go_menus,
            "find_layer": window.palette_dock.focus_search, "open_search": verbs.open_search, "add_note": verbs.add_note,
            "add_frame": verbs.add_frame, "join": verbs.join, "mute": verbs.mute, "freeze": verbs.freeze, "tidy": verbs.tidy,
            "python": self.show_python, **window.appearance.slots(), **self._block_slots(), **self._order_slots(),
            "train": front(lambda pages: pages.runs.train()), "continue": front(lambda pages: pages.runs.continue_last()),
            "pause": front(lambda pages: pages.runs.pause_or_go_on()), "stop": front(lambda pages: pages.runs.stop(True)),
            "drop": front(lambda pages: pages.runs.stop(False)), "runs": front(lambda pages: pages.training.show_runs()),
            **{name.lower(): partial(window.show_page, name, fill=True) for name in ("Evaluate", "Export")},
            "doctor": front(lambda pages: pages.show_doctor()), "live": self.toggle_live,
            "fit": window.canvas.fit, "fit_selection": window.canvas.fit_selection,
            "zoom_100": window.canvas.zoom_100, "zoom_in": partial(self.zoom, 1.25), "zoom_out": partial(self.zoom, 0.8),
            "workbench": window.workbench.toggle,
            "palette": lambda: window.docks.toggle("palette"), "inspector": lambda: window.docks.toggle("inspector"),
            "outline": partial(self.toggle_panel, "outline"), "history": partial(self.toggle_panel, "history"),
            "restore_layout": window.arrangement.reset,
            "snap": window.breadcrumb.snap.toggle, "fill": window.workbench.toggle_filled,
            "save_plot": front(lambda pages: pages.training.save_plot()),
            "save_report": self.save_report,
            "minimap": window.breadcrumb.minimap.toggle, "theme_system": lambda: self.set_theme("system"),
            **{f"text_{size}": partial(self.set_text_size, size) for size in SIZES},
            "contrast": self.toggle_contrast, "still": self.toggle_motion,
            "theme_light": lambda: self.set_theme("light"), "theme_dark": lambda: self.set_theme("dark"), "about": self.about}

    def show_training(self, may_start: bool, busy: bool) -> None:
        """Whether a training may start now. Its key says why not, where it may not."""
        actions = self._window.actions_by_id
        for name, on in (("train", may_start), ("continue", may_start), ("pause", busy), ("stop", busy), ("drop", busy)):
            actions[name].setEnabled(on)
        self._why_not.setKey(actions["train"].shortcut())
        self._why_not.setEnabled(not may_start and not busy)

    def _in_front(self, do: Callable[[Pages], object]) -> Callable[[], object]:
        """A command for the document that is in front when it is called."""
        return lambda: do(self._window.pages)

    def _file_slots(self) -> dict[str, Callable[[], object]]:
        window, documents = self._window, self._window.documents
        return {
            "new": window.new, "gallery": window.show_gallery, "open": window.open, "save": self.save, "save_as": self.save_as,
            "save_picture": self.save_picture, "compare": window.comparing.open, "close": documents.close,
            "next_document": partial(documents.step, 1), "previous_document": partial(documents.step, -1), "quit": window.close}

    def _edit_slots(self) -> dict[str, Callable[[], object]]:
        verbs = self._window.canvas.verbs
        return {
            "undo": self.undo, "redo": self.redo, "cut": verbs.cut, "copy": verbs.copy, "paste": verbs.paste,
            "duplicate": verbs.duplicate, "duplicate_wired": verbs.duplicate_wired, "delete": verbs.delete,
            "delete_reconnect": verbs.delete_reconnect, "select_all": verbs.select_all, "rename": verbs.rename,
            "replace": verbs.replace, "toggle_current": verbs.toggle_current,
            **{f"{verb}_{way}": getattr(verbs, f"{verb}_{way}") for verb in ("go", "move") for way, _ in WAYS}}

    def _block_slots(self) -> dict[str, Callable[[], object]]:
        verbs = self._window.canvas.verbs
        return {
            "group": verbs.group, "unpack": verbs.unpack, "enter_block": verbs.enter, "leave_block": verbs.leave,
            "place_again": verbs.place_again, "place_again_shared": verbs.place_again_shared, "repeat": verbs.repeat,
            "next_instance": verbs.next_instance, "rename_block": verbs.rename_block, "save_block": verbs.save_block,
            "delete_unused": verbs.delete_unused}

    def _order_slots(self) -> dict[str, Callable[[], object]]:
        verbs = self._window.canvas.verbs
        return {"spread_across": verbs.spread_across, "spread_down": verbs.spread_down, "swap": verbs.swap,
                "find_node": verbs.find_node, "straighten": verbs.straighten,
                **{f"align_{side}": partial(verbs.align, side) for side, _ in ALIGNED}}

    def show_tab(self, name: str) -> None:
        """A page of the workbench, with the keyboard in it."""
        self._window.show_page(name, fill=self._window.workbench.state == "filled")
        page = self._window.workbench.stack.currentWidget()
        if page is not None:
            focus_into(page)

    def toggle_panel(self, name: str) -> None:
        """A panel that is called: it comes with the keyboard in it, and goes again."""
        docks = self._window.docks
        docks.toggle(name)
        focus_into(docks.dock(name).widget()) if not docks.dock(name).isHidden() else self._window.canvas.setFocus()

    def go_canvas(self) -> None:
        """The keyboard to the canvas."""
        if self._window.workbench.state == "filled":
            self._window.workbench.set_state("open")
        self._window.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def save_report(self) -> None:
        """What was measured on the test rows; the page is seen first."""
        window = self._window
        if window.workbench.current != "Evaluate":
            window.show_page("Evaluate", fill=True)
        if not window.pages.results.save_report():
            window.status.say("There is no report yet: nothing has been measured on test rows.")

    def zoom(self, factor: float) -> None:
        """Nearer or further, where there is a canvas."""
        if not self._window.in_gallery:
            self._window.canvas.zoom_by(factor)

    def go_menus(self) -> None:
        """The first menu opens, with the keyboard in it."""
        bar = self._window.menus
        bar.setActiveAction(bar.actions()[0])

    def go_inspector(self) -> None:
        """The keyboard to the first field of the inspector."""
        if self._window.docks.dock("inspector").isHidden():
            self._window.docks.toggle("inspector")
        self._window.inspector.focus_first()

    def save(self) -> bool:
        """To the document's file."""
        had = self._window.document.path
        done = self._window.session.save()
        if self._window.document.path != had:
            self._window.pages.moved()
        self._window.refresh_title()
        return done

    def save_as(self) -> bool:
        """To another file."""
        done = self._window.session.save_as()
        self._window.pages.moved()
        self._window.refresh_title()
        return done

    def save_picture(self) -> None:
        """The graph in view as SVG or PNG."""
        from widgets.canvas.picture import FILTER, save_picture

        window = self._window
        start = window.document.path.parent if window.document.path else Path.home()
        start /= window.session.front.name
        name, kind = QFileDialog.getSaveFileName(window, "Save a picture of the drawing", str(start), FILTER)
        if not name:
            return
        path = Path(name if Path(name).suffix else name + (".png" if "png" in kind else ".svg"))
        try:
            save_picture(window.canvas, path)
        except (OSError, FileProblem) as problem:
            tell(window, "The picture was not saved", f"{path.name}: {getattr(problem, 'strerror', None) or problem}.", "error")
            return
        window.status.say(f"Saved {path.name}")

    def undo(self) -> None:
        """One step back."""
        self._window.document.undo_stack.undo()

    def redo(self) -> None:
        """One step forward."""
        self._window.document.undo_stack.redo()

    def fill_recent(self, menu: object) -> None:
        """The submenu of recent files, just before it opens."""
        assert isinstance(menu, QMenu)
        menu.clear()
        menu.setToolTipsVisible(True)
        for file, name in present(self._window.settings).items():
            menu.addAction(name.replace("&", "&&"), partial(self._window.open, Path(file))).setToolTip(file)
        if menu.isEmpty():
            menu.addAction("No recent files").setEnabled(False)

    def set_theme(self, name: str) -> None:
        """System, light or dark."""
        self._window.settings.theme = name
        choose_theme(name, self._window.settings.contrast)
        for word in ("system", "light", "dark"):
            self._window.actions_by_id[f"theme_{word}"].setChecked(word == name)

    def toggle_contrast(self) -> None:
        """Lines and borders that can be seen by everybody, or fine ones."""
        settings = self._window.settings
        settings.contrast = not settings.contrast
        self._window.actions_by_id["contrast"].setChecked(settings.contrast)
        choose_theme(settings.theme, settings.contrast)

    def set_text_size(self, percent: int) -> None:
        """Every text of the program, in percent."""
        window = self._window
        changed = percent != round(text_scale() * 100)
        window.settings.text_size = percent
        for size in SIZES:
            window.actions_by_id[f"text_{size}"].setChecked(size == percent)
        if changed:
            choose_text_size(percent)
            self._lay_out_anew()
            window.docks.texts_resized()
            window.guide.texts_resized()

    def _lay_out_anew(self) -> None:
        """All that measures its texts: cards, forms, the palette."""
        window, view = self._window, self._window.canvas
        chosen = list(view.canvas.selected)
        view.show_place(view.canvas.outer)
        view.select(chosen)
        window.inspector.rebuild()
        window.palette_dock.list.doItemsLayout()

    def show_undo(self, stack: UndoStack) -> None:
        """The two actions name what they take back and do again."""
        for name, verb, can, text in (("undo", "Undo", stack.canUndo(), stack.undoText()),
                                      ("redo", "Redo", stack.canRedo(), stack.redoText())):
            action = self._window.actions_by_id[name]
            action.setEnabled(can)
            action.setText(f"{verb} {text}".rstrip())

    def toggle_motion(self) -> None:
        """Let nothing slide or fade, or move as ever."""
        settings = self._window.settings
        settings.still = motion.reduced = not settings.still
        self._window.actions_by_id["still"].setChecked(settings.still)

    def toggle_live(self) -> None:
        """Miniatures on the cards while training, on or off."""
        settings = self._window.settings
        settings.live = not settings.live
        self._window.actions_by_id["live"].setChecked(settings.live)
        for pages in self._window.documents.every():
            pages.runs.set_live(settings.live)

    def add_beside(self, name: str) -> None:
        """A new node behind the one selected, with a wire where their ports allow; in the middle of the view without one."""
        view = self._window.canvas
        selected = view.canvas.selected
        if len(selected) == 1 and (facts := view.canvas.facts(selected[0])) is not None and facts.ports_out:
            view.verbs.add_behind(selected[0], name, {})
            view.setFocus()
            return
        place = view.mapToScene(view.viewport().rect().center())
        if selected:
            card = view.canvas.boxes[selected[-1]].card_rect()
            place = card.bottomLeft() + QPointF(84, 108) if view.canvas.flow.down else card.topRight() + QPointF(172, 20)
        view.reveal(view.verbs.add(name, place, insert=False, free=True))
        view.setFocus()

    def show_python(self) -> None:
        """The drawing as Python; in words why not while it has errors."""
        from graph_compiler.build.source import python_source
        from widgets.python_dialog import PythonDialog

        errors = [p for p in self._window.document.analysis.problems if p.severity == "error"]
        if errors:
            self._window.status.say(f"First mend {plural(len(errors), 'problem')}: {errors[0].title}.")
            self._window.show_page("Problems")
            return
        source = python_source(self._window.document.document, registry(), self._window.document.analysis)
        PythonDialog(source, self._window.document.title, self._window).open()

    def about(self) -> None:
        """What this program is."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            number = version("netloom")
        except PackageNotFoundError:
            number = "from source"
        tell(self._window, f"Netloom {number}", "Draw a neural network, watch it learn, see what it learnt, export it to a "
             "phone.\n\nFree under the Apache-2.0 licence.")
