"""Training in lines where Keras's `compile` does not do: a class whose step reads what the drawing's objectives read.

One class for sums of losses (computed targets, padding, objectives without a target), and one for contests, where a
discriminator and what it judges take turns (`script_contest`). Both measure under the names that the runs have.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End, ObjectivePlan, TermPlan, ends_of
from graph_compiler.build.own_metrics import metric_text
from graph_compiler.build.source import Written, arguments_text, loss_text
from graph_compiler.build.source_layers import several
from graph_compiler.build.wiring import upstream
from graph_compiler.layers.loss_meeting import ALIGNED, NUMBERED
from graph_compiler.layers.metric_rules import OWN


@dataclass(frozen=True)
class Reading:
    """Some tensors of a drawing as a Keras model: its variable, the columns it is called with, and what it gives."""

    name: str
    columns: tuple[End, ...]
    ends: tuple[End, ...]


class Taught:
    """What both kinds of classes need to know of a drawing. `columns` are the names of columns in `data.npz`."""

    def __init__(self, analysis: Analyzer, written: Written, columns: Mapping[End, str]) -> None:
        self.analysis, self.plan, self.written, self.columns = analysis, analysis.plan, written, columns
        self.several = len(self.plan.goals.settled) > 1

    def reading(self, name: str, ends: Sequence[End]) -> Reading:
        """The tensors as a model, under a variable."""
        graph, once = self.analysis.engine.graph, tuple(dict.fromkeys(ends))
        needed = upstream(graph, [node for node, _ in once])
        read = {(e.source, e.source_port) for e in graph.edges.values() if e.target in needed} | set(once)
        return Reading(name, tuple(end for end in self.written.inputs if end in read), once)

    def made(self, reading: Reading) -> str:
        """The line that makes the model."""
        taken = several(self.written.inputs[end] for end in reading.columns)
        return f"{reading.name} = keras.Model({taken}, {several(self.written.tensors[end] for end in reading.ends)})"

    def called(self, reading: Reading, training: str = "training") -> str:
        """The line that calls it on a batch; what it gives has the names that it had above."""
        taken = several(f'batch["{self.columns[end]}"]' for end in reading.columns)
        given = ", ".join(self.written.tensors[end] for end in reading.ends)
        return f"{given} = self.{reading.name}({taken}, training={training})"

    # Figures.

    def prefix(self, node: str) -> str:
        """What stands before the figures of an objective: nothing where it is the only one."""
        return f"{node}_" if self.several else ""

    def metrics(self) -> list[str]:
        """Entries of a dict of Keras metrics, by the names of the run's figures."""
        out = []
        for objective in self.plan.objectives:
            for name, kind, given in objective.resolved.metrics:
                made, full = kind if kind in OWN else f"keras.metrics.{kind}", self.prefix(objective.node) + name
                out.append(f'"{full}": {made}({arguments_text({**given, "name": full})})')
        return out

    def metric_classes(self) -> list[str]:
        """Our own metrics that the drawing has."""
        found = dict.fromkeys(kind for o in self.plan.objectives for _, kind, _ in o.resolved.metrics if kind in OWN)
        return [line for kind in found for line in ("", *metric_text(kind).splitlines(), "")]

    def criteria(self) -> str:
        """A dict of Keras losses by objective."""
        return "{" + ", ".join(f'"{o.node}": {loss_text(o)}' for o in self.plan.objectives) + "}"

    # Objectives.

    def compared(self, plan: ObjectivePlan) -> list[str]:
        """Lines that put the loss of an objective into `parts`, and show its metrics the batch."""
        prediction, lines = self.written.tensors[plan.prediction], []
        target = f'batch["{self.columns[plan.target]}"]' if plan.target in self.columns else ""
        lines.append(f"# {plan.node}: {plan.resolved.loss} of {prediction} and "
                     + (f"the column {self.columns[plan.target]}." if target else "what the drawing itself makes of its data."))
        target = target or f"tf.stop_gradient({self.written.tensors[plan.target]})"
        wide = plan.prediction_tensor.rank == plan.target_tensor.rank + 1 and plan.prediction_tensor.shape[-1] == 1
        if wide and plan.resolved.loss not in (*NUMBERED, *ALIGNED):
            target = f"tf.expand_dims({target}, -1)"
        lines.append(f"target = {target}")
        weighted = ""
        if plan.prediction_tensor.masked:
            lines.append(f"counts = {prediction}._keras_mask  # padding does not count; Keras passes on where it is")
        elif padded(plan):
            lines.append(f"counts = {prediction}._keras_mask = target != 0  # padding does not count")
        if plan.prediction_tensor.masked or padded(plan):
            weighted = ", sample_weight=tf.cast(counts, tf.float32)"
        lines.append(f'parts["{plan.node}"] = {_times(plan.weight)}self.criteria["{plan.node}"](target, {prediction})')
        lines += [f'self.figures["{self.prefix(plan.node)}{name}"].update_state(target, {prediction}{weighted})'
                  for name, _, _ in plan.resolved.metrics]
        return lines

    def term(self, plan: TermPlan) -> list[str]:
        """Lines that put an objective without a target into `parts`."""
        names = {port: self.written.tensors[end] for port, end in plan.ends.items()}
        if plan.kind == "GaussianKL":
            mean, logvar = names["mean"], names["logvar"]
            about = "how far the clouds are from the standard normal (Kingma and Welling 2013)."
            each = f"-0.5 * (1.0 + {logvar} - tf.square({mean}) - tf.exp({logvar}))"
        else:
            about = f"a penalty on {names['in']}, {plan.values['norm']}."
            each = f"tf.{'abs' if plan.values['norm'] == 'L1' else 'square'}({names['in']})"
        return [f"# {plan.node}: {about}", f"each = {each}",
                f'parts["{plan.node}"] = {_times(plan.weight)}tf.reduce_mean('
                "tf.reduce_sum(each, axis=list(range(1, each.shape.rank))))"]

    def all_parts(self) -> list[str]:
        """Lines of every loss and every term."""
        return [*(line for o in self.plan.objectives for line in self.compared(o)),
                *(line for t in self.plan.terms for line in self.term(t))]


