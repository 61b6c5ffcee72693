"""Roles on accounts, as pages show them: whose hours, and what one has besides one's own accounts."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.pages import company
from tests.pages.reading import problems, read

from evenbook.book.models import Ownership
from evenbook.capacity.models import AccountWeek, RoleWeek
from evenbook.closures.queries import with_gaps
from evenbook.desk.queries.my_week import owners_of_books
from evenbook.hotsheet.models import HotRow
from evenbook.hotsheet.queries import OfWhom, sheet
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import week


def give(
    team: company.Company, account, role: str, *, share: float = 0.15, works: bool = False, **who
) -> float:
    """Let somebody have a role, in the book and in the stored week; return its hours."""
    hours = AccountWeek.objects.get(run=team.run, account=account).effort_hours * share
    Ownership.objects.create(account=account, role=role, source="test", **who, **company.known())
    RoleWeek.objects.create(run=team.run, account=account, role=role, works=works, hours=hours, **who)
    return hours


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_week_has_the_accounts_that_one_has_a_role_on_and_says_which(as_user, team):
    of_chidi = team.of("chidi")[0]
    assert "In other roles" not in as_user("ben").get("/my-week").content.decode()
    give(team, of_chidi, "expansion", person=team.people["ben"])

    client = as_user("ben")
    page = client.get("/my-week").content.decode()

    assert "In other roles accounts of others" in text(page) and "Expansion owner" in page
    assert of_chidi.name in page and f"/accounts/{of_chidi.key}#roles" in page
    assert "13 accounts" in text(page)
    assert not list(problems(lambda path: client.get(path).content.decode(), "/my-week"))
    assert not [each for each in read(page).loose if "hours" in each]
    assert client.get("/accounts?book=ben").content.decode().count("data-row") == 13
    assert client.get(f"/accounts/{of_chidi.key}").status_code == 200


def test_what_somebody_else_works_says_so_in_its_owners_week(as_user, team):
    lacking = with_gaps(SYSTEM, team.run.id).values_list("account_id", flat=True)
    account = next(each for each in team.of("ben") if each.pk in set(lacking))
    give(team, account, "onboarding", share=1.0, works=True, person=team.people["chidi"])

    assert "Chidi Eze works it, onboarding owner" in as_user("ben").get("/my-week").content.decode()
    give(team, account, "expansion", share=0.0, person=team.people["amara"])
    assert "expansion owner; Chidi Eze works it" in as_user("amara").get("/my-week").content.decode()
    assert "onboarding owner, works it" in as_user("chidi").get("/my-week").content.decode()
    other = text(as_user("chidi").get("/my-week").content.decode())
    assert "Onboarding owner you work it now Ben Adler" in other


def test_a_pool_s_role_is_in_the_week_of_whoever_is_in_the_pool(as_user, team):
    give(team, team.of("ben")[0], "renewal", pool=team.pool)

    assert "Renewal owner" in as_user("chidi").get("/my-week").content.decode()


@pytest.mark.parametrize(("share", "works", "left"), [(0.15, False, 0.85), (1.0, True, 0.0)])
def test_an_account_says_whose_its_hours_are_and_they_add_up(as_user, team, share, works, left):
    account = team.of("ben")[0]
    row = AccountWeek.objects.get(run=team.run, account=account)
    assert "Whose hours" not in as_user("lena").get(f"/accounts/{account.key}").content.decode()
    give(team, account, "onboarding", share=share, works=works, person=team.people["chidi"])

    client = as_user("lena")
    page = client.get(f"/accounts/{account.key}").content.decode()

    assert "Whose hours these are" in page and "Onboarding owner" in page
    parts = [float(each) for each in re.findall(r'data-of="roles" data-part="([\d.]+)"', page)]
    assert parts == pytest.approx([row.effort_hours * left, row.effort_hours * share], abs=1e-6)
    assert "roles" in read(page).folds
    assert not list(problems(lambda path: client.get(path).content.decode(), f"/accounts/{account.key}"))


def test_the_hot_sheet_of_a_book_has_what_one_has_a_role_on(as_user, team):
    ben, chidi = (OfWhom(book_of=team.people[name].pk) for name in ("ben", "chidi"))
    first = sheet(SYSTEM, team.run.id, of=ben)[0]
    account = next(each for each in team.accounts if each.pk == first.account_id)
    before = {each.account_id for each in sheet(SYSTEM, team.run.id, of=chidi)}
    give(team, account, "adoption", works=True, person=team.people["chidi"])

    assert {each.account_id for each in sheet(SYSTEM, team.run.id, of=chidi)} == before | {account.pk}
    HotRow.objects.filter(run=team.run, account=account).update(person=team.people["chidi"])
    assert account.pk in {each.account_id for each in sheet(SYSTEM, team.run.id, of=ben)}, (
        "its owner sees it too"
    )
    assert account.pk in {each.account_id for each in sheet(SYSTEM, team.run.id, of=OfWhom(owner="chidi"))}


def test_team_week_says_on_how_many_accounts_somebody_has_a_role_and_links_to_them(as_user, team):
    client = as_user("lena")
    assert "roles on" not in text(client.get("/team-week").content.decode())
    one, other = team.of("ben")[:2]
    give(team, one, "expansion", person=team.people["chidi"])
    give(team, one, "renewal", person=team.people["chidi"])
    give(team, other, "renewal", person=team.people["chidi"])
    give(team, other, "expansion", pool=team.pool)

    page = client.get("/team-week").content.decode()
    assert "roles on 2" in text(page) and "role_of=chidi" in page
    assert not list(problems(lambda path: client.get(path).content.decode(), "/team-week"))
    rows = client.get("/accounts?role_of=chidi").content.decode()
    assert rows.count("data-row") == 2 and one.name in rows and other.name in rows


def test_who_owns_nothing_and_has_a_role_is_among_those_whose_week_a_leader_opens(as_user, team):
    viewer, shown = replace(SYSTEM, worked_out={}), week(SYSTEM)
    assert shown is not None and "amara" not in {each.key for each, _ in owners_of_books(viewer, shown)}
    give(team, team.of("ben")[0], "expansion", person=team.people["amara"])
    assert ("amara", 0) in {(each.key, size) for each, size in owners_of_books(viewer, shown)}
