"""Where a run computes, and the doctor's sentence about it."""

from __future__ import annotations

import os
from dataclasses import dataclass

from graph_compiler.messages import Device
from graph_compiler.trainers.problems import TrainProblem


@dataclass(frozen=True)
class Choice:
    """A device. `name` is cpu or gpu:N, `place` TensorFlow's name for it."""

    name: str
    place: str
    sentence: str
    threads: int

    @property
    def is_gpu(self) -> bool:
        """Whether it is a GPU."""
        return self.name.startswith("gpu")

    @property
    def message(self) -> Device:
        """The message that tells it."""
        return Device(name=self.name, sentence=self.sentence, threads=self.threads)


def choose(wished: str = "auto") -> Choice:
    """The device for `auto`, `cpu` or `gpu:N`. GPUs take memory as they need it, not all at once.

    TrainProblem when a GPU is asked for that is not there. Call it before TensorFlow has touched a device.
    """
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    threads = _threads(tf.config.threading.get_intra_op_parallelism_threads())
    if wished == "cpu" or (wished == "auto" and not gpus):
        return Choice("cpu", "/CPU:0", _cpu_sentence(threads, len(gpus)), threads)
    number = _number(wished, len(gpus))
    for gpu in gpus:
        _grow(tf, gpu)
    return Choice(f"gpu:{number}", f"/GPU:{number}", _gpu_sentence(tf, gpus[number], number), threads)


def _number(wished: str, count: int) -> int:
    text = "0" if wished in ("auto", "gpu") else wished.removeprefix("gpu:")
    if not text.isdigit():
        raise TrainProblem("device", f"There is no device “{wished}”.", "Choose auto, cpu or gpu:0.")
    if int(text) >= count:
        found = "No GPU was found" if not count else f"Found {count} GPU{'s' if count > 1 else ''}, counted from 0"
        raise TrainProblem("device", f"{found}, but {wished} was asked for.", "Choose auto or cpu.")
    return int(text)


def _grow(tf: object, gpu: object) -> None:
    try:
        tf.config.experimental.set_memory_growth(gpu, True)  # type: ignore[attr-defined]
    except RuntimeError:  # devices are in use already, so growth was settled then
        return


def _threads(set_by_user: int) -> int:
    if set_by_user:
        return set_by_user
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _cpu_sentence(threads: int, gpus: int) -> str:
    rest = "No GPU was found." if not gpus else f"{gpus} GPU{'s are' if gpus > 1 else ' is'} not used."
    return f"Runs on the CPU with {threads} thread{'s' if threads != 1 else ''}. {rest}"


def _gpu_sentence(tf: object, gpu: object, number: int) -> str:
    details = tf.config.experimental.get_device_details(gpu)  # type: ignore[attr-defined]
    return f"Runs on GPU {number}: {details.get('device_name', 'unknown')}. Memory is taken as it is needed."
