"""The pages of the workbench, one tab each: data, training, evaluation, export, problems, log."""
