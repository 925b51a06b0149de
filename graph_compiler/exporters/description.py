"""What an app developer must know of a network: inputs, outputs, ranges, what is done inside, what outside, decoding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.analysis.plan import End, InputPlan, OutputPlan, Plan
from graph_compiler.build.behind_tables import Behind
from graph_compiler.specs.tensors import Column, Tensor

_PIXELS = {1: "grey", 3: "red, green, blue"}
_THRESHOLDED = ("binary", "multilabel")


def describe(title: str, plan: Plan, engine: GraphEngine | None = None) -> dict[str, Any]:
    """What the whole takes and gives: names, shapes (first axis is the batch, null where free), dtypes, ranges, classes.

    With the analysis of the drawing also what noise is, and which preprocessing the file does by itself.
    """
    return {"name": title, "inputs": [input_json(i, engine) for i in plan.inputs],
            "outputs": [_output(o, plan) for o in plan.outputs]}


def _shape(tensor: Tensor) -> list[int | None]:
    return [None, *tensor.shape]


def input_json(planned: InputPlan, engine: GraphEngine | None = None) -> dict[str, Any]:
    """A column that goes in: what it is called, what it holds, what must happen to it before, what happens inside."""
    column = planned.tensor.column
    out: dict[str, Any] = {"name": planned.name, "shape": _shape(planned.tensor), "dtype": planned.tensor.dtype}
    if column is not None:
        out |= _column(column, planned.tensor)
    elif engine is not None and engine.graph.nodes[planned.end[0]].type == "Noise":
        uniform = engine.facts[planned.end[0]].values.get("distribution") == "uniform"
        out |= {"kind": "noise", "distribution": "uniform" if uniform else "normal",
                "outside": f"Random numbers, {'uniform from −1 to 1' if uniform else 'normal with mean 0 and deviation 1'}."}
        out |= {"range": [-1, 1]} if uniform else {}
    if engine is not None and (inside := list(_inside(engine, planned.end))):
        out["inside"] = inside
    return out


def _column(column: Column, tensor: Tensor) -> dict[str, Any]:
    told: dict[str, Any] = {"kind": column.kind}
    if column.kind in ("image", "video"):
        told["range"] = [0, 255]
    if column.classes:
        told["classes"] = list(column.classes)
    if column.vocabulary:
        told |= {"vocabulary": list(column.vocabulary), "tokeniser": column.tokeniser, "end": column.end}
    for name in ("channels", "unit", "summary"):
        if value := getattr(column, name):
            told[name] = list(value) if isinstance(value, tuple) else value
    told["outside"] = _outside(column, tensor)
    return told


def _outside(column: Column, tensor: Tensor) -> str:
    """What the app does before it calls the network."""
    shape = tensor.shape
    if column.kind in ("image", "video") and len(shape) >= 3:
        size = f"{shape[-2]}×{shape[-3]}" if shape[-2] and shape[-3] else "any size"
        what = "each frame" if column.kind == "video" else "the picture"
        channels = _PIXELS.get(shape[-1] or 0, f"{shape[-1]} channels")
        return f"Resize {what} to {size}; give its values as they are, 0 to 255, {channels}."
    if column.kind == "tokens" and column.tokeniser:
        what = "character" if column.tokeniser == "characters" else "word between blanks"
        end = f" Put {column.end} behind the last." if column.end else ""
        pad = f" Fill up to {shape[0]} with 0." if shape and shape[0] else ""
        return f"The place of each {what} in the vocabulary.{end}{pad}"
    if column.kind == "category":
        return "The place of the class in the list of classes."
    return "Raw values in their units; nothing is done to them before."


def _inside(engine: GraphEngine, end: End) -> Iterator[dict[str, Any]]:
    """Preprocessing layers that follow an input one by one: what the file does by itself."""
    while True:
        wires = [e for e in engine.graph.out_of(end[0]) if e.source_port == end[1]]
        found = [engine.facts[e.target] for e in wires if e.target in engine.facts]
        layers = [f for f in found if f.spec is not None and f.spec.kind in ("layer", "operation", "block")]
        if len(layers) != 1 or layers[0].spec is None or layers[0].spec.family != "preprocessing" or layers[0].node.muted:
            return
        facts = layers[0]
        yield {"layer": facts.node.type, "settings": plain(facts.values)}
        end = (facts.node.id, facts.ports_out[0].name if facts.ports_out else "out")


def describe_entries(behind: Behind, columns: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The inputs of a network that begins behind its lookups: columns as they are, and numbers with what they stand for."""
    known = {column["name"]: column for column in columns}
    rows = []
    for entry, tensor in zip(behind.entries, behind.model.inputs, strict=True):
        row: dict[str, Any] = {"name": entry.name, "shape": list(tensor.shape), "dtype": str(tensor.dtype)}
        if entry.layer is None:
            row = known[entry.name]
        else:
            kind = next(made.__name__ for made in type(entry.layer).__mro__ if made.__module__.startswith("keras."))
            row |= {"kind": "numbers", "made_by": kind, "settings": plain(entry.layer.get_config()),
                    "outside": f"What {kind} makes of the raw values; no runtime can do that."}
            row |= {"vocabulary": entry.vocabulary} if entry.vocabulary else {}
        rows.append(row)
    return rows


def plain(settings: Any) -> dict[str, Any]:
    """Settings that JSON can say, without what every layer has."""
    left_out = ("name", "dtype", "trainable", "vocabulary", "idf_weights", "vocabulary_size")
    return {key: value for key, value in settings.items() if key not in left_out
            and isinstance(value, (str, int, float, bool, list))}


def describe_model(title: str, model: Any, inputs: Sequence[str], outputs: Sequence[str]) -> dict[str, Any]:
    """The same of a Keras model that is a part of a drawing: names, shapes and dtypes."""
    def rows(names: Sequence[str], tensors: Any) -> list[dict[str, Any]]:
        return [{"name": name, "shape": list(tensor.shape), "dtype": str(tensor.dtype)}
                for name, tensor in zip(names, tensors, strict=True)]

    return {"name": title, "inputs": rows(inputs, model.inputs), "outputs": rows(outputs, model.outputs)}


def _output(planned: OutputPlan, plan: Plan) -> dict[str, Any]:
    out: dict[str, Any] = {"name": planned.name, "shape": _shape(planned.tensor), "dtype": planned.tensor.dtype}
    objective = next((o for o in plan.objectives if o.prediction == planned.end), None)
    decoding = planned.decoding
    if objective is not None:
        resolved = objective.resolved
        if resolved.classes:
            out["classes"] = list(resolved.classes)
        if decoding == "none" and resolved.task == "classification":
            decoding = "argmax"
        if resolved.task in ("classification", *_THRESHOLDED):
            out["scores"] = "logits" if resolved.arguments.get("from_logits") else "probabilities"
        if decoding == "none" and resolved.task in _THRESHOLDED:
            decoding = "threshold"
            out["threshold"] = 0.0 if out["scores"] == "logits" else 0.5
        column = objective.target_tensor.column
        if column is not None and column.unit:
            out["unit"] = column.unit
    if decoding == "argmax":
        out["axis"] = -1
    out["decoding"] = decoding
    return out
