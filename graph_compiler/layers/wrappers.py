"""Layers around another layer: it works at every step, or with weights held in check.

The wrapped layer is a parameter, `{"name": "LSTM", "units": 64}`; its own spec says what it takes, gives and costs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graph_compiler.layers import activations as functions
from graph_compiler.layers import convolution, core, normalisation, pooling, recurrent, regularisation, reshape
from graph_compiler.layers import convolutional_recurrent as films
from graph_compiler.layers import preprocessing as inputs_of_networks
from graph_compiler.layers.common import like, times
from graph_compiler.layers.einsum import EINSUM_DENSE, kernel_width
from graph_compiler.layers.geometry import axes_words, number
from graph_compiler.layers.staying import NO_FREE_STEPS, NO_WIDE_SLICES
from graph_compiler.layers.windows import split
from graph_compiler.specs.dtypes import FLOAT
from graph_compiler.specs.nodes import IN, Inferred, Inputs, LayerSpec, Values, keras_arguments, lone_port
from graph_compiler.specs.params import Int
from graph_compiler.specs.refusal import Refusal
from graph_compiler.specs.tensors import Tensor
from graph_compiler.specs.wrapping import Wrapped

_INNER_WITHOUT = frozenset({"ActivityRegularization", "Identity", "Masking"})
"""Layers that do nothing inside another one."""


def _plain(specs: Iterable[LayerSpec]) -> dict[str, LayerSpec]:
    """Keras's own layers with one input and nothing to learn before training, by name."""
    return {spec.name: spec for spec in specs if lone_port(spec.inputs) == IN[0] and spec.kind == "layer" and not spec.adapts
            and not spec.defined_as and spec.name not in _INNER_WITHOUT}


_EACH = Wrapped(
    name="layer", default="Dense", key=True, summary="The layer or block that looks at every step.",
    blocks=True,
    fixed={"activity_regularizer": None},
    options=_plain((*core.SPECS, *convolution.SPECS, *pooling.SPECS, *reshape.SPECS, *functions.SPECS, *normalisation.SPECS,
                    *regularisation.SPECS, *recurrent.SPECS, *films.SPECS, *inputs_of_networks.SPECS)))


def time_distributed(p: Values, inputs: Inputs) -> Inferred:
    """[T, ...] -> [T, what the layer makes of ...]. The mask stays. Weights once, multiply-adds T times."""
    x, spec = inputs["in"][0], _EACH.spec_of(p["layer"])
    if x.rank < 2:
        raise Refusal("rank", "TimeDistributed needs a series of lists, pictures or more",
                      expected="steps × anything: 2 axes or more", received=f"{x.words} ({axes_words(x.rank)})", port="in",
                      rank=2, hint=f"Use {spec.name} itself, or insert Reshape.")
    found = spec.infer(p["layer"], {"in": (Tensor(x.shape[1:], x.dtype, x.masked),)})
    if len(found.outputs) > 1:
        raise Refusal("parameter", "TimeDistributed gives one tensor", expected="a layer with one output", param="layer",
                      received=f"{spec.name} with {len(found.outputs)}", hint="Switch return_state of the layer off.")
    out = found.outputs[0]
    if out.dtype != "float32":
        raise Refusal("dtype", "TimeDistributed gives decimal numbers", expected="decimal numbers", received=out.dtype,
                      port="in", hint="Insert Rescaling or Cast before it.")
    return Inferred((like(x, (x.shape[0], *out.shape)),), found.weights, found.fixed, times(x.shape[0], found.macs))


def explain_each(p: Values, inputs: Inputs) -> str:
    """The steps and what each becomes."""
    x, spec = inputs["in"][0], _EACH.spec_of(p["layer"])
    step = Tensor(x.shape[1:], x.dtype)
    return f"{number(x.shape[0])} steps, each {step.words} › {spec.infer(p['layer'], {'in': (step,)}).outputs[0].words}"


_HELD = Wrapped(
    name="layer", default="Dense", key=True, summary="The layer whose weights are held in check.",
    options={spec.name: spec for spec in (core.DENSE, EINSUM_DENSE, *convolution.SPECS)
             if not spec.name.startswith("SeparableConv")})


def _last_kernel_axis(p: Values, x: Tensor) -> int:
    """The size of the last axis of the wrapped layer's kernel."""
    name, q = p["layer"]["name"], p["layer"]
    if name == "EinsumDense":
        return kernel_width(q, x)
    if name.endswith("Transpose"):
        return split(q, x, int(name[4]), name)[1] or 0
    return int(q[{"Dense": "units"}.get(name, "depth_multiplier" if name.startswith("Depthwise") else "filters")])


def spectral_normalization(p: Values, inputs: Inputs) -> Inferred:
    """What the wrapped layer gives, without mask. One more weight, never trained, for each place of its kernel's last axis."""
    x = inputs["in"][0]
    found = _HELD.spec_of(p["layer"]).infer(p["layer"], inputs)
    extra = _last_kernel_axis(p, x)
    outputs = tuple(like(out, out.shape, masked=False) for out in found.outputs)
    return Inferred(outputs, found.weights + extra, found.fixed + extra, found.macs)


def make_held(keras: Any, p: Values, name: str) -> Any:
    """Keras's layer, which divides the weights in every training call; ours leaves them alone while it is not trainable."""
    layer = keras.layers.SpectralNormalization(name=name, **keras_arguments(keras, SPECTRAL_NORMALIZATION, p))
    dividing = layer.call

    def call(inputs: Any, training: Any = False) -> Any:
        return dividing(inputs, training=training and layer.trainable)

    layer.call = call
    return layer


def explain_held(p: Values, inputs: Inputs) -> str:
    """The numbers that are kept beside the weights."""
    extra = _last_kernel_axis(p, inputs["in"][0])
    own = spectral_normalization(p, inputs).weights - extra
    return f"{own:,} weights of {p['layer']['name']} + {extra:,} kept to measure them"


TIME_DISTRIBUTED = LayerSpec(
    name="TimeDistributed", family="recurrent", summary="One layer at every step",
    text="Applies the same layer, with the same weights, to each step of a series: a convolution to each frame of a film, a "
         "Dense to each word (many to many). A block with one input and one output takes the place of the layer for more than "
         "that.",
    params=(_EACH,), stays=(*NO_FREE_STEPS, NO_WIDE_SLICES), many_rule=time_distributed,
    explain_many=explain_each, random=True, each_step=True,
    keywords=("wrapper", "each step", "frames", "video", "film", "sequence", "many to many"))

SPECTRAL_NORMALIZATION = LayerSpec(
    name="SpectralNormalization", family="normalisation", summary="Holds the weights of a layer in check",
    text="Divides the weights of a layer by how much they can stretch a vector. A discriminator so tamed gives a generator "
         "steady advice. It holds one kernel; in a block, put it around each layer inside.",
    params=(_HELD, Int(name="power_iterations", default=1, minimum=1, key=True, summary="Rounds of measuring at each step.")),
    many_rule=spectral_normalization, explain_many=explain_held, accepts=FLOAT, make=make_held,
    keywords=("wrapper", "gan", "discriminator", "lipschitz", "normalization", "spectral norm"))

SPECS: tuple[LayerSpec, ...] = (TIME_DISTRIBUTED, SPECTRAL_NORMALIZATION)
