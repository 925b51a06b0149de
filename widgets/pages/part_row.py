"""Which parts of a network leave: a tick each, shown where there is more than one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from widgets.fonts import dress
from widgets.parts import Words


class PartRow(QWidget):
    """`set_parts` offers names; `chosen` are the ticked ones, in order."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.ticks: dict[str, QCheckBox] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addWidget(Words("Parts", 15, 600))
        self._row.addStretch(1)

    def set_parts(self, parts: Sequence[tuple[str, bool]]) -> None:
        """Names, and whether each leaves unless somebody says otherwise. The same names keep their ticks."""
        if tuple(name for name, _ in parts) == tuple(self.ticks):
            return
        for tick in self.ticks.values():
            tick.hide()
            tick.deleteLater()
        self.ticks = {}
        for name, usual in parts:
            tick = QCheckBox(name)
            dress(tick, 12, mono=True)
            tick.setAccessibleName(f"Part {name}")
            tick.setChecked(usual)
            tick.toggled.connect(self.changed)
            self._row.insertWidget(self._row.count() - 1, tick)
            self.ticks[name] = tick
        self.setVisible(len(parts) > 1)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ticked parts."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())
