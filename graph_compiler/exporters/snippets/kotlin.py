"""Lines of Kotlin for Android: LiteRT through its named signature, ONNX Runtime through its session."""

from __future__ import annotations

from graph_compiler.exporters.snippets.subject import Subject, Tensor

_ARRAYS = {"float32": "FloatArray", "int32": "IntArray", "int64": "LongArray", "uint8": "ByteArray", "int8": "ByteArray",
           "bool": "BooleanArray", "float64": "DoubleArray", "int16": "ShortArray"}
_BYTES = {"float32": 4, "int32": 4, "int64": 8, "uint8": 1, "int8": 1, "bool": 1, "float64": 8, "int16": 2}
_ONNX = {"float32": "FLOAT", "int32": "INT32", "int64": "INT64", "uint8": "UINT8", "int8": "INT8", "bool": "BOOL",
         "float64": "DOUBLE", "int16": "INT16"}


def lines(about: Subject) -> str:
    """A function to put into an app."""
    if about.kind == "onnx":
        return "\n".join(_onnx(about)) + "\n"
    head = ["// implementation(\"org.tensorflow:tensorflow-lite:2.17.0\")", "import org.tensorflow.lite.Interpreter",
            "import java.io.File", "", "fun main() {"]
    body = _loop(about) if about.sequence else _once(about)
    return "\n".join([*head, *(f"    {line}" if line else "" for line in body), "}"]) + "\n"


def _array(tensor: Tensor) -> str:
    """Zeros of the shape of one sample, as arrays in arrays."""
    *outer, last = tensor.one
    made = f"{_ARRAYS[tensor.dtype]}({last})"
    for size in reversed(outer):
        made = f"Array({size}) {{ {made} }}"
    return made


def _map(pairs: list[tuple[str, str]]) -> str:
    return f"mapOf({_pairs(pairs)})"


def _pairs(pairs: list[tuple[str, str]]) -> str:
    return ", ".join(f'"{name}" to {value}' for name, value in pairs)


def _outs(about: Subject, ending: str) -> str:
    """A map of the outputs to their variables."""
    return _map([(o.name, f"{o.variable}{ending}") for o in about.outputs])


def _once(about: Subject) -> list[str]:
    out = [f'val net = Interpreter(File("{about.file}"))']
    for tensor in about.inputs:
        out += [f"// {tensor.sentence}", f"val {tensor.variable} = {_array(tensor)}"]
    out += [f"val {o.variable}Out = {_array(o)}" for o in about.outputs]
    out.append(f"net.runSignature({_map([(t.name, t.variable) for t in about.inputs])}, "
               f"{_outs(about, 'Out')})")
    for tensor in about.outputs:
        out += _shown(tensor, f"{tensor.variable}Out")
    return out


def _shown(tensor: Tensor, value: str) -> list[str]:
    told, first = tensor.told, f"{value}[0]"
    if told.get("decoding") == "argmax" and len(tensor.shape) == 2:
        best = f"{first}.indices.maxByOrNull {{ {first}[it] }}!!"
        if labels := told.get("labels"):
            return [f'println(File("{labels}").readLines()[{best}])']
        return [f"println({best})"]
    if told.get("decoding") == "argmax" and len(tensor.shape) == 3:
        best = f"{first}.map {{ row -> row.indices.maxByOrNull {{ row[it] }}!! }}"
        if labels := told.get("labels"):
            return [f'val {tensor.variable}Labels = File("{labels}").readLines()',
                    f"println({best}.map {{ {tensor.variable}Labels[it] }})"]
        return [f"println({best})"]
    if told.get("decoding") == "threshold" and len(tensor.shape) == 2 and tensor.scale is None:
        return [f"println({first}.map {{ it > {told['threshold']:g}f }})"]
    ending = f"  // {told['unit']}" if told.get("unit") else ""
    return [f"println({first}.{'contentToString' if len(tensor.shape) == 2 else 'contentDeepToString'}()){ending}"
            if len(tensor.shape) > 1 else f"println({first}){ending}"]


# The loop of a generated sequence.


