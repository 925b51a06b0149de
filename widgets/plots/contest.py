"""Both losses of a contest over epochs: the discriminator solid, the generator dashed, single steps behind each."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from widgets.plots.curve import CurvePlot
from widgets.plots.pens import line_pen
from widgets.plots.record import Track, TrainingRecord
from widgets.theme import Theme
from widgets.words import number

GENERATOR, DISCRIMINATOR = "loss", "discriminator_loss"


class LossesPlot(CurvePlot):
    """The plot of a loss with other curves in it. A run that ended earlier has its epochs, not its steps."""

    names = ("discriminator", "generator")
    axis_words = ""

    def __init__(self) -> None:
        super().__init__("Losses", GENERATOR, lambda v: number(v, 3))

    def _make_view(self) -> pg.PlotWidget:
        view = super()._make_view()
        self._raw_val = view.plot([], [])
        self._raw_val.setZValue(-1)
        return view

    def draw(self, record: TrainingRecord) -> None:
        """Show the record."""
        self._record = record
        self.view.setXRange(0, record.length, padding=0.01)
        self._draw_side(record, DISCRIMINATOR, record.against, self._train, self._raw)
        self._draw_side(record, GENERATOR, record.raw, self._val, self._raw_val)
        for item, figure in ((self.train_item, DISCRIMINATOR), (self.val_item, GENERATOR)):
            self._say_newest(item, record, figure)
        self._fit_values()

    def tracks(self, record: TrainingRecord) -> list[tuple[str, Track | None]]:
        return [("discriminator step", record.against), ("generator step", record.raw),
                *((f"{side}{part}", record.epochs.get(prefix + figure)) for prefix, part in (("", ""), ("val_", " validation"))
                  for side, figure in (("discriminator", DISCRIMINATOR), ("generator", GENERATOR)))]

    def _draw_side(self, record: TrainingRecord, figure: str, steps: Track, curve: pg.PlotDataItem,
                   raw: pg.PlotDataItem) -> None:
        if len(steps):
            self._draw_steps(steps, raw, curve)
        else:
            ends = record.epochs.get(figure)
            raw.setData([], [])
            curve.setData(*((ends.x, ends.y) if ends is not None else ([], [])))

    def _curves(self) -> list[pg.PlotDataItem]:
        return [*super()._curves(), self._raw_val]

    def _noise(self) -> list[pg.PlotDataItem]:
        return [*super()._noise(), self._raw_val]

    def _show_val(self, on: bool) -> None:
        self._raw_val.setVisible(on)
        super()._show_val(on)

    def _hover(self, place: QPointF) -> None:
        self._read_out(place, ((self.names[0], "train", DISCRIMINATOR), (self.names[1], "val", GENERATOR)))

    def _retheme(self, t: Theme) -> None:
        super()._retheme(t)
        self._raw_val.setPen(line_pen(t.color("val", 0.28), width=1))
        self._val.setSymbol(None)
