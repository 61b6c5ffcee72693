"""The invented team, once a file, for what is done with its loops. Imported late: conftest loads before Django."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Make the team with its stored week for a whole file; what its tests write is undone after each."""
    from django.db import transaction
    from tests.pages import company

    with django_db_blocker.unblock(), transaction.atomic():
        yield company.build(8)
        transaction.set_rollback(True)


@pytest.fixture
def team(made_once: Any, db: None) -> Any:
    """Return the team with a stored week."""
    return deepcopy(made_once)
