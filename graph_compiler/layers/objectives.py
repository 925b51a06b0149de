"""Objectives: what training minimises."""

from __future__ import annotations

from graph_compiler.specs.nodes import Inferred, Inputs, Port, Values
from graph_compiler.specs.objectives import ObjectiveSpec, Resolved
from graph_compiler.specs.params import Bool, Choice, Choices, Float
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

LOSSES = ("auto", "SparseCategoricalCrossentropy", "CategoricalCrossentropy", "BinaryCrossentropy", "MeanSquaredError",
          "MeanAbsoluteError", "Huber")
METRICS = ("auto", "accuracy", "top_k_accuracy", "auc", "precision", "recall", "mae", "mse", "rmse", "r2")


def resolve_loss(p: Values, prediction: Tensor, target: Tensor, activation: str) -> Resolved:
    """Settle loss and metrics from what meets (a stand-in to be replaced by the full rule)."""
    raise Refusal("loss", "not written yet")


class LossSpec(ObjectiveSpec):
    """Compares a prediction with a target."""

    def infer(self, p: Values, inputs: Inputs) -> Inferred:
        return Inferred(())


LOSS = LossSpec(
    name="Loss", family="objectives", summary="Compares a prediction with its target",
    inputs=(Port("prediction"), Port("target", role="target")),
    params=(Choice(name="loss", default="auto", options=LOSSES, key=True, summary="How wrong a prediction is."),
            Choices(name="metrics", default=["auto"], options=METRICS, key=True, summary="What the plots show beside the loss."),
            Float(name="weight", default=1.0, minimum=0.0, summary="Factor in the sum of objectives."),
            Bool(name="from_logits", default=False, summary="Whether predictions are scores before softmax or sigmoid."),
            Float(name="label_smoothing", default=0.0, minimum=0.0, maximum=1.0, summary="How much certainty is taken from the labels.")),
    resolve=resolve_loss)

SPECS = (LOSS,)
