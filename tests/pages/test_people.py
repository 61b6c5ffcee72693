"""The people who sign in and their teams, on pages that only operations opens."""

from __future__ import annotations

import pytest

from evenbook.messages.models import Mail
from evenbook.people.models import AuditEntry, Team, User


@pytest.mark.parametrize("name", ["amara", "ben", "edda", "rea"])
def test_only_operations_opens_them(as_user, name, team):
    client, olu = as_user(name), team.users["olu"].pk
    gets = [
        client.get(path).status_code
        for path in ("/people", "/people/teams", f"/people/{olu}", "/people?export=csv")
    ]
    posts = [
        client.post(path, {"name": "X", "mail": "x@example.com", "role": "operations"}).status_code
        for path in (
            "/people/invite",
            "/people/teams",
            "/people/teams/1",
            f"/people/{olu}",
            f"/people/{olu}/deactivate",
        )
    ]

    assert set(gets + posts) == {403} and not AuditEntry.objects.exists()


def test_the_list_says_who_signs_in_sorts_filters_and_exports(as_user, team):
    User.objects.filter(mail="ben@example.com").update(is_active=False)
    client = as_user("olu")
    page = client.get("/people").content.decode()
    file = client.get("/people?export=csv&role=csm").content.decode()

    assert ">Six</a> people sign in, six without a second factor" in page and "deactivated" in page
    assert client.get("/people?standing=deactivated").content.decode().count("data-row") == 1
    assert "Nobody matches" in client.get("/people?q=zzz").content.decode()
    assert "chidi@example.com" in file and "amara@example.com" not in file
    names = [
        client.get(f"/people?sort={sort}").content.decode().index("Chidi Eze</a>")
        for sort in ("name", "-name")
    ]
    assert names[0] < names[1]


def test_somebody_is_invited_and_what_is_refused_keeps_what_was_typed(as_user, team, settings):
    settings.EVENBOOK_URL = "https://evenbook.company.example"
    client = as_user("olu")
    given = {"mail": "dede@example.com", "name": "Dede Nwosu", "role": "csm", "team": "North"}
    again = client.post("/people/invite", {**given, "mail": "ben@example.com"})
    assert again.status_code == 422 and "is known here" in again.content.decode()
    assert (
        'value="Dede Nwosu"' in again.content.decode() and 'value="ben@example.com"' in again.content.decode()
    )

    assert client.post("/people/invite", given)["Location"] == "/people"
    page = client.get("/people?standing=invited").content.decode()
    assert "Dede Nwosu" in page and "invited until" in page
    assert Mail.objects.get().to == "dede@example.com" and "Olu Danjuma" in Mail.objects.get().text


def test_one_of_them_is_changed_sent_a_link_signed_out_deactivated_and_let_in_again(as_user, team, settings):
    settings.EVENBOOK_URL = "https://evenbook.company.example"
    client, there, ben = as_user("olu"), as_user("ben"), team.users["ben"]
    at = f"/people/{ben.pk}"
    client.post(at, {"name": "Ben Adler", "role": "leader", "team": "South"})
    ben.refresh_from_db()
    assert (ben.role, str(ben.team)) == ("leader", "South")
    assert client.post(at, {"name": "", "role": "csm"}).status_code == 422
    assert client.post(at, {"name": "Ben", "role": "owner"}).status_code == 422

    for what in ("link", "end-sessions", "second-factor-off", "deactivate"):
        assert client.post(f"{at}/{what}").status_code == 302
    assert there.get("/me").status_code == 302 and "can't sign in" in client.get(at).content.decode()
    client.post(f"{at}/reactivate")
    assert Mail.objects.get().subject == "A new password for Evenbook"
    assert list(AuditEntry.objects.order_by("pk").values_list("what", flat=True)) == [
        "user.changed", "password.link-sent", "sessions.ended", "user.deactivated", "sessions.ended", "user.reactivated",
    ]  # fmt: skip


def test_operations_can_not_shut_itself_out(as_user, team):
    client, olu = as_user("olu"), team.users["olu"]

    assert "deactivate yourself" in client.post(f"/people/{olu.pk}/deactivate").content.decode()
    assert (
        "has to be operations"
        in client.post(f"/people/{olu.pk}", {"name": "O", "role": "csm"}).content.decode()
    )
    assert User.objects.get(pk=olu.pk).role == "operations"


@pytest.mark.parametrize("path", ["/people/99999", "/people/1/unknown", "/people/99999/deactivate"])
def test_what_is_not_there_is_not_found(as_user, path):
    assert as_user("olu").post(path, {"name": "X", "role": "csm"}).status_code in (404, 422)


def test_teams_are_made_moved_and_taken_away_when_empty(as_user, team):
    client = as_user("olu")
    north, south = Team.objects.get(name="North"), Team.objects.get(name="South")
    client.post("/people/teams", {"name": "Nordics", "parent": north.pk})
    nordics = Team.objects.get(name="Nordics")
    client.post(f"/people/teams/{south.pk}", {"name": "South", "parent": nordics.pk})
    page = client.get("/people/teams").content.decode()

    assert nordics.parent == north and page.index("North<") < page.index("Nordics<") < page.index("South<")
    for path, given, said in (
        (f"/people/teams/{north.pk}", {"name": "North", "parent": south.pk}, "below itself"),
        (f"/people/teams/{north.pk}", {"step": "drop"}, "is not empty"),
        ("/people/teams", {"name": "south"}, "There is a team"),
        ("/people/teams", {"name": " "}, "1 to 120"),
        ("/people/teams", {"name": "East", "parent": "99999"}, "no such team"),
        ("/people/teams/99999", {"name": "East"}, "no such team"),
    ):
        refused = client.post(path, given)
        assert refused.status_code == 422 and said in refused.content.decode(), path
    client.post(f"/people/teams/{south.pk}", {"name": "South", "parent": ""})
    client.post(f"/people/teams/{nordics.pk}", {"step": "drop"})
    assert set(Team.objects.values_list("name", flat=True)) == {"North", "South"}
    assert set(AuditEntry.objects.values_list("what", flat=True)) == {
        "team.made",
        "team.changed",
        "team.dropped",
    }
