"""Templates, sample data and pictures: files beside this one. Data only.

`FOLDER` and not importlib.resources, which is for packages in archives and brings a dozen modules along.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
