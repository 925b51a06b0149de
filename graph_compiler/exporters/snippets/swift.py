"""Lines of Swift for iOS: LiteRT by the place of each tensor in the file, ONNX Runtime by name.

Tensors are flat arrays, in both. What a generated sequence needs is in `swift_loop`.
"""

from __future__ import annotations

from graph_compiler.exporters.snippets.subject import Subject, Tensor

_TYPES = {"float32": "Float32", "int32": "Int32", "int64": "Int64", "uint8": "UInt8", "int8": "Int8", "bool": "Bool",
          "float64": "Float64", "int16": "Int16"}
_ONNX = {"float32": "float", "int32": "int32", "int64": "int64", "uint8": "uInt8", "int8": "int8"}


def lines(about: Subject) -> str:
    """A script of an app's target."""
    from graph_compiler.exporters.snippets.swift_loop import loop

    body = loop(about) if about.sequence else _once(about)
    return "\n".join([*_head(about, body), *body]) + "\n"


# What stands before.


def _head(about: Subject, body: list[str]) -> list[str]:
    """The library, and helpers that the lines of the body use."""
    used = "\n".join(body)
    library = "import OnnxRuntimeBindings  // github.com/microsoft/onnxruntime-swift-package-manager" if about.kind == "onnx" \
        else "import TensorFlowLite  // pod 'TensorFlowLiteSwift'"
    helpers = _ORT if about.kind == "onnx" else _LITERT
    known = [text for name, text in {**_HELPERS, **helpers}.items() if f"{name}(" in used or f".{name}(" in used]
    return ["import Foundation", library, "", *(line for text in known for line in (*text.splitlines(), ""))]


_HELPERS = {
    "told": '''/// A part of model.json, which lies beside the files.
func told(_ part: String) throws -> [String: Any] {
    let data = try Data(contentsOf: URL(fileURLWithPath: "model.json"))
    let parts = (try JSONSerialization.jsonObject(with: data) as! [String: Any])["parts"] as! [[String: Any]]
    return parts.first { $0["name"] as! String == part }!
}
''',
    "words": '''/// The vocabulary of a tensor in a list of them.
func words(_ list: Any?, _ name: String) -> [String] {
    (list as! [[String: Any]]).first { $0["name"] as! String == name }!["vocabulary"] as! [String]
}
''',
    "encode": '''/// The places of tokens in a vocabulary, filled up with 0; what is not in it is unknown or left out.
func encode(_ tokens: [String], _ vocabulary: [String], end: Int32, length: Int?) -> [Int32] {
    let known = Dictionary(zip(vocabulary, Int32(0)...)) { first, _ in first }
    let ids = tokens.compactMap { known[$0] ?? known["‹unknown›"] } + (end > 0 ? [end] : [])
    let count = length ?? max(1, ids.count)
    return Array((ids + [Int32](repeating: 0, count: count)).prefix(count))
}
''',
    "normal": '''/// One random number with mean 0 and deviation 1 (Box and Muller 1958).
func normal() -> Float32 {
    (-2 * log(Float32.random(in: Float32.leastNonzeroMagnitude..<1))).squareRoot() * cos(2 * .pi * Float32.random(in: 0..<1))
}
'''}
_LITERT = {
    "feed": '''extension Interpreter {
    /// Give an input its numbers, in row order.
    func feed<T>(_ numbers: [T], _ place: Int) throws {
        try copy(numbers.withUnsafeBufferPointer { Data(buffer: $0) }, toInputAt: place)
    }

    /// The numbers of an output, in row order.
    func numbers<T>(_ place: Int, _ type: T.Type) throws -> [T] {
        try output(at: place).data.withUnsafeBytes { Array($0.bindMemory(to: type)) }
    }
}
'''}
_ORT = {
    "tensor": '''/// Numbers in row order as a tensor.
func tensor<T>(_ numbers: [T], _ type: ORTTensorElementDataType, _ shape: [NSNumber]) throws -> ORTValue {
    let data = NSMutableData(data: numbers.withUnsafeBufferPointer { Data(buffer: $0) })
    return try ORTValue(tensorData: data, elementType: type, shape: shape)
}
''',
    "numbers": '''extension ORTValue {
    /// The numbers of a tensor, in row order.
    func numbers<T>(_ type: T.Type) throws -> [T] {
        (try tensorData() as Data).withUnsafeBytes { Array($0.bindMemory(to: type)) }
    }
}
'''}


# Tensors.


def zeros(tensor: Tensor) -> str:
    """One sample of a tensor, all zeros."""
    return f"[{_TYPES[tensor.dtype]}](repeating: {'false' if tensor.dtype == 'bool' else 0}, count: {tensor.count})"


def tokens_of(told: object) -> str:
    """The text in tokens."""
    if told == "words":
        return 'text.split(separator: " ").map(String.init)'
    return "text.unicodeScalars.map { String($0) }"


def given(tensor: Tensor, vocabulary: str) -> str:
    """A line that makes one input: the text, random numbers, or zeros that the app fills."""
    name = tensor.variable
    if tensor.encoded:
        length = tensor.shape[1] if tensor.shape[1] is not None else "nil"
        return (f"let {name} = encode({tokens_of(tensor.told['tokeniser'])}, {vocabulary}, end: {tensor.told.get('end', 0)}, "
                f"length: {length})")
    if tensor.told.get("kind") == "noise":
        number = "Float32.random(in: -1...1)" if tensor.told.get("distribution") == "uniform" else "normal()"
        if tensor.scale is not None:
            number = f"Int8(max(-128, min(127, ({number} / {tensor.scale:.9g}).rounded() + {tensor.zero_point})))"
        return f"let {name} = (0..<{tensor.count}).map {{ _ in {number} }}"
    return f"let {name} = {zeros(tensor)}"


