"""The loop of a generated sequence in Swift: encoder once, then one step a token, each choice read for the next."""

from __future__ import annotations

from graph_compiler.exporters.snippets.subject import Subject, tensor_notes
from graph_compiler.exporters.snippets.swift import answer, called, given, opened, tokens_of, zeros


def loop(about: Subject) -> list[str]:
    """Greedy generation; `about` is the encoder, or the step itself where nothing is encoded."""
    sequence, step = about.sequence, about.step
    assert step is not None
    begins = not about.reads and bool(sequence.get("tokeniser"))
    out = ['let sequence = try told("step")["sequence"] as! [String: Any]',
           'let vocabulary = sequence["vocabulary"] as! [String]  // a token a place',
           f"let start: Int32 = {sequence['start']}, end: Int32 = {sequence['end']}, length = {sequence['length']}"]
    out += ["let env = try ORTEnv(loggingLevel: .warning)"] if about.kind == "onnx" else []
    out += [*opened("encoder", about), *tensor_notes(about, "//")] if about.encoder else []
    out += [*opened("step", step), *tensor_notes(step, "//")]
    out += ['let text = ""'] if begins or any(t.encoded for t in about.reads) else []
    for tensor in about.reads:
        outside = str(tensor.told.get("outside", ""))
        out += ["", f"// {tensor.sentence}", *([f"// {outside}"] if outside else []),
                given(tensor, f'words(sequence["reads"], "{tensor.name}")')]
    if begins:
        tokens = tokens_of(sequence["tokeniser"])
        out += ["", "// the text that is gone on from",
                f"let begin = encode({tokens}, vocabulary, end: 0, length: nil).filter {{ $0 > 0 }}"]
    if about.encoder:
        out += ["", *called("encoder", "encoded", about, {t.name: t.variable for t in about.inputs})]
        out += [f"let {o.variable}Out = {answer('encoder', 'encoded', about, o)}" for o in about.outputs]
    sources = {o.name: f"{o.variable}Out" for o in about.outputs} if about.encoder else {}
    sources |= {t.name: t.variable for t in about.reads}
    shapes = {t.name: t for t in step.inputs}
    firsts = [f"var {shapes[name].variable}State = "
              + (zeros(shapes[name]) if state["first"] == "zeros" else sources[state["first"]])
              for name, state in sequence["states"].items()]
    return [*out, "", *firsts, "var tokens: [Int32] = []", "for place in 0..<length {",
            *(f"    {line}" for line in _step(about, step, sources, begins)), "}", _text(about)]


def _step(about: Subject, step: Subject, sources: dict[str, str], begins: bool) -> list[str]:
    sequence, shapes = about.sequence, {t.name: t for t in step.inputs}
    lead = sorted((t for t in step.inputs if t.name not in sequence["states"] and t.name not in sequence["context"]),
                  key=lambda t: len(t.shape), reverse=True)
    feeds = {name: f"{shapes[name].variable}State" for name in sequence["states"]}
    feeds |= {name: sources[origin] for name, origin in sequence["context"].items()}
    if sequence["form"] == "state":
        out = ["let last = [tokens.last ?? start]"]
        feeds[lead[0].name] = "last"
    else:
        out = ["let before = Array(([start] + tokens + [Int32](repeating: 0, count: length)).prefix(length))"]
        feeds |= {lead[0].name: "before", lead[1].name: "[Int32(place)]"}
    out += called("step", "found", step, feeds)
    scores = step.outputs[0]
    out += [f"var scores = {answer('step', 'found', step, scores)}  // {scores.name}", "scores[0] = -.infinity",
            "scores[Int(start)] = -.infinity"]
    best = "Int32(scores.indices.max { scores[$0] < scores[$1] }!)"
    out += [f"tokens.append({f'place < begin.count ? begin[place] : {best}' if begins else best})"]
    out += ["if tokens.last == end { break }"] if sequence["end"] else []
    return [*out, *(f"{shapes[name].variable}State = {answer('step', 'found', step, step.output(state['from']))}"
                    for name, state in sequence["states"].items())]


def _text(about: Subject) -> str:
    joint = " " if about.sequence.get("tokeniser") == "words" else ""
    shown = "tokens.filter { ![0, start, end].contains($0) }.map { vocabulary[Int($0)] }"
    return f'print({shown}.joined(separator: "{joint}"))'
