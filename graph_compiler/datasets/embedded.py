"""Files that are on every machine: the program's own `resources/data`, and the small tables inside scikit-learn.

scikit-learn is located, not imported: importing it takes more than a second, its data files are plain text.
"""

from __future__ import annotations

import io
from functools import cache
from importlib import util
from pathlib import Path

from graph_compiler.arrays import np
from graph_compiler.specs.datasets import DataProblem
from resources import FOLDER


def resource_bytes(name: str) -> bytes:
    """The bytes of a file in `resources/data`. DataProblem when the installation lacks it."""
    try:
        return FOLDER.joinpath("data", name).read_bytes()
    except OSError:
        raise DataProblem(f"The file {name} of the installation is missing", hint="Install Netloom again.") from None


@cache
def read_npz(name: str) -> dict[str, np.ndarray]:
    """The arrays of an embedded .npz file, read once."""
    with np.load(io.BytesIO(resource_bytes(name)), allow_pickle=False) as archive:
        return {key: frozen(archive[key]) for key in archive}


def sklearn_lines(name: str) -> list[str]:
    """The lines of a data file of scikit-learn (gzipped ones unpacked). DataProblem when scikit-learn is not there."""
    found = util.find_spec("sklearn")
    places = list(found.submodule_search_locations or ()) if found else []
    for place in places:
        path = Path(place, "datasets", "data", name)
        if path.is_file():
            import gzip

            raw = path.read_bytes()
            return (gzip.decompress(raw) if name.endswith(".gz") else raw).decode("utf-8").splitlines()
    raise DataProblem(f"The file {name} of scikit-learn is missing", hint="Install scikit-learn: this data set ships with it.")


def frozen(array: np.ndarray) -> np.ndarray:
    """The array, made read-only: cached arrays are shared by everybody who asks."""
    array.flags.writeable = False
    return array
