"""Ports on cards: chains run straight through the header, other ports have rows in which no words meet."""

from __future__ import annotations

import pytest

from tests.helpers.drawing import analysed
from widgets.canvas.geometry import HEADER, PAD, PORT_ROW, Card, layout
from widgets.fonts import text_width

LINES = ("digits Digits", "scale Rescaling", "rows Reshape target_shape=[8,8]", "digits.image > scale > rows")


def card(kind: str, *params: str) -> Card:
    found = analysed(*LINES, " ".join(("node", kind, *params)), "rows > node" if "LSTM" in kind else "rows > node.query",
                     *(() if "LSTM" in kind else ("rows > node.value",)))
    return layout(found.engine.facts["node"])


def heights(found: Card) -> dict[str, float]:
    return {spot.name: spot.place.y() for spot in found.ports}


def test_states_have_rows_and_the_chain_runs_straight(qapp: object) -> None:
    first, second = HEADER + PORT_ROW / 2, HEADER + PORT_ROW * 1.5
    assert heights(card("LSTM")) == {"in": 20, "initial_h": first, "initial_c": second, "out": 20}
    found = card("LSTM", "return_state=true")
    assert heights(found) == {"in": 20, "initial_h": first, "initial_c": second, "out": 20, "h": first, "c": second}
    assert {spot.shape for spot in found.ports if spot.name not in ("in", "out")} == {"diamond"}


def test_scores_stand_beside_the_query(qapp: object) -> None:
    found = card("Attention", "return_attention_scores=true")
    assert heights(found)["scores"] == heights(found)["query"] and heights(found)["out"] == 20
    assert found.port("scores", True).detail == "8×8"


@pytest.mark.parametrize("kind", ["LSTM return_state=true", "MultiHeadAttention return_attention_scores=true",
                                  "GroupQueryAttention return_attention_scores=true num_query_heads=80 num_key_value_heads=80"])
def test_words_of_a_row_do_not_meet(qapp: object, kind: str) -> None:
    found = card(*kind.split())
    for out in (spot for spot in found.ports if spot.out and spot.caption):
        left = sum(text_width(spot.caption, 12) for spot in found.ports if not spot.out and spot.place.y() == out.place.y())
        right = out.beside + text_width(out.detail, 11, mono=True) if out.detail else text_width(out.caption, 12)
        assert left + 8 + right <= found.width - 2 * PAD
