"""Lines of Python. They run as they stand in the folder of the files; a text may be given as an argument."""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from typing import Any

from graph_compiler.exporters.snippets.subject import Subject, Tensor, tensor_notes

_IMPORTS = {"tflite": "from ai_edge_litert.interpreter import Interpreter", "onnx": "import onnxruntime",
            "keras": "import keras", "savedmodel": "import tensorflow as tf"}
UNKNOWN = "‹unknown›"
_REST = "**"
"""In place of a name: everything that a dict holds."""


def lines(about: Subject) -> str:
    """A script."""
    read = [t for t in (about.reads if about.sequence else about.inputs) if t.encoded]
    begins = bool(about.sequence) and not about.reads and bool(about.sequence.get("tokeniser"))
    labels = [o for o in about.outputs if o.told.get("labels")] if not about.sequence else []
    standard = [name for name, used in (("json", read or about.sequence), ("sys", read or begins)) if used]
    head = [*(f"import {name}" for name in standard), *([""] if standard else []), "import numpy as np", _IMPORTS[about.kind]]
    if about.custom:
        head.append("from graph_compiler.layers.custom.registry import custom_class")
    body = [""]
    if read or begins:
        body.append('text = sys.argv[1] if len(sys.argv) > 1 else ""')
    if read or about.sequence:
        body.append('told = {part["name"]: part for part in json.load(open("model.json", encoding="utf-8"))["parts"]}')
    body += [f'{_list_of(n)} = np.array(open("{o.told["labels"]}", encoding="utf-8").read().splitlines())'
             for n, o in enumerate(labels)]
    code = _loop(about) if about.sequence else _once(about, labels)
    return "\n".join([*head, *body, *code]) + "\n"


# One call.


def _once(about: Subject, labels: Sequence[Tensor]) -> list[str]:
    part = about.part
    out = [*_opened("net", about)]
    out += ["rng = np.random.default_rng(0)"] if any(t.told.get("kind") == "noise" for t in about.inputs) else []
    for tensor in about.inputs:
        out += ["", f"# {tensor.sentence}", *_given(tensor, f'told["{part}"]["inputs"]')]
    feeds = [(t.name, t.variable) for t in about.inputs]
    out += ["", f"found = {_called('net', about, feeds)}"]
    for tensor in about.outputs:
        out.append(f"# {tensor.sentence}")
        out.append(_shown(tensor, next((_list_of(n) for n, o in enumerate(labels) if o is tensor), "")))
    return out


def _list_of(number: int) -> str:
    """The variable that holds the labels of the so-manieth output that has some."""
    return f"labels_{number}" if number else "labels"


def _given(tensor: Tensor, where: str) -> list[str]:
    """An array for one input: the text that was given, else zeros."""
    if tensor.encoded:
        return _encoded(tensor.variable, tensor, f'next(i for i in {where} if i["name"] == "{tensor.name}")["vocabulary"]')
    if tensor.told.get("kind") == "noise":
        draw = "uniform(-1, 1, " if tensor.told.get("distribution") == "uniform" else "normal(0, 1, "
        out = [f'{tensor.variable} = rng.{draw}{tensor.one}).astype("float32")']
    else:
        out = [f'{tensor.variable} = np.zeros({tensor.one}, "{tensor.dtype if tensor.scale is None else "float32"}")']
    if tensor.scale is not None:
        return [*out,
                f'{tensor.variable} = np.clip(np.round({tensor.variable} / {tensor.scale!r}) + {tensor.zero_point}, -128, 127)'
                f'.astype("{tensor.dtype}")']
    return out


def _encoded(variable: str, tensor: Tensor, vocabulary: str) -> list[str]:
    told, length = tensor.told, tensor.shape[1]
    out = [f"known = {{token: place for place, token in enumerate({vocabulary})}}", *_ids(told)]
    if told.get("end"):
        out.append(f"ids += [{told['end']}]")
    if length is None:
        return [*out, f'{variable} = np.array([ids or [0]], "{tensor.dtype}")']
    return [*out, f'{variable} = np.zeros([1, {length}], "{tensor.dtype}")', f"{variable}[0, :len(ids)] = ids[:{length}]"]


def _ids(told: Any) -> list[str]:
    tokens = "text.split()" if told["tokeniser"] == "words" else "text"
    if UNKNOWN in told["vocabulary"]:
        return [f'ids = [known.get(token, known["{UNKNOWN}"]) for token in {tokens}]']
    return [f"ids = [known[token] for token in {tokens} if token in known]"]


def _shown(tensor: Tensor, labels: str) -> str:
    told, value = tensor.told, f'found["{tensor.name}"][0]'
    if tensor.scale is not None:
        value = f'({tensor.scale!r} * (found["{tensor.name}"][0].astype("float32") - {tensor.zero_point}))'
    decoding = told.get("decoding")
    if decoding == "argmax":
        best = f"np.argmax({value}, axis=-1)"
        shown = f"{labels}[{best}]" if labels else best
        if len(tensor.shape) > 3:  # a class a pixel: how many pixels there are of each
            found = f"zip(*np.unique({shown}, return_counts=True))"
            shown = f"{{str(name): int(count) for name, count in {found}}}"
    elif decoding == "threshold":
        yes = f"{value} > {told['threshold']:g}"
        shown = yes
        if labels and tensor.count == len(told["classes"]):
            shown = f"{labels}[{yes}]"
        elif labels and tensor.count == 1 and len(told["classes"]) == 2:
            shown = f"{labels}[({yes}).astype(int)]"
    else:
        shown = value if tensor.count <= 64 else f"{value}.shape"
    return f"print({shown})" + (f"  # {told['unit']}" if told.get("unit") else "")


