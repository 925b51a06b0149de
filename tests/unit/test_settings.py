"""Settings: written whole, read tolerantly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.settings import MOST_RECENT, Settings, load_settings, remember_file, save_settings, settings_file


def test_what_is_saved_comes_back(tmp_path):
    file = tmp_path / "deep" / "settings.json"
    settings = Settings(theme="dark", recent=["/a.netloom"], families=["core"], workbench_height=400)
    assert save_settings(settings, file)
    assert load_settings(file) == settings
    assert json.loads(file.read_text("utf-8"))["theme"] == "dark"
    assert [f.name for f in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"theme": 3}', '{"recent": "x"}', "\x00\xff"])
def test_a_damaged_file_gives_the_defaults(tmp_path, text):
    file = tmp_path / "settings.json"
    file.write_text(text, "latin-1")
    assert load_settings(file) == Settings()


def test_a_missing_file_gives_the_defaults_and_unknown_keys_do_no_harm(tmp_path):
    assert load_settings(tmp_path / "none.json") == Settings()
    file = tmp_path / "settings.json"
    file.write_text('{"theme": "light", "later": 1}', "utf-8")
    assert load_settings(file).theme == "light"


def test_a_folder_that_cannot_be_written_loses_nothing_else(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    assert not save_settings(Settings(), blocked / "settings.json")
    assert blocked.read_text() == "x"


def test_recent_files_come_newest_first_each_once():
    settings = Settings()
    for i in range(MOST_RECENT + 5):
        remember_file(settings, Path(f"/n{i}.netloom"))
    remember_file(settings, Path("/n10.netloom"))
    assert len(settings.recent) == MOST_RECENT
    assert settings.recent[0] == "/n10.netloom"
    assert len(set(settings.recent)) == MOST_RECENT


def test_defaults_are_not_shared():
    Settings().recent.append("x")
    assert Settings().recent == []


def test_they_lie_in_the_users_configuration(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert settings_file().name == "settings.json"
    assert "netloom" in str(settings_file().parent)
