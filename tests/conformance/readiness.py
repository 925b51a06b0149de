"""Measures every registered layer through every export target and writes down what came of it.

`python -m tests.conformance.readiness` makes `readiness.json` anew; layers named behind it are measured again and the rest
stays. Each case runs in a process of its own, so a converter that crashes or hangs costs its own line.
"""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from importlib.metadata import version
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from graph_compiler.catalog import registry
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.params import Bool, Choice
from graph_compiler.specs.refusal import Refusal
from tests.conformance.cases import Case, inputs_of
from tests.conformance.verdict import rule_of

TABLE = Path(__file__).with_name("readiness.json")
PACKAGES = {"tensorflow": 2, "keras": 2, "tf2onnx": 2, "ai-edge-litert": 1, "onnx": 1, "onnxruntime": 1}
"""What the outcomes hang on, and how many parts of its version are pinned in pyproject.toml."""
OK, OVER, FAILED, CRASHED, HUNG = "ok", "over", "failed", "crashed", "hung"
"""A file that agrees, one that is over its limits, none for a reason that was told, and none because the process died or
did not come back."""
TELLING = ("tflite", "tflite-int8", "tflite-int16x8", "onnx", "onnx-int8")
"""Targets that further cases of a layer go through; the others have the operations of one of these, and take its first case."""
LONGEST = 60.0
"""Seconds a file may take."""
_ALIKE = frozenset({"data_format", "fill_mode", "activation", "recurrent_activation", "stateful"})
"""Choices whose values need no measurement of their own: what is shown at `Activation` holds for every layer, and layouts of
the axes are for other processors."""


def layers() -> list[LayerSpec]:
    """Everything that does sums."""
    return [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec) and spec.kind in ("layer", "operation")]


def cases_of(spec: LayerSpec) -> list[Case]:
    """The first case of each rank and dtype, fixed and with free axes, masked ones; then other choices of the first."""
    found: dict[tuple[object, ...], Case] = {}
    fewest: Counter[str] = Counter()
    for inputs in inputs_of(spec):
        case = Case(spec.name, {}, inputs)
        tensors = [x for xs in inputs.values() for x in xs]
        if not _possible(spec, case) or any(x.masked and x.dtype != "float32" for x in tensors):
            continue
        free, masked = any(None in x.shape for x in tensors), any(x.masked for x in tensors)
        key = (case.x.rank, case.x.dtype, free, masked, len(inputs))
        kind = "masked" if masked else "free" if free else ""
        if key in found or (masked and case.x.rank != 2) or (kind and fewest[kind] == 2):
            continue
        if spec.at_rest is not None and len(found) == 2:
            break
        fewest[kind] += 1
        found[key] = case
    first = next(iter(found.values()))
    return [*found.values(), *_choices(spec, first)]


def _possible(spec: LayerSpec, case: Case) -> bool:
    text = any(x.dtype == "string" for xs in case.inputs.values() for x in xs)
    return not (text and not spec.stays) and not isinstance(rule_of(spec, case), Refusal)


def _choices(spec: LayerSpec, first: Case) -> Iterator[Case]:
    if spec.at_rest is not None:
        return
    for param in spec.params:
        if param.name in _ALIKE and not (param.name == "activation" and spec.name == "Activation"):
            continue
        values: Iterable[Any] = param.options if isinstance(param, Choice) else (True, False) if isinstance(param, Bool) else ()
        for value in values:
            case = Case(spec.name, {param.name: value}, first.inputs)
            if value != param.default and _possible(spec, case):
                yield case


# One case, in a process of its own.


