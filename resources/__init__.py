"""Templates, sample data and pictures, read with importlib.resources. Data only."""
