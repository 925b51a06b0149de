"""A script whose training is a class with a step of its own, and the generation of a sequence where the drawing has one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End
from graph_compiler.build.script_contest import contest_class
from graph_compiler.build.script_lines import (
    ONE,
    Column,
    Script,
    adaptive,
    callback_lines,
    export_lines,
    head,
    learnt_lines,
    rate_lines,
    start_lines,
    starts,
)
from graph_compiler.build.script_step import Taught, sum_class
from graph_compiler.build.source import Written, optimizer_text
from graph_compiler.build.source_layers import several
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.values import OptimizerSettings, TrainingSettings

MEASURED = 128
"""Least rows a batch when the runs measure; means over places that count depend on it."""


def taught_script(analysis: Analyzer, settings: TrainingSettings, written: Written, rate: str) -> Script:
    """The script of a drawing whose objectives read more than the outputs of its model."""
    plan, facts = analysis.plan, analysis.engine.facts
    ends = list(dict.fromkeys([*written.inputs, *(o.target for o in plan.objectives if _is_column(analysis, o.target))]))
    names = dict(zip(ends, safe_names([written.inputs.get(end, end[1]) for end in ends]), strict=True))
    noise = [end for end in ends if not hasattr(facts[end[0]].spec, "dataset")]
    drawn = {names[end]: _drawn(facts[end[0]].values, number) for number, end in enumerate(noise)}
    taught = Taught(analysis, written, names)
    models, classes = contest_class(taught, settings, drawn, bool(rate)) if plan.contests else sum_class(taught)
    taken = several(f'rows("train")["{names[i.end]}"]' for i in plan.inputs if i.end not in noise)
    restored = {o.restored_by: f'DATA["train_{names[o.target]}"]' + ("[..., None]" if o.target_tensor.rank
                < o.prediction_tensor.rank else "") for o in plan.objectives if o.restored_by}
    lines = [
        *head(written, settings), "", "", *_rows(list(names.values())).splitlines(), "", "",
        *([] if not rate else rate_lines(settings)), *_CLASS.splitlines(), "", "", *ONE.splitlines(), "",
        *taught.metric_classes(), *written.classes, "keras.utils.set_random_seed(SEED)", *written.model, *models,
        *start_lines(analysis, "judged" if plan.contests else "seen"),
        *(learnt_lines(analysis, restored, taken) if adaptive(analysis) else [""]), "", *classes,
        *_training(settings, rate, bool(plan.contests)), *_generation(taught),
        *export_lines(_sample([names[i.end] for i in plan.inputs], bool(noise)), _last(taught))]
    columns = tuple(Column(names[end], end, drawn=end in noise) for end in ends)
    return Script("\n".join(lines), columns, _vocabulary(taught), starts(analysis))


def _is_column(analysis: Analyzer, end: End) -> bool:
    return hasattr(analysis.engine.facts[end[0]].spec, "dataset")


def _drawn(values: Mapping[str, Any], number: int) -> str:
    """The text that draws noise as the runs do: `seed` is that of the phase and the step."""
    seed = f"seed + {1000 * (number + 1)}"
    if values["distribution"] == "uniform":
        return f"tf.random.stateless_uniform([rows, {values['dim']}], {seed}, -1.0, 1.0)"
    return f"tf.random.stateless_normal([rows, {values['dim']}], {seed})"


# The rows.


def _rows(names: list[str]) -> str:
    return f'''def rows(part):
    """Columns of `train`, `validation` or `test` by name: arrays [rows, ...]. Noise for training is drawn in each step."""
    return {{name: DATA[f"{{part}}_{{name}}"] for name in {json.dumps(names)} if f"{{part}}_{{name}}" in DATA}}


COUNT = {{part: len(next(iter(rows(part).values()))) for part in ("train", "validation", "test")}}
STEPS = -(-COUNT["train"] // BATCH)'''


_CLASS = '''class Batches(keras.utils.PyDataset):
    """Rows in batches, a dict of columns each; those of training in an order of their own in each epoch."""

    def __init__(self, part, size, shuffled=False):
        super().__init__()
        self.rows, self.size, self.shuffled, self.count = rows(part), size, shuffled, COUNT[part]
        self.shuffle(0)

    def shuffle(self, epoch):
        every = np.arange(self.count)
        self.order = np.random.default_rng((SEED, epoch, 0, 0)).permutation(every) if self.shuffled else every

    def __len__(self):
        return -(-self.count // self.size)

    def __getitem__(self, number):
        chosen = self.order[number * self.size:(number + 1) * self.size]
        return ({name: values[chosen] for name, values in self.rows.items()},)'''


# Training.


def _training(settings: TrainingSettings, rate: str, contest: bool) -> list[str]:
    optimizer = optimizer_text(settings.optimizers.get("") or OptimizerSettings(), rate)
    compiled = ["    training.compile(jit_compile=False)  # each phase has an optimiser of its own"] if contest else [
        f"    training.compile(optimizer={optimizer}, jit_compile=False)"]
    return ["def train():", '    """Train as the run did; what each epoch came to is written to history.csv."""',
            "    training = Training()", *compiled, '    batches = Batches("train", BATCH, SHUFFLE)',
            f"    measured = max(BATCH, {MEASURED})",
            '    seen = Batches("validation", measured) if COUNT["validation"] else None', *callback_lines(settings),
            "    training.fit(batches, epochs=EPOCHS, shuffle=False, validation_data=seen, callbacks=callbacks, verbose=2)",
            *(["    training.take_averages()"] if contest else []), '    if COUNT["test"]:',
            '        print("test", training.evaluate(Batches("test", measured), verbose=0, return_dict=True))', "", ""]


def _sample(names: list[str], noisy: bool) -> list[str]:
    batch = '{**rows("train"), **draw(1, tf.constant([SEED, 0]))}' if noisy else 'rows("train")'
    return [f"batch = {batch}", f"sample = [np.asarray(batch[name][:1]) for name in {json.dumps(names)}]"]


# A generated sequence.


def _generates(taught: Taught) -> bool:
    plan = taught.plan
    return plan.sequence is not None and [o.end for o in plan.outputs] == [plan.sequence.prediction]


def _vocabulary(taught: Taught) -> tuple[str, ...]:
    sequence = taught.plan.sequence
    if sequence is None or not _generates(taught):
        return ()
    column = next(o for o in taught.plan.objectives if o.node == sequence.objective).target_tensor.column
    return tuple(column.vocabulary) if column is not None else ()


def _generation(taught: Taught) -> list[str]:
    """A function that lets the trained model write by itself."""
    sequence = taught.plan.sequence
    if sequence is None or not _generates(taught):
        return []
    given = {i.end: "tokens" if i.end == sequence.column else taught.columns[i.end] for i in taught.plan.inputs}
    stop = ["        if tokens[0, place] == " + f"{sequence.end}:", "            break"] if sequence.end else []
    return [f"def generate({', '.join(name for name in given.values() if name != 'tokens')}):",
            '    """The likeliest token again and again; each is read for the next. 0 is behind the last."""',
            f'    tokens = np.zeros([1, {sequence.length}], "int32")',
            "    say = tf.function(lambda given: model(given, training=False), autograph=False)",
            f"    for place in range({sequence.length}):",
            f"        scores = np.array(say({several(given.values())}))[0, place]",
            f"        scores[[0, {sequence.start}]] = -np.inf  # padding and the mark of the beginning are no tokens",
            "        tokens[0, place] = scores.argmax()", *stop, "    return tokens[0]", "", ""]


def _last(taught: Taught) -> list[str]:
    sequence = taught.plan.sequence
    if sequence is None or not _generates(taught):
        return []
    given = ", ".join(f'rows("train")["{taught.columns[i.end]}"][:1]' for i in taught.plan.inputs if i.end != sequence.column)
    return [f"made = generate({given})", 'print("generated", [str(DATA["vocabulary"][token]) for token in made if token])']
