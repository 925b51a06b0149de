"""Every command of the program as one row: id, words, shortcut, menu. Menus, shortcuts and the README follow from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from app.themes import SIZES
from widgets.keys import shown_keys


@dataclass(frozen=True)
class Command:
    """One row. `canvas` keys belong to the canvas and act only while it has the focus; `fixed` keys cannot be changed."""

    id: str
    text: str
    menu: str
    keys: str = ""
    icon: str = ""
    canvas: bool = False
    checkable: bool = False
    line_before: bool = False
    submenu: str = ""
    fixed: bool = False
    verb: str = ""
    """What the canvas calls it, where that is not the id."""
    apart: bool = False
    """It has nothing to do with the drawing: templates or guide stay in front of it."""


TABS = ("Data", "Train", "Evaluate", "Export", "Problems", "Log")
MENUS = ("File", "Edit", "Graph", "Run", "View", "Help")
"""Alt and the first letter opens each; so the letters differ, and no command of the table has such a chord."""

ALIGNED = (("left", "Left edges"), ("centre", "Centres"), ("right", "Right edges"), ("top", "Top edges"), ("middle", "Middles"),
           ("bottom", "Bottom edges"))

WAYS = (("left", "To the node at the left"), ("right", "To the node at the right"), ("up", "To the node above"),
        ("down", "To the node below"))

ALSO = {"redo": "Ctrl+Y", "train": "Ctrl+Return"}
"""Second chords, as long as the first one is not chosen anew."""

COMMANDS = (
    Command("new", "New drawing", "File", "Ctrl+N", "plus", apart=True),
    Command("gallery", "Templates…", "File", "Ctrl+Shift+N", apart=True),
    Command("open", "Open…", "File", "Ctrl+O", "folder", apart=True),
    Command("save", "Save", "File", "Ctrl+S", "file", line_before=True),
    Command("save_as", "Save as…", "File", "Ctrl+Shift+S"),
    Command("save_picture", "Save picture of the drawing…", "File"),
    Command("compare", "Compare with…", "File"),
    Command("close", "Close", "File", "Ctrl+W"),
    Command("quit", "Quit", "File", "Ctrl+Q", line_before=True, apart=True),
    Command("undo", "Undo", "Edit", "Ctrl+Z", "undo"),
    Command("redo", "Redo", "Edit", "Ctrl+Shift+Z", "redo"),
    Command("cut", "Cut", "Edit", "Ctrl+X", canvas=True, line_before=True),
    Command("copy", "Copy", "Edit", "Ctrl+C", canvas=True),
    Command("paste", "Paste", "Edit", "Ctrl+V", canvas=True),
    Command("duplicate", "Duplicate", "Edit", "Ctrl+D", canvas=True),
    Command("duplicate_wired", "Duplicate with incoming wires", "Edit", "Ctrl+Shift+D", canvas=True),
    Command("delete", "Delete", "Edit", "Del", canvas=True),
    Command("delete_reconnect", "Delete and reconnect", "Edit", "Ctrl+Del", canvas=True),
    Command("select_all", "Select all", "Edit", "Ctrl+A", canvas=True, line_before=True),
    Command("find_node", "Find…", "Edit", "Ctrl+F", "search", canvas=True),
    Command("rename", "Rename…", "Edit", "F2", canvas=True),
    Command("replace", "Replace…", "Edit", "Ctrl+R", canvas=True),
    *(Command(f"go_{way}", f"{words}, the selection stays", "Edit", f"Ctrl+{way.title()}", canvas=True, submenu="By keys")
      for way, words in WAYS),
    Command("toggle_current", "Select or let go the node with the ring", "Edit", "Ctrl+Space", canvas=True, submenu="By keys"),
    *(Command(f"move_{way}", f"Move the selection {way}", "Edit", f"Alt+{way.title()}", canvas=True, submenu="By keys")
      for way, _ in WAYS),
    Command("commands", "All commands…", "Edit", "Ctrl+Shift+P", "search", line_before=True, apart=True),
    Command("shortcuts", "Keyboard shortcuts…", "Edit", apart=True),
    Command("find_layer", "Search layers", "Graph", "Ctrl+K", "search"),
    Command("open_search", "Add node…", "Graph", "Space", "plus", canvas=True, fixed=True),
    Command("add_note", "Add note", "Graph", "N", canvas=True),
    Command("add_frame", "Put into a frame", "Graph", "Shift+G", canvas=True),
    Command("join", "Join selection by wires", "Graph", "J", canvas=True, line_before=True),
    Command("swap", "Swap wires", "Graph", "Alt+S", canvas=True),
    Command("straighten", "Straighten wires", "Graph"),
    Command("mute", "Mute", "Graph", "M", canvas=True),
    Command("freeze", "Freeze", "Graph", "Shift+F", canvas=True),
    Command("group", "Group into block…", "Graph", "Ctrl+G", canvas=True, line_before=True),
    Command("unpack", "Unpack block", "Graph", "Ctrl+Shift+G", canvas=True),
    Command("enter_block", "Enter block", "Graph", "Enter", canvas=True, verb="enter"),
    Command("leave_block", "Leave block", "Graph", "Backspace", canvas=True, verb="leave"),
    Command("place_again", "Place again", "Graph"),
    Command("place_again_shared", "Place again, shared", "Graph", "Shift+D", canvas=True),
    Command("repeat", "Repeat block…", "Graph"),
    Command("next_instance", "Next instance of the block", "Graph", "Shift+N", canvas=True),
    Command("rename_block", "Rename block…", "Graph"),
    Command("save_block", "Save to my blocks", "Graph"),
    Command("delete_unused", "Delete unused blocks", "Graph"),
    Command("tidy", "Tidy", "Graph", "Ctrl+L", "tidy", line_before=True),
    *(Command(f"align_{side}", words, "Graph", submenu="Align") for side, words in ALIGNED),
    Command("spread_across", "Even gaps from left to right", "Graph", submenu="Align"),
    Command("spread_down", "Even gaps from top to bottom", "Graph", submenu="Align"),
    Command("python", "Show as Python…", "Graph", "Ctrl+Alt+P"),
    Command("train", "Train", "Run", "F5", "play"),
    Command("continue", "Continue last run", "Run", "Shift+F5"),
    Command("pause", "Pause", "Run", "F6", "pause"),
    Command("stop", "Stop and keep", "Run", "Shift+F6", "stop"),
    Command("drop", "Stop and drop", "Run"),
    Command("live", "Live miniatures", "Run", checkable=True, apart=True),
    Command("runs", "All runs", "Run", "F9", line_before=True),
    Command("evaluate", "Evaluate", "Run", "F7"),
    Command("export", "Export…", "Run", "F8", "download"),
    Command("save_plot", "Save a plot…", "Run", line_before=True),
    Command("save_report", "Save report…", "Run"),
    Command("doctor", "Device doctor", "Run", line_before=True, apart=True),
    Command("fit", "Zoom to fit", "View", "F", "fit", canvas=True),
    Command("fit_selection", "Zoom to selection", "View", ".", canvas=True),
    Command("zoom_100", "100 %", "View", "1", canvas=True),
    Command("zoom_in", "Zoom in", "View", "Ctrl++", apart=True),
    Command("zoom_out", "Zoom out", "View", "Ctrl+-", apart=True),
    *(Command(f"tab_{name.lower()}", f"{name} tab", "View", f"Ctrl+{place}", submenu="Workbench tabs", line_before=place == 1)
      for place, name in enumerate(TABS, 1)),
    Command("go_canvas", "Go to the canvas", "View", "Ctrl+0"),
    Command("go_inspector", "Go to the inspector", "View", "Ctrl+I"),
    Command("go_menus", "Go to the menus", "View", "F10", apart=True),
    Command("next_document", "Next document", "View", "Ctrl+Tab", line_before=True, apart=True),
    Command("previous_document", "Previous document", "View", "Ctrl+Shift+Tab", apart=True),
    Command("palette", "Palette", "View", checkable=True, submenu="Panels", line_before=True),
    Command("inspector", "Inspector", "View", checkable=True, submenu="Panels"),
    Command("workbench", "Workbench", "View", "Ctrl+J", checkable=True, submenu="Panels"),
    Command("outline", "Outline", "View", "Ctrl+Shift+O", checkable=True, submenu="Panels"),
    Command("history", "History", "View", "Ctrl+Shift+H", checkable=True, submenu="Panels"),
    Command("minimap", "Minimap", "View", checkable=True, submenu="Panels"),
    Command("fill", "Fill the window with the workbench", "View", "Ctrl+Shift+J", submenu="Panels"),
    Command("restore_layout", "Restore layout", "View", submenu="Panels"),
    Command("snap", "Snap to the grid", "View", checkable=True),
    *(Command(f"wires_{style}", words, "View", checkable=True, submenu="Wires")
      for style, words in (("curved", "Curved"), ("straight", "Straight"), ("angled", "At right angles"))),
    Command("flow_right", "Left to right", "View", checkable=True, submenu="Data flows"),
    Command("flow_down", "Top to bottom", "View", checkable=True, submenu="Data flows"),
    Command("only_selected", "Only wires of the selection", "View", checkable=True),
    Command("theme_system", "As the system", "View", checkable=True, submenu="Theme", apart=True),
    Command("theme_light", "Light", "View", checkable=True, submenu="Theme", apart=True),
    Command("theme_dark", "Dark", "View", checkable=True, submenu="Theme", apart=True),
    Command("contrast", "High contrast", "View", checkable=True, submenu="Theme", apart=True),
    *(Command(f"text_{size}", f"{size} %", "View", checkable=True, submenu="Text size", apart=True) for size in SIZES),
    Command("still", "Reduce motion", "View", checkable=True, apart=True),
    Command("guide", "Guide", "Help", "F1", "info", apart=True),
    Command("tour", "Take the tour", "Help", apart=True),
    Command("about", "About Netloom", "Help", apart=True),
)


def make_actions(owner: QWidget, slots: Mapping[str, Callable[[], object]]) -> dict[str, QAction]:
    """A QAction for each row that has a slot. Keys of the canvas are shown in menus but handled by the canvas."""
    actions = {}
    for row in COMMANDS:
        if row.id not in slots:
            continue
        action = QAction(row.text, owner)
        action.setObjectName(row.id)
        action.setCheckable(row.checkable)
        set_keys(action, row, row.keys)
        slot = slots[row.id]
        action.triggered.connect(lambda _=False, slot=slot: slot())
        owner.addAction(action)
        actions[row.id] = action
    return actions


def set_keys(action: QAction, row: Command, keys: str) -> None:
    """Give the action of a row its keys, none for an empty text."""
    if row.canvas:
        action.setText(f"{row.text}\t{shown_keys(keys)}" if keys else row.text)
        return
    every = [QKeySequence(keys)] if keys else []
    if row.id in ALSO and keys == row.keys:
        every.append(QKeySequence(ALSO[row.id]))
    action.setShortcuts(every)
    action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)


def _let_go(bar: QMenuBar) -> None:
    """A menu that is closed gives the keyboard back at once: the bar would keep it until a second Escape."""
    if bar.hasFocus() and QApplication.activePopupWidget() is None:
        QApplication.sendEvent(bar, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier))


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction], recent: Callable[[QObject], None]) -> None:
    """The menus of the table. `recent` gets the submenu of recent files just before it opens."""
    for title in MENUS:
        menu = bar.addMenu(f"&{title}")
        menu.aboutToHide.connect(lambda: QTimer.singleShot(0, bar, lambda: _let_go(bar)))
        inner: dict[str, QMenu] = {}
        for row in COMMANDS:
            if row.menu != title or row.id not in actions:
                continue
            if row.line_before:
                menu.addSeparator()
            if row.submenu and row.submenu not in inner:
                inner[row.submenu] = menu.addMenu(row.submenu)
            inner.get(row.submenu, menu).addAction(actions[row.id])
            if row.id == "open":
                opened = menu.addMenu("Open recent")
                opened.aboutToShow.connect(lambda opened=opened: recent(opened))
