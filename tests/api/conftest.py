"""The team with its stored week, and the programs that ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

SECRET = "evb_only-for-tests-{}"


@pytest.fixture
def team(db: None, settings: Any, tmp_path: Any) -> Any:
    """Return the team with a stored week, in an instance of its own."""
    from tests.pages import company

    settings.EVENBOOK_HOME = tmp_path
    return company.build()


@pytest.fixture(autouse=True)
def fresh_process() -> None:
    """Forget what a process remembers of tokens: each test has its own, with ids of the last."""
    from evenbook.people import bearer
    from evenbook.rest import rates

    bearer._noted.clear()
    rates._mine.clear()


@pytest.fixture
def program(team: Any) -> Callable[..., Client]:
    """Return a function that gives a client with a token: ``program("operations", "read")``."""
    from evenbook.people.actions import NewToken, make_token
    from evenbook.people.viewer import SCOPES, SYSTEM

    def made(role: str, *scopes: str, team: str = "") -> Client:
        number = f"{role}-{'-'.join(scopes) or 'all'}-{team}"
        now = datetime.now(UTC)
        asked = NewToken(
            name=f"Program {number}", role=role, scopes=scopes or tuple(SCOPES), team=team,
            expires_at=now + timedelta(days=30),
        )  # fmt: skip
        make_token(SYSTEM, asked, secret=SECRET.format(number), now=now)
        return Client(headers={"Authorization": f"Bearer {SECRET.format(number)}"})

    return made


@pytest.fixture
def headers(program: Any, settings: Any) -> Iterator[dict[str, str]]:
    """Give the headers of a token that may do all, and keep the test's own connection open meanwhile."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    settings.EVENBOOK_API_REQUESTS_A_MINUTE = 10**6
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {"Authorization": program("operations").defaults["HTTP_AUTHORIZATION"]}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def in_days() -> Callable[[int], str]:
    """Return a function that gives the day so many days from now, as the API takes it."""
    return lambda days: (datetime.now(UTC) + timedelta(days=days)).date().isoformat()
