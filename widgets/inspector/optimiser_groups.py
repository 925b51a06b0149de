"""Optimisers of discriminators: a section each, “as the generator’s” until one is chosen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QVBoxLayout, QWidget

from graph_compiler.graph.values import Json
from graph_compiler.specs.optimizers import check_optimizer
from graph_compiler.specs.refusal import Refusal
from widgets.document import GraphDocument
from widgets.inspector.form import Form, More
from widgets.inspector.sections import Section
from widgets.inspector.settings_forms import (
    AS_DEFAULT,
    LEARNING_RATE,
    OPTIMISER,
    optimiser_edit,
    optimiser_of,
    optimiser_params,
    optimiser_values,
)

CHOICE = replace(OPTIMISER, default=AS_DEFAULT, options=(AS_DEFAULT, *OPTIMISER.options))


class OptimiserGroups(QWidget):
    """One section for each discriminator of the drawing; nothing where there is none."""

    def __init__(self, document: GraphDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.sections: dict[str, GroupSection] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    def refresh(self) -> None:
        """Show the groups of the drawing as it stands now."""
        names = list(dict.fromkeys(c.discriminator for c in self._document.analysis.plan.contests))
        if names != list(self.sections):
            for section in self.sections.values():
                section.hide()
                section.deleteLater()
            self.sections = {name: GroupSection(self._document, name) for name in names}
            for section in self.sections.values():
                self._box.addWidget(section)
        for section in self.sections.values():
            section.refresh()
        self.setVisible(bool(names))


class GroupSection(Section):
    """The optimiser of one group of weights."""

    def __init__(self, document: GraphDocument, group: str) -> None:
        super().__init__(f"Optimiser of {group}")
        self._document, self._group = document, group
        self.form, self.rate, self.rest = Form((CHOICE,)), Form((LEARNING_RATE,)), Form()
        self.more = More(f"Optimiser of {group}, more")
        self._made = ""
        for part in (self.form, self.rate, self.more, self.rest):
            self.box.addWidget(part)
        for form in (self.form, self.rate, self.rest):
            form.changed.connect(self._set)
            form.left.connect(document.end_gesture)
        self.more.toggled.connect(lambda on: self.rest.setVisible(on and bool(self._made)))

    def _set(self, name: str, value: Json) -> None:
        self._document.do(optimiser_edit(self._document.document.training, self._group, name, value))

    def refresh(self) -> None:
        """Show the settings as they stand now."""
        settings = self._document.document.training
        own = self._group in settings.optimizers
        self._fields(optimiser_of(settings, self._group).name if own else "")
        values = optimiser_values(settings, self._group)
        for form in (self.form, self.rate, self.rest):
            form.set_values(values)
        for part in (self.rate, self.more):
            part.setVisible(own)
        self.rest.setVisible(own and self.more.isChecked())
        changed = sum(name.startswith("optimizer.") for name in values)
        self.more.set_caption(f"{changed} changed" if changed else f"{len(self.rest.rows)} at their defaults")
        problems = self._problems() if own else {}
        self.rate.set_problems(problems)
        self.rest.set_problems(problems)

    def _fields(self, optimiser: str) -> None:
        """The parameters of the chosen optimiser, made again when another one is chosen."""
        if optimiser == self._made:
            return
        self._made = optimiser
        for row in self.rest.rows.values():
            row.hide()
            row.deleteLater()
        self.rest.rows.clear()
        for param in optimiser_params(optimiser):
            self.rest.add(replace(param, name=f"optimizer.{param.name}"), param.name)

    def _problems(self) -> dict[str, str]:
        try:
            check_optimizer(optimiser_of(self._document.document.training, self._group))
        except Refusal as refusal:
            name = refusal.param if refusal.param == LEARNING_RATE.name else f"optimizer.{refusal.param}"
            return {name: f"Expected {refusal.expected}."}
        return {}
