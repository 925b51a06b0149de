"""What this machine offers and what stands in the way: one sentence each, without Qt and without TensorFlow in this process.

A real worker is asked what TensorFlow finds. Levels: ok, note, warning (something is lost), error (no training at all).
"""

from __future__ import annotations

import ctypes
import importlib.machinery
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from app import paths
from graph_compiler.messages import Device, Done, Failed, Probe
from graph_compiler.runs.environment import memory, threads, version_of
from widgets.words import plural

LIBRARIES = {"libEGL.so.1": "libegl1", "libGL.so.1": "libgl1", "libxkbcommon.so.0": "libxkbcommon0",
             "libfontconfig.so.1": "libfontconfig1", "libdbus-1.so.3": "libdbus-1-3", "libxcb-cursor.so.0": "libxcb-cursor0",
             "libxcb-icccm.so.4": "libxcb-icccm4", "libxcb-keysyms.so.1": "libxcb-keysyms1",
             "libxcb-shape.so.0": "libxcb-shape0", "libxkbcommon-x11.so.0": "libxkbcommon-x11-0"}
"""What Qt needs of a Linux system, with the Debian package of each."""
APT = f"apt-get install {' '.join(LIBRARIES.values())} fonts-dejavu-core"

OUR_NAMES = ("app", "widgets", "graph_compiler", "resources")
NEEDED = {"tensorflow": "train", "keras": "train", "numpy": "train", "msgspec": "train", "platformdirs": "train",
          "scikit-learn": "read its small tables", "onnx": "export ONNX", "tf2onnx": "export ONNX",
          "onnxruntime": "prove ONNX files", "ai-edge-litert": "prove TFLite files",
          "PySide6-Essentials": "open the window", "pyqtgraph": "draw plots"}
OLDEST, NEWEST = (3, 11), (3, 13)
LITTLE_MEMORY, LITTLE_DISK, NO_DISK = 2 * 10**9, 2 * 10**9, 10**8
PATIENCE = 120.0
"""Seconds a worker gets to import TensorFlow and look for devices."""
NVIDIA = "0x10de"


@dataclass(frozen=True)
class Finding:
    """One thing to know. `level` is ok, note, warning or error; `facts` are plain values for programs."""

    code: str
    level: str
    sentence: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"code": self.code, "level": self.level, "sentence": self.sentence, "facts": dict(self.facts)}


def examine(patience: float = PATIENCE) -> Iterator[Finding]:
    """Every finding, as soon as it is known."""
    yield python()
    yield from packages()
    probe = ask_worker(patience)
    yield devices(probe)
    yield from graphics(probe)
    yield processors()
    yield main_memory()
    yield disk()
    yield from clashes()
    yield window()


# Versions.


def python(version: tuple[int, int] = sys.version_info[:2]) -> Finding:
    """Whether this Python is one the program is tested with."""
    name = f"Python {platform.python_version()} on {platform.platform(terse=True)}"
    facts = {"version": platform.python_version(), "executable": sys.executable, "system": platform.platform()}
    if OLDEST <= version <= NEWEST:
        return Finding("python", "ok", f"{name}.", facts)
    return Finding("python", "error", f"{name}: Netloom needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}.", facts)


def packages(version: Callable[[str], str] = version_of) -> Iterator[Finding]:
    """The versions of what the program stands on, and a finding for each that is missing or not a tested one."""
    found = {name: version(name) for name in ("netloom", *NEEDED)}
    words = ", ".join(f"{name} {number}" for name, number in found.items() if number)
    yield Finding("packages", "ok", f"Installed: {words}.", {name: number or None for name, number in found.items()})
    for name, purpose in NEEDED.items():
        if not found[name]:
            yield Finding("package-missing", "error" if purpose == "train" else "warning",
                          f"{name} is not installed, so Netloom cannot {purpose}: python -m pip install {name}.",
                          {"name": name})
    for name, wanted in _ranges().items():
        if found.get(name) and not wanted.contains(found[name], prereleases=True):
            yield Finding("package-version", "warning",
                          f"{name} {found[name]} is not a tested version: Netloom wants {wanted}.",
                          {"name": name, "version": found[name], "wanted": str(wanted)})


def _ranges() -> dict[str, Any]:
    """The versions the installed program asks for, by package; empty when it was not installed."""
    try:
        from packaging.requirements import Requirement

        asked = [Requirement(line) for line in metadata.requires("netloom") or ()]
    except (ImportError, metadata.PackageNotFoundError):
        return {}
    return {one.name: one.specifier for one in asked if one.marker is None}


# Devices.


@dataclass(frozen=True)
class Probed:
    """What a worker said: its sentence about the device and the facts, or why there is neither."""

    sentence: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""


