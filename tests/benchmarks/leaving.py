"""How fast a network leaves, and how fast it is then: digits-cnn by a warm worker, and its .tflite file beside Keras."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.cli.jobs import Interrupts, work
from graph_compiler.exporters.formats import FORMATS
from graph_compiler.messages import Export
from graph_compiler.worker.exporting import ExportWorkers
from graph_compiler.worker.spare import SpareWorkers

ROOT = Path(__file__).parents[2]
CALLS, WARM_UP = 200, 20


def run() -> list[dict[str, Any]]:
    """Seconds of the slowest target, and two ratios of latencies measured in turns."""
    with tempfile.TemporaryDirectory() as folder:
        trained = Path(folder) / "run"
        subprocess.run([sys.executable, "-m", "app.main", "run", "digits-cnn", "--epochs", "2", "--out", str(trained)],
                       cwd=ROOT, capture_output=True, check=True)
        taken = {name: seconds(trained, name) for name in FORMATS}
        return [slowest(taken), *latencies(trained)]


# How long it takes.


def slowest(taken: dict[str, float]) -> dict[str, Any]:
    """The row of the target that takes longest."""
    name = max(taken, key=lambda one: taken[one])
    return {"name": "A file written, verified and reported", "value": taken[name], "bound": 5.0, "unit": "s",
            "note": f"{name}; " + ", ".join(f"{one} {spent:.1f}" for one, spent in taken.items())}


def seconds(trained: Path, name: str) -> float:
    """From the request for one file to a warm worker, until its proof is there and the worker is done."""
    workers = SpareWorkers()
    try:
        workers.prepare()
        while workers.spare is None or not workers.spare.warm:
            time.sleep(0.05)
        with Interrupts(lambda times: None) as interrupts:
            began = time.perf_counter()
            request = Export(run=str(trained), formats=(name,), out=str(trained / "exports"))
            outcome = work(request, ExportWorkers(workers), interrupts, lambda message: None)
            spent = time.perf_counter() - began
    finally:
        workers.close()
    if outcome.result is None or not outcome.result["exports"]:
        raise RuntimeError(f"{name}: {outcome.failed or outcome.result}")
    return spent


# How fast it is.


def latencies(trained: Path) -> list[dict[str, Any]]:
    """One row a way of calling Keras: the file's median for one sample on one thread, over Keras's."""
    import tensorflow as tf

    from graph_compiler.exporters.tflite import Reopened
    from tests.benchmarks.judges import Trained

    brought = Trained(trained)
    model, name = brought.compiled.model, brought.compiled.input_names[0]
    one = brought.column("test", brought.plan.inputs[0].end[1])[:1]
    runtime = Reopened(next((trained / "exports").glob("*-cnn.tflite")))
    traced, tensor = tf.function(lambda given: model(given, training=False), autograph=False), tf.constant(one)
    found = medians({"file": lambda: runtime({name: one}), "model.predict": lambda: model.predict(one, verbose=0),
                     "a tf.function": lambda: traced(tensor).numpy()})
    return [{"name": f"TFLite file over {other}", "value": found["file"] / found[other], "bound": bound, "unit": "x",
             "note": f"{found['file'] * 1e3:.3f} ms to {found[other] * 1e3:.3f} ms, one sample, median of {CALLS}"}
            for other, bound in (("model.predict", 0.05), ("a tf.function", 0.5))]


def medians(calls: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Seconds of each call; they take turns, so that all meet the same machine."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(WARM_UP + CALLS):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            if turn >= WARM_UP:
                taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}
