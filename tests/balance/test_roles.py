"""Books and roles: an account weighs what its roles leave to its owner, and roles take of a person's hours."""

from __future__ import annotations

import pytest
from tests.pages import company

from evenbook.balance.queries.gathering import gathered
from evenbook.capacity.models import RoleWeek
from evenbook.people.viewer import SYSTEM
from evenbook.runs.queries import week


@pytest.fixture
def team(db: None) -> company.Company:
    return company.build(12)


def test_an_account_weighs_what_is_left_to_its_owner_and_roles_take_of_their_holder_s_hours(
    team,
) -> None:
    shown = week(SYSTEM)
    assert shown is not None
    before = gathered(SYSTEM, shown).books
    account, other = team.of("ben")[:2]
    effort = {each.id: each.effort for each in before.clients}
    given = {"run": team.run, "account": account}
    RoleWeek.objects.create(**given, role="expansion", person=team.people["chidi"], works=False, hours=0.5)
    RoleWeek.objects.create(**given, role="renewal", pool=team.pool, works=False, hours=0.25)

    after = gathered(SYSTEM, shown).books

    left = {each.id: each.effort for each in after.clients}
    assert left[account.pk] == pytest.approx(effort[account.pk] - 0.75) and left[other.pk] == effort[other.pk]
    hours = {each.id: each.all_hours for each in before.holders if not each.is_pool}
    for each in (each for each in after.holders if not each.is_pool):
        role = 0.75 if each.id == team.people["chidi"].pk else 0.0  # who alone is in the pool
        assert each.all_hours == pytest.approx(hours[each.id] - role)


def test_what_somebody_else_works_weighs_nothing_on_its_owner(team) -> None:
    shown, account = week(SYSTEM), team.of("ben")[0]
    assert shown is not None
    effort = next(each.effort for each in gathered(SYSTEM, shown).books.clients if each.id == account.pk)
    given = {"run": team.run, "account": account, "role": "onboarding", "works": True, "hours": effort}
    RoleWeek.objects.create(person=team.people["chidi"], **given)

    assert next(each for each in gathered(SYSTEM, shown).books.clients if each.id == account.pk).effort == 0
