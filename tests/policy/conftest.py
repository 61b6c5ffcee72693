"""The sections of the product and the people who ask."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evenbook.people.viewer import Viewer
from evenbook.policy.registry import sections
from evenbook.policy.schema import Policy

MORNING = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return MORNING


@pytest.fixture
def defaults() -> Policy:
    return Policy.defaults(sections())


@pytest.fixture
def operations() -> Viewer:
    return Viewer(user_id=None, mail="ops@evenbook.example", name="Operations", role="operations")


@pytest.fixture
def leader() -> Viewer:
    return Viewer(user_id=None, mail="amara@evenbook.example", name="Amara", role="leader")
