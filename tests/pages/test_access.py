"""Who may open what: a stranger signs in first, a CSM opens their own, a reader changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from tests.pages import company

from evenbook.book.access import (
    accounts_seen_by,
    answers_for,
    may_see_load_of,
    may_see_of_others,
    may_see_people,
    may_see_pulse_of,
    may_see_team,
    owners_now,
    people_seen_by,
    pools_seen_by,
)
from evenbook.book.among import Ids
from evenbook.book.models import Leave, Ownership, Person, PoolMember
from evenbook.people.models import Team
from evenbook.people.queries import viewer_of
from evenbook.people.tree import place_teams
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


@pytest.mark.parametrize("name", ["lena", "olu", "edda", "rea"])
def test_operations_executives_readers_and_who_leads_all_see_every_account(team, name):
    assert accounts_seen_by(viewer_of(team.users[name])).count() == 24


def names_of(rows) -> set[str]:
    return set(rows.values_list("key", flat=True))


def test_a_leader_sees_what_their_teams_own_and_what_nobody_owns(team):
    amara, unowned, by_import = viewer_of(team.users["amara"]), *team.accounts[1:4:2]
    Ownership.objects.filter(account=unowned).delete()
    bot = Person.objects.create(key="bot", name="CRM import", is_person=False)
    Ownership.objects.create(account=by_import, person=bot, source="test", **company.known(company.NOW))

    assert set(accounts_seen_by(amara)) == {*team.of("ben"), unowned, by_import}
    assert names_of(people_seen_by(amara)) == {"amara", "ben"} and not pools_seen_by(amara).exists()
    assert may_see_of_others(amara, "coverage") and not may_see_of_others(amara, "load")


def test_a_leader_sees_the_pools_that_their_people_lead_or_staff(team):
    PoolMember.objects.create(pool=team.pool, person=team.people["ben"], since_on=company.AS_OF)

    assert names_of(pools_seen_by(viewer_of(team.users["amara"]))) == {"digital"}
    assert accounts_seen_by(viewer_of(team.users["amara"])).count() == 12 + 3


def test_teams_are_the_same_whatever_the_case_of_their_letters(team):
    Person.objects.filter(key="ben").update(team=" NORTH")

    assert set(accounts_seen_by(viewer_of(team.users["amara"]))) == set(team.of("ben"))


def test_the_leader_of_teams_sees_those_below_and_of_the_top_everything(team):
    Team.objects.create(name="Elsewhere")
    place_teams(SYSTEM, ["South"], under="North", now=company.NOW)
    amara = viewer_of(team.users["amara"])
    assert names_of(people_seen_by(amara)) == {"amara", "ben", "chidi"} and not amara.sees_all

    place_teams(SYSTEM, ["Elsewhere"], under="North", now=company.NOW)
    place_teams(SYSTEM, ["North"], under="South", now=company.NOW)

    assert viewer_of(team.users["amara"]).sees_all


def test_load_is_for_leaders_and_a_pulse_for_the_person_and_their_leaders_alone(team):
    ben, chidi = (team.people[name].pk for name in ("ben", "chidi"))

    def may(name: str, question) -> list[bool]:
        return [question(viewer_of(team.users[name]), person) for person in (ben, chidi)]

    assert may("amara", may_see_load_of) == may("amara", may_see_pulse_of) == [True, False]
    assert may("ben", may_see_load_of) == may("ben", may_see_pulse_of) == [True, False]
    assert may("lena", may_see_load_of) == may("lena", may_see_pulse_of) == [True, True]
    assert may("olu", may_see_load_of) == may("rea", may_see_load_of) == [True, True]
    for name in ("olu", "rea", "edda"):
        assert may(name, may_see_pulse_of) == [False, False]
    assert may("edda", may_see_load_of) == [False, False]


def test_the_figures_of_a_team_are_for_its_leader_and_those_who_see_all(team):
    seen = {name: may_see_team(viewer_of(user), "South") for name, user in team.users.items()}

    assert seen == {
        "amara": False, "lena": True, "ben": False, "chidi": False, "olu": True, "edda": True, "rea": True,
    }  # fmt: skip


@pytest.mark.parametrize("role", ["operations", "leader", "csm", "reader", "executive"])
def test_a_token_that_may_not_read_sees_nothing(team, role):
    blind = Viewer(user_id=None, mail="", name="?", role=role, scopes=frozenset({"import"}), token_id=1)

    assert not accounts_seen_by(blind).exists() and not people_seen_by(blind).exists()
    assert not pools_seen_by(blind).exists() and not may_see_of_others(blind, "name")
    assert not may_see_people(blind) and not may_see_team(blind, "North")


@pytest.mark.parametrize(
    ("page", "theirs", "others"),
    [
        ("/team-week", ["Ben Adler", "of North"], ["Chidi Eze", "Kestrel Bio", "Digital"]),
        ("/team-week?export=csv", ["Ben Adler"], ["Chidi Eze"]),
        ("/accounts", ["Northwind Foods"], ["Kestrel Bio"]),
        ("/accounts?export=csv", ["Northwind Foods"], ["Kestrel Bio"]),
        ("/coverage?whose=open", ["Northwind Foods", "310k"], ["Kestrel Bio"]),
        ("/figures/nrr?kind=all&subject=all", ["12 other accounts", "Northwind Foods"], ["Kestrel Bio"]),
        ("/find?q=e&format=json", ["Ben Adler"], ["Chidi Eze", "Kestrel Bio"]),
    ],
)
def test_a_leader_is_shown_their_own_teams_alone(as_user, page, theirs, others):
    said = as_user("amara").get(page).content.decode()
    assert [text for text in theirs if text not in said] == []
    assert [
        text for text in others if f">{text}</a>" in said or f",{text}," in said or f'"{text}"' in said
    ] == []


@pytest.mark.parametrize(
    "page",
    [
        "/my-week?person=chidi",
        "/accounts/a-00001",
        "/figures/effort_load?kind=csm&subject=chidi",
        "/figures/effort_load?kind=team&subject=South",
        "/figures/covered?kind=pool&subject=digital",
    ],
)
def test_what_is_another_teams_is_not_found(as_user, page):
    assert as_user("amara").get(page).status_code == 404 and as_user("lena").get(page).status_code == 200


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


VIEWERS = ("ben", "amara", "chidi", "lena", "olu", "edda", "rea")
OPENS_ALL = {"lena": True, "olu": True, "edda": False, "rea": False}
"""Who opens every account anyway, and whether they act for it."""


def held(account, role: str, *, at=company.LONG_AGO, **holder) -> None:
    Ownership.objects.create(account=account, role=role, source="test", **holder, **company.known(at))


def opens(team, account) -> dict[str, bool]:
    """Return who opens an account in full, and of these who may act for it."""
    viewers = {name: viewer_of(team.users[name]) for name in VIEWERS}
    seen = [name for name, viewer in viewers.items() if accounts_seen_by(viewer).filter(pk=account.pk)]
    return {name: answers_for(viewers[name], account.pk) for name in seen}


@pytest.mark.parametrize("role", ["onboarding", "adoption", "expansion", "renewal"])
def test_who_has_a_role_on_an_account_opens_it_and_so_does_who_leads_them(team, role):
    of_chidi, of_ben, other = team.of("chidi")[0], team.of("ben")[0], team.of("ben")[1]
    held(of_chidi, role, person=team.people["ben"])
    held(of_ben, role, pool=team.pool)

    assert opens(team, of_chidi) == {"ben": True, "amara": True, "chidi": True, **OPENS_ALL}
    assert opens(team, of_ben) == {"ben": True, "amara": True, "chidi": True, **OPENS_ALL}
    assert opens(team, other) == {"ben": True, "amara": True, **OPENS_ALL}


def test_a_role_that_was_given_on_or_is_not_there_yet_opens_nothing(team):
    given, coming, ended = team.of("chidi")[:3]
    ben, chidi = team.people["ben"], team.people["chidi"]
    held(given, "onboarding", person=ben)
    held(given, "onboarding", person=chidi, at=company.NOW)
    held(coming, "expansion", person=ben, at=company.NOW.replace(year=2099))
    held(ended, "adoption", person=ben)
    held(ended, "adoption", at=company.NOW)

    for account in (given, coming, ended):
        assert opens(team, account) == {"chidi": True, **OPENS_ALL}


def test_the_owner_stays_the_owner_whoever_has_another_role(team):
    account = team.of("ben")[0]
    held(account, "onboarding", person=team.people["chidi"], at=company.NOW)

    assert owners_now(SYSTEM, Ids.of([account.pk]))[account.pk][1] == "Ben Adler"
    assert answers_for(viewer_of(team.users["ben"]), account.pk)


def test_who_stands_in_for_somebody_acts_for_what_they_have_a_role_on(team):
    account = team.of("ben")[0]
    cover = Person.objects.create(key="cora", name="Cora Lind", mail="cora@example.com", role="csm")
    stands_in = Viewer(user_id=10**6, mail="cora@example.com", name="Cora Lind", role="csm")
    today = datetime.now(UTC).date()
    away = {"first_on": today - timedelta(days=1), "last_on": today + timedelta(days=1)}
    Leave.objects.create(person=team.people["chidi"], cover=cover, **company.known(), **away)
    assert not answers_for(stands_in, account.pk)

    held(account, "onboarding", person=team.people["chidi"])

    assert answers_for(stands_in, account.pk)
    assert account not in accounts_seen_by(stands_in)


def test_a_role_on_what_nobody_owns_leaves_it_to_be_noticed(team):
    account = team.of("chidi")[0]
    held(account, "owner", at=company.NOW)
    held(account, "expansion", person=team.people["chidi"])

    assert opens(team, account) == {"amara": True, "chidi": True, **OPENS_ALL}


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

    assert labels("ben", "Kestrel") == [] and labels("chidi", "Kestrel") == [
        "Kestrel Bio",
        "Open expansion at Kestrel Bio",
    ]
    assert labels("edda", "Kestrel") == ["Kestrel Bio"], "who only reads opens nothing"
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
