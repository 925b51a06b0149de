"""Which sights a drawing has, read from the drawing alone. The one list of kinds."""

from __future__ import annotations

from collections.abc import Iterable

from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.analysis.goals import End
from graph_compiler.trainers.sights import latent, masks, plane, reconstructions, samples, scores, texts
from graph_compiler.trainers.sights.base import SightPlan

KINDS = (samples, reconstructions, masks, texts, plane, scores, latent)


def wanted(analysis: Analyzer) -> tuple[SightPlan, ...]:
    """What can be seen of a drawing while it trains, in the order of the page. Needs no TensorFlow; empty without a trainer."""
    if not analysis.plan.trainer:
        return ()
    return tuple(plan for kind in KINDS for plan in kind.plans(analysis))


def further_columns(plans: Iterable[SightPlan]) -> list[End]:
    """Columns that sights show though no layer reads them."""
    return [plan.label for plan in plans if isinstance(plan, latent.LatentPlan) and plan.label is not None]
