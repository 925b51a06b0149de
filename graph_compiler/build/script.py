"""One readable script that trains a drawing again and exports it: the model, its rows, the training, the file.

The rows lie beside it as `data.npz` (`train_image`, `test_label` ...), split as the run split them. Nothing here needs Keras.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.facts import Facts
from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.build.problems import BuildProblem
from graph_compiler.build.source import Written, written_drawing
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.model import Document
from graph_compiler.graph.values import ScheduleSettings, TrainingSettings
from graph_compiler.layers.metric_rules import OWN
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.registry import Registry
from graph_compiler.specs.schedules import check_schedule

_INSTEAD = "Show as Python writes the model; train it with a loop of your own."


@dataclass(frozen=True)
class Script:
    """The text, and what of the rows it reads: names of inputs and targets, in the order of the model's own."""

    text: str
    inputs: tuple[str, ...]
    targets: tuple[str, ...]


def python_script(document: Document, registry: Registry, analysis: Analyzer | None = None) -> Script:
    """The script of a drawing. BuildProblem for what Keras's `fit` cannot do in a few lines."""
    analysis = analysis or Analyzer(document, registry)
    settings, plan = document.training, analysis.plan
    moving = settings.schedule.kind != "constant" or settings.schedule.warmup_epochs > 0
    rate = "Rate()" if moving and settings.schedule.kind != "plateau" else ""
    written = written_drawing(document, registry, analysis, rate)
    _refuse(analysis, settings, written)
    names = safe_names([*(i.name for i in plan.inputs), *(o.target[1] for o in plan.objectives)])
    inputs, targets = tuple(names[:len(plan.inputs)]), tuple(names[len(plan.inputs):])
    about = f'"""{written.title}: train it again, and export it. Made by Netloom; the rows are in data.npz."""'
    lines = [
        about, "", *_IMPORTS, "", *_numbers(settings), "", *_data(inputs, targets), *([] if not rate else _rate(settings)),
        *_CLASS.splitlines(), "", *written.classes, "keras.utils.set_random_seed(SEED)", *written.model,
        *_learnt(analysis, targets), *written.compiled, "", "", *_training(settings), *_EXPORT.splitlines(), ""]
    return Script("\n".join(lines), inputs, targets)


def _refuse(analysis: Analyzer, settings: TrainingSettings, written: Written) -> None:
    """What the script cannot do, in words."""
    plan = analysis.plan
    reasons = {
        "it is trained by more than losses against columns": plan.trainer != "supervised" or len(plan.phases) != 1
        or bool(plan.terms) or bool(plan.sequence) or not written.compiled,
        "a target is computed by the drawing itself": any(o.target not in _columns(analysis) for o in plan.objectives),
        "the rows of several sources are shuffled apart": len({e for e, _ in _columns(analysis)}) > 1,
        "places of its target are left out": any(_padded(o) for o in plan.objectives),
        "its metrics are the program's own": any(kind in OWN for o in plan.objectives for _, kind, _ in o.resolved.metrics),
        "it has penalties on every kernel": bool(settings.l1 or settings.l2),
        "its classes are balanced": settings.class_weights != "none",
        "layers are trained by optimisers of their own": len(settings.optimizers) > 1,
        "some layers change several tensors alike in training": any("acts in training only" in line for line in written.model),
        "it looks words up, or learns its bins": bool(_others(analysis)),
    }
    if reason := next((words for words, holds in reasons.items() if holds), ""):
        raise BuildProblem("", f"This drawing has no script that trains it: {reason}.", _INSTEAD)


def _columns(analysis: Analyzer) -> set[tuple[str, str]]:
    """Columns of sources that the drawing reads or compares with."""
    sources = set(analysis.plan.sources)
    ends = [*(i.end for i in analysis.plan.inputs), *(o.target for o in analysis.plan.objectives)]
    return {end for end in ends if end[0] in sources}


def _padded(plan: ObjectivePlan) -> bool:
    column = plan.target_tensor.column
    return column is not None and column.kind == "tokens" and plan.target_tensor.is_integer


def _adaptive(analysis: Analyzer) -> list[Facts]:
    """Everything that learns from rows before training, in order."""
    return [facts for facts in analysis.all_facts() if facts.path.partition(".")[0] in analysis.plan.live
            and isinstance(facts.spec, LayerSpec) and facts.spec.adapts and not facts.node.muted]


def _others(analysis: Analyzer) -> list[Facts]:
    """What learns otherwise than by mean and variance, or inside a block."""
    return [facts for facts in _adaptive(analysis) if facts.node.type != "Normalization" or "." in facts.path]


# The lines.

_IMPORTS = ["from pathlib import Path", "", "import keras", "import numpy as np", "import tensorflow as tf"]


def _numbers(settings: TrainingSettings) -> list[str]:
    numbers = (settings.seed, settings.epochs, settings.batch_size, settings.shuffle)
    return ["HERE = Path(__file__).parent", f"SEED, EPOCHS, BATCH, SHUFFLE = {', '.join(map(repr, numbers))}"]


