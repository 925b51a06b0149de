"""Operations that say how learning goes: Sampling and StopGradient."""

from __future__ import annotations

from graph_compiler.layers.custom.specs import operation
from graph_compiler.layers.geometry import float_dtype, number, seed
from graph_compiler.layers.staying import MEAN_ONLY
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import Inferred, Inputs, LayerSpec, Port, Values
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor


def sampling(p: Values, inputs: Inputs) -> Inferred:
    """Mean [...] and logarithm of the variance [...] -> [...]. The mask of the mean stays. Outside training it is the mean."""
    mean, logvar = inputs["mean"][0], inputs["logvar"][0]
    if mean.rank != logvar.rank or any(a != b and None not in (a, b) for a, b in zip(mean.shape, logvar.shape, strict=True)):
        raise Refusal("merge-mismatch", "Sampling needs mean and variance alike", expected=mean.words, received=logvar.words,
                      port="logvar", hint="Give both branches the same number of units.")
    return Inferred((Tensor(mean.shape, "float32", mean.masked),))


def stop_gradient(p: Values, x: Tensor) -> Inferred:
    """[...] -> [...], unchanged."""
    return Inferred((Tensor(x.shape, float_dtype(x), x.masked),))


SAMPLING = operation(
    "Sampling", summary="Draws around a mean in training",
    text="Mean plus spread times noise: so a variational autoencoder draws from its code and still learns through the draw "
         "(Kingma and Welling, 2013). Outside training, and in exported files, it is the mean.",
    inputs=(Port("mean"), Port("logvar")), params=(seed(),), many_rule=sampling, random=True, accepts=FLOAT,
    tells=(MEAN_ONLY,),
    explain_many=lambda p, inputs: f"mean + e^(logvar ÷ 2) × noise, {number(inputs['mean'][0].size)} numbers",
    keywords=("vae", "reparameterise", "reparameterize", "latent", "gaussian", "normal", "noise"))

STOP_GRADIENT = operation(
    "StopGradient", summary="Holds learning back",
    text="Values pass, but what stands before it is not trained through this wire.", rule=stop_gradient,
    keywords=("detach", "freeze", "block"))

SPECS: tuple[LayerSpec, ...] = (SAMPLING, STOP_GRADIENT)
