"""What a drawing is, before anything runs: order, shapes, costs, problems, and the plan of its training.

Main names: `Analyzer` (keeps an analysis up to date after each edit), `Facts` (one node), `Diagnostic`, `Plan`.
Pure Python; exact for every layer, held against Keras by the conformance tests.
"""
