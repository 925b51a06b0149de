"""The left half of a run that has something to see: pictures and texts one below the other, the recipe at the end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSlider, QVBoxLayout, QWidget

from graph_compiler.specs.trainers import RecipeRow
from widgets.recipe_table import RecipeTable
from widgets.sights.heading import Headed
from widgets.sights.lines import Lines, MaskLines
from widgets.sights.plane import PlanePlot
from widgets.sights.shelf import Shelf
from widgets.sights.strip import FEW, Strip
from widgets.sights.texts import TextLines
from widgets.sights.tiles import SIZES, USUAL, Tiles, gap_of

PICTURES = ("samples", "reconstructions", "masks", "texts", "plane")
"""Kinds that stand here, in order."""
EMPTY = {"samples": "Samples appear as soon as the training starts.", "masks": "Masks appear as soon as the training starts.",
         "reconstructions": "Pictures appear as soon as the training starts.",
         "texts": "Texts appear after the first epoch.", "plane": "The plane appears as soon as the training starts."}
MARGIN, SPACE = 24, 20


def widget_of(kind: str) -> Strip | Lines | TextLines | PlanePlot:
    """The widget that shows a kind."""
    if kind == "samples":
        return Strip()
    if kind == "plane":
        return PlanePlot()
    return TextLines() if kind == "texts" else MaskLines() if kind == "masks" else Lines()


class SightStack(QScrollArea):
    """Boxes by name of the sight. Tiles are as large as lets everything be seen at once, at least 24 px."""

    chosen = Signal(int)
    """The epoch that is to be seen; -1 for the newest."""
    text_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.boxes: dict[str, Headed] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(MARGIN, 16, MARGIN, 16)
        self._box.setSpacing(SPACE)
        self.recipe = RecipeTable()
        self.recipe_box = Headed("Recipe", self.recipe)
        self._box.addWidget(self.recipe_box)
        self._box.addStretch(1)
        self.setWidget(inner)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setFixedWidth(96)
        self.slider.setAccessibleName("Epoch that is shown")
        self.slider.setToolTip("Epoch that is shown")
        self.slider.valueChanged.connect(self._slid)
        self.slider.hide()
        self._epochs: list[int] = []

    def set_sights(self, sights: Iterable[tuple[str, str, str]]) -> None:
        """Boxes for these: (name, kind, title), in order; those that are there stay."""
        wanted = [s for kind in PICTURES for s in sights if s[1] == kind]
        if [name for name, *_ in wanted] == list(self.boxes):
            return
        self.slider.setParent(None)
        for box in self.boxes.values():
            self._box.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {}
        for place, (name, kind, title) in enumerate(wanted):
            body = widget_of(kind)
            self.boxes[name] = box = Headed(title, body)
            box.caption.set_full(EMPTY.get(kind, ""))
            self._box.insertWidget(place, box, 100 if kind == "plane" else 0)
            if isinstance(body, Strip):
                body.chosen.connect(self._clicked)
            elif isinstance(body, TextLines):
                body.chosen.connect(self.text_chosen)
        if self.boxes and not any(isinstance(box.body, Strip) for box in self.boxes.values()):
            next(iter(self.boxes.values())).add_tool(self.slider)
        self._fit()

    def current_text(self, name: str) -> int:
        """The row that is chosen among the texts of a sight."""
        body = self.boxes[name].body if name in self.boxes else None
        return body.current if isinstance(body, TextLines) else 0

    def set_recipe(self, rows: Sequence[RecipeRow], words: str) -> None:
        """The recipe below the sights."""
        self.recipe.set_rows(rows)
        self.recipe_box.caption.set_full(words)
        self.recipe_box.setVisible(bool(rows))
        self._fit()

    def show_shelf(self, shelf: Shelf, epoch: int | None, coming: int = 0) -> None:
        """Everything at an epoch (the newest for None); `coming` is the next epoch, 0 when there will be none."""
        for name, box in self.boxes.items():
            body = box.body
            if isinstance(body, Strip):
                self._show_strip(shelf, name, box, body, epoch, coming)
            elif (look := shelf.at(name, epoch)) is not None and isinstance(body, (Lines, TextLines, PlanePlot)):
                if look is not body.look:
                    body.set_look(look)
                box.caption.set_full(f"after epoch {look.epoch}" if look.epoch else "at the start")
        self._set_slider(shelf, epoch)
        self._fit()

    @staticmethod
    def _show_strip(shelf: Shelf, name: str, box: Headed, strip: Strip, epoch: int | None, coming: int) -> None:
        looks = {e: look for e in shelf.epochs(name) if (look := shelf.at(name, e)) is not None and look.epoch == e}
        if not looks:
            return
        newest = looks[max(looks)]
        marked = shelf.at(name, epoch)
        strip.set_looks({e: look.arrays["tiles"] for e, look in looks.items()}, list(newest.facts.get("rows", [])),
                        marked.epoch if marked is not None else -1, coming, newest.arrays.get("given"))
        rows = {"prior": "one point a row", "pictures": "one picture a row"}
        made_of = rows.get(newest.facts.get("of", ""), "one fixed noise a row")
        box.caption.set_full(f"{'one class a row' if newest.facts.get('rows') else made_of}, one column an epoch")

    # Which epoch.

    def set_coming(self, epoch: int) -> None:
        """The next epoch."""
        for box in self.boxes.values():
            if isinstance(box.body, Strip):
                box.body.set_coming(epoch)

    def _set_slider(self, shelf: Shelf, epoch: int | None) -> None:
        self._epochs = sorted({e for name in self.boxes for e in shelf.epochs(name)})
        self.slider.blockSignals(True)
        self.slider.setRange(0, max(len(self._epochs) - 1, 0))
        self.slider.setValue(sum(1 for e in self._epochs if epoch is None or e <= epoch) - 1)
        self.slider.blockSignals(False)
        self.slider.setVisible(len(self._epochs) > 1 and self.slider.parent() is not None)

    def _slid(self, place: int) -> None:
        self.chosen.emit(-1 if place == len(self._epochs) - 1 else self._epochs[place])

    def _clicked(self, epoch: int) -> None:
        self.chosen.emit(-1 if self._epochs and epoch == self._epochs[-1] else epoch)

    # Sizes.

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The largest tiles with which nothing has to be scrolled and enough columns are seen."""
        grids = [box.body for box in self.boxes.values() if isinstance(box.body, Tiles)]
        if not grids:
            return
        width = self.viewport().width() - 2 * MARGIN
        others = sum(34 + SPACE for _ in self.boxes) + 32
        others += sum(box.body.sizeHint().height() for box in self.boxes.values() if not isinstance(box.body, Tiles))
        others += self.recipe_box.sizeHint().height() if not self.recipe_box.isHidden() else 0
        room = self.viewport().height() - others

        def fits(side: int) -> bool:
            wide = all(grid.ahead + self._least(grid, side) * (side + gap_of(side)) <= width for grid in grids)
            return wide and sum(grid.height_for(side) for grid in grids) <= room

        side = max((side for side in SIZES if fits(side)), default=SIZES[0])
        for grid in grids:
            grid.set_side(side)

    @staticmethod
    def _least(grid: Tiles, side: int) -> int:
        """Columns that have to be seen: fewer of larger ones."""
        if isinstance(grid, Strip):
            return FEW // 2 if side <= USUAL else 12
        return 6 if isinstance(grid, MaskLines) or side > 56 else 8 if side > 40 else 10

