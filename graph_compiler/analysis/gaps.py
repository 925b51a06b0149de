"""Tables with missing values: the rows that training leaves out or fills are spoken of before it starts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from graph_compiler.analysis.diagnostics import Diagnostic
from graph_compiler.analysis.engine import GraphEngine
from graph_compiler.specs.datasets import SourceSpec
from graph_compiler.specs.gaps import gaps_of


def gap_problems(engine: GraphEngine, sources: Iterable[str]) -> Iterator[Diagnostic]:
    """What the Data tab says of gaps, at each source of which the document knows how many rows are left."""
    for node_id in sources:
        facts = engine.facts[node_id]
        if facts.failed or not isinstance(facts.spec, SourceSpec):
            continue
        schema = facts.spec.dataset.schema(facts.values)
        found = gaps_of(schema, facts.values, schema.rows) if schema.rows is not None else None
        if found is not None:
            yield engine.problem("missing-values", found.title, node_id, param="missing", severity=found.severity,
                                 hint=found.hint)
