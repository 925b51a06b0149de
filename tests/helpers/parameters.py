"""Hypothesis strategies that draw valid JSON values for a parameter, by its kind, and small ones so that tests stay quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from graph_compiler.specs.nodes import NodeSpec
from graph_compiler.specs.params import (
    Axes,
    Bool,
    Choice,
    Choices,
    Float,
    Floats,
    Int,
    Ints,
    Pairs,
    Param,
    Rules,
    ShapeParam,
    Text,
)
from graph_compiler.specs.wrapping import Wrapped

SPREAD = 4
"""How far above its lower bound a whole number may be drawn."""


def _int(param: Int) -> st.SearchStrategy[Any]:
    low = param.minimum if param.minimum is not None else -2
    high = low + SPREAD if param.maximum is None else min(param.maximum, low + SPREAD)
    return st.integers(low, high)


def _float(param: Float) -> st.SearchStrategy[Any]:
    low = -2.0 if param.minimum is None else param.minimum
    high = max(low + 3.0, 1.0) if param.maximum is None else param.maximum
    return st.floats(low, high, exclude_min=param.open_low, exclude_max=param.open_high, allow_nan=False,
                     allow_subnormal=False).map(lambda v: round(v, 4)).filter(lambda v: _fits(param, v))


def _fits(param: Param, value: Any) -> bool:
    try:
        param.check(value)
    except Exception:
        return False
    return True


def _ints(param: Ints) -> st.SearchStrategy[Any]:
    high = param.minimum + 2 if param.maximum is None else min(param.maximum, param.minimum + 2)
    one = st.integers(param.minimum, high)
    return one | st.lists(one, min_size=param.length, max_size=param.length)


def _pairs(param: Pairs) -> st.SearchStrategy[Any]:
    one = st.integers(param.minimum, param.minimum + 2)
    pair = st.lists(one, min_size=2, max_size=2)
    return one | st.lists(pair, min_size=param.length, max_size=param.length)


def _axes(param: Axes) -> st.SearchStrategy[Any]:
    one = st.integers(-3, 3)
    return one | st.lists(one, min_size=1, max_size=2, unique=True) if param.many else one


def _shape(param: ShapeParam) -> st.SearchStrategy[Any]:
    sizes = st.integers(param.minimum, param.minimum + SPREAD)
    return st.lists(sizes, min_size=1, max_size=3)


def _floats(param: Floats) -> st.SearchStrategy[Any]:
    low = -2.0 if param.minimum is None else param.minimum
    high = low + 3.0 if param.maximum is None else param.maximum
    one = st.floats(low, high, allow_nan=False, allow_subnormal=False).map(lambda v: round(v, 4))
    length = param.length or 2
    return (one | st.lists(one, min_size=length, max_size=length).map(sorted)).filter(lambda v: _fits(param, v))


def _rules(param: Rules) -> st.SearchStrategy[Any]:
    return st.sampled_from(sorted(param.options)).flatmap(lambda name: _named(name, param.options[name]))


def _wrapped(param: Wrapped) -> st.SearchStrategy[Any]:
    return st.sampled_from(sorted(param.options)).flatmap(lambda name: _named(name, param.fields(name)))


def _named(name: str, fields: tuple[Param, ...]) -> st.SearchStrategy[Any]:
    drawn = st.fixed_dictionaries({}, optional={f.name: values_of(f) for f in fields})
    return drawn.map(lambda given: {"name": name, **given} if given else name)


_BY_KIND: dict[type[Param], Callable[[Any], st.SearchStrategy[Any]]] = {
    Int: _int, Float: _float, Ints: _ints, Pairs: _pairs, Axes: _axes, ShapeParam: _shape, Floats: _floats, Rules: _rules,
    Wrapped: _wrapped,
    Bool: lambda param: st.booleans(), Choice: lambda param: st.sampled_from(param.options),
    Choices: lambda param: st.lists(st.sampled_from(param.options), unique=True, max_size=3),
    Text: lambda param: st.just(param.default or ""),
}


def values_of(param: Param) -> st.SearchStrategy[Any]:
    """Valid JSON values of a parameter. LookupError for a kind this helper does not know."""
    drawn = _BY_KIND[type(param)](param)
    return st.none() | drawn if param.optional else drawn


def overrides(spec: NodeSpec, most: int = 4) -> st.SearchStrategy[dict[str, Any]]:
    """JSON values for up to `most` parameters of a spec; the others keep their defaults. Key parameters come first."""
    if not spec.params:
        return st.just({})
    names = st.lists(st.sampled_from([p.name for p in spec.params]), unique=True, max_size=most)
    by_name = {p.name: p for p in spec.params}
    return names.flatmap(lambda chosen: st.fixed_dictionaries({n: values_of(by_name[n]) for n in chosen}))


def checked(spec: NodeSpec, given: dict[str, Any]) -> dict[str, Any]:
    """All parameters of a spec as its rule takes them: `given` where there is a value, defaults elsewhere."""
    return {p.name: p.check(given.get(p.name, p.default)) for p in spec.params}
