"""Runs: a run is a folder. What it was (document, settings, environment), how it went, what it measured, what was exported.

Main names: `RunFolder` (folder), `RunInfo` (run.json), `Evaluation` (what it measured on test rows), `differences`.
Standard library, msgspec and numpy only: the window reads runs without TensorFlow.
"""
