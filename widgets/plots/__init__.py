"""Plots in the program's own look: `CurvePlot` (live curves over epochs), `Spark` (small curves), bars and scatter.

`record.TrainingRecord` holds what a run has reported so far; plots read it, nothing else does.
"""
