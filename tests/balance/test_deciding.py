"""Keeping, approving, undoing and changing proposals: who may, what is written, what stays as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.pages import company
from tests.pages.company import NOW, Company

from evenbook.balance.actions.locks import lock, unlock
from evenbook.balance.actions.proposals import (
    ProposalGone,
    ProposalNotYours,
    ProposalRefused,
    approve,
    drop,
    keep,
    move_by_hand,
    undo,
)
from evenbook.balance.models import AccountLock, Proposal, ProposalMove
from evenbook.balance.queries import pricing
from evenbook.balance.queries.asking import Wanted, propose_for
from evenbook.balance.queries.books import books_now
from evenbook.balance.queries.gathering import gathered
from evenbook.balance.queries.pricing import by_hand
from evenbook.balance.queries.proposals import moves, proposal, proposals
from evenbook.balance.rules.asking import AskedWrong
from evenbook.balance.rules.books import ESCALATION, LOCK
from evenbook.book.actions.histories import Owned, own
from evenbook.book.actions.writing import Written
from evenbook.book.models import Ownership
from evenbook.capacity.models import AccountWeek
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of
from evenbook.people.viewer import Viewer
from evenbook.records.models import Ticket
from evenbook.runs.models import Happening, Run
from evenbook.runs.queries import Week, week

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def team(db: None) -> Company:
    pricing.BOOKS.clear()  # every test begins with the same numbers and instants
    return company.build(12)


def viewer(team: Company, name: str) -> Viewer:
    return viewer_of(team.users[name], surface="page")


def newest(team: Company, name: str = "lena") -> Week:
    found = week(viewer(team, name))
    assert found is not None
    return found


def made(team: Company, name: str = "lena", **asked: object) -> int:
    """Keep a proposal that gives one of Ben's accounts to Chidi."""
    given = team.of("ben")[0]
    wanted = Wanted("full", moves=0, seconds=0.05, pins=((given.key, "chidi"),), **asked)  # type: ignore[arg-type]
    found = propose_for(viewer(team, name), newest(team, name), wanted)
    return keep(found, seed=1, by=viewer(team, name), now=NOW)


def owner(account: object) -> int | None:
    row = Ownership.objects.filter(account=account, role="owner").order_by("happened_at", "pk").last()
    return row.person_id if row else None


def test_a_proposal_is_kept_with_its_moves_and_said_in_the_trail(team):
    number = made(team)

    row = proposal(viewer(team, "lena"), number)
    assert row is not None and row.is_open and row.may_decide
    listed = moves(viewer(team, "lena"), number)
    assert [(each.account_id, each.giver_key, each.receiver_key, each.reason) for each in listed] == [
        (team.of("ben")[0].pk, "ben", "chidi", "by_hand")
    ]
    assert AuditEntry.objects.filter(what="proposal.made").count() == 1


def test_approval_changes_the_owner_as_history_and_marks_what_went(team):
    number, account, before = made(team), team.of("ben")[0], Ownership.objects.count()
    done = approve(number, by=viewer(team, "lena"), now=LATER, note="Chidi knows them.")

    assert (done.gone, done.skipped) == (1, ())
    assert owner(account) == team.people["chidi"].pk
    assert Ownership.objects.count() == before + 1
    row = Ownership.objects.get(account=account, source="evenbook")
    assert (row.happened_at, row.known_at, row.assumed) == (LATER, LATER, False)
    assert row.reason == "it was placed by hand"
    assert ProposalMove.objects.get(proposal=number).applied_at == LATER
    assert Happening.objects.get(kind="owners.changed").accounts == [account.pk]
    entry = AuditEntry.objects.get(what="proposal.approved")
    assert entry.after == {"accounts": [account.key], "note": "Chidi knows them."} and entry.rows == 1
    with pytest.raises(ProposalRefused):
        approve(number, by=viewer(team, "lena"), now=LATER)


def test_what_somebody_moved_in_the_meantime_stays_and_is_named(team):
    number, account = made(team), team.of("ben")[0]
    Ownership.objects.create(
        account=account, role="owner", person=team.people["amara"], source="crm",
        happened_at=NOW, known_at=NOW,
    )  # fmt: skip
    done = approve(number, by=viewer(team, "lena"), now=LATER)

    assert (done.gone, done.skipped) == (0, (account.key,))
    assert owner(account) == team.people["amara"].pk


def test_undoing_within_a_day_gives_back_and_later_is_refused(team):
    number, account = made(team), team.of("ben")[0]
    approve(number, by=viewer(team, "lena"), now=NOW)
    with pytest.raises(ProposalRefused, match="24 hours"):
        undo(number, by=viewer(team, "lena"), now=NOW + timedelta(hours=25))
    done = undo(number, by=viewer(team, "lena"), now=NOW + timedelta(hours=2))

    assert done.gone == 1
    assert owner(account) == team.people["ben"].pk
    assert Proposal.objects.get(pk=number).state == "undone"
    with pytest.raises(ProposalRefused):
        undo(number, by=viewer(team, "lena"), now=NOW + timedelta(hours=2))


