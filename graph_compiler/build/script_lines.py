"""What every script has: the rows beside it, seeds, the moving learning rate, what is learnt from rows first, the export."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import End
from graph_compiler.build.source import Written
from graph_compiler.graph.values import ScheduleSettings, TrainingSettings
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.schedules import check_schedule


@dataclass(frozen=True)
class Column:
    """A column of the rows beside a script: its name there, and whether it gets a last axis of one."""

    name: str
    end: End
    widened: bool = False
    drawn: bool = False
    """Noise: the script draws its own in training, so that only what is measured with lies beside it."""


@dataclass(frozen=True)
class Script:
    """The text, the columns that it reads, and the tokens of the sequence that it generates, if it does."""

    text: str
    columns: tuple[Column, ...]
    vocabulary: tuple[str, ...] = ()
    starts: bool = False
    """Whether it reads the weights that the run began with, too (`START`)."""


RESERVED = (
    "Path", "np", "tf", "HERE", "SEED", "EPOCHS", "BATCH", "SHUFFLE", "DATA", "INPUTS", "TARGETS", "STEPS", "COUNT", "Rate",
    "Batches", "Training", "one_or_tuple", "rows", "train", "export", "generate", "draw", "moving", "crossentropy",
    "tells_apart", "passes", "seen", "judge", "judged", "passing", "layer", "number", "variable", "before", "self", "batch",
    "training", "seed", "parts", "target", "counts", "each", "loss", "name", "value", "share", "tape",
    "score", "slopes", "squares")
"""What scripts call things of their own: no tensor has such a name."""


def head(written: Written, settings: TrainingSettings) -> list[str]:
    """What it is, imports, numbers of the run, the rows."""
    numbers = (settings.seed, settings.epochs, settings.batch_size, settings.shuffle)
    return [f'"""{written.title}: train it again, and export it. Made by Netloom; the rows are in data.npz."""', "",
            "from pathlib import Path", "", "import keras", "import numpy as np", "import tensorflow as tf", "",
            "HERE = Path(__file__).parent", f"SEED, EPOCHS, BATCH, SHUFFLE = {', '.join(map(repr, numbers))}",
            'DATA = dict(np.load(HERE / "data.npz"))']


def rate_lines(settings: TrainingSettings) -> list[str]:
    """The class of a learning rate that moves."""
    schedule = settings.schedule
    warm, base = schedule.warmup_epochs, settings.optimizers[""].learning_rate
    lines = ["class Rate(keras.optimizers.schedules.LearningRateSchedule):",
             f'    """{_about(schedule)}"""', "", "    def __call__(self, step):",
             "        epoch = keras.ops.cast(step, \"float32\") / STEPS",
             f"        factor = {_factor(schedule)}"]
    if warm:
        lines += [f"        factor = keras.ops.where(epoch < {warm!r}, keras.ops.minimum(1.0, (epoch + 1 / STEPS) / {warm!r}), "
                  "factor)"]
    return [*lines, f"        return {base!r} * factor", "", "    def get_config(self):", "        return {}", "", ""]


def _about(schedule: ScheduleSettings) -> str:
    words = {"step": "drops by steps", "exponential": "shrinks with every epoch", "cosine": "falls along half a cosine",
             "constant": "stays"}
    warm = f" after {schedule.warmup_epochs:g} epochs of warm-up" if schedule.warmup_epochs else ""
    return f"The learning rate {words[schedule.kind]}{warm}."


def _factor(schedule: ScheduleSettings) -> str:
    values, warm = check_schedule(schedule), schedule.warmup_epochs
    since = f"(epoch - {warm!r})" if warm else "epoch"
    if schedule.kind == "step":
        return f"{values['factor']!r} ** keras.ops.floor({since} / {values['every_epochs']!r} + 1e-6)"
    if schedule.kind == "exponential":
        return f"{values['rate']!r} ** {since}"
    if schedule.kind == "cosine":
        done = f"keras.ops.minimum(1.0, {since} / {f'(EPOCHS - {warm!r})' if warm else 'EPOCHS'})"
        return f"{values['final']!r} + (1 - {values['final']!r}) * (1 + keras.ops.cos(np.pi * {done})) / 2"
    return "1.0"



ONE = '''def one_or_tuple(arrays):
    """Keras takes one array as it is, several as a tuple."""
    return arrays[0] if len(arrays) == 1 else tuple(arrays)'''


def adaptive(analysis: Analyzer) -> list[Facts]:
    """Everything that learns from rows before training, in order."""
    return [facts for facts in analysis.all_facts() if facts.path.partition(".")[0] in analysis.plan.live
            and isinstance(facts.spec, LayerSpec) and facts.spec.adapts and not facts.node.muted]


def learnt_lines(analysis: Analyzer, restored: Mapping[str, str], rows: str) -> list[str]:
    """Lines that let Normalization layers look at the training rows, in order, before anything is traced.

    `restored` has the array of the target by the path of the layer that goes back to its unit, `rows` is what the model takes.
    """
    lines = []
    for facts in adaptive(analysis):
        name = json.dumps(facts.node.id)
        if facts.values.get("mean") is not None:
            continue
        if facts.node.id in restored:
            lines.append(f"model.get_layer({name}).adapt({restored[facts.node.id]})")
        else:
            lines += [f"layer = model.get_layer({name})", "before = keras.Model(model.inputs, layer.input)",
                      f"layer.adapt(before.predict({rows}, verbose=0))"]
    return ["", "# Mean and variance of the training rows.", *lines, ""] if lines else [""]


_LATE = frozenset({"MultiHeadAttention", "GroupQueryAttention"})
"""Layers that make their own layers when they are first called."""
START = "start {layer} {number}"
"""Names of the weights that the run began with: of each layer of the model in training, by number."""


def starts(analysis: Analyzer) -> bool:
    """Whether a script begins elsewhere than the run with the same seed: its blocks make their layers before they call them."""
    return any("." in facts.path and facts.node.type in _LATE for facts in analysis.all_facts())


def start_lines(analysis: Analyzer, model: str) -> list[str]:
    """Lines that put the weights of the run's beginning into a model, where the seed alone does not."""
    if not starts(analysis):
        return []
    return ["", "# Where the run began.", f"for layer in {model}.layers:",
            "    for number, variable in enumerate(layer.variables):",
            '        variable.assign(DATA[f"start {layer.name} {number}"])']


