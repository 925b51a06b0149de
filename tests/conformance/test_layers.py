"""Every registered layer: its rule says what Keras says, symbolically and in real calls, and refuses what Keras refuses."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph_compiler.catalog import registry
from graph_compiler.specs.nodes import LayerSpec
from graph_compiler.specs.refusal import Refusal
from tests.conformance.cases import EXAMPLES, Case, given_for, inputs_of
from tests.conformance.known import KERAS_BUGS, KERAS_CRASHES, STRICTER_RULES
from tests.conformance.verdict import CRASH, Known, compare, rule_of

LAYERS = [spec for spec in registry().nodes.values() if isinstance(spec, LayerSpec) and spec.kind in ("layer", "operation")]
KNOWN = (*STRICTER_RULES, *KERAS_BUGS)

ROOT = Path(__file__).resolve().parents[2]

each_layer = pytest.mark.parametrize("spec", LAYERS, ids=lambda spec: spec.name)


held: dict[str, str] = {}
"""What came of each case: several tests draw the same ones, and Keras says the same again."""


def hold(keras: ModuleType, spec: LayerSpec, case: Case) -> str:
    """Empty when rule and Keras agree or differ as the tables say, else the difference in words."""
    key = str(case)
    if key not in held:
        held[key] = _hold(keras, spec, case)
    return held[key]


def _hold(keras: ModuleType, spec: LayerSpec, case: Case) -> str:
    if any(case.layer in crash.layers and crash.when(case) for crash in KERAS_CRASHES):
        return "" if isinstance(rule_of(spec, case), Refusal) else f"[{CRASH}] {case}: the rule accepts what ends the process"
    difference = compare(keras, spec, case)
    if difference is None or any(known.covers(case, difference) for known in KNOWN):
        return ""
    return f"[{difference.kind}] {difference.words}"


@each_layer
def test_defaults_on_every_kind_of_input(keras: ModuleType, spec: LayerSpec) -> None:
    wrong = [words for inputs in inputs_of(spec) if (words := hold(keras, spec, Case(spec.name, {}, inputs)))]
    assert not wrong, "\n".join(wrong)


@each_layer
def test_some_input_is_accepted_with_defaults(spec: LayerSpec) -> None:
    """A layer dropped from the palette must work on something as it is."""
    assert any(not isinstance(rule_of(spec, Case(spec.name, {}, inputs)), Refusal) for inputs in inputs_of(spec))


@each_layer
def test_drawn_parameters(keras: ModuleType, spec: LayerSpec) -> None:
    check = settings(max_examples=EXAMPLES.get(spec.name, 40), derandomize=True, deadline=None, database=None,
                     suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    check(given(data=st.data())(lambda data: _drawn(keras, spec, data)))()


def _drawn(keras: ModuleType, spec: LayerSpec, data: st.DataObject) -> None:
    inputs = inputs_of(spec)
    usual = [i for i in inputs if not isinstance(rule_of(spec, Case(spec.name, {}, i)), Refusal)] or inputs
    chosen = data.draw(st.sampled_from(usual) | st.sampled_from(usual) | st.sampled_from(inputs), label="inputs")
    x = next(iter(chosen.values()))[0]
    case = Case(spec.name, data.draw(given_for(spec, x), label="parameters"), chosen)
    words = hold(keras, spec, case)
    assert not words, words


@each_layer
def test_refusals_are_for_people(spec: LayerSpec) -> None:
    for inputs in inputs_of(spec):
        found = rule_of(spec, Case(spec.name, {}, inputs))
        if isinstance(found, Refusal) and found.code != "empty-shape":
            assert found.title and not found.title.endswith("."), found.title
            assert found.expected and found.received, found.title
            assert found.hint.endswith("."), found.title


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: str(known.witness))
def test_every_exception_is_real(keras: ModuleType, known: Known) -> None:
    """A row of the tables goes when the difference it excuses has gone."""
    assert known.why.endswith(".")
    spec = registry().nodes[known.witness.layer]
    assert isinstance(spec, LayerSpec)
    difference = compare(keras, spec, known.witness)
    assert difference is not None, "rule and Keras agree now"
    assert known.covers(known.witness, difference), difference.words


CRASHING = """
import sys
from graph_compiler.catalog import registry
from tests.conformance.known import KERAS_CRASHES
from tests.conformance.oracle import ask
from tests.conformance.verdict import asked
import keras
case = KERAS_CRASHES[int(sys.argv[1])].witness
spec = registry().nodes[case.layer]
ask(keras, spec, *asked(spec, case))
"""


@pytest.mark.parametrize("row", range(len(KERAS_CRASHES)), ids=lambda row: str(KERAS_CRASHES[row].witness))
def test_every_crash_is_real(row: int) -> None:
    """Asked in a process of its own, which a signal ends."""
    process = subprocess.run([sys.executable, "-c", CRASHING, str(row)], capture_output=True, cwd=ROOT, timeout=200,
                             check=False)
    assert process.returncode < 0, process.stderr.decode()[-500:]
