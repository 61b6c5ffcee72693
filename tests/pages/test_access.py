"""Who may open what: a stranger signs in first, a CSM opens their own, a reader changes nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from tests.pages import company

from evenbook.book.access import accounts_seen_by, may_see_of_others, may_see_people
from evenbook.book.models import Ownership
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import SYSTEM, Viewer
from evenbook.screens.models import SavedView

PAGES = (
    "/",
    "/my-week",
    "/team-week",
    "/accounts",
    "/accounts/a-00000",
    "/coverage",
    "/hot-sheet",
    "/find?q=a",
    "/-/patterns",
    "/figures/nrr",
    "/accounts?export=csv",
)


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_is_asked_to_sign_in(db, page):
    answer = Client().get(page)

    assert answer.status_code == 302 and answer["Location"].startswith("/sign-in?next=")


def test_a_csm_sees_their_own_book_and_their_pools(team):
    ben, chidi = (viewer_of(team.users[name]) for name in ("ben", "chidi"))

    assert accounts_seen_by(ben).count() == 12
    assert accounts_seen_by(chidi).count() == 9 + 3
    assert not set(accounts_seen_by(ben)) & set(accounts_seen_by(chidi))


@pytest.mark.parametrize("name", ["amara", "olu", "edda", "rea"])
def test_leaders_operations_executives_and_readers_see_every_account(team, name):
    assert accounts_seen_by(viewer_of(team.users[name])).count() == 24


def test_who_gives_an_account_away_no_longer_opens_it(team):
    given = team.of("ben")[0]
    Ownership.objects.create(
        account=given, person=team.people["chidi"], source="test", **company.known(company.NOW)
    )

    assert given not in accounts_seen_by(viewer_of(team.users["ben"]))
    assert given in accounts_seen_by(viewer_of(team.users["chidi"]))


def test_a_handover_that_is_announced_for_later_changes_nothing_yet(team):
    given = team.of("ben")[0]
    later = {"happened_at": company.NOW.replace(year=2099), "known_at": company.NOW}
    Ownership.objects.create(account=given, person=team.people["chidi"], source="test", **later)

    assert given in accounts_seen_by(viewer_of(team.users["ben"]))


def test_merged_accounts_are_seen_under_their_heir_alone(team, as_user):
    merged, heir = team.accounts[0], team.accounts[2]
    merged.merged_into = heir
    merged.save()

    assert merged not in accounts_seen_by(SYSTEM)
    assert as_user("amara").get("/accounts/a-00000")["Location"] == "/accounts/a-00002"


def test_somebody_who_is_nobody_in_the_team_sees_nothing(db):
    stranger = Viewer(user_id=None, mail="", name="?", role="csm")

    assert accounts_seen_by(stranger).count() == 0
    assert accounts_seen_by(Viewer(user_id=9, mail="", name="?", role="visitor")).count() == 0


def test_of_others_a_csm_sees_coverage_and_never_load(team):
    ben = viewer_of(team.users["ben"])

    assert may_see_of_others(ben, "coverage") and may_see_of_others(ben, "artifacts")
    assert not may_see_of_others(ben, "load") and not may_see_of_others(ben, "money")
    assert not may_see_people(ben) and not may_see_people(viewer_of(team.users["edda"]))


@pytest.mark.parametrize(
    ("name", "status"),
    [("amara", 200), ("ben", 200), ("chidi", 404), ("olu", 200), ("edda", 200), ("rea", 200)],
)
def test_an_account_that_one_may_not_see_is_not_found(as_user, name, status):
    assert as_user(name).get("/accounts/a-00000").status_code == status


def test_the_list_and_its_export_hold_only_what_one_may_see(as_user):
    client = as_user("ben")
    said, file = client.get("/accounts").content.decode(), client.get("/accounts?export=csv").content.decode()

    assert "Northwind Foods" in said and "Kestrel Bio" not in said
    assert "Northwind Foods" in file and "Kestrel Bio" not in file


def test_the_matrix_shows_colleagues_accounts_without_money_or_a_way_in(as_user):
    client = as_user("ben")
    said, file = client.get("/coverage").content.decode(), client.get("/coverage?export=csv").content.decode()

    assert "Kestrel Bio" in said and "/accounts/a-00001" not in said
    assert "303k" not in said and "303000" not in file and "310k" not in said
    assert client.get("/coverage?sort=-arr").status_code == 200


def test_the_hot_sheet_of_a_csm_holds_their_own_rows(as_user):
    said = as_user("chidi").get("/hot-sheet").content.decode()

    assert "Nothing is on the hot sheet." in said and "Harbor Freight Lines" not in said


def test_a_csm_sees_their_own_load_and_nobody_elses(as_user):
    said = as_user("ben").get("/team-week").content.decode()

    assert "Ben Adler" in said and "Chidi Eze</a>" not in said
    assert as_user("ben").get("/my-week?person=chidi").status_code == 404


def test_an_executive_sees_teams_and_no_person(as_user):
    said = as_user("edda").get("/team-week").content.decode()

    assert "North" in said and 'href="/my-week?person=ben"' not in said
    assert as_user("edda").get("/my-week?person=ben").status_code == 404


def test_finding_by_name_finds_only_what_one_may_open(as_user):
    def labels(name: str, text: str) -> list[str]:
        found = as_user(name).get(f"/find?q={text}&format=json").json()["results"]
        return [each["label"] for each in found]

    assert labels("ben", "Kestrel") == [] and labels("chidi", "Kestrel") == ["Kestrel Bio"]
    assert labels("amara", "adler") == ["Ben Adler"] and labels("chidi", "adler") == []


@pytest.mark.parametrize("name", ["rea", "edda"])
def test_those_who_only_read_keep_no_views(as_user, name):
    client = as_user(name)
    answer = client.post(
        "/views/accounts", {"name": "Mine", "query": "tier=1", "back": "/accounts"}, follow=True
    )

    assert "Your role reads only." in answer.content.decode()
    assert not SavedView.objects.exists() and "Keep this view" not in answer.content.decode()


def test_a_view_of_somebody_else_cannot_be_dropped(as_user, team):
    as_user("ben").post("/views/accounts", {"name": "Mine", "query": "tier=1", "back": "/accounts"})
    kept = SavedView.objects.get()
    as_user("chidi").post(f"/views/{kept.pk}/drop", {"back": "/accounts"})

    assert SavedView.objects.filter(pk=kept.pk).exists()


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("ben", "/my-week"),
        ("amara", "/team-week"),
        ("olu", "/accounts"),
        ("edda", "/team-week"),
        ("rea", "/team-week"),
    ],
)
def test_each_lands_where_their_day_starts(as_user, name, place):
    assert as_user(name).get("/")["Location"] == place
