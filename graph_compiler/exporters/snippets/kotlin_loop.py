"""The loop of a generated sequence in Kotlin: encoder once, then one step a token, each choice read for the next."""

from __future__ import annotations

from graph_compiler.exporters.snippets.kotlin import array, fed, given, kind, quoted, tokens_of
from graph_compiler.exporters.snippets.subject import Subject, Tensor, tensor_notes


def loop(about: Subject) -> list[str]:
    """Greedy generation; `about` is the encoder, or the step itself where nothing is encoded."""
    sequence, step = about.sequence, about.step
    assert step is not None
    begins = not about.reads and bool(sequence.get("tokeniser"))
    out = ['val sequence = told("step").getJSONObject("sequence")',
           'val vocabulary = words(sequence.getJSONArray("vocabulary"))  // a token a place',
           f"val start = {sequence['start']}", f"val end = {sequence['end']}{'' if sequence['end'] else '  // none'}",
           f"val length = {sequence['length']}  // at most"]
    out += ["val env = OrtEnvironment.getEnvironment()"] if about.kind == "onnx" else []
    out += [_opened("encoder", about), *tensor_notes(about, "//")] if about.encoder else []
    out += [_opened("step", step), *tensor_notes(step, "//")]
    out += ['val text = ""'] if begins or any(t.encoded for t in about.reads) else []
    for tensor in about.reads:
        outside = str(tensor.told.get("outside", ""))
        where = f'words(sequence.getJSONArray("reads"), "{tensor.name}", "vocabulary")'
        out += [f"// {tensor.sentence}", *([f"// {outside}"] if outside else []), *given(about, tensor, where)]
    if begins:
        tokens = tokens_of(sequence["tokeniser"])
        out += ["// the text that is gone on from",
                f"val begin = encode({tokens}, vocabulary, 0, null).filter {{ it > 0 }}.take(length)"]
    if about.encoder:
        feeds = ", ".join(f"{quoted(t)} to {fed(about, t)}" for t in about.inputs)
        out.append(f"val encoded = {_called('encoder', about, f'mapOf({feeds})')}")
    return [*out, *_first(about, step), "val tokens = mutableListOf<Int>()", "for (place in 0 until length) {",
            *(f"    {line}" for line in _step(about, step, begins)), "}", _text(about)]


def _opened(name: str, about: Subject) -> str:
    if about.kind == "onnx":
        return f'val {name} = env.createSession("{about.file}")'
    return f'val {name} = Interpreter(File("{about.file}"))'


def _called(name: str, about: Subject, feeds: str) -> str:
    if about.kind == "onnx":
        return f"{name}.call(env, {feeds})"
    return f"{name}.call({feeds}, mapOf({', '.join(f'{quoted(o)} to {array(o)}' for o in about.outputs)}))"


def _first(about: Subject, step: Subject) -> list[str]:
    """What the step gets at first: states, and what stays the same."""
    sequence, shapes, columns = about.sequence, {t.name: t for t in step.inputs}, {t.name: t for t in about.reads}

    def source(name: str) -> str:
        return fed(about, columns[name]) if name in columns else f'encoded["{name}"]!!'

    states = [(name, array(shapes[name]) if state["first"] == "zeros" else source(state["first"]))
              for name, state in sequence["states"].items()]
    fixed = [(name, source(origin)) for name, origin in sequence["context"].items()]
    if not states and not fixed:
        return ["val given = mutableMapOf<String, Any>()"]
    return ["val given = mutableMapOf<String, Any>(", *(f'    "{name}" to {value},' for name, value in (*states, *fixed)), ")"]


def _step(about: Subject, step: Subject, begins: bool) -> list[str]:
    sequence = about.sequence
    lead = sorted((t for t in step.inputs if t.name not in sequence["states"] and t.name not in sequence["context"]),
                  key=lambda t: len(t.shape), reverse=True)
    if sequence["form"] == "state":
        out = [f'given["{lead[0].name}"] = arrayOf(intArrayOf(tokens.lastOrNull() ?: start))']
    else:
        before = "if (it == 0) start else tokens.getOrElse(it - 1) { 0 }"
        out = [f'given["{lead[0].name}"] = arrayOf(IntArray(length) {{ {before} }})',
               f'given["{lead[1].name}"] = intArrayOf(place)']
    scores: Tensor = step.outputs[0]
    best = "scores.indices.filter { it != 0 && it != start }.maxByOrNull { scores[it] }!!"
    out += [f"val found = {_called('step', step, 'given')}",
            f'val scores = (found["{scores.name}"] as {kind(scores)})[0]',
            f"tokens += {f'begin.getOrElse(place) {{ {best} }}' if begins else best}"]
    out += ["if (tokens.last() == end) break"] if sequence["end"] else []
    return [*out, *(f'given["{name}"] = found["{state["from"]}"]!!' for name, state in sequence["states"].items())]


def _text(about: Subject) -> str:
    joint = " " if about.sequence.get("tokeniser") == "words" else ""
    return f'println(tokens.filter {{ it !in listOf(0, start, end) }}.joinToString("{joint}") {{ vocabulary[it] }})'
