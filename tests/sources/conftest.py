"""Fixtures of the tests of imports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sources.importing import Instance


@pytest.fixture
def instance(db: None, tmp_path: Path) -> Instance:
    """A new instance. Django is only there once pytest is configured, so the import waits."""
    from sources.importing import Instance

    return Instance(tmp_path)
