"""Lines of Kotlin for Android: LiteRT through its named signature, ONNX Runtime through its session.

Tensors are arrays in arrays, in both. What a generated sequence needs is in `kotlin_loop`.
"""

from __future__ import annotations

from graph_compiler.exporters.snippets.subject import Subject, Tensor

_ARRAYS = {"float32": "FloatArray", "int32": "IntArray", "int64": "LongArray", "uint8": "ByteArray", "int8": "ByteArray",
           "bool": "BooleanArray", "float64": "DoubleArray", "int16": "ShortArray"}
_ONNX = {"float32": "FLOAT", "int32": "INT32", "int64": "INT64", "uint8": "UINT8", "int8": "INT8", "bool": "BOOL",
         "float64": "DOUBLE", "int16": "INT16"}
LITERT, ORT = "org.tensorflow:tensorflow-lite:2.17.0", "com.microsoft.onnxruntime:onnxruntime-android:1.20.0"


def lines(about: Subject) -> str:
    """A function to put into an app."""
    from graph_compiler.exporters.snippets.kotlin_loop import loop

    body = loop(about) if about.sequence else _once(about)
    return "\n".join([*head(about, body), "fun main() {", *(f"    {line}" if line else "" for line in body), "}"]) + "\n"


# What stands before.


def head(about: Subject, body: list[str]) -> list[str]:
    """The library, imports and helpers that the lines of the body use."""
    used = "\n".join(body)
    helpers = [text for name, text in _HELPERS.items() if f"{name}(" in used]
    calls = [_ORT_CALL if about.kind == "onnx" else _LITERT_CALL] if ".call(" in used else []
    needs = "\n".join([used, *helpers, *calls])
    own = ["import ai.onnxruntime.OnnxJavaType", "import ai.onnxruntime.OnnxTensor", "import ai.onnxruntime.OrtEnvironment",
           "import ai.onnxruntime.OrtSession"] if about.kind == "onnx" else ["import org.tensorflow.lite.Interpreter"]
    known = {"File(": "java.io.File", "ByteBuffer.": "java.nio.ByteBuffer", "ByteOrder.": "java.nio.ByteOrder",
             "Random(": "java.util.Random", "JSONArray": "org.json.JSONArray", "JSONObject": "org.json.JSONObject"}
    imports = [line for line in own if line.rpartition(".")[2] in needs]
    imports += [f"import {name}" for word, name in known.items() if word in needs]
    texts = [line for text in (*helpers, *calls) for line in (*text.splitlines(), "")]
    return [f'// implementation("{ORT if about.kind == "onnx" else LITERT}")', *imports, "", *texts]


_HELPERS = {
    "told": '''/** A part of model.json, which lies beside the files. */
fun told(part: String): JSONObject {
    val parts = JSONObject(File("model.json").readText()).getJSONArray("parts")
    return (0 until parts.length()).map { parts.getJSONObject(it) }.first { it.getString("name") == part }
}
''',
    "words": '''/** The words in a list: those of a tensor with this name, or the list itself. */
fun words(list: JSONArray, name: String = "", key: String = ""): List<String> {
    if (name.isEmpty()) return List(list.length()) { list.getString(it) }
    val one = (0 until list.length()).map { list.getJSONObject(it) }.first { it.getString("name") == name }
    return words(one.getJSONArray(key))
}
''',
    "encode": '''/** The places of tokens in a vocabulary, filled up with 0; what is not in it is unknown or left out. */
fun encode(tokens: List<String>, vocabulary: List<String>, end: Int, length: Int?): IntArray {
    val known = vocabulary.withIndex().associate { (place, token) -> token to place }
    val ids = tokens.mapNotNull { known[it] ?: known["‹unknown›"] } + (if (end > 0) listOf(end) else listOf())
    return IntArray(length ?: maxOf(1, ids.size)) { ids.getOrElse(it) { 0 } }
}
'''}
_LITERT_CALL = '''/** One call: arrays by name go in; `out` is filled and given back. */
fun Interpreter.call(given: Map<String, Any>, out: Map<String, Any>) = out.also { runSignature(given, it) }
'''
_ORT_CALL = '''/** One call: arrays by name go in, arrays by name come out. */
fun OrtSession.call(env: OrtEnvironment, given: Map<String, Any>): Map<String, Any> {
    val feeds = given.mapValues { (_, value) -> value as? OnnxTensor ?: OnnxTensor.createTensor(env, value) }
    return run(feeds).use { found -> found.associate { (name, value) -> name to value.value } }
}
'''