def opened(name: str, about: Subject) -> list[str]:
    """Lines that open a file; sizes that are free become those of one sample."""
    if about.kind == "onnx":
        return [f'let {name} = try ORTSession(env: env, modelPath: "{about.file}", sessionOptions: nil)']
    out = [f'let {name} = try Interpreter(modelPath: "{about.file}")']
    out += [f"try {name}.resizeInput(at: {place}, to: {tensor.one})"
            for place, tensor in enumerate(about.inputs) if tensor.free]
    return [*out, f"try {name}.allocateTensors()"]


def called(name: str, result: str, about: Subject, feeds: dict[str, str]) -> list[str]:
    """Lines that run a file on variables by input name; answers are read by `answer`."""
    if about.kind == "onnx":
        made = [f'    "{t.name}": try tensor({feeds[t.name]}, .{_ONNX.get(t.dtype, "float")}, {t.one}),' for t in about.inputs]
        names = ", ".join(f'"{o.name}"' for o in about.outputs)
        return [f"let {result} = try {name}.run(withInputs: [", *made, f"], outputNames: [{names}], runOptions: nil)"]
    fed = [f"try {name}.feed({feeds[t.name]}, {place})  // {t.name}" for place, t in enumerate(about.inputs)]
    return [*fed, f"try {name}.invoke()"]


def answer(name: str, result: str, about: Subject, tensor: Tensor) -> str:
    """The numbers of an output, flat."""
    kind = _TYPES[tensor.dtype]
    if about.kind == "onnx":
        return f'try {result}["{tensor.name}"]!.numbers({kind}.self)'
    place = [o.name for o in about.outputs].index(tensor.name)
    return f"try {name}.numbers({place}, {kind}.self)"


def _once(about: Subject) -> list[str]:
    out = ["let env = try ORTEnv(loggingLevel: .warning)"] if about.kind == "onnx" else []
    out += [*opened("net", about), *(['let text = ""'] if any(t.encoded for t in about.inputs) else [])]
    for tensor in about.inputs:
        where = f'words(try told("{about.part}")["inputs"], "{tensor.name}")'
        out += ["", f"// {tensor.sentence}", given(tensor, where)]
    out += ["", *called("net", "found", about, {t.name: t.variable for t in about.inputs})]
    for tensor in about.outputs:
        out += [f"let {tensor.variable}Out = {answer('net', 'found', about, tensor)}  // {tensor.sentence}",
                *_shown(tensor, f"{tensor.variable}Out")]
    return out


# Answers.


def _shown(tensor: Tensor, value: str) -> list[str]:
    told, decoding = tensor.told, tensor.told.get("decoding")
    names = f"{tensor.variable}Labels"
    read = [f'let {names} = try String(contentsOfFile: "{told["labels"]}", encoding: .utf8).split(separator: "\\n")'
            ] if told.get("labels") else []
    if decoding == "argmax" and len(tensor.shape) > 1:
        return [*read, *_largest(tensor, value, names if read else "")]
    if decoding == "threshold":
        limit = f"{told['threshold']:g}"
        if read and tensor.count == 1 and len(told["classes"]) == 2:
            return [*read, f"print({names}[{_real(tensor, f'{value}[0]')} > {limit} ? 1 : 0])"]
        if read and tensor.count == len(told["classes"]):
            return [*read, f"print(zip({names}, {value}).filter {{ {_real(tensor, '$0.1')} > {limit} }}.map {{ $0.0 }})"]
        return [f"print({value}.map {{ {_real(tensor, '$0')} > {limit} }})"]
    ending = f"  // {told['unit']}" if told.get("unit") else ""
    if len(tensor.shape) > 2:
        about = "×".join(map(str, tensor.one[1:]))
        return [f'print("from \\({value}.min()!) to \\({value}.max()!)")  // {about} in rows']
    return [f"print({value}{'' if tensor.scale is None else f'.map {{ {_real(tensor, chr(36) + chr(48))} }}'}){ending}"]


def _real(tensor: Tensor, value: str) -> str:
    """What a whole number of the file stands for."""
    if tensor.scale is None:
        return value
    return f"{tensor.scale:.9g} * (Float32({value}) - {tensor.zero_point})"


def _largest(tensor: Tensor, value: str, names: str) -> list[str]:
    """The most likely class: of the sample, or of each step, or of each pixel."""
    size = tensor.one[-1]
    best = f"(0..<{size}).max {{ {value}[place * {size} + $0] < {value}[place * {size} + $1] }}!"
    classes = f"{tensor.variable}Classes"
    out = [f"let {classes} = (0..<{tensor.count // size}).map {{ place in {best} }}"]
    shown = f"{names}[$0]" if names else "$0"
    if len(tensor.shape) < 4:
        return [*out, f"print({classes}.map {{ {shown} }})"]
    return [f"{out[0]}  // a class a pixel, {tensor.one[1]} rows of {tensor.one[2]}",
            f"print(Dictionary(grouping: {classes}) {{ {shown} }}.mapValues {{ $0.count }})"]
