"""Text size and high contrast from the View menu: everything follows at once, and nothing is cut."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget

from app import themes as appearance
from app.settings import Settings
from app.window import MainWindow
from tests.helpers.window import opened_window
from widgets import fonts, style
from widgets.parts import Words
from widgets.theme import DARK, LIGHT, theme, themes


@pytest.fixture
def window(qtbot, monkeypatch) -> MainWindow:
    window = opened_window(qtbot, monkeypatch, "digits-cnn", 1600, 1000)
    yield window
    appearance.choose_text_size(100)
    appearance.choose_theme("light", False)
    themes.use(LIGHT)


def trigger(window: MainWindow, name: str) -> None:
    window.actions_by_id[name].trigger()


def test_every_text_follows_the_size(window):
    device, tabs = window.status.device, window.workbench.strip
    before = [device.font().pixelSize(), tabs.font().pixelSize()]
    trigger(window, "text_130")
    after = [device.font().pixelSize(), tabs.font().pixelSize()]
    assert [round(px * 1.3) for px in before] == after
    assert window.actions_by_id["text_130"].isChecked() and not window.actions_by_id["text_100"].isChecked()
    trigger(window, "text_100")
    assert [device.font().pixelSize(), tabs.font().pixelSize()] == before


def unlike(window: MainWindow) -> set[str]:
    """Widgets in view whose letters are of another size than they asked for."""
    return {type(widget).__name__ for widget in window.findChildren(QWidget)
            if widget.isVisible() and (worn := widget.property("netloomFont")) is not None
            and widget.font().pixelSize() != max(11, round(worn[0] * fonts.text_scale()))}


def test_sizes_hold_from_the_start_and_through_a_switch_of_the_theme(qapp, qtbot, monkeypatch):
    """A style sheet that is set anew gives widgets back the fonts they had under the first."""
    monkeypatch.setenv("NETLOOM_NO_SPARE", "1")
    style.apply(qapp)
    window = MainWindow(Settings(theme="light", text_size=130))
    qtbot.addWidget(window)
    window.show()
    QApplication.processEvents()
    assert fonts.text_scale() == 1.3 and unlike(window) == set()
    window.open_template("digits-cnn")
    for action in ("theme_dark", "text_100", "theme_light", "text_130", "contrast", "contrast"):
        trigger(window, action)
        QApplication.processEvents()
        assert unlike(window) == set(), action
    trigger(window, "text_100")


def test_forms_fit_the_inspector_at_every_size(window):
    window.resize(1280, 800)
    for size in (90, 100, 115, 130):
        trigger(window, f"text_{size}")
        for chosen in ([], ["conv2d_2"], ["loss_1"], ["conv2d_1", "conv2d_2"]):
            window.canvas.select(chosen)
            QApplication.processEvents()
            page, area = window.inspector.page, window.inspector.area
            assert page.minimumSizeHint().width() <= area.viewport().width(), (size, chosen)


def test_cards_grow_with_their_texts(window):
    box = window.canvas.canvas.boxes["loss_1"]
    trigger(window, "text_130")
    bigger = window.canvas.canvas.boxes["loss_1"]
    assert bigger is not box and bigger.card.width > box.card.width
    assert bigger.pos() == box.pos()


@pytest.mark.parametrize("size", appearance.SIZES)
def test_labels_have_room_at_every_size(window, qtbot, size):
    trigger(window, f"text_{size}")
    window.show_page("Train")

    def cut() -> list[tuple[str, int, int]]:
        shown = [w for w in window.findChildren(Words) if w.isVisible() and w.text() and not w.wordWrap()]
        need = [QFontMetrics(w.font()).height() * (w.text().count("\n") + 1) - 3 for w in shown]
        return [(w.text(), w.height(), n) for w, n in zip(shown, need, strict=True) if w.height() < n]

    qtbot.waitUntil(lambda: not cut())


def test_nothing_is_below_eleven_pixels(window):
    trigger(window, "text_90")
    assert fonts.ui_font(11).pixelSize() == fonts.mono_font(11).pixelSize() == 11
    assert fonts.ui_font(13).pixelSize() == 12


@pytest.mark.parametrize("dark", [False, True])
def test_high_contrast_changes_lines_in_both_themes(window, dark):
    trigger(window, "theme_dark" if dark else "theme_light")
    plain = DARK if dark else LIGHT
    trigger(window, "contrast")
    assert (theme().line, theme().line2, theme().text) == (plain.text3, plain.text3, plain.text)
    trigger(window, "theme_light" if dark else "theme_dark")
    other = LIGHT if dark else DARK
    assert theme().line == other.text3
    trigger(window, "contrast")
    assert theme() is other and not window.settings.contrast


def test_a_new_window_starts_as_the_settings_say(window, qtbot):
    settings = Settings(theme="dark", contrast=True, text_size=115, still=True)
    again = MainWindow(settings)
    qtbot.addWidget(again)
    assert theme().line == DARK.text3 and fonts.text_scale() == 1.15
    assert all(again.actions_by_id[name].isChecked() for name in ("contrast", "text_115", "still", "theme_dark"))
