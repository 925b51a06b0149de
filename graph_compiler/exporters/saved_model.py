"""TensorFlow's SavedModel: a folder with the frozen graph and a named signature, for servers and TensorFlow.js."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from graph_compiler.exporters.freezing import freeze, signature
from graph_compiler.exporters.part import Arrays, Part, as_list
from graph_compiler.exporters.recurrent import refuse_free_steps
from graph_compiler.exporters.rewriting import inference_part
from graph_compiler.specs.exporters import ExporterSpec


def save(part: Part, batch: int | None, folder: Path, exact: bool = True) -> None:
    """Write a SavedModel whose signature `serving_default` has the part's names; `exact` as `freeze` has it."""
    import tensorflow as tf

    frozen = freeze(part, batch, exact)
    module = tf.Module()

    def run(**tensors: Any) -> dict[str, Any]:
        return dict(zip(part.output_names, as_list(frozen(*[tensors[name] for name in part.input_names])), strict=True))

    module.run = tf.function(run, autograph=False)
    concrete = module.run.get_concrete_function(**{spec.name: spec for spec in signature(part, batch)})
    # A frozen swish carries a custom gradient that cannot be saved.
    options = tf.saved_model.SaveOptions(experimental_custom_gradients=False)
    tf.saved_model.save(module, str(folder), signatures={"serving_default": concrete}, options=options)


def write(part: Part, path: Path, options: dict[str, Any]) -> None:
    """Save, with the description among the extra assets."""
    refuse_free_steps(part.model)
    save(inference_part(part), None, path)
    extra = path / "assets.extra"
    extra.mkdir()
    (extra / "netloom.json").write_text(json.dumps(options.get("description", {}), ensure_ascii=False), encoding="utf-8")


class Reopened:
    """A SavedModel loaded again by TensorFlow, called through its signature."""

    def __init__(self, path: Path, part: Part) -> None:
        import tensorflow as tf

        self._model = tf.saved_model.load(str(path))
        self._run = self._model.signatures["serving_default"]
        inputs, outputs = self._run.structured_input_signature[1], self._run.structured_outputs
        self._dtypes = {name: spec.dtype.as_numpy_dtype for name, spec in inputs.items()}
        self.input_names = tuple(n for n in part.input_names if n in inputs) or tuple(inputs)
        self.output_names = tuple(n for n in part.output_names if n in outputs) or tuple(outputs)

    def __call__(self, inputs: Arrays) -> list[np.ndarray]:
        """Outputs in order; a signature knows them by name only."""
        import tensorflow as tf

        found = self._run(**{name: tf.constant(inputs[name], dtype) for name, dtype in self._dtypes.items()})
        return [np.asarray(found[name]) for name in self.output_names]


def reopen(path: Path, part: Part, threads: int = 1) -> Reopened:
    """The folder in TensorFlow, which has its own idea of threads."""
    return Reopened(path, part)


SPEC = ExporterSpec(
    name="savedmodel", title="SavedModel", suffix="-savedmodel", usual=False,
    summary="A folder for TensorFlow Serving and TensorFlow.js.",
    runs_on="TensorFlow", write=write, reopen=reopen, threaded=False)
