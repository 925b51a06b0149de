"""What the Export page expects of a file's size, against the files that were really made of every template."""

from __future__ import annotations

import pytest

from app.exporting import format_choices, part_choices
from app.paths import template, template_ids
from graph_compiler.analysis.analyzer import Analyzer
from graph_compiler.catalog import registry
from tests.benchmarks.exports import stored
from widgets.pages.export_offer import ExportOffer

UNITS = {"B": 1.0, "kB": 1e3, "MB": 1e6}
NEAR = (0.6, 1.8)
ENTRIES = stored()


@pytest.mark.parametrize("name", template_ids())
def test_a_file_has_about_the_size_that_is_expected_or_more_where_steps_are_written_out(name):
    parts = part_choices(Analyzer(template(name), registry()), registry())
    offer, named = ExportOffer(format_choices(), parts=parts), {part.name for part in parts}
    made = [file for file in ENTRIES[name]["files"] if file["state"] == "proven" and file["part"] in named]
    told = [(file["bytes"], words) for file in made if (words := offer.size(file["format"], [file["part"]]))]
    assert len(told) > 5
    for size, words in told:
        *how, number, unit = words.split()
        share = size / (float(number.replace(",", "")) * UNITS[unit])
        assert (NEAR[0] < share < NEAR[1]) if how == ["about"] else share > 0.95, (words, size)


def test_steps_that_are_written_out_make_a_least_of_it():
    offer = ExportOffer(format_choices(), parts=part_choices(Analyzer(template("forecast"), registry()), registry()))
    assert offer.size("tflite", ["whole"]).startswith("about ")
    assert offer.size("tflite-int8", ["whole"]).startswith("at least ")


def test_weights_that_are_shared_are_counted_once():
    analysis = Analyzer(template("siamese"), registry())
    (whole,) = [part for part in part_choices(analysis, registry()) if part.name == "whole"]
    (file,) = [f for f in ENTRIES["siamese"]["files"] if (f["part"], f["format"]) == ("whole", "onnx")]
    assert whole.weights * 4 == pytest.approx(file["bytes"], rel=0.02)
