"""The doctor: every finding in every state of the machine that can be made here."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest

from app import doctor
from app.doctor import Finding, Probed


def package(folder: Path, name: str) -> Path:
    """A package with a name."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__init__.py").write_text("")
    return folder / name


def test_a_tested_python_is_fine_and_others_are_not():
    assert doctor.python((3, 11)).level == doctor.python((3, 13)).level == "ok"
    for version in ((3, 10), (3, 14)):
        found = doctor.python(version)
        assert found.level == "error"
        assert "Netloom needs Python 3.11 to 3.13" in found.sentence


def test_packages_that_are_missing_are_named_with_what_is_lost():
    found = {f.facts["name"]: f for f in doctor.packages(lambda name: "") if f.code == "package-missing"}
    assert set(found) == set(doctor.NEEDED)
    assert found["tensorflow"].level == "error"
    assert found["onnx"].level == "warning"
    assert found["onnx"].sentence == "onnx is not installed, so Netloom cannot export ONNX: python -m pip install onnx."


def test_what_is_installed_here_is_complete():
    first, *rest = doctor.packages()
    assert "tensorflow 2." in first.sentence
    assert [f for f in rest if f.code == "package-missing"] == []


def test_a_version_outside_the_tested_range_is_told(monkeypatch):
    from packaging.specifiers import SpecifierSet

    monkeypatch.setattr(doctor, "_ranges", lambda: {"keras": SpecifierSet(">=3.15,<3.16"), "numpy": SpecifierSet(">=2.1")})
    found = [f for f in doctor.packages({"keras": "3.9.0"}.get) if f.code == "package-version"]
    assert [f.sentence for f in found] == ["keras 3.9.0 is not a tested version: Netloom wants <3.16,>=3.15."]


# devices


def test_a_worker_that_takes_too_long_is_ended_and_told():
    probe = doctor.ask_worker(0.01)
    assert probe.problem == "The worker did not answer within 0 seconds."
    assert doctor.devices(probe).level == "error"


@pytest.fixture
def card(monkeypatch):
    """A machine whose NVIDIA driver knows a card."""
    monkeypatch.setattr(doctor, "nvidia_cards", lambda: (["NVIDIA T4"], ""))
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)


def test_a_card_that_is_used_needs_no_words(card):
    assert list(doctor.graphics(Probed("Runs on GPU 0.", {"gpus": ["NVIDIA T4"]}))) == []


def test_a_card_that_is_not_used_is_told_with_the_reason(card, monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: "")
    monkeypatch.setattr(sys, "platform", "linux")
    (found,) = doctor.graphics(Probed("Runs on the CPU.", {"gpus": [], "cuda": True}))
    assert found.level == "warning"
    assert found.sentence == ("NVIDIA T4 is there but not used: TensorFlow's CUDA libraries are not installed; "
                              'run python -m pip install "tensorflow[and-cuda]".')


@pytest.mark.parametrize(("system", "hidden", "cuda", "libraries", "why"), [
    ("win32", None, True, "9.3", "no GPU support on native Windows"),
    ("linux", "-1", True, "9.3", "CUDA_VISIBLE_DEVICES is “-1” and hides it"),
    ("linux", "", True, "9.3", "CUDA_VISIBLE_DEVICES is “” and hides it"),
    ("linux", None, False, "9.3", "built without CUDA"),
    ("linux", None, True, "", "CUDA libraries are not installed"),
    ("linux", None, True, "9.3", "could not be loaded"),
])
def test_why_a_card_is_not_used(system, hidden, cuda, libraries, why, monkeypatch):
    monkeypatch.setattr(doctor, "version_of", lambda name: libraries)
    if hidden is None:
        monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    else:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", hidden)
    assert why in doctor.why_unused({"cuda": cuda}, system)[0]


def driver(names: list[str] | None) -> types.ModuleType:
    """A stand-in for the NVIDIA management library of a machine with these cards; None: there is no driver."""
    module = types.ModuleType("pynvml")

    class NVMLError(Exception):
        pass

    def start() -> None:
        if names is None:
            raise NVMLError("Driver Not Loaded")

    module.NVMLError, module.nvmlInit, module.nvmlShutdown = NVMLError, start, lambda: None
    module.nvmlDeviceGetCount = lambda: len(names or ())
    module.nvmlDeviceGetHandleByIndex = lambda number: number
    module.nvmlDeviceGetName = lambda number: (names or [])[number]
    return module