def test_some_of_the_moves_can_be_approved_and_none_is_refused(team):
    ben = team.of("ben")
    wanted = Wanted("full", moves=0, seconds=0.05, pins=tuple((each.key, "chidi") for each in ben[:2]))
    found = propose_for(viewer(team, "olu"), newest(team, "olu"), wanted)
    number = keep(found, seed=1, by=viewer(team, "olu"), now=NOW)
    with pytest.raises(ProposalRefused):
        approve(number, by=viewer(team, "olu"), now=LATER, accounts=[])
    approve(number, by=viewer(team, "olu"), now=LATER, accounts=[ben[0].pk])

    assert owner(ben[0]) == team.people["chidi"].pk
    assert owner(ben[1]) == team.people["ben"].pk


@pytest.mark.parametrize("name", ["ben", "chidi", "edda", "rea", "amara"])
def test_who_does_not_lead_everybody_concerned_decides_nothing(team, name):
    number = made(team)
    for does in (
        lambda by: approve(number, by=by, now=LATER),
        lambda by: drop(number, by=by, now=LATER, note="no"),
        lambda by: move_by_hand(
            number, team.of("ben")[0].pk, (team.people["ben"].pk, None), by=by, now=LATER
        ),
    ):
        with pytest.raises(ProposalNotYours):
            does(viewer(team, name))
    assert Proposal.objects.get(pk=number).state == "open"


def test_a_proposal_is_seen_by_those_who_see_everybody_in_it(team):
    number = made(team)
    seen = {name: proposal(viewer(team, name), number) is not None for name in team.users}

    assert {name for name, is_seen in seen.items() if is_seen} == {"lena", "olu", "rea"}
    assert proposals(viewer(team, "ben")) == ()


def test_a_change_by_hand_is_priced_kept_and_taken_out_again(team):
    number, account = made(team), team.of("ben")[1]
    told = by_hand(viewer(team, "lena"), number, account.key, "chidi")
    assert told is not None and told.points
    assert not ProposalMove.objects.filter(proposal=number, account=account).exists(), "a price keeps nothing"
    lena = viewer(team, "lena")
    move_by_hand(number, account.pk, (team.people["chidi"].pk, None), by=lena, now=LATER)
    row = ProposalMove.objects.get(proposal=number, account=account)
    assert (row.giver, row.receiver, row.by_hand) == (team.people["ben"], team.people["chidi"], True)
    move_by_hand(number, account.pk, (team.people["ben"].pk, None), by=lena, now=LATER)
    assert not ProposalMove.objects.filter(proposal=number, account=account).exists()
    with pytest.raises(ProposalRefused):
        move_by_hand(number, account.pk, (987654, None), by=lena, now=LATER)
    with pytest.raises(AskedWrong):
        by_hand(lena, number, "nothing", "chidi")


def test_dropping_needs_a_reason_and_nothing_is_found_of_no_number(team):
    number = made(team)
    with pytest.raises(ProposalRefused):
        drop(number, by=viewer(team, "lena"), now=LATER, note="  ")
    drop(number, by=viewer(team, "lena"), now=LATER, note="After the renewals.")
    assert Proposal.objects.get(pk=number).note == "After the renewals."
    with pytest.raises(ProposalGone):
        approve(987654, by=viewer(team, "lena"), now=LATER)


def test_a_lock_holds_an_account_until_it_is_withdrawn(team):
    account, lena = team.of("ben")[0], viewer(team, "lena")
    number = lock(account.key, "Asked for by the customer.", by=lena, now=NOW - timedelta(days=3))
    assert lock(account.key, "Asked for by the customer.", by=lena, now=NOW) == number
    with pytest.raises(ProposalRefused):
        lock(account.key, "Another reason.", by=lena, now=NOW)
    with pytest.raises(ProposalRefused):
        lock(account.key, "", by=lena, now=NOW)
    books = gathered(lena, newest(team)).books
    assert LOCK in books.clients[books.row[account.pk]].holds
    unlock(account.key, by=lena, now=NOW - timedelta(days=2))
    unlock(account.key, by=lena, now=NOW)
    books = gathered(lena, newest(team)).books
    assert LOCK not in books.clients[books.row[account.pk]].holds
    assert AccountLock.objects.count() == 1


def test_locks_are_for_those_who_answer_for_the_account(team):
    with pytest.raises((ProposalNotYours, ProposalGone)):
        lock(team.of("ben")[0].key, "Mine.", by=viewer(team, "chidi"), now=NOW)
    lock(team.of("ben")[0].key, "They asked.", by=viewer(team, "ben"), now=NOW)


