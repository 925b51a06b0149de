"""What looking costs: the seconds that sights took, as a share of those of the training, and how many epochs they showed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from graph_compiler.graph.files import loads
from tests.benchmarks.figures import templates
from tests.helpers.training import Training

EPOCHS = {"dcgan": 4, "vae": 20, "street-unet": 3, "date-translator": 10}
MOST = 0.03


def run() -> list[dict[str, Any]]:
    """One row a template."""
    return [_row(name, epochs) for name, epochs in EPOCHS.items()]


def _row(name: str, epochs: int) -> dict[str, Any]:
    document = loads(templates()[name])
    document.training = replace(document.training, epochs=epochs, early_stopping=None)
    with tempfile.TemporaryDirectory() as folder:
        result = Training(document, Path(folder)).run().result
    seen, seconds = result["sights"], result["seconds"]["train"]
    return {"name": f"share of looking, {name}", "value": seen["seconds"] / seconds, "bound": MOST, "unit": "",
            "note": f"{seen['looks']} looks in {epochs} epochs, {seconds:.1f} s; {seen['first_seconds']:.2f} s for first ones"}
