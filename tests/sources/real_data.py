"""Where the public data sets lie: beside the project, or where ``EVENBOOK_DATA_SETS`` says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from river import ROOT


def data_set(name: str) -> Path:
    """Return the folder of a data set; skip the test where it is not there."""
    folder = Path(os.environ.get("EVENBOOK_DATA_SETS", ROOT.parent / "shared" / "data")) / name
    if not folder.is_dir():
        pytest.skip(f"the data set {name} is not here")
    return folder
