"""A run that has something to see: pictures and recipe at the left; losses and scores, codes or attention at the right.

What is shown follows from the sights there are, never from a mode. It stays empty until the run has shown something.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from graph_compiler.messages import Sight
from graph_compiler.specs.trainers import RecipeRow
from widgets.controls import Segmented
from widgets.figures import figure_title, figure_words, is_share
from widgets.parts import Line, Pane
from widgets.plots.contest import LossesPlot
from widgets.plots.curve import CurvePlot, tick_words
from widgets.plots.record import TrainingRecord
from widgets.sights import latent, scores
from widgets.sights.attention import AttentionMap
from widgets.sights.heading import Headed, Key
from widgets.sights.latent import LatentPlot
from widgets.sights.scores import ScorePlot
from widgets.sights.shelf import Shelf
from widgets.sights.stack import PICTURES, SightStack
from widgets.words import number, percent

METRIC = "metric"
SPACIOUS = ("latent", "attention")
"""Panels that need more height than a curve."""
MARGIN, LEAST = 24, 180
"""Room around the plots, and the height below which they are scrolled and not squeezed."""
Planned = tuple[str, str, str]
"""Name, kind and title of a sight."""


class _Curve(CurvePlot):
    axis_words = ""


class SightsView(QWidget):
    """Fed with `plan`, `take` or `show_run`, and `draw`; works without a document."""

    epoch_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf = Shelf()
        self.epoch: int | None = None
        """The epoch that is looked at; None follows the newest."""
        self.more = False
        """Whether further epochs are to come."""
        self._under_way = 0
        self.stack = SightStack()
        self.losses = LossesPlot()
        self.loss = _Curve("Loss", "loss", lambda v: number(v, 3))
        self.second = _Curve("Accuracy", "accuracy", lambda v: figure_words("accuracy", v), lambda v: percent(v, 0))
        self.second.log_switch.hide()
        self.switch = Segmented(("",))
        self.switch.setAccessibleName("Part of the picture")
        self._below = QStackedWidget()
        self._below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._panels: dict[str, Headed | CurvePlot] = {}
        self._titles: dict[str, str] = {}
        self._planned: dict[str, tuple[str, str]] = {}
        self._figure = ""
        self._arrange()
        self.stack.chosen.connect(self._choose)
        self.stack.text_chosen.connect(lambda _: self._show())
        self.switch.changed.connect(self._switched)

    def _arrange(self) -> None:
        inner = Pane("panel")
        box = QVBoxLayout(inner)
        box.setContentsMargins(MARGIN, 16, MARGIN, 16)
        box.setSpacing(16)
        box.addWidget(self.losses, 5)
        box.addWidget(self.loss, 5)
        box.addWidget(self._below, 5)
        for part in (self.losses, self.loss, self._below):
            part.setMinimumHeight(LEAST)
        self._right = box
        right = QScrollArea()
        right.setWidgetResizable(True)
        right.setFrameShape(QFrame.Shape.NoFrame)
        right.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        right.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right.setWidget(inner)
        left = Pane("panel")
        inside = QVBoxLayout(left)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.stack)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(left, 1)
        row.addWidget(Line(vertical=True))
        row.addWidget(right, 1)

    # What is there to see.

    def start(self, planned: Sequence[Planned], contest: bool, figure: str) -> None:
        """A new run with these sights; `figure` is the first metric beside the loss, empty without one."""
        self.shelf, self.epoch, self.more, self._under_way = Shelf(), None, True, 0
        self._lay_out(planned, contest, figure)

    def show_run(self, shelf: Shelf, contest: bool, figure: str) -> None:
        """A run that ended earlier."""
        self.shelf, self.epoch, self.more = shelf, None, False
        self._lay_out([(name, row.kind, row.title) for name, row in shelf.rows.items()], contest, figure)
        self._show()

    def end(self) -> None:
        """No further epoch is to come."""
        if self.more:
            self.more = False
            self._show()

    def take(self, message: Sight) -> None:
        """A look that has just been written."""
        self.shelf.take(message)
        fresh = message.kind == "texts" and "attention" not in self._panels and self._has_attention()
        if message.name not in self._planned or fresh:
            others = [plan for plan in self._plans() if plan[0] != message.name]
            self._lay_out([*others, (message.name, message.kind, message.title)], not self.losses.isHidden(), self._figure)
        if self.isVisible():
            self._show()

    def set_recipe(self, rows: Sequence[RecipeRow], words: str) -> None:
        """The recipe of the drawing."""
        self.stack.set_recipe(rows, words)

    def set_figure(self, figure: str) -> None:
        """The metric beside the loss, empty without one."""
        if figure != self._figure:
            self._lay_out(self._plans(), not self.losses.isHidden(), figure)

    def _plans(self) -> list[Planned]:
        return [(name, kind, title) for name, (kind, title) in self._planned.items()]

    def _lay_out(self, planned: Sequence[Planned], contest: bool, figure: str) -> None:
        self._planned = {name: (kind, title) for name, kind, title in planned}
        self.losses.setVisible(contest)
        self.loss.setVisible(not contest)
        self.stack.set_sights([p for p in planned if p[1] in PICTURES])
        panels = {name: title for name, kind, title in planned if kind in ("scores", "latent")}
        if self._has_attention():
            panels["attention"] = "Attention"
        self._figure = figure
        if figure:
            panels[METRIC] = figure_title(figure)
            ticks = (lambda v: percent(v, 0)) if is_share(figure) else tick_words
            self.second.set_figure(figure, figure_title(figure), lambda v: figure_words(figure, v), ticks)
        self._set_panels(panels)

    def _has_attention(self) -> bool:
        """Whether a text says where the network looked."""
        looks = (self.shelf.at(name) for name, row in self.shelf.rows.items() if row.kind == "texts")
        return any(look is not None and "attention_0" in look.arrays for look in looks)

    def _set_panels(self, panels: dict[str, str]) -> None:
        """Make what is missing, drop what has gone, and offer the choice where there are several."""
        kinds = {name: kind for name, (kind, _) in self._planned.items()}
        for name in [n for n in self._panels if n not in panels]:
            panel = self._panels.pop(name)
            panel.lead(None)
            self.switch.setParent(self)
            self._below.removeWidget(panel)
            if panel is not self.second:
                panel.deleteLater()
        fresh = [title for name, title in panels.items() if name not in self._panels and name != METRIC]
        for name, title in panels.items():
            if name not in self._panels:
                self._panels[name] = self._make(name, kinds.get(name, name), title)
                self._below.addWidget(self._panels[name])
        self._titles = panels
        self.switch.set_options(_apart(panels))
        if fresh and fresh[0] in _apart(panels):
            self.switch.set_value(fresh[0])
        self._below.setVisible(bool(panels))
        self._switched(self.switch.value)

    def _make(self, name: str, kind: str, title: str) -> Headed | CurvePlot:
        if name == METRIC:
            return self.second
        if kind == "scores":
            panel = Headed(title, ScorePlot())
            for key in (Key("fake", "val", True), Key("real", "train", False)):
                panel.add_tool(key, before=True)
            return panel
        return Headed(title, LatentPlot() if kind == "latent" else AttentionMap())

    def _switched(self, word: str) -> None:
        words = _apart(self._titles)
        if word not in words:
            return
        name = list(self._titles)[words.index(word)]
        for panel in self._panels.values():
            panel.lead(None)
        self._panels[name].lead(self.switch if len(words) > 1 else None)
        self.switch.setVisible(len(words) > 1)
        self._below.setCurrentWidget(self._panels[name])
        kind = self._planned[name][0] if name in self._planned else name
        self._right.setStretch(2, 8 if kind in SPACIOUS else 5)
        self._fit_headings()

    # What is seen now.

    def _choose(self, epoch: int) -> None:
        self.epoch = None if epoch < 0 else epoch
        self._show()
        self.epoch_chosen.emit(epoch)

    def _show(self) -> None:
        self.stack.show_shelf(self.shelf, self.epoch, self.coming)
        for name, panel in self._panels.items():
            if not isinstance(panel, Headed):
                continue
            look, body = self.shelf.at(name, self.epoch), panel.body
            if isinstance(body, (ScorePlot, LatentPlot)) and look is not None and look is not body.look:
                body.set_look(look)
                panel.caption.set_full((scores if isinstance(body, ScorePlot) else latent).caption(look))
            elif isinstance(body, AttentionMap):
                self._show_attention(panel, body)

    @property
    def coming(self) -> int:
        """The epoch that will be seen next, 0 when there will be none."""
        return max(self.shelf.newest(), self._under_way) + 1 if self.more else 0

    def _show_attention(self, panel: Headed, plot: AttentionMap) -> None:
        for name, row in self.shelf.rows.items():
            look = self.shelf.at(name, self.epoch)
            if row.kind != "texts" or look is None:
                continue
            current = self.stack.current_text(name)
            weights = look.arrays.get(f"attention_{current}")
            if weights is not None:
                line = look.facts["lines"][current]
                plot.set_map(weights, line["given"], line["made"])
                panel.caption.set_full("a row for each token that was written")
                return

    def draw(self, record: TrainingRecord) -> None:
        """Bring the curves up to date."""
        self._under_way = record.latest.epoch if record.latest is not None else 0
        self.stack.set_coming(self.coming)
        for plot in (self.losses, self.loss, self.second):
            if plot.isVisibleTo(self):
                plot.draw(record)
        self._fit_headings()

    def _fit_headings(self) -> None:
        for plot in (self.losses, self.loss, self.second):
            plot.set_heading(next((level for level in (0, 1, 2) if plot.heading_need(level) <= plot.width()), 3))

    def showEvent(self, event: object) -> None:
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_headings()


def folder_shelf(folder: str) -> Shelf:
    """What a run folder holds to see; empty for no folder."""
    return Shelf.of(Path(folder)) if folder else Shelf()


def _apart(panels: dict[str, str]) -> tuple[str, ...]:
    """Titles that differ: those that come twice with the name of what they are about."""
    titles = list(panels.values())
    return tuple(title if titles.count(title) == 1 else f"{title} {name.partition('-')[2]}" for name, title in panels.items())
