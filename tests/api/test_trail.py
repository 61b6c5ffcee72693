"""The audit trail through the API: for operations with the scope, the newest first, page by page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evenbook.people import audit
from evenbook.people.viewer import COMMAND, Viewer

NINTH, TENTH = datetime(2026, 3, 9, 9, tzinfo=UTC), datetime(2026, 3, 10, 9, tzinfo=UTC)
OLU = Viewer(user_id=7, mail="olu@example.com", name="Olu", role="operations", surface=COMMAND)


@pytest.fixture
def told(team):
    """Four entries of Olu's after whatever the team's making left."""
    kinds = ("user.added", "policy.adopted", "user.changed", "user.changed")
    for number, what in enumerate(kinds):
        at = NINTH if number < 2 else TENTH
        audit.record(
            OLU, what, audit.Thing("thing", str(number), f"Thing {number}"), at=at, after={"n": number}
        )


def entries(client, address: str) -> list[int]:
    return [each["after"]["n"] for each in client.get(address).json()["items"]]


def test_entries_come_newest_first_by_page_and_by_what_is_asked(told, program):
    client = program("operations", "read", "people")
    first = client.get("/api/v1/audit?who=user:7&limit=3").json()
    audit.record(OLU, "user.added", audit.Thing("thing", "late"), at=TENTH, after={"n": 9})
    second = client.get(f"/api/v1/audit?who=user:7&limit=3&cursor={first['next']}").json()

    assert [each["after"]["n"] for each in first["items"]] == [3, 2, 1]
    assert [each["after"]["n"] for each in second["items"]] == [0] and second["next"] is None
    assert entries(client, "/api/v1/audit?who=user:7&what=user.changed") == [3, 2]
    assert entries(client, "/api/v1/audit?who=user:7&until=2026-03-09") == [1, 0]
    assert entries(client, "/api/v1/audit?thing=2&surface=command&since=2026-03-10") == [2]
    assert first["items"][0]["by_name"] == "Olu" and first["items"][0]["before"] is None


def test_nobody_else_reads_it_and_a_cursor_of_another_list_is_refused(told, program):

    assert program("operations", "read").get("/api/v1/audit").status_code == 403
    assert program("leader", "read", "people").get("/api/v1/audit").status_code == 403
    assert program("operations", "read", "people").get("/api/v1/audit?cursor=x").status_code == 422