def _data(inputs: tuple[str, ...], targets: tuple[str, ...]) -> list[str]:
    return [f"INPUTS, TARGETS = {list(inputs)!r}, {list(targets)!r}", "DATA = dict(np.load(HERE / \"data.npz\"))", "", "",
            "def rows(part):",
            '    """Inputs and targets of `train`, `validation` or `test`: two lists of arrays [rows, ...]."""',
            '    return [DATA[f"{part}_{name}"] for name in INPUTS], [DATA[f"{part}_{name}"] for name in TARGETS]', "", "",
            "STEPS = -(-len(rows(\"train\")[1][0]) // BATCH)", "", ""]


def _rate(settings: TrainingSettings) -> list[str]:
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


_CLASS = '''class Batches(keras.utils.PyDataset):
    """Training rows in batches, in an order of their own in each epoch."""

    def __init__(self, inputs, targets):
        super().__init__()
        self.inputs, self.targets = inputs, targets
        self.shuffle(0)

    def shuffle(self, epoch):
        count = len(self.targets[0])
        self.order = np.random.default_rng((SEED, epoch, 0, 0)).permutation(count) if SHUFFLE else np.arange(count)

    def __len__(self):
        return STEPS

    def __getitem__(self, number):
        chosen = self.order[number * BATCH:(number + 1) * BATCH]
        return one_or_tuple([x[chosen] for x in self.inputs]), one_or_tuple([y[chosen] for y in self.targets])


def one_or_tuple(arrays):
    """Keras takes one array as it is, several as a tuple."""
    return arrays[0] if len(arrays) == 1 else tuple(arrays)

'''


def _learnt(analysis: Analyzer, targets: tuple[str, ...]) -> list[str]:
    """Lines that let Normalization layers look at the training rows, in order, before anything is traced."""
    restored = {o.restored_by: target for o, target in zip(analysis.plan.objectives, targets, strict=True) if o.restored_by}
    lines = []
    for facts in _adaptive(analysis):
        name = json.dumps(facts.node.id)
        if facts.values.get("mean") is not None:
            continue
        if facts.node.id in restored:
            lines.append(f"model.get_layer({name}).adapt(DATA[\"train_{restored[facts.node.id]}\"])")
        else:
            lines += [f"layer = model.get_layer({name})",
                      "before = keras.Model(model.inputs, layer.input)",
                      "layer.adapt(before.predict(one_or_tuple(rows(\"train\")[0]), verbose=0))"]
    return ["", "# Mean and variance of the training rows.", *lines, ""] if lines else [""]


def _training(settings: TrainingSettings) -> list[str]:
    callbacks = ["keras.callbacks.LambdaCallback(on_epoch_begin=lambda epoch, logs: batches.shuffle(epoch))",
                 'keras.callbacks.CSVLogger(HERE / "history.csv")']
    if (stop := settings.early_stopping) is not None:
        callbacks.append(f"keras.callbacks.EarlyStopping(monitor={json.dumps(stop.monitor)}, patience={stop.patience}, "
                         f"min_delta={stop.min_delta!r}, restore_best_weights=True)")
    if settings.schedule.kind == "plateau":
        v = check_schedule(settings.schedule)
        callbacks.append(f"keras.callbacks.ReduceLROnPlateau(monitor={json.dumps(v['monitor'])}, factor={v['factor']!r}, "
                         f"patience={v['patience']}, min_delta={v['min_delta']!r}, min_lr={v['minimum']!r})")
    listed = ["    callbacks = [", *(f"        {one}," for one in callbacks), "    ]"]
    return ["def train():", '    """Train as the run did; what each epoch came to is written to history.csv."""',
            "    batches = Batches(*rows(\"train\"))", "    inputs, targets = rows(\"validation\")",
            "    seen = (one_or_tuple(inputs), one_or_tuple(targets)) if len(targets[0]) else None", *listed,
            "    model.fit(batches, epochs=EPOCHS, shuffle=False, validation_data=seen, callbacks=callbacks, verbose=2)",
            "    inputs, targets = rows(\"test\")", "    if len(targets[0]):",
            "        print(\"test\", model.evaluate(one_or_tuple(inputs), one_or_tuple(targets), verbose=0, return_dict=True))",
            "", ""]


_EXPORT = '''def export(path):
    """Write the trained model for phones: one sample a call, all weights inside; then see that it says the same."""
    from ai_edge_litert.interpreter import Interpreter
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    shapes = [tf.TensorSpec([1, *x.shape[1:]], x.dtype, name=x.name) for x in model.inputs]
    function = tf.function(lambda *x: model(one_or_tuple(x), training=False), input_signature=shapes, autograph=False)
    frozen = convert_variables_to_constants_v2(function.get_concrete_function())
    path.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([frozen], model).convert())

    net = Interpreter(str(path))
    net.allocate_tensors()
    sample = [x[:1] for x in rows("train")[0]]
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
