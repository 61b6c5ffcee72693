"""Pools in proposals as they are kept: who sees what, approving, undoing, changing by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.balance.test_deciding import LATER, newest, viewer
from tests.pages import company
from tests.pages.company import NOW, Company

from evenbook.balance.actions.proposals import (
    ProposalNotYours,
    ProposalRefused,
    approve,
    keep,
    move_by_hand,
    undo,
)
from evenbook.balance.models import ProposalMove
from evenbook.balance.queries import pricing
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.queries.books import book, books
from evenbook.balance.queries.gathering import gathered
from evenbook.balance.queries.pricing import by_hand
from evenbook.balance.queries.proposals import moves, proposal
from evenbook.balance.rules.asking import AskedWrong
from evenbook.book.models import Ownership, PoolMember
from evenbook.desk.queries.proposed_weeks import proposed_weeks
from evenbook.people.models import AuditEntry

DIGITAL = "pool:digital"


@pytest.fixture
def team(db: None) -> Company:
    pricing.BOOKS.clear()
    return company.build(12)


def of_pool(team: Company) -> Any:
    owned = Ownership.objects.filter(pool=team.pool).values("account")
    return next(each for each in team.accounts if each.pk in {row["account"] for row in owned})


def made(team: Company, account: Any, to: str, name: str = "lena") -> int:
    """Keep a proposal that gives one account to somebody."""
    wanted = Wanted("full", moves=0, seconds=0.05, pins=((account.key, to),))
    return keep(
        propose_for(viewer(team, name), newest(team, name), wanted), seed=1, by=viewer(team, name), now=NOW
    )


def owner(account: Any) -> tuple[int | None, int | None]:
    row = Ownership.objects.filter(account=account, role="owner").order_by("happened_at", "pk").last()
    return (row.person_id, row.pool_id) if row else (None, None)


def low(team: Company) -> Any:
    """An account of Ben's that a pool may have: tier 3."""
    return team.of("ben")[1]


def test_a_leader_of_everybody_sees_the_pool_among_the_books_and_the_loads_of_its_members(team):
    rows = {each.key: each for each in books(viewer(team, "lena"), newest(team))}
    chidi, pool = rows["chidi"], rows[DIGITAL]

    assert pool.name == "Pool Digital" and pool.row.is_pool and pool.row.accounts == 1
    assert pool.row.load == pytest.approx(chidi.row.load)
    assert chidi.row.effort == pytest.approx(chidi.row.of_accounts + pool.row.of_accounts)
    assert [(each.key, each.hours) for each in chidi.beside] == [
        (DIGITAL, pytest.approx(pool.row.of_accounts))
    ]
    assert [each.key for each in pool.beside] == ["chidi"]
    shown = book(viewer(team, "lena"), newest(team), DIGITAL)
    assert shown is not None and [each.key for each in shown[1]] == [of_pool(team).key]


def test_a_member_s_load_is_the_same_whoever_looks_and_whether_they_see_the_pool(team):
    theirs = {each.key: each for each in books(viewer(team, "chidi"), newest(team, "chidi"))}
    leaders = {each.key: each for each in books(viewer(team, "lena"), newest(team))}
    PoolMember.objects.create(pool=team.pool, person=team.people["ben"], since_on=date(2024, 1, 1))
    shared = {each.key: each for each in books(viewer(team, "ben"), newest(team, "ben"))}
    all_of_it = {each.key: each for each in books(viewer(team, "lena"), newest(team))}

    assert theirs["chidi"].row.load == pytest.approx(leaders["chidi"].row.load)
    assert list(shared) == ["ben"] and shared["ben"].beside[0].key == ""
    assert shared["ben"].row.load == pytest.approx(all_of_it["ben"].row.load)
    assert shared["ben"].row.load > leaders["ben"].row.load


def test_who_has_left_the_pool_carries_nothing_of_it_and_an_empty_one_keeps_nothing(team):
    PoolMember.objects.update(until_on=company.AS_OF)
    found = gathered(viewer(team, "lena"), newest(team))
    pool = next(each for each in found.books.holders if each.is_pool)

    assert pool.leaves and pool.hours == 0 and not pool.members
    listed = {each.key: each for each in books(viewer(team, "lena"), newest(team))}
    assert listed["chidi"].beside == () and DIGITAL in listed


