"""A hand that is raised is kept once, goes to one owner at once, and is held while the account is being saved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from tests.pages.company import NOW

from evenbook.book.actions.machines import say_machine
from evenbook.expansion.actions import raise_hand
from evenbook.expansion.actions.opening import NoSuchOpening, OpeningRefused, Wanted, open_for
from evenbook.expansion.models import Opening, OpeningEvent
from evenbook.hotsheet.models import HotRow
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of

DAY = date(2026, 3, 9)


def staff_to_expansion(team: Any, name: str = "chidi") -> None:
    by = viewer_of(team.users["olu"], surface="page")
    say_machine(team.people[name].key, "staffed", "expansion", first_on=date(2026, 1, 5), by=by, now=NOW)


def calm(team: Any) -> Any:
    """Return an account that is not on the hot sheet."""
    hot = set(HotRow.objects.values_list("account_id", flat=True))
    return next(each for each in team.accounts if each.pk not in hot)


def hot(team: Any) -> Any:
    return HotRow.objects.select_related("account").order_by("rank")[0].account


def hand(account: Any, *, now: datetime = NOW, **said: Any) -> Any:
    given = {"source": "review", "key": "review-1", "product": "Insights", "contact": "Ines Pohl"} | said
    return raise_hand(account.pk, now=now, **given)


def test_a_raised_hand_goes_at_once_to_the_one_owner_and_the_system_is_who_did_it(team):
    staff_to_expansion(team)
    account = calm(team)

    opened = hand(account)

    row = Opening.objects.get(pk=opened.id)
    assert (opened.account, opened.owner, opened.held, opened.is_new) == (
        account.key,
        "Chidi Eze",
        False,
        True,
    )
    assert (row.role, row.opened_by, row.contact) == ("review", "Evenbook", "Ines Pohl")
    assert [each.kind for each in row.events.order_by("pk")] == ["opened", "routed"]
    entry = AuditEntry.objects.get(what="opening.opened")
    assert (entry.by_name, entry.surface, entry.thing_id) == ("Evenbook", "work", str(row.pk))


def test_the_same_key_is_the_same_hand_and_another_account_under_it_is_refused(team):
    account = calm(team)
    first = hand(account)

    again = hand(account, note="Sent twice.", now=NOW + timedelta(hours=1))

    assert again == type(again)(first.id, first.account, first.owner, first.held, is_new=False)
    assert OpeningEvent.objects.filter(kind="opened").count() == 1
    with pytest.raises(OpeningRefused):
        hand(next(each for each in team.accounts if each.pk != account.pk))


def test_a_hand_on_the_hot_sheet_is_kept_routed_and_held(team):
    staff_to_expansion(team)

    opened = hand(hot(team))

    assert opened.held and opened.owner == "Chidi Eze"
    assert [each.kind for each in OpeningEvent.objects.order_by("pk")] == ["opened", "routed", "held"]


def test_where_nobody_closes_the_hand_is_kept_all_the_same(team):
    opened = hand(calm(team))

    assert opened.owner == ""
    assert "Nobody is staffed" in Opening.objects.get().routed


def test_a_hand_goes_to_the_heir_of_a_merged_account(team):
    shell, heir = team.accounts[0], team.accounts[1]
    shell.merged_into = heir
    shell.save()

    assert hand(shell).account == heir.key


@pytest.mark.parametrize(
    "said",
    [
        {"source": "fax"},
        {"wants": "everything"},
        {"key": " "},
        {"key": "k" * 201},
        {"note": "n" * 501},
        {"product": "p" * 121},
        {"contact": "c" * 201},
    ],
)
def test_a_hand_that_no_one_could_read_is_refused_and_nothing_is_kept(team, said):
    with pytest.raises(OpeningRefused):
        hand(calm(team), **said)

    assert not Opening.objects.exists() and not AuditEntry.objects.filter(what="opening.opened").exists()


def test_there_is_no_hand_at_an_account_that_is_not_there(team):
    with pytest.raises(NoSuchOpening):
        raise_hand(10**9, source="review", key="x", now=NOW)


def test_without_a_clock_the_databases_own_is_read(team):
    raise_hand(calm(team).pk, source="product", key="p-1")

    assert Opening.objects.get().opened_at.tzinfo is not None


def test_anybody_who_may_write_opens_and_stands_as_the_opener(team):
    by = viewer_of(team.users["ben"], surface="page")
    account = calm(team)

    open_for(
        account.key,
        Wanted("ticket", "support", "Insights", "They export by hand.", about="zd:1"),
        key="k",
        by=by,
        now=NOW,
    )

    row = Opening.objects.get()
    assert (row.opener_id, row.opened_by, row.about) == (team.people["ben"].pk, "Ben Adler", "zd:1")


def test_an_executive_opens_nothing_and_a_role_of_the_product_is_nobodys(team):
    account = calm(team)
    wanted = Wanted("account", "csm")
    with pytest.raises(OpeningRefused):
        open_for(account.key, wanted, key="k", by=viewer_of(team.users["edda"], surface="page"), now=NOW)
    with pytest.raises(OpeningRefused):
        open_for(
            account.key,
            Wanted("account", "review"),
            key="k",
            by=viewer_of(team.users["ben"], surface="page"),
            now=NOW,
        )


def test_the_database_itself_refuses_a_win_without_an_amount(team):
    hand(calm(team))

    with pytest.raises(IntegrityError), transaction.atomic():
        Opening.objects.update(state="won", closed_at=NOW)
