"""What stands in the strip of tabs while the Train page is up: live miniatures, and the plots as files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QWidget

from graph_compiler.graph.files import FileProblem
from widgets.controls import IconButton, Switch
from widgets.dialogs import tell
from widgets.icons import paint_icon
from widgets.pages.train import TrainPage
from widgets.parts import Words
from widgets.plots.curve import CurvePlot
from widgets.plots.saving import FILTER, save_plot
from widgets.theme import theme


class LiveSwitch(QWidget):
    """`toggled` when a person turns live miniatures on or off."""

    toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.switch = Switch("Live miniatures")
        self.switch.setToolTip("Histograms on the cards while training. Training becomes a little slower.")
        self.switch.clicked.connect(lambda _: self.toggled.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 4, 0)
        row.setSpacing(8)
        row.addWidget(Words("Live miniatures", 12, 400, "text2"))
        row.addWidget(self.switch)

    def set_on(self, on: bool) -> None:
        """Show whether they are on."""
        self.switch.setChecked(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_icon(painter, "spark", QRectF(0, self.height() / 2 - 7, 14, 14), theme().color("text3"))
        painter.end()


class SaveButton(IconButton):
    """Opens a menu with the plots of the page; each is saved as PNG, SVG or CSV."""

    def __init__(self, page: TrainPage) -> None:
        super().__init__("download", "Save a plot as PNG, SVG or CSV")
        self._page = page
        self.clicked.connect(self._open)

    def menu_of_plots(self) -> QMenu:
        """One entry for each plot that is seen."""
        menu = QMenu(self)
        for plot in self._page.plots:
            menu.addAction(f"Save {plot.title.text()}…", partial(self._ask, plot)).setEnabled(plot.train_item.has_value)
        if menu.isEmpty():
            menu.addAction("No plot yet").setEnabled(False)
        return menu

    def _open(self) -> None:
        menu = self.menu_of_plots()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _ask(self, plot: CurvePlot) -> None:
        start = f"{self._page.run_name.lower().replace(' ', '-') or 'run'}-{plot.figure}.png"
        name, chosen = QFileDialog.getSaveFileName(self.window(), f"Save {plot.title.text()}", start, FILTER)
        if name:
            self.save(plot, Path(name), chosen)

    def save(self, plot: CurvePlot, path: Path, chosen: str = "") -> None:
        """Write a plot; the chosen kind gives the ending when the name has none."""
        endings = {"(*.png)": ".png", "(*.svg)": ".svg", "(*.csv)": ".csv"}
        ending = next((e for words, e in endings.items() if words in chosen), ".png")
        try:
            save_plot(plot, self._page.record, path if path.suffix else path.with_suffix(ending))
        except (OSError, FileProblem) as problem:
            tell(self.window(), "The plot was not saved", str(problem), "error")
