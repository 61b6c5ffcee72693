"""The invented team with usage, tickets, seats and contacts, once a file. Imported late: conftest loads before Django."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.test import Client


@pytest.fixture(scope="module")
def made_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Make the team with its stored week for a whole file; what its tests write is undone after each."""
    from django.db import transaction
    from tests.reviews import reviewing

    with django_db_blocker.unblock(), transaction.atomic():
        yield reviewing.build()
        transaction.set_rollback(True)


@pytest.fixture
def team(made_once: Any, db: None) -> Any:
    """Return the team with a stored week."""
    return deepcopy(made_once)


@pytest.fixture
def as_user(team: Any) -> Callable[[str], Client]:
    """Return a function that gives a signed-in client: ``as_user("ben")``."""

    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(team.users[name])
        return client

    return signed_in
