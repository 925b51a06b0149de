"""Lines of Swift for iOS: LiteRT by the place of each tensor in the file, ONNX Runtime by name."""

from __future__ import annotations

from graph_compiler.exporters.snippets.subject import Subject, Tensor

_TYPES = {"float32": "Float32", "int32": "Int32", "int64": "Int64", "uint8": "UInt8", "int8": "Int8", "bool": "Bool",
          "float64": "Float64", "int16": "Int16"}
_ONNX = {"float32": "float", "int32": "int32", "int64": "int64", "uint8": "uInt8", "int8": "int8"}


def lines(about: Subject) -> str:
    """A script of an app's target."""
    if about.kind == "onnx":
        return "\n".join(_onnx(about)) + "\n"
    head = ["import Foundation", "import TensorFlowLite  // pod 'TensorFlowLiteSwift'", ""]
    return "\n".join([*head, *(_loop(about) if about.sequence else _once(about))]) + "\n"


def _zeros(tensor: Tensor) -> str:
    return f"[{_TYPES[tensor.dtype]}](repeating: {'false' if tensor.dtype == 'bool' else 0}, count: {tensor.count})"


def _opened(name: str, about: Subject) -> list[str]:
    out = [f'let {name} = try Interpreter(modelPath: "{about.file}")']
    out += [f"try {name}.resizeInput(at: {place}, to: {tensor.one})"
            for place, tensor in enumerate(about.inputs) if tensor.free]
    return [*out, f"try {name}.allocateTensors()"]


def _fed(name: str, place: int, value: str, indent: str = "") -> str:
    return f"{indent}try {name}.copy({value}.withUnsafeBufferPointer {{ Data(buffer: $0) }}, toInputAt: {place})"


def _got(name: str, place: int, tensor: Tensor) -> str:
    return f"try {name}.output(at: {place}).data.withUnsafeBytes {{ Array($0.bindMemory(to: {_TYPES[tensor.dtype]}.self)) }}"


def _once(about: Subject) -> list[str]:
    out = _opened("net", about)
    for place, tensor in enumerate(about.inputs):
        out += ["", f"// {tensor.sentence}", f"let {tensor.variable} = {_zeros(tensor)}", _fed("net", place, tensor.variable)]
    out += ["", "try net.invoke()"]
    for place, tensor in enumerate(about.outputs):
        out += [f"let {tensor.variable}Out = {_got('net', place, tensor)}", *_shown(tensor, f"{tensor.variable}Out")]
    return out


def _shown(tensor: Tensor, value: str) -> list[str]:
    told = tensor.told
    if told.get("decoding") == "argmax":
        size = tensor.one[-1]
        best = f"(0..<{size}).max {{ {value}[row * {size} + $0] < {value}[row * {size} + $1] }}!"
        rows = tensor.count // size
        labels = told.get("labels")
        named = f"{tensor.variable}Labels[best]" if labels else "best"
        out = [f'let {tensor.variable}Labels = try String(contentsOfFile: "{labels}", encoding: .utf8)'
               '.split(separator: "\\n")'] if labels else []
        return [*out, f"for row in 0..<{rows} {{", f"    let best = {best}", f"    print({named})", "}"]
    if told.get("decoding") == "threshold" and tensor.scale is None:
        return [f"print({value}.map {{ $0 > {told['threshold']:g} }})"]
    return [f"print({value})" + (f"  // {told['unit']}" if told.get("unit") else "")]


# The loop of a generated sequence.