def test_the_driver_names_its_cards(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", driver(["NVIDIA T4", "NVIDIA L4"]))
    assert doctor.nvidia_cards() == (["NVIDIA T4", "NVIDIA L4"], "")


def test_a_card_without_a_driver_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "pynvml", driver(None))
    monkeypatch.setattr(doctor, "_card_on_the_bus", lambda: True)
    (found,) = doctor.graphics(Probed("Runs on the CPU.", {"gpus": []}))
    assert "its driver does not answer (Driver Not Loaded)" in found.sentence
    monkeypatch.setattr(doctor, "_card_on_the_bus", lambda: False)
    assert list(doctor.graphics(Probed("Runs on the CPU.", {"gpus": []}))) == []


# the machine


@pytest.mark.parametrize(("memory", "level", "words"), [
    ((16 * 10**9, 8 * 10**9), "ok", "8.0 of 16.0 GB of memory are free."),
    ((4 * 10**9, 10**9), "warning", "Only 1.0 of 4.0 GB"),
    ((16 * 10**9, 0), "ok", "16.0 GB of memory."),
    ((0, 0), "note", "does not say"),
])
def test_memory(memory, level, words):
    found = doctor.main_memory(memory)
    assert found.level == level
    assert words in found.sentence


@pytest.mark.parametrize(("free", "level"), [(10**7, "error"), (10**9, "warning"), (10**11, "ok")])
def test_disk(free, level, monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda place: types.SimpleNamespace(free=free))
    found = doctor.disk(tmp_path / "not" / "yet" / "there")
    assert found.level == level
    assert found.facts["free"] == free
    assert not (tmp_path / "not").exists()


def test_a_data_folder_that_cannot_be_written_prevents_training():
    if not Path("/proc/self").exists():
        pytest.skip("needs a folder nobody can write")
    found = doctor.disk(Path("/proc/netloom"))
    assert found.level == "error"
    assert "use --out" in found.sentence


# names


def test_packages_with_our_names_elsewhere_are_warned_of(tmp_path):
    clash = package(tmp_path / "site", "app")
    (tmp_path / "site" / "widgets.py").write_text("")
    (tmp_path / "site" / "resources").mkdir()  # no package
    home = Path(doctor.__file__).parents[1]
    found = list(doctor.clashes(home, [str(home), str(tmp_path / "site"), str(tmp_path / "gone")]))
    assert {f.facts["path"] for f in found} == {str(clash), str(tmp_path / "site" / "widgets.py")}
    assert {f.level for f in found} == {"warning"}
    assert str(clash) in found[0].sentence


def test_a_package_that_is_imported_in_place_of_ours_is_an_error(tmp_path, monkeypatch):
    package(tmp_path, "app")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    found = [f for f in doctor.clashes() if f.level == "error"]
    assert [f.facts["name"] for f in found] == ["app"]
    assert str(tmp_path / "app" / "__init__.py") in found[0].sentence


def test_a_folder_of_our_name_where_one_happens_to_stand_does_no_harm(tmp_path, monkeypatch):
    package(tmp_path, "widgets")
    monkeypatch.chdir(tmp_path)
    assert [f for f in doctor.clashes() if f.level == "error"] == []


# the window and the whole


def test_missing_libraries_come_with_the_line_that_installs_them(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "LIBRARIES", {"libnothing-of-the-kind.so.9": "libnothing9"})
    found = doctor.window()
    assert found.level == "warning"
    assert "libnothing-of-the-kind.so.9" in found.sentence
    assert "apt-get install" in found.sentence


def test_no_display_is_a_note(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "LIBRARIES", {})
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert doctor.window().level == "note"
    monkeypatch.setenv("DISPLAY", ":0")
    assert doctor.window().level == "ok"


def test_only_errors_make_the_doctor_fail(monkeypatch, capsys):
    from app.cli import doctor as command
    from app.main import main

    findings = [Finding("python", "ok", "Fine."), Finding("gpu", "warning", "Not used.")]
    monkeypatch.setattr(command, "examine", lambda: iter(findings))
    assert main(["doctor"]) == 0
    assert capsys.readouterr().out == "ok:      Fine.\nwarning: Not used.\n"
    findings.append(Finding("devices", "error", "No TensorFlow."))
    assert main(["doctor", "--json"]) == 3
    assert '"ready": false' in capsys.readouterr().out
