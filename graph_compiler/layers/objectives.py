"""Objectives: what training minimises."""

from __future__ import annotations

from graph_compiler.layers.loss_rules import LOSSES, Meeting, arguments, check, choose, task_of
from graph_compiler.layers.metric_rules import METRICS, metrics_of
from graph_compiler.specs.nodes import Inferred, Inputs, Port, Values
from graph_compiler.specs.objectives import ObjectiveSpec, Resolved
from graph_compiler.specs.params import Bool, Choice, Choices, Float
from graph_compiler.specs.tensors import Tensor


def resolve_loss(p: Values, prediction: Tensor, target: Tensor, activation: str) -> Resolved:
    """Settle loss and metrics from what meets. Refusal says which of the two has to change, with facts for a fix."""
    meeting = Meeting(p, prediction, target, activation)
    chosen = p["loss"] != "auto"
    loss = p["loss"] if chosen else choose(meeting)
    check(meeting, loss)
    settled = arguments(meeting, loss, chosen)
    task = task_of(meeting, loss)
    metrics = metrics_of(meeting, loss, task, settled.get("from_logits", False))
    return Resolved(loss, settled, metrics, task, meeting.classes if task in ("classification", "binary") else ())


class LossSpec(ObjectiveSpec):
    """Compares a prediction with a target."""

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred(())


LOSS = LossSpec(
    name="Loss", family="objectives", summary="Compares a prediction with its target",
    text="Training makes this number small. “auto” takes the loss that fits: cross-entropy for classes, squared error for "
         "numbers.",
    inputs=(Port("prediction"), Port("target", role="target")),
    params=(Choice(name="loss", default="auto", options=LOSSES, key=True, summary="How wrong a prediction is."),
            Choices(name="metrics", default=["auto"], options=METRICS, key=True,
                    summary="What the plots show beside the loss."),
            Float(name="weight", default=1.0, minimum=0.0, summary="Factor in the sum of objectives."),
            Bool(name="from_logits", default=False, summary="Whether predictions are scores before softmax or sigmoid."),
            Float(name="label_smoothing", default=0.0, minimum=0.0, maximum=1.0,
                  summary="How much certainty is taken from the labels.")),
    resolve=resolve_loss, keywords=("objective", "cost", "error", "target", "goal"))

SPECS = (LOSS,)