def callback_lines(settings: TrainingSettings) -> list[str]:
    """What is done between epochs, as the list `callbacks`."""
    callbacks = ["keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.shuffle(epoch))",
                 'keras.callbacks.CSVLogger(HERE / "history.csv")']
    if (stop := settings.early_stopping) is not None:
        callbacks.append(f"keras.callbacks.EarlyStopping(monitor={json.dumps(stop.monitor)}, patience={stop.patience}, "
                         f"min_delta={stop.min_delta!r}, restore_best_weights=True)")
    if settings.schedule.kind == "plateau":
        v = check_schedule(settings.schedule)
        callbacks.append(f"keras.callbacks.ReduceLROnPlateau(monitor={json.dumps(v['monitor'])}, factor={v['factor']!r}, "
                         f"patience={v['patience']}, min_delta={v['min_delta']!r}, min_lr={v['minimum']!r})")
    return ["    callbacks = [", *(f"        {one}," for one in callbacks), "    ]"]


def export_lines(sample: Sequence[str], after: Sequence[str] = ()) -> list[str]:
    """The export and what is done when the script is run; `sample` gives one row of each input of the model."""
    made = EXPORT.replace("    SAMPLE\n", "".join(f"    {line}\n" for line in sample))
    return [*made.splitlines(), *(f"    {line}" for line in after), ""]


EXPORT = '''def export(path):
    """Write the trained model for phones: one sample a call, all weights inside; then see that it says the same."""
    from ai_edge_litert.interpreter import Interpreter
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    shapes = [tf.TensorSpec([1, *x.shape[1:]], x.dtype, name=x.name) for x in model.inputs]
    function = tf.function(lambda *x: model(one_or_tuple(x), training=False), input_signature=shapes, autograph=False)
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    path.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([frozen], model).convert())

    net = Interpreter(str(path))
    net.allocate_tensors()
    SAMPLE
    given = {x.name: values for x, values in zip(model.inputs, sample)}
    for place in net.get_input_details():
        net.set_tensor(place["index"], given[place["name"].removeprefix("serving_default_").split(":")[0]])
    net.invoke()
    expected = model(one_or_tuple([tf.constant(x) for x in sample]), training=False)
    expected = expected if isinstance(expected, (list, tuple)) else [expected]
    found = [net.get_tensor(place["index"]) for place in net.get_output_details()]
    for values in expected:
        near = [np.allclose(values, other, rtol=1e-4, atol=1e-4) for other in found if other.shape == values.shape]
        assert any(near), "The file says something else than the model."


if __name__ == "__main__":
    train()
    model.save(HERE / "model.keras")
    export(HERE / "model.tflite")
'''
