"""An opening moves to yes or no: what follows what, what is refused, what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.expansion.test_opening import calm, hand, hot, staff_to_expansion
from tests.pages.company import NOW

from evenbook.expansion.actions.opening import NoSuchOpening, OpeningRefused
from evenbook.expansion.actions.working import give, move, release
from evenbook.expansion.models import Opening, OpeningEvent
from evenbook.expansion.rules.moving import ENDS, NEXT, Move, fault_of
from evenbook.people.models import AuditEntry
from evenbook.people.queries import viewer_of

USD = ("USD", "EUR")
HOUR = timedelta(hours=1)


def viewer(team: Any, name: str) -> Any:
    return viewer_of(team.users[name], surface="page")


def moved(team: Any, number: int, to: str, *, by: str = "chidi", hours: int = 1, **said: Any) -> bool:
    return move(number, Move(to, **said), by=viewer(team, by), now=NOW + hours * HOUR)


@given(st.sampled_from(ENDS), st.sampled_from([*NEXT, *ENDS, "odd"]))
def test_an_end_is_final(state, to):
    assert fault_of(state, Move(to, 1, "USD", "Because."), is_held=False, currencies=USD)[0]


def test_what_is_won_has_an_amount_and_what_is_lost_or_dropped_a_reason():
    assert "amount" in fault_of("talks", Move("won"), is_held=False, currencies=USD)[0]
    assert "reason" in fault_of("talks", Move("lost", reason=" . "), is_held=False, currencies=USD)[0]
    assert fault_of("talks", Move("won", 0, "EUR"), is_held=False, currencies=USD) == ("", "")


@pytest.mark.parametrize(("cents", "currency"), [(-1, "USD"), (10**15, "USD"), (5, "XTS"), (5, "")])
def test_an_amount_that_cannot_be_meant_is_refused(cents, currency):
    assert fault_of("talks", Move("won", cents, currency), is_held=False, currencies=USD)[0]


def test_its_owner_takes_it_to_yes_and_every_step_is_kept_with_its_time(team):
    staff_to_expansion(team)
    number = hand(calm(team)).id

    moved(team, number, "answered")
    moved(team, number, "talks", hours=2)
    moved(team, number, "won", hours=3, amount_cents=1_200_000, currency="usd")

    row = Opening.objects.get(pk=number)
    assert (row.state, row.amount_cents, row.currency) == ("won", 1_200_000, "USD")
    assert (row.answered_at, row.closed_at) == (NOW + HOUR, NOW + 3 * HOUR)
    kinds = list(row.events.order_by("at", "pk").values_list("kind", "by"))
    assert kinds[2:] == [("answered", "Chidi Eze"), ("talks", "Chidi Eze"), ("won", "Chidi Eze")]
    assert AuditEntry.objects.filter(what__startswith="opening.").count() == 4


def test_the_same_move_twice_is_one(team):
    staff_to_expansion(team)
    number = hand(calm(team)).id

    assert moved(team, number, "answered") and not moved(team, number, "answered", hours=2)
    assert OpeningEvent.objects.filter(kind="answered").count() == 1


def test_a_held_opening_is_not_answered_but_may_be_dropped(team):
    staff_to_expansion(team)
    number = hand(hot(team)).id

    with pytest.raises(OpeningRefused):
        moved(team, number, "answered")
    assert moved(team, number, "dropped", reason="The contact left.")
    assert Opening.objects.get().answered_at is None


def test_a_leader_releases_with_a_reason_and_then_it_is_answered(team):
    staff_to_expansion(team)
    number = hand(hot(team)).id
    with pytest.raises(OpeningRefused):
        release(number, "", by=viewer(team, "lena"), now=NOW)
    with pytest.raises(OpeningRefused):
        release(number, "I want to.", by=viewer(team, "chidi"), now=NOW)

    assert release(number, "They asked us to call.", by=viewer(team, "lena"), now=NOW)

    assert moved(team, number, "answered")


def test_a_colleague_neither_moves_nor_sees_it(team):
    staff_to_expansion(team)
    account = next(each for each in team.of("chidi") if each.pk != hot(team).pk)
    number = hand(account).id

    with pytest.raises(NoSuchOpening):
        moved(team, number, "answered", by="ben")
    with pytest.raises(NoSuchOpening):
        moved(team, number, "answered", by="amara")
    assert moved(team, number, "answered", by="olu")


def test_it_is_given_to_another_closer_with_a_reason(team):
    staff_to_expansion(team)
    number = hand(calm(team)).id

    assert give(number, "ben", "Ben knows them.", by=viewer(team, "lena"), now=NOW)

    assert Opening.objects.get().owner_id == team.people["ben"].pk
    with pytest.raises(OpeningRefused):
        give(number, "nobody", "Why not.", by=viewer(team, "lena"), now=NOW)
