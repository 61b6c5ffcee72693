"""Announcing a handoff, changing who receives an account, calling it off: who may, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from tests.briefings.handing import FIRST, TODAY, announced, everything, of_ben, short_leave, wanted
from tests.closures.owing import NOW, viewer

from evenbook.book.models import Handover, Leave, Ownership, Person
from evenbook.book.queries import account
from evenbook.briefings.actions.announcing import HandoffOver, NoSuchHandoff, announce, call_off, redirect
from evenbook.briefings.models import Handoff
from evenbook.briefings.queries.handoffs import handoff
from evenbook.briefings.queries.plans import HandoffNotYours, HandoffRefused, plan
from evenbook.people.models import AuditEntry
from evenbook.runs.models import Happening
from evenbook.states.models import Standing


def refused(error: type[Exception] = HandoffRefused, *, by: str = "ben", **more: Any) -> str:
    """Return why a handoff is refused, having changed nothing."""
    before = everything()
    with pytest.raises(error) as told:
        announce(wanted(**more), by=viewer(by), now=NOW)
    assert everything() == before
    return str(told.value)


def test_a_departure_hands_over_every_account_and_asks_for_a_brief_of_each(team: Any) -> None:
    made = announced()

    rows = Handover.objects.order_by("account")
    assert [(row.account, row.giver.key, row.receiver.key) for row in rows] == [
        (each, "ben", "chidi") for each in team.of("ben")
    ]
    assert all((row.first_on, row.back_on, row.asks_brief) == (FIRST, None, True) for row in rows)
    assert (made.asks, made.announced_by) == ("transfer_briefs", "Ben Adler")
    assert not Leave.objects.exists()
    entry = AuditEntry.objects.get(what="handoff.announced")
    assert (entry.rows, entry.after["receiver"], entry.by_name) == (4, "chidi", "Ben Adler")
    assert set(Happening.objects.get(kind="handoff.announced").accounts) == {
        each.pk for each in team.of("ben")
    }


def test_no_account_gets_another_owner(team: Any) -> None:
    before = list(Ownership.objects.order_by("pk").values())
    announced()
    assert list(Ownership.objects.order_by("pk").values()) == before


def test_a_single_account_may_have_its_own_receiver(team: Any) -> None:
    announced(receivers={"a-00002": "amara"})
    assert {row.account.key: row.receiver.key for row in Handover.objects.all()} == {
        "a-00000": "chidi", "a-00002": "amara", "a-00004": "chidi", "a-00006": "chidi",
    }  # fmt: skip


def test_a_short_leave_asks_for_a_cover_note_and_names_the_cover(team: Any) -> None:
    made = short_leave()

    assert made.asks == "cover_note" and not Handover.objects.filter(asks_brief=True).exists()
    leave = Leave.objects.get()
    assert (leave.person.key, leave.cover.key) == ("ben", "chidi")
    assert (leave.first_on, leave.last_on) == (FIRST, FIRST + timedelta(days=6))


def test_working_days_are_those_of_the_givers_region(team: Any) -> None:
    back_on = date(2026, 4, 24)  # 17 days of the week; Good Friday and Easter Monday are none in Germany
    assert plan(viewer("ben"), wanted(reason="leave", back_on=back_on), now=NOW).days == 17
    Person.objects.filter(key="ben").update(region="DE")
    found = plan(viewer("ben"), wanted(reason="leave", back_on=back_on), now=NOW)
    assert (found.days, found.asks) == (15, "transfer_briefs")
    found = plan(viewer("ben"), wanted(reason="leave", back_on=back_on - timedelta(days=1)), now=NOW)
    assert (found.days, found.asks) == (14, "cover_note")


def test_a_leave_that_is_known_gets_its_cover_and_stays_when_the_handoff_is_called_off(team: Any) -> None:
    ben = team.people["ben"]
    known = Leave.objects.create(
        person=ben, first_on=FIRST - timedelta(days=2), last_on=FIRST + timedelta(days=90), kind="parental",
        happened_at=NOW, known_at=NOW,
    )  # fmt: skip
    made = announced(reason="leave", back_on=FIRST + timedelta(days=60))
    known.refresh_from_db()
    assert known.cover == team.people["chidi"] and known.last_on == FIRST + timedelta(days=90)

    call_off(made.pk, by=viewer("ben"), now=NOW)
    assert Leave.objects.get() == known


@pytest.mark.parametrize("name", ["ben", "amara", "lena", "olu"])
def test_the_giver_who_leads_them_and_operations_may_announce(team: Any, name: str) -> None:
    assert announced(name).announced_by == team.users[name].name


@pytest.mark.parametrize("name", ["chidi", "edda", "rea"])
def test_nobody_else_may(team: Any, name: str) -> None:
    assert "The book of Ben Adler is not yours to hand over" in refused(HandoffNotYours, by=name)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"receiver": "ben"}, "Nobody hands accounts over to themselves"),
        ({"receiver": ""}, "Nobody is named"),
        ({"receiver": "nobody"}, "There is nobody 'nobody'"),
        ({"receiver": "a\x00b"}, "There is nobody"),
        ({"giver": "<b>" + "x" * 500}, "There is nobody '<b>"),
        ({"receivers": {"a-00001": "amara"}}, "Ben Adler does not own the account 'a-00001'"),
        ({"receivers": {"a-00000": "ben"}}, "Nobody hands accounts over to themselves"),
        ({"first_on": TODAY - timedelta(days=1)}, "is past"),
        ({"reason": "leave", "back_on": FIRST}, "is not after the first day away"),
        ({"giver": "chidi", "receiver": "ben"}, "not yours to hand over"),
    ],
)
def test_bad_input_is_refused_in_a_sentence_and_changes_nothing(
    team: Any, more: dict[str, Any], said: str
) -> None:
    assert said in refused((HandoffRefused, HandoffNotYours), **more)  # type: ignore[arg-type]


def test_a_receiver_who_is_away_or_gone_on_the_day_is_refused(team: Any) -> None:
    chidi = team.people["chidi"]
    leave = Leave.objects.create(
        person=chidi,
        first_on=FIRST - timedelta(days=3),
        last_on=FIRST,
        kind="leave",
        happened_at=NOW,
        known_at=NOW,
    )
    assert "Chidi Eze is away on 1 Apr 2026, until 1 Apr 2026" in refused()
    leave.delete()
    Person.objects.filter(key="chidi").update(left_on=FIRST - timedelta(days=1))
    assert "Chidi Eze is no longer here on 1 Apr 2026" in refused()


def test_a_giver_who_left_and_an_empty_book_are_refused(team: Any) -> None:
    assert "Amara Okafor owns no account" in refused(by="amara", giver="amara")
    Person.objects.filter(key="ben").update(left_on=TODAY - timedelta(days=400))
    assert "Ben Adler left on 2 Feb 2025" in refused(by="amara")


def test_a_churned_account_is_not_handed_over(team: Any) -> None:
    Standing.objects.filter(account=of_ben(team)).update(state="churned")
    announced()
    assert not Handover.objects.filter(account=of_ben(team)).exists() and Handover.objects.count() == 3


def test_two_handoffs_at_once_are_refused_until_the_first_is_called_off(team: Any) -> None:
    made = short_leave()
    assert "A handoff of Ben Adler from 1 Apr 2026 is announced already" in refused()
    assert "announced already" in refused(first_on=FIRST + timedelta(days=6))
    after = announced(first_on=FIRST + timedelta(days=7))
    call_off(made.pk, by=viewer("ben"), now=NOW)
    call_off(after.pk, by=viewer("ben"), now=NOW)
    assert announced().pk


def test_calling_off_takes_the_leave_and_the_handovers_back_and_twice_does_no_harm(team: Any) -> None:
    made = short_leave(by="amara")
    call_off(made.pk, by=viewer("amara"), now=NOW)

    made.refresh_from_db()
    assert (made.called_off_at, made.called_off_by) == (NOW, "Amara Okafor")
    assert not Leave.objects.filter(withdrawn_at=None).exists()
    assert not Handover.objects.filter(called_off_at=None).exists()
    assert Happening.objects.filter(kind="handoff.called-off").count() == 1
    before = everything()
    call_off(made.pk, by=viewer("amara"), now=NOW + timedelta(days=1))
    assert everything() == before


def test_a_leave_that_has_begun_ends_the_day_before_it_is_called_off(team: Any) -> None:
    made = short_leave()
    call_off(made.pk, by=viewer("ben"), now=NOW + timedelta(days=25))
    assert Leave.objects.get(withdrawn_at=None).last_on == TODAY + timedelta(days=24)


@pytest.mark.parametrize("name", ["chidi", "edda", "rea"])
def test_who_may_not_announce_may_neither_call_off_nor_redirect(team: Any, name: str) -> None:
    made = announced()
    before = everything()
    with pytest.raises(HandoffNotYours):
        call_off(made.pk, by=viewer(name), now=NOW)
    with pytest.raises(HandoffNotYours):
        redirect(made.pk, "a-00000", "amara", by=viewer(name), now=NOW)
    assert everything() == before


def test_an_account_may_go_to_somebody_else_until_it_is_confirmed(team: Any) -> None:
    made = announced()
    redirect(made.pk, "a-00000", "amara", by=viewer("ben"), now=NOW)
    assert Handover.objects.get(account=of_ben(team)).receiver.key == "amara"
    entry = AuditEntry.objects.get(what="handoff.redirected")
    assert (entry.before, entry.after) == ({"receiver": "chidi"}, {"account": "a-00000", "receiver": "amara"})
    for receiver, error in (("ben", HandoffRefused), ("nobody", HandoffRefused)):
        with pytest.raises(error):
            redirect(made.pk, "a-00000", receiver, by=viewer("ben"), now=NOW)
    with pytest.raises(NoSuchHandoff):
        redirect(made.pk, "a-00001", "amara", by=viewer("ben"), now=NOW)
    made.accounts.update(confirmed_at=NOW)
    with pytest.raises(HandoffOver, match="has confirmed this account"):
        redirect(made.pk, "a-00000", "chidi", by=viewer("ben"), now=NOW)


def test_a_receiver_opens_the_accounts_that_are_handed_to_them_until_it_is_called_off(team: Any) -> None:
    assert account(viewer("chidi"), "a-00000") is None
    made = announced()
    assert account(viewer("chidi"), "a-00000") is not None
    call_off(made.pk, by=viewer("ben"), now=NOW)
    assert account(viewer("chidi"), "a-00000") is None


def test_a_receiver_opens_nothing_once_the_giver_owns_it_no_more_or_is_back(team: Any) -> None:
    short_leave()
    Handover.objects.update(back_on=date(2020, 1, 1))
    assert account(viewer("chidi"), "a-00000") is None
    Handover.objects.update(back_on=None)
    Ownership.objects.create(
        account=of_ben(team), person=team.people["amara"], source="crm", happened_at=NOW, known_at=NOW
    )
    assert account(viewer("chidi"), "a-00000") is None and account(viewer("chidi"), "a-00002") is not None


def test_handoffs_are_open_as_artifacts_are(team: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = announced()
    assert all(handoff(viewer(name), made.pk) for name in ("ben", "chidi", "amara", "edda", "olu", "rea"))
    from evenbook.book import access

    monkeypatch.setattr(access, "SHARED", frozenset())
    Person.objects.filter(key="amara").update(team="South")
    seen = {name for name in ("ben", "chidi", "lena", "edda", "olu") if handoff(viewer(name), made.pk)}
    assert seen == {"ben", "chidi", "lena", "edda", "olu"}
    Handover.objects.update(receiver=team.people["amara"])
    Handoff.objects.update(receiver=team.people["amara"])
    assert handoff(viewer("chidi"), made.pk) is None
