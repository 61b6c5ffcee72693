"""Fixtures of the tests of imports."""

from pathlib import Path

import pytest

from sources.importing import Instance


@pytest.fixture
def instance(db: None, tmp_path: Path) -> Instance:
    """A new instance."""
    return Instance(tmp_path)
