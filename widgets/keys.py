"""Keys as data: which chord a key event is, and a table of chords with the verbs they stand for."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

_BARE = (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_unknown)
_COUNTED = (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
            | Qt.KeyboardModifier.MetaModifier)


def chord(event: QKeyEvent, shift: bool = True) -> str:
    """The keys of an event in Qt's portable words, `Ctrl+Shift+G`; empty for a modifier alone. `shift` False leaves it out."""
    key = Qt.Key(event.key())
    if key in _BARE:
        return ""
    held = event.modifiers() & _COUNTED
    if not shift:
        held &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(held, key)).toString(QKeySequence.SequenceFormat.PortableText)


def shown_keys(keys: str) -> str:
    """A chord as the keyboard of this system names it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class KeyMap:
    """Chords and the verbs they stand for. A verb can have several chords; the first is the one that is shown."""

    def __init__(self, defaults: Mapping[str, str]) -> None:
        self._defaults = dict(defaults)
        self._verbs = dict(defaults)

    def verb(self, event: QKeyEvent) -> str | None:
        """What an event stands for. A sign or digit that a layout has behind Shift counts as itself."""
        found = self._verbs.get(chord(event))
        if found is None and event.text() and not event.text().isalpha():
            found = self._verbs.get(chord(event, shift=False)) if event.text().isprintable() else None
        return found

    def keys(self, verb: str) -> str:
        """The chord that is shown beside a verb, empty without one."""
        return next((keys for keys, name in self._verbs.items() if name == verb), "")

    def owner(self, keys: str) -> str:
        """The verb a chord stands for, empty for none."""
        return self._verbs.get(keys, "")

    def bind(self, changes: Mapping[str, str]) -> None:
        """Start from the defaults, and give each verb named here its one chord, an empty one to take it away."""
        self._verbs = {keys: verb for keys, verb in self._defaults.items() if verb not in changes}
        for verb, keys in changes.items():
            if keys:
                self._verbs = {keys: verb, **{k: v for k, v in self._verbs.items() if k != keys}}