def ask_worker(patience: float = PATIENCE) -> Probed:
    """Start a worker, ask it what TensorFlow finds, and end it. A worker that takes too long is a problem too."""
    from graph_compiler.worker.client import WorkerClient
    from graph_compiler.worker.ending import End
    from graph_compiler.worker.mailbox import Mailbox

    sentence, box, deadline = "", Mailbox(), time.monotonic() + patience
    with tempfile.TemporaryDirectory(prefix="netloom-doctor-") as folder:
        worker = WorkerClient(box.put, box.put_end, Path(folder))
        worker.start()
        worker.send(Probe())
        try:
            while (left := deadline - time.monotonic()) > 0:
                match box.get(left):
                    case Device() as device:
                        sentence = device.sentence
                    case Done() as done:
                        return Probed(sentence, done.result)
                    case Failed() as failed:
                        return Probed(problem=f"{failed.sentence} {failed.hint}".strip())
                    case End() as end:
                        return Probed(problem=end.sentence or "The worker ended without an answer.")
        finally:
            worker.kill()
            worker.wait(10)
    return Probed(problem=f"The worker did not answer within {patience:.0f} seconds.")


def devices(probe: Probed) -> Finding:
    """Where training runs."""
    if probe.problem:
        return Finding("devices", "error", f"TensorFlow cannot be used: {probe.problem}")
    return Finding("devices", "ok", probe.sentence, probe.facts)


def graphics(probe: Probed) -> Iterator[Finding]:
    """NVIDIA GPUs that the driver knows but TensorFlow does not use: why, and what to do."""
    if probe.problem or probe.facts.get("gpus"):
        return
    cards, driver = nvidia_cards()
    if not cards:
        if driver:
            yield Finding("gpu", "warning", driver)
        return
    names = ", ".join(cards)
    why, remedy = why_unused(probe.facts)
    yield Finding("gpu", "warning", f"{names} is there but not used: {why}; {remedy}.", {"cards": cards, "why": why})


def missing_gpu(wished: str) -> str:
    """Why a GPU that is asked for cannot be had, in a sentence; empty where it may be there.

    Told without TensorFlow: it refuses what is known not to be there, before anything is made for a training.
    """
    if not wished.startswith("gpu") or Path("/dev/kfd").exists() or sys.platform == "darwin":
        return ""
    cards, driver = nvidia_cards()
    text = wished.removeprefix("gpu").lstrip(":") or "0"
    if text.isdigit() and int(text) < len(cards):
        return ""
    found = f"Found {plural(len(cards), 'GPU')}, counted from 0" if cards else driver.rstrip(".") or "No GPU was found"
    return f"{found}, but {wished} was asked for. Choose auto or cpu."


def nvidia_cards() -> tuple[list[str], str]:
    """Names of the GPUs the NVIDIA driver knows, or a sentence about a card without a driver."""
    try:
        import pynvml
    except ImportError:
        return [], ""
    try:
        pynvml.nvmlInit()
    except pynvml.NVMLError as error:
        if _card_on_the_bus():
            return [], f"There is an NVIDIA card, but its driver does not answer ({error}); install or update the driver."
        return [], ""
    try:
        count = pynvml.nvmlDeviceGetCount()
        names = [pynvml.nvmlDeviceGetName(pynvml.nvmlDeviceGetHandleByIndex(number)) for number in range(count)]
    except pynvml.NVMLError:
        return [], ""
    finally:
        pynvml.nvmlShutdown()
    return [name.decode() if isinstance(name, bytes) else name for name in names], ""


def _card_on_the_bus() -> bool:
    """Whether Linux sees an NVIDIA display controller."""
    for device in Path("/sys/bus/pci/devices").glob("*"):
        try:
            vendor, kind = (device / "vendor").read_text().strip(), (device / "class").read_text().strip()
        except OSError:
            continue
        if vendor == NVIDIA and kind.startswith("0x03"):
            return True
    return False


