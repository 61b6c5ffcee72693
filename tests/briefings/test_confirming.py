"""Confirming accounts one by one, taking that back, the cover note: who may, when, and how long it all took."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.briefings.handing import (
    FIRST,
    announced,
    brief_loops,
    everything,
    of_ben,
    short_leave,
    write_briefs,
)
from tests.closures.owing import NOW, owed, viewer

from evenbook.book.models import Ownership
from evenbook.briefings.actions.announcing import HandoffOver, NoSuchHandoff, call_off
from evenbook.briefings.actions.confirming import confirm, confirm_all, take_back, write_note
from evenbook.briefings.models import HandoffAccount
from evenbook.briefings.queries.handoffs import handoff, handoffs, median_days, to_do
from evenbook.briefings.queries.passing import PassingWanted, passed, passing
from evenbook.briefings.queries.plans import HandoffNotYours, HandoffRefused
from evenbook.people.models import AuditEntry
from evenbook.runs.models import Run
from evenbook.runs.queries import week

NOTE = "Chidi covers; the renewal of Northwind is on the third, and nothing else is open."


def refused(error: type[Exception], number: int, account: str = "a-00000", *, by: str = "chidi") -> str:
    before = everything()
    with pytest.raises(error) as told:
        confirm(number, account, by=viewer(by), now=NOW)
    assert everything() == before
    return str(told.value)


def standings(number: int, by: str = "chidi") -> dict[str, str]:
    shown = handoff(viewer(by), number)
    assert shown is not None
    rows = passed(viewer(by), week(viewer(by)), shown, passing(viewer(by), shown, PassingWanted()), now=NOW)
    return {row.of.account_key: row.standing for row in rows}


def test_an_account_is_confirmed_once_its_brief_is_written(team: Any) -> None:
    made = announced()
    assert "The transfer brief of Northwind Foods is not written yet." in refused(HandoffRefused, made.pk)
    loops = brief_loops(made)
    assert "it is due on 31 Mar 2026" in refused(HandoffRefused, made.pk)
    assert set(standings(made.pk).values()) == {"waits"}
    for loop in loops:
        loop.delete()
    write_briefs(made)

    assert set(standings(made.pk).values()) == {"ready"}
    assert confirm(made.pk, "a-00000", by=viewer("chidi"), now=NOW) is True
    row = HandoffAccount.objects.get(handover__account=of_ben(team))
    assert (row.confirmed_at, row.confirmed_by) == (NOW, "Chidi Eze")
    assert standings(made.pk)["a-00000"] == "confirmed"


def test_confirming_twice_changes_nothing(team: Any) -> None:
    made = announced()
    write_briefs(made)
    confirm(made.pk, "a-00000", by=viewer("chidi"), now=NOW)
    before = everything()
    assert confirm(made.pk, "a-00000", by=viewer("chidi"), now=NOW + timedelta(days=1)) is False
    assert everything() == before


def test_where_a_run_opened_no_loop_nothing_is_waited_for(team: Any) -> None:
    made = announced()
    Run.objects.update(ended_at=NOW + timedelta(hours=1))
    assert set(standings(made.pk).values()) == {"ready"}


def test_a_waived_brief_is_not_waited_for(team: Any) -> None:
    made = announced()
    loop = next(each for each in brief_loops(made) if each.account == of_ben(team))
    loop.waived_at, loop.waiver = NOW, "overloaded"
    loop.save()
    assert standings(made.pk)["a-00000"] == "ready"


@pytest.mark.parametrize("name", ["ben", "amara", "lena", "olu", "edda", "rea"])
def test_nobody_confirms_for_somebody_else(team: Any, name: str) -> None:
    made = announced()
    write_briefs(made)
    assert "Chidi Eze receives Northwind Foods, and nobody confirms it for them" in refused(
        HandoffNotYours, made.pk, by=name
    )
    with pytest.raises(HandoffNotYours):
        take_back(made.pk, "a-00000", by=viewer(name), now=NOW)


def test_what_is_not_there_can_not_be_confirmed(team: Any) -> None:
    made = announced()
    assert "is not in this handoff" in refused(NoSuchHandoff, made.pk, "a-00001")
    assert "is not in this handoff" in refused(NoSuchHandoff, made.pk, "a\x00")
    assert "There is no handoff 987654" in refused(NoSuchHandoff, 987654)
    call_off(made.pk, by=viewer("ben"), now=NOW)
    assert "This handoff was called off on 9 Mar 2026 by Ben Adler" in refused(HandoffOver, made.pk)


def test_an_account_that_changed_hands_in_between_is_not_confirmed(team: Any) -> None:
    made = announced()
    write_briefs(made)
    account = of_ben(team)
    Ownership.objects.create(
        account=account, person=team.people["amara"], source="crm", happened_at=NOW, known_at=NOW
    )
    assert "Northwind Foods is with Amara Okafor now" in refused(HandoffRefused, made.pk)
    Ownership.objects.create(
        account=account, person=team.people["chidi"], source="crm", happened_at=NOW, known_at=NOW
    )
    assert confirm(made.pk, account.key, by=viewer("chidi"), now=NOW) is True


def test_a_confirmation_can_be_taken_back(team: Any) -> None:
    made = announced()
    write_briefs(made)
    confirm(made.pk, "a-00000", by=viewer("chidi"), now=NOW)
    take_back(made.pk, "a-00000", by=viewer("chidi"), now=NOW)
    assert standings(made.pk)["a-00000"] == "ready"
    assert AuditEntry.objects.filter(what="handoff.confirmation-taken-back").count() == 1
    before = everything()
    take_back(made.pk, "a-00000", by=viewer("chidi"), now=NOW)
    assert everything() == before


def test_handoff_days_run_from_the_announcement_to_the_last_confirmation(team: Any) -> None:
    made = announced()
    write_briefs(made)
    keys = [each.key for each in team.of("ben")]
    for place, key in enumerate(keys):
        shown = handoff(viewer("ben"), made.pk)
        assert shown is not None and (shown.confirmed, shown.days, shown.state) == (place, None, "under_way")
        confirm(made.pk, key, by=viewer("chidi"), now=NOW + timedelta(days=3 * place))

    shown = handoff(viewer("ben"), made.pk)
    assert shown is not None and (shown.confirmed, shown.days, shown.state) == (4, 9, "done")
    assert median_days(viewer("ben")) == 9
    assert to_do(viewer("chidi"), team.people["chidi"].pk) == ()


def test_the_median_is_of_those_that_are_done_and_not_called_off(team: Any) -> None:
    assert median_days(viewer("ben")) is None
    for days, place in ((4, 0), (10, 40), (5, 80)):
        first_on = NOW.date() + timedelta(days=place)
        made = short_leave(first_on=first_on)
        made.accounts.update(confirmed_at=NOW + timedelta(days=days))
    assert median_days(viewer("ben")) == 5
    call_off(made.pk, by=viewer("ben"), now=NOW)
    assert median_days(viewer("ben")) == 7
    assert [each.state for each in handoffs(viewer("ben"))] == ["done", "done", "called_off"]


def test_a_cover_note_is_written_by_the_giver_and_confirmed_at_once(team: Any) -> None:
    made = short_leave()
    ben, chidi = team.people["ben"], team.people["chidi"]
    assert [(each.is_note, each.accounts) for each in to_do(viewer("ben"), ben.pk)] == [(True, 0)]
    assert [(each.is_note, each.accounts) for each in to_do(viewer("chidi"), chidi.pk)] == [(False, 4)]
    with pytest.raises(HandoffRefused, match="The cover note is not written yet"):
        confirm_all(made.pk, by=viewer("chidi"), now=NOW)

    write_note(made.pk, NOTE, by=viewer("ben"), now=NOW)
    assert to_do(viewer("ben"), ben.pk) == ()
    assert confirm_all(made.pk, by=viewer("chidi"), now=NOW) == 4
    assert confirm_all(made.pk, by=viewer("chidi"), now=NOW) == 0
    shown = handoff(viewer("ben"), made.pk)
    assert shown is not None and shown.state == "done" and shown.note == NOTE


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("   ", "says nothing"),
        ("n/a", "says nothing"),
        ("word " * 20, "says nothing"),
        ("Chidi covers me", "has 3 words; at least 8"),
        ("x" * 100_000, "has 100,000 characters"),
    ],
)
def test_a_cover_note_that_says_nothing_is_refused(team: Any, text: str, said: str) -> None:
    made = short_leave()
    before = everything()
    with pytest.raises(HandoffRefused) as told:
        write_note(made.pk, text, by=viewer("ben"), now=NOW)
    assert said in str(told.value) and everything() == before


def test_each_kind_of_handoff_is_confirmed_in_its_own_way(team: Any) -> None:
    made = announced()
    with pytest.raises(HandoffRefused, match="account by account"):
        confirm_all(made.pk, by=viewer("chidi"), now=NOW)
    with pytest.raises(HandoffNotYours, match="You receive no account"):
        confirm_all(made.pk, by=viewer("lena"), now=NOW)
    with pytest.raises(HandoffRefused, match="asks for transfer briefs"):
        write_note(made.pk, NOTE, by=viewer("ben"), now=NOW)
    with pytest.raises(HandoffNotYours):
        write_note(made.pk, NOTE, by=viewer("chidi"), now=NOW)


def test_a_leave_that_was_known_before_has_its_loops_and_these_ask_for_the_briefs(team: Any) -> None:
    account = of_ben(team)
    loop = owed(
        account,
        by=team.people["ben"],
        kind="change_of_owner",
        event=f"{account.key}:2026-04-01",
        due_on=FIRST - timedelta(days=1),
    )
    loop.opened_at = NOW - timedelta(days=9)
    loop.save()
    made = announced()
    Run.objects.update(ended_at=NOW + timedelta(hours=1))
    assert "it is due on 31 Mar 2026" in refused(HandoffRefused, made.pk)
    assert standings(made.pk)["a-00002"] == "ready"
