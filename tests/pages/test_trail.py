"""The audit trail: what people did is in it, in words; pages follow ids; it is for operations alone."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.pages import company

from evenbook.people import audit
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.trail import TrailClosed, Wanted, in_words, summary, trail
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.site.cli.trail import trail as command


def recorded(team, count: int = 3) -> None:
    """Ben is brought from CSM to leader, then ``count`` policies are adopted, a minute apart."""
    olu = viewer_of(team.users["olu"])
    ben = audit.Thing("user", "7", "Ben <b>Adler</b>")
    audit.record(olu, "user.changed", ben, at=company.NOW, before={"role": "csm", "name": "Ben"},
                 after={"role": "leader", "name": "Ben"})  # fmt: skip
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=company.NOW + timedelta(minutes=number), by_name="Evenbook", surface="work",
            what="policy.adopted", thing_kind="policy", thing_id=str(number), after={"note": "x" * 500},
        )
        for number in range(1, count + 1)
    )  # fmt: skip


def test_what_was_changed_is_said_from_what_to_what(as_user, team):
    recorded(team)
    said = as_user("olu").get("/audit").content.decode()

    assert "role: <s>csm</s> → leader" in said and "name:" not in said
    assert "Ben &lt;b&gt;Adler" in said and "through a page" in said and "User changed" in said
    assert "x" * 161 not in said


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("what=user.changed", 1), ("what=nonsense", 4), ("who=evenbook", 3), ("thing=adler", 1), ("thing=2", 1),
        ("first=2026-03-09&last=2026-03-09", 4), ("last=2026-03-08", 0), ("first=tomorrow", 4),
        ("first=0001-01-01&last=9999-12-31", 4), ("surface=page", 1), ("before=x&after=", 4), ("thing=%00", 4),
    ],
)  # fmt: skip
def test_filters_keep_what_they_name(as_user, team, asked, found):
    recorded(team)

    assert as_user("olu").get(f"/audit?{asked}").content.decode().count("<tr data-row") == found


def test_pages_follow_ids_there_and_back_and_cost_the_same(as_user, team):
    recorded(team, 119)
    olu, counts, seen = viewer_of(team.users["olu"]), [], []
    page = trail(olu, Wanted(), limit=50)
    while True:
        seen += [entry.id for entry in page.entries]
        if page.older is None:
            break
        with CaptureQueriesContext(connection) as taken:
            page = trail(olu, Wanted(), limit=50, before=page.older)
        counts.append(len(taken))
    back = trail(olu, Wanted(), limit=50, after=page.newer)

    assert seen == sorted(seen, reverse=True) and len(seen) == 120 and counts == [1, 1]
    assert [entry.id for entry in back.entries] == seen[50:100]
    assert 'rel="next"' in as_user("olu").get("/audit").content.decode()


def test_who_takes_a_file_away_is_recorded_even_where_the_page_undoes_what_it_worked_out(as_user):
    answer = as_user("ben").get("/accounts?export=csv&tier=1")
    entry = AuditEntry.objects.get(what="export.taken")

    assert entry.by_name == "Ben Adler" and entry.rows == len(answer.content.decode().splitlines()) - 1
    assert entry.after == {"tier": "1", "export": "csv", "page": "/accounts"}
    as_user("ben").get("/accounts")
    assert AuditEntry.objects.filter(what="export.taken").count() == 1
    as_user("olu").get("/audit?export=csv")
    assert AuditEntry.objects.filter(what="export.taken", thing_name="audit-trail.csv").count() == 1


@pytest.mark.parametrize("name", ["amara", "lena", "ben", "edda", "rea"])
def test_nobody_but_operations_reads_it(as_user, team, name):
    with pytest.raises(TrailClosed):
        summary(viewer_of(team.users[name]), company.NOW)


def test_a_token_reads_it_only_with_the_scope_of_people(team):
    recorded(team)
    token = {"user_id": None, "mail": "", "name": "job", "role": "operations", "token_id": 1}

    with pytest.raises(TrailClosed):
        trail(Viewer(**token, scopes=frozenset({"read"})), Wanted(), limit=1)
    assert trail(Viewer(**token, scopes=frozenset({"people"})), Wanted(), limit=9).entries


def test_the_command_says_the_same(team):
    recorded(team)
    acting = SimpleNamespace(viewer=SYSTEM, now=company.NOW, ready=lambda: None)
    plain = CliRunner().invoke(command, ["--what", "user.changed"], obj=acting)
    told = CliRunner().invoke(command, ["--who", "olu@example.com", "--json"], obj=acting)

    assert "csm → leader" in plain.output and "1 shown" in plain.output
    (entry,) = json.loads(told.output)["entries"]
    assert entry["what"] == "user.changed" and entry["before"]["role"] == "csm"


@pytest.mark.parametrize(
    ("value", "said"),
    [(None, "nothing"), ([], "nothing"), (True, "yes"), (["a", 2], "a, 2"), ({"a": 1}, '{"a": 1}'), (0, "0")],
)
def test_values_are_said_as_people_read_them(value, said):
    assert in_words(value) == said