# Tensors.


def array(tensor: Tensor, last: str = "") -> str:
    """One sample of a tensor as arrays in arrays: zeros, or what `last` makes of each place of the innermost."""
    *outer, size = tensor.one
    made = f"{_ARRAYS[tensor.dtype]}({size}){f' {{ {last} }}' if last else ''}"
    for count in reversed(outer):
        made = f"Array({count}) {{ {made} }}"
    return made


def kind(tensor: Tensor) -> str:
    """The type of a tensor."""
    made = _ARRAYS[tensor.dtype]
    for _ in tensor.one[1:]:
        made = f"Array<{made}>"
    return made


def tokens_of(told: object) -> str:
    """The text in tokens."""
    if told == "words":
        return 'text.split(" ").filter { it.isNotEmpty() }'
    return "text.codePoints().toArray().map { String(Character.toChars(it)) }"


def given(about: Subject, tensor: Tensor, vocabulary: str) -> list[str]:
    """A variable for one input: the text, random numbers, or zeros that the app fills. `vocabulary` finds that of a text."""
    name = tensor.variable
    if tensor.encoded:
        length = tensor.shape[1] if tensor.shape[1] is not None else "null"
        end = tensor.told.get("end", 0)
        return [f"val {name} = arrayOf(encode({tokens_of(tensor.told['tokeniser'])}, {vocabulary}, {end}, {length}))"]
    if tensor.told.get("kind") == "noise":
        number = "random.nextGaussian().toFloat()"
        if tensor.told.get("distribution") == "uniform":
            number = "random.nextFloat() * 2 - 1"
        if tensor.scale is not None:
            number = f"Math.round(({number}) / {tensor.scale:.9g}f + {tensor.zero_point}).coerceIn(-128, 127).toByte()"
        return [f"val {name} = {array(tensor, number)}"]
    if buffered(about, tensor):
        return [f"val {name} = ByteBuffer.allocateDirect({tensor.count}).order(ByteOrder.nativeOrder())"]
    return [f"val {name} = {array(tensor)}"]


def buffered(about: Subject, tensor: Tensor) -> bool:
    """Whether an input is a buffer: ONNX Runtime knows bytes without a sign so only."""
    return about.kind == "onnx" and tensor.dtype == "uint8"


def _once(about: Subject) -> list[str]:
    onnx = about.kind == "onnx"
    out = ["val env = OrtEnvironment.getEnvironment()", f'val net = env.createSession("{about.file}")'] if onnx else [
        f'val net = Interpreter(File("{about.file}"))']
    if any(t.encoded for t in about.inputs):
        out.append('val text = ""')
    if any(t.told.get("kind") == "noise" for t in about.inputs):
        out.append("val random = Random(0)")
    for tensor in about.inputs:
        out += [f"// {tensor.sentence}", *given(about, tensor, f'words(told("{about.part}").getJSONArray("inputs"), '
                                                        f'"{tensor.name}", "vocabulary")')]
    feeds = "mapOf(" + ", ".join(f"{quoted(t)} to {fed(about, t)}" for t in about.inputs) + ")"
    if onnx:
        out.append(f"val found = net.call(env, {feeds})")
        out += [f'val {o.variable}Out = found["{o.name}"] as {kind(o)}' for o in about.outputs]
    else:
        out += [f"val {o.variable}Out = {array(o)}" for o in about.outputs]
        out.append(f"net.runSignature({feeds}, mapOf({', '.join(f'{quoted(o)} to {o.variable}Out' for o in about.outputs)}))")
    return out + [line for o in about.outputs for line in (f"// {o.sentence}", *_shown(o, f"{o.variable}Out"))]