def test_an_escalation_holds_only_while_it_is_open_and_known(team):
    account, shown = team.of("ben")[0], newest(team)
    ticket = Ticket.objects.filter(account=account).first() or Ticket.objects.create(
        account=account, subject="It is down.", **company.version("t-1")
    )
    Ticket.objects.filter(pk=ticket.pk).update(escalated_at=shown.ends_at - timedelta(days=2), solved_at=None)
    books = gathered(viewer(team, "lena"), shown).books
    assert ESCALATION in books.clients[books.row[account.pk]].holds
    Ticket.objects.filter(pk=ticket.pk).update(solved_at=shown.ends_at - timedelta(days=1))
    books = gathered(viewer(team, "lena"), shown).books
    assert ESCALATION not in books.clients[books.row[account.pk]].holds


def test_later_facts_never_change_the_books_of_a_day(team):
    shown, lena = newest(team), viewer(team, "lena")
    before = gathered(lena, shown)
    late = shown.ends_at + timedelta(hours=1)
    account = team.of("ben")[0]
    lock(account.key, "Asked for by the customer.", by=lena, now=late)
    Ownership.objects.create(
        account=account,
        role="owner",
        person=team.people["chidi"],
        source="crm",
        happened_at=late,
        known_at=late,
    )
    Ticket.objects.create(
        account=account, subject="It is down.", escalated_at=late, **company.version("t-9", late)
    )
    after = gathered(lena, shown)

    assert after.books.clients == before.books.clients
    assert after.books.holders == before.books.holders


def test_the_books_of_a_viewer_are_those_of_whom_they_see(team):
    who = {name: {each["csm"] for each in books_now(viewer(team, name), newest(team))} for name in team.users}

    assert who["lena"] == who["olu"] == who["rea"]
    assert who["edda"] == set(), "executives see teams and no single person"
    assert {"ben", "chidi"} <= who["lena"]
    assert "chidi" not in who["amara"] and "ben" in who["amara"]
    assert who["ben"] == {"ben"}


def test_a_source_that_repeats_what_it_said_does_not_take_a_decision_back(team):
    account, ben, chidi = team.of("ben")[0], team.people["ben"].pk, team.people["chidi"].pk
    approve(made(team), by=viewer(team, "lena"), now=LATER)
    source = Ownership.objects.filter(account=account).exclude(source="evenbook").latest("pk").source

    def said(person: int, hours: int) -> list[bool]:
        row = Owned(account.pk, "owner", person, None, source)
        at = LATER + timedelta(hours=hours)
        return own([row], fresh=set(), rank=lambda name: 0, now=at, written=Written())

    assert said(ben, 1) == [False]
    assert owner(account) == chidi
    amara = team.people["amara"].pk
    assert said(amara, 2) == [True], "what it says anew counts"
    assert owner(account) == amara


@pytest.mark.parametrize("gone", [{"left_on": company.AS_OF - timedelta(days=9)}, {"is_person": False}])
def test_what_somebody_left_behind_goes_on_approval_and_back_to_them(team, gone):
    account = team.of("ben")[0]
    left = type(team.people["ben"]).objects.create(key="left", name="Lea Left", team="North", **gone)
    row = Ownership.objects.filter(account=account).latest("pk")
    row.person = left
    row.save()
    AccountWeek.objects.filter(account=account).update(person=left)
    wanted = Wanted("new", seconds=0.05, pins=((account.key, "ben"),))
    lena = viewer(team, "lena")
    number = keep(propose_for(lena, newest(team), wanted), seed=1, by=lena, now=NOW)

    assert [each.giver_key for each in moves(lena, number)] == ["left"]
    assert approve(number, by=lena, now=LATER).skipped == ()
    assert owner(account) == team.people["ben"].pk
    assert undo(number, by=lena, now=LATER).gone == 1 and owner(account) == left.pk


def test_nobody_by_that_name_is_refused(team):
    for wanted in (
        Wanted("exception", person="nobody"),
        Wanted("one", account="nothing"),
        Wanted("full", pins=(("nothing", "ben"),)),
    ):
        with pytest.raises(AskedWrong):
            propose_for(viewer(team, "lena"), newest(team), replace(wanted, seconds=0.05))


def test_a_week_that_is_run_again_takes_no_proposal_away(team):
    number = made(team)
    Run.objects.all().delete()

    row = proposal(viewer(team, "lena"), number)
    assert row is not None and row.as_of == company.AS_OF


def test_what_is_kept_at_hand_is_of_what_a_viewer_sees_now(team):
    number, account = made(team), team.of("ben")[1]
    assert by_hand(viewer(team, "lena"), number, account.key, "chidi") is not None
    team.users["lena"].team = team.users["ben"].team or team.users["amara"].team
    team.users["lena"].save()
    assert by_hand(viewer(team, "lena"), number, account.key, "chidi") is None


def test_a_person_past_the_limit_by_hand_is_called_by_name(team):
    number, lena = made(team), viewer(team, "lena")
    chidi = team.people["chidi"]
    for account in team.of("ben")[1:]:
        move_by_hand(number, account.pk, (chidi.pk, None), by=lena, now=LATER)
    type(chidi).objects.filter(pk=chidi.pk).update(monthly_hours=25.0)
    told = by_hand(lena, number)
    assert told is not None
    assert "What a person can sustain: Chidi Eze" in told.breaks