def why_unused(facts: Mapping[str, Any], system: str = sys.platform) -> tuple[str, str]:
    """Why TensorFlow does not see a GPU that the driver sees, and what to do about it."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES")
    if system == "win32":
        return "TensorFlow has no GPU support on native Windows", "use WSL2 for it"
    if hidden is not None and hidden.strip() in ("", "-1"):
        return f"CUDA_VISIBLE_DEVICES is “{hidden}” and hides it", "unset it"
    if facts.get("cuda") is False:
        return "this TensorFlow was built without CUDA", "install the package tensorflow[and-cuda]"
    if not version_of("nvidia-cudnn-cu12"):
        return "TensorFlow's CUDA libraries are not installed", 'run python -m pip install "tensorflow[and-cuda]"'
    return ("the CUDA libraries could not be loaded, most often because the driver is too old for them",
            "update the NVIDIA driver and start the machine again")


# The machine.


def processors() -> Finding:
    """Threads this process may use."""
    mine, every = threads(), os.cpu_count() or 1
    rest = f" of {every}" if mine < every else ""
    return Finding("cpu", "ok", f"{mine}{rest} CPU threads can be used.", {"threads": mine, "all": every})


def main_memory(found: tuple[int, int] | None = None) -> Finding:
    """Main memory in all and free."""
    total, free = memory() if found is None else found
    facts = {"total": total, "free": free}
    if not total:
        return Finding("memory", "note", "The system does not say how much memory there is.", facts)
    words = f"{free / 1e9:.1f} of {total / 1e9:.1f} GB of memory are free" if free else f"{total / 1e9:.1f} GB of memory"
    if free and free < LITTLE_MEMORY:
        return Finding("memory", "warning", f"Only {words}; training takes 1 to 2 GB: close other programs.", facts)
    return Finding("memory", "ok", f"{words}.", facts)


def disk(folder: Path | None = None) -> Finding:
    """Room for runs, and whether their folder can be written."""
    folder = folder or paths.user_data()
    place = next(part for part in (folder, *folder.parents) if part.exists())
    facts: dict[str, Any] = {"folder": str(folder)}
    try:
        free = shutil.disk_usage(place).free
        with tempfile.TemporaryFile(dir=place if place.is_dir() else place.parent):
            pass
    except OSError as error:
        words = f"Runs cannot be kept in {folder}: {error.strerror or error}; use --out, or change its permissions."
        return Finding("disk", "error", words, facts)
    words = f"{free / 1e9:.1f} GB of disk are free for runs in {folder}"
    facts["free"] = free
    if free < NO_DISK:
        return Finding("disk", "error", f"Only {words}: too little to train; free some or use --out.", facts)
    if free < LITTLE_DISK:
        return Finding("disk", "warning", f"Only {words}.", facts)
    return Finding("disk", "ok", f"{words}.", facts)


# Names.


def clashes(home: Path | None = None, places: list[str] | None = None) -> Iterator[Finding]:
    """Packages elsewhere that have one of our names: those that are imported in place of ours, and those that might be."""
    home = (home or Path(__file__).resolve().parents[1]).resolve()
    wrong = [(name, origin) for name in OUR_NAMES if (origin := _imported_elsewhere(name, home))]
    for name, origin in wrong:
        yield Finding("names", "error", f"A new process would import {origin} instead of Netloom's own “{name}”; "
                      "install Netloom in an environment of its own.", {"name": name, "path": str(origin)})
    named = {name for name, _ in wrong}
    for path in others(home, sys.path if places is None else places):
        if path.stem not in named:
            yield Finding("names", "warning", f"{path} has the same name as a part of Netloom and may be mistaken for it; "
                          "install Netloom in an environment of its own.", {"name": path.stem, "path": str(path)})


def _imported_elsewhere(name: str, home: Path) -> Path | None:
    """What a fresh interpreter without the working directory would import under the name, when it is not ours."""
    for finder in sys.meta_path:
        if finder is importlib.machinery.PathFinder:
            spec = importlib.machinery.PathFinder.find_spec(name, _worker_path(home))
        else:
            spec = finder.find_spec(name, None) if hasattr(finder, "find_spec") else None
        if spec is not None and spec.origin is not None:
            origin = Path(spec.origin).resolve()
            return None if origin.is_relative_to(home) else origin
    return None


def _worker_path(home: Path) -> list[str]:
    """The path of a worker: without the working directory, and with our folder first where it is not an installed one."""
    entries = [Path(entry).resolve() for entry in sys.path if entry]
    folders = [str(entry) for entry in entries if entry == home or entry != Path.cwd()]
    return folders if str(home) in folders else [str(home), *folders]


def others(home: Path, places: list[str]) -> list[Path]:
    """Modules and packages with our names in other folders of the path."""
    found = []
    for entry in dict.fromkeys(places):
        folder = Path(entry or ".").resolve()
        if folder != home:
            found += [path for name in OUR_NAMES for path in (folder / name, folder / f"{name}.py")
                      if path.is_file() or (path / "__init__.py").is_file()]
    return found


# The window.


def missing_libraries() -> list[str]:
    """Libraries of the system that Qt needs and that are not there (Linux)."""
    return [name for name in LIBRARIES if not _loads(name)] if sys.platform == "linux" else []


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def window() -> Finding:
    """Whether the window has what it needs of the system."""
    missing = missing_libraries()
    if missing:
        words = f"The window lacks {', '.join(missing)}; install them with: {APT}"
        return Finding("window", "warning", words, {"missing": missing})
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding("window", "note", "There is no display here: the window cannot open, all commands work.")
    return Finding("window", "ok", "The window has all it needs of the system.")
