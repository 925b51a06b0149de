"""The optimisers of Keras with their parameters, names and defaults as Keras has them. Form and check read this table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph_compiler.graph.values import OptimizerSettings
from graph_compiler.specs.params import Bool, Float, Int, Param
from graph_compiler.specs.refusal import Refusal


def _rate(default: float = 0.001) -> Param:
    return Float(name="learning_rate", default=default, minimum=0.0, open_low=True, key=True, summary="Size of a step.")


def _share(name: str, default: float, summary: str = "") -> Param:
    return Float(name=name, default=default, minimum=0.0, maximum=1.0, summary=summary)


def _betas(first: float = 0.9, second: float = 0.999) -> tuple[Param, ...]:
    return (_share("beta_1", first, "How long the mean of gradients remembers."),
            _share("beta_2", second, "How long the mean of squared gradients remembers."))


def _epsilon(default: float = 1e-7, name: str = "epsilon") -> Param:
    return Float(name=name, default=default, minimum=0.0, summary="Keeps divisions from zero.")


def _number(name: str, default: float, minimum: float | None = 0.0, summary: str = "") -> Param:
    return Float(name=name, default=default, minimum=minimum, summary=summary)


def _decay(default: float | None = None) -> Param:
    return Float(name="weight_decay", default=default, optional=True, minimum=0.0, key=default is not None,
                 summary="Share by which weights shrink at each step.")


_AMSGRAD = Bool(name="amsgrad", default=False, summary="The AMSGrad variant: steps never grow again.")

COMMON: tuple[Param, ...] = (
    Float(name="clipnorm", default=None, optional=True, minimum=0.0, open_low=True, summary="Largest norm of one gradient."),
    Float(name="clipvalue", default=None, optional=True, minimum=0.0, open_low=True, summary="Largest value in a gradient."),
    Float(name="global_clipnorm", default=None, optional=True, minimum=0.0, open_low=True,
          summary="Largest norm of all gradients together."),
    Bool(name="use_ema", default=False, summary="Keeps a moving average of the weights."),
    _share("ema_momentum", 0.99, "How long that average remembers."),
    Int(name="ema_overwrite_frequency", default=None, optional=True, minimum=1,
        summary="Steps after which the average replaces the weights."),
    Float(name="loss_scale_factor", default=None, optional=True, minimum=0.0, open_low=True,
          summary="Factor on the loss, taken out of the gradients again."),
    Int(name="gradient_accumulation_steps", default=None, optional=True, minimum=2,
        summary="Steps whose gradients are added up before the weights move."),
)
"""Parameters every optimiser has, after its own."""


def _with(*own: Param, rate: float = 0.001, decay: float | None = None) -> tuple[Param, ...]:
    return (_rate(rate), *own, _decay(decay), *COMMON)


OPTIMIZERS: dict[str, tuple[Param, ...]] = {
    "Adam": _with(*_betas(), _epsilon(), _AMSGRAD),
    "AdamW": _with(*_betas(), _epsilon(), _AMSGRAD, decay=0.004),
    "SGD": _with(_share("momentum", 0.0, "How much of the last step is kept."),
                 Bool(name="nesterov", default=False, summary="Looks ahead along the momentum."), rate=0.01),
    "RMSprop": _with(_share("rho", 0.9, "How long squared gradients are remembered."), _share("momentum", 0.0), _epsilon(),
                     Bool(name="centered", default=False, summary="Divides by the variance, not the mean square.")),
    "Nadam": _with(*_betas(), _epsilon()),
    "Adamax": _with(*_betas(), _epsilon()),
    "Adagrad": _with(_number("initial_accumulator_value", 0.1), _epsilon()),
    "Adadelta": _with(_share("rho", 0.95), _epsilon()),
    "Adafactor": _with(_number("beta_2_decay", -0.8, None), _epsilon(1e-30, "epsilon_1"), _epsilon(1e-3, "epsilon_2"),
                       _number("clip_threshold", 1.0),
                       Bool(name="relative_step", default=True, summary="Steps shrink with time.")),
    "Ftrl": _with(Float(name="learning_rate_power", default=-0.5, maximum=0.0), _number("initial_accumulator_value", 0.1),
                  _number("l1_regularization_strength", 0.0), _number("l2_regularization_strength", 0.0),
                  _number("l2_shrinkage_regularization_strength", 0.0), _number("beta", 0.0)),
    "Lion": _with(*_betas(0.9, 0.99)),
    "Lamb": _with(*_betas(), _epsilon()),
    "Muon": _with(_share("adam_beta_1", 0.9), _share("adam_beta_2", 0.999), _number("adam_weight_decay", 0.004), _epsilon(),
                  Bool(name="exclude_embeddings", default=True, summary="Embeddings are left to Adam."),
                  _number("muon_a", 3.4445, None), _number("muon_b", -4.775, None), _number("muon_c", 2.0315, None),
                  _number("adam_lr_ratio", 1.0, 0.0, "Adam's step in the same run, as a multiple."), _share("momentum", 0.95),
                  Int(name="ns_steps", default=5, minimum=1, summary="Rounds of orthogonalisation a step."),
                  Bool(name="nesterov", default=True), _number("rms_rate", 0.2), decay=0.004),
    "ScheduleFreeAdamW": _with(*_betas(), _epsilon(1e-8),
                               Int(name="warmup_steps", default=0, minimum=0, summary="Steps of growing size at the start."),
                               rate=0.0025),
}
"""Parameters by optimiser, the most used ones first. `OptimizerSettings` holds `learning_rate` itself, `params` the rest."""


def check_optimizer(settings: OptimizerSettings) -> dict[str, Any]:
    """Keras arguments of an optimiser, `learning_rate` included; only what was set. Refusal names the guilty parameter."""
    table = OPTIMIZERS.get(settings.name)
    if table is None:
        raise Refusal("parameter", f"There is no optimiser “{settings.name}”", expected="one of " + ", ".join(OPTIMIZERS),
                      received=settings.name, param="name", hint="Choose another optimiser.")
    return check_values(table, {"learning_rate": settings.learning_rate, **settings.params}, settings.name)


def check_values(table: tuple[Param, ...], given: Mapping[str, Any], owner: str) -> dict[str, Any]:
    """The given values, each checked by its parameter. Refusal for a wrong value or a name `owner` does not have."""
    params = {p.name: p for p in table}
    for name in given:
        if name not in params:
            raise Refusal("parameter", f"{owner} has no {name}", expected="one of " + ", ".join(params), received=name,
                          param=name, hint="Remove it.")
    return {name: params[name].check(value) for name, value in given.items()}
