"""How the canvas draws its wires and which way the data flows, as menus choose and settings remember it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from widgets.canvas.appearance import CURVED, WIRES, Appearance

if TYPE_CHECKING:
    from app.window import MainWindow


class CanvasAppearance(QObject):
    """Keeps view, settings and menu of one window in step."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def slots(self) -> dict[str, Callable[[], object]]:
        """What the rows of the action table call."""
        return {**{f"wires_{style}": partial(self._choose, wires=style) for style in WIRES},
                "flow_right": partial(self._choose, down=False), "flow_down": partial(self._choose, down=True),
                "only_selected": self._toggle_only}

    def restore(self) -> None:
        """As the settings say."""
        settings = self._window.settings
        wires = settings.wires if settings.wires in WIRES else CURVED
        self._show(Appearance(wires, settings.flow == "down", settings.only_selected))
        self._window.breadcrumb.snap.setChecked(settings.snap)
        self.snap(settings.snap)

    def snap(self, on: bool) -> None:
        """What is moved holds on to the grid, or stands anywhere."""
        self._window.canvas.snap = self._window.settings.snap = on
        self._window.actions_by_id["snap"].setChecked(on)

    def _toggle_only(self) -> None:
        self._choose(only_selected=not self._window.canvas.appearance.only_selected)

    def _choose(self, **values: str | bool) -> None:
        chosen = replace(self._window.canvas.appearance, **values)  # type: ignore[arg-type]
        settings = self._window.settings
        settings.wires, settings.only_selected = chosen.wires, chosen.only_selected
        settings.flow = "down" if chosen.down else "right"
        self._show(chosen)

    def _show(self, appearance: Appearance) -> None:
        actions = self._window.actions_by_id
        for style in WIRES:
            actions[f"wires_{style}"].setChecked(style == appearance.wires)
        for name, down in (("flow_right", False), ("flow_down", True)):
            actions[name].setChecked(down == appearance.down)
        actions["only_selected"].setChecked(appearance.only_selected)
        self._window.canvas.set_appearance(appearance)
