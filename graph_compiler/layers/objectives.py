"""Objectives: what training minimises."""

from __future__ import annotations

from graph_compiler.layers.loss_meeting import JOINT, LOSSES, PROBABILITIES, Meeting
from graph_compiler.layers.loss_params import PARAMS, arguments
from graph_compiler.layers.loss_rules import check, choose, task_of
from graph_compiler.layers.metric_rules import METRICS, metrics_of
from graph_compiler.specs.nodes import Inputs, Port, Values
from graph_compiler.specs.objectives import ObjectiveSpec, Resolved
from graph_compiler.specs.params import Choice, Choices, Float, Int, Names
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor

_NAMED = frozenset({"classification", "binary", "embedding", "transcription"})
"""Tasks whose target has classes with names."""


def resolve_loss(p: Values, prediction: Tensor, target: Tensor, activation: str) -> Resolved:
    """Settle loss and metrics from what meets. Refusal says which of the two has to change, with facts for a fix."""
    meeting = Meeting(p, prediction, target, activation)
    chosen = p["loss"] != "auto"
    loss = p["loss"] if chosen else choose(meeting)
    check(meeting, loss)
    settled = arguments(meeting, loss, chosen)
    task = task_of(meeting, loss)
    metrics = metrics_of(meeting, loss, task, settled.get("from_logits", False))
    return Resolved(loss, settled, metrics, task, meeting.classes if task in _NAMED else (), loss in JOINT)


def meet_gaussian(p: Values, inputs: Inputs) -> None:
    """Mean and log variance of one Gaussian: decimal numbers of the same shape."""
    mean, logvar = inputs["mean"][0], inputs["logvar"][0]
    for port, x in (("mean", mean), ("logvar", logvar)):
        if not x.is_float:
            raise Refusal("dtype", "GaussianKL needs decimal numbers", expected="decimal numbers", received=x.dtype, port=port,
                          hint="Connect a Dense layer without activation.")
    if mean.shape != logvar.shape:
        raise Refusal("merge-mismatch", "GaussianKL needs a mean and a log variance of the same shape", port="logvar",
                      expected=mean.words, received=logvar.words, hint="Give both layers the same number of units.")


def meet_penalty(p: Values, inputs: Inputs) -> None:
    """Anything that is decimal."""
    x = inputs["in"][0]
    if not x.is_float:
        raise Refusal("dtype", "Penalty needs decimal numbers", expected="decimal numbers", received=x.dtype, port="in",
                      hint="Connect what a layer computes.")


def meet_scores(p: Values, inputs: Inputs) -> None:
    """Scores of real and generated samples have one shape."""
    real, fake = inputs["real"][0], inputs["fake"][0]
    if not fake.is_float:
        raise Refusal("dtype", "AdversarialLoss needs scores", expected="decimal numbers", received=fake.dtype, port="fake",
                      hint="Connect the output of the discriminator.")
    if real.shape != fake.shape:
        raise Refusal("score-mismatch", "AdversarialLoss compares scores of two shapes", port="fake", expected=real.words,
                      received=fake.words, hint="Take both scores from the same output of the discriminator.")


def judge_scores(p: Values, activation: str) -> None:
    """Hinge and Wasserstein losses are made for scores of any size."""
    if p["loss"] in ("hinge", "wasserstein") and activation in PROBABILITIES:
        raise Refusal("logits", f"The {p['loss']} loss expects scores, not probabilities", port="real",
                      expected="scores of any size", received=f"the values after {activation}",
                      hint="Take the activation of the discriminator's last layer away.")


_WEIGHT = Float(name="weight", default=1.0, minimum=0.0, summary="Factor in the sum of objectives.")
_TRAINS = Names(name="trains", default=[], of="trainable", summary="Nodes or shared weights it trains; empty: all before it.")

LOSS = ObjectiveSpec(
    name="Loss", family="objectives", summary="Compares a prediction with its target",
    text="Training makes this number small. “auto” takes the loss that fits: cross-entropy for classes, squared error for "
         "numbers.",
    inputs=(Port("prediction"), Port("target", role="target")),
    params=(Choice(name="loss", default="auto", options=LOSSES, key=True, summary="How wrong a prediction is."),
            Choices(name="metrics", default=["auto"], options=METRICS, key=True,
                    summary="What the plots show beside the loss."),
            _WEIGHT, _TRAINS),
    branch="loss", branches=PARAMS,
    resolve=resolve_loss, keywords=("objective", "cost", "error", "target", "goal", "cross entropy", "crossentropy", "mse",
                                    "mae", "bce", "hinge"))

GAUSSIAN_KL = ObjectiveSpec(
    name="GaussianKL", role="term", summary="Pulls a latent Gaussian to N(0, 1)",
    text="The Kullback-Leibler divergence of N(mean, exp(logvar)) from the standard normal distribution, summed over the "
         "latent axes and averaged over the batch (Kingma and Welling 2013). It keeps the latent space of a variational "
         "autoencoder without holes, so that new samples can be drawn from it.",
    inputs=(Port("mean"), Port("logvar")),
    params=(Float(name="weight", default=1.0, minimum=0.0, key=True, summary="Factor in the sum; small ones give sharper "
                                                                            "reconstructions."), _TRAINS),
    meet=meet_gaussian, keywords=("vae", "kl", "divergence", "variational", "latent"))

PENALTY = ObjectiveSpec(
    name="Penalty", role="term", summary="Keeps values small",
    text="The sum of sizes (L1) or squares (L2) of what arrives, averaged over the batch. L1 on a code makes it sparse.",
    inputs=(Port("in"),),
    params=(Choice(name="norm", default="L1", options=("L1", "L2"), key=True, summary="Sizes, or squares."),
            Float(name="weight", default=0.001, minimum=0.0, key=True, summary="Factor in the sum of objectives."), _TRAINS),
    meet=meet_penalty, keywords=("sparse", "activity", "regularisation", "l1", "l2"))

ADVERSARIAL = ObjectiveSpec(
    name="AdversarialLoss", role="contest", summary="Sets a discriminator against a generator",
    text="The discriminator, one block placed twice with the same weights, learns to tell real samples from generated ones; "
         "what makes the generated ones learns to be taken for real (Goodfellow et al. 2014). Each step has a phase for each.",
    inputs=(Port("fake"), Port("real")),
    params=(Choice(name="loss", default="non_saturating", options=("non_saturating", "least_squares", "hinge", "wasserstein"),
                   key=True, summary="How the contest is scored."),
            Choice(name="penalty", default="none", options=("none", "gradient"), key=True,
                   summary="Keeps the discriminator's slope near 1 (Gulrajani et al. 2017)."),
            Float(name="penalty_weight", default=10.0, minimum=0.0, summary="Factor of the penalty."),
            Float(name="label_smoothing", default=0.0, minimum=0.0, maximum=0.5,
                  summary="How far the label of real samples stays below 1."),
            Int(name="discriminator_steps", default=1, minimum=1,
                summary="Steps of the discriminator for one of the generator."),
            _WEIGHT, _TRAINS),
    meet=meet_scores, judge=judge_scores, keywords=("gan", "generator", "discriminator", "critic", "contest"))

SPECS = (LOSS, GAUSSIAN_KL, PENALTY, ADVERSARIAL)