def quoted(tensor: Tensor) -> str:
    """The name of a tensor."""
    return f'"{tensor.name}"'


def fed(about: Subject, tensor: Tensor) -> str:
    """The value of an input."""
    if not buffered(about, tensor):
        return tensor.variable
    shape = f"longArrayOf({', '.join(map(str, tensor.one))})"
    return f"OnnxTensor.createTensor(env, {tensor.variable}, {shape}, OnnxJavaType.UINT8)"


# Answers.


def _shown(tensor: Tensor, value: str) -> list[str]:
    told, first = tensor.told, f"{value}[0]"
    names = f"{tensor.variable}Labels"
    read = [f'val {names} = File("{told["labels"]}").readLines()'] if told.get("labels") else []
    decoding, rank = told.get("decoding"), len(tensor.shape)
    if decoding == "argmax" and rank > 1:
        return [*read, *_largest(tensor, first, names if read else "")]
    if decoding == "threshold" and rank == 2:
        real = f"{_real(tensor, 'it')} > {told['threshold']:g}f"
        if read and tensor.count == 1 and len(told["classes"]) == 2:
            return [*read, f"println({names}[if ({_real(tensor, f'{first}[0]')} > {told['threshold']:g}f) 1 else 0])"]
        if read and tensor.count == len(told["classes"]):
            return [*read, f"println({names}.filterIndexed {{ place, _ -> {first}[place].let {{ {real} }} }})"]
        return [f"println({first}.map {{ {real} }})"]
    ending = f"  // {told['unit']}" if told.get("unit") else ""
    if rank == 1:
        return [f"println({_real(tensor, first)}){ending}"]
    if rank == 2:
        return [f"println({first}.map {{ {_real(tensor, 'it')} }}){ending}"]
    flat = first + _flattened(rank)
    return [f"val {tensor.variable}Numbers = {flat}  // {'×'.join(map(str, tensor.one[1:]))} in rows",
            f'println("from ${{{tensor.variable}Numbers.min()}} to ${{{tensor.variable}Numbers.max()}}"){ending}']


def _flattened(rank: int) -> str:
    """All numbers of arrays in arrays, in row order."""
    inner = "it.toList()"
    for _ in range(rank - 3):
        inner = f"it.flatMap {{ {inner} }}"
    return f".flatMap {{ {inner} }}"


def _real(tensor: Tensor, value: str) -> str:
    """What a whole number of the file stands for."""
    if tensor.scale is None:
        return value
    return f"{tensor.scale:.9g}f * ({value} - {tensor.zero_point})"


def _largest(tensor: Tensor, first: str, names: str) -> list[str]:
    rank = len(tensor.shape)
    if rank == 2:
        best = f"{first}.indices.maxByOrNull {{ {first}[it] }}!!"
        return [f"println({f'{names}[{best}]' if names else best})"]
    best = "scores.indices.maxByOrNull { scores[it] }!!"
    if rank == 3:
        shown = f"{names}[{best}]" if names else best
        return [f"println({first}.map {{ scores -> {shown} }})"]
    inner = f"row.map {{ scores -> {best} }}"
    for _ in range(rank - 4):
        inner = f"row.map {{ row -> {inner} }}"
    counted = f"{names}[it]" if names else "it"
    return [f"val {tensor.variable}Mask = {first}.map {{ row -> {inner} }}  // a class a pixel",
            f"println({tensor.variable}Mask.flatten().groupingBy {{ {counted} }}.eachCount())"]