def _loop(about: Subject) -> list[str]:
    sequence, step = about.sequence, about.step
    assert step is not None
    out = ["// told: “sequence” of the part “step” in model.json; its vocabulary has a token a place",
           f"val start = {sequence['start']}", f"val end = {sequence['end']}  // 0: none", f"val length = {sequence['length']}"]
    out += [f'val encoder = Interpreter(File("{about.file}"))'] if about.encoder else []
    out.append(f'val step = Interpreter(File("{step.file}"))')
    for tensor in about.reads:
        outside = str(tensor.told.get("outside", ""))
        out += [f"// {tensor.sentence}", *([f"// {outside}"] if outside else []), f"val {tensor.variable} = {_array(tensor)}"]
    if about.encoder:
        out += [f"val {o.variable}Out = {_array(o)}" for o in about.outputs]
        out.append(f"encoder.runSignature({_map([(t.name, t.variable) for t in about.inputs])}, "
                   f"{_outs(about, 'Out')})")
    shapes = {t.name: t for t in step.inputs}
    sources = {o.name: f"{o.variable}Out" for o in about.outputs} if about.encoder else {}
    sources |= {t.name: t.variable for t in about.reads}
    first = [(name, _array(shapes[name]) if state["first"] == "zeros" else sources[state["first"]])
             for name, state in sequence["states"].items()]
    fixed = [(name, sources[source]) for name, source in sequence["context"].items()]
    out += [f"val given = mutableMapOf<String, Any>({_pairs([*first, *fixed])})",
            "val tokens = mutableListOf<Int>()", "for (place in 0 until length) {"]
    lead = sorted((t for t in step.inputs if t.name not in sequence["states"] and t.name not in sequence["context"]),
                  key=lambda t: len(t.shape), reverse=True)
    if sequence["form"] == "state":
        out.append(f'    given["{lead[0].name}"] = arrayOf(intArrayOf(tokens.lastOrNull() ?: start))')
    else:
        out += [f'    given["{lead[0].name}"] = arrayOf(IntArray(length) {{ '
                "if (it == 0) start else tokens.getOrElse(it - 1) { 0 } })",
                f'    given["{lead[1].name}"] = intArrayOf(place)']
    out += [f"    val {o.variable}Next = {_array(o)}" for o in step.outputs]
    out.append(f"    step.runSignature(given, {_outs(step, 'Next')})")
    scores = f"{step.outputs[0].variable}Next[0]"
    out += [f"    tokens += {scores}.indices.filter {{ it != 0 && it != start }}.maxByOrNull {{ {scores}[it] }}!!"]
    out += ["    if (tokens.last() == end) break"] if sequence["end"] else []
    out += [f'    given["{name}"] = {step.output(state["from"]).variable}Next' for name, state in sequence["states"].items()]
    return [*out, "}", "println(tokens)  // places in the vocabulary"]


# ONNX.


def _onnx(about: Subject) -> list[str]:
    body = ["val env = OrtEnvironment.getEnvironment()", f'val net = env.createSession("{about.file}")']
    for tensor in about.inputs:
        size = tensor.count * _BYTES[tensor.dtype]
        body += [f"// {tensor.sentence}",
                 f"val {tensor.variable} = ByteBuffer.allocateDirect({size}).order(ByteOrder.nativeOrder())"]
    body.append("val feeds = mapOf(")
    body += [f'    "{t.name}" to OnnxTensor.createTensor(env, {t.variable}, longArrayOf({", ".join(map(str, t.one))}), '
             f"OnnxJavaType.{_ONNX[t.dtype]})," for t in about.inputs]
    body += [")", "net.run(feeds).use { found ->"]
    for tensor in about.outputs:
        kind = _ARRAYS[tensor.dtype]
        for _ in tensor.one[1:]:
            kind = f"Array<{kind}>"
        body += [f'    val {tensor.variable}Out = found["{tensor.name}"].get().value as {kind}',
                 *(f"    {line}" for line in _shown(tensor, f"{tensor.variable}Out"))]
    files = ["import java.io.File"] if any("File(" in line for line in body) else []
    return ["// implementation(\"com.microsoft.onnxruntime:onnxruntime-android:1.20.0\")", "import ai.onnxruntime.*", *files,
            "import java.nio.ByteBuffer", "import java.nio.ByteOrder", "", "fun main() {",
            *(f"    {line}" for line in body), "    }", "}"]
