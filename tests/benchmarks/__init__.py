"""Speed, memory and accuracy as figures: each module has `run() -> list[Row]`; `python -m tests.benchmarks` prints them.

Speed is a ratio against a baseline measured in the same run, because machines differ and are noisy. Nothing here is
asserted by a unit test but the figures of the templates, whose rows must be current (tests/unit/test_figures.py).
"""