def _measured(spec: LayerSpec, case: Case, names: list[str], told: Connection) -> None:
    """Tell of each target as it is done: (target, outcome, words)."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    with tempfile.TemporaryDirectory() as folder:
        for line in in_folder(spec, case, names, Path(folder), lambda name: told.send((name, None, ""))):
            told.send(line)


def in_folder(spec: LayerSpec, case: Case, names: Iterable[str], folder: Path,
              begin: Callable[[str], None] = lambda name: None) -> Iterator[tuple[str, str, str]]:
    """(target, outcome, words) of each target in this process; `begin` hears of each before it is made."""
    from tests.conformance.laid_out import laid_out, ready

    made: Any
    try:
        made = ready(laid_out(spec, case))
    except Exception as error:
        made = error
    for name in names:
        begin(name)
        yield (name, *_outcome(spec, case, name, made, folder))


def _outcome(spec: LayerSpec, case: Case, name: str, made: Any, folder: Path) -> tuple[str, str]:
    import numpy as np

    from graph_compiler.build.problems import BuildProblem
    from graph_compiler.exporters.part import ExportProblem
    from graph_compiler.exporters.proof import prove, samples_of
    from tests.conformance.laid_out import laid_out, ready, script

    target = dataclasses.replace(FORMATS[name], explain=None)
    options: dict[str, Any] = {"accept": True}
    try:
        if target.scripts:
            drawing = laid_out(spec, case, trained=True)
            options["source"] = script(drawing)
            made = ready(drawing)
        if isinstance(made, Exception):
            raise made
        options["calibration"] = made.calibration
        samples = samples_of(made.part, made.samples)
        with np.errstate(all="ignore"):
            proof = prove(target, made.part, samples, folder / f"net{target.suffix}", options, lambda *_: None)
    except ExportProblem as problem:
        return FAILED, f"{problem.sentence} {problem.hint}"[:300]
    except BuildProblem as problem:
        return FAILED, f"{problem.sentence} {problem.hint}"[:300]
    except Exception as error:
        return FAILED, f"{type(error).__name__}: {error}"[:300]
    return (OVER, proof.accepted) if proof.accepted else (OK, "")


def measure(spec: LayerSpec, case: Case, names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """(target, outcome, words) of each target, in processes of their own."""
    left = list(names)
    while left:
        mine, theirs = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=_measured, args=(spec, case, left, theirs))
        process.start()
        theirs.close()
        current, outcome = left[0], (CRASHED, "")
        try:
            while True:
                if not mine.poll(LONGEST):
                    outcome = (HUNG, f"did not come back within {LONGEST:g} seconds")
                    break
                name, state, words = mine.recv()
                current = name
                if state is not None:
                    left.remove(name)
                    yield name, state, words
        except EOFError:
            pass
        if process.is_alive() and outcome[0] == HUNG:
            process.kill()
        process.join()
        mine.close()
        if left:
            code = process.exitcode or 0
            left.remove(current)
            ended = f"died of {signal.Signals(-code).name}" if code < 0 else f"ended by {code}"
            yield current, outcome[0], outcome[1] or ended


def targets_of(number: int) -> tuple[str, ...]:
    """The targets that the case of that number goes through."""
    return TELLING if number else tuple(FORMATS)


# The table.


def versions() -> dict[str, str]:
    """Major and minor version of everything the outcomes hang on."""
    return {name: ".".join(version(name).split(".")[:2]) for name in PACKAGES}


def pinned(made: dict[str, str]) -> dict[str, list[str]]:
    """The parts of each version that pyproject.toml pins: with others the outcomes are the same."""
    return {name: made[name].split(".")[:parts] for name, parts in PACKAGES.items()}


def read() -> dict[str, Any]:
    """The table: `versions`, and by layer, case and target what came of it."""
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {"versions": {}, "layers": {}}
    return found


def write(table: dict[str, Any]) -> None:
    """Write the table, a case a line."""
    lines = ["{", f'"versions": {json.dumps(table["versions"], sort_keys=True)},', '"layers": {']
    names = sorted(table["layers"])
    for name in names:
        rows = [f"  {json.dumps(case, ensure_ascii=False)}: {json.dumps(row)}" for case, row in table["layers"][name].items()]
        lines += [f"{json.dumps(name)}: {{", ",\n".join(rows), "}" + ("," if name != names[-1] else "")]
    TABLE.write_text("\n".join([*lines, "}", "}", ""]), encoding="utf-8")


def tabled(lines: Path, chosen: Collection[str]) -> dict[str, Any]:
    """The table with what was measured of the chosen layers, and only cases that there are."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, case, target, outcome, _ in map(json.loads, lines.read_text(encoding="utf-8").splitlines()):
        found.setdefault((name, case), {})[target] = outcome
    table = read()
    for spec in layers():
        if spec.name in chosen:
            table["layers"][spec.name] = {str(case): {t: found[spec.name, str(case)][t] for t in targets_of(number)}
                                          for number, case in enumerate(cases_of(spec))}
    return {"versions": versions(), "layers": table["layers"]}


def main() -> None:
    """Measure the layers named, or all of them. Lines that are there already are kept, so that it can be taken up again."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("layers", nargs="*")
    parser.add_argument("--lines", type=Path, help="the file each outcome is added to as it comes")
    parser.add_argument("--backwards", action="store_true", help="begin at the end, to meet another process")
    given = parser.parse_args()
    _warm()
    chosen = given.layers or [spec.name for spec in layers()]
    with tempfile.TemporaryDirectory() as folder:
        lines = given.lines or Path(folder) / "lines"
        lines.touch()
        for number, spec, case in _work(chosen, given.backwards):
            done = {tuple(json.loads(line)[:3]) for line in lines.read_text(encoding="utf-8").splitlines()}
            started = time.perf_counter()
            for line in measure(spec, case, [t for t in targets_of(number) if (spec.name, str(case), t) not in done]):
                with lines.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([spec.name, str(case), *line]) + "\n")
            print(f"{time.perf_counter() - started:.1f} s", case, file=sys.stderr, flush=True)
        write(tabled(lines, chosen))


def _work(chosen: Collection[str], backwards: bool) -> list[tuple[int, LayerSpec, Case]]:
    """First cases of all layers, then second ones, then the rest."""
    work = [(number, spec, case) for spec in layers() if spec.name in chosen for number, case in enumerate(cases_of(spec))]
    ordered = work[::-1] if backwards else work
    return sorted(ordered, key=lambda one: min(one[0], 3))


def _warm() -> None:
    """Import before forking what every child needs; nothing is computed, so that children may."""
    for name in ("ai_edge_litert.interpreter", "keras", "onnx", "onnxruntime.quantization", "tensorflow", "tf2onnx",
                 "tests.conformance.laid_out"):
        importlib.import_module(name)


if __name__ == "__main__":
    main()