# Runtimes.


def _opened(name: str, about: Subject) -> list[str]:
    file = about.file
    if about.kind == "tflite":
        return [f'{name} = Interpreter("{file}").get_signature_runner()']
    if about.kind == "onnx":
        return [f'{name} = onnxruntime.InferenceSession("{file}")']
    if about.kind == "keras":
        if about.custom:
            classes = ", ".join(f'"{c}"' for c in about.custom)
            return [f"custom = {{name: custom_class(keras, name) for name in ({classes},)}}",
                    f'{name} = keras.saving.load_model("{file}", custom_objects=custom, compile=False)']
        return [f'{name} = keras.saving.load_model("{file}", compile=False)']
    return [f'{name}_file = tf.saved_model.load("{file}")', f'{name} = {name}_file.signatures["serving_default"]']


def _called(name: str, about: Subject, feeds: list[tuple[str, str]]) -> str:
    """A dict of arrays by output name."""
    given = ", ".join(value if key == _REST else f'"{key}": {value}' for key, value in feeds)
    names = [o.name for o in about.outputs]
    if about.kind == "tflite":
        if any(keyword.iskeyword(key) for key, _ in feeds):
            return f"{name}(**{{{given}}})"
        return f"{name}({', '.join(value if key == _REST else f'{key}={value}' for key, value in feeds)})"
    if about.kind == "onnx":
        return f"dict(zip({names}, {name}.run({names}, {{{given}}})))"
    if about.kind == "keras":
        values = ", ".join(value for _, value in feeds)
        given = f"[{values}]" if len(feeds) > 1 else values
        made = f"{name}({given}, training=False)"  # else layers of augmentation bring training with them
        got = f"[{made}]" if len(names) == 1 else made
        return f"dict(zip({names}, map(np.asarray, {got})))"
    made = f"{name}(**{{key: tf.constant(value) for key, value in {{{given}}}.items()}})"
    return f"{{key: np.asarray(value) for key, value in {made}.items()}}"


# The loop.


def _loop(about: Subject) -> list[str]:
    sequence, step = about.sequence, about.step
    assert step is not None
    out = ['sequence = told["step"]["sequence"]', 'vocabulary = sequence["vocabulary"]',
           f"START, END, LENGTH = {sequence['start']}, {sequence['end']}, {sequence['length']}"]
    out += [*_opened("encode", about), *tensor_notes(about, "#")] if about.encoder else []
    out += [*_opened("step", step), *tensor_notes(step, "#")]
    for tensor in about.reads:
        where = f'next(i for i in sequence["reads"] if i["name"] == "{tensor.name}")["vocabulary"]'
        out += ["", f"# {tensor.sentence}"]
        out += _encoded(tensor.variable, tensor, where) if tensor.encoded else _given(tensor, "")
    begins = not about.reads and bool(sequence.get("tokeniser"))
    if begins:
        out += ["", "# the text that is gone on from", "known = {token: place for place, token in enumerate(vocabulary)}",
                *_ids(sequence), "begin = [i for i in ids if i][:LENGTH]"]
    out.append("")
    if about.encoder:
        out.append(f"made = {_called('encode', about, [(t.name, t.variable) for t in about.inputs])}")
    shapes = {t.name: t for t in step.inputs}
    columns = {t.name: t.variable for t in about.reads}
    firsts = [f'    "{name}": ' + (f'np.zeros({shapes[name].one}, "float32"),' if state["first"] == "zeros"
                                   else f'made["{state["first"]}"],') for name, state in sequence["states"].items()]
    context = [f'    "{name}": ' + columns.get(source, f'made["{source}"]') + ","
               for name, source in sequence["context"].items()]
    out += ["given = {", *firsts, *context, "}", "tokens = []", "for place in range(LENGTH):"]
    lead = [t for t in step.inputs if t.name not in sequence["states"] and t.name not in sequence["context"]]
    lead.sort(key=lambda t: len(t.shape), reverse=True)
    if sequence["form"] == "state":
        out.append('    last = np.array([tokens[-1:] or [START]], "int32")')
        feeds = [(lead[0].name, "last")]
    else:
        out += ['    before = np.zeros([1, LENGTH], "int32")', "    before[0, :place + 1] = [START, *tokens]"]
        feeds = [(lead[0].name, "before"), (lead[1].name, 'np.array([place], "int32")')]
    rest = [*sequence["states"], *sequence["context"]]
    if step.kind == "keras":  # which knows them by their order
        ordered = {**dict(feeds), **{name: f'given["{name}"]' for name in rest}}
        feeds = [(t.name, ordered[t.name]) for t in step.inputs]
    elif rest:
        feeds.append((_REST, "**given"))
    out.append(f"    found = {_called('step', step, feeds)}")
    out += [f'    scores = np.array(found["{step.outputs[0].name}"][0])', "    scores[[0, START]] = -np.inf"]
    choice = "int(np.argmax(scores))"
    out.append(f"    tokens.append({f'begin[place] if place < len(begin) else {choice}' if begins else choice})")
    if sequence["end"]:
        out += ["    if tokens[-1] == END:", "        break"]
    out += [f'    given["{name}"] = found["{state["from"]}"]' for name, state in sequence["states"].items()]
    joint = " " if sequence.get("tokeniser") == "words" else ""
    marks = "(0, START, END)" if sequence["end"] else "(0, START)"
    return [*out, f'print("{joint}".join(vocabulary[i] for i in tokens if i not in {marks}).replace("{UNKNOWN}", "�"))']