def test_an_account_goes_to_a_pool_as_history_and_comes_back_within_the_day(team):
    account, ben = low(team), team.people["ben"].pk
    number = made(team, account, DIGITAL)
    (row,) = moves(viewer(team, "lena"), number)
    assert (row.giver_key, row.receiver_key, row.receiver_name) == ("ben", DIGITAL, "Pool Digital")
    assert proposal(viewer(team, "lena"), number).asked["pools"] == [team.pool.pk]

    assert approve(number, by=viewer(team, "lena"), now=LATER).gone == 1
    assert owner(account) == (None, team.pool.pk)
    assert Ownership.objects.filter(account=account).latest("pk").reason == "it was placed by hand"
    assert AuditEntry.objects.filter(what="proposal.approved").count() == 1
    assert undo(number, by=viewer(team, "lena"), now=LATER + timedelta(hours=2)).gone == 1
    assert owner(account) == (ben, None)


def test_an_account_comes_out_of_a_pool_and_one_that_moved_on_is_left_alone(team):
    account, ben = of_pool(team), team.people["ben"]
    wanted = Wanted("one", account=account.key, seconds=0.05, pins=((account.key, "ben"),))
    found = propose_for(viewer(team, "lena"), newest(team), wanted)
    assert found.answer.broken.unassigned == (account.pk,), "tier 4 is not served by name"

    number = made(team, low(team), DIGITAL)
    move_by_hand(number, account.pk, (ben.pk, None), by=viewer(team, "lena"), now=NOW)
    row = ProposalMove.objects.get(account=account)
    assert (row.giver_id, row.giver_pool_id, row.receiver_id) == (None, team.pool.pk, ben.pk)
    told = by_hand(viewer(team, "lena"), number)
    assert any(each.startswith("Which role serves which tier") for each in told.breaks)
    Ownership.objects.create(
        account=account, person=team.people["chidi"], source="evenbook", **company.known(LATER)
    )

    done = approve(number, by=viewer(team, "lena"), now=LATER + timedelta(minutes=5))
    assert (done.gone, done.skipped) == (1, (account.key,))


def test_a_change_by_hand_to_a_pool_is_priced_at_once_kept_and_taken_out(team):
    account, other = low(team), team.of("ben")[3]
    number, lena = made(team, account, "chidi"), viewer(team, "lena")
    before = {each["csm"]: each for each in by_hand(lena, number).books}
    told = {each["csm"]: each for each in by_hand(lena, number, other.key, DIGITAL).books}

    assert told[DIGITAL]["accounts"] == before[DIGITAL]["accounts"] + 1
    assert told["chidi"]["effort_hours"] > before["chidi"]["effort_hours"]
    assert told["chidi"]["own_hours"] == before["chidi"]["own_hours"]
    assert told[DIGITAL]["load_percent"] == told["chidi"]["load_percent"]
    move_by_hand(number, other.pk, (None, team.pool.pk), by=lena, now=NOW)
    assert ProposalMove.objects.get(account=other).receiver_pool_id == team.pool.pk
    assert {each["csm"]: each for each in by_hand(lena, number).books} == told
    move_by_hand(number, other.pk, (team.people["ben"].pk, None), by=lena, now=NOW)
    assert not ProposalMove.objects.filter(account=other).exists()
    with pytest.raises(ProposalRefused):
        move_by_hand(number, other.pk, (None, 987654), by=lena, now=NOW)


def test_who_does_not_lead_everybody_in_a_pool_moves_nothing_into_it(team):
    amara = team.users["amara"]
    PoolMember.objects.update(person=team.people["ben"])
    number = made(team, low(team), DIGITAL, "amara")
    assert proposal(viewer(team, "amara"), number).may_decide

    PoolMember.objects.create(pool=team.pool, person=team.people["chidi"], since_on=date(2024, 1, 1))
    with pytest.raises(ProposalNotYours):
        approve(number, by=viewer(team, "amara"), now=LATER)
    assert owner(low(team)) == (team.people["ben"].pk, None)
    found = gathered(viewer(team, "amara"), newest(team, "amara"))
    assert amara.role == "leader" and not any(each.is_pool for each in found.books.holders)
    with pytest.raises(AskedWrong):
        made(team, low(team), DIGITAL, "amara")


def test_an_exception_may_be_about_a_pool(team):
    found = propose_for(viewer(team, "lena"), newest(team), Wanted("exception", person=DIGITAL, seconds=0.05))
    assert {each.account for each in found.answer.moves} <= {of_pool(team).pk}
    number = keep(found, seed=1, by=viewer(team, "lena"), now=NOW)
    asked = proposal(viewer(team, "lena"), number).asked
    assert (asked["person"], asked["pool"]) == (None, team.pool.pk)


def test_the_weeks_ahead_follow_a_move_into_a_pool(team):
    number = made(team, low(team), DIGITAL)
    found = proposed_weeks(viewer(team, "lena"), number)
    rows = {each.key: each for each in found.rows}

    assert rows["ben"].peak_after < rows["ben"].peak_before
    assert rows["chidi"].peak_after > rows["chidi"].peak_before
    assert all(each.after == pytest.approx(each.before) for each in found.covered)
