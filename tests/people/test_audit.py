"""The audit trail: what an action did stands beside it, and nobody changes or drops a word of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from evenbook.people import audit
from evenbook.people.actions import add_user
from evenbook.people.models import AuditEntry
from evenbook.people.viewer import COMMAND, SYSTEM, Viewer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 9, 9, tzinfo=UTC)
OLU = Viewer(user_id=7, mail="olu@example.com", name="Olu", role="operations", surface=COMMAND)


def test_an_entry_says_who_what_from_to_when_and_through_which_surface():
    made = add_user(OLU, mail="ben@example.com", name="Ben", role="csm", now=NOW)
    add_user(OLU, mail="ben@example.com", name="Ben", role="leader", now=NOW, password="plain-harbor-7731")
    added, changed = AuditEntry.objects.order_by("pk")

    assert (added.what, added.thing_kind, added.thing_id, added.by_name) == (
        "user.added",
        "user",
        str(made.pk),
        "Olu",
    )
    assert (added.at, added.surface, added.by_user, added.before) == (NOW, "command", 7, None)
    assert (changed.what, changed.before["role"], changed.after["role"]) == ("user.changed", "csm", "leader")
    assert "plain-harbor" not in str(changed.after)


def test_what_changes_nothing_leaves_no_entry():
    for _ in range(2):
        add_user(OLU, mail="ben@example.com", name="Ben", role="csm", now=NOW)

    assert AuditEntry.objects.count() == 1


def test_what_is_named_like_a_secret_is_hidden():
    audit.record(
        SYSTEM, "token.made", audit.Thing("token", "1"), at=NOW, after={"client_secret": "x", "name": "y"}
    )

    assert AuditEntry.objects.get().after == {"client_secret": "(hidden)", "name": "y"}


@pytest.mark.parametrize(
    "change", ["update people_auditentry set what = 'x'", "delete from people_auditentry"]
)
def test_the_database_refuses_to_change_or_drop_an_entry(change):
    audit.record(OLU, "user.added", audit.Thing("user", "1", "Ben"), at=NOW)

    with (
        pytest.raises(DatabaseError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change)
    assert AuditEntry.objects.get().what == "user.added"


def test_an_action_that_is_undone_leaves_no_entry():
    with pytest.raises(RuntimeError), transaction.atomic():
        add_user(OLU, mail="ben@example.com", name="Ben", role="csm", now=NOW)
        raise RuntimeError("later in the same transaction")

    assert not AuditEntry.objects.exists()
