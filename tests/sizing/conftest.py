"""The invented team of the pages, for tests of what is measured and kept. Imported late: Django comes first."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def team(db: None) -> Any:
    """Return the team with a stored week."""
    from tests.pages import company

    return company.build()
