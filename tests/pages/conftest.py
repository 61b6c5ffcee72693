"""The invented team on every page's test. Imported late: conftest files load before Django."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client


@pytest.fixture
def team(db: None) -> Any:
    """Return the team with a stored week."""
    from tests.pages import company

    return company.build()


@pytest.fixture
def as_user(team: Any) -> Callable[[str], Client]:
    """Return a function that gives a signed-in client: ``as_user("ben")``."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(team.users[name])
        return client

    return signed_in
