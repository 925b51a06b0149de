"""The inspector's page when nothing is selected: what the document is, and how it is trained."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.analysis.facts import Totals
from graph_compiler.graph.edits import SetAbout
from graph_compiler.graph.values import Json
from graph_compiler.specs.optimizers import check_optimizer
from graph_compiler.specs.params import Param, Text
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.schedules import check_schedule
from graph_compiler.specs.settings import BASICS, PLACE, STOPPING
from widgets.document import GraphDocument
from widgets.inspector.answers import figures_of
from widgets.inspector.form import Form, More
from widgets.inspector.optimiser_groups import OptimiserGroups
from widgets.inspector.sections import Section
from widgets.inspector.settings_forms import (
    LEARNING_RATE,
    OPTIMISER,
    SCHEDULE,
    STOPS,
    WARMUP,
    edit_of,
    optimiser_of,
    optimiser_params,
    schedule_params,
    values_of,
)
from widgets.parts import Facts, Words
from widgets.words import count, plural, size_words

ABOUT = (Text(name="title", default="", summary="Shown in the gallery and in reports."),
         Text(name="summary", default="", multiline=True, summary="What this network does, in a sentence."))


class DocumentPage(QWidget):
    """Title and summary, size of the net, training settings."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.title = Words("", 15, 600, wrap=True)
        self.hint = Words("Select a node to see its parameters.", 12, 400, "text3", wrap=True)
        self.text = Words("", 13, 400, "text2", wrap=True)
        self.text_section = Section("What to look at")
        self.text_section.box.addWidget(self.text)
        self.about = Form(ABOUT)
        self.figures = Facts(row_height=24)
        self.basics, self.optimiser = Form(BASICS), Form((OPTIMISER, LEARNING_RATE))
        self.optimiser_more, self.schedule = Form(), Form((SCHEDULE, WARMUP))
        self.stopping, self.place = Form((STOPS,)), Form()
        self.more, self.place_more = More("Optimiser, more"), More("Device and arithmetic")
        self._made: dict[str, str] = {}
        self.groups = OptimiserGroups(document)
        self._arrange()
        for form in self.forms:
            form.changed.connect(self._set)
            form.left.connect(document.end_gesture)
        self.about.changed.connect(lambda name, value: document.do(SetAbout(name, value)))
        self.about.left.connect(document.end_gesture)
        self.refresh()

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms of the training settings."""
        return (self.basics, self.optimiser, self.optimiser_more, self.schedule, self.stopping, self.place)

    def _arrange(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 16)
        box.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(16, 6, 16, 12)
        head.setSpacing(4)
        head.addWidget(self.title)
        head.addWidget(self.hint)
        box.addLayout(head)
        box.addWidget(self.text_section)
        for title, parts in (("Document", (self.about, self.figures)), ("Training", (self.basics,)),
                             ("Optimiser", (self.optimiser, self.more, self.optimiser_more)),
                             ("Learning rate over time", (self.schedule,)), ("Early stopping", (self.stopping,)),
                             ("", (self.place_more, self.place))):
            section = Section(title)
            for part in parts:
                section.box.addWidget(part)
            box.addWidget(section)
            if title == "Training":
                self.training = section
            if title == "Optimiser":
                box.addWidget(self.groups)
        for more, form in ((self.more, self.optimiser_more), (self.place_more, self.place)):
            form.hide()
            more.toggled.connect(partial(self._fold, form))
        box.addStretch(1)

    def _fold(self, form: Form, opened: bool) -> None:
        """The fields of a More are made when it is first opened."""
        if opened:
            self.refresh()
        form.setVisible(opened)

    def _set(self, name: str, value: Json) -> None:
        self.document.do(edit_of(self.document.document.training, name, value))

    def refresh(self) -> None:
        """Show the document as it stands now."""
        about, settings = self.document.document.about, self.document.document.training
        self.title.setText(str(about.get("title") or self.document.title))
        self.about.set_values(about)
        totals = self.document.analysis.totals
        self.figures.set_rows([("Nodes, without sources", count(totals.nodes)), *parameter_rows(totals),
                            ("MACs a sample", count(totals.macs)), ("Memory to train", size_words(totals.training_bytes))])
        self.text.setText(str(about.get("text") or ""))
        self.text_section.setVisible(bool(about.get("text")))
        if self.more.isChecked():
            self._own_fields(self.optimiser_more, "optimizer", optimiser_of(settings).name,
                             optimiser_params(optimiser_of(settings).name))
        if self.place_more.isChecked() and not self.place.rows:
            for param in PLACE:
                self.place.add(param)
        self._own_fields(self.schedule, "schedule", settings.schedule.kind, schedule_params(settings.schedule.kind))
        self._own_fields(self.stopping, "", str(settings.early_stopping is not None),
                         STOPPING if settings.early_stopping is not None else ())
        values = values_of(settings)
        figures = {"figures": figures_of(self.document.analysis.plan)}
        for form in self.forms:
            form.set_answers(figures)
            form.set_values(values)
        self.groups.refresh()
        self._captions(values)
        self._problems()

    def _own_fields(self, form: Form, prefix: str, choice: str, params: tuple[Param, ...]) -> None:
        """The fields that belong to a choice (an optimiser, a schedule): made again when the choice changes."""
        key = prefix or "stopping"
        if self._made.get(key) == choice:
            return
        self._made[key] = choice
        for name in [name for name in form.rows if name.startswith(f"{prefix}.") or (not prefix and name != STOPS.name)]:
            row = form.rows.pop(name)
            row.hide()
            row.deleteLater()
        for param in params:
            form.add(replace(param, name=f"{prefix}.{param.name}") if prefix else param, param.name)

    def _captions(self, values: dict[str, Json]) -> None:
        changed = sum(name.startswith("optimizer.") for name in values)
        total = len(optimiser_params(optimiser_of(self.document.document.training).name))
        self.more.set_caption(f"{changed} changed" if changed else f"{total} at their defaults")
        moved = sum(values[p.name] != p.default for p in PLACE)
        self.place_more.set_caption(f"{plural(moved, 'change')}" if moved else "at their defaults")

    def _problems(self) -> None:
        settings = self.document.document.training
        optimiser = _refused(lambda: check_optimizer(optimiser_of(settings)), "optimizer", ("learning_rate",))
        self.optimiser.set_problems(optimiser)
        self.optimiser_more.set_problems(optimiser)
        self.schedule.set_problems(_refused(lambda: check_schedule(settings.schedule), "schedule", ("warmup_epochs",)))
        for form, params in ((self.basics, BASICS), (self.place, PLACE)):
            form.set_problems({p.name: words for p in params if (words := _misfit(p, getattr(settings, p.name)))})


def parameter_rows(totals: Totals) -> list[tuple[str, str]]:
    """Parameters, and how many of them are trained where that is not all; said when some are not known yet."""
    so_far = " so far" if totals.partial else ""
    rows = [("Parameters", f"{count(totals.weights)}{so_far}")]
    if totals.trainable != totals.weights:
        rows.append(("of them trained", count(totals.trainable)))
    return rows


def _misfit(param: Param, value: Json) -> str:
    try:
        param.check(value)
    except Refusal as refusal:
        return f"Expected {refusal.expected}."
    return ""


def _refused(check, prefix: str, plain: tuple[str, ...]) -> dict[str, str]:  # type: ignore[no-untyped-def]
    """The words of what a check refuses, by field."""
    try:
        check()
    except Refusal as refusal:
        name = refusal.param if refusal.param in plain else f"{prefix}.{refusal.param}"
        return {name: f"Expected {refusal.expected}."}
    return {}