def _loop(about: Subject) -> list[str]:
    sequence, step = about.sequence, about.step
    assert step is not None
    out = ["// “sequence” of the part “step” in model.json tells the vocabulary, a token a place",
           f"let start: Int32 = {sequence['start']}, end: Int32 = {sequence['end']}, length = {sequence['length']}",
           *(_opened("encoder", about) if about.encoder else []), *_opened("step", step)]
    for tensor in about.reads:
        outside = str(tensor.told.get("outside", ""))
        out += ["", f"// {tensor.sentence}", *([f"// {outside}"] if outside else []),
                f"let {tensor.variable} = {_zeros(tensor)}"]
    if about.encoder:
        out += [_fed("encoder", place, t.variable) for place, t in enumerate(about.inputs)]
        out.append("try encoder.invoke()")
        out += [f"let {o.variable}Out = {_got('encoder', place, o)}" for place, o in enumerate(about.outputs)]
    sources = {o.name: f"{o.variable}Out" for o in about.outputs} if about.encoder else {}
    sources |= {t.name: t.variable for t in about.reads}
    places = {t.name: (place, t) for place, t in enumerate(step.inputs)}
    out.append("")
    for name, state in sequence["states"].items():
        tensor = places[name][1]
        out.append(f"var {tensor.variable} = {_zeros(tensor) if state['first'] == 'zeros' else sources[state['first']]}")
    out += ["var tokens: [Int32] = []", "for place in 0..<length {"]
    lead = sorted((t for t in step.inputs if t.name not in sequence["states"] and t.name not in sequence["context"]),
                  key=lambda t: len(t.shape), reverse=True)
    if sequence["form"] == "state":
        out += ["    let last = [tokens.last ?? start]", _fed("step", places[lead[0].name][0], "last", "    ")]
    else:
        out += ["    let before = ([start] + tokens + [Int32](repeating: 0, count: length)).prefix(length)",
                _fed("step", places[lead[0].name][0], "Array(before)", "    "),
                _fed("step", places[lead[1].name][0], "[Int32(place)]", "    ")]
    out += [_fed("step", places[name][0], places[name][1].variable, "    ") for name in sequence["states"]]
    out += [_fed("step", places[name][0], sources[source], "    ") for name, source in sequence["context"].items()]
    out += ["    try step.invoke()", f"    var scores = {_got('step', 0, step.outputs[0])}",
            "    scores[0] = -.infinity", "    scores[Int(start)] = -.infinity",
            "    tokens.append(Int32(scores.indices.max { scores[$0] < scores[$1] }!))"]
    out += ["    if tokens.last == end { break }"] if sequence["end"] else []
    names = [o.name for o in step.outputs]
    out += [f"    {places[name][1].variable} = {_got('step', names.index(state['from']), step.output(state['from']))}"
            for name, state in sequence["states"].items()]
    return [*out, "}", "print(tokens)  // places in the vocabulary"]


# ONNX.


def _onnx(about: Subject) -> list[str]:
    out = ["import Foundation", "import OnnxRuntimeBindings  // github.com/microsoft/onnxruntime-swift-package-manager", "",
           "let env = try ORTEnv(loggingLevel: .warning)",
           f'let net = try ORTSession(env: env, modelPath: "{about.file}", sessionOptions: nil)']
    for tensor in about.inputs:
        out += ["", f"// {tensor.sentence}", f"let {tensor.variable}Values = {_zeros(tensor)}",
                f"let {tensor.variable} = try ORTValue(",
                f"    tensorData: NSMutableData(data: {tensor.variable}Values.withUnsafeBufferPointer {{ Data(buffer: $0) }}),",
                f"    elementType: .{_ONNX.get(tensor.dtype, 'float')}, shape: {tensor.one})"]
    fed = ", ".join(f'"{t.name}": {t.variable}' for t in about.inputs)
    names = ", ".join(f'"{o.name}"' for o in about.outputs)
    out += ["", f"let found = try net.run(withInputs: [{fed}], outputNames: [{names}], runOptions: nil)"]
    for tensor in about.outputs:
        out += [f'let {tensor.variable}Out = try (found["{tensor.name}"]!.tensorData() as Data).withUnsafeBytes {{',
                f"    Array($0.bindMemory(to: {_TYPES[tensor.dtype]}.self)) }}", *_shown(tensor, f"{tensor.variable}Out")]
    return out
