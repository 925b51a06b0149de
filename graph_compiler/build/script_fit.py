"""A script for what Keras's `compile` and `fit` can do: losses against columns, nothing else."""

from __future__ import annotations

import json

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import ObjectivePlan
from graph_compiler.build.script_lines import (
    ONE,
    Column,
    Script,
    callback_lines,
    export_lines,
    head,
    learnt_lines,
    rate_lines,
    start_lines,
    starts,
)
from graph_compiler.build.source import Written
from graph_compiler.graph.ids import safe_names
from graph_compiler.graph.values import TrainingSettings


def fitted_script(analysis: Analyzer, settings: TrainingSettings, written: Written, rate: str) -> Script:
    """The script that compiles the model and fits it."""
    plan = analysis.plan
    names = safe_names([*(i.name for i in plan.inputs), *(o.target[1] for o in plan.objectives)])
    inputs, targets = tuple(names[:len(plan.inputs)]), tuple(names[len(plan.inputs):])
    columns = [Column(name, i.end) for name, i in zip(inputs, plan.inputs, strict=True)]
    columns += [Column(name, o.target, _wide(o)) for name, o in zip(targets, plan.objectives, strict=True)]
    restored = {o.restored_by: f"DATA[\"train_{name}\"]" for o, name in zip(plan.objectives, targets, strict=True)
                if o.restored_by}
    lines = [
        *head(written, settings), *_data(inputs, targets), *([] if not rate else rate_lines(settings)), *_CLASS.splitlines(),
        "", "", *ONE.splitlines(), "", *written.classes, "keras.utils.set_random_seed(SEED)", *written.model,
        *start_lines(analysis, "model"),
        *learnt_lines(analysis, restored, "one_or_tuple(rows(\"train\")[0])"), *written.compiled, "", "",
        *_training(settings), *export_lines(["sample = [x[:1] for x in rows(\"train\")[0]]"])]
    return Script("\n".join(lines), tuple(columns), starts=starts(analysis))


def _wide(plan: ObjectivePlan) -> bool:
    """Whether the target is one number where the prediction is a list of one."""
    return plan.prediction_tensor.rank == plan.target_tensor.rank + 1 and plan.prediction_tensor.shape[-1] == 1


def _data(inputs: tuple[str, ...], targets: tuple[str, ...]) -> list[str]:
    return [f"INPUTS, TARGETS = {json.dumps(inputs)}, {json.dumps(targets)}", "", "",
            "def rows(part):",
            '    """Inputs and targets of `train`, `validation` or `test`: two lists of arrays [rows, ...]."""',
            '    return [DATA[f"{part}_{name}"] for name in INPUTS], [DATA[f"{part}_{name}"] for name in TARGETS]', "", "",
            "STEPS = -(-len(rows(\"train\")[1][0]) // BATCH)", "", ""]


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
'''


def _training(settings: TrainingSettings) -> list[str]:
    return ["def train():", '    """Train as the run did; what each epoch came to is written to history.csv."""',
            "    batches = Batches(*rows(\"train\"))", "    inputs, targets = rows(\"validation\")",
            "    seen = (one_or_tuple(inputs), one_or_tuple(targets)) if len(targets[0]) else None", *callback_lines(settings),
            "    model.fit(batches, epochs=EPOCHS, shuffle=False, validation_data=seen, callbacks=callbacks, verbose=2)",
            "    inputs, targets = rows(\"test\")", "    if len(targets[0]):",
            "        print(\"test\", model.evaluate(one_or_tuple(inputs), one_or_tuple(targets), verbose=0, return_dict=True))",
            "", ""]
