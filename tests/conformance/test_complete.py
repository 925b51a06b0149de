"""Every public class of `keras.layers` is in the palette, or a table says why it is not."""

from __future__ import annotations

from types import ModuleType

from graph_compiler.catalog import registry
from tests.conformance.absent import EXCLUDED


def public_classes(keras: ModuleType) -> dict[type, set[str]]:
    """Distinct layer classes of `keras.layers` with all their names (`AvgPool2D` is `AveragePooling2D`)."""
    found: dict[type, set[str]] = {}
    for name in dir(keras.layers):
        made = getattr(keras.layers, name)
        if isinstance(made, type) and issubclass(made, keras.layers.Layer):
            found.setdefault(made, set()).add(name)
    return found


def test_every_class_is_registered_or_has_a_reason(keras: ModuleType) -> None:
    classes = public_classes(keras)
    known = {*registry().nodes, *EXCLUDED}
    assert len(classes) >= 143
    assert not [sorted(names) for names in classes.values() if not names & known]


def test_the_table_holds_only_what_is_absent(keras: ModuleType) -> None:
    public = {name for names in public_classes(keras).values() for name in names}
    assert not set(EXCLUDED) & registry().nodes.keys()
    assert set(EXCLUDED) <= public
    assert all(why.endswith(".") and len(why) > 20 for why in EXCLUDED.values())


def test_a_class_stands_under_one_name(keras: ModuleType) -> None:
    assert not [names for names in public_classes(keras).values() if len(names & registry().nodes.keys()) > 1]