def _times(weight: float) -> str:
    return "" if weight == 1 else f"{weight!r} * "


def padded(plan: ObjectivePlan) -> bool:
    """Whether places of the target that are 0 are no tokens."""
    column = plan.target_tensor.column
    return (column is not None and column.kind == "tokens" and plan.target_tensor.is_integer
            and plan.resolved.loss not in ALIGNED)


def indented(lines: Sequence[str], depth: int) -> list[str]:
    """Lines inside something."""
    return [" " * 4 * depth + line if line else "" for line in lines]


def sum_class(taught: Taught) -> tuple[list[str], list[str]]:
    """Lines that make the model of what the losses read, and the class that trains it."""
    plan = taught.plan
    targets = [o.target for o in plan.objectives if o.target not in taught.columns]
    seen = taught.reading("seen", [*(o.prediction for o in plan.objectives), *targets, *ends_of(plan.goals)])
    totals = ["loss", *(f"{node}_loss" for node in plan.goals.plain if taught.several)]
    each = ['for name, value in parts.items():',
            '    self.figures[f"{name}_loss"].update_state(value, sample_weight=rows)'] if taught.several else []
    losses = [taught.called(seen), f"rows = tf.shape({taught.written.tensors[seen.ends[0]]})[0]", "parts = {}",
              *taught.all_parts(), "loss = tf.add_n([*parts.values(), *self.seen.losses])",
              'self.figures["loss"].update_state(loss, sample_weight=rows)', *each, "return loss"]
    about = "One step adds up every loss of the drawing and moves the weights before them."
    text = ["class Training(keras.Model):", f'    """{about}"""', "",
            "    def __init__(self):", "        super().__init__()", "        self.seen = seen",
            f"        self.criteria = {taught.criteria()}", *figure_lines(totals, taught), "",
            "    def losses(self, batch, training):",
            '        """The sum that is minimised; the figures take the batch in."""', *indented(losses, 2), "",
            *_FIT_STEP.splitlines(), "", ""]
    return ["", "# What the losses read.", taught.made(seen)], text


def figure_lines(totals: Sequence[str], taught: Taught) -> list[str]:
    """The figures of a class: means of losses by name, and metrics."""
    entries = [f'**{{name: keras.metrics.Mean(name=name) for name in {json.dumps(list(totals))}}}', *taught.metrics()]
    return ["        self.figures = {", *(f"            {entry}," for entry in entries), "        }"]


METRICS = '''    @property
    def metrics(self):
        return list(self.figures.values())
'''
_FIT_STEP = '''    def train_step(self, data):
        with tf.GradientTape() as tape:
            loss = self.losses(data[0], training=True)
        weights = self.seen.trainable_variables
        self.optimizer.apply(tape.gradient(loss, weights), weights)
        return {name: figure.result() for name, figure in self.figures.items()}

    def test_step(self, data):
        self.losses(data[0], training=False)
        return {name: figure.result() for name, figure in self.figures.items()}

''' + METRICS


